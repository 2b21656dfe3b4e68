"""Fonts of this machine: where those lie that can set a language the typesetter cannot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["MachineFonts"]

#: Folders of fonts on Linux, macOS and Windows. Folders that do not exist are passed over.
FOLDERS = (
    "/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts",
    "/Library/Fonts", "/System/Library/Fonts", "~/Library/Fonts",
    "C:/Windows/Fonts", "~/AppData/Local/Microsoft/Windows/Fonts",
)  # fmt: skip

#: Language -> names of font files that set it, those preferred first.
FILES = {
    "zh": (
        "NotoSerifCJK*", "NotoSerifSC*", "SourceHanSerif*", "Songti*", "simsun*", "NotoSansCJK*",
        "NotoSansSC*", "SourceHanSans*", "PingFang*", "msyh*", "wqy-*", "simhei*",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class MachineFonts:
    """The fonts that are installed; another list of folders serves tests."""

    folders: Sequence[str] = FOLDERS

    def find(self, language: str) -> tuple[str, ...]:
        """Return the folder of the best font for a language, or nothing.

        Examples
        --------
        >>> MachineFonts(folders=()).find("zh")
        ()
        """
        present = sorted(self._files())
        for pattern in FILES.get(language[:2], ()):
            for path in present:
                if path.match(pattern):
                    return (str(path.parent),)
        return ()

    def _files(self) -> Iterator[Path]:
        for name in self.folders:
            folder = Path(name).expanduser()
            if folder.is_dir():
                yield from (p for p in folder.rglob("*.[ot]t[cf]") if p.is_file())
