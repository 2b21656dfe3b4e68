"""Words and numbers as WordprocessingML: runs, links, fields, bookmarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from xml.sax.saxutils import escape, quoteattr

from tamis.report.documents.tree import Run

__all__ = ["bookmark_name", "field", "hyperlink", "run_xml", "text_run"]


def bookmark_name(name: str) -> str:
    """Return the bookmark for a place of the page: letters, digits and low lines only.

    Examples
    --------
    >>> bookmark_name("w-5e44e53e5b")
    'w_5e44e53e5b'
    """
    safe = "".join(mark if mark.isascii() and mark.isalnum() else "_" for mark in name)
    return (safe if safe[:1].isalpha() else f"x{safe}")[:40]


def text_run(text: str, properties: str = "") -> str:
    """Return a run; line breaks in the text become breaks."""
    wrapped = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    parts = "<w:br/>".join(
        f'<w:t xml:space="preserve">{escape(part)}</w:t>' if part else ""
        for part in text.split("\n")
    )
    return f"<w:r>{wrapped}{parts}</w:r>" if text else ""


def run_xml(run: Run, *, bold: bool = False) -> str:
    """Return a run of the tree; numbers have a character style of their own."""
    return text_run(run.text, _properties(run, bold=bold))


def _properties(run: Run, *, bold: bool) -> str:
    made = ""
    if run.href:
        made += '<w:rStyle w:val="Hyperlink"/>'
    elif run.kind == "quantity":
        made += '<w:rStyle w:val="Number"/>'
    if run.code:
        made += '<w:rFonts w:ascii="Consolas" w:hAnsi="Consolas" w:cs="Consolas"/>'
    elif run.language.startswith("zh"):
        made += '<w:rFonts w:hint="eastAsia"/>'
    if run.bold or bold:
        made += "<w:b/>"
    if run.italic:
        made += "<w:i/>"
    if run.struck:
        made += "<w:strike/>"
    if run.language.startswith("zh"):
        made += '<w:lang w:val="zh-CN" w:eastAsia="zh-CN"/>'
    return made


def field(code: str, result: str, properties: str = "") -> str:
    """Return a field with the result it has now; Word computes it again when it is asked to."""
    wrapped = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    mark = f'<w:r>{wrapped}<w:fldChar w:fldCharType="{{}}"/></w:r>'.format
    instruction = (
        f'<w:r>{wrapped}<w:instrText xml:space="preserve"> {escape(code)} </w:instrText></w:r>'
    )
    return (
        mark("begin") + instruction + mark("separate") + text_run(result, properties) + mark("end")
    )


def hyperlink(
    run: Run,
    inner: str,
    *,
    said: Mapping[str, str],
    known: frozenset[str],
    relate: Callable[[str], str],
) -> str:
    """Return a run as a link: out of the document, or to a place in it with its number.

    ``relate`` gives the relationship of an address. A link to a place that the document lacks (the
    index from number to source) is dropped, its words stay.
    """
    if not run.href.startswith("#"):
        return f"<w:hyperlink r:id={quoteattr(relate(run.href))}>{inner}</w:hyperlink>"
    name = run.href[1:]
    if name not in known:
        return inner
    mark = bookmark_name(name)
    made = f'<w:hyperlink w:anchor="{mark}">{inner}</w:hyperlink>'
    if name not in said:
        return made
    kind, _, number = said[name].rpartition(" ")
    if kind == "section":
        shown = text_run(" (section ") + field(f"REF {mark} \\r \\h", number)
    else:
        shown = text_run(" (") + field(f"REF {mark}_n \\h", f"{kind} {number}")
    return made + shown + text_run(")")
