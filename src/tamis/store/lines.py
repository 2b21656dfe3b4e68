"""Reading lines of the log: each is proven by its hashes over the very text that stands there.

``domain.events.parse_line`` proves a line by making its canonical form again. That is exact and
slow, so it is the second opinion here: the usual line is proven by hashing the text of its header
and the text of its body where they stand, which no changed byte survives.
"""

from __future__ import annotations

import json
import re
from json.decoder import JSONDecoder
from types import MappingProxyType
from typing import Any, NoReturn

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Place
from tamis.domain.events import Event, Seen, parse_line

__all__ = [
    "could_be_torn",
    "join_line",
    "known_line",
    "read_line",
    "reason_text",
    "split_line",
    "usual_line",
]


class _Inexact(ValueError):
    """A number that canonical JSON does not have."""


def _no_float(text: str) -> NoReturn:
    raise _Inexact(text)


_BODY = JSONDecoder(parse_float=_no_float, parse_constant=_no_float)
_ANY = JSONDecoder()

_FRONT = re.compile(r'\{"actor":"([a-z0-9.\-]+)","at":"([0-9T:.Z\-]{24})","body":')
_BACK = re.compile(
    r',("body_sha256":"([0-9a-f]{64})",)"hash":"([0-9a-f]{64})",'
    r'("kind":"([a-z_]+\.v[0-9]+)","prev":"([0-9a-f]{64})","replica":"([0-9a-f]{8})",'
    r'"seen":(\{(?:"[a-z0-9.\-]+":\[(?:0|[1-9][0-9]{0,14}),"[0-9a-f]{12}"\],?)*\}),'
    r'"seq":(0|[1-9][0-9]{0,14}),"subject":("[^"\\]*(?:\\.[^"\\]*)*"),'
    r'"supersedes":(\[(?:"[^"\\]*",?)*\]),"v":1\})\Z'
)
#: A number of sixteen digits may be beyond what JSON keeps exact.
_LONG_NUMBER = re.compile(r"(?<=[:\[,\-])[0-9]{16}")
_ENTRY = re.compile(r'"([a-z0-9.\-]+)":\[([0-9]+),"([0-9a-f]{12})"\]').findall
_NOTHING_SEEN: Seen = MappingProxyType({})


def read_line(line: str, *, where: Place, strict: bool = False) -> Event:
    """Return the event of a line whose hashes hold.

    Parameters
    ----------
    line
        The text without its line end.
    where
        File and line, for the error.
    strict
        Also prove that the text is canonical JSON, which the hashes alone do not say of a line
        that another program wrote.

    Raises
    ------
    ChainBroken
        When the line is not what was acknowledged.
    """
    return usual_line(line, strict=strict) or parse_line(line, where=where)


def usual_line(line: str, *, strict: bool = False) -> Event | None:
    """Return the event of a line of the usual form whose hashes hold, else ``None``.

    ``None`` does not say that the line is wrong: ``read_line`` takes the closer look.
    """
    event = _usual(line, prove=True)
    return None if strict and not _canonical(line) else event


def known_line(line: str) -> Event:
    """Return the event of a line that was proven before, and kept where only this program writes.

    Raises
    ------
    ChainBroken
        When it is no event at all.
    """
    return _usual(line, prove=False) or parse_line(line, where=Place(file="the index"))


def could_be_torn(tail: str) -> bool:
    """Tell whether a text without line end can be the front part of a line that was being written.

    Examples
    --------
    >>> could_be_torn('{"actor":"p-rev')
    True
    >>> could_be_torn('{"actor":"p-rev-a"}#')
    False
    """
    try:
        _ANY.raw_decode(tail)
    except (ValueError, RecursionError):
        return True
    return False


def _usual(line: str, *, prove: bool) -> Event | None:
    """Read a line of the usual form (nothing redacted, no exotic numbers), or return ``None``."""
    front = _FRONT.match(line)
    if front is None:
        return None
    start = front.end()
    try:
        body, end = _BODY.raw_decode(line, start)
    except (ValueError, RecursionError):
        return None
    back = _BACK.match(line, end)
    if back is None or not isinstance(body, dict):
        return None
    if prove and not _proven(line, front, back, (start, end)):
        return None
    return _event(line, front, back, body)


def _proven(line: str, front: re.Match[str], back: re.Match[str], span: tuple[int, int]) -> bool:
    start, end = span
    header = f"{line[: start - len(_BODY_KEY)]}{back[1]}{back[4]}"
    return (
        sha256_hex(line[start:end].encode()) == back[2]
        and sha256_hex(f"{back[6]}{header}".encode()) == back[3]
    )


_BODY_KEY = '"body":'


def _event(
    line: str, front: re.Match[str], back: re.Match[str], body: dict[str, Any]
) -> Event | None:
    _, body_sha256, digest, _, kind, prev, replica, seen, seq, subject, supersedes = back.groups()
    try:
        return Event(
            actor=front[1],
            replica=replica,
            seq=int(seq),
            at=front[2],
            kind=kind,
            subject=json.loads(subject) if "\\" in subject else subject[1:-1],
            seen=_NOTHING_SEEN if seen == "{}" else _seen(seen),
            supersedes=() if supersedes == "[]" else tuple(json.loads(supersedes)),
            body=body,
            body_sha256=body_sha256,
            prev=prev,
            hash=digest,
            line=line,
        )
    except (ValueError, TypeError, IndexError, KeyError):
        return None


def _seen(text: str) -> Seen:
    return MappingProxyType({chain: (int(seq), digest) for chain, seq, digest in _ENTRY(text)})


def _canonical(line: str) -> bool:
    """Tell fast whether a text is canonical; ``False`` means "look closely"."""
    try:
        raw = json.loads(line)
        again = json.dumps(raw, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    except (ValueError, RecursionError):
        return False
    return again == line and not _LONG_NUMBER.search(line)


def split_line(event: Event) -> tuple[str, str | None, str]:
    """Return the line's header (hash included), body and reason, each as it stands in the line.

    A table keeps them apart, so that a body can go while nothing else can change. The reason is
    the JSON text of what ``redacted`` says, or empty.
    """
    line = event.line
    front = _FRONT.match(line)
    if front is None:
        raise BadInput(f"the line of {event.id} is no event line", "write events that were forged")
    start = front.end()
    end = line.index(_BODY_END, _ANY.raw_decode(line, start)[1])
    header = f"{line[: start - len(_BODY_KEY)]}{line[end + 1 :]}"
    if event.body is not None:
        return header, line[start:end], ""
    reason = reason_text(event)
    return header.replace(_REASON.format(reason), "", 1), None, reason


def join_line(header: str, body: str | None, reason: str) -> str:
    """Put a line together again; the opposite of ``split_line``."""
    front, back = header.split(_BODY_END[1:], 1)
    line = f"{front}{_BODY_KEY}{'null' if body is None else body},{_BODY_END[1:]}{back}"
    if body is not None:
        return line
    return line.replace(_REPLICA, f",{_REASON.format(reason)}{_REPLICA[1:]}", 1)


def reason_text(event: Event) -> str:
    """Return the JSON text of an event's reason, as it stands in its line."""
    return json.dumps(event.redacted, ensure_ascii=False)


_REASON = '"redacted":{},'
_BODY_END = ',"body_sha256":"'
_REPLICA = ',"replica":"'
