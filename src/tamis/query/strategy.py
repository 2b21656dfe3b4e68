"""Search strategies kept exactly as run.

A strategy is evidence: its bytes are hashed, its text is neither trimmed nor normalised, and lines
are made for display only. Reading, checking and translating strategies is not done here.
"""

from __future__ import annotations

import re

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Place
from tamis.domain.records import Strategy

__all__ = ["read_strategy"]

#: (byte-order mark, codec), longest mark first.
MARKS: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)

LINE_END = re.compile(r"\r\n|\n|\r")


def read_strategy(data: bytes, *, source: str, name: str) -> Strategy:
    r"""Read one search strategy.

    Parameters
    ----------
    data
        The bytes of the file that holds it.
    source
        The id of the source that was searched with it.
    name
        The file's name, for messages.

    Returns
    -------
    Strategy
        ``sha256`` is that of ``data``. ``text`` is the decoded text without a byte-order mark and
        otherwise unchanged, line ends and trailing blanks included. ``lines`` are its lines
        without line ends; an empty one at the end of the file is left out.

    Raises
    ------
    BadInput
        When the file is empty or blank, or is neither UTF-8 nor marked as UTF-16 or UTF-32: a
        search string is not guessed at.

    Examples
    --------
    >>> strategy = read_strategy(b"1. lupus\r\n2. exp Nephritis/ \r\n", source="ovid", name="s.txt")
    >>> strategy.lines
    ('1. lupus', '2. exp Nephritis/ ')
    >>> strategy.text.endswith("/ \r\n")
    True
    """
    text = _decode(data, name)
    if not text.strip():
        raise BadInput(
            "the search strategy is empty",
            "paste the strategy as it was run into this file",
            where=Place(file=name, line=1),
        )
    lines = LINE_END.split(text)
    if not lines[-1]:
        lines.pop()
    return Strategy(
        source=source, name=name, sha256=sha256_hex(data), text=text, lines=tuple(lines)
    )


def _decode(data: bytes, name: str) -> str:
    mark, codec = next(((m, c) for m, c in MARKS if data.startswith(m)), (b"", "utf-8"))
    body = data[len(mark) :]
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        line = len(LINE_END.findall(body[: error.start].decode(codec, "replace"))) + 1
        raise BadInput(
            f"byte {len(mark) + error.start} cannot be read as {codec.upper()}",
            "save the strategy as UTF-8",
            where=Place(file=name, line=line),
        ) from error
    if "\x00" in text:
        line = len(LINE_END.findall(text[: text.index("\x00")])) + 1
        raise BadInput(
            "this is no text: it holds zero bytes",
            "save the strategy as UTF-8",
            where=Place(file=name, line=line),
        )
    return text
