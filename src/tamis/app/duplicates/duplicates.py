"""Duplicates as people see and decide them: pairs in doubt, merged reports, decisions taken back.

The engine proposes and a person decides (``pair_decided``); which records are one report follows
from both, and is never stored. Decisions about pairs are nobody's secret; of verdicts only one's
own are ever named here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations, pairwise

from tamis.app.duplicates.deeds import TAKEN_BACK, Deed, Deeds, Word, drafts_of, pair_of, reason_of
from tamis.app.duplicates.own_votes import VotesOn
from tamis.app.duplicates.record_search import RecordTexts
from tamis.app.duplicates.rules import opinion
from tamis.app.duplicates.views import (
    Counts,
    Done,
    DuplicatesView,
    Found,
    Merged,
    PairView,
    RuleCount,
    TakenBack,
    fields_of,
)
from tamis.app.live import LiveReview
from tamis.dedupe import reads_of
from tamis.domain.errors import BadInput, Conflict, NotFound
from tamis.domain.events import Event
from tamis.domain.ordering import in_order
from tamis.domain.records import Cluster, PairDecision, Record

__all__ = ["Duplicates"]

Pair = tuple[str, str]

#: What may be said of a pair.
DECISIONS = ("same", "different", "unsure")

#: Pairs that one split may decide.
MOST_PAIRS = 400

#: Merged reports on a page; records that a search by hand shows.
PAGE, MOST_FOUND = 20, 50


class Duplicates:
    """The duplicates of one open review.

    Parameters
    ----------
    live
        The open review; this follows its log.
    """

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._deeds: Deeds | None = None
        self._pairs: tuple[object, Mapping[Pair, PairDecision]] | None = None
        self._waiting: tuple[tuple[int, int], tuple[Pair, ...]] | None = None
        self._overview: tuple[tuple[int, int], DuplicatesView] | None = None
        self._votes: VotesOn | None = None
        self._texts: RecordTexts | None = None
        live.watch(self)

    def took(self, events: Sequence[Event]) -> None:
        """Follow new events of the log."""
        if self._deeds is not None:
            self._deeds.take(events)
        if self._votes is not None:
            self._votes.take(event.id for event in events)

    def refolded(self) -> None:
        """Begin again: the state was made anew."""
        self._deeds = self._votes = self._waiting = self._overview = None

    # ------------------------------------------------------------ what is seen
    def overview(self) -> DuplicatesView:
        """Return the counts, and how often each rule spoke."""
        with self._live.locked():
            pairs, records, basis = self._engine(), self._live.library.records, self._basis()
            if self._overview is not None and self._overview[0] == basis:
                return self._overview[1]
            said = Counter(word.decision for word in self._log().standing())
            rules = Counter((p.decision, p.rule) for p in pairs.values())
            view = DuplicatesView(
                counts=Counts(
                    records=len(records),
                    reports=len(self._live.clusters),
                    merged=sum(len(c.records) > 1 for c in self._live.clusters.values()),
                    waiting=len(self._waits()),
                    same=said["same"],
                    different=said["different"],
                    unsure=said["unsure"],
                ),
                rules=tuple(
                    RuleCount(rule=rule, decision=decision, pairs=n, reads=reads_of(rule))
                    for (decision, rule), n in sorted(rules.items(), key=lambda r: (-r[1], r[0]))
                ),
            )
            self._overview = basis, view
            return view

    def next(self, viewer: str, *, after: Pair | None = None) -> PairView | None:
        """Return the next pair that needs a person, after one that was passed over."""
        with self._live.locked():
            found = self.following(after)
            return self.pair(viewer, *found) if found else None

    def following(self, after: Pair | None = None) -> Pair | None:
        """Return the records of the next pair that needs a person, after one that need not."""
        with self._live.locked():
            waits = self._waits()
            if not waits:
                return None
            place = waits.index(after) + 1 if after in waits else 0
            return waits[place % len(waits)]

    def needs_a_person(self, pair: Pair) -> bool:
        """Tell whether a pair waits for a decision."""
        with self._live.locked():
            return pair in self._waits()

    def pair(self, viewer: str, a: str, b: str) -> PairView:
        """Return two records side by side.

        Raises
        ------
        NotFound
            When there is no such record.
        BadInput
            When they are one record.
        """
        with self._live.locked():
            pair = pair_of(a, b)
            one, other = self._record(pair[0]), self._record(pair[1])
            waits = self._waits()
            return PairView(
                a=one,
                b=other,
                fields=fields_of(one, other),
                sources=self._sources(pair),
                engine=opinion(self._engine().get(pair)),
                person=self._log().of(pair),
                newest=self._log().newest(pair),
                together=self._together(pair),
                place=waits.index(pair) + 1 if pair in waits else 0,
                waiting=len(waits),
                mine=self._own_votes(viewer, pair),
            )

    def merged(self, query: str = "", *, page: int = 1) -> tuple[tuple[Merged, ...], int, int]:
        """Return a page of the reports with several records, its number, and the last page's."""
        with self._live.locked():
            many = [c for c in self._live.clusters.values() if len(c.records) > 1]
            found = [c for c in many if self._search().any_holds(c.records, query)]
            last = max(-(-len(found) // PAGE), 1)
            page = min(max(page, 1), last)
            shown = found[(page - 1) * PAGE : page * PAGE]
            return tuple(self._merged(c) for c in shown), page, last

    def search(self, query: str) -> tuple[Found, ...]:
        """Return records whose title, authors, year, journal, DOI or PMID hold every word."""
        with self._live.locked():
            records = self._live.library.records
            return tuple(
                Found(
                    record=records[name],
                    source=self._source(name),
                    cluster=self._live.cluster_of[name].id,
                    others=len(self._live.cluster_of[name].records) - 1,
                )
                for name in self._search().find(query)[:MOST_FOUND]
            )

    def history(self) -> tuple[tuple[Deed, bool], ...]:
        """Return what people decided, the newest first, and whether it was taken back."""
        with self._live.locked():
            log = self._log()
            undone = log.undone()
            return tuple((d, any(w.event in undone for w in d.words)) for d in log.all())

    def titles(self, deeds: Iterable[Deed]) -> Mapping[str, str]:
        """Return the titles of the records of deeds, by record id."""
        with self._live.locked():
            records = self._live.library.records
            names = {name for deed in deeds for word in deed.words for name in word.pair}
            return {name: records[name].title for name in names if name in records}

    # ------------------------------------------------------------ what is done
    def decide(
        self,
        person: str,
        a: str,
        b: str,
        decision: str,
        *,
        reason: str = "",
        seen: str | None = None,
    ) -> Done:
        """Record what a person says of two records.

        Parameters
        ----------
        seen
            The event of the decision that stood when the person looked (empty: none did);
            ``None`` does not ask.

        Raises
        ------
        BadInput
            For a word that is no decision, or a reason that only an undo may have.
        Conflict
            When somebody decided the pair in between.
        """
        if decision not in DECISIONS:
            raise BadInput(f"{decision!r} is no decision about a pair", "use same, different or"
                           " unsure")  # fmt: skip
        with self._live.locked():
            pair = pair_of(a, b)
            for name in pair:
                self._record(name)
            if seen is not None and seen != self._log().newest(pair):
                raise Conflict("somebody decided this pair in the meantime", "look at it again")
            near = {n for name in pair for n in self._live.cluster_of[name].records}
            self._write(person, [(pair, decision, reason_of(reason))])
            return self._done(pair, near)

    def split(
        self, person: str, cluster_id: str, records: Sequence[str], *, reason: str = ""
    ) -> int:
        """Say that some records of a report are another report; return how many pairs it took.

        What held a side together may have been a record of the other side: neighbours that nothing
        else calls the same are then called so, too.

        Raises
        ------
        NotFound
            When there is no such report.
        BadInput
            When none or all of its records are named, or more pairs than ``MOST_PAIRS``.
        """
        with self._live.locked():
            found = self._cluster(cluster_id)
            out = [name for name in found.records if name in set(records)]
            stay = [name for name in found.records if name not in set(out)]
            if not out or not stay or len(out) != len(set(records)):
                raise BadInput(
                    "a split takes some of a report's records and leaves the others",
                    "choose at least one record, and not all of them",
                )
            if len(out) * len(stay) > MOST_PAIRS:
                raise BadInput(
                    f"this would decide {len(out) * len(stay)} pairs at once",
                    "split off fewer records",
                )
            why = reason_of(reason)
            said = [(pair_of(a, b), "different", why) for a in out for b in stay]
            said += [(pair, "same", why) for side in (out, stay) for pair in self._loose(side)]
            self._write(person, said)
            return len(said)

    def undo(self, person: str) -> TakenBack | None:
        """Take back a person's last deed: each pair gets the word that stood before; ``None``: no.

        A pair that nobody had judged gets the engine's word again, or ``unsure`` where the engine
        was silent or in doubt: the pair then waits as it did.

        Raises
        ------
        Conflict
            When somebody else judged one of the pairs since.
        """
        with self._live.locked():
            log = self._log()
            deed = log.last_of(person)
            if deed is None:
                return None
            if any(log.of(word.pair) != word for word in deed.words):
                raise Conflict(
                    "this pair was decided again since", "decide it again under 'Decided'"
                )
            said = [
                (word.pair, self._earlier(word), TAKEN_BACK + word.event) for word in deed.words
            ]
            self._write(person, said)
            return TakenBack(pairs=tuple(word.pair for word in deed.words))

    # ------------------------------------------------------------ within
    def _write(self, person: str, said: Iterable[tuple[Pair, str, str]]) -> None:
        self._live.record(drafts_of(person, said, at=self._live.review.clock.now()))

    def _earlier(self, word: Word) -> str:
        before = self._log().before(word)
        if before is not None:
            return before.decision
        engine = self._engine().get(word.pair)
        return engine.decision if engine else "unsure"

    def _loose(self, side: Sequence[str]) -> list[Pair]:
        """Return the neighbours in one part of a report that neither rule nor person joined."""
        engine, log = self._engine(), self._log()
        found = []
        for pair in pairwise(side):
            word, said = log.of(pair), engine.get(pair)
            stands = word or said
            if stands is None or stands.decision != "same":
                found.append(pair)
        return found

    def _log(self) -> Deeds:
        if self._deeds is None:
            self._deeds = Deeds()
            if self._live.state.pairs:  # else nobody decided any, and reading the log is long
                self._deeds.take(in_order(self._live.review.events()))
        return self._deeds

    def _engine(self) -> Mapping[Pair, PairDecision]:
        found = self._live.pairs
        if self._pairs is None or self._pairs[0] is not found:
            self._pairs = found, {(p.a, p.b): p for p in found}
        return self._pairs[1]

    def _basis(self) -> tuple[int, int]:
        """Return what the waiting pairs and the counts rest on, as numbers that grow."""
        return self._live.grouping, self._log().count

    def _waits(self) -> tuple[Pair, ...]:
        """Return the pairs that need a person; those that a person left unsure come last."""
        pairs, basis = self._engine(), self._basis()
        if self._waiting is None or self._waiting[0] != basis:
            log, of = self._log(), self._live.cluster_of
            ranked: list[tuple[int, Pair]] = []
            for pair, said in pairs.items():
                word = log.of(pair)
                if _is_open(said, word) and of[pair[0]] != of[pair[1]]:
                    ranked.append((int(word is not None), pair))
            self._waiting = basis, tuple(pair for _, pair in sorted(ranked))
        return self._waiting[1]

    def _merged(self, found: Cluster) -> Merged:
        pairs, log = self._engine(), self._log()
        why: list[tuple[str, str]] = []
        for pair in combinations(found.records, 2) if len(found.records) <= PAGE else ():
            word, said = log.of(pair), pairs.get(pair)
            if word is not None and word.decision == "same":
                why.append((word.by, ""))
            elif word is None and said is not None and said.decision == "same":
                why.append((said.rule, reads_of(said.rule)))
        return Merged(
            cluster=found.id,
            records=tuple(self._live.library.records[name] for name in found.records),
            sources={name: self._source(name) for name in found.records},
            why=tuple(dict.fromkeys(why)),
        )

    def _done(self, pair: Pair, near: set[str]) -> Done:
        """Tell what a decision did; some ``same`` may be held up by somebody's ``different``."""
        words = [w for w in self._log().standing() if near.issuperset(w.pair)]
        held_up = any(w.decision == "same" and not self._together(w.pair) for w in words)
        return Done(
            pair=pair,
            together=self._together(pair),
            because=tuple(w for w in words if held_up and w.decision == "different"),
        )

    def _together(self, pair: Pair) -> bool:
        return self._live.cluster_of[pair[0]] == self._live.cluster_of[pair[1]]

    def _own_votes(self, viewer: str, pair: Pair) -> tuple[tuple[str, str, str], ...]:
        """Return the viewer's own votes on the two records: stage, decision, record."""
        if self._votes is None:
            self._votes = VotesOn(self._live.state.votes)
        return self._votes.of(viewer, pair)

    def _record(self, name: str) -> Record:
        found = self._live.library.records.get(name)
        if found is None:
            raise NotFound(f"there is no record {name!r}", "choose one of the list")
        return found

    def _cluster(self, name: str) -> Cluster:
        found = self._live.clusters.get(name)
        if found is None:
            raise NotFound(
                f"there is no report {name!r} any more", "it was merged or split: look again"
            )
        return found

    def _source(self, record: str) -> str:
        import12 = record.partition(":")[0]
        batch = next((b for s, b in self._live.state.batches.items() if s[:12] == import12), None)
        source = self._live.protocol.source(batch.source) if batch else None
        return source.database if source else (batch.source if batch else "")

    def _sources(self, names: Iterable[str]) -> tuple[str, ...]:
        return tuple(self._source(name) for name in names)

    def _search(self) -> RecordTexts:
        records = self._live.library.records
        if self._texts is None or self._texts.records is not records:
            self._texts = RecordTexts(records)
        return self._texts


def _is_open(said: PairDecision, word: Word | None) -> bool:
    if word is None:
        return said.decision == "unsure"
    return word.decision == "unsure"
