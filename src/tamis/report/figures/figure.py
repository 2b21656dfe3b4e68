"""A finished figure as a value: SVG, PDF and PNG from one drawing, and the numbers behind it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tamis.domain.errors import BadInput
from tamis.report.documents.figures import DPI, SHEET, image
from tamis.report.documents.tree import Picture
from tamis.report.documents.typesetting import Faces, Typesetter, faces_of_machine, has_chinese
from tamis.report.documents.typst_text import quoted

__all__ = ["SUFFIXES", "Cell", "Figure", "clean", "suffix_of"]

#: What stands in a cell of a figure's table.
Cell = str | float | int | None

#: Endings of files that a figure can be.
SUFFIXES = ("svg", "pdf", "png")

#: Text of a drawing, and runs of letters that need a font for Chinese, Japanese or Korean.
_TEXT = re.compile(r"<text\b([^>]*>[^<]*</text>)")
_WIDE = re.compile(
    r"[\u1100-\u11ff\u2e80-\u303f\u3041-\u33ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\uff01-\uffee]+"
)

#: Characters that no XML document may hold.
_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

_SIZE = re.compile(r'<svg[^>]* width="([\d.]+)" height="([\d.]+)"')


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure; it does not change, and the same numbers give the same bytes.

    Attributes
    ----------
    kind
        ``forest``, ``funnel``, ``baujat``, ``cumulative``, ``leave-one-out``, ``influence``,
        ``bubble``, ``labbe`` or ``radial``.
    title, desc
        What is shown, and what it shows, for readers who do not see it.
    rows
        The numbers behind it, one mapping a row.
    drawing
        The whole as one SVG document.
    pages
        The same in parts that fit on a page; one where it is small enough.

    Examples
    --------
    >>> svg = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><path/></svg>'
    >>> figure = Figure(kind="forest", title="t", desc="", rows=({"study": "a"},), drawing=svg)
    >>> figure.svg() == svg, figure.pdf()[:5], figure.png()[1:4], figure.table()[0]["study"]
    (True, b'%PDF-', b'PNG', 'a')
    """

    kind: str
    title: str
    desc: str
    rows: tuple[Mapping[str, Cell], ...]
    drawing: str
    pages: tuple[str, ...] = ()

    def svg(self) -> str:
        """Return the figure as SVG: real text, with title and description, no script."""
        return self.drawing

    def _repr_svg_(self) -> str:
        return self.drawing

    def table(self) -> tuple[Mapping[str, Cell], ...]:
        """Return the numbers that are drawn, with full precision; unknown is ``None``."""
        return self.rows

    def pdf(self, *, faces: Faces | None = None) -> bytes:
        """Return the figure as PDF with its fonts in it, each part on a page of its own size.

        Parameters
        ----------
        faces
            Fonts beside the typesetter's own. By default those of this machine are looked at where
            the figure holds letters (Chinese, Japanese, Korean) that the typesetter's own lack;
            what no font has is shown as a box.
        """
        setter = self._typesetter(faces)
        parts = self.pages or (self.drawing,)
        drawn = (image(_picture(part, self._said(), setter), setter) for part in parts)
        pages = "\n#pagebreak()\n".join(drawn)
        source = f"#set document(title: {quoted(self.title)}, date: none)\n{SHEET}{pages}"
        try:
            return setter.pdf(source, at=_NO_DATE, standards=("ua-1",))
        except BadInput as error:
            if "could not be displayed" not in error.problem and "codepoint" not in error.problem:
                raise
            return setter.pdf(source, at=_NO_DATE, standards=())

    def png(self, dpi: float = DPI, *, faces: Faces | None = None) -> bytes:
        """Return the whole figure as PNG at so many dots an inch.

        Raises
        ------
        BadInput
            For a resolution that is not between 20 and 2400.
        """
        if not 20 <= dpi <= 2400:
            raise BadInput(f"{dpi:g} dots an inch is no resolution", "use 300, or 20 to 2400")
        setter = self._typesetter(faces)
        source = SHEET + image(_picture(self.drawing, self._said(), setter), setter)
        return setter.png(source, ppi=dpi)[0]

    def encoded(self, suffix: str, *, faces: Faces | None = None) -> bytes:
        """Return the figure in the form that a suffix names: ``svg``, ``pdf`` or ``png``."""
        forms: Mapping[str, Callable[[], bytes]] = {
            "svg": self.drawing.encode,
            "pdf": lambda: self.pdf(faces=faces),
            "png": lambda: self.png(faces=faces),
        }
        return forms[suffix_of(f"figure.{suffix}")]()

    def _said(self) -> str:
        return ". ".join(filter(None, (self.title, self.desc)))

    def _typesetter(self, faces: Faces | None) -> Typesetter:
        if faces is None:
            faces = faces_of_machine() if _needs_more(self.drawing) else Faces()
        return Typesetter.of(faces)


#: Time of the typesetter's clock; the files bear no date.
_NO_DATE = "1970-01-01T00:00:00.000Z"


def clean(drawing: str) -> str:
    r"""Return a drawing with a sign in the place of each character that it may not hold.

    Examples
    --------
    >>> clean("a\x07b")
    'a\ufffdb'
    """
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", drawing)


def suffix_of(name: str) -> str:
    """Return the suffix of a file that a figure can be written to.

    Examples
    --------
    >>> suffix_of("out/forest.PDF")
    'pdf'
    """
    base = name.replace("\\", "/").rpartition("/")[2]
    stem, _, suffix = base.rpartition(".")
    if not stem or suffix.lower() not in SUFFIXES:
        raise BadInput(
            f"a figure cannot be written as {base!r}", "give a name that ends in .svg, .pdf or .png"
        )
    return suffix.lower()


def _picture(svg: str, alt: str, setter: Typesetter) -> Picture:
    found = _SIZE.search(svg)
    width, height = (float(found[1]), float(found[2])) if found else (100.0, 100.0)
    svg = _dressed(svg, setter.faces.chinese)
    return Picture(svg=svg, width=width, height=height, alt=alt)


def _dressed(svg: str, family: str) -> str:
    """Return a drawing whose texts with wide letters ask for a font that has them first.

    A typesetter that lacks one letter of a text sets the whole text in whichever font has it.
    """
    if not family:
        return svg
    name = f'<text font-family="{family}"'
    return _TEXT.sub(lambda found: name + found[1] if _WIDE.search(found[0]) else found[0], svg)


def _needs_more(text: str) -> bool:
    return has_chinese(text) or _WIDE.search(text) is not None
