"""What is computed beside a pool on request: subgroups, regression, sensitivity, asymmetry."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from scipy.special import chdtrc

from tamis.domain.errors import BadInput, BadRows, Place
from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis.bayes import bayes
from tamis.synthesis.bootstrap_prediction import predict_by_bootstrap
from tamis.synthesis.fit import Fit
from tamis.synthesis.heterogeneity import heterogeneity
from tamis.synthesis.inverse_variance import fit_rows
from tamis.synthesis.measures import Measure
from tamis.synthesis.regression.design import design_of
from tamis.synthesis.regression.formula import Formula, read_formula
from tamis.synthesis.regression.model import RegressionResult, regress
from tamis.synthesis.scales import SIZED, back
from tamis.synthesis.sensitivity import cumulative, influence, leave_one_out
from tamis.synthesis.settings import PoolSettings, confidence, normal_quantile
from tamis.synthesis.small_study import asymmetry

__all__ = [
    "ALSO",
    "Moderators",
    "Subgroup",
    "Subgroups",
    "also_of",
    "read_labels",
    "read_moderators",
    "regression_of",
    "requested_json",
    "subgroups_of",
]

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroup:
    """One subgroup: its studies pooled, or its only study; on the shown scale and the other."""

    name: str
    k: int
    y: float
    se: float
    estimate: float
    ci_low: float
    ci_high: float
    tau2: float | None
    i2: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subgroups:
    """Subgroups with the test of their difference.

    ``q`` compares the pools, each with its own tau2 (chi² on ``df``). ``pooled_q`` is the same with
    one tau2 for all, as a regression on the column; ``None`` where it is not defined.
    """

    column: str
    groups: tuple[Subgroup, ...]
    q: float | None
    df: int
    p: float | None
    pooled_q: float | None = None
    pooled_p: float | None = None
    pooled_tau2: float | None = None


#: A series of analyses by name -> how it is made, and the fewest studies it needs.
_SERIES: Mapping[str, tuple[Callable[..., object], int]] = MappingProxyType(
    {
        "leave-one-out": (leave_one_out, 3),
        "cumulative": (cumulative, 2),
        "influence": (influence, 3),
    }
)

#: What can be asked for by name.
ALSO = (*_SERIES, "asymmetry", "bayes", "heterogeneity", "bootstrap")

#: The default prior of tau, half-normal(0.5), is meant for these scales (Röver 2021).
_PRIOR_FITS = ("log", "logit")


def also_of(
    names: Sequence[str], rows: Sequence[EffectRow], kind: Measure, settings: PoolSettings
) -> Mapping[str, object]:
    """Return each analysis that was asked for under its name, or why it was not made.

    Raises
    ------
    BadInput
        For a name that is not in ``ALSO``.
    """
    unknown = [name for name in names if name not in ALSO]
    if unknown:
        raise BadInput(f"{unknown[0]!r} is no analysis", f"use {', '.join(ALSO)}")
    return {name: _one(name, rows, kind, settings) for name in names}


def _predicted(rows: Sequence[EffectRow], kind: Measure, settings: PoolSettings) -> object:
    """Return the bootstrap prediction interval on the scale that is shown."""
    found = predict_by_bootstrap(rows, level=settings.level)
    if isinstance(found, Refusal):
        return found
    return replace(found, low=back(kind.scale, found.low), high=back(kind.scale, found.high))


#: Analyses that say themselves when there are too few studies.
_PLAIN: Mapping[str, Callable[[Sequence[EffectRow], Measure, PoolSettings], object]] = {
    "asymmetry": lambda rows, kind, settings: asymmetry(rows),
    "heterogeneity": lambda rows, kind, settings: heterogeneity(rows, settings=settings),
    "bootstrap": _predicted,
}


def _one(name: str, rows: Sequence[EffectRow], kind: Measure, settings: PoolSettings) -> object:
    if name in _SERIES:
        made, fewest = _SERIES[name]
        if len(rows) < fewest:
            return Refusal(
                rule="too-few-studies",
                message=f"{name} needs {fewest} studies, and there are {len(rows)}.",
            )
        return made(rows, settings=settings)
    if name in _PLAIN:
        return _PLAIN[name](rows, kind, settings)
    if kind.scale not in _PRIOR_FITS and not kind.name.startswith("SMD"):
        return Refusal(
            rule="no-prior",
            message=f"The default prior of tau is for log ratios and SMD; {kind.name} needs its "
            "own: call tamis.synthesis.bayes.bayes with a prior.",
        )
    return bayes(rows, level=settings.level)


def subgroups_of(
    column: str,
    labels: Sequence[str],
    rows: Sequence[EffectRow],
    kind: Measure,
    settings: PoolSettings,
) -> Subgroups | Refusal:
    """Pool every subgroup and test whether they differ.

    Parameters
    ----------
    column
        Name of the column, for display.
    labels
        One a row; the subgroups keep the order in which they first stand.
    rows
        Effects and variances on the analysis scale.
    kind, settings
        How they are pooled and shown.

    References
    ----------
    Borenstein & Higgins 2013, Prevention Science 14:134.

    Examples
    --------
    >>> from tamis.synthesis.measures import measure_of
    >>> rows = [EffectRow(study=s, y=y, v=0.1) for s, y in (("a", 0), ("b", 0), ("c", 1))]
    >>> done = subgroups_of("sex", ["f", "f", "m"], rows, measure_of("MD"), PoolSettings())
    >>> round(done.q, 3), done.df
    (6.667, 1)
    """
    if kind.scale in SIZED:
        return Refusal(rule="no-subgroups", message=f"Subgroups of {kind.name} are not made.")
    names = tuple(dict.fromkeys(labels))
    if len(names) < 2:
        return Refusal(rule="one-subgroup", message="There is one subgroup only: nothing to test.")
    parts = [[r for r, label in zip(rows, labels, strict=True) if label == name] for name in names]
    found = [_part(part, settings) for part in parts]
    weights = [1 / (spread * spread) for _, spread, *_ in found]
    mean = math.fsum(w * y for w, (y, *_) in zip(weights, found, strict=True)) / math.fsum(weights)
    q = math.fsum(w * (y - mean) ** 2 for w, (y, *_) in zip(weights, found, strict=True))
    df = len(names) - 1
    design = design_of({column: list(map(_worded, labels))})
    wald = replace(settings, test="z")
    together: RegressionResult | Refusal | None = regress(rows, design, settings=wald)
    if isinstance(together, Refusal):
        together = None
    return Subgroups(
        column=column,
        groups=tuple(
            _shown(name, len(part), one, kind.scale)
            for name, part, one in zip(names, parts, found, strict=True)
        ),
        q=q,
        df=df,
        p=float(chdtrc(df, q)),
        pooled_q=None if together is None else together.qm,
        pooled_p=None if together is None else together.qm_p,
        pooled_tau2=None if together is None else together.tau2,
    )


def _worded(label: str) -> str:
    """Return a label that no empty-cell check stumbles over."""
    return f"= {label}"


#: Effect, normal standard error, shown standard error, limits, and the pool where there is one.
_Part = tuple[float, float, float, float, float, Fit | None]


def _part(rows: Sequence[EffectRow], settings: PoolSettings) -> _Part:
    c = normal_quantile(confidence(settings.level))
    done = fit_rows(rows, settings=settings)
    if isinstance(done, Refusal):  # one study: a subgroup is never empty
        y, se = rows[0].y, math.sqrt(rows[0].v)
        return y, se, se, y - c * se, y + c * se, None
    return done.mu, (done.wald[1] - done.wald[0]) / (2 * c), done.se, done.low, done.high, done


def _shown(name: str, k: int, part: _Part, scale: str) -> Subgroup:
    y, _, se, low, high, done = part
    return Subgroup(
        name=name,
        k=k,
        y=y,
        se=se,
        estimate=back(scale, y),
        ci_low=back(scale, low),
        ci_high=back(scale, high),
        tau2=None if done is None else done.tau2,
        i2=None if done is None else done.i2,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Moderators:
    """The formula and its columns, one value a study."""

    formula: Formula
    columns: Mapping[str, Sequence[float | str]] = field(default_factory=dict)


def read_moderators(asked: Sequence[str] | str, table: Sequence[Row], *, name: str) -> Moderators:
    """Read what a regression needs from a table.

    Parameters
    ----------
    asked
        A formula, or names of columns (products as ``a:b``).
    table
        Rows; a column of numbers throughout is continuous, any other categorical.
    name
        Name of the table in error messages.

    Raises
    ------
    BadInput
        For a formula that is not understood, an unknown column, and for every empty cell.
    """
    text = asked if isinstance(asked, str) else ""
    if not isinstance(asked, str):
        formula = Formula(terms=tuple(tuple(one.split(":")) for one in asked))
    else:
        formula = read_formula(text)
    wanted = tuple(dict.fromkeys(column for term in formula.terms for column in term))
    _check_filled(wanted, table, name)
    columns = {column: _column([row[column] for row in table]) for column in wanted}
    return Moderators(formula=formula, columns=columns)


def read_labels(column: str, table: Sequence[Row], *, name: str) -> tuple[str, ...]:
    """Return the subgroup of every row.

    Raises
    ------
    BadInput
        For an unknown column and for every empty cell.
    """
    _check_filled((column,), table, name)
    return tuple(str(row[column]).strip() for row in table)


def _check_filled(wanted: Sequence[str], table: Sequence[Row], name: str) -> None:
    header = list(table[0]) if table else []
    for column in wanted if table else ():
        if column not in header:
            raise BadInput(
                f"there is no column {column!r}",
                f"the table has {', '.join(map(str, header))}",
                where=Place(file=name, line=1),
            )
    gaps = ((line, _gap(row, wanted)) for line, row in enumerate(table, start=2))
    wrong = [
        BadInput(
            "the cell is empty, and the analysis needs it",
            "leave the study out, or name the unknown a level of its own",
            where=Place(file=name, line=line, column=column),
        )
        for line, column in gaps
        if column is not None
    ]
    if wrong:
        raise wrong[0] if len(wrong) == 1 else BadRows(wrong)


def _gap(row: Row, wanted: Sequence[str]) -> str | None:
    for column in wanted:
        cell = row.get(column)
        if str("" if cell is None else cell).strip().lower() in ("", "nan"):
            return column
    return None


def _column(cells: Sequence[object]) -> Sequence[float | str]:
    try:
        numbers = [float(str(cell)) for cell in cells]
    except ValueError:
        return [str(cell).strip() for cell in cells]
    return numbers


def regression_of(
    asked: Moderators, kept: Sequence[int], rows: Sequence[EffectRow], settings: PoolSettings
) -> RegressionResult | Refusal:
    """Regress the effects on the columns; ``kept`` are the rows of the table that have one."""
    columns = {name: [cells[at] for at in kept] for name, cells in asked.columns.items()}
    if len(rows) < 2:
        return Refusal(rule="too-few-studies", message="One study: there is nothing to regress.")
    design = design_of(columns, asked.formula.terms, intercept=asked.formula.intercept)
    return regress(rows, design, settings=settings)


def requested_json(value: object) -> object:
    """Return a result as plain JSON values: no infinities, and NaN as null."""
    if isinstance(value, float) and not math.isfinite(value):
        return None if math.isnan(value) else ("Infinity" if value > 0 else "-Infinity")
    if isinstance(value, tuple | list):
        return [requested_json(one) for one in value]
    fields = value if isinstance(value, Mapping) else _fields(value)
    if fields or isinstance(value, Mapping):
        return {str(k): requested_json(cell) for k, cell in fields.items() if k != "design"}
    return value


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in getattr(value, "__dataclass_fields__", ())}
