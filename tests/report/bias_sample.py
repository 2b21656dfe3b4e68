"""Appraisals of every kind that a figure must bear. All of them are invented."""

from __future__ import annotations

from tamis.domain.summaries import AppraisalItem, AppraisalSummary, BiasDomain, BiasWord

LOW = BiasWord(id="L", label="low", symbol="+", rank=0, tone="good")
SOME = BiasWord(id="S", label="some concerns", symbol="–", rank=1, tone="fair")
HIGH = BiasWord(id="H", label="high", symbol="×", rank=2, tone="worst")
NI = BiasWord(id="NI", label="no information", symbol="?", rank=-1, tone="unknown")
NA = BiasWord(id="NA", label="not applicable", symbol="", rank=-1, tone="unknown")
LX = BiasWord(id="LX", label="low, except for concerns about uncontrolled confounding",
              symbol="(+)", rank=1, tone="good")  # fmt: skip
SERIOUS = BiasWord(id="serious", label="serious", symbol="×", rank=3, tone="poor")
CRITICAL = BiasWord(id="critical", label="critical", symbol="!", rank=4, tone="worst")

ROB2 = (
    ("D1", "randomisation process"),
    ("D2a", "deviations from the intended interventions (effect of assignment)"),
    ("D3", "missing outcome data"),
    ("D4", "measurement of the outcome"),
    ("D5", "selection of the reported result"),
)


def domain(
    name: str,
    label: str,
    word: BiasWord | None,
    proposal: BiasWord | None = None,
    *,
    reason: str = "",
    undecided: str = "",
) -> BiasDomain:
    because = (("1.2", "probably yes"),) if proposal else ()
    return BiasDomain(id=name, label=label, judgement=word, proposal=proposal, reason=reason,
                      undecided=undecided, because=because)  # fmt: skip


def appraisal(
    result: str,
    domains: tuple[BiasDomain, ...],
    overall: BiasWord | None = None,
    *,
    tool: str = "rob2",
    name: str = "RoB 2",
    version: str = "2019-08-22",
    **more: str,
) -> AppraisalSummary:
    return AppraisalSummary(
        tool=tool,
        tool_name=name,
        version=version,
        url="https://www.riskofbias.info",
        study=result.partition("/")[0],
        result=result,
        assessor=more.pop("assessor", "p-rev-a"),
        domains=domains,
        overall=BiasDomain(id="overall", label="overall", judgement=overall, proposal=overall)
        if overall
        else None,
        **more,  # type: ignore[arg-type]
    )


def rob2(result: str, words: tuple[BiasWord | None, ...], overall: BiasWord | None,
         **more: str) -> AppraisalSummary:  # fmt: skip
    found = tuple(domain(i, label, w, w) for (i, label), w in zip(ROB2, words, strict=True))
    return appraisal(result, found, overall, variant="assignment", **more)


def overridden() -> AppraisalSummary:
    first = domain("D1", ROB2[0][1], HIGH, SOME, reason="the list lay open for 3 weeks")
    rest = (domain("D2a", ROB2[1][1], None, SOME), domain("D3", ROB2[2][1], NI, NI),
            domain("D4", ROB2[3][1], None, None, undecided="no rule of the tool fits"),
            domain("D5", ROB2[4][1], NA))  # fmt: skip
    return appraisal("second2021/death/m12", (first, *rest), HIGH, variant="assignment")


def quadas() -> AppraisalSummary:
    found = [
        domain(f"D{n}", f"domain of bias {word}", w)
        for n, (word, w) in enumerate(
            (("patients", LOW), ("index test", HIGH), ("reference standard", NI), ("flow", LOW)), 1
        )
    ]
    found += [
        domain(f"A{n}", f"applicability: {word}", w)
        for n, (word, w) in enumerate(
            (("patients", HIGH), ("index test", LOW), ("reference standard", LOW)), 1
        )
    ]
    return appraisal("arm2014/remission/m12", tuple(found), tool="quadas-2", name="QUADAS-2",
                     version="2011")  # fmt: skip


def robins(
    words: tuple[BiasWord, ...] = (LX, LOW, SERIOUS, SOME, CRITICAL, LOW),
) -> AppraisalSummary:
    found = tuple(domain(f"D{n}", f"domain number {chr(96 + n)}", w)
                  for n, w in enumerate(words, 1))  # fmt: skip
    return appraisal("wider2013/remission/m12", found, CRITICAL, tool="robins-i-v2",
                     name="ROBINS-I V2", version="2025-11-20", status="provisional")  # fmt: skip


def checklist() -> AppraisalSummary:
    items = (AppraisalItem(question="1", label="inclusion criteria clear", answer="yes"),
             AppraisalItem(question="2", label="consecutive inclusion"))  # fmt: skip
    return AppraisalSummary(tool="jbi", tool_name="JBI checklist", version="2020", url="",
                            study="arm2014", result="arm2014/remission/m12", assessor="p-rev-a",
                            items=items)  # fmt: skip


def appraisals() -> tuple[AppraisalSummary, ...]:
    return (
        rob2("trial2017/remission/m6", (LOW, LOW, SOME, LOW, SOME), SOME),
        rob2("trial2017/death/m12", (LOW, SOME, LOW, LOW, LOW), SOME),
        overridden(),
        quadas(),
        robins(),
        checklist(),
    )
