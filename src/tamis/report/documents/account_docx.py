"""Law 5 for the Word file: every run of digits in its text is expected there, in that order.

The archive is read as it lies there, without the library that wrote it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator

from lxml import etree

from tamis.domain.errors import BadInput, Place
from tamis.domain.results import Finding
from tamis.report.build import Report
from tamis.report.digits import digit_runs, has_digit
from tamis.report.documents.expected import WORD, expected
from tamis.report.documents.matching import Shown, compare
from tamis.report.documents.reading import read_tree

__all__ = ["account_docx", "count_docx_digits"]

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"

#: The part with the text, and those with settings, whose texts nobody reads.
BODY = "word/document.xml"
_SETTINGS = re.compile(
    r"word/(styles|settings|webSettings|fontTable|stylesWithEffects|numbering|theme/.*)\.xml$"
)

#: Largest part that is read, in bytes: a report is far below it.
LARGEST = 80_000_000

CONTEXT = 24


def account_docx(data: bytes, report: Report, *, name: str = "report.docx") -> tuple[Finding, ...]:
    """Account for every run of digits in the report's Word file.

    Parameters
    ----------
    data
        The finished file.
    report
        The report computed again from the log.
    name
        Name of the file, for messages.

    Returns
    -------
    tuple of Finding
        Rules ``number-changed``, ``orphan-digit`` and ``number-missing``, each with the paragraph
        or the part. The text, the descriptions of drawings, heads, feet, notes, comments and the
        forms of lists are read; drawings are pictures and are not. Empty for the Word file of
        this report.

    Raises
    ------
    BadInput
        When the bytes are no Word file.
    """
    parts = _parts(data, name)
    wanted = expected(read_tree(report.html), WORD)
    findings = compare(list(_body(parts[BODY])), wanted, name=name)
    for part in sorted(parts):
        if part != BODY:
            findings += compare(list(_elsewhere(part, parts[part])), (), name=name)
    return tuple(findings)


def count_docx_digits(data: bytes) -> int:
    """Return how many runs of digits the text of a Word file shows."""
    return sum(1 for _ in _body(_parts(data, "the Word file")[BODY]))


def _parts(data: bytes, name: str) -> dict[str, etree._Element]:
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    found: dict[str, etree._Element] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.infolist():
                if not entry.filename.startswith("word/") or not entry.filename.endswith(".xml"):
                    continue
                if entry.file_size > LARGEST:
                    raise _no_word(name, f"its part {entry.filename} is too large")
                found[entry.filename] = etree.fromstring(archive.read(entry), parser)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, EOFError, NotImplementedError) as error:
        raise _no_word(name, str(error)) from error
    if BODY not in found:
        raise _no_word(name, f"it has no {BODY}")
    return found


def _no_word(name: str, why: str) -> BadInput:
    return BadInput(
        f"this is no Word file that can be read: {why}",
        "run 'tamis build' to write it again",
        where=Place(file=name),
    )


def _body(root: etree._Element) -> Iterator[Shown]:
    for number, paragraph in enumerate(root.iter(f"{_W}p"), 1):
        yield from _runs(_text(paragraph), f"paragraph {number}")


def _elsewhere(part: str, root: etree._Element) -> Iterator[Shown]:
    """Yield the digits of a part beside the text: there should be none but the page's number."""
    if part.endswith("numbering.xml"):
        for form in root.iter(f"{_W}lvlText"):
            yield from _runs(re.sub(r"%\d", "", form.get(f"{_W}val") or ""), part)
        return
    if _SETTINGS.match(part):
        return
    for field in list(root.iter(f"{_W}fldSimple")):
        parent = field.getparent()
        if (field.get(f"{_W}instr") or "").strip() == "PAGE" and parent is not None:
            parent.remove(field)
    for paragraph in root.iter(f"{_W}p"):
        yield from _runs(_text(paragraph), part)
    yield from _runs(" ".join(root.itertext()) if not root.tag.startswith(_W) else "", part)


def _text(paragraph: etree._Element) -> str:
    """Return what a paragraph says; what stands in a paragraph within it is left to that one."""
    found: list[str] = []
    for element in paragraph.iter():
        if element.tag == f"{_W}p" and element is not paragraph:
            break
        if element.tag in (f"{_W}t", f"{_W}delText"):
            found.append(element.text or "")
        elif element.tag in (f"{_W}br", f"{_W}tab", f"{_W}cr"):
            found.append("\n")
        elif element.tag == _DRAWN:
            said = f"{element.get('descr') or ''} {element.get('title') or ''}"
            found.append(f" {said} " if has_digit(said) else " ")
        elif element.tag == f"{_W}sym":
            found.append("\N{REPLACEMENT CHARACTER}")
    return "".join(found)


def _runs(text: str, place: str) -> Iterator[Shown]:
    for start, end in digit_runs(text):
        around = " ".join(text[max(0, start - CONTEXT) : end + CONTEXT].split())
        yield Shown(run=text[start:end], place=place, around=around)
