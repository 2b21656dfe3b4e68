"""Events for the tests of the domain: chains that are well formed, made in a few words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tamis.domain.events import GENESIS, Draft, Event, forge, seen_entry

SHA = "9f3c12ab" * 8
REPLICA = "9f3c12ab"
AT = "2026-11-22T10:00:00.000Z"

#: One body of each kind that the fold reads, as a person would write it.
BODIES: dict[str, dict[str, Any]] = {
    "review_created.v1": {"id": "trial", "title": "A trial review"},
    "protocol_amended.v1": {"file": "review.toml", "sha256": SHA, "text": "[review]"},
    "source_searched.v1": {"source": "pubmed", "database": "MEDLINE", "platform": "PubMed"},
    "batch_imported.v1": {
        "source": "pubmed", "file": "imports/a.ris", "sha256": SHA, "format": "ris",
        "database": "MEDLINE", "encoding": "utf-8", "records": 2,
    },
    "reparsed.v1": {"file": "imports/a.ris", "sha256": SHA, "changed": {}},
    "engine_ran.v1": {
        "engine": "dedupe", "version": "1", "stage": "dedupe", "settings": {"b": "2", "a": "1"},
        "inputs": [SHA], "output": SHA,
    },
    "pair_decided.v1": {"a": "9f3c12ab9f3c:120", "b": "9f3c12ab9f3c:0", "decision": "same"},
    "screened.v1": {
        "stage": "title-abstract", "records": ["9f3c12ab9f3c:120", "9f3c12ab9f3c:0"],
        "decision": "include", "reason": "", "criteria": {"population": "met"},
    },
    "vote_withdrawn.v1": {
        "stage": "title-abstract", "records": ["9f3c12ab9f3c:0"], "event": "p-ann.9f3c12ab/3",
    },
    "moved_back.v1": {
        "stage": "title-abstract", "records": ["9f3c12ab9f3c:0"], "events": ["p-ann.9f3c12ab/3"],
        "reason": "the criterion changed",
    },
    "conflict_settled.v1": {
        "stage": "title-abstract", "records": ["9f3c12ab9f3c:0"],
        "settles": ["p-ann.9f3c12ab/3"], "decision": "exclude", "reason": "population",
    },
    "reports_linked.v1": {
        "study": "alpha2020", "report": "alpha2020-main", "records": ["9f3c12ab9f3c:0"],
        "label": "Alpha 2020", "design": "randomised", "role": "included", "kind": "article",
    },
    "document_attached.v1": {
        "report": "alpha2020-main", "sha256": SHA, "file": "documents/a.pdf", "pages": 3,
    },
    "value_recorded.v1": {
        "id": "v:alpha2020/death/m6/drug/events", "study": "alpha2020", "arm": "drug",
        "outcome": "death", "definition": "not-stated", "estimand": "point", "visit": "m6",
        "statistic": "events", "number": "3", "unit": "", "denominator": "20",
        "anchor_kind": "citation", "status": "abstract or table read",
        "citation": "doi:10.0/invented", "location": "table 2",
    },
    "values_settled.v1": {"settles": ["v:a", "v:b"], "chosen": "v:a", "reason": "table 2 rules"},
    "appraised.v1": {
        "tool": "jbi-case-series", "version": "1", "result": "alpha2020/death/m6",
        "question": "q1", "answer": "yes",
    },
    "appraisal_settled.v1": {
        "tool": "jbi-case-series", "version": "1", "result": "alpha2020/death/m6",
        "question": "q1", "settles": [], "answer": "no", "reason": "agreed",
    },
    "synthesis_planned.v1": {"id": "death-rr"},
    "certainty_judged.v1": {
        "outcome": "death", "body": "death-rct", "domain": "imprecision", "change": -1,
        "reason": "few events",
    },
    "claim_accepted.v1": {"claim": "c1", "reason": "kept as the authors wrote it"},
    "note_added.v1": {"topic": "mechanism", "fields": {"edge": "e1"}},
    "member_changed.v1": {"member": "p-ann", "roles": ["reviewer"]},
    "sealed.v1": {"heads": {"p-ann.9f3c12ab": [2, "abc"]}},
    "redacted.v1": {"event": "p-ann.9f3c12ab/1", "why": "a name"},
}  # fmt: skip


def draft(
    kind: str,
    *,
    actor: str = "",
    subject: str = "x",
    supersedes: Sequence[str] = (),
    **changes: Any,
) -> Draft:
    """Return a draft of a kind (without its version), with a few keys of its body changed."""
    name = kind if ".v" in kind else f"{kind}.v1"
    if not actor:
        actor = "e-dedupe-1" if name == "engine_ran.v1" else "p-ann"
    body = {key: value for key, value in {**BODIES[name], **changes}.items() if value is not None}
    return Draft(actor=actor, kind=name, subject=subject, body=body, supersedes=tuple(supersedes))


@dataclass
class Chains:
    """Writes drafts behind one another, one chain per actor and replica, as a log does."""

    heads: dict[str, Event] = field(default_factory=dict)
    events: list[Event] = field(default_factory=list)

    def write(
        self,
        item: Draft,
        *,
        at: str = AT,
        replica: str = REPLICA,
        seen: Mapping[str, tuple[int, str]] | None = None,
    ) -> Event:
        """Write one draft; ``seen`` is every other chain's head unless it is given."""
        chain = f"{item.actor}.{replica}"
        head = self.heads.get(chain)
        if seen is None:
            seen = {name: seen_entry(e) for name, e in self.heads.items() if name != chain}
        event = forge(
            item,
            replica=replica,
            seq=1 if head is None else head.seq + 1,
            at=item.at or at,
            prev=GENESIS if head is None else head.hash,
            seen=seen,
        )
        self.heads[chain] = event
        self.events.append(event)
        return event


def written(*drafts: Draft) -> list[Event]:
    """Return the drafts as events, each having seen all before it."""
    chains = Chains()
    return [chains.write(item) for item in drafts]


def many_votes(count: int) -> list[Event]:
    """Return many votes of four people, each having seen another now and then; hashes are made up.

    They are only good for measuring the fold.
    """
    people = [f"p-r{n}" for n in range(4)]
    seqs = dict.fromkeys(people, 0)
    events = []
    for n in range(count):
        actor, other = people[n % 4], people[(n + 1) % 4]
        seen = {f"{other}.{REPLICA}": (seqs[other], "0" * 12)} if n % 10 == 9 else {}
        seqs[actor] += 1
        event = Event(
            actor=actor,
            replica=REPLICA,
            seq=seqs[actor],
            at=AT,
            kind="screened.v1",
            subject="title-abstract",
            seen=seen,
            body=BODIES["screened.v1"],
            body_sha256="",
            prev="",
            hash=f"{n:064x}",
        )
        events.append(event)
    return events
