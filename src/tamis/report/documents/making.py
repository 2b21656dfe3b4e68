"""All documents of a report in one go: the drawings are set once and used by all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tamis.domain.results import Finding
from tamis.report.build import Report
from tamis.report.documents.docx import write_docx
from tamis.report.documents.figures import drawings, figure_files, png_of
from tamis.report.documents.pdf import write_pdf
from tamis.report.documents.reading import read_tree
from tamis.report.documents.typesetting import Faces, Imprint, Typesetter

__all__ = ["DocumentSet", "make_documents"]


def _none() -> Mapping[str, bytes]:
    return MappingProxyType({})


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentSet:
    """The other forms of a report.

    Attributes
    ----------
    docx, pdf
        The finished files.
    figures
        File name -> bytes: each figure as SVG, PNG and PDF, and ``figures.csv``.
    findings
        What had to be done without, for example a font for Chinese.
    """

    docx: bytes
    pdf: bytes
    figures: Mapping[str, bytes] = field(default_factory=_none)
    findings: tuple[Finding, ...] = ()


def make_documents(report: Report, imprint: Imprint, *, faces: Faces | None = None) -> DocumentSet:
    """Set a report as Word file, PDF and figures.

    The same report, fonts and versions give the same bytes.

    Parameters
    ----------
    report
        The finished report; its page is what the documents are made from.
    imprint
        Title, authors and date that the files bear.
    faces
        Fonts beside the typesetter's own; see ``faces_in``.
    """
    tree = read_tree(report.html)
    typesetter = Typesetter.of(faces or Faces())
    ready = png_of(drawings(tree), typesetter)
    docx = write_docx(tree, imprint, ready)
    figures = figure_files(tree, imprint, typesetter, ready=ready)
    pdf = write_pdf(tree, imprint, typesetter=typesetter)  # last: it takes the most memory
    return DocumentSet(
        docx=docx, pdf=pdf.data, figures=MappingProxyType(dict(figures)), findings=pdf.findings
    )
