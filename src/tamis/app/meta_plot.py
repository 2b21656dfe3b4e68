"""The files that ``tamis meta`` writes: figures of the result, and the script for metafor.

What draws and typesets is loaded when a figure is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tamis.app.review import write_outside
from tamis.domain.errors import BadInput
from tamis.synthesis import MetaResult

if TYPE_CHECKING:
    from tamis.report.figures import Figure

__all__ = ["MetaFiles", "check_files", "drawn", "write_files"]

#: Columns of a table that begin so are judgements of risk of bias, one domain each.
BIAS = ("rob_", "rob.")

#: What stands between the two sides of a favours-label.
BETWEEN = "|"


@dataclass(frozen=True, slots=True, kw_only=True)
class MetaFiles:
    """What is written beside the answer.

    Attributes
    ----------
    script
        A file for the same analysis as a metafor script.
    plots
        Files for the figure; their suffixes say in which form.
    kind
        Which figure.
    favours
        What the left and the right side of a forest plot mean, with ``|`` between them.
    """

    script: Path | None = None
    plots: tuple[Path, ...] = ()
    kind: str = "forest"
    favours: str = ""


def check_files(files: MetaFiles) -> None:
    """Refuse what cannot be written, before anything is computed.

    Raises
    ------
    BadInput
        For a suffix or a kind of figure that there is not, one file twice, half a favours-label.
    """
    from tamis.report.figures import figure_of, suffix_of

    figure_of(files.kind)
    for path in files.plots:
        suffix_of(path.name)
    every = [path for path in (*files.plots, files.script) if path is not None]
    if len({path.absolute() for path in every}) < len(every):
        raise BadInput("one file is named twice", "give each figure and the script its own name")
    if files.favours and files.favours.count(BETWEEN) != 1:
        raise BadInput(
            f"{files.favours!r} does not name two sides",
            "write --favours 'left side|right side'",
        )


def drawn(
    result: MetaResult, rows: Sequence[Mapping[str, str]], files: MetaFiles
) -> Iterator[tuple[Path, bytes]]:
    """Yield the files of the figure with their bytes."""
    if not files.plots:
        return
    from tamis.report.figures import suffix_of

    figure = _figure(result, rows, files)
    for path in files.plots:
        yield path, figure.encoded(suffix_of(path.name))


def _figure(result: MetaResult, rows: Sequence[Mapping[str, str]], files: MetaFiles) -> Figure:
    from tamis.report.figures import figure_of, forest

    if files.kind != "forest":
        return figure_of(files.kind)(result)
    left, _, right = files.favours.partition(BETWEEN)
    return forest(result, bias=_bias(result, rows), favours=(left.strip(), right.strip()))


def _bias(result: MetaResult, rows: Sequence[Mapping[str, str]]) -> dict[str, dict[str, str]]:
    """Return the judgements of the table by study and domain."""
    names = [name for name in (rows[0] if rows else ()) if name.lower().startswith(BIAS)]
    found = {
        one.study: {name[len(BIAS[0]) :]: row[name].strip() for name in names}
        for one, row in zip(result.studies, rows, strict=False)
    }
    return {study: row for study, row in found.items() if any(row.values())}


def write_files(made: Sequence[tuple[Path, bytes]]) -> None:
    """Write what was made, each file whole or not at all."""
    for path, data in made:
        write_outside(path, data)
