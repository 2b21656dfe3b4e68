"""Events: the only thing a review ever writes (docs/reference/contracts.md section 2).

An event is one line of canonical JSON. Its ``hash`` covers the hash before it in its chain and its
own header; the header holds the hash of the body, so a body can be redacted and the chain still
holds. Events are stored as text and never serialised again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Any

from tamis.domain.canonical import canonical, sha256_hex, short_hash
from tamis.domain.errors import BadInput, ChainBroken, Place
from tamis.domain.ids import check_slug
from tamis.domain.kinds import KINDS

__all__ = ["GENESIS", "Draft", "Event", "chain_of", "forge", "parse_line", "redact_line"]

#: ``prev`` of the first event of a chain.
GENESIS = "0" * 64

VERSION = 1

AT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z\Z", re.ASCII)
REPLICA = re.compile(r"[0-9a-f]{8}\Z")
SEQ = re.compile(r"[1-9][0-9]*\Z")

#: Header fields, in the order people read them (the file sorts them).
HEADER = ("v", "actor", "replica", "seq", "at", "kind", "subject", "seen", "supersedes",
          "body_sha256", "prev")  # fmt: skip

#: Every key of a line; ``redacted`` stands there only where the body is gone.
LINE = frozenset({*HEADER, "hash", "body"})

Seen = Mapping[str, tuple[int, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An event that has not been written: no sequence number, no hash yet.

    ``at`` empty means "now". ``body`` holds no floats (see ``domain.canonical``).
    """

    actor: str
    kind: str
    subject: str
    body: Mapping[str, Any]
    supersedes: tuple[str, ...] = ()
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One acknowledged fact. ``body`` is ``None`` when it was redacted; ``line`` is the text."""

    actor: str
    replica: str
    seq: int
    at: str
    kind: str
    subject: str
    seen: Seen = field(default_factory=lambda: MappingProxyType({}))
    supersedes: tuple[str, ...] = ()
    body: Mapping[str, Any] | None
    body_sha256: str
    prev: str
    hash: str
    redacted: str = ""
    line: str = ""

    @property
    def id(self) -> str:
        """``<actor>.<replica>/<seq>``."""
        return f"{self.actor}.{self.replica}/{self.seq}"

    @property
    def chain(self) -> str:
        """``<actor>.<replica>``: the chain this event stands in."""
        return f"{self.actor}.{self.replica}"


def chain_of(event_id: str) -> tuple[str, int]:
    """Split an event id into its chain and sequence number.

    Examples
    --------
    >>> chain_of("p-rev-a.9f3c12ab/17")
    ('p-rev-a.9f3c12ab', 17)
    """
    chain, _, seq = event_id.rpartition("/")
    if not chain or not SEQ.match(seq):
        raise BadInput(f"{event_id!r} is no event id", "write <actor>.<replica>/<seq>")
    return chain, int(seq)


def forge(
    draft: Draft, *, replica: str, seq: int, at: str, prev: str, seen: Seen | None = None
) -> Event:
    """Give a draft its place in a chain.

    Raises
    ------
    BadInput
        When the kind, actor, time or body is not what the contract says.
    """
    check_slug(draft.actor, what="the actor")
    _check(AT.match(at) and _is_time(at), at, "time", "2026-11-22T10:00:00.000Z")
    _check(REPLICA.match(replica), replica, "replica", "9f3c12ab")
    KINDS.check(draft.kind, draft.body)
    seen = {} if seen is None else seen
    body_text = canonical(draft.body)
    header: dict[str, Any] = {
        "v": VERSION,
        "actor": draft.actor,
        "replica": replica,
        "seq": seq,
        "at": at,
        "kind": draft.kind,
        "subject": draft.subject,
        "seen": {chain: [n, digest] for chain, (n, digest) in seen.items()},
        "supersedes": list(draft.supersedes),
        "body_sha256": sha256_hex(body_text),
        "prev": prev,
    }
    digest = _hash(prev, header)
    line = canonical({**header, "hash": digest, "body": draft.body}).decode()
    return _event(header, digest, json.loads(body_text), "", line)


def parse_line(line: str, *, where: Place) -> Event:
    """Read one line of a log, checking its hash, its body and that it is canonical.

    Raises
    ------
    ChainBroken
        When the line is not exactly what was acknowledged; the place is in the error.
    """
    try:
        raw = json.loads(line)
        header = {key: raw[key] for key in HEADER}
        digest, body = raw["hash"], raw["body"]
        redacted = raw.get("redacted", "")
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _broken("this line is no event", where) from error
    if header["v"] != VERSION:
        raise _broken(f"event version {header['v']!r} is not known here", where)
    if not _shaped(raw):
        raise _broken("this line has not the keys and types of an event", where)
    try:
        honest = _hash(header["prev"], header) == digest
        whole = canonical(raw).decode() == line
        same_body = body is None or sha256_hex(canonical(body)) == header["body_sha256"]
    except (BadInput, UnicodeEncodeError) as error:
        raise _broken("this line is no canonical event", where) from error
    if not honest:
        raise _broken("the hash of this event does not match its header", where)
    if not same_body:
        raise _broken("the body of this event was changed after it was written", where)
    if body is None and not redacted:
        raise _broken("the body of this event is gone and no reason is given", where)
    if body is not None and "redacted" in raw:
        raise _broken("this event says that it was redacted and has its body", where)
    if not whole:
        raise _broken("this line was written again by something else", where)
    return _event(header, digest, body, redacted, line)


def redact_line(event: Event, *, why: str) -> Event:
    """Return the event without its body; header, hash and chain stay as they are.

    The reason stands outside the hash; what guards it is the ``redacted`` event that repeats it.
    """
    if not why.strip():
        raise BadInput(f"the redaction of {event.id} gives no reason", "say why the body goes")
    raw = json.loads(event.line)
    raw["body"] = None
    raw["redacted"] = why
    header = {key: raw[key] for key in HEADER}
    return _event(header, raw["hash"], None, why, canonical(raw).decode())


def _hash(prev: str, header: Mapping[str, Any]) -> str:
    return sha256_hex(prev.encode() + canonical(header))


def _event(
    header: Mapping[str, Any],
    digest: str,
    body: Mapping[str, Any] | None,
    redacted: str,
    line: str,
) -> Event:
    return Event(
        actor=header["actor"],
        replica=header["replica"],
        seq=header["seq"],
        at=header["at"],
        kind=header["kind"],
        subject=header["subject"],
        seen=MappingProxyType({k: (v[0], v[1]) for k, v in header["seen"].items()}),
        supersedes=tuple(header["supersedes"]),
        body=body,
        body_sha256=header["body_sha256"],
        prev=header["prev"],
        hash=digest,
        redacted=redacted,
        line=line,
    )


def _shaped(raw: Mapping[str, Any]) -> bool:
    """Tell whether a line has the keys of an event, and types that its reader can rely on."""
    texts = ("actor", "replica", "at", "kind", "subject", "body_sha256", "prev", "hash")
    return (
        raw.keys() - {"redacted"} == LINE
        and all(isinstance(raw[key], str) for key in texts)
        and isinstance(raw.get("redacted", ""), str)
        and isinstance(raw["body"], dict | None)
        and isinstance(raw["seq"], int)
        and isinstance(raw["supersedes"], list)
        and all(isinstance(name, str) for name in raw["supersedes"])
        and isinstance(raw["seen"], dict)
        and all(_seen_shaped(entry) for entry in raw["seen"].values())
    )


def _seen_shaped(entry: object) -> bool:
    match entry:
        case [int(), str()]:
            return True
    return False


def _is_time(at: str) -> bool:
    try:
        datetime.fromisoformat(at)
    except ValueError:
        return False
    return True


def _check(good: object, text: str, what: str, example: str) -> None:
    if not good:
        raise BadInput(f"the {what} {text!r} is malformed", f"write it as {example}")


def _broken(problem: str, where: Place) -> ChainBroken:
    return ChainBroken(
        problem,
        "restore this file from a copy, or run 'tamis verify' to see all of it",
        where=where,
    )


def seen_entry(event: Event) -> tuple[int, str]:
    """Return what an event of another chain records of having seen this one."""
    return event.seq, short_hash(event.hash)
