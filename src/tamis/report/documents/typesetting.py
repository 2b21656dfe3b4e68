"""The typesetter: typst source in, PDF, PNG or SVG out; the same source gives the same bytes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

import typst

from tamis.domain.errors import BadInput

__all__ = [
    "STANDARDS", "Faces", "Imprint", "Typesetter", "faces_in", "faces_of_machine", "has_chinese",
    "moment", "without_chinese",
]  # fmt: skip

Standard = Literal["a-2a", "ua-1"]

#: What the PDF keeps to: archivable and accessible, both checked by the typesetter.
STANDARDS: tuple[Standard, ...] = ("a-2a", "ua-1")

_HAN = re.compile(
    r"[\u2e80-\u2fdf\u3000-\u303f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff01-\uff60]"
)

#: Families that set Chinese, the best beside the text face first.
CHINESE = (
    "Noto Serif CJK SC", "Source Han Serif SC", "Songti SC", "STSong", "SimSun", "Noto Serif SC",
    "Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "Noto Sans SC",
    "WenQuanYi Zen Hei", "WenQuanYi Micro Hei", "Hiragino Sans GB", "SimHei",
)  # fmt: skip

#: Stands for a letter that no font has.
BOX = "\N{WHITE SQUARE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imprint:
    """What a document says of itself.

    Attributes
    ----------
    title, authors, language
        As the report has them.
    date
        The report's date, ``YYYY-MM-DDTHH:MM:SS.mmmZ``.
    """

    title: str
    date: str
    authors: tuple[str, ...] = ()
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Faces:
    """Fonts beside those that the typesetter brings along.

    Attributes
    ----------
    folders
        Folders in which the typesetter may look.
    chinese
        The family for Chinese, or nothing where none was found.
    system
        Whether the typesetter may also look among the fonts of this machine.
    """

    folders: tuple[str, ...] = ()
    chinese: str = ""
    system: bool = False


def faces_in(folders: Iterable[str]) -> Faces:
    """Return the fonts of some folders; without one for Chinese there, none is used.

    Examples
    --------
    >>> faces_in(()).chinese
    ''
    """
    paths = tuple(folders)
    if not paths:
        return Faces()
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=list(paths)
    )
    present = set(fonts.families())
    family = next((name for name in CHINESE if name in present), "")
    return Faces(folders=paths, chinese=family) if family else Faces()


def faces_of_machine() -> Faces:
    """Return the fonts of this machine as the typesetter finds them; none without Chinese."""
    fonts = typst.Fonts(include_system_fonts=True, include_embedded_fonts=False)
    present = set(fonts.families())
    family = next((name for name in CHINESE if name in present), "")
    return Faces(chinese=family, system=True) if family else Faces()


def has_chinese(text: str) -> bool:
    """Tell whether a text needs a font for Chinese.

    Examples
    --------
    >>> has_chinese("狼疮性肾炎"), has_chinese("lupus nephritis")
    (True, False)
    """
    return _HAN.search(text) is not None


def without_chinese(text: str) -> str:
    """Return a text with a box for each Chinese letter, for a machine that cannot set them."""
    return _HAN.sub(BOX, text)


@dataclass(frozen=True, slots=True)
class Typesetter:
    """One typesetter for many sources, so that fonts are looked up once."""

    faces: Faces
    compiler: typst.Compiler

    @classmethod
    def of(cls, faces: Faces) -> Typesetter:
        """Make a typesetter that knows its own fonts and the given ones, and no others."""
        compiler = typst.Compiler(
            font_paths=list(faces.folders),
            ignore_system_fonts=not faces.system,
            sys_inputs={"chinese": faces.chinese},
        )
        return cls(faces, compiler)

    def pdf(self, source: str, *, at: str, standards: Sequence[Standard] = STANDARDS) -> bytes:
        """Return a PDF.

        Parameters
        ----------
        source
            The text in typst.
        at
            Time that the file gives as its own.
        standards
            What it must keep to; the typesetter refuses to write a file that does not.

        Raises
        ------
        BadInput
            When the source cannot be set.
        """
        made = self._made(source, kind="pdf", at=at, standards=standards)
        return b"".join(made) if isinstance(made, list) else made

    def png(self, source: str, *, ppi: float) -> tuple[bytes, ...]:
        """Return each page as PNG, at so many pixels per inch."""
        made = self._made(source, kind="png", ppi=ppi)
        return tuple(made) if isinstance(made, list) else (made,)

    def _made(
        self,
        source: str,
        *,
        kind: Literal["pdf", "png"],
        at: str = "1970-01-01T00:00:00.000Z",
        standards: Sequence[Standard] = (),
        ppi: float = 144,
    ) -> bytes | list[bytes]:
        try:
            made, warned = self.compiler.compile_with_warnings(
                input=source.encode(),
                format=kind,
                ppi=ppi,
                timestamp=moment(at),
                pdf_standards=list(standards),
            )
        except typst.TypstError as error:
            hints = "; ".join(error.hints) or "look at the text it stopped at"
            raise BadInput(f"the typesetter stopped: {error.message}", hints) from error
        lost = next((str(w) for w in warned if "ignored" in str(w)), "")
        if lost or made is None:
            raise BadInput(f"the typesetter left something out: {lost}", "build again")
        return made


def moment(at: str) -> int:
    """Return a time as seconds since 1970.

    Examples
    --------
    >>> moment("1970-01-02T00:00:00.000Z")
    86400
    """
    return int(datetime.fromisoformat(at.replace("Z", "+00:00")).timestamp())
