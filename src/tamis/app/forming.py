"""Proposals of studies: what the rules find among reports, and what people answer.

A proposal that is accepted is a link like any (``link_studies``), or a note on overlap that the
checks of the report read; a declined one is a note, so that it does not come again. Either note can
be taken back: a later one supersedes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamis.app.link_studies import LinkAsked, Studies, WaitingReport
from tamis.app.live import LiveReview
from tamis.dedupe.forming import FORMING, ONE_STUDY, OVERLAP, Because, Proposal, form
from tamis.domain.decisions import LinkedReport
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.events import Draft, Event
from tamis.domain.records import Record

__all__ = [
    "ANSWERS", "TOPIC", "AnsweredShown", "Forming", "FormingShown", "ProposalShown", "Side",
]  # fmt: skip

#: Topic of the notes that decline a proposal.
TOPIC = "study-proposal"

ANSWERS = ("accept", "decline")
#: What a note says that takes an answer back.
AGAIN = "ask-again"
#: Subject of the notes that record an overlap which a rule proposed.
NOTED = "possible-patient-overlap"
RULES = frozenset(rule.name for rule in FORMING)

#: Kind of a report by words of its type; else an article.
_KINDS = (
    ("conference", "conference-abstract"), ("meeting", "conference-abstract"),
    ("regist", "registry-entry"), ("erratum", "erratum"), ("preprint", "preprint"),
    ("letter", "letter"), ("thesis", "thesis"), ("protocol", "protocol"),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One of two: a report that waits (``study`` empty), or a study with its reports."""

    name: str
    title: str
    authors: str
    year: str
    study: str
    label: str
    reports: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalShown:
    """A proposal as the page shows it.

    ``deed`` is what accepting does: ``link`` (two waiting reports become a study, which needs a
    design), ``join`` (the waiting one joins the study), ``note`` (an overlap is noted), or empty
    where people first have to link or move reports themselves.
    """

    a: Side
    b: Side
    outcome: str
    rule: str
    because: tuple[Because, ...]
    deed: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredShown:
    """A proposal that was answered by a note: ``note`` is its event, ``answer`` a word of ours."""

    note: str
    a: Side
    b: Side
    answer: str
    rule: str
    by: str
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FormingShown:
    """The proposals that nobody has answered, surest first; how many were declined or noted.

    ``taken`` are the answers that can be taken back, the latest first.
    """

    proposals: tuple[ProposalShown, ...]
    answered: int
    taken: tuple[AnsweredShown, ...] = ()


class Forming:
    """The proposals of a live review, asked for one viewer at a time."""

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._asked: tuple[object, ...] = ()
        self._found: tuple[Proposal, ...] = ()

    def shown(self, viewer: str, *, roles: frozenset[str] = frozenset()) -> FormingShown:
        """Return the proposals among the reports that the viewer may know of."""
        with self._live.locked():
            sides = self._sides(viewer, roles)
            proposals = self._proposals(sides)
            answered = [p for p in proposals if self._answered(p, sides)]
            open_ = [p for p in proposals if p not in answered]
            open_.sort(key=lambda p: (p.outcome != ONE_STUDY, p.a, p.b))
            return FormingShown(
                proposals=tuple(_shown(p, sides) for p in open_),
                answered=len(answered),
                taken=tuple(self._taken(sides)),
            )

    def take_back(
        self, viewer: str, note: str, *, roles: frozenset[str] = frozenset()
    ) -> tuple[Event, ...]:
        """Take an answer back, by the event that noted it: the proposal comes again.

        Raises
        ------
        NotFound
            When there is no such answer, or it has been taken back.
        """
        with self._live.locked():
            sides = self._sides(viewer, roles)
            found = next((one for one in self._taken(sides) if one.note == note), None)
            if found is None:
                raise NotFound("there is no such answer to take back", "open the page again")
            fields = {"a": found.a.name, "b": found.b.name, "answer": AGAIN, "rule": found.rule}
            subject = self._live.state.notes[note].subject
            return self._live.record([_note(viewer, TOPIC, subject, fields, supersedes=(note,))])

    def answer(
        self,
        viewer: str,
        pair: tuple[str, str],
        answer: str,
        *,
        design: str = "",
        role: str = "included",
        roles: frozenset[str] = frozenset(),
    ) -> tuple[Event, ...]:
        """Accept or decline the proposal about two reports.

        Raises
        ------
        BadInput
            For an unknown answer, a proposal that cannot be accepted as it stands, or a new study
            without a design.
        NotFound
            When nothing is proposed about the two, or it has been answered.
        """
        if answer not in ANSWERS:
            raise BadInput(f"{answer!r} is no answer to a proposal", "accept or decline it")
        with self._live.locked():
            sides = self._sides(viewer, roles)
            found = next(
                (p for p in self._proposals(sides) if (p.a, p.b) == tuple(sorted(pair))), None
            )
            if found is None or self._answered(found, sides):
                raise NotFound("nothing is proposed about these two reports", "open the page again")
            if answer == "decline":
                return self._live.record([_declined(viewer, found, sides)])
            return self._accept(viewer, found, sides, LinkAsked(
                study="", label="", design=design, role=role
            ))  # fmt: skip

    def _accept(
        self, viewer: str, found: Proposal, sides: Mapping[str, _Unit], asked: LinkAsked
    ) -> tuple[Event, ...]:
        deed, a, b = _deed(found, sides), sides[found.a], sides[found.b]
        head = a.head or b.head
        if deed == "note":
            return self._live.record([_noted(viewer, found)])
        if deed == "link":
            first = min((a, b), key=lambda u: (u.side.year or "9", u.side.name))
            asked = LinkAsked(
                study=first.proposed, label=first.side.label, design=asked.design, role=asked.role
            )
        elif deed == "join" and head is not None:
            asked = LinkAsked(
                study=head.study, label=head.label, design=head.design, role=head.role
            )
        else:
            raise BadInput(
                "this proposal is for people to sort out", "link or move the reports below"
            )
        waiting = [u for u in (a, b) if u.head is None]
        kinds = {u.side.name: _kind(u.records) for u in waiting}
        names = [u.side.name for u in waiting]
        return self._live.part(Studies).link(viewer, names, asked, kinds)

    def _sides(self, viewer: str, roles: frozenset[str]) -> dict[str, _Unit]:
        """Return waiting reports and studies by name: an id of a report holds a colon."""
        records = self._live.library.records
        waiting = self._live.part(Studies).shown(viewer, roles=roles).waiting
        units = {
            row.cluster: _waiting(
                row, [records[name] for name in self._live.clusters[row.cluster].records]
            )
            for row in waiting
        }
        studies: dict[str, list[LinkedReport]] = {}
        for link in self._live.state.links.values():
            studies.setdefault(link.study, []).append(link)
        for study, links in studies.items():
            held = [records[name] for link in links for name in link.records if name in records]
            if held and links[0].role != "published-review":
                units[study] = _study(links, held)
        return units

    def _proposals(self, units: Mapping[str, _Unit]) -> tuple[Proposal, ...]:
        asked = tuple((name, tuple(r.id for r in unit.records)) for name, unit in units.items())
        if asked != self._asked:
            self._found = form({name: unit.records for name, unit in units.items()})
            self._asked = asked
        return self._found

    def _answered(self, found: Proposal, units: Mapping[str, _Unit]) -> bool:
        """Tell whether people declined it, or noted the overlap of the two studies."""
        ids = [{r.id for r in units[name].records} for name in (found.a, found.b)]
        for one, other in self._declined():
            if (ids[0] & one and ids[1] & other) or (ids[0] & other and ids[1] & one):
                return True
        return any({found.a, found.b} <= noted for noted in self._overlaps())

    def _declined(self) -> Iterator[tuple[set[str], set[str]]]:
        for note in self._live.state.notes.values():
            if note.topic == TOPIC:
                fields = dict(note.fields)
                if fields.get("answer") == "decline":
                    yield set(fields.get("a", "").split(";")), set(fields.get("b", "").split(";"))

    def _taken(self, units: Mapping[str, _Unit]) -> Iterator[AnsweredShown]:
        """Yield the notes that answered a proposal about two of these units, the latest first."""
        of = {record.id: name for name, unit in units.items() for record in unit.records}
        for note in reversed(self._live.state.notes.values()):
            fields = dict(note.fields)
            if note.topic == TOPIC and fields.get("answer") == "decline":
                answer, rule = "decline", fields.get("rule", "")
                sides = [of.get(fields.get(side, "").split(";")[0], "") for side in "ab"]
            elif note.topic == "overlap" and note.subject == NOTED:
                answer, rule = "overlap", fields.get("basis", "").partition(":")[0]
                sides = fields.get("studies", "").split("; ")
            else:
                continue
            if rule in RULES and len(sides) == 2 and all(name in units for name in sides):
                a, b = (units[name].side for name in sides)
                yield AnsweredShown(
                    note=note.event, a=a, b=b, answer=answer, rule=rule, by=note.by, at=note.at
                )

    def _overlaps(self) -> Iterator[set[str]]:
        for note in self._live.state.notes.values():
            if note.topic == "overlap":
                yield {x.strip() for x in dict(note.fields).get("studies", "").split(";")}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Unit:
    """A side with its records; ``head`` is the link of a study, ``proposed`` a new study's id."""

    side: Side
    records: Sequence[Record]
    head: LinkedReport | None = None
    proposed: str = ""


def _waiting(row: WaitingReport, records: Sequence[Record]) -> _Unit:
    side = Side(
        name=row.cluster, title=row.title, authors=row.authors, year=row.year, study="",
        label=row.label, reports=1,
    )  # fmt: skip
    return _Unit(side=side, records=records, proposed=row.study)


def _study(links: Sequence[LinkedReport], records: Sequence[Record]) -> _Unit:
    first = records[0]
    side = Side(
        name=links[0].study, title=first.title, authors="; ".join(first.authors[:4]),
        year=str(first.year or ""), study=links[0].study, label=links[0].label,
        reports=len(links),
    )  # fmt: skip
    return _Unit(side=side, records=records, head=links[0])


def _deed(found: Proposal, units: Mapping[str, _Unit]) -> str:
    studies = sum(units[name].head is not None for name in (found.a, found.b))
    if found.outcome == OVERLAP:
        return "note" if studies == 2 else ""
    return ("link", "join", "")[studies]


def _shown(found: Proposal, units: Mapping[str, _Unit]) -> ProposalShown:
    return ProposalShown(
        a=units[found.a].side, b=units[found.b].side, outcome=found.outcome, rule=found.rule,
        because=found.because, deed=_deed(found, units),
    )  # fmt: skip


def _kind(records: Sequence[Record]) -> str:
    told = " ".join(r.type.casefold() for r in records)
    return next((kind for word, kind in _KINDS if word in told), "article")


def _declined(viewer: str, found: Proposal, units: Mapping[str, _Unit]) -> Draft:
    ids = [";".join(r.id for r in units[name].records) for name in (found.a, found.b)]
    fields = {"a": ids[0], "b": ids[1], "answer": "decline", "rule": found.rule}
    return _note(viewer, TOPIC, f"{found.a} {found.b}", fields)


def _noted(viewer: str, found: Proposal) -> Draft:
    basis = "; ".join(f"{b.kind.replace('-', ' ')}: {b.text}" for b in found.because if b.text)
    fields = {
        "studies": f"{found.a}; {found.b}", "basis": f"{found.rule}: {basis}",
        "status": "unverified",
    }  # fmt: skip
    return _note(viewer, "overlap", NOTED, fields)


def _note(
    viewer: str,
    topic: str,
    subject: str,
    fields: Mapping[str, str],
    *,
    supersedes: tuple[str, ...] = (),
) -> Draft:
    body = {"topic": topic, "fields": dict(fields)}
    return Draft(
        actor=viewer, kind="note_added.v1", subject=subject, body=body, supersedes=supersedes
    )
