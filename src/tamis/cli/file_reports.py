"""What reading citation files found, as commands print it for people and for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tamis.domain.records import ParsedFile, RefusedPart, Repair

if TYPE_CHECKING:  # the room of formats is loaded by the commands that read files, not by --help
    from tamis.formats.report import FileFacts

__all__ = ["as_lines", "as_object"]

#: How many tags that hold no field are named on the screen.
SHOWN = 8

#: Field whose share is told → its name.
SHARES = (("abstract", "abstract"), ("doi", "DOI"), ("year", "year"), ("authors", "authors"))


def as_lines(parsed: ParsedFile, facts: FileFacts, *, written: bool = False) -> list[str]:
    """Return what was mended, set aside and missing, one line a kind; ``--json`` lists all.

    ``written`` says that the records were written as another file, which has no raw tags.
    """
    lines = [*_told("repaired", parsed.repaired), *_told("not a record", parsed.refused)]
    if facts.records:
        shares = ", ".join(f"{name} {facts.share(field)} %" for field, name in SHARES)
        lines.append(f"  records with {shares}")
    if facts.unmapped:
        named = ", ".join(f"{tag} ({n})" for tag, n in list(facts.unmapped.items())[:SHOWN])
        more = len(facts.unmapped) - SHOWN
        rest = f" and {more} more" if more > 0 else ""
        what = "not written" if written else "kept as they are"
        lines.append(f"  {what}, no field holds them: {named}{rest}")
    return [*lines, *(f"  note: {message}" for _, message in facts.remarks)]


def as_object(path: str, parsed: ParsedFile, facts: FileFacts) -> dict[str, Any]:
    """Return one file as ``--json`` prints it."""
    return {
        "path": path,
        "format": parsed.format,
        "database": parsed.database,
        "encoding": parsed.encoding,
        "records": len(parsed.records),
        "repaired": _listed(parsed.repaired),
        "refused": _listed(parsed.refused),
        "report": facts.as_dict(),
    }


def _listed(parts: Sequence[Repair | RefusedPart]) -> list[dict[str, object]]:
    return [{"line": part.line, "code": part.code, "message": part.message} for part in parts]


def _told(what: str, parts: Sequence[Repair | RefusedPart]) -> list[str]:
    """Return one line a kind of remark, with the first place and how often."""
    lines = []
    for code in dict.fromkeys(part.code for part in parts):
        found = [part for part in parts if part.code == code]
        more = f" ({len(found)} times; --json lists them all)" if len(found) > 1 else ""
        lines.append(f"  line {found[0].line}: {what}: {found[0].message}{more}")
    return lines
