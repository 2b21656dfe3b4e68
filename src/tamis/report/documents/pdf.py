"""The report as PDF: tagged, with outline and title, the same bytes from the same report."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.errors import BadInput
from tamis.domain.results import Finding
from tamis.report.digits import has_digit
from tamis.report.documents.tree import Tree, plain
from tamis.report.documents.typesetting import (
    Faces,
    Imprint,
    Typesetter,
    has_chinese,
    without_chinese,
)
from tamis.report.documents.typst_source import source
from tamis.report.documents.typst_text import quoted
from tamis.report.engine import asset

__all__ = ["Pdf", "running_title", "write_pdf"]

#: What the typesetter says of a letter that it cannot set as the standards ask.
_NO_LETTER = ("could not be displayed", "codepoint")

#: Longest title that stands whole at the head of each page.
LONGEST = 110


@dataclass(frozen=True, slots=True, kw_only=True)
class Pdf:
    """A finished PDF, and what had to be done without."""

    data: bytes
    findings: tuple[Finding, ...] = ()


def write_pdf(tree: Tree, imprint: Imprint, *, typesetter: Typesetter | None = None) -> Pdf:
    """Set the report as a PDF that keeps to PDF/A-2a and PDF/UA-1.

    Parameters
    ----------
    tree
        The report.
    imprint
        Title, authors and date of the file.
    typesetter
        Brings the fonts. Without one for Chinese, Chinese letters are shown as boxes and a finding
        says so.

    Returns
    -------
    Pdf
        Rules of its findings: ``no-chinese-font`` and ``letters-without-font`` (the file then
        promises no standard).

    Examples
    --------
    >>> from tamis.report.documents.tree import Paragraph, Run
    >>> tree = Tree(title=(Run(text="A"),), language="en", blocks=(
    ...     Paragraph(content=(Run(text="One trial."),)),))
    >>> imprint = Imprint(title="A", date="2025-12-31T00:00:00.000Z")
    >>> write_pdf(tree, imprint).data[:5]
    b'%PDF-'
    """
    typesetter = typesetter or Typesetter.of(Faces())
    text = source(tree)
    findings: tuple[Finding, ...] = ()
    if not typesetter.faces.chinese and has_chinese(text):
        text = without_chinese(text)
        findings = (_no_chinese(),)
    text = asset("report.typ") + _settings(tree, imprint) + text
    try:
        return Pdf(data=typesetter.pdf(text, at=imprint.date), findings=findings)
    except BadInput as error:
        if not any(words in error.problem for words in _NO_LETTER):
            raise
        data = typesetter.pdf(text, at=imprint.date, standards=())
        return Pdf(data=data, findings=(*findings, _no_font(error)))


def _settings(tree: Tree, imprint: Imprint) -> str:
    year, month, day = imprint.date[:10].split("-")
    authors = ", ".join(quoted(name) for name in imprint.authors)
    return (
        f"#show: report.with(title: {quoted(imprint.title)}, short: {quoted(running_title(tree))}, "
        f"author: ({authors}{',' if authors else ''}), "
        f"date: datetime(year: {int(year)}, month: {int(month)}, day: {int(day)}), "
        f"language: {quoted(imprint.language[:2])})\n"
    )


def running_title(tree: Tree) -> str:
    """Return what stands at the head of each page: the title, or its first part; no digits.

    Examples
    --------
    >>> from tamis.report.documents.tree import Run
    >>> running_title(Tree(title=(Run(text="Statins: a review of 12 trials"),), language="en"))
    'Statins'
    """
    title = plain(tree.title)
    for shown in (title, title.partition(":")[0]):
        if len(shown) <= LONGEST and not has_digit(shown):
            return shown
    return ""


def _no_chinese() -> Finding:
    return Finding(
        rule="no-chinese-font",
        severity="warning",
        subject="report.pdf",
        message="no font for Chinese was found; its letters are shown as boxes in the PDF and in "
        "the figures (the page and the Word file have them)",
        suggestion="install one, for example Debian's fonts-noto-cjk, and build again",
    )


def _no_font(error: BadInput) -> Finding:
    return Finding(
        rule="letters-without-font",
        severity="warning",
        subject="report.pdf",
        message=f"some letters have no font here, so the PDF promises no standard: {error.problem}",
        suggestion="install a font that has them and build again",
    )
