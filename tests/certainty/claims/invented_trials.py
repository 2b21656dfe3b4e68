"""A second invented review (tolmarin for Hask syndrome): usual care, two trials, citations."""

from __future__ import annotations

from decimal import Decimal

from tests.certainty.claims.invented import names, outcome

from tamis.certainty.claims import ClaimEvidence
from tamis.domain.question import (
    BodyPlan,
    Concept,
    Protocol,
    Question,
    ReviewHead,
    SynthesisPlan,
    Visit,
)
from tamis.domain.records import Record, Report, Study
from tamis.domain.results import BinaryRow, PooledResult, StudyEffect, Synthesis
from tamis.domain.summaries import DomainSummary, RatingSummary
from tamis.domain.values import Cell, CitationAnchor, Extraction, Value

OUTCOMES = (
    outcome("flare", "flare|flares|flared", "发作|发作率", "binary", "lower", small=20,
            importance="critical"),
    outcome("fatigue", "fatigue score|fatigue scores|fatigue", "疲劳评分|疲劳", "continuous",
            "lower", small=2, importance="critical"),
    outcome("remission", "remission", "缓解|缓解率", "binary", "higher", small=20),
    outcome("grip", "grip strength", "握力", "continuous", "higher", small=2),
    outcome("death", "death|deaths|mortality|died", "死亡|死亡率", "binary", "lower", harm=True,
            importance="critical"),
    outcome("sleep", "sleep quality", "睡眠质量", "continuous", "higher"),
)  # fmt: skip

BOTH = ("lindqvist2016", "okafor2019")

#: Outcome, level, change for imprecision, measure, estimate, low, high, studies.
BODIES = (
    ("flare", 3, -1, "RR", 0.69, 0.49, 0.97, BOTH),
    ("fatigue", 4, 0, "MD", -6.0, -9.0, -3.0, BOTH),
    ("remission", 3, 0, "RR", 1.5, 1.15, 1.95, BOTH),
    ("grip", 2, -1, "MD", 1.0, -1.0, 3.0, ("okafor2019",)),
    ("death", 1, -2, "RR", 0.67, 0.11, 3.9, ("okafor2019",)),
)

#: Outcome -> study -> estimate, low, high.
EFFECTS = {
    "flare": {"lindqvist2016": (0.625, 0.32, 1.21), "okafor2019": (0.714, 0.48, 1.06)},
    "fatigue": {"lindqvist2016": (-2.0, -7.0, 3.0), "okafor2019": (-8.0, -12.0, -4.0)},
    "remission": {"lindqvist2016": (1.5, 0.83, 2.7), "okafor2019": (1.5, 1.13, 2.0)},
}

#: Outcome -> study -> events and people with tolmarin, events and people with usual care.
COUNTS = {
    "flare": {"lindqvist2016": (10, 40, 16, 40), "okafor2019": (30, 120, 42, 120)},
    "remission": {"lindqvist2016": (18, 40, 12, 40), "okafor2019": (66, 120, 44, 120)},
    "death": {"okafor2019": (2, 120, 3, 120)},
}

CONCEPTS = (
    Concept(id="hask", kind="population", names=names("Hask syndrome", "哈斯克综合征")),
    Concept(id="tolmarin", kind="intervention", names=names("tolmarin", "托马林")),
    Concept(id="usual-care", kind="comparator", names=names("usual care", "常规治疗")),
    Concept(id="placebo", kind="comparator", names=names("placebo", "安慰剂")),
)

RECORDS = (
    Record(id="bbbbbbbbbbbb:0", raw=(), title="Tolmarin or usual care in Hask syndrome",
           authors=("Lindqvist, A.", "Brandt, K."), journal="Journal of Rare Syndromes",
           year=2016, volume="12", issue="3", pages="201-210", doi="10.9999/jrs.2016.12"),
    Record(id="bbbbbbbbbbbb:1", raw=(), title="Tolmarin or usual care in Hask syndrome",
           authors=("Lindqvist A",), journal="J Rare Syndr", year=2015, pages="201-10"),
    Record(id="bbbbbbbbbbbb:2", raw=(), title="A pragmatic trial of tolmarin for adults with Hask"
           " syndrome", authors=("Okafor, C.", "Lindqvist, A."), journal="Annals of Invented"
           " Medicine", year=2019, volume="45", issue="2", pages="1457-1465"),
    Record(id="bbbbbbbbbbbb:3", raw=(), title="Tolmarin in thirty patients", authors=("Zhao, L.",),
           journal="Open Arms", year=2021, pages="100234"),
    Record(id="bbbbbbbbbbbb:4", raw=(), title="Something else", authors=("Okafor, C.",), year=2012),
)  # fmt: skip

STUDIES = (
    ("lindqvist2016", "Lindqvist 2016", "randomised", (0, 1)),
    ("okafor2019", "Okafor 2019", "randomised", (2,)),
    ("zhao2021", "Zhao 2021", "single-arm", (3,)),
)


def review() -> ClaimEvidence:
    """Return the evidence: two trials against usual care, one single-arm study."""
    protocol = Protocol(
        head=ReviewHead(id="hask", title="Tolmarin for Hask syndrome (invented)"),
        question=Question(
            population="adults with Hask syndrome", intervention="tolmarin",
            comparator="usual care", outcomes="flare, fatigue", designs="trials",
            concepts=(("population", "hask"), ("intervention", "tolmarin"),
                      ("comparator", "usual-care")),
        ),
        outcomes=OUTCOMES,
        concepts=CONCEPTS,
        visits=tuple(Visit(id=i, label=i, months=m) for i, m in
                     (("baseline", "0"), ("m6", "6"), ("m12", "12"))),
        bodies=(
            *(BodyPlan(id=f"{row[0]}-rct", outcome=row[0], designs=("randomised",), start_level=4,
                       synthesis=row[0]) for row in BODIES),
            BodyPlan(id="remission-single-arm", outcome="remission", designs=("single-arm",),
                     start_level=1, concepts=(("comparator", "none"),)),
        ),
        syntheses=tuple(_plan(row[0], row[3]) for row in BODIES),
    )  # fmt: skip
    return ClaimEvidence(
        protocol=protocol,
        studies=tuple(_study(*row) for row in STUDIES),
        records={record.id: record for record in RECORDS},
        extraction=Extraction(values=tuple(_values())),
        syntheses=tuple(_synthesis(*row) for row in BODIES),
        ratings=(*(_rating(f"{row[0]}-rct", row[0], row[1], row[2]) for row in BODIES),
                 _rating("remission-single-arm", "remission", 1, 0)),
    )  # fmt: skip


def _plan(name: str, measure: str) -> SynthesisPlan:
    return SynthesisPlan(id=name, outcome=name, estimand="ever", visit="m12",
                         designs=("randomised",), measure=measure, method="REML",
                         kind="controlled", arms=("tolmarin", "usual-care"))  # fmt: skip


def _study(name: str, label: str, design: str, records: tuple[int, ...]) -> Study:
    report = Report(
        id=f"{name}-article", study=name, records=tuple(f"bbbbbbbbbbbb:{i}" for i in records)
    )
    return Study(id=name, label=label, design=design, reports=(report,))


def _values() -> list[Value]:
    found = []
    for study, arms in (("lindqvist2016", (40, 40)), ("okafor2019", (120, 120))):
        for arm, n in zip(("tolmarin", "usual-care"), arms, strict=True):
            found.append(_value(study, "participants", "baseline", "point", arm, "n", n))
    found.append(_value("zhao2021", "participants", "baseline", "point", "all", "n", 30))
    for name, by_study in COUNTS.items():
        for study, (a, n, b, m) in by_study.items():
            for arm, events, people in (("tolmarin", a, n), ("usual-care", b, m)):
                found.append(_value(study, name, "m12", "ever", arm, "n", people))
                found.append(_value(study, name, "m12", "ever", arm, "events", events))
    found.append(_value("zhao2021", "remission", "m6", "point", "all", "n", 30))
    found.append(_value("zhao2021", "remission", "m6", "point", "all", "events", 21))
    return found


def _value(
    study: str, name: str, visit: str, estimand: str, arm: str, statistic: str, number: int
) -> Value:
    return Value(
        id=f"v:{study}/{name}/{visit}.{estimand}/{arm}/{statistic}",
        cell=Cell(study=study, outcome=name, visit=visit, arm=arm, estimand=estimand),
        statistic=statistic,
        printed=str(number),
        number=Decimal(number),
        unit="patients",
        source=CitationAnchor(citation="invented", location="Table 1",
                              status="abstract or table read"),
        status="abstract or table read",
    )  # fmt: skip


def _synthesis(
    name: str,
    level: int,
    imprecision: int,
    measure: str,
    *numbers: object,
) -> Synthesis:
    estimate, low, high = (float(str(n)) for n in numbers[:3])
    assert level
    assert imprecision <= 0
    rows = tuple(
        BinaryRow(study=study, events_1=a, n_1=n, events_2=b, n_2=m)
        for study, (a, n, b, m) in COUNTS.get(name, {}).items()
    )
    effects = tuple(
        StudyEffect(study=study, measure=measure, y=0.0, se=1.0, estimate=e, low=lo, high=hi,
                    interval_method="z")
        for study, (e, lo, hi) in EFFECTS.get(name, {}).items()
    )  # fmt: skip
    nothing = dict.fromkeys(
        ("statistic", "df", "p", "tau2", "tau2_ci", "i2", "h2", "q", "q_df", "q_p", "pi_low",
         "pi_high")
    )  # fmt: skip
    pooled = PooledResult(measure=measure, method="REML", interval_method="z", k=2, y=0.0, se=1.0,
                          y_low=-1.0, y_high=1.0, estimate=estimate, ci_low=low, ci_high=high,
                          **nothing)  # type: ignore[arg-type]  # fmt: skip
    studies = numbers[3]
    assert isinstance(studies, tuple)
    plan = _plan(name, measure)
    rows_or_named = rows or tuple(
        BinaryRow(study=study, events_1=0, n_1=0, events_2=0, n_2=0) for study in studies
    )
    return Synthesis(plan=plan, rows=rows_or_named, effects=effects, pooled=pooled)


def _rating(body: str, name: str, level: int, imprecision: int) -> RatingSummary:
    domain = DomainSummary(domain="imprecision", label="imprecision", change=imprecision)
    return RatingSummary(body=body, outcome=name, start=4, domains=(domain,), level=level,
                         label="", symbols="", status="confirmed")  # fmt: skip
