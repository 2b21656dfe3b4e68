"""What people judged in the sample review, and what other texts make of it. All invented."""

from __future__ import annotations

from tests.report.sample_ids import AT, WHO, event, value_id

from tamis.domain.claims import CheckedClaim, CheckedText, ClaimFinding
from tamis.domain.grading import AbsoluteEffect, FindingsRow, Statement, StatementNumber
from tamis.domain.results import Finding, Interval
from tamis.domain.summaries import AppraisalItem, AppraisalSummary, DomainSummary, RatingSummary


def ratings() -> tuple[RatingSummary, ...]:
    def domain(
        name: str, change: int | None, reason: str = "", proposal: int | None = None
    ) -> DomainSummary:
        return DomainSummary(domain=name, label=name.replace("-", " "), change=change,
                             reason=reason, by=WHO, at=AT, event=event(60), proposal=proposal,
                             rule="A5.2" if proposal is not None else "",
                             message="the interval of trial2017 crosses 2 thresholds"
                             if proposal is not None else "",
                             because=("trial2017", "syn:nowhere#low"))  # fmt: skip

    return (
        RatingSummary(body="remission-rct", outcome="remission", start=4, level=1,
                      label="very low", symbols="⊕◯◯◯", status="confirmed", domains=(
                          domain("risk-of-bias", -1, "stopped after 18 people"),
                          domain("imprecision", -2,
                                 "the interval reaches from −40 to 34 points", -3),
                          domain("inconsistency", 0))),
        RatingSummary(body="death-rct", outcome="death", start=4, level=None, label="", symbols="",
                      status="in progress", domains=(domain("imprecision", None),)),
    )  # fmt: skip


def appraisals() -> tuple[AppraisalSummary, ...]:
    return (
        AppraisalSummary(
            tool="jbi-case-series", tool_name="JBI checklist for case series", version="2020",
            url="https://jbi.global/critical-appraisal-tools", study="arm2014",
            result="arm2014/remission/m12", assessor=WHO, event=event(61),
            items=(
                AppraisalItem(question="1", label="inclusion criteria clear", answer="yes",
                              support="page 2 lists 4 criteria", event=event(61)),
                AppraisalItem(question="4", label="consecutive inclusion", answer=""),
            ),
        ),
    )  # fmt: skip


def _said(lang: str, pattern: str, ending: str, **more: object) -> Statement:
    fields: dict[str, object] = {
        "lang": lang, "pattern": pattern, "ending": ending, "strength": 1, "size": "small",
        "column": "small", "level": 1,
    }  # fmt: skip
    return Statement(**{**fields, **more})  # type: ignore[arg-type]


UNCERTAIN = "The evidence is very uncertain about the effect of DQ on"
EN, ZH = " (very low certainty, ⊕◯◯◯).", "（极低确定性，⊕◯◯◯）。"


def findings_rows() -> tuple[FindingsRow, ...]:
    """Return a summary of findings: a trial alone, an unfinished body, one arm, and silence."""
    inputs = tuple(
        value_id("trial2017", "remission", "m6.best-by", arm, s)
        for arm in ("dq", "placebo")
        for s in ("events", "n")
    )
    numbers = tuple(
        StatementNumber(slot=slot, value=value, digits=0, rule="count of the study",
                        inputs=(value_id("arm2014", "remission", "m12.ever", "all", name),))
        for slot, value, name in (("a", 49.0, "events"), ("n", 81.0, "n"))
    )  # fmt: skip
    return (
        FindingsRow(
            outcome="remission", body="remission-rct", synthesis="remission-rct",
            importance="critical", visit="m6", estimand="best-by", design="randomised",
            studies=("trial2017",), participants=18, participants_inputs=inputs, measure="RR",
            estimate=0.9, interval=Interval(low=0.554, high=1.461, method="Koopman score"),
            estimate_inputs=inputs, level=1, label="very low", symbols="⊕◯◯◯", status="confirmed",
            size="small", size_source="set for the demonstration, not sourced",
            statements=(_said("en", f"{UNCERTAIN} renal remission", EN),
                        _said("zh", "关于药物Q对肾脏缓解的影响，证据非常不确定", ZH)),
            absolutes=(AbsoluteEffect(
                label="placebo group", source="", baseline=5 / 6, intervention=0.75,
                difference=-1 / 12, controls=6, only="this trial only", inputs=inputs,
                intervals=(Interval(low=-0.397, high=0.345, method="Newcombe hybrid score"),
                           Interval(low=-0.433, high=0.378, method="Miettinen-Nurminen score")),
                warnings=(Finding(rule="baseline-risk-small", severity="warning",
                                  subject="remission-rct",
                                  message="the risk rests on 6 people with the comparator",
                                  suggestion="give an external risk with its source"),),
            ),),
        ),
        FindingsRow(
            outcome="death", body="death-rct", synthesis="death-pool", importance="critical",
            harm=True, visit="m12", estimand="ever", design="randomised",
            studies=("trial2017", "second2021"), participants=99, measure="RR", estimate=0.657,
            level=None, status="in progress",
        ),
        FindingsRow(
            outcome="remission", body="remission-arm", synthesis="remission-arm",
            importance="critical", visit="m12", estimand="ever", design="single-arm",
            studies=("arm2014",), participants=81, level=1, label="very low", symbols="⊕◯◯◯",
            status="proposed", single_arm=True,
            statements=(
                _said("en", "In one single-arm study ({n} participants), {a} of them had renal "
                      "remission by month twelve; without a comparison group this says nothing "
                      "certain about the effect of DQ", EN, numbers=numbers, strength=0),
                _said("zh", "在一项无对照研究（共 {n} 例）中，{a} 例出现肾脏缓解；由于没有对照组，"
                      "无法确定这是否由药物Q所致", ZH, numbers=numbers, strength=0),
            ),
        ),
        FindingsRow(outcome="serious-infection", importance="critical", harm=True,
                    reported=False),
    )  # fmt: skip


def claims() -> tuple[CheckedText, ...]:
    """Return a text for lay people that was checked: a wrong number, a hedge, a silence."""
    because = (value_id("trial2017", "remission", "m6.best-by", "dq", "events"),)
    return (
        CheckedText(
            name="A web page for lay people", lang="zh",
            claims=(
                CheckedClaim(
                    id="c1", text="药物Q使95%的患者缓解", start=0, end=11, lang="zh", strength=4,
                    number="contradicted", reading="flag", subject="trial2017", step="lay",
                    findings=(
                        ClaimFinding(rule="number-differs", severity="error", because=because,
                                     message="the text says 95 %, the study 9 of 12 (trial2017)",
                                     suggestion="关于药物Q对肾脏缓解的影响，证据非常不确定"
                                     "（极低确定性，⊕◯◯◯）。"),
                        ClaimFinding(rule="verb-too-strong", severity="error", message="too strong",
                                     suggestion="请去掉证明类动词：关于药物Q对肾脏缓解的影响，"
                                     "证据非常不确定（极低确定性，⊕◯◯◯）。",
                                     accepted="accepted in 2025: a quotation"),
                    ),
                ),
                CheckedClaim(id="c2", text="共 18 人参加", start=12, end=20, lang="zh", strength=0,
                             number="faithful", reading="ok"),
                CheckedClaim(id="c3", text="", start=21, end=21, lang="zh", strength=0,
                             number="none", reading="cannot-tell", voice="study", section="结果"),
            ),
            text_findings=(ClaimFinding(rule="selective-outcomes", severity="error",
                                        message="1 death of 12 is left out", subject="trial2017",
                                        because=("nowhere",)),),
            notes=("the page is kept by a company that sells drug Q since 2019",),
        ),
    )  # fmt: skip
