"""The columns of a forest plot: which there are, what their heads say, what stands in a row."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.results import (
    BinaryRow,
    CorrelationRow,
    MeansRow,
    ProportionRow,
    RateRow,
    SingleRateRow,
)
from tamis.report.documents.sheet import Place, wrapped
from tamis.report.figures.given import Given
from tamis.report.figures.words import number
from tamis.report.phrase import plain
from tamis.report.wrapping import wrapped as by_letters

__all__ = ["COLUMNS", "HEAD_WIDE", "Columns", "columns_of", "heads_of", "named", "side_of"]

#: The columns by name, in the order in which they stand when nothing else is asked for.
COLUMNS = ("study", "arm1", "arm2", "plot", "effect", "weight", "bias")

#: Widest text in em: name of a study, head of a column, text of the user's own columns.
NAME_WIDE, HEAD_WIDE, OWN_WIDE = 17.0, 11.0, 16.0


def _events(events: int, n: int) -> str:
    return f"{events}/{n}"


def _means(mean: float, sd: float, n: int) -> str:
    return f"{_short(mean)} ({_short(sd)}), {n}"


def _short(value: float) -> str:
    """Return a mean or an SD as it was given, at most four figures of it."""
    text = f"{value:.4g}"
    return (f"{value:.0f}" if "e" in text else text).replace("-", "\N{MINUS SIGN}")


#: Kind of row -> (what is counted, names of its arms, the cell of each).
_Arms = tuple[str, tuple[str, ...], Callable[..., tuple[str, ...]]]

_ARMS: Mapping[type, _Arms] = MappingProxyType(
    {
        BinaryRow: (
            "events/total", ("Intervention", "Comparator"),
            lambda r: (_events(r.events_1, r.n_1), _events(r.events_2, r.n_2)),
        ),
        MeansRow: (
            "mean (SD), n", ("Intervention", "Comparator"),
            lambda r: (_means(r.mean_1, r.sd_1, r.n_1), _means(r.mean_2, r.sd_2, r.n_2)),
        ),
        RateRow: (
            "events/time", ("Intervention", "Comparator"),
            lambda r: (f"{r.events_1}/{_short(r.time_1)}", f"{r.events_2}/{_short(r.time_2)}"),
        ),
        ProportionRow: ("events/total", ("",), lambda r: (_events(r.events, r.n),)),
        SingleRateRow: ("events/time", ("",), lambda r: (f"{r.events}/{_short(r.time)}",)),
        CorrelationRow: ("n", ("",), lambda r: (str(r.n),)),
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The chosen columns, the lines of their heads, and the cells of text by study's place."""

    names: tuple[str, ...]
    heads: Mapping[str, tuple[str, ...]]
    cells: Mapping[str, tuple[tuple[str, ...], ...]] = field(default_factory=dict)
    numeric: frozenset[str] = frozenset()

    @property
    def plot(self) -> int:
        """Which column is the plot."""
        return self.names.index("plot")


def columns_of(
    given: Given,
    *,
    asked: Sequence[str],
    labels: Mapping[str, str],
    beside: Mapping[str, Sequence[object]],
    bias: bool,
) -> Columns:
    """Return the columns of a forest plot.

    Raises
    ------
    BadInput
        For a column that there is not, one asked for twice, no plot among them, and for a column
        of one's own that has not one cell a study.
    """
    cells = {**_arm_cells(given), **_own_cells(beside, len(given.studies))}
    there = _there(given, tuple(cells), bias=bias)
    names = tuple(asked) or tuple(
        name for name in (*COLUMNS[:3], *beside, *COLUMNS[3:]) if name in there
    )
    wrong = [name for name in (*names, *labels) if name not in there]
    if wrong:
        raise BadInput(f"there is no column {wrong[0]!r}", f"use some of {', '.join(there)}")
    if len(set(names)) < len(names) or "plot" not in names or "study" not in names:
        raise BadInput(
            "the columns of a forest plot need 'study' and 'plot', and each once",
            f"use some of {', '.join(there)}",
        )
    heads = {name: _head(name, given, labels) for name in names}
    own = {name for name in beside if _numeric(beside[name])}
    return Columns(
        names=names, heads=heads, cells=cells,
        numeric=frozenset({"arm1", "arm2", "effect", "weight", *own}),
    )  # fmt: skip


def _there(given: Given, cells: Sequence[str], *, bias: bool) -> tuple[str, ...]:
    weighted = any(one.weight is not None for one in given.studies)
    there = {"study": True, "plot": True, "effect": True, "weight": weighted, "bias": bias}
    every = dict.fromkeys((*COLUMNS, *cells))
    return tuple(name for name in every if there.get(name, name in cells))


def _arm_cells(given: Given) -> dict[str, tuple[tuple[str, ...], ...]]:
    found = _ARMS.get(type(given.rows[0])) if given.rows else None
    same = found is not None and {type(row) for row in given.rows} == {type(given.rows[0])}
    if found is None or not same or len(given.rows) != len(given.studies):
        return {}
    rows = [found[2](row) for row in given.rows]
    return {f"arm{n + 1}": tuple((row[n],) for row in rows) for n in range(len(found[1]))}


def _own_cells(
    beside: Mapping[str, Sequence[object]], studies: int
) -> dict[str, tuple[tuple[str, ...], ...]]:
    for name, cells in beside.items():
        if name in COLUMNS:
            raise BadInput(f"{name!r} is a column of the figure", "give yours another name")
        if len(cells) != studies:
            raise BadInput(
                f"the column {name!r} has {len(cells)} cells for {studies} studies",
                "give one cell a study, empty where nothing is known",
            )
    return {name: tuple(_own(cell) for cell in cells) for name, cells in beside.items()}


def _own(cell: object) -> tuple[str, ...]:
    words = number(cell, 2) if isinstance(cell, float) else "" if cell is None else str(cell)
    return tuple(wrapped(words, OWN_WIDE))


def _numeric(cells: Sequence[object]) -> bool:
    there = [str(cell).replace("\N{MINUS SIGN}", "-") for cell in cells if cell not in (None, "")]
    return bool(there) and all(_is_number(cell) for cell in there)


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


def _head(name: str, given: Given, labels: Mapping[str, str]) -> tuple[str, ...]:
    if name in labels:
        lines = [part for line in labels[name].split("\n") for part in wrapped(line, OWN_WIDE)]
        return (*lines, *_counted(name, given)) if name in ("arm1", "arm2") else tuple(lines)
    if name in ("arm1", "arm2"):
        _, arms, _ = _ARMS[type(given.rows[0])]
        title = arms[int(name[-1]) - 1]
        counted = _counted(name, given)
        return (
            (title, *counted)
            if title
            else tuple(one if one == "n" else one.capitalize() for one in counted)
        )
    if name == "effect":
        return (*wrapped(given.heading, HEAD_WIDE), f"({given.percent} CI)")
    return {"study": ("Study",), "weight": ("Weight",), "plot": (), "bias": ()}.get(name, (name,))


def _counted(name: str, given: Given) -> tuple[str, ...]:
    return (_ARMS[type(given.rows[0])][0],) if name.startswith("arm") else ()


def named(name: str) -> tuple[str, ...]:
    """Return a name as lines; one without spaces (Chinese) is broken between letters."""
    return tuple(plain(line) for line in by_letters(name, int(2 * NAME_WIDE)))


def side_of(columns: Columns, name: str) -> str:
    """Return on which side the text of a column stands."""
    return "right" if name in columns.numeric else "left"


def heads_of(columns: Columns) -> tuple[Place, ...]:
    """Return the places of the head."""
    return tuple(
        Place(lines=columns.heads[name], side=side_of(columns, name)) for name in columns.names
    )
