"""What a log that reads well may still hide, rule by rule; and the check against a sealed head.

Hashes prove that no line was altered. They do not prove that none is missing at the end of a chain,
nor that a redaction was anybody's decision; what other events say about it does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.canonical import short_hash
from tamis.domain.errors import ChainBroken
from tamis.domain.events import Event
from tamis.domain.kinds import KINDS
from tamis.domain.results import Finding
from tamis.store.forging import Head

__all__ = ["RULES", "broken_finding", "check_events", "check_heads", "heads"]


def heads(events: Iterable[Event]) -> dict[str, Head]:
    """Return chain to (seq, hash) of its newest event: what ``tamis seal`` reads out.

    Examples
    --------
    >>> heads([])
    {}
    """
    found: dict[str, Head] = {}
    for event in events:
        if event.seq > found.get(event.chain, (0, ""))[0]:
            found[event.chain] = (event.seq, event.hash)
    return dict(sorted(found.items()))


def check_heads(
    sealed: Mapping[str, Sequence[int | str]], events: Iterable[Event], *, seal: str = "the seal"
) -> tuple[Finding, ...]:
    """Check a log against heads that were deposited: each must still be in it.

    Parameters
    ----------
    sealed
        Chain to (seq, hash), as ``heads`` gave them (a list after JSON).
    events
        The log.
    seal
        How the finding names the seal.
    """
    wanted = {f"{chain}/{head[0]}": str(head[1]) for chain, head in sealed.items()}
    found = {event.id: event.hash for event in events if event.id in wanted}
    return tuple(
        Finding(
            rule="seal-broken",
            severity="error",
            subject=name,
            message=f"{seal} holds another history than this log",
            expected=digest,
            got=found.get(name, "no such event"),
            suggestion="compare this log with a copy from the time of the seal",
        )
        for name, digest in sorted(wanted.items())
        if found.get(name) != digest
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Whole:
    """The log as the rules look at it."""

    by_id: Mapping[str, Event]
    heads: Mapping[str, Head]
    redactions: Mapping[str, Sequence[Event]]


def check_events(events: Iterable[Event]) -> tuple[Finding, ...]:
    """Apply every rule of ``RULES`` to a log whose lines were proven by reading it."""
    by_id = {event.id: event for event in events}
    redactions: dict[str, list[Event]] = {}
    for event in by_id.values():
        if event.kind == "redacted.v1" and event.body is not None:
            redactions.setdefault(str(event.body["event"]), []).append(event)
    whole = _Whole(by_id=by_id, heads=heads(by_id.values()), redactions=redactions)
    return tuple(finding for _, rule in RULES for finding in rule(whole))


def broken_finding(error: ChainBroken) -> Finding:
    """Return the finding for a chain that does not hold."""
    return Finding(
        rule="chain-broken",
        severity="error",
        subject=str(error.where or "log"),
        message=error.problem,
        suggestion=error.remedy,
    )


def _redactions(whole: _Whole) -> Iterator[Finding]:
    for event in whole.by_id.values():
        decided = whole.redactions.get(event.id, ())
        whys = [str(said.body["why"]) for said in decided if said.body is not None]
        if event.body is None and not whys:
            yield _error(
                "redacted-without-event", event.id, "its body was removed and no event says so",
                "restore the line from a copy, or record who removed it and why",
            )  # fmt: skip
        elif event.body is not None and decided:
            yield _error(
                "redaction-unfinished", event.id,
                f"{decided[0].id} says that its body was removed, and it is still there",
                f"run 'tamis redact {event.id}' again to finish it",
            )  # fmt: skip
        elif event.body is None and event.redacted not in whys:
            yield Finding(
                rule="redaction-reason",
                severity="error",
                subject=event.id,
                message=f"the reason on the line is not the one that {decided[0].id} gives",
                expected=whys[0],
                got=event.redacted,
                suggestion="restore the line from a copy",
            )


def _seen(whole: _Whole) -> Iterator[Finding]:
    said: set[tuple[str, int, str]] = set()
    for event in whole.by_id.values():
        for chain, (seq, digest) in event.seen.items():
            if (chain, seq, digest) in said:
                continue
            said.add((chain, seq, digest))
            there = whole.by_id.get(f"{chain}/{seq}")
            if there is None or short_hash(there.hash) != digest:
                yield Finding(
                    rule="seen-missing" if there is None else "seen-differs",
                    severity="error",
                    subject=f"{chain}/{seq}",
                    message=f"{event.id} had seen this event, and it is "
                    + ("not in the log" if there is None else "another one now"),
                    because=(event.id,),
                    expected=digest,
                    got="" if there is None else short_hash(there.hash),
                    suggestion="restore the chain from a copy, or merge the copy that has it",
                )


def _seals(whole: _Whole) -> Iterator[Finding]:
    for event in whole.by_id.values():
        if event.kind == "sealed.v1" and event.body is not None:
            yield from check_heads(
                event.body["heads"], whole.by_id.values(), seal=f"the seal {event.id}"
            )


def _kinds(whole: _Whole) -> Iterator[Finding]:
    for event in whole.by_id.values():
        if event.kind not in KINDS.by_name:
            yield _error(
                "kind-unknown", event.id, f"this program does not know {event.kind}",
                "update Tamis: a newer version wrote this, and it is left out here",
            )  # fmt: skip


def _error(rule: str, subject: str, message: str, suggestion: str) -> Finding:
    return Finding(
        rule=rule, severity="error", subject=subject, message=message, suggestion=suggestion
    )


#: What is looked for, and the function that looks.
RULES: tuple[tuple[str, Callable[[_Whole], Iterator[Finding]]], ...] = (
    ("a body goes only with an event that says who removed it and why", _redactions),
    ("what an event had seen of another chain is there", _seen),
    ("the heads that were sealed are there", _seals),
    ("every kind of event is known", _kinds),
)
