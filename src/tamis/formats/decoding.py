"""Bytes to text, said aloud: which encoding, what was mended, and where every character stood.

Order: byte-order mark, UTF-16 without a mark (every other byte is zero), strict UTF-8, and last a
stated repair: bytes that are no UTF-8 are read as GB18030 if they are Chinese, else as
Windows-1252, with the line of the first one; what is UTF-8 beside them stays so. A file that is
neither is refused: it would only be turned into other letters. A few bytes that fit no encoding are
said and shown as U+FFFD; they reject no file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Place
from tamis.domain.records import Repair
from tamis.formats.chinese import is_gb18030

__all__ = ["Text", "decode"]

#: (mark, name we report, codec), longest mark first.
MARKS: tuple[tuple[bytes, str, str], ...] = (
    (b"\xff\xfe\x00\x00", "utf-32-le", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8-bom", "utf-8"),
    (b"\xff\xfe", "utf-16-le", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be", "utf-16-be"),
)

#: (first bytes, what the file is, what to do instead). Tested before anything is decoded.
BINARIES: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "a zip archive or an Excel workbook", "unpack it, or save the sheet as CSV"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"%PDF", "a PDF", "export the citations as RIS instead"),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Word file", "save the sheet as CSV"),
    (b"SQLite format 3\x00", "a database file", "export the citations as RIS instead"),
)

#: What each single byte 0x80-0xff means in Windows-1252; the five bytes it leaves undefined keep
#: their latin-1 meaning.
CP1252 = {
    byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(0x80, 0x100)
}
#: The five bytes that Windows-1252 leaves undefined: a file that holds them is something else.
UNDEFINED = re.compile("[\x81\x8d\x8f\x90\x9d]")
FROM_ESCAPE = str.maketrans({0xDC00 + byte: char for byte, char in CP1252.items()})
FROM_LATIN1 = str.maketrans({byte: char for byte, char in CP1252.items() if byte < 0xA0})

ASCII_LETTERS = bytes([*range(65, 91), *range(97, 123)])
CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x7f]")
SAMPLE = 100_000

#: So few bytes beyond ASCII tell no script: they may be a stray sign in any text.
FEW = 4
#: Where one character in so many bytes that are no UTF-8 is, those that are were meant so.
MEANT = 10
#: What is shown for a byte or half a pair that means nothing.
LOST = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """A decoded file. ``escaped`` differs from ``text`` only where bytes were repaired."""

    name: str
    sha256: str
    encoding: str
    text: str
    escaped: str
    codec: str
    mark: int
    repaired: tuple[Repair, ...] = ()

    def byte_offsets(self, positions: Sequence[int]) -> list[int]:
        """Return the byte offset in the file of each character position.

        Parameters
        ----------
        positions
            Character positions in ``text``, in ascending order.

        Examples
        --------
        >>> decode("é TY".encode(), name="a.ris").byte_offsets([0, 2])
        [0, 3]
        """
        if self.codec in ("utf-8", "latin-1") and self.escaped.isascii():
            return [self.mark + position for position in positions]
        offsets, reached, byte = [], 0, self.mark
        for position in positions:
            between = self.escaped[reached:position]
            byte += len(between.encode(self.codec, _errors(self.codec)))
            offsets.append(byte)
            reached = position
        return offsets


def decode(data: bytes, *, name: str) -> Text:
    r"""Read ``data`` as text, by its own marks before any guess.

    Parameters
    ----------
    data
        The bytes of the file.
    name
        The file's name, for messages.

    Raises
    ------
    BadInput
        When the file is empty, is no text, or is in an encoding that cannot be told.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbfTY", name="a.ris").encoding
    'utf-8-bom'
    >>> decode(b"Ren\xe9e", name="a.ris").repaired[0].code
    'encoding-guessed'
    """
    _refuse_binaries(data, name)
    for mark, encoding, codec in MARKS:
        if data.startswith(mark):
            return _with_mark(data, name, (len(mark), encoding, codec))
    codec = _unmarked_utf16(data)
    if codec:
        message = f"no byte-order mark, but every other byte is zero: read as {codec.upper()}"
        repair = Repair(line=1, code="encoding-guessed", message=message)
        return _utf16(data, name, (0, codec, codec), (repair,))
    return _eight_bit(data, name, (0, "utf-8"))


def _with_mark(data: bytes, name: str, mark: tuple[int, str, str]) -> Text:
    length, encoding, codec = mark
    if codec == "utf-8":
        return _eight_bit(data, name, (length, encoding))
    if codec.startswith("utf-16"):
        return _utf16(data, name, mark, ())
    return _text(data, name, _strict(data[length:], name, codec), mark, ())


def _eight_bit(data: bytes, name: str, head: tuple[int, str]) -> Text:
    mark, encoding = head
    try:
        return _text(data, name, data[mark:].decode("utf-8"), (mark, encoding, "utf-8"), ())
    except UnicodeDecodeError:
        escaped = data[mark:].decode("utf-8", "surrogateescape")
    bad = re.findall("[\udc80-\udcff]", escaped)
    good = len(re.findall("[^\x00-\x7f\udc80-\udcff]", escaped))
    if len(bad) < good or mark:
        return _mixed(data, name, escaped, head)
    if is_gb18030(data):
        return _chinese(data, name)
    _refuse_unknown(data, name)
    if good * MEANT >= len(bad):
        return _mixed(data, name, escaped, head)
    latin = data[mark:].decode("latin-1")
    count = len(re.findall("[^\x00-\x7f]", latin))
    repair = Repair(
        line=_line(data, _first_high(data, mark)),
        code="encoding-guessed",
        message=f"no UTF-8: all {count} bytes beyond ASCII were read as Windows-1252; check names",
    )
    head_1252 = (mark, "windows-1252", "latin-1")
    repaired = (repair, *_undefined(latin))
    return _text(data, name, latin.translate(FROM_LATIN1), head_1252, repaired, escaped=latin)


def _chinese(data: bytes, name: str) -> Text:
    repair = Repair(
        line=_line(data, _first_high(data, 0)),
        code="encoding-guessed",
        message="no UTF-8: read as GB18030, the encoding of Chinese databases; check names",
    )
    escaped = data.decode("gb18030", "surrogateescape")
    head = (0, "gb18030", "gb18030")
    return _with_losses(data, name, escaped, head, (repair,))


def _utf16(
    data: bytes, name: str, head: tuple[int, str, str], repaired: tuple[Repair, ...]
) -> Text:
    mark, _, codec = head
    whole = len(data) - (len(data) - mark) % 2
    escaped = data[mark:whole].decode(codec, "surrogatepass")
    if whole < len(data):
        message = f"the file ends in half a character of {codec.upper()}: it is cut off"
        repaired += (Repair(line=escaped.count("\n") + 1, code="undefined-bytes", message=message),)
    return _with_losses(data, name, escaped, head, repaired)


def _with_losses(
    data: bytes, name: str, escaped: str, head: tuple[int, str, str], repaired: tuple[Repair, ...]
) -> Text:
    """Show what means nothing as U+FFFD, and say where the first of it stands."""
    first = LOST.search(escaped)
    if first is None:
        return _text(data, name, escaped, head, repaired)
    lost = len(LOST.findall(escaped))
    line = escaped.count("\n", 0, first.start()) + 1
    message = (
        f"{lost} bytes or halves of characters are no {head[1].upper()}: what they say is lost"
    )
    repair = Repair(line=line, code="undefined-bytes", message=message)
    text = LOST.sub("\ufffd", escaped)
    return _text(data, name, text, head, (*repaired, repair), escaped=escaped)


def _mixed(data: bytes, name: str, escaped: str, head: tuple[int, str]) -> Text:
    repairs: dict[int, Repair] = {}
    line, reached = 1, 0
    for found in re.finditer("[\udc80-\udcff]+", escaped):
        line += escaped.count("\n", reached, found.start())
        reached = found.start()
        message = "bytes that are no UTF-8 were read as Windows-1252; check this line"
        repairs.setdefault(line, Repair(line=line, code="encoding-guessed", message=message))
    mark, encoding = head
    text = escaped.translate(FROM_ESCAPE)
    mended = (*repairs.values(), *_undefined(text))
    return _text(data, name, text, (mark, encoding, "utf-8"), mended, escaped=escaped)


def _undefined(text: str) -> tuple[Repair, ...]:
    """Say that bytes stand in a text which Windows-1252 does not define."""
    found = UNDEFINED.findall(text)
    if not found:
        return ()
    first = UNDEFINED.search(text)
    line = text.count("\n", 0, first.start() if first else 0) + 1
    message = (
        f"{len(found)} bytes are neither UTF-8 nor Windows-1252: the letters they stand for are "
        "lost in this reading"
    )
    return (Repair(line=line, code="undefined-bytes", message=message),)


def _text(
    data: bytes,
    name: str,
    text: str,
    head: tuple[int, str, str],
    repaired: tuple[Repair, ...],
    *,
    escaped: str | None = None,
) -> Text:
    """Build the text; ``head`` is (bytes of the mark, encoding, codec)."""
    mark, encoding, codec = head
    repaired += _controls(text, name)
    return Text(
        name=name,
        sha256=sha256_hex(data),
        encoding=encoding,
        text=text,
        escaped=text if escaped is None else escaped,
        codec=codec,
        mark=mark,
        repaired=repaired,
    )


def _controls(text: str, name: str) -> tuple[Repair, ...]:
    """Say that control characters stand in a text, or refuse it when there are too many.

    One character in twenty is far beyond what any export was seen to hold.
    """
    first = CONTROL.search(text)
    if first is None:
        return ()
    controls = len(CONTROL.findall(text))
    if controls > 10 and len(CONTROL.findall(text, 0, SAMPLE)) * 20 > min(len(text), SAMPLE):
        raise BadInput(
            "this is no text: too many control characters",
            "export the citations as RIS, PubMed format or CSV",
            where=Place(file=name, line=1),
        )
    line = text.count("\n", 0, first.start()) + 1
    message = f"{controls} control characters, kept in the raw fields and left out elsewhere"
    return (Repair(line=line, code="control-characters", message=message),)


def _strict(data: bytes, name: str, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(codec, "ignore").count("\n") + 1
        raise BadInput(
            f"the file says it is {codec.upper()}, but byte {error.start} cannot be read so",
            "export it again, or save it as UTF-8",
            where=Place(file=name, line=line),
        ) from error


def _refuse_binaries(data: bytes, name: str) -> None:
    where = Place(file=name, line=1)
    if not data:
        raise BadInput("the file is empty", "export the citations again", where=where)
    for start, what, remedy in BINARIES:
        if data.startswith(start):
            raise BadInput(f"this is {what}", remedy, where=where)


def _refuse_unknown(data: bytes, name: str) -> None:
    """Refuse Japanese, Cyrillic, Greek … in a national encoding: Windows-1252 has not its letters.

    Western words have few letters beyond ASCII, rarely two in a row. Where four and more in a row
    make up most of such bytes, or where they outnumber two thirds of the ASCII letters of their
    lines, the text is in another script.
    """
    high = len(re.findall(rb"[\x80-\xff]", data))
    if high < FEW:
        return
    runs = sum(len(run) for run in re.findall(rb"[\x80-\xff]{4,}", data))
    lines = (line for line in data.split(b"\n") if not line.isascii())
    letters = sum(len(line) - len(line.translate(None, ASCII_LETTERS)) for line in lines)
    if runs * 2 > high or high * 3 > letters * 2:
        raise BadInput(
            "the text is neither UTF-8 nor Western: its encoding cannot be told",
            "save the file as UTF-8 in the program that made it, and import that",
            where=Place(file=name, line=_line(data, _first_high(data, 0))),
        )


def _unmarked_utf16(data: bytes) -> str:
    sample = data[:SAMPLE]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if len(sample) < 8 or max(even, odd) * 4 < len(sample):
        return ""
    if min(even, odd) * 20 > max(even, odd):
        return ""
    return "utf-16-le" if odd > even else "utf-16-be"


def _first_high(data: bytes, start: int) -> int:
    found = re.compile(rb"[\x80-\xff]").search(data, start)
    return found.start() if found else 0


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1


def _errors(codec: str) -> str:
    return "surrogatepass" if codec.startswith("utf-16") else "surrogateescape"
