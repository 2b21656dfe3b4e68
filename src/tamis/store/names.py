"""Names of files inside an archive: legal on every system, and inside the folder they belong to."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

from tamis.domain.errors import BadInput, Place

__all__ = ["check_name", "check_names", "is_device"]

#: Names that Windows keeps for devices, with any ending.
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "123456789¹²³"}
)

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"|?*\\]')


def check_name(name: str) -> str:
    """Return the name if it is a relative path that every system can hold.

    Raises
    ------
    BadInput
        For an absolute path, ``..``, a drive, a device, a character that Windows refuses.

    Examples
    --------
    >>> check_name("imports/2026-01-05-pubmed.nbib")
    'imports/2026-01-05-pubmed.nbib'
    """
    for part in name.split("/"):
        wrong = _wrong(part)
        if wrong:
            raise BadInput(
                f"the file name {name!r} {wrong}",
                "give the file another name",
                where=Place(file=name.encode("utf-8", "replace").decode()),
            )
    return name


def is_device(part: str) -> bool:
    """Tell whether Windows takes a name for a device, whatever its ending.

    Examples
    --------
    >>> is_device("aux"), is_device("NUL.txt"), is_device("auxiliary")
    (True, True, False)
    """
    return part.partition(".")[0].rstrip().casefold() in _DEVICES


def check_names(names: Iterable[str]) -> None:
    """Refuse names of which two would be one file on a system that ignores case.

    Raises
    ------
    BadInput
        Naming both, or a name that no system should hold.
    """
    taken: dict[str, str] = {}
    for name in names:
        folded = unicodedata.normalize("NFC", check_name(name)).casefold()
        if folded in taken:
            raise BadInput(
                f"the files {taken[folded]!r} and {name!r} would be one file on some systems",
                "give one of them another name",
            )
        taken[folded] = name


def _wrong(part: str) -> str:
    if part in ("", ".", ".."):
        return "leaves its folder or names none"
    if _FORBIDDEN.search(part):
        return "holds a character that not every system allows"
    if part[-1] in ". ":
        return "ends in a point or a space"
    if is_device(part):
        return "is the name of a device on Windows"
    try:
        part.encode()
    except UnicodeEncodeError:
        return "is no text"
    return "" if len(part.encode()) <= 255 else "is too long"
