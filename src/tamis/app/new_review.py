"""Start a review from the workbench: a folder beside the others, with its first two events."""

from __future__ import annotations

import unicodedata
from itertools import count

from tamis.app.init import init_review
from tamis.app.shelf import Shelf
from tamis.domain.errors import BadInput, Conflict, Place, TamisError
from tamis.domain.ids import slugify
from tamis.store.files import failed
from tamis.store.names import is_device

__all__ = ["LANGUAGES", "folder_of", "new_review"]

#: Languages of a report.
LANGUAGES = ("en", "zh")

_LONGEST_TITLE, _LONGEST_NAME = 300, 60


def new_review(shelf: Shelf, *, title: str, name: str = "", language: str = "en", by: str) -> str:
    """Make a review on a shelf; return the name it is opened by.

    Parameters
    ----------
    name
        Of its folder; empty is made of the title, or ``review`` with a number where nothing of
        the title can stand there.

    Raises
    ------
    BadInput
        Naming the field in ``where.column``: a title that is none, a name that is no folder's.
    Conflict
        When something has that name already, or one review alone is served.
    """
    if shelf.alone:
        raise Conflict(
            "one review alone is served here", "serve the folder above it: tamis serve FOLDER"
        )
    shown = " ".join(title.split())
    if not 1 <= len(shown) <= _LONGEST_TITLE or any(map(_is_unseen, shown)):
        raise _wrong("title", "a title has 1 to 300 characters that can be seen", "write it again")
    if language not in LANGUAGES:
        raise _wrong("language", f"{language!r} is no language of a report", "use en or zh")
    folder = _checked(name.strip() or folder_of(shown) or _numbered(shelf))
    root = shelf.folder / folder
    try:
        root.mkdir()
    except FileExistsError as error:
        raise Conflict(
            f"there is something called {folder!r} already",
            "choose another name for the folder",
            where=Place(file="", column="name"),
        ) from error
    except OSError as error:
        raise failed(error, root, doing="make the folder of a review") from error
    try:
        init_review(root, title=shown, language=language, by=by, database=shelf.database)
    except TamisError:
        if not any(root.iterdir()):
            root.rmdir()
        raise
    return folder


def folder_of(title: str) -> str:
    """Return the folder's name that is proposed for a title; empty when nothing of it can stand.

    Examples
    --------
    >>> folder_of("Talc for itch: a review"), folder_of("滑石粉"), folder_of("Aux")
    ('talc-for-itch-a-review', '', 'aux-review')
    """
    if not any(c.isascii() and c.isalnum() for c in title):
        return ""
    name = slugify(title)[:_LONGEST_NAME].strip("-")
    return f"{name}-review" if is_device(name) else name


def _numbered(shelf: Shelf) -> str:
    """Return the first of ``review-1``, ``review-2``, … that no folder has."""
    return next(name for n in count(1) if not (shelf.folder / (name := f"review-{n}")).exists())


def _checked(name: str) -> str:
    if is_device(name):
        raise _wrong(
            "name",
            f"{name!r} is the name of a device on Windows",
            "choose another name for the folder",
        )
    if not name or name != folder_of(name) or len(name) > _LONGEST_NAME:
        raise _wrong(
            "name",
            f"{name!r} can be no folder's name here",
            "use small letters a to z, digits and dashes",
        )
    return name


def _is_unseen(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _wrong(field: str, problem: str, remedy: str) -> BadInput:
    return BadInput(problem, remedy, where=Place(file="", column=field))
