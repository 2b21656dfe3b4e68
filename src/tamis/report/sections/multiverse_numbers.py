"""What the parts of a multiverse are called in a report, and its numbers as quantities."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.multiverse import MultiverseResult, SpecificationResult
from tamis.domain.question import Outcome
from tamis.report.book import Book
from tamis.report.measures import measure_of, printed_digits, side_digits
from tamis.report.phrase import NBSP, Phrase, Piece, say

__all__ = [
    "ALL", "NONE", "STATEMENTS", "Scale", "axes_of", "count", "drawn", "interval", "option_words",
    "printed", "scale_of", "share",
]  # fmt: skip

#: More analyses than this are not drawn and listed one by one; the bundle has them all.
MOST = 80

#: The count on which the others of a multiverse rest.
ALL = "planned"

#: An axis that does not apply to a choice of data.
NONE = "none"

#: Statement -> its words, and its words in Chinese.
STATEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "benefit": "better by an important difference",
        "little-or-none": "little or no difference",
        "harm": "worse by an important difference",
        "cannot-tell": "cannot tell",
    }
)

#: Options as the settings of the program name them -> words.
OPTIONS: Mapping[str, str] = MappingProxyType(
    {
        "adhoc": "Hartung-Knapp with floor", "adhoc-ci": "Hartung-Knapp, the wider of two",
        "knha": "Hartung-Knapp", "z": "Wald, of a pool", "kr": "Kenward-Roger", "bayes": "Bayesian",
        "auto": "as usual", "FE": "common effect", "PM": "Paule-Mandel", "MH": "Mantel-Haenszel",
        "DL": "DerSimonian-Laird", "PETO": "Peto", "only0": "half an event where a cell is empty",
        "all": "half an event everywhere",
    }
)  # fmt: skip

RULE = "analysis of a multiverse, as a difference on the scale of its thresholds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How differences of one question are printed."""

    times: float
    digits: int
    unit: str
    important: float | None


def scale_of(book: Book, found: MultiverseResult, outcome: Outcome | None) -> Scale:
    """Return how the differences of a multiverse are printed."""
    if measure_of(found.base.measure).ratio or found.base.measure == "RD":
        mark = None if found.important is None else 100 * found.important
        return Scale(times=100, digits=0, unit="percentage points", important=mark)
    values = [book.values[name] for one in found.kept for name in one.inputs if name in book.values]
    digits = printed_digits(values)
    unit = outcome.unit if outcome else ""
    return Scale(times=1, digits=digits, unit=unit, important=found.important)


def drawn(found: MultiverseResult) -> tuple[SpecificationResult, ...]:
    """Return what is drawn: all, or evenly thinned with the primary one among them."""
    kept = found.kept
    if len(kept) <= MOST:
        return kept
    step = len(kept) / MOST
    places = {int(step * place) for place in range(MOST)}
    places |= {at for at, one in enumerate(kept) if one.id == found.primary}
    return tuple(kept[at] for at in sorted(places))


def axes_of(found: MultiverseResult) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the axes on which the computed analyses differ, with their options in order."""
    names = dict.fromkeys(axis for one in found.specifications for axis, _ in one.options)
    axes = []
    for axis in names:
        taken = dict.fromkeys(
            one.option(axis) for one in found.specifications if not one.same_as
        )  # fmt: skip
        options = tuple(option for option in taken if option != NONE)
        if len(options) > 1:
            axes.append((axis, options))
    return tuple(axes)


def option_words(book: Book, axis: str, option: str) -> Piece:
    """Return an option in words."""
    if axis == "measure":
        return measure_of(option).name
    known = OPTIONS.get(option)
    return known if known else book.lit(option, "label")


def _inputs(book: Book, found: MultiverseResult) -> list[str]:
    """Return what all analyses rest on: the data of each choice, which name their values."""
    names = dict.fromkeys(_data(book, found, one) for one in found.specifications if one.inputs)
    return list(names) or [found.base.id]


def count(book: Book, found: MultiverseResult, field: str, n: int, what: str) -> Piece:
    """Return a number of analyses; each count rests on that of all planned ones."""
    whole = f"multiverse:{found.plan.id}#{ALL}"
    return book.number(
        f"multiverse:{found.plan.id}#{field}", n, digits=0,
        inputs=_inputs(book, found) if field == ALL else [whole],
        rule="number of analyses of the multiverse", what=what,
    )  # fmt: skip


def share(book: Book, found: MultiverseResult) -> Piece:
    """Return the share of analyses with another statement than the primary one, in percent."""
    of = found.share
    return book.number(
        f"multiverse:{found.plan.id}#share", None if of is None else 100 * of, digits=0,
        unit="%", inputs=[f"multiverse:{found.plan.id}#{ALL}"],
        rule="analyses with another statement than the primary one, of those that have a result",
        what="share of analyses with another statement",
    )  # fmt: skip


def printed(one: SpecificationResult, scale: Scale) -> tuple[float, float, float] | None:
    """Return estimate and limits on the printed scale; ``None`` of a refused analysis."""
    if one.absolute is None:
        return None
    estimate, low, high = (number * scale.times for number in one.absolute)
    return estimate, low, high


def interval(book: Book, found: MultiverseResult, one: SpecificationResult, scale: Scale) -> Phrase:
    """Return estimate and limits as quantities, the limits resting on the estimate."""
    numbers = printed(one, scale) or (None, None, None)
    estimate, low, high = (
        _number(book, found, one, field, value, digits=side_digits(value, scale.digits, 0.0))
        for field, value in zip(("estimate", "low", "high"), numbers, strict=True)
    )
    return say(f"{{e}} ({{l}}{NBSP}to{NBSP}{{h}})", e=estimate, l=low, h=high)


def _number(
    book: Book,
    found: MultiverseResult,
    one: SpecificationResult,
    field: str,
    value: float | None,
    *,
    digits: int,
) -> Piece:
    name = f"multiverse:{found.plan.id}/{one.id}#"
    first = field == "estimate"
    return book.number(
        f"{name}{field}",
        value,
        digits=digits,
        inputs=(_data(book, found, one),) if first else (f"{name}estimate",),
        rule=RULE if first else "limit of the interval of this analysis",
        settings={"choices": _choices(one)} if first else {},
        what=say("{field} of the analysis {id}", field=field, id=book.lit(one.id, "identifier")),
    )  # fmt: skip


def _choices(one: SpecificationResult) -> str:
    return "; ".join(f"{axis}: {option}" for axis, option in one.options if option != NONE)


def _data(book: Book, found: MultiverseResult, one: SpecificationResult) -> str:
    """Return the id of the number of studies in the data of an analysis, which names the values."""
    same = next(o for o in found.specifications if o.inputs == one.inputs)
    name = f"multiverse:{found.plan.id}/{same.id}#studies"
    book.number(
        name, one.k, digits=0, inputs=one.inputs or (found.base.id,),
        rule="number of studies in this choice of data", what="studies in this choice of data",
    )  # fmt: skip
    return name
