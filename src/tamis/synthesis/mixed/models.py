"""Which models there are, their settings, and how rows become a model or a refusal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType

import numpy as np

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, RateRow, Refusal, SingleRateRow
from tamis.synthesis.inverse_variance import NO_DATA, ONE_STUDY
from tamis.synthesis.mixed.arms import Arm, Binomial, Hypergeometric, Poisson
from tamis.synthesis.mixed.likelihood import Likelihood
from tamis.synthesis.settings import EffectSettings, ProportionSettings
from tamis.synthesis.sizes.counts import one_by_one, table_of
from tamis.synthesis.sizes.rates import check_rate, rate_effects, single_rate_effects
from tamis.synthesis.tau2 import Floats

__all__ = [
    "LARGEST_TABLE",
    "MODELS",
    "ROWS",
    "Data",
    "MixedRow",
    "MixedSettings",
    "likelihood",
    "prepare",
]

MixedRow = BinaryRow | RateRow | SingleRateRow

#: Measure -> the models that pool it, the default first. IRLN and PLO have one each, without name.
MODELS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "OR": ("UM.FS", "UM.RS", "CM.AL", "CM.EL"),
        "IRR": ("UM.FS", "UM.RS", "CM.EL"),
        "IRLN": ("",),
        "PLO": ("",),
        "PR": ("",),
    }
)

#: Rows that a measure is computed from.
ROWS: Mapping[str, type[BinaryRow] | type[RateRow] | type[SingleRateRow]] = MappingProxyType(
    {"OR": BinaryRow, "IRR": RateRow, "IRLN": SingleRateRow}
)

#: A conditional distribution over more counts than this is refused: UM.FS comes to the same there.
LARGEST_TABLE = 20_000

NO_EVENTS = Refusal(
    rule="nothing-to-model",
    message="No study had an event: the data say nothing about the effect, whatever the model.",
)

ALL_EVENTS = Refusal(
    rule="nothing-to-model",
    message="In every study either nobody or everybody had the event: such tables say nothing "
    "about the odds ratio. The risk difference can still be read.",
)

ONE_INFORMATIVE = Refusal(
    rule="one-informative-study",
    message="Only one study says anything about the effect (the others had no event, or events in "
    "everybody): it is read alone.",
)

RUNS_AWAY = Refusal(
    rule="runs-to-infinity",
    message="In every study the events stand as far to one side as its margins allow: the "
    "likelihood rises without end, and there is no estimate. Read each study's exact interval.",
)

ONLY_EDGES = Refusal(
    rule="nothing-to-model",
    message="In every study the events stand at one end of what its margins allow, but not all at "
    "the same end: the likelihood rises without end as the studies are taken to differ more. "
    "A common-effect model can be fitted.",
)

TOO_LARGE = Refusal(
    rule="table-too-large",
    message="A study is too large for its exact conditional distribution. At such a size the model "
    "UM.FS comes to the same.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedSettings:
    """How a generalised linear mixed model is fitted and shown.

    Parameters
    ----------
    heterogeneity
        ``ML``, or ``EE`` for one common effect (the variance between studies set to zero).
    test
        Quantile of the Wald interval: normal (``z``) or t(k−1) (``t``). The profile-likelihood
        interval, which is shown first, does not depend on it.
    prediction
        ``V`` (t with k−1), ``S`` (normal) or ``none``.
    level
        Confidence level.
    nodes
        Only for UM.RS: points a side of its two-dimensional quadrature, 1 to 25; 1 is Laplace's
        approximation. The other models are integrated to about 1e-5 a study whatever this is.
    """

    heterogeneity: str = "ML"
    test: str = "z"
    prediction: str = "V"
    level: str = "0.95"
    nodes: int = 1

    def __post_init__(self) -> None:
        self.of_proportions()
        if not 1 <= self.nodes <= 25:
            raise BadInput(f"{self.nodes} quadrature points", "use 1 to 25 points")

    def of_proportions(self) -> ProportionSettings:
        """Return the settings of the model of single proportions, which checks them too."""
        return ProportionSettings(
            heterogeneity=self.heterogeneity,
            test=self.test,
            prediction=self.prediction,
            level=self.level,
        )

    def as_dict(self) -> dict[str, str]:
        """Return the settings as texts, for the log and the report."""
        return {field.name: str(getattr(self, field.name)) for field in fields(self)}


@dataclass(frozen=True, slots=True, eq=False)
class Data:
    """What a model is fitted to: arms, studies kept and dropped, conditional effects.

    ``own`` and ``own_variance`` are each study's estimate in the saturated model, where finite;
    ``typical`` is Higgins & Thompson's typical variance.
    """

    arms: tuple[Arm, ...]
    kept: tuple[str, ...]
    dropped: tuple[str, ...]
    level: Floats
    own: Floats
    own_variance: Floats
    typical: float
    share: float | None


def prepare(
    rows: Sequence[MixedRow], measure: str, model: str, *, common_effect: bool
) -> Data | Refusal:
    """Check the rows, leave out those without information, and refuse what has no estimate."""
    table = np.array([_cells(row) for row in rows], dtype=np.float64)
    if len(rows) < 2:
        return ONE_STUDY if rows else NO_DATA
    names = tuple(row.study for row in rows)
    if measure == "IRLN":
        return NO_EVENTS if table[:, 0].sum() == 0 else _single(table, names)
    x1, size1, x2, size2 = table.T
    said = x1 + x2 > 0
    if measure == "OR":
        said &= x1 + x2 < size1 + size2
    barred = _barred(table, said, measure, model, common_effect=common_effect)
    if barred is not None:
        return barred
    kept = tuple(name for name, yes in zip(names, said, strict=True) if yes)
    dropped = tuple(name for name, yes in zip(names, said, strict=True) if not yes)
    make = _tables if measure == "OR" else _rates
    return make(table[said], model, kept, dropped)


def likelihood(data: Data, model: str) -> Likelihood:
    """Return the model with one random effect: the contrast, or for UM.RS the level."""
    if len(data.arms) == 1:
        return Likelihood(data.arms, np.ones((1, 1)), np.ones(1), None, data.level)
    contrast, both = np.array([0.5, -0.5]), np.ones(2)
    if model == "UM.RS":
        return Likelihood(data.arms, np.stack([contrast, both]), both, None, data.level)
    return Likelihood(data.arms, contrast[None], contrast, both, data.level)


def _cells(row: MixedRow) -> tuple[float, ...]:
    if isinstance(row, BinaryRow):
        table_of(row)
        return row.events_1, row.n_1, row.events_2, row.n_2
    if isinstance(row, RateRow):
        check_rate(row.events_1, row.time_1, row.study)
        check_rate(row.events_2, row.time_2, row.study)
        return row.events_1, row.time_1, row.events_2, row.time_2
    check_rate(row.events, row.time, row.study)
    return row.events, row.time


def _barred(
    table: Floats, said: np.ndarray, measure: str, model: str, *, common_effect: bool
) -> Refusal | None:
    x1, size1, x2, size2 = table[said].T
    if x1.size == 0:
        return NO_EVENTS if table[:, 0].sum() + table[:, 2].sum() == 0 else ALL_EVENTS
    if x1.size == 1:
        return ONE_INFORMATIVE
    total = x1 + x2
    bound = measure == "OR" and model != "CM.AL"
    least = np.maximum(0.0, total - size2) if bound else np.zeros_like(total)
    most = np.minimum(total, size1) if bound else total
    if model == "CM.EL" and measure == "OR" and (most - least).max() > LARGEST_TABLE:
        return TOO_LARGE
    low, high = x1 == least, x1 == most
    if low.all() or high.all():
        return RUNS_AWAY
    return ONLY_EDGES if not common_effect and (low | high).all() else None


_PLAIN = EffectSettings()


def _single(table: Floats, names: tuple[str, ...]) -> Data:
    x, t = table.T
    rows = [SingleRateRow(study="", events=a, time=b) for a, b in table.tolist()]
    found = [one for one in single_rate_effects("IRLN", rows, _PLAIN) if one is not None]
    some = x > 0
    return Data(
        arms=(Poisson(x, t),),
        kept=names,
        dropped=(),
        level=np.zeros_like(x),
        own=np.log(x[some] / t[some]),
        own_variance=1 / x[some],
        typical=_typical([v for _, v, _ in found]),
        share=None,
    )


def _tables(table: Floats, model: str, kept: tuple[str, ...], dropped: tuple[str, ...]) -> Data:
    a, n1, c, n2 = table.T
    zero = np.zeros_like(a)
    total, people = a + c, n1 + n2
    arms: tuple[Arm, ...] = (Binomial(a, n1, zero), Binomial(c, n2, zero))
    if model == "CM.AL":
        arms = (Binomial(a, total, np.log(n1 / n2)),)
    elif model == "CM.EL":
        arms = (Hypergeometric(a, n1, c, n2),)
    cells = np.stack([a, n1 - a, c, n2 - c])
    found = [one for one in one_by_one("OR", [tuple(row) for row in cells.T.tolist()], _PLAIN)
             if one is not None]  # fmt: skip
    own, variance = _own_tables(cells, n1, n2, model, arms)
    return Data(
        arms=arms,
        kept=kept,
        dropped=dropped,
        level=zero if len(arms) == 1 else np.log((total + 0.5) / (people - total + 0.5)),
        own=own,
        own_variance=variance,
        typical=_typical([v for _, v, _ in found]),
        share=float(total.sum() / people.sum()),
    )


def _own_tables(
    cells: Floats, n1: Floats, n2: Floats, model: str, arms: tuple[Arm, ...]
) -> tuple[Floats, Floats]:
    a, b, c, d = cells
    if model == "CM.AL":
        some = (a > 0) & (c > 0)
        own = np.log(a[some] / c[some]) - np.log(n1[some] / n2[some])
        return own, 1 / a[some] + 1 / c[some]
    some = np.all(cells > 0, axis=0)
    if isinstance(arms[0], Hypergeometric):
        found = arms[0].own_estimates()
        return found[some], 1 / arms[0].curve(found)[2][some]
    return (
        np.log(a[some] * d[some] / (b[some] * c[some])),
        np.asarray((1 / cells[:, some]).sum(axis=0)),
    )


def _rates(table: Floats, model: str, kept: tuple[str, ...], dropped: tuple[str, ...]) -> Data:
    x1, t1, x2, t2 = table.T
    total = x1 + x2
    arms: tuple[Arm, ...] = (Poisson(x1, t1), Poisson(x2, t2))
    if model == "CM.EL":
        arms = (Binomial(x1, total, np.log(t1 / t2)),)
    rows = [
        RateRow(study="", events_1=a, time_1=b, events_2=c, time_2=d)
        for a, b, c, d in table.tolist()
    ]
    found = [one for one in rate_effects("IRR", rows, _PLAIN) if one is not None]
    some = (x1 > 0) & (x2 > 0)
    return Data(
        arms=arms,
        kept=kept,
        dropped=dropped,
        level=np.zeros_like(total) if len(arms) == 1 else np.log(total / (t1 + t2)),
        own=np.log(x1[some] / t1[some]) - np.log(x2[some] / t2[some]),
        own_variance=1 / x1[some] + 1 / x2[some],
        typical=_typical([v for _, v, _ in found]),
        share=None,
    )


def _typical(variances: Sequence[float]) -> float:
    """Higgins & Thompson's typical variance; rows with an empty cell have half an event added."""
    w = 1 / np.array(variances)
    return float((w.size - 1) * w.sum() / (w.sum() ** 2 - (w**2).sum()))
