"""Which model and why: a decision that explains itself, read as a table of rules.

The first rule that holds decides. It looks at facts that are known before any result is (how many
studies, which designs, how many events, the scale), never at the result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.results import (
    BinaryRow,
    EffectRow,
    MeansRow,
    ProportionRow,
    SynthesisRow,
)
from tamis.synthesis.measures import measure_of

__all__ = ["RULES", "Facts", "MethodChoice", "Rule", "facts_of", "plan"]

#: Events in fewer people than this share are rare (Handbook, 10.4.4).
RARE = 0.01

#: Peto's method needs arms of like size: the larger at most this many times the smaller.
BALANCE = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the choice rests on.

    ``event_share`` is events over people of all arms, ``largest_imbalance`` the largest ratio of
    arm sizes within a study; both ``None`` where rows are no counts.
    """

    measure: str
    kind: str
    k: int
    designs: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    missing_spread: int = 0
    event_share: float | None = None
    double_zero: int = 0
    empty_cells: int = 0
    largest_imbalance: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodChoice:
    """The decision: a model with its interval, what stands beside it, and the reasons.

    ``model`` is ``none`` where nothing is to be pooled. ``because`` is a sentence for the methods
    section, ``reference`` the source of the rule, ``rule`` its id.
    """

    model: str
    estimator: str
    interval: str
    prediction: str
    beside: tuple[str, ...]
    rule: str
    because: str
    reference: str
    facts: Facts

    @property
    def pools(self) -> bool:
        """Whether studies are pooled."""
        return self.model not in ("none", "one-study", "structured-summary")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row of the table: when it holds and what it chooses."""

    id: str
    holds: Callable[[Facts], bool]
    model: str
    because: Callable[[Facts], str]
    reference: str
    estimator: str = ""
    interval: str = ""
    prediction: str = "none"
    beside: tuple[str, ...] = ()


def _mixes_arms(f: Facts) -> bool:
    single = {"single-arm", "case-series"} & f.designs
    return bool(single) and bool(f.designs - single)


def _rare(f: Facts) -> bool:
    return f.event_share is not None and 0 < f.event_share < RARE


def _balanced(f: Facts) -> bool:
    return f.largest_imbalance is not None and f.largest_imbalance <= BALANCE


def _studies(f: Facts) -> str:
    return f"{f.k} {'study' if f.k == 1 else 'studies'}"


def _share(f: Facts) -> str:
    return f"{100 * (f.event_share or 0):.2g} % of the people had the event"


#: The table. The first row that holds decides.
RULES: tuple[Rule, ...] = (
    Rule(
        id="choice.no-data", holds=lambda f: f.k == 0, model="none",
        because=lambda f: "No study gives data for this synthesis.", reference="",
    ),
    Rule(
        id="choice.designs-apart", holds=_mixes_arms, model="none",
        because=lambda f: "Studies with and without a comparator answer different questions and "
        "are never pooled together.",
        reference="Cochrane Handbook, chapter 24",
    ),
    Rule(
        id="choice.spread-missing", holds=lambda f: f.missing_spread > 0,
        model="structured-summary",
        because=lambda f: f"{f.missing_spread} of {_studies(f)} print no usable spread, so effects "
        "are summarised without being pooled.",
        reference="Campbell 2020 (SWiM)",
    ),
    Rule(
        id="choice.units-differ",
        holds=lambda f: len(f.units) > 1 and measure_of(f.measure).scale == "identity"
        and f.measure in ("MD", "MC", "GEN"),
        model="structured-summary",
        because=lambda f: "The studies measured on different scales "
        f"({', '.join(sorted(f.units))}); a difference in raw units cannot be averaged.",
        reference="Cochrane Handbook, 6.5.1",
    ),
    Rule(
        id="choice.one-study", holds=lambda f: f.k == 1, model="one-study",
        interval="the small-sample method of the measure",
        because=lambda f: "One study is read alone by methods for small samples; a variance "
        "between studies cannot be estimated from it.",
        reference="Newcombe 1998; Miettinen & Nurminen 1985",
    ),
    Rule(
        id="choice.proportions", holds=lambda f: f.kind == "proportion", model="logistic-glmm",
        estimator="ML", interval="profile likelihood", prediction="V", beside=("Wald",),
        because=lambda f: "Proportions of single arms are pooled by a logistic model with a random "
        "intercept, which needs no correction for 0 % and 100 %.",
        reference="Stijnen 2010; Lin & Chu 2020",
    ),
    Rule(
        id="choice.no-event",
        holds=lambda f: f.event_share in (0.0, 1.0),
        model="none",
        because=lambda f: "Nobody, or everybody, had the event in every study: relative effects "
        "cannot be estimated.",
        reference="Cochrane Handbook, 10.4.4",
    ),
    Rule(
        id="choice.rare-balanced",
        holds=lambda f: _rare(f) and _balanced(f) and f.measure in ("OR", "PETO"),
        model="Peto", estimator="common effect", interval="Wald",
        beside=("Mantel-Haenszel without correction",),
        because=lambda f: f"The event is rare ({_share(f)}) and the arms are of like size.",
        reference="Bradburn 2007; Cochrane Handbook, 10.4.4",
    ),
    Rule(
        id="choice.rare", holds=_rare, model="Mantel-Haenszel", estimator="common effect",
        interval="Wald", beside=("logistic model with fixed study effects",),
        because=lambda f: f"The event is rare ({_share(f)}); inverse-variance weights and added "
        "halves would distort the result.",
        reference="Bradburn 2007; Cochrane Handbook, 10.4.4",
    ),
    Rule(
        id="choice.two-studies", holds=lambda f: f.k == 2, model="random-effects",
        estimator="REML", interval="Hartung-Knapp with floor",
        beside=("Wald", "Bayesian, half-normal(0.5)"),
        because=lambda f: "With two studies the Hartung-Knapp interval is too wide to inform and "
        "the normal one too narrow: neither is read alone.",
        reference="Röver 2021; Bender 2018",
    ),
    Rule(
        id="choice.few-studies", holds=lambda f: f.k < 5, model="random-effects",
        estimator="REML", interval="Hartung-Knapp with floor", prediction="V",
        beside=("Wald", "Bayesian, half-normal(0.5)"),
        because=lambda f: f"{_studies(f)} estimate the variance between studies badly, so a "
        "Bayesian analysis with a weakly informative prior stands beside it.",
        reference="Röver 2021; Bender 2018",
    ),
    Rule(
        id="choice.random-effects", holds=lambda f: True, model="random-effects",
        estimator="REML", interval="Hartung-Knapp with floor", prediction="V", beside=("Wald",),
        because=lambda f: f"{_studies(f)} that differ in people and conduct are not assumed to "
        "share one effect.",
        reference="Veroniki 2016; Röver 2015; Cochrane Handbook, 10.10.4",
    ),
)  # fmt: skip


def plan(
    rows: Sequence[SynthesisRow],
    measure: str,
    *,
    designs: Sequence[str] = (),
    units: Sequence[str] = (),
    missing_spread: int = 0,
) -> MethodChoice:
    """Say which model fits rows of a synthesis, and why.

    Parameters
    ----------
    rows
        One row a study.
    measure
        Effect measure of the protocol.
    designs
        Designs of the studies (randomised, non-randomised, single-arm, case-series).
    units
        Units in which the studies measured.
    missing_spread
        Studies whose effect has no usable variance.

    Returns
    -------
    MethodChoice

    Examples
    --------
    >>> row = BinaryRow(study="deng2017", events_1=9, n_1=12, events_2=5, n_2=6)
    >>> chosen = plan([row], "RD", designs=["randomised"])
    >>> chosen.model, chosen.rule, chosen.pools
    ('one-study', 'choice.one-study', False)
    """
    facts = facts_of(rows, measure, designs=designs, units=units, missing_spread=missing_spread)
    rule = next(one for one in RULES if one.holds(facts))
    return MethodChoice(
        model=rule.model,
        estimator=rule.estimator,
        interval=rule.interval,
        prediction=rule.prediction,
        beside=rule.beside,
        rule=rule.id,
        because=rule.because(facts),
        reference=rule.reference,
        facts=facts,
    )


def facts_of(
    rows: Sequence[SynthesisRow],
    measure: str,
    *,
    designs: Sequence[str] = (),
    units: Sequence[str] = (),
    missing_spread: int = 0,
) -> Facts:
    """Gather the facts of a choice."""
    tables = [row for row in rows if isinstance(row, BinaryRow)]
    people = sum(row.n_1 + row.n_2 for row in tables)
    events = sum(row.events_1 + row.events_2 for row in tables)
    return Facts(
        measure=measure_of(measure).name,
        kind=_kind(rows),
        k=len(rows),
        designs=frozenset(designs),
        units=frozenset(unit for unit in units if unit),
        missing_spread=missing_spread,
        event_share=events / people if people else None,
        double_zero=sum(row.events_1 + row.events_2 == 0 for row in tables),
        empty_cells=sum(_has_empty_cell(row) for row in tables),
        largest_imbalance=max(
            (max(row.n_1, row.n_2) / min(row.n_1, row.n_2) for row in tables), default=None
        ),
    )


_KINDS: Mapping[type, str] = MappingProxyType(
    {BinaryRow: "binary", MeansRow: "means", ProportionRow: "proportion", EffectRow: "effect"}
)


def _kind(rows: Sequence[SynthesisRow]) -> str:
    kinds = {_KINDS[type(row)] for row in rows}
    return kinds.pop() if len(kinds) == 1 else ("mixed" if kinds else "none")


def _has_empty_cell(row: BinaryRow) -> bool:
    return 0 in (row.events_1, row.events_2) or row.events_1 == row.n_1 or row.events_2 == row.n_2
