"""Results of the thinking rooms: findings, effects, pools, series, states of screening.

Ratios are carried on both scales and each is named: ``y``, ``se`` and ``v`` are on the analysis
scale (log for RR, OR and proportions on the logit scale), ``estimate``, ``low`` and ``high`` are
back-transformed. Unknown is ``None`` and never zero; "cannot be computed" is a ``Refusal``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from tamis.domain.question import SynthesisPlan
from tamis.domain.values import Value

__all__ = [
    "AgreementResult",
    "BinaryRow",
    "CorrelationRow",
    "EffectRow",
    "Finding",
    "Interval",
    "MeansRow",
    "PairedArmsRow",
    "PairedRow",
    "PooledResult",
    "ProportionRow",
    "RateRow",
    "Refusal",
    "ScreenState",
    "SingleRateRow",
    "SingleResult",
    "StudyEffect",
    "Synthesis",
    "Trajectory",
    "TrajectoryPoint",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something a rule noticed. ``severity`` is ``error``, ``warning`` or ``note``."""

    rule: str
    severity: str
    subject: str
    message: str
    because: tuple[str, ...] = ()
    suggestion: str = ""
    expected: str = ""
    got: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why something was not computed: the rule's id and a sentence for the reader."""

    rule: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """A confidence interval with its method and level (0.95)."""

    low: float
    high: float
    method: str
    level: float = 0.95


@dataclass(frozen=True, slots=True, kw_only=True)
class BinaryRow:
    """Two arms, events of n each; ``inputs`` are the value ids, in that order."""

    study: str
    events_1: int
    n_1: int
    events_2: int
    n_2: int
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MeansRow:
    """Two arms, mean, SD and n each."""

    study: str
    mean_1: float
    sd_1: float
    n_1: int
    mean_2: float
    sd_2: float
    n_2: int
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProportionRow:
    """One arm, events of n."""

    study: str
    events: int
    n: int
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectRow:
    """An effect and its sampling variance on the analysis scale."""

    study: str
    y: float
    v: float
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RateRow:
    """Two arms, events in a person-time each (any unit of time, the same in both)."""

    study: str
    events_1: int
    time_1: float
    events_2: int
    time_2: float
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleRateRow:
    """One arm, events in a person-time."""

    study: str
    events: int
    time: float
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrelationRow:
    """A correlation coefficient of n people."""

    study: str
    r: float
    n: int
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedRow:
    """One arm measured twice: mean and SD of both times, n pairs, their correlation.

    Time 1 is compared with time 2; the standardised changes are divided by the SD of time 1
    (SMCR), so whoever follows Morris 2008 passes the baseline there.
    """

    study: str
    mean_1: float
    sd_1: float
    mean_2: float
    sd_2: float
    n: int
    correlation: float
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PairedArmsRow:
    """Two arms measured twice each: the difference of their changes is the effect."""

    study: str
    arm_1: PairedRow
    arm_2: PairedRow
    inputs: tuple[str, ...] = ()


SynthesisRow = BinaryRow | MeansRow | ProportionRow | EffectRow


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyEffect:
    """One study's effect as a row of a forest plot.

    ``weight`` is percent, ``None`` if not pooled.
    """

    study: str
    measure: str
    y: float | None
    se: float | None
    estimate: float | None
    low: float | None
    high: float | None
    interval_method: str
    weight: float | None = None
    corrected: bool = False
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SingleResult:
    """One study alone (k = 1), by small-sample methods: no tau2, no I2, no pooling words.

    ``intervals`` holds the default interval first and the others beside it; ``p`` maps a test's
    name to its two-sided p value. ``inputs`` are the ids of the values it was computed from.
    """

    measure: str
    estimate: float | None
    intervals: tuple[Interval, ...]
    p: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    p_method: str = ""
    se: float | None = None
    df: float | None = None
    warnings: tuple[Finding, ...] = ()
    study: str = ""
    inputs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PooledResult:
    """A pool of k ≥ 2 effects.

    ``estimate``, ``ci_*`` and ``pi_*`` are back-transformed; ``y``, ``se``, ``y_low``, ``y_high``
    on the analysis scale. ``tau2`` is ``None`` for a common-effect model, and heterogeneity fields
    are ``None`` where they are not defined, never 0 for "unknown".
    """

    measure: str
    method: str
    interval_method: str
    k: int
    y: float
    se: float
    y_low: float
    y_high: float
    estimate: float
    ci_low: float
    ci_high: float
    statistic: float | None
    df: float | None
    p: float | None
    tau2: float | None
    tau2_ci: tuple[float, float] | None
    i2: float | None
    h2: float | None
    q: float | None
    q_df: int | None
    q_p: float | None
    pi_low: float | None
    pi_high: float | None
    alternatives: tuple[Interval, ...] = ()
    warnings: tuple[Finding, ...] = ()
    i2_ci: tuple[float, float] | None = None
    pi_method: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TrajectoryPoint:
    """The value of one arm at one visit, or words where no number was printed."""

    visit: str
    months: float
    value: Value | None
    spread: Value | None = None
    n: Value | None = None
    words: Value | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trajectory:
    """Values per visit of one arm: shown as they are, no arrow, no p, nothing joined to a test."""

    study: str
    outcome: str
    arm: str
    unit: str
    statistic: str
    points: tuple[TrajectoryPoint, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Synthesis:
    """One planned synthesis with its rows and its result, or the reason why there is none."""

    plan: SynthesisPlan
    rows: tuple[SynthesisRow, ...]
    effects: tuple[StudyEffect, ...]
    single: tuple[SingleResult, ...] = ()
    pooled: PooledResult | None = None
    refusal: Refusal | None = None
    trajectories: tuple[Trajectory, ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    settings: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementResult:
    """Agreement of two raters on one set; ``None`` prints "not estimable", never 0 or 1.

    ``kappa_weighted`` is there for ordered categories only.
    """

    subject: str
    rater_1: str
    rater_2: str
    n: int
    table: tuple[tuple[str, str, int], ...]
    percent: float | None
    percent_ci: tuple[float, float] | None
    kappa: float | None
    kappa_se: float | None
    kappa_ci: tuple[float, float] | None
    ac1: float | None
    pabak: float | None
    positive: float | None
    negative: float | None
    inputs: tuple[str, ...] = ()
    kappa_weighted: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScreenState:
    """Where one report stands at one stage.

    ``state`` is ``awaiting``, ``in``, ``out``, ``not-retrieved``, ``conflict`` or ``second-look``
    (a vote's membership was split by re-clustering). ``events`` are the votes and the settlement
    that decide it. ``light`` marks a conflict of include with maybe alone, where maybe is a class
    of its own: to be discussed, not disputed.
    """

    cluster: str
    stage: str
    state: str
    reason: str = ""
    reasons: tuple[str, ...] = ()
    votes: int = 0
    needed: int = 0
    settled_by: str = ""
    reopened: bool = False
    events: tuple[str, ...] = ()
    light: bool = False
