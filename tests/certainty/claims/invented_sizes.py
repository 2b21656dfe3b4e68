"""A third invented review (serolimab for asthma): no concepts, sizes of effects, risk of bias."""

from __future__ import annotations

import math
from dataclasses import replace
from decimal import Decimal

from tests.certainty.claims.invented import names

from tamis.certainty.claims import ClaimEvidence
from tamis.certainty.evidence import Effect
from tamis.certainty.statements import statement, words_for
from tamis.domain.grading import FindingsRow
from tamis.domain.question import (
    BodyPlan,
    Outcome,
    Protocol,
    Question,
    ReviewHead,
    SynthesisPlan,
    Threshold,
    Visit,
)
from tamis.domain.records import Study
from tamis.domain.results import (
    BinaryRow,
    Interval,
    MeansRow,
    PooledResult,
    StudyEffect,
    Synthesis,
    SynthesisRow,
)
from tamis.domain.summaries import (
    AppraisalSummary,
    BiasDomain,
    BiasWord,
    DomainSummary,
    RatingSummary,
)
from tamis.domain.values import Cell, CitationAnchor, Extraction, Value


def _outcome(
    name: str, en: str, zh: str, kind: str, better: str, small: str, unit: str = ""
) -> Outcome:
    return Outcome(
        id=name, name=en.split("|", maxsplit=1)[0], importance="critical", kind=kind, better=better,
        names=names(en, zh), unit=unit,
        thresholds=(Threshold(size="small", value=small, unit=unit, source="invented"),),
    )  # fmt: skip


ATTACK = _outcome("attack", "asthma attack|asthma attacks|attacks", "哮喘发作|发作", "binary",
                  "lower", "50")  # fmt: skip
FEV1 = _outcome("fev1", "FEV1|lung function", "FEV1|肺功能", "continuous", "higher", "0.10", "L")
SYMPTOMS = _outcome("symptoms", "symptom score|symptom scores|symptoms", "症状评分|症状",
                    "continuous", "lower", "3", "points")  # fmt: skip
WAKING = _outcome("waking", "night waking|night wakings", "夜间觉醒", "binary", "lower", "50")
HARM = replace(
    _outcome("serious-adverse-events", "serious adverse events|serious adverse event",
             "严重不良事件", "binary", "lower", "20"),
    harm=True,
)  # fmt: skip

ALL = ("avery2017", "bolton2019", "crane2021")
TWO = ALL[:2]

Row = tuple[
    Outcome, int, int, str, float, tuple[float, float], tuple[float, float], float, tuple[str, ...]
]

#: Outcome, level, change for imprecision, measure, estimate, interval, the Wald interval, p.
BODIES: tuple[Row, ...] = (
    (ATTACK, 3, -1, "RR", 0.68, (0.38, 1.20), (0.52, 0.88), 0.10, ALL),
    (FEV1, 2, -1, "MD", 0.14, (-0.62, 0.90), (0.02, 0.25), 0.26, TWO),
    (SYMPTOMS, 4, 0, "MD", -4.0, (-6.5, -1.5), (-5.8, -2.2), 0.002, TWO),
    (WAKING, 4, 0, "RR", 0.50, (0.35, 0.71), (0.34, 0.72), 0.0002, TWO),
)
HARM_BODY: Row = (HARM, 2, -1, "RR", 1.3, (0.9, 1.9), (0.95, 1.8), 0.15, TWO)

#: Study -> events and people with serolimab, with placebo.
COUNTS = {
    "attack": {"avery2017": (22, 100, 35, 100), "bolton2019": (40, 150, 58, 150),
               "crane2021": (6, 30, 7, 30)},
    "waking": {"avery2017": (10, 100, 20, 100), "bolton2019": (15, 150, 30, 150)},
    "serious-adverse-events": {"avery2017": (13, 100, 10, 100), "bolton2019": (26, 150, 20, 150)},
}  # fmt: skip

#: Study -> mean with serolimab and with placebo at month 12, and mean at baseline in both.
MEANS = {
    "fev1": {"avery2017": ("2.10", "1.98", ""), "bolton2019": ("2.05", "1.90", "")},
    "symptoms": {"avery2017": ("12", "16", "20"), "bolton2019": ("13", "17", "21")},
}
JUDGED = (("avery2017", "L", "good", 0), ("bolton2019", "S", "fair", 1), ("crane2021", "H",
          "worst", 2))  # fmt: skip


def review(
    *, harms: bool = False, bodies: tuple[Row, ...] = BODIES, size: str = "moderate"
) -> ClaimEvidence:
    """Return the evidence: three trials against placebo, four outcomes, or five with a harm.

    Other ``bodies`` may stand for them; ``size`` is what the statements say of those with
    thresholds.
    """
    bodies = (*bodies, HARM_BODY) if harms else bodies
    plans = tuple(_plan(row[0].id, row[3]) for row in bodies)
    protocol = Protocol(
        head=ReviewHead(id="serolimab", title="Serolimab for severe asthma (invented)"),
        question=Question(
            population="Adults with severe asthma", intervention="Serolimab, any dose",
            comparator="Placebo", outcomes="attacks, lung function", designs="randomised trials",
        ),
        outcomes=tuple(row[0] for row in bodies),
        visits=(Visit(id="baseline", label="baseline", months="0"),
                Visit(id="m12", label="month 12", months="12")),
        bodies=tuple(BodyPlan(id=f"{row[0].id}-rct", outcome=row[0].id, designs=("randomised",),
                              start_level=4, synthesis=row[0].id) for row in bodies),
        syntheses=plans,
    )  # fmt: skip
    return ClaimEvidence(
        protocol=protocol,
        studies=tuple(
            Study(id=s, label=f"{s[:-4].capitalize()} {s[-4:]}", design="randomised") for s in ALL
        ),
        extraction=Extraction(values=tuple(_values(harms=harms))),
        syntheses=tuple(_synthesis(row, plan) for row, plan in zip(bodies, plans, strict=True)),
        ratings=tuple(_rating(row[0].id, row[1], row[2]) for row in bodies),
        findings_rows=tuple(_row(row, size) for row in bodies),
        appraisals=tuple(_appraisal(*one) for one in JUDGED),
    )


def _plan(name: str, measure: str) -> SynthesisPlan:
    return SynthesisPlan(id=name, outcome=name, estimand="ever", visit="m12",
                         designs=("randomised",), measure=measure, method="REML",
                         kind="controlled", arms=("serolimab", "placebo"))  # fmt: skip


def _values(*, harms: bool) -> list[Value]:
    found = [_value(s, "participants", "baseline", arm, "n", str(n)) for s, n in
             zip(ALL, (100, 150, 30), strict=True) for arm in ("serolimab", "placebo")]  # fmt: skip
    for name, by_study in COUNTS.items():
        for study, (a, n, b, m) in by_study.items():
            if name == HARM.id and not harms:
                continue
            for arm, events, people in (("serolimab", a, n), ("placebo", b, m)):
                found.append(_value(study, name, "m12", arm, "events", str(events)))
                found.append(_value(study, name, "m12", arm, "n", str(people)))
    for name, means in MEANS.items():
        unit = {"fev1": "L", "symptoms": "points"}[name]
        for study, (one, other, before) in means.items():
            found.append(_value(study, name, "m12", "serolimab", "mean", one, unit))
            found.append(_value(study, name, "m12", "placebo", "mean", other, unit))
            if before:
                found.append(_value(study, name, "baseline", "serolimab", "mean", before, unit))
                found.append(_value(study, name, "baseline", "placebo", "mean", before, unit))
    return found


def _value(
    study: str, name: str, visit: str, arm: str, statistic: str, number: str, unit: str = "patients"
) -> Value:
    estimand = "ever" if statistic == "events" or (statistic == "n" and visit == "m12") else "point"
    return Value(
        id=f"v:{study}/{name}/{visit}.{estimand}/{arm}/{statistic}",
        cell=Cell(study=study, outcome=name, visit=visit, arm=arm, estimand=estimand),
        statistic=statistic, printed=number, number=Decimal(number), unit=unit,
        source=CitationAnchor(citation="invented", location="Table 1",
                              status="abstract or table read"),
        status="abstract or table read",
    )  # fmt: skip


def _synthesis(row: Row, plan: SynthesisPlan) -> Synthesis:
    of, _, _, measure, estimate, limits, wald, p, studies = row
    rows: tuple[SynthesisRow, ...]
    if of.id in COUNTS:
        rows = tuple(BinaryRow(study=s, events_1=a, n_1=n, events_2=b, n_2=m)
                     for s, (a, n, b, m) in COUNTS[of.id].items())  # fmt: skip
        effects = tuple(_risk_ratio(one) for one in rows if isinstance(one, BinaryRow))
    else:
        rows = tuple(
            MeansRow(study=s, mean_1=float(a), sd_1=0.6, n_1=100, mean_2=float(b), sd_2=0.6,
                     n_2=100)
            for s, (a, b, _) in MEANS[of.id].items()
        )  # fmt: skip
        effects = ()
    pooled = PooledResult(
        measure=measure, method="REML", interval_method="Hartung-Knapp with floor",
        k=len(studies), y=0.0, se=1.0, y_low=-1.0, y_high=1.0, estimate=estimate,
        ci_low=limits[0], ci_high=limits[1], statistic=None, df=None, p=p, tau2=None,
        tau2_ci=None, i2=None, h2=None, q=None, q_df=None, q_p=None, pi_low=None, pi_high=None,
        alternatives=(Interval(low=wald[0], high=wald[1], method="Wald"),),
    )  # fmt: skip
    return Synthesis(plan=plan, rows=rows, effects=effects, pooled=pooled)


def _risk_ratio(row: BinaryRow) -> StudyEffect:
    y = math.log((row.events_1 / row.n_1) / (row.events_2 / row.n_2))
    se = math.sqrt(1 / row.events_1 - 1 / row.n_1 + 1 / row.events_2 - 1 / row.n_2)
    return StudyEffect(study=row.study, measure="RR", y=y, se=se, estimate=math.exp(y),
                       low=math.exp(y - 1.96 * se), high=math.exp(y + 1.96 * se),
                       interval_method="z")  # fmt: skip


def _rating(name: str, level: int, imprecision: int) -> RatingSummary:
    domain = DomainSummary(domain="imprecision", label="imprecision", change=imprecision)
    return RatingSummary(body=f"{name}-rct", outcome=name, start=4, domains=(domain,), level=level,
                         label="", symbols="", status="confirmed")  # fmt: skip


def _row(row: Row, size: str) -> FindingsRow:
    of, level, _, measure, estimate, limits, _, _, studies = row
    null = 1.0 if measure == "RR" else 0.0
    effect = Effect(
        measure=measure,
        estimate=estimate,
        interval=Interval(low=limits[0], high=limits[1], method="z"),
    )
    said = tuple(
        statement(
            words_for(of, lang, intervention="Serolimab", comparator="placebo"),
            level=level, size=size if of.thresholds else "unsized", upward=estimate > null,
            excludes_null=not limits[0] <= null <= limits[1], effect=effect,
        )
        for lang in ("en", "zh")
    )  # fmt: skip
    return FindingsRow(
        outcome=of.id, body=f"{of.id}-rct", synthesis=of.id, importance=of.importance,
        harm=of.harm, design="randomised", studies=studies, measure=measure,
        estimate=estimate,
        interval=Interval(low=limits[0], high=limits[1], method="Hartung-Knapp with floor"),
        level=level, statements=said, status="confirmed",
    )  # fmt: skip


def _appraisal(study: str, judgement: str, tone: str, rank: int) -> AppraisalSummary:
    word = BiasWord(id=judgement, label=judgement, symbol="", rank=rank, tone=tone)
    return AppraisalSummary(
        tool="rob2", tool_name="RoB 2", version="1", url="", study=study,
        result=f"{study}/attack/m12.ever", assessor="p-one",
        overall=BiasDomain(id="overall", label="overall", judgement=word), event=f"e-{study}",
    )  # fmt: skip
