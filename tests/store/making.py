"""Events to test with: plain ones, and worlds of several people on several copies of one review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from tamis.domain.events import Draft, Event
from tamis.store import FolderLog

REPLICAS = ("9f3c12ab", "77aa01cd", "00000001")
PEOPLE = ("p-rev-a", "p-rev-b", "p-chair")


@dataclass(slots=True)
class TickingClock:
    """A clock that moves on by a second each time it is asked."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 11, 22, 10, tzinfo=UTC))

    def now(self) -> str:
        self.moment += timedelta(seconds=1)
        return self.moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")


def folder_log(folder: Path, replica: str = REPLICAS[0], **settings: Any) -> FolderLog:
    folder.mkdir(parents=True, exist_ok=True)
    return FolderLog(folder, replica=replica, clock=TickingClock(), **settings)


def created(actor: str = "p-chair", at: str = "") -> Draft:
    body = {"id": "r", "title": "A review"}
    return Draft(actor=actor, kind="review_created.v1", subject="r", body=body, at=at)


def vote(
    n: int = 1,
    *,
    actor: str = "p-rev-a",
    decision: str = "include",
    at: str = "",
    supersedes: tuple[str, ...] = (),
) -> Draft:
    body = {
        "stage": "title-abstract",
        "records": [f"9f3c12ab9f3c:{n}"],
        "decision": decision,
        "reason": "",
        "criteria": {"population": "yes"},
    }
    return Draft(
        actor=actor,
        kind="screened.v1",
        subject="title-abstract",
        body=body,
        at=at,
        supersedes=supersedes,
    )


def note(text: str, *, actor: str = "p-rev-a", at: str = "") -> Draft:
    body = {"topic": "deviation", "fields": {"text": text}}
    return Draft(actor=actor, kind="note_added.v1", subject="r", body=body, at=at)


def value_body(study: str, number: str, *, kind: str = "citation", visit: str = "m6") -> Any:
    return {
        "id": f"v:{study}/remission/{visit}/msc/events",
        "study": study,
        "arm": "msc",
        "outcome": "remission",
        "definition": "not-stated",
        "estimand": "point",
        "visit": visit,
        "statistic": "events",
        "number": "" if kind == "looked-for" else number,
        "unit": "patients",
        "denominator": "12",
        "anchor_kind": kind,
        "citation": "Table 2",
        "location": "p. 4",
        "status": "abstract or table read",
        **_ANCHORS.get(kind, {}),
    }


_ANCHORS: Mapping[str, dict[str, Any]] = {
    "passage": {"document": "ab" * 32, "page": 2, "start": 5, "end": 9, "quote": "9/12"},
    "derivation": {"quote": "12 - 3", "inputs": ["v:x/remission/m6/msc/n"]},
}


_TEXT = st.text(alphabet='abc é中"\\\n\t\x00\u2028😀', max_size=8)
_RECORD = st.integers(0, 9).map(lambda n: f"9f3c12ab9f3c:{n}")
_STUDY = st.sampled_from(["deng2017", "wang2014", "chen2019"])
_AT = st.sampled_from(
    ["", "", "2026-11-22T09:00:00.000Z", "2026-11-22T10:00:05.000Z", "2027-01-01T00:00:00.000Z"]
)


def _link_body(study: str, report: str, record: str, label: str) -> dict[str, Any]:
    return {
        "study": study,
        "report": report,
        "records": [record],
        "label": label,
        "design": "randomised",
        "role": "included",
        "kind": "article",
    }


#: Kind to bodies of that kind, with small vocabularies so that keys collide.
BODIES: Mapping[str, st.SearchStrategy[dict[str, Any]]] = {
    "screened.v1": st.fixed_dictionaries(
        {
            "stage": st.sampled_from(["title-abstract", "full-text"]),
            "records": st.lists(_RECORD, min_size=1, max_size=3),
            "decision": st.sampled_from(["include", "exclude", "maybe"]),
        },
        optional={"reason": _TEXT, "criteria": st.dictionaries(_STUDY, _TEXT, max_size=2)},
    ),
    "conflict_settled.v1": st.fixed_dictionaries(
        {
            "stage": st.just("title-abstract"),
            "records": st.lists(_RECORD, min_size=1, max_size=2),
            "settles": st.just(["p-rev-a.9f3c12ab/1"]),
            "decision": st.sampled_from(["include", "exclude"]),
            "reason": _TEXT,
        }
    ),
    "reports_linked.v1": st.builds(
        _link_body, _STUDY, st.sampled_from(["report-1", "report-2"]), _RECORD, _TEXT
    ),
    "note_added.v1": st.fixed_dictionaries(
        {"topic": st.just("mechanism"), "fields": st.dictionaries(_TEXT, _TEXT, max_size=2)}
    ),
    "value_recorded.v1": st.builds(
        lambda study, number, kind, visit: value_body(study, number, kind=kind, visit=visit),
        _STUDY,
        st.sampled_from(["9", "12", "41.5", "<0.001"]),
        st.sampled_from(["citation", "looked-for", "passage", "derivation"]),
        st.sampled_from(["m3", "m6"]),
    ),
    "certainty_judged.v1": st.fixed_dictionaries(
        {
            "outcome": st.just("remission"),
            "body": st.sampled_from(["remission-rct", "remission-all"]),
            "domain": st.sampled_from(["risk-of-bias", "imprecision"]),
            "change": st.integers(-2, 1),
            "reason": _TEXT,
        }
    ),
    "pair_decided.v1": st.fixed_dictionaries(
        {
            "a": st.just("9f3c12ab9f3c:1"),
            "b": st.sampled_from(["9f3c12ab9f3c:2", "9f3c12ab9f3c:3"]),
            "decision": st.sampled_from(["same", "different", "unsure"]),
        }
    ),
    "appraised.v1": st.fixed_dictionaries(
        {
            "tool": st.just("jbi-case-series"),
            "version": st.just("2020"),
            "result": st.just("deng2017/remission/m6"),
            "question": st.sampled_from(["q1", "q2"]),
        },
        optional={"answer": st.sampled_from(["yes", "no"]), "support": _TEXT},
    ),
    "document_attached.v1": st.fixed_dictionaries(
        {
            "report": st.just("report-1"),
            "sha256": st.just("ab" * 32),
            "file": st.just("documents/a.pdf"),
            "pages": st.integers(1, 9),
        }
    ),
    "batch_imported.v1": st.fixed_dictionaries(
        {
            "source": st.just("pubmed"),
            "file": st.just("imports/a.nbib"),
            "sha256": st.sampled_from(["11" * 32, "22" * 32]),
            "format": st.just("nbib"),
            "database": st.just("PubMed"),
            "encoding": st.just("utf-8"),
            "records": st.integers(0, 5),
        }
    ),
    "source_searched.v1": st.fixed_dictionaries(
        {
            "source": st.sampled_from(["pubmed", "scopus"]),
            "database": st.just("PubMed"),
            "platform": _TEXT,
        }
    ),
    "protocol_amended.v1": st.fixed_dictionaries(
        {"file": st.just("review.toml"), "sha256": st.just("33" * 32), "text": _TEXT}
    ),
    "member_changed.v1": st.fixed_dictionaries(
        {"member": st.sampled_from(PEOPLE), "roles": st.lists(_STUDY, max_size=2)}
    ),
    "sealed.v1": st.just({"heads": {}, "deposit": "osf.io"}),
    "review_created.v1": st.fixed_dictionaries({"id": st.just("r"), "title": _TEXT}),
}

ENGINE_BODIES = st.fixed_dictionaries(
    {
        "engine": st.just("dedupe"),
        "version": st.just("1"),
        "stage": st.just("dedupe"),
        "settings": st.dictionaries(_TEXT, _TEXT, max_size=2),
        "inputs": st.lists(st.just("44" * 32), max_size=2),
        "output": st.just("55" * 32),
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step in a world: somebody writes on a copy, or a copy takes over another."""

    copy: int
    actor: str = ""
    kind: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)
    at: str = ""
    corrects: int | None = None
    merges: int | None = None


@st.composite
def writes(draw: st.DrawFn, copies: int) -> Step:
    kind = draw(st.sampled_from([*BODIES, "screened.v1", "engine_ran.v1"]))
    engine = kind == "engine_ran.v1"
    return Step(
        copy=draw(st.integers(0, copies - 1)),
        actor="e-dedupe-1" if engine else draw(st.sampled_from(PEOPLE)),
        kind=kind,
        body=draw(ENGINE_BODIES if engine else BODIES[kind]),
        at=draw(_AT),
        corrects=draw(st.none() | st.none() | st.integers(0, 30)),
    )


def merges(copies: int) -> st.SearchStrategy[Step]:
    pair = st.tuples(st.integers(0, copies - 1), st.integers(0, copies - 1))
    return pair.map(lambda two: Step(copy=two[0], merges=two[1]))


def worlds(*, copies: int = 3, size: int = 14) -> st.SearchStrategy[list[Step]]:
    """Lists of steps over that many copies of one review."""
    write = writes(copies)
    return st.lists(st.one_of(write, write, write, merges(copies)), min_size=1, max_size=size)


def play(steps: Sequence[Step], logs: Sequence[Any]) -> None:
    """Take the steps on the logs, one log a copy."""
    for step in steps:
        log = logs[step.copy]
        if step.merges is not None:
            log.absorb(list(logs[step.merges].read()))
            continue
        log.append([draft_of(step, log)])


def draft_of(step: Step, log: Any) -> Draft:
    """The draft of a step; a correction names an event that this copy holds."""
    known = sorted(event.id for event in log.read()) if step.corrects is not None else []
    corrected = (known[step.corrects % len(known)],) if known and step.corrects is not None else ()
    return Draft(
        actor=step.actor,
        kind=step.kind,
        subject=step.kind,
        body=step.body,
        at=step.at,
        supersedes=corrected,
    )


def lines(events: Sequence[Event]) -> set[str]:
    return {event.line for event in events}
