"""The reviews of a folder: which there are, and each of them kept open while a server runs."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from tamis.app.live import LiveReview
from tamis.app.protocol.protocol import FILE, parse_protocol
from tamis.domain.errors import NotFound, TamisError
from tamis.domain.ids import slugify

__all__ = ["Shelf", "Spine"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spine:
    """What can be said of a review without opening it; ``trouble`` when it cannot be read."""

    name: str
    title: str
    trouble: str = ""


class Shelf:
    """The reviews under a folder, by the name of their folder.

    Parameters
    ----------
    folder
        A review itself, or the folder above several.
    database
        Address of the database that holds their logs on a team server; else empty.
    """

    def __init__(self, folder: Path, *, database: str = "") -> None:
        self.folder = folder.resolve()
        self.alone = (self.folder / FILE).is_file()
        self._database = database
        self._open: dict[str, LiveReview] = {}
        self._spines: dict[Path, tuple[tuple[int, int], Spine]] = {}
        self._lock = threading.Lock()

    def names(self) -> tuple[str, ...]:
        """Return the names of the reviews, sorted."""
        return tuple(sorted(self._roots()))

    def spines(self) -> tuple[Spine, ...]:
        """Return what each review is called."""
        return tuple(self._known(name, root) for name, root in sorted(self._roots().items()))

    def _known(self, name: str, root: Path) -> Spine:
        """Return what a review is called; its protocol is read again when its file changed."""
        try:
            seen = (root / FILE).stat()
        except OSError:
            return self._spine(name, root)
        stamp = (seen.st_mtime_ns, seen.st_size)
        held = self._spines.get(root)
        if held is None or held[0] != stamp or held[1].name != name:
            held = self._spines[root] = (stamp, self._spine(name, root))
        return held[1]

    def open(self, name: str) -> LiveReview:
        """Return an open review.

        Raises
        ------
        NotFound
            When there is no review of that name.
        """
        with self._lock:
            if name not in self._open:
                root = self._roots().get(name)
                if root is None:
                    raise NotFound(f"there is no review {name!r} here", "choose one of the list")
                self._open[name] = LiveReview(root, database=self._database)
            return self._open[name]

    @property
    def database(self) -> str:
        """The address of the database that holds the logs; empty where the folders do."""
        return self._database

    def close(self) -> None:
        """Close every review that is open."""
        with self._lock:
            for live in self._open.values():
                live.review.close()
            self._open.clear()

    def _roots(self) -> dict[str, Path]:
        found = (
            [self.folder]
            if self.alone
            else [path.parent for path in self.folder.glob(f"*/{FILE}") if path.is_file()]
        )
        roots: dict[str, Path] = {}
        for root in sorted(found):
            name = slugify(root.name)
            while name in roots:
                name += "-2"
            roots[name] = root
        return roots

    def _spine(self, name: str, root: Path) -> Spine:
        try:
            protocol = parse_protocol((root / FILE).read_text(encoding="utf-8-sig"), name=FILE)
        except TamisError as error:
            return Spine(name=name, title=name, trouble=str(error))
        except (OSError, UnicodeDecodeError) as error:
            return Spine(name=name, title=name, trouble=str(error))
        return Spine(name=name, title=protocol.head.title or name)
