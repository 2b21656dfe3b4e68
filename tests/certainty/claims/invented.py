"""An invented review (velatrin for Merrow disease) against which invented sentences are checked."""

from __future__ import annotations

from decimal import Decimal

from tamis.certainty.claims import ClaimEvidence
from tamis.certainty.statements import statement, words_for
from tamis.domain.grading import FindingsRow
from tamis.domain.question import (
    BodyPlan,
    Concept,
    Outcome,
    Protocol,
    Question,
    ReviewHead,
    SynthesisPlan,
    Threshold,
    Visit,
)
from tamis.domain.records import Record, Report, Study
from tamis.domain.results import BinaryRow, Interval, PooledResult, Synthesis
from tamis.domain.summaries import DomainSummary, RatingSummary
from tamis.domain.values import Cell, CitationAnchor, Extraction, Value


def names(en: str, zh: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return (("en", tuple(en.split("|"))), ("zh", tuple(zh.split("|"))))


def outcome(name: str, en: str, zh: str, kind: str, better: str, **more: object) -> Outcome:
    return Outcome(
        id=name,
        name=en.split("|", maxsplit=1)[0],
        importance=str(more.get("importance", "important")),
        kind=kind,
        better=better,
        names=names(en, zh),
        harm=bool(more.get("harm", False)),
        surrogate_for=str(more.get("surrogate_for", "")),
        thresholds=tuple(
            Threshold(size="small", value=str(v), unit="", source="invented")
            for v in [more["small"]]
        )
        if "small" in more
        else (),
        verbs=(("en", "increase/reduce"), ("zh", "增加/减少")),
    )


OUTCOMES = (
    outcome("pain", "pain score|pain scores|pain", "疼痛评分|疼痛", "continuous", "lower", small=5,
            importance="critical"),
    outcome("relapse", "relapse|relapses", "复发|复发率", "binary", "lower", small=20,
            importance="critical"),
    outcome("walking", "walking distance", "步行距离", "continuous", "higher", small=10),
    outcome("death", "death|deaths|mortality", "死亡|死亡率|病死率", "binary", "lower", harm=True,
            importance="critical"),
    outcome("serious-adverse-events", "serious adverse events|serious adverse event",
            "严重不良事件", "binary", "lower", harm=True, importance="critical"),
    outcome("crp", "C-reactive protein|CRP", "C反应蛋白|C 反应蛋白", "continuous", "lower",
            surrogate_for="relapse"),
    outcome("remission", "clinical remission", "临床缓解|临床缓解率", "binary", "higher"),
    outcome("quality-of-life", "quality of life", "生活质量", "continuous", "higher"),
)  # fmt: skip

#: Outcome, level, change for imprecision, measure, estimate, low, high, studies.
BODIES = (
    ("pain", 3, 0, "MD", -12.0, -18.0, -6.0, ("ashdown2015", "birch2018")),
    ("relapse", 4, 0, "RR", 0.60, 0.45, 0.80, ("ashdown2015", "birch2018")),
    ("walking", 2, -1, "MD", 20.0, -5.0, 45.0, ("birch2018",)),
    ("death", 1, -2, "RR", 1.5, 0.4, 5.2, ("birch2018",)),
    ("serious-adverse-events", 2, -1, "RR", 1.3, 0.9, 1.9, ("ashdown2015", "birch2018")),
    ("crp", 4, 0, "MD", -4.0, -6.0, -2.0, ("ashdown2015",)),
)

CONCEPTS = (
    Concept(id="joint-disease", kind="population",
            names=names("inflammatory joint disease", "炎性关节病")),
    Concept(id="merrow", kind="population", broader=("joint-disease",),
            names=names("Merrow disease", "梅罗病")),
    Concept(id="severe-merrow", kind="population", broader=("merrow",),
            names=names("severe Merrow disease", "重度梅罗病")),
    Concept(id="blockers", kind="intervention",
            names=names("ion channel blockers", "离子通道阻滞剂")),
    Concept(id="velatrin", kind="intervention", broader=("blockers",),
            names=names("velatrin", "维拉曲林")),
    Concept(id="placebo", kind="comparator", names=names("placebo", "安慰剂")),
)  # fmt: skip

STUDIES = (
    ("ashdown2015", "Ashdown 2015", "randomised"),
    ("birch2018", "Birch 2018", "randomised"),
    ("corley2020", "Corley 2020", "single-arm"),
)

#: Study, outcome, visit, estimand, arm, statistic, number, unit.
VALUES = (
    ("ashdown2015", "participants", "baseline", "point", "velatrin", "n", "60", "patients"),
    ("ashdown2015", "participants", "baseline", "point", "placebo", "n", "60", "patients"),
    ("birch2018", "participants", "baseline", "point", "velatrin", "n", "100", "patients"),
    ("birch2018", "participants", "baseline", "point", "placebo", "n", "100", "patients"),
    ("corley2020", "participants", "baseline", "point", "all", "n", "50", "patients"),
    ("corley2020", "remission", "m12", "ever", "all", "n", "50", "patients"),
    ("corley2020", "remission", "m12", "ever", "all", "events", "30", "patients"),
    ("corley2020", "remission", "m12", "point", "all", "n", "50", "patients"),
    ("corley2020", "remission", "m12", "point", "all", "events", "20", "patients"),
    ("ashdown2015", "relapse", "m12", "ever", "velatrin", "n", "60", "patients"),
    ("ashdown2015", "relapse", "m12", "ever", "velatrin", "events", "12", "patients"),
    ("ashdown2015", "relapse", "m12", "ever", "placebo", "n", "60", "patients"),
    ("ashdown2015", "relapse", "m12", "ever", "placebo", "events", "20", "patients"),
    ("birch2018", "relapse", "m12", "ever", "velatrin", "n", "100", "patients"),
    ("birch2018", "relapse", "m12", "ever", "velatrin", "events", "18", "patients"),
    ("birch2018", "relapse", "m12", "ever", "placebo", "n", "100", "patients"),
    ("birch2018", "relapse", "m12", "ever", "placebo", "events", "30", "patients"),
    ("birch2018", "death", "m12", "ever", "velatrin", "n", "100", "patients"),
    ("birch2018", "death", "m12", "ever", "velatrin", "events", "3", "patients"),
    ("birch2018", "death", "m12", "ever", "placebo", "n", "100", "patients"),
    ("birch2018", "death", "m12", "ever", "placebo", "events", "2", "patients"),
)

JOURNALS = {
    "ashdown2015": (
        "Annals of Invented Medicine",
        "Velatrin for Merrow disease: a randomised trial",
    ),
    "birch2018": ("Journal of Joint Studies", "Velatrin against placebo in adults: a larger trial"),
    "corley2020": ("Open Arms", "Velatrin given to fifty adults: a single-arm study"),
}


def review() -> ClaimEvidence:
    """Return the evidence: two trials, one single-arm study, six rated outcomes."""
    outcomes = {o.id: o for o in OUTCOMES}
    plans = [_plan(name, measure) for name, _, _, measure, *_ in BODIES]
    bodies = [_body(name) for name, *_ in BODIES]
    bodies.append(
        BodyPlan(id="remission-single-arm", outcome="remission", designs=("single-arm",),
                 start_level=1, concepts=(("comparator", "none"),))
    )  # fmt: skip
    protocol = Protocol(
        head=ReviewHead(id="invented", title="Velatrin for Merrow disease (invented)"),
        question=Question(
            population="adults with Merrow disease", intervention="velatrin", comparator="placebo",
            outcomes="pain, relapse", designs="trials and single-arm studies",
            concepts=(("population", "merrow"), ("intervention", "velatrin"),
                      ("comparator", "placebo")),
        ),
        outcomes=OUTCOMES,
        concepts=CONCEPTS,
        visits=(Visit(id="baseline", label="baseline", months="0"),
                Visit(id="m12", label="month 12", months="12")),
        bodies=tuple(bodies),
        syntheses=tuple(plans),
    )  # fmt: skip
    return ClaimEvidence(
        protocol=protocol,
        studies=tuple(_study(*row) for row in STUDIES),
        records={f"aaaaaaaaaaaa:{i}": _record(i, row) for i, row in enumerate(STUDIES)},
        extraction=Extraction(values=tuple(_value(*row) for row in VALUES)),
        syntheses=tuple(_synthesis(row, plan) for row, plan in zip(BODIES, plans, strict=True)),
        ratings=(*(_rating(f"{row[0]}-rct", row[0], row[1], row[2]) for row in BODIES),
                 _rating("remission-single-arm", "remission", 1, 0)),
        findings_rows=tuple(_row(row, outcomes[row[0]]) for row in BODIES),
    )  # fmt: skip


def _body(name: str) -> BodyPlan:
    return BodyPlan(id=f"{name}-rct", outcome=name, designs=("randomised",), start_level=4,
                    synthesis=name)  # fmt: skip


def _plan(name: str, measure: str) -> SynthesisPlan:
    return SynthesisPlan(id=name, outcome=name, estimand="ever", visit="m12",
                         designs=("randomised",), measure=measure, method="REML",
                         kind="controlled", arms=("velatrin", "placebo"))  # fmt: skip


def _study(name: str, label: str, design: str) -> Study:
    index = [row[0] for row in STUDIES].index(name)
    report = Report(id=f"{name}-article", study=name, records=(f"aaaaaaaaaaaa:{index}",))
    return Study(id=name, label=label, design=design, reports=(report,))


def _record(index: int, row: tuple[str, str, str]) -> Record:
    journal, title = JOURNALS[row[0]]
    return Record(id=f"aaaaaaaaaaaa:{index}", raw=(), title=title, journal=journal,
                  year=int(row[1][-4:]))  # fmt: skip


def _value(
    study: str,
    name: str,
    visit: str,
    estimand: str,
    arm: str,
    statistic: str,
    number: str,
    unit: str,
) -> Value:
    at = f"{visit}.{estimand}" if estimand == "ever" else visit
    return Value(
        id=f"v:{study}/{name}/{at}/{arm}/{statistic}",
        cell=Cell(study=study, outcome=name, visit=visit, arm=arm, estimand=estimand),
        statistic=statistic,
        printed=number,
        number=Decimal(number),
        unit=unit,
        source=CitationAnchor(citation="invented", location="Table 1",
                              status="abstract or table read"),
        status="abstract or table read",
    )  # fmt: skip


def _synthesis(row: tuple[object, ...], plan: SynthesisPlan) -> Synthesis:
    name, _, _, measure, estimate, low, high, studies = row
    rows = ()
    if name == "relapse":
        rows = (
            BinaryRow(study="ashdown2015", events_1=12, n_1=60, events_2=20, n_2=60),
            BinaryRow(study="birch2018", events_1=18, n_1=100, events_2=30, n_2=100),
        )
    pooled = PooledResult(
        measure=str(measure),
        method="REML",
        interval_method="z",
        k=2,
        y=0.0,
        se=1.0,
        y_low=-1.0,
        y_high=1.0,
        estimate=float(str(estimate)),
        ci_low=float(str(low)),
        ci_high=float(str(high)),
        statistic=None,
        df=None,
        p=None,
        tau2=None,
        tau2_ci=None,
        i2=None,
        h2=None,
        q=None,
        q_df=None,
        q_p=None,
        pi_low=None,
        pi_high=None,
    )
    assert studies
    return Synthesis(plan=plan, rows=rows, effects=(), pooled=pooled)  # fmt: skip


def _rating(body: str, name: str, level: int, imprecision: int) -> RatingSummary:
    domain = DomainSummary(domain="imprecision", label="imprecision", change=imprecision)
    return RatingSummary(body=body, outcome=name, start=4, domains=(domain,), level=level,
                         label="", symbols="", status="confirmed")  # fmt: skip


def _row(row: tuple[object, ...], of: Outcome) -> FindingsRow:
    name, level, _, measure, estimate, low, high, studies = row
    null = 1.0 if measure == "RR" else 0.0
    limits = float(str(low)), float(str(high))
    said = tuple(
        statement(
            words_for(of, lang, intervention=x, comparator=c),
            level=int(str(level)), size="moderate", upward=float(str(estimate)) > null,
            excludes_null=not limits[0] <= null <= limits[1],
        )
        for lang, x, c in (("en", "velatrin", "placebo"), ("zh", "维拉曲林", "安慰剂"))
    )  # fmt: skip
    return FindingsRow(
        outcome=str(name), body=f"{name}-rct", synthesis=str(name), importance=of.importance,
        harm=of.harm, design="randomised", studies=tuple(studies),  # type: ignore[arg-type]
        measure=str(measure), estimate=float(str(estimate)),
        interval=Interval(low=limits[0], high=limits[1], method="z"),
        level=int(str(level)), statements=said, status="confirmed",
    )  # fmt: skip
