"""Law 5: every run of digits in a finished page is accounted for, or is a finding.

``account`` reads the page as a browser would and trusts nothing in it. A number must stand, whole,
in an element that names its quantity and must read as that quantity does when computed again; any
other digit must stand in a literal that the report itself printed. What is marked must stand where
the report has it: a number moved under another number's name is a finding too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from lxml import html as lxml_html

from tamis.domain.errors import BadInput
from tamis.domain.results import Finding
from tamis.report.build import Report
from tamis.report.digits import digit_runs, has_digit

__all__ = ["SPOKEN_ATTRIBUTES", "account", "count_digit_runs"]

#: Attributes that a reader sees or hears; no number may stand in them.
SPOKEN_ATTRIBUTES = ("alt", "aria-label", "aria-description", "aria-valuetext", "title",
                     "placeholder", "label", "summary", "aria-roledescription")  # fmt: skip

#: Elements whose text is no text of the page.
SILENT = frozenset({"script", "style"})

CONTEXT = 30

REMEDY = "run 'tamis build' to write the report again from the log"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A text with the element it stands in; ``element`` is the innermost one."""

    element: lxml_html.HtmlElement
    text: str
    where: str


def account(html: bytes, report: Report) -> tuple[Finding, ...]:
    """Account for every run of digits in a page.

    Parameters
    ----------
    html
        The finished page, as it lies on the disk.
    report
        The report computed again from the content.

    Returns
    -------
    tuple of Finding
        Rules ``orphan-digit`` (a number of no declared class), ``quantity-changed`` (expected and
        got), ``unknown-quantity``, ``unknown-literal``, ``trail-broken`` (a number whose link
        leads elsewhere), ``mark-moved`` (a number under another's name), ``page-changed`` (any
        other difference in structure, drawing or link). Empty for the page that was built.

    Raises
    ------
    BadInput
        When the bytes are no page at all.
    """
    root = _parse(html)
    findings = [*_marks(root, report), *_orphans(root, report)]
    if html != report.html:
        built = _parse(report.html)
        findings += _moved(root, built)
        if not findings:
            findings += _changed(root, built) or _byte(html, report.html)
    return tuple(findings)


def count_digit_runs(html: bytes) -> int:
    """Return how many runs of digits a page shows.

    Examples
    --------
    >>> count_digit_runs(b"<p>9 of <b>12</b></p>")
    2
    """
    return sum(1 for text in _texts(_parse(html)) for _ in digit_runs(text.text))


def _parse(html: bytes) -> lxml_html.HtmlElement:
    if not html.strip():
        raise BadInput("the page is empty", "build the report again")
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    return lxml_html.document_fromstring(html, parser=parser)


def _elements(root: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    """Yield the elements of the page; comments and what stands in scripts are left out."""
    for element in root.iter():
        if isinstance(element.tag, str):
            yield element


def _texts(root: lxml_html.HtmlElement) -> Iterator[_Text]:
    """Yield every text a reader sees or hears."""
    for element in root.iter():
        if isinstance(element.tag, str):
            if element.tag not in SILENT and element.text:
                yield _Text(element=element, text=element.text, where="text")
            for name in SPOKEN_ATTRIBUTES:
                if element.get(name):
                    yield _Text(element=element, text=element.get(name), where=name)
        parent = element.getparent()
        if element.tail and parent is not None:
            yield _Text(element=parent, text=element.tail, where="text")


def _marks(root: lxml_html.HtmlElement, report: Report) -> Iterator[Finding]:
    """Check every element that names a quantity or declares a literal."""
    ids = {element.get("id") for element in _elements(root) if element.get("id")}
    for element in _elements(root):
        if "data-q" in element.attrib:
            yield from _quantity(element, report, ids)
        if "data-lit" in element.attrib:
            yield from _literal(element, report)


def _quantity(element: lxml_html.HtmlElement, report: Report, ids: set[str]) -> Iterator[Finding]:
    name, got = element.get("data-q"), element.text_content()
    quantity = report.quantities.get(name)
    if quantity is None:
        yield _finding("unknown-quantity", element, f"no quantity is called {name!r}", got=got)
        return
    if got != str(quantity):
        yield _finding(
            "quantity-changed", element, f"{name} reads {got!r}", expected=str(quantity), got=got
        )
    href = element.get("href")
    if href is not None and href.lstrip("#") not in ids:
        yield _finding("trail-broken", element, f"the link of {name} leads nowhere", got=href)


def _literal(element: lxml_html.HtmlElement, report: Report) -> Iterator[Finding]:
    kind, text = element.get("data-lit"), element.text_content()
    if (kind, text) not in report.literals:
        yield _finding(
            "unknown-literal", element, f"no {kind} of this review reads {_short(text)!r}", got=text
        )


def _orphans(root: lxml_html.HtmlElement, report: Report) -> Iterator[Finding]:
    """Find digits outside of any quantity or literal."""
    for text in _texts(root):
        if not has_digit(text.text):
            continue
        if text.where == "text" and _is_marked(text.element):
            continue
        for start, end in digit_runs(text.text):
            around = text.text[max(0, start - CONTEXT) : end + CONTEXT]
            yield _finding(
                "orphan-digit",
                text.element,
                f"the number {text.text[start:end]!r} in “{' '.join(around.split())}” is neither "
                "quantity nor literal"
                + ("" if text.where == "text" else f" (attribute {text.where})"),
                got=text.text[start:end],
            )


def _is_marked(element: lxml_html.HtmlElement) -> bool:
    """Tell whether an element or one around it is a quantity or a literal."""
    here: lxml_html.HtmlElement | None = element
    while here is not None:
        if "data-q" in here.attrib or "data-lit" in here.attrib:
            return True
        here = here.getparent()
    return False


def _moved(root: lxml_html.HtmlElement, built: lxml_html.HtmlElement) -> Iterator[Finding]:
    """Compare the marks of two pages one by one; the first difference is enough."""
    for mine, theirs in zip_longest(_marked(root), _marked(built)):
        if mine is None or theirs is None:
            place = mine if mine is not None else theirs
            yield _finding("mark-moved", place, "a number or literal was added or taken out")
            return
        if _mark(mine) != _mark(theirs):
            yield _finding(
                "mark-moved",
                mine,
                "another number or literal stands here",
                expected=_mark(theirs),
                got=_mark(mine),
            )
            return


def _marked(root: lxml_html.HtmlElement) -> Iterator[lxml_html.HtmlElement]:
    return (e for e in _elements(root) if "data-q" in e.attrib or "data-lit" in e.attrib)


def _mark(element: lxml_html.HtmlElement) -> str:
    if "data-q" in element.attrib:
        return f"{element.get('data-q')} {element.get('href', '')}"
    return f"{element.get('data-lit')}: {element.text_content()}"


def _changed(root: lxml_html.HtmlElement, built: lxml_html.HtmlElement) -> list[Finding]:
    """Compare two pages element by element; the first difference is enough."""
    for mine, theirs in zip_longest(root.iter(), built.iter()):
        if mine is None or theirs is None:
            place = mine if mine is not None else theirs
            return [_finding("page-changed", place, "an element was added or taken out")]
        if _shape(mine) != _shape(theirs):
            return [
                _finding(
                    "page-changed",
                    mine,
                    "the page is not what the review gives here",
                    expected=_short(_shape(theirs)),
                    got=_short(_shape(mine)),
                )
            ]
    return []


def _byte(html: bytes, built: bytes) -> list[Finding]:
    """Say where two pages that read alike differ in their bytes."""
    place = next((n for n, (a, b) in enumerate(zip(html, built, strict=False)) if a != b), 0)
    line = html.count(b"\n", 0, place) + 1
    return [
        Finding(
            rule="page-changed",
            severity="error",
            subject=f"line {line}",
            message="the page differs from what the review gives in a way that a parser mends",
            suggestion=REMEDY,
        )
    ]


def _shape(element: lxml_html.HtmlElement) -> str:
    attributes = " ".join(f"{k}={v!r}" for k, v in sorted(element.attrib.items()))
    return f"{element.tag} {attributes} {element.text or ''} … {element.tail or ''}"


def _finding(
    rule: str, element: lxml_html.HtmlElement, message: str, *, expected: str = "", got: str = ""
) -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        subject=_path(element),
        message=message,
        suggestion=REMEDY,
        expected=expected,
        got=got,
    )


def _path(element: lxml_html.HtmlElement) -> str:
    """Return the way to an element: the nearest id above it, then the tags and places below."""
    steps: list[str] = []
    here: lxml_html.HtmlElement | None = element
    while here is not None:
        if here.get("id"):
            steps.append(f"#{here.get('id')}")
            break
        if not isinstance(here.tag, str):
            steps.append("comment")
        else:
            before = sum(1 for e in here.itersiblings(tag=here.tag, preceding=True))
            steps.append(f"{here.tag}[{before + 1}]")
        here = here.getparent()
    return "/".join(reversed(steps))


def _short(text: str, size: int = 120) -> str:
    return text if len(text) <= size else f"{text[:size]}…"
