"""Canonical JSON (RFC 8785) for events, and the hashes taken over it.

Bodies of events carry no binary floating-point numbers: a number that somebody read is kept as the
string that was printed, and a setting is an integer or a string. That leaves the part of RFC 8785
that is exact in every language: sorted keys, no insignificant space, integers within 2**53.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

from tamis.domain.errors import BadInput

__all__ = ["Json", "canonical", "sha256_hex", "short_hash"]

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]

#: Largest integer that every JSON reader keeps exact (RFC 8785, section 3.2.2.3).
MAX_SAFE_INTEGER = 2**53 - 1


def canonical(value: object) -> bytes:
    r"""Return the canonical UTF-8 text of ``value``.

    Raises
    ------
    BadInput
        For a float, an integer beyond 2**53 - 1, a lone surrogate, a type JSON has not, or a value
        nested so deeply that it cannot be read back.

    Examples
    --------
    >>> canonical({"b": 1, "a": ["é", None]})
    b'{"a":["\xc3\xa9",null],"b":1}'
    """
    try:
        ordered = _ordered(value)
        text = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise _refuse("a lone surrogate stands in a text") from error
    except RecursionError as error:
        raise _refuse("a value is nested too deeply") from error


def sha256_hex(data: bytes) -> str:
    """Return the SHA-256 of ``data`` as 64 lower-case hex digits."""
    return hashlib.sha256(data).hexdigest()


def short_hash(digest: str) -> str:
    """Return the 12 digits by which a hash is named in ids."""
    return digest[:12]


def _ordered(value: object) -> Json:
    match value:
        case None | bool() | str():
            return value
        case int():
            if abs(value) > MAX_SAFE_INTEGER:
                raise _refuse(f"the integer {value} is too large to be exact")
            return value
        case Mapping():
            keys = sorted(value, key=_utf16)
            return {key: _ordered(value[key]) for key in keys}
        case Sequence() if not isinstance(value, bytes | bytearray):
            return [_ordered(item) for item in value]
        case _:
            raise _refuse(f"{value!r} ({type(value).__name__}) has no exact JSON form")


def _utf16(key: object) -> bytes:
    if not isinstance(key, str):
        raise _refuse(f"the key {key!r} is not a text")
    return key.encode("utf-16-be", "surrogatepass")


def _refuse(problem: str) -> BadInput:
    return BadInput(problem, "keep numbers as the text that was printed, or as whole numbers")
