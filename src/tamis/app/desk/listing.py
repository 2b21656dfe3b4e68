"""The list of reports: search, facets with counts over the whole list, pages.

Facets combine: OR inside one, AND across. The counts of a facet leave its own choice aside, so
that one sees what another choice would give. What a facet counts is what the viewer may know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import ceil

import numpy as np
import numpy.typing as npt

from tamis.app.desk.columns import Column, Pairs, Singles, fixed_columns, rank_bands
from tamis.app.desk.floor import Floor, is_coordinator
from tamis.app.desk.text import Mask, Texts, fold_text, parts_of
from tamis.app.desk.views import FacetView, ListingView, RowView
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput
from tamis.domain.records import Record

__all__ = ["FACETS", "SORTS", "UNBLINDING", "Listing", "first_of"]

#: Facets in the order they are shown; the last few would unblind and are for coordinators.
FACETS = ("mine", "state", "tag", "reason", "criterion", "source", "year", "journal", "language",
          "type", "abstract", "pdf", "rank", "settled", "votes")  # fmt: skip

#: Facets that would tell of others' sealed votes, and what is said instead.
UNBLINDING = {"votes": "it would tell whether others have voted"}

#: Values of a facet that are shown; the chosen ones always are.
_SHOWN = 25

#: The longest page.
_LONGEST = 500

Viewer = tuple[str, str, bool]


@dataclass(slots=True)
class _Mine:
    """The columns of one viewer at one stage; ``regime`` is what they rest on besides votes."""

    regime: tuple[object, ...]
    singles: Mapping[str, Singles]
    here: Mask
    criteria: dict[int, tuple[str, ...]] = field(default_factory=dict)
    pairs: dict[str, Pairs] = field(default_factory=dict)


class Listing:
    """The list over one floor; told which reports were touched, it keeps its columns in step."""

    def __init__(self, floor: Floor, *, texts: Callable[[], Texts]) -> None:
        self._floor = floor
        self._texts = texts
        self._place_of: npt.NDArray[np.intp] | None = None
        self._source_of = {b.sha256[:12]: b.source for b in floor.state.batches.values()}
        self._fixed: Mapping[str, Column] | None = None
        self._mine: dict[Viewer, _Mine] = {}
        self._sorted: dict[str, npt.NDArray[np.intp]] = {}

    def prepare(self) -> None:
        """Make what is the same for everybody, so that the first person does not wait for it."""
        floor = self._floor
        if self._fixed is None:
            fixed = fixed_columns(floor.order, floor.clusters, floor.records, self._source_of)
            bands = {"rank": rank_bands(len(floor.order))} if floor.is_ranked else {}
            self._fixed = {**fixed, **bands}

    def _found(self, query: str) -> Mask | None:
        """Return which reports hold every part of a query; ``None`` when it asks for nothing."""
        parts = parts_of(query)
        if not parts:
            return None
        floor, texts = self._floor, self._texts()
        if self._place_of is None:
            places = (floor.position[floor.cluster_of[r].id] for r in texts.records)
            self._place_of = np.fromiter(places, dtype=np.intp, count=len(texts.records))
        mask = np.ones(len(floor.order), dtype=bool)
        for part in parts:
            here = np.zeros(len(floor.order), dtype=bool)
            here[self._place_of[texts.holding(part)]] = True
            mask &= here
        return mask

    def touched(self, clusters: Iterable[str]) -> None:
        """Bring the columns of every viewer up to date for these reports."""
        some = [c for c in clusters if c in self._floor.position]
        for viewer, mine in self._mine.items():
            mine.pairs.clear()
            for cluster in some:
                self._place(viewer, mine, cluster)

    def view(
        self,
        viewer: str,
        stage: str,
        *,
        query: str,
        facets: Mapping[str, Sequence[str]],
        page: int,
        per_page: int,
        roles: frozenset[str],
        sort: str = "order",
    ) -> ListingView:
        """Return one page of the list with its facets."""
        if not 1 <= per_page <= _LONGEST:
            raise BadInput(f"{per_page} lines a page", f"use 1 to {_LONGEST}")
        self.prepare()
        who = viewer, stage, is_coordinator(roles)
        columns, here = self._columns(who)
        chosen = {name: tuple(values) for name, values in facets.items() if values}
        for name in chosen:
            if name not in columns:  # of ``votes`` too, to whom it is not open
                raise BadInput(
                    f"the list cannot be narrowed by {name!r}", f"use {', '.join(columns)}"
                )
        found = self._found(query)
        base = here if found is None else here & found
        masks = {name: columns[name].mask(values) for name, values in chosen.items()}
        shown = _all(base, masks.values())
        ranked = self._ranked(sort)
        places = ranked[shown[ranked]]
        pages = max(1, ceil(len(places) / per_page))
        page = min(max(1, page), pages)
        some = places[(page - 1) * per_page : page * per_page]
        return ListingView(
            rows=tuple(self._row(who, roles, int(at)) for at in some),
            facets=tuple(_facets(columns, chosen, masks, base)),
            page=page,
            pages=pages,
            found=len(places),
            total=int(here.sum()),
        )

    def counts(
        self, viewer: str, stage: str, name: str, roles: frozenset[str]
    ) -> Mapping[str, int]:
        """Return the counts of one facet over the whole stage, as the viewer may know them."""
        self.prepare()
        columns, here = self._columns((viewer, stage, is_coordinator(roles)))
        return columns[name].count(here) if name in columns else {}

    def _ranked(self, sort: str) -> npt.NDArray[np.intp]:
        """Return the places of all reports in one of ``SORTS``."""
        key = SORTS.get(sort)
        if key is None:
            raise BadInput(f"the list cannot be sorted by {sort!r}", f"use {', '.join(SORTS)}")
        known = self._sorted.get(sort)
        if known is None:
            floor = self._floor
            held = [
                key([floor.records[r] for r in floor.clusters[c].records if r in floor.records])
                for c in floor.order
            ]
            order = sorted(range(len(held)), key=held.__getitem__)
            known = self._sorted[sort] = np.array(order, dtype=np.intp)
        return known

    # ------------------------------------------------------------ columns
    def _columns(self, who: Viewer) -> tuple[Mapping[str, Column], Mask]:
        mine = self._mine.get(who)
        regime = self._regime(who[1])
        if mine is None or mine.regime != regime:
            mine = self._mine[who] = self._made(who, regime)
        if not mine.pairs:
            mine.pairs = {"tag": self._tags(who[0]), "criterion": self._criteria(mine)}
        columns: dict[str, Column] = {**(self._fixed or {}), **mine.singles, **mine.pairs}
        columns["pdf"] = self._documents()
        return {name: columns[name] for name in FACETS if name in columns}, mine.here

    def _documents(self) -> Singles:
        """Return the column that tells which reports have a PDF."""
        floor, size = self._floor, len(self._floor.order)
        linked = {link.report: link.records for link in floor.state.links.values()}
        column = Singles(size)
        column.fill("no")
        for document in floor.state.documents.values():
            for record in linked.get(document.report, (document.report,)):
                cluster = floor.cluster_of.get(record)
                if cluster is not None:
                    column.set(floor.position[cluster.id], "yes")
        return column

    def _regime(self, stage: str) -> tuple[object, ...]:
        notes = self._floor.notes
        closed = tuple(self._floor.is_closed(at) for at in STAGES)
        return closed, tuple(r for r in notes.rounds.values() if r.open and r.stage == stage)

    def _made(self, who: Viewer, regime: tuple[object, ...]) -> _Mine:
        _, stage, coordinates = who
        floor, size = self._floor, len(self._floor.order)
        names = ["mine", "state", "reason", "settled", *(["votes"] if coordinates else [])]
        here = np.zeros(size, dtype=bool)
        mine = _Mine(regime=regime, singles={n: Singles(size) for n in names}, here=here)
        some: Iterable[str] = floor.running.reached(stage)
        if stage == STAGES[0]:
            self._fill(who, mine)
            rounds = (r for r in floor.notes.rounds.values() if r.open and r.stage == stage)
            held = (c for r in rounds for c in r.clusters if c in floor.position)
            some = chain(floor.running.touched(stage), held)
        for cluster in some:
            self._place(who, mine, cluster)
        return mine

    def _fill(self, who: Viewer, mine: _Mine) -> None:
        """Fill in what holds for reports at titles on which nobody has voted."""
        viewer, _, coordinates = who
        floor = self._floor
        mine.here[:] = True
        mine.singles["mine"].fill("none")
        mine.singles["state"].fill("to-do")
        if coordinates:
            mine.singles["votes"].fill("0")
        if not floor.allocation.is_open:
            for at, cluster in enumerate(floor.order):
                if viewer not in floor.drawn(cluster):
                    mine.singles["state"].set(at, "others")

    def _place(self, who: Viewer, mine: _Mine, cluster: str) -> None:
        viewer, stage, coordinates = who
        floor, at = self._floor, self._floor.position[cluster]
        mine.here[at] = floor.at_stage(viewer, cluster, stage)
        if not mine.here[at]:
            return
        roles = frozenset({"owner"}) if coordinates else frozenset[str]()
        vote = floor.vote_of(viewer, cluster, stage)
        state = floor.seen(viewer, cluster, stage, roles=roles)
        known = floor.state_of(cluster, stage)
        shown = state == known.state
        mine.singles["mine"].set(at, vote.decision if vote else "none")
        mine.singles["state"].set(at, state)
        reason = known.reason if shown and known.reason else vote.reason if vote else ""
        mine.singles["reason"].set(at, reason)
        mine.singles["settled"].set(at, "yes" if shown and known.settled_by else "")
        if coordinates:
            mine.singles["votes"].set(at, str(known.votes))
        mine.criteria.pop(at, None)
        if vote is not None and vote.criteria:
            mine.criteria[at] = tuple(f"{c}: {answer}" for c, answer in vote.criteria)

    def _tags(self, viewer: str) -> Pairs:
        floor = self._floor
        pairs = (
            (floor.position[floor.cluster_of[tag.subject].id], tag.word)
            for tag in floor.notes.every_tag()
            if tag.subject in floor.cluster_of and floor.may_see(viewer, tag)
        )
        return Pairs(len(floor.order), pairs)

    def _criteria(self, mine: _Mine) -> Pairs:
        pairs = ((at, answer) for at, told in mine.criteria.items() for answer in told)
        return Pairs(len(self._floor.order), pairs)

    # ------------------------------------------------------------ rows
    def _row(self, who: Viewer, roles: frozenset[str], at: int) -> RowView:
        viewer, stage, _ = who
        floor, cluster = self._floor, self._floor.order[at]
        members = [floor.records[r] for r in floor.clusters[cluster].records if r in floor.records]
        vote = floor.vote_of(viewer, cluster, stage)
        state = floor.seen(viewer, cluster, stage, roles=roles)
        known = floor.state_of(cluster, stage)
        return RowView(
            cluster=cluster,
            title=first_of(members, "title"),
            authors="; ".join(next((r.authors for r in members if r.authors), ())),
            year=next((r.year for r in members if r.year), None),
            journal=first_of(members, "journal"),
            state=state,
            mine=vote.decision if vote else "",
            reason=(known.reason if state == known.state else "") or (vote.reason if vote else ""),
            tags=tuple(dict.fromkeys(tag.word for tag in floor.tags(viewer, cluster))),
        )


#: Ways to sort the list: the order of the queue, or a text or number of the records.
SORTS: Mapping[str, Callable[[Sequence[Record]], tuple[bool, str | int]]] = {
    "order": lambda records: (False, 0),
    "title": lambda records: _empty_last(fold_text(first_of(records, "title"))),
    "author": lambda records: _empty_last(
        fold_text(next((r.authors[0] for r in records if r.authors), ""))
    ),
    "newest": lambda records: (False, -next((r.year for r in records if r.year), 0)),
}


def _empty_last(text: str) -> tuple[bool, str]:
    return not text, text


def first_of(records: Iterable[Record], name: str) -> str:
    """Return the first text of a field that is not empty, of several records of one report."""
    return next((text for r in records if (text := str(getattr(r, name))).strip()), "")


def _all(base: Mask, masks: Iterable[Mask]) -> Mask:
    for mask in masks:
        base = base & mask
    return base


def _facets(
    columns: Mapping[str, Column],
    chosen: Mapping[str, tuple[str, ...]],
    masks: Mapping[str, Mask],
    base: Mask,
) -> Iterable[FacetView]:
    for name in FACETS:
        if name not in columns:
            if name not in UNBLINDING:
                continue
            yield FacetView(name=name, values=(), disabled=UNBLINDING[name])
            continue
        among = _all(base, (mask for other, mask in masks.items() if other != name))
        counts = columns[name].count(among)
        ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        picked = chosen.get(name, ())
        values = [pair for at, pair in enumerate(ordered) if at < _SHOWN or pair[0] in picked]
        yield FacetView(name=name, values=tuple(values), chosen=picked)
