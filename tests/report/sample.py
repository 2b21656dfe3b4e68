"""A small review that has everything a report can print. All of it is invented."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from tests.report.sample_ids import ADDRESS, AT, PDF, WHO, A, B, event, value_id
from tests.report.sample_judgement import appraisals, claims, findings_rows, ratings

from tamis.dedupe import Link, ReportLink
from tamis.domain.decisions import Amendment, EngineRun, Note, Vote
from tamis.domain.question import (
    BodyPlan,
    Concept,
    Criterion,
    Outcome,
    Protocol,
    Question,
    ReviewHead,
    ScreeningRules,
    Source,
    SynthesisPlan,
    TeamMember,
    Threshold,
    Visit,
)
from tamis.domain.records import (
    Batch,
    Cluster,
    PairDecision,
    ParsedFile,
    Record,
    RefusedPart,
    Repair,
    Report,
    Strategy,
    Study,
)
from tamis.domain.results import (
    AgreementResult,
    BinaryRow,
    Finding,
    Interval,
    MeansRow,
    PooledResult,
    ProportionRow,
    Refusal,
    ScreenState,
    SingleResult,
    StudyEffect,
    Synthesis,
    Trajectory,
    TrajectoryPoint,
)
from tamis.domain.value_rows import parse_number
from tamis.domain.values import (
    Anchor,
    Cell,
    CitationAnchor,
    Derivation,
    Extraction,
    LookedFor,
    PassageAnchor,
    Value,
)
from tamis.report import Document, EventMark, ReportContent


def value(
    study: str,
    outcome: str,
    visit: str,
    arm: str,
    statistic: str,
    printed: str,
    *,
    estimand: str = "point",
    unit: str = "",
    status: str = "abstract or table read",
    source: Anchor | None = None,
    definition: str = "not-stated",
    note: str = "",
) -> Value:
    at = f"{visit}.{estimand}" if estimand in ("ever", "best-by", "change") else visit
    return Value(
        id=value_id(study, outcome, at, arm, statistic),
        cell=Cell(study=study, outcome=outcome, visit=visit, arm=arm, estimand=estimand,
                  definition=definition),
        statistic=statistic,
        printed=printed,
        number=None if statistic == "text" else parse_number(printed),
        unit=unit,
        source=source or CitationAnchor(citation=ADDRESS, location="Table 2", status=status),
        status=status,
        extractor=WHO,
        note=note,
        event=event(50),
    )  # fmt: skip


def protocol() -> Protocol:
    return Protocol(
        stated=frozenset({"screening.blinding", "source.pubmed.run", "source.ctgov.run"}),
        head=ReviewHead(
            id="sample",
            title="Drug Q for nephritis of type 2: a sample review",
            as_of="2025-10-31",
            banner="Demonstration: every paper and number of this review is invented (2025).",
            funding="None: invented.",
            interests="None.",
            registration="PROSPERO CRD42025000001",
        ),
        question=Question(
            population="adults with nephritis of type 2",
            intervention="Drug Q (DQ) at 5 mg per kg",
            comparator="placebo",
            outcomes="remission, 24-h proteinuria, death",
            designs="randomised trials and single-arm studies",
            rationale="One review of 2023 pooled what should stand apart. 药物Q需要12周观察。",
            concepts=(("population", "nephritis"), ("intervention", "dq"),
                      ("comparator", "placebo")),
        ),
        concepts=(
            Concept(id="nephritis", kind="population",
                    names=(("en", ("nephritis of type 2",)), ("zh", ("2 型肾炎",)))),
            Concept(id="dq", kind="intervention", names=(("en", ("DQ",)), ("zh", ("药物Q",)))),
            Concept(id="placebo", kind="comparator",
                    names=(("en", ("placebo",)), ("zh", ("安慰剂",)))),
        ),
        criteria=(
            Criterion(id="wrong-population", version=1, stage="both", kind="exclude",
                      text="fewer than 80 % of people have nephritis", order=1),
            Criterion(id="wrong-design", version=1, stage="full-text", kind="exclude",
                      text="no original data", order=2),
        ),
        sources=(
            Source(id="pubmed", database="PubMed", platform="NLM", searched_on="2025-10-30",
                   limits="1990 to 2025", strategy_file="search/pubmed.txt"),
            Source(id="ctgov", database="ClinicalTrials.gov", platform="NLM", kind="register",
                   searched_on="2025-10-31", run="rendered-not-run"),
        ),
        outcomes=(
            Outcome(id="remission", name="renal remission", importance="critical", kind="binary",
                    better="higher", estimand="best-by", visits=("m6",),
                    definition="protein below 0.5 g/24 h",
                    names=(("en", ("renal remission",)), ("zh", ("肾脏缓解",))),
                    thresholds=(Threshold(size="small", value="100", unit="per 1,000",
                                          source="set for the demonstration, not sourced"),)),
            Outcome(id="death", name="death", importance="critical", kind="binary",
                    better="lower", estimand="ever", visits=("m12",), harm=True,
                    names=(("en", ("death",)), ("zh", ("死亡",)))),
            Outcome(id="serious-infection", name="serious infection", importance="critical",
                    kind="binary", better="lower", estimand="ever", visits=("m12",), harm=True,
                    names=(("zh", ("严重感染",)),)),
            Outcome(id="proteinuria", name="24-h proteinuria", importance="important",
                    kind="continuous", better="lower", unit="g/24h", estimand="change",
                    visits=("baseline", "m3", "m6")),
        ),
        visits=(
            Visit(id="baseline", label="baseline", months="0"),
            Visit(id="m3", label="month 3", months="3"),
            Visit(id="m6", label="month 6", months="6"),
            Visit(id="m12", label="month 12", months="12"),
        ),
        syntheses=(),
        bodies=(
            BodyPlan(id="remission-rct", outcome="remission", designs=("randomised",),
                     start_level=4, synthesis="remission-rct"),
            BodyPlan(id="death-rct", outcome="death", designs=("randomised",), start_level=4,
                     synthesis="death-pool"),
            BodyPlan(id="remission-arm", outcome="remission", designs=("single-arm",),
                     start_level=1, synthesis="remission-arm"),
        ),
        tools=(("single-arm", "jbi-case-series"),),
        screening=ScreeningRules(),
        team=(TeamMember(id=WHO, name="Ada Reviewer", roles=("screening", "extraction")),
              TeamMember(id="p-rev-b", name="Bo 李明", roles=("screening",))),
    )  # fmt: skip


def record(name: str, title: str, year: int | None = 2017, **more: str) -> Record:
    fields = {"journal": "Journal of Samples", "volume": "12", "issue": "3", "pages": "100-108"}
    return Record(id=name, raw=(("TI", title),), title=title, year=year,
                  authors=("Alpha A", "Beta B"), **{**fields, **more})  # type: ignore[arg-type]  # fmt: skip


RECORDS = {
    r.id: r
    for r in (
        record(
            f"{A}:0", "Drug Q against placebo in 18 people", doi="10.1000/q.2017.18", pmid="123"
        ),
        record(f"{A}:100", "Drug Q in 81 people, one arm", 2014, doi="10.1000/q.2014.81"),
        record(f"{A}:200", "A review of drug Q", 2020),
        record(f"{A}:300", "Drug Q in mice & <rats>", 2012),
        record(f"{A}:400", "药物Q治疗狼疮性肾炎12例", None),
        record(f"{A}:500", "Drug Q, lost report", 2019),
        record(f"{B}:0", "Drug Q against placebo in 18 people", doi="10.1000/q.2017.18"),
        record(f"{B}:100", "Drug Q, a second trial", 2021),
    )
}

CLUSTERS = (
    Cluster(records=(f"{A}:0", f"{B}:0")),
    *(Cluster(records=(f"{A}:{n}",)) for n in (100, 200, 300, 400, 500)),
    Cluster(records=(f"{B}:100",)),
)


def states() -> tuple[ScreenState, ...]:
    ta, ft = "title-abstract", "full-text"
    rows = (
        (f"{A}:0", ta, "in", "", 1), (f"{A}:0", ft, "in", "", 11),
        (f"{A}:100", ta, "in", "", 2), (f"{A}:100", ft, "in", "", 12),
        (f"{A}:200", ta, "in", "", 3), (f"{A}:200", ft, "out", "wrong-design", 13),
        (f"{A}:300", ta, "out", "wrong-population", 4),
        (f"{A}:400", ta, "in", "", 5), (f"{A}:400", ft, "out", "wrong-population", 14),
        (f"{A}:500", ta, "in", "", 6), (f"{A}:500", ft, "not-retrieved", "", 15),
        (f"{B}:100", ta, "in", "", 7), (f"{B}:100", ft, "in", "", 16),
    )  # fmt: skip
    return tuple(
        ScreenState(cluster=c, stage=s, state=w, reason=r, votes=1, needed=1, events=(event(n),))
        for c, s, w, r, n in rows
    )


def votes() -> tuple[Vote, ...]:
    decided = {"in": "include", "out": "exclude", "not-retrieved": "not-retrieved"}
    first = tuple(
        Vote(event=s.events[0], stage=s.stage, records=(s.cluster,), reviewer=WHO,
             decision=decided[s.state], reason=s.reason, at=AT)
        for s in states()
    )  # fmt: skip
    second = tuple(
        replace(v, event=v.event.replace(WHO, "p-rev-b"), reviewer="p-rev-b")
        for v in first
        if v.stage == "title-abstract"
    )
    return first + second


STUDIES = (
    Study(id="trial2017", label="Trial 2017", design="randomised", reports=(
        Report(id="trial2017-main", study="trial2017", records=(f"{A}:0", f"{B}:0")),)),
    Study(id="second2021", label="Second 2021", design="randomised", reports=(
        Report(id="second2021-main", study="second2021", records=(f"{B}:100",)),)),
    Study(id="arm2014", label="One Arm 2014", design="single-arm", reports=(
        Report(id="arm2014-main", study="arm2014", records=(f"{A}:100",)),
        Report(id="arm2014-reg", study="arm2014", records=(), kind="registration"))),
    Study(id="wider2013", label="Wider 2013", design="single-arm", role="wider"),
    Study(id="review2023", label="Review 2023", design="review", role="published-review"),
)  # fmt: skip

QUOTE = PassageAnchor(document=PDF, page=3, start=10, end=60,
                      quote="Remission was reached by 9 of 12 patients (75 %)",
                      layer="t1")  # fmt: skip


def values() -> tuple[Value, ...]:
    be = "best-by"
    found = [
        value("trial2017", "remission", "m6", "dq", "events", "9", estimand=be, source=QUOTE,
              status="passage read", definition="trial2017.remission"),
        value("trial2017", "remission", "m6", "dq", "n", "12", estimand=be, source=QUOTE,
              status="passage read", definition="trial2017.remission"),
        value("trial2017", "remission", "m6", "placebo", "events", "5", estimand=be,
              definition="trial2017.remission"),
        value("trial2017", "remission", "m6", "placebo", "n", "6", estimand=be,
              definition="trial2017.remission"),
        value("arm2014", "remission", "m12", "all", "events", "49", estimand="ever"),
        value("arm2014", "remission", "m12", "all", "n", "81", estimand="ever"),
        value("arm2014", "remission", "m6", "all", "percent", "45", unit="percent",
              status="secondary source"),
        value("arm2014", "remission", "m12", "all", "percent", "44", unit="percent",
              note="Kaplan-Meier; 44 % of 81 is 35.6 people"),
        value("wider2013", "remission", "m12", "all", "events", "28", estimand="ever",
              status="unverified"),
        value("wider2013", "remission", "m12", "all", "n", "68", estimand="ever",
              status="unverified"),
        value("trial2017", "proteinuria", "baseline", "dq", "mean", "3.1", unit="g/24h",
              estimand="follow-up", status="derived",
              source=Derivation(formula="1.0 + 2.1", inputs=(
                  value_id("trial2017", "proteinuria", "m6", "dq", "mean"),
                  value_id("trial2017", "proteinuria", "m6.change", "dq", "mean")))),
        value("trial2017", "proteinuria", "m6", "dq", "mean", "1.0", unit="g/24h",
              estimand="follow-up"),
        value("trial2017", "proteinuria", "m3", "dq", "text", "fell within 3 months",
              estimand="follow-up"),
        value("arm2014", "proteinuria", "m6", "all", "p", "<0.001", estimand="change"),
        value("arm2014", "proteinuria", "m6", "all", "text", "improved", estimand="change"),
        value("review2023", "flow-identified", "baseline", "all", "n", "1397", unit="records",
              status="lay article"),
        value("review2023", "flow-included", "baseline", "all", "n", "4", unit="studies"),
        value("trial2017", "design-as-stated", "baseline", "all", "text", "randomised 2:1, blind"),
        value("trial2017", "participants", "baseline", "dq", "n", "12", unit="participants"),
        value("trial2017", "participants", "baseline", "placebo", "n", "6", unit="participants"),
        value("arm2014", "participants", "baseline", "all", "n", "81", unit="participants"),
        value("arm2014", "tidier-dose-total", "baseline", "all", "estimate", "6e7",
              unit="cells", status="derived",
              source=Derivation(formula="1e6 x 60 kg, assumed weight")),
        value("arm2014", "tidier-name", "baseline", "all", "text", "Drug Q5"),
    ]  # fmt: skip
    for statistic, arm, number in (
        ("mean", "dq", "-2.1"), ("sd", "dq", "1.8"), ("n", "dq", "12"),
        ("mean", "placebo", "-1.4"), ("sd", "placebo", "1.1"), ("n", "placebo", "6"),
    ):  # fmt: skip
        unit = "" if statistic == "n" else "g/24h"
        found.append(
            value("trial2017", "proteinuria", "m6", arm, statistic, number, unit=unit,
                  estimand="change")
        )  # fmt: skip
    for study, arm, events, n in (
        ("trial2017", "dq", "1", "12"), ("trial2017", "placebo", "0", "6"),
        ("second2021", "dq", "2", "40"), ("second2021", "placebo", "4", "41"),
    ):  # fmt: skip
        for statistic, number in (("events", events), ("n", n)):
            found.append(value(study, "death", "m12", arm, statistic, number, estimand="ever"))
    return tuple(sorted(found, key=lambda v: v.id))


VALUES = {v.id: v for v in values()}


def looked_for() -> tuple[LookedFor, ...]:
    def item(study: str, outcome: str, statistic: str = "text", visit: str = "baseline",
             where: str = "abstract and 3 tables") -> LookedFor:  # fmt: skip
        return LookedFor(
            id=value_id(study, outcome, visit, "all", statistic),
            cell=Cell(study=study, outcome=outcome, visit=visit, arm="all", estimand="point"),
            statistic=statistic, where=where, extractor=WHO, event=event(51),
            note="not in any of 3 texts",
        )  # fmt: skip

    return (
        item("arm2014", "funding"),
        item("review2023", "flow-screened", "n"),
        item("review2023", "flow-duplicates", "n"),
        item("trial2017", "relapse", "events", "m12"),
        item("arm2014", "death", "events", "m12"),
    )


def _plan(name: str, outcome: str, **more: object) -> SynthesisPlan:
    fields: dict[str, object] = {
        "id": name, "outcome": outcome, "estimand": "best-by", "visit": "m6",
        "designs": ("randomised",), "measure": "RD", "method": "one-study", "kind": "controlled",
        "arms": ("dq", "placebo"),
    }  # fmt: skip
    return SynthesisPlan(**{**fields, **more})  # type: ignore[arg-type]


def _ids(study: str, outcome: str, at: str, arms: tuple[str, ...], *names: str) -> tuple[str, ...]:
    return tuple(value_id(study, outcome, at, arm, s) for arm in arms for s in names)


def syntheses() -> tuple[Synthesis, ...]:
    both = ("dq", "placebo")
    remission = _ids("trial2017", "remission", "m6.best-by", both, "events", "n")
    change = _ids("trial2017", "proteinuria", "m6.change", both, "mean", "sd", "n")
    one = Synthesis(
        plan=_plan("remission-rct", "remission", title="Renal remission: the trial alone",
                   reason="One trial of 18 people."),
        rows=(BinaryRow(study="trial2017", events_1=9, n_1=12, events_2=5, n_2=6,
                        inputs=remission),),
        effects=(StudyEffect(study="trial2017", measure="RD", y=-0.083333, se=0.2, estimate=-1 / 12,
                             low=-0.396957, high=0.344941, interval_method="Newcombe hybrid score",
                             inputs=remission),),
        single=(
            SingleResult(measure="RD", estimate=-1 / 12, intervals=(
                Interval(low=-0.396957, high=0.344941, method="Newcombe hybrid score"),
                Interval(low=-0.433149, high=0.378158, method="Miettinen-Nurminen score")),
                p={"mid-p": 0.754902, "fisher": 1.0}, p_method="mid-p"),
            SingleResult(measure="RR", estimate=0.9, intervals=(
                Interval(low=0.523286, high=1.845029, method="Miettinen-Nurminen score"),),
                warnings=(Finding(rule="small", severity="note", subject="RR",
                                  message="Only 18 people stand behind this."),)),
        ),
        settings={"level": "0.95"},
    )  # fmt: skip
    means = Synthesis(
        plan=_plan("proteinuria-rct", "proteinuria", measure="MD", estimand="change"),
        rows=(MeansRow(study="trial2017", mean_1=-2.1, sd_1=1.8, n_1=12, mean_2=-1.4, sd_2=1.1,
                       n_2=6, inputs=change),),
        effects=(StudyEffect(study="trial2017", measure="MD", y=-0.7, se=0.68678, estimate=-0.7,
                             low=-2.163234, high=0.763234, interval_method="Welch t",
                             inputs=change),),
        single=(SingleResult(measure="MD", estimate=-0.7, intervals=(
            Interval(low=-2.163234, high=0.763234, method="Welch t"),), p={"welch-t": 0.324168},
            p_method="welch-t"),),
    )  # fmt: skip
    return (one, means, _pooled(), _single_arm(), _series(), _wider())


def _pooled() -> Synthesis:
    both = ("dq", "placebo")
    first = _ids("trial2017", "death", "m12.ever", both, "events", "n")
    second = _ids("second2021", "death", "m12.ever", both, "events", "n")
    return Synthesis(
        plan=_plan("death-pool", "death", measure="RR", method="REML", estimand="ever",
                   visit="m12"),
        rows=(BinaryRow(study="trial2017", events_1=1, n_1=12, events_2=0, n_2=6, inputs=first),
              BinaryRow(study="second2021", events_1=2, n_1=40, events_2=4, n_2=41,
                        inputs=second)),
        effects=(
            StudyEffect(study="trial2017", measure="RR", y=0.4, se=1.5, estimate=1.6154,
                        low=0.0749, high=34.83, interval_method="Wald", weight=22.4,
                        corrected=True, inputs=first),
            StudyEffect(study="second2021", measure="RR", y=-0.66, se=0.84, estimate=0.5125,
                        low=0.0994, high=2.6423, interval_method="Wald", weight=77.6,
                        inputs=second),
        ),
        pooled=PooledResult(
            measure="RR", method="REML", interval_method="Hartung-Knapp with floor", k=2,
            y=-0.42, se=0.73, y_low=-9.7, y_high=8.9, estimate=0.657, ci_low=0.00006,
            ci_high=7183.0, statistic=-0.57, df=1.0, p=0.67, tau2=0.0, tau2_ci=None, i2=0.0,
            h2=1.0, q=0.41, q_df=1, q_p=0.52, pi_low=None, pi_high=None,
            warnings=(Finding(rule="few-studies", severity="warning", subject="death",
                              message="With k = 2 studies (trial2017, second2021) tau2 is not "
                              "known."),),
        ),
        left_out=(("arm2014", "single-arm, no comparator of 2 arms"),),
        settings={"level": "0.95", "test": "auto"},
    )  # fmt: skip


def _single_arm() -> Synthesis:
    inputs = _ids("arm2014", "remission", "m12.ever", ("all",), "events", "n")
    return Synthesis(
        plan=_plan("remission-arm", "remission", measure="PR", kind="single-arm",
                   designs=("single-arm",), estimand="ever", visit="m12", arms=("all", "")),
        rows=(ProportionRow(study="arm2014", events=49, n=81, inputs=inputs),),
        effects=(StudyEffect(study="arm2014", measure="PR", y=None, se=None, estimate=49 / 81,
                             low=0.4959, high=0.7044, interval_method="Wilson score",
                             inputs=inputs),),
        refusal=Refusal(rule="one-arm", message="1 study is no pool"),
    )  # fmt: skip


def _series() -> Synthesis:
    v = VALUES
    points = (
        TrajectoryPoint(visit="baseline", months=0.0,
                        value=v["v:trial2017/proteinuria/baseline/dq/mean"]),
        TrajectoryPoint(visit="m3", months=3.0, value=None,
                        words=v["v:trial2017/proteinuria/m3/dq/text"]),
        TrajectoryPoint(visit="m6", months=6.0, value=v["v:trial2017/proteinuria/m6/dq/mean"]),
        TrajectoryPoint(visit="m12", months=12.0, value=None),
    )  # fmt: skip
    return Synthesis(
        plan=_plan("proteinuria-series", "proteinuria", kind="series", measure="none",
                   method="series", estimand="follow-up"),
        rows=(), effects=(),
        trajectories=(Trajectory(study="trial2017", outcome="proteinuria", arm="dq", unit="g/24h",
                                 statistic="mean", points=points),),
    )  # fmt: skip


def _wider() -> Synthesis:
    inputs = _ids("wider2013", "remission", "m12.ever", ("all",), "events", "n")
    return Synthesis(
        plan=_plan("remission-wider", "remission", measure="PR", kind="single-arm",
                   layer="sensitivity", designs=("single-arm",), estimand="ever", visit="m12",
                   arms=("all", "")),
        rows=(ProportionRow(study="wider2013", events=28, n=68, inputs=inputs),),
        effects=(StudyEffect(study="wider2013", measure="PR", y=None, se=None, estimate=28 / 68,
                             low=0.3028, high=0.5302, interval_method="Wilson score",
                             inputs=inputs),),
    )  # fmt: skip


def notes() -> tuple[Note, ...]:
    def note(topic: str, subject: str, **fields: str) -> Note:
        return Note(event=event(70), topic=topic, subject=subject, fields=tuple(fields.items()),
                    by=WHO, at=AT)  # fmt: skip

    return (
        note("definition", "trial2017.remission", label="protein below 0.3 g/24 h",
             text="protein below 0.3 g/24 h and stable function", status="unverified"),
        note("mechanism", "m01", edge="M01", claim="DQ blocks CD4 cells",
             evidence_kind="in vitro, 3 donors (supports); mice (weakens)",
             citation="Blood 2002;99:3838 (https://example.org/99/3838); Mouse J 2005",
             location="abstract", status="secondary source", verdict="in vitro only"),
        note("conflict", "arm2014", about="remission", a="49/81 ever", b="44 % at month 12"),
        note("author", "discussion", text="We would wait for the trial of 2026."),
    )  # fmt: skip


def amendments() -> tuple[Amendment, ...]:
    first = '[review]\ntitle = "Drug Q"\nas_of = "2025-10-01"\n'
    second = first.replace("10-01", "10-31")
    return tuple(
        Amendment(event=event(n), file="review.toml", sha256=f"{n:x}" * 64, text=text,
                  reason=reason, at=AT)
        for n, text, reason in ((8, first, ""), (9, second, "searched again after 30 days"))
    )  # fmt: skip


def events() -> dict[str, EventMark]:
    marks = {event(n): EventMark(actor=WHO, at=AT, kind="screened.v1") for n in range(1, 80)}
    marks |= {
        name.replace(WHO, "p-rev-b"): EventMark(actor="p-rev-b", at=AT, kind="screened.v1")
        for name in list(marks)
    }
    marks["e-dedupe-1.9f3c12ab/1"] = EventMark(actor="e-dedupe-1", at=AT, kind="engine_ran.v1")
    return marks


def sample() -> ReportContent:
    """Return the sample review."""
    return ReportContent(
        protocol=protocol(),
        date="2025-11-20T10:00:00.000Z",
        versions={"tamis": "0.1.0", "numpy": "2.4.1"},
        amendments=amendments(),
        strategies=(Strategy(source="pubmed", name="search/pubmed.txt", sha256="d" * 64,
                             text="1 nephritis[tiab]\n2 drug q[tiab]\n3 #1 AND #2",
                             lines=("1 nephritis[tiab]", "2 drug q[tiab]", "3 #1 AND #2")),),
        batches=(
            Batch(source="pubmed", file="imports/a.nbib", sha256=A + "0" * 52, format="nbib",
                  records=6, at=AT, event=event(20)),
            Batch(source="ctgov", file="imports/b.csv", sha256=B + "0" * 52, format="csv",
                  records=2, at=AT, event=event(21)),
        ),
        files=(
            ParsedFile(name="imports/a.nbib", sha256=A + "0" * 52, format="nbib",
                       database="PubMed", encoding="utf-8", records=(),
                       repaired=(Repair(line=3, code="field-again", message="TI stands twice"),
                                 Repair(line=9, code="cut-off", message="it ends inside a record")),
                       refused=(RefusedPart(line=1, code="export-furniture", message="a line"),)),
            ParsedFile(name="imports/b.csv", sha256=B + "0" * 52, format="csv", database="CTG",
                       encoding="gb18030", records=(),
                       repaired=(Repair(line=1, code="encoding-guessed", message="guessed"),)),
        ),
        records=RECORDS,
        clusters=CLUSTERS,
        pairs=(PairDecision(a=f"{A}:0", b=f"{B}:0", decision="same", rule="doi-1"),),
        related=(
            ReportLink(kind="erratum", one=f"{A}:200", other=f"{A}:0", directed=True, links=(
                Link(a=f"{A}:0", b=f"{A}:200", kind="erratum", rule="stated", one=f"{A}:200",
                     said=((f"{A}:0", "EIN - J Invented Med. 2018;5:1"),)),)),
            ReportLink(kind="comment", one=f"{A}:300", other=f"{B}:100", directed=False, links=(
                Link(a=f"{A}:300", b=f"{B}:100", kind="comment", rule="comment-once"),)),
        ),
        pairs_by_hand=(
            PairDecision(a=f"{A}:200", b=f"{A}:300", decision="unsure", rule=WHO),),
        states=states(),
        votes=votes(),
        agreement=(AgreementResult(
            subject="title-abstract", rater_1=WHO, rater_2="p-rev-b", n=7, table=(), percent=1.0,
            percent_ci=None, kappa=None, kappa_se=None, kappa_ci=None, ac1=None, pabak=None,
            positive=None, negative=None, inputs=tuple(v.event for v in votes()[:7])),),
        studies=STUDIES,
        extraction=Extraction(values=values(), looked_for=looked_for()),
        value_findings=(Finding(
            rule="percent-of-n", severity="warning",
            subject="v:arm2014/remission/m12/all/percent",
            message="44 % of 81 is 35.64, no whole number; 36 people would be 44.4 %",
            because=("v:arm2014/remission/m12/all/percent",), suggestion="look at arm2014 again"),),
        syntheses=syntheses(),
        appraisals=appraisals(),
        ratings=ratings(),
        findings_rows=findings_rows(),
        claims=claims(),
        appraisal_agreement=(AgreementResult(
            subject="risk of bias, all questions", rater_1=WHO, rater_2="p-rev-b", n=10, table=(),
            percent=0.9, percent_ci=None, kappa=0.62, kappa_se=0.2, kappa_ci=(0.2, 1.0), ac1=None,
            pabak=None, positive=None, negative=None, inputs=(event(61),)),),
        trust_findings=(Finding(
            rule="registry.size", severity="warning", subject="trial2017",
            message="registered with 40 people, published with 18 (trial2017)",
            because=(value_id("trial2017", "participants", "baseline", "dq", "n"),)),),
        notes=notes(),
        engine_runs=(EngineRun(event="e-dedupe-1.9f3c12ab/1", engine="dedupe", version="1",
                               settings=(("policy", "versions-are-links"), ("min_title", "0.92")),
                               inputs=(A + "0" * 52, B + "0" * 52), output="f" * 64, stage="dedupe",
                               at=AT),),
        documents=(Document(report="trial2017-main", file="documents/trial-2017.pdf",
                            sha256=PDF, pages=9, event=event(30)),),
        events=events(),
        event_count=80,
    )  # fmt: skip


def with_value(content: ReportContent, name: str, printed: str) -> ReportContent:
    """Return the content with one value changed."""
    changed = tuple(
        replace(v, printed=printed, number=Decimal(printed)) if v.id == name else v
        for v in content.extraction.values
    )
    return replace(content, extraction=replace(content.extraction, values=changed))
