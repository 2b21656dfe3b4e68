"""The sheet of values: what the planned syntheses need, what a study is; a statistic a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.app.sheet.ground import Cells, Ground
from tamis.domain.question import Outcome, Protocol, SynthesisPlan
from tamis.domain.records import Study
from tamis.domain.state import DocumentLink
from tamis.domain.values import Cell

__all__ = ["value_rows"]

#: What a synthesis needs from every arm: measure -> statistics.
_BY_MEASURE: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("RR", "OR", "RD", "AS", "PR"), ("events", "n")),
        **dict.fromkeys(("MD", "SMD"), ("mean", "sd", "n")),
        **dict.fromkeys(("HR", "GEN"), ("estimate", "ci_low", "ci_high")),
    }
)

#: The same where no measure is planned: kind of the outcome -> statistics.
_BY_KIND: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "binary": ("events", "n"),
        "continuous": ("mean", "sd", "n"),
        "time-to-event": ("estimate", "ci_low", "ci_high"),
    }
)

_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "events": "how many people had it",
        "n": "of how many people",
        "mean": "mean",
        "sd": "standard deviation",
        "estimate": "estimate of the effect",
        "ci_low": "lower limit of its 95 % interval",
        "ci_high": "upper limit of its 95 % interval",
    }
)

#: What every study is asked: outcome, statistic, unit, words.
_STUDY: tuple[tuple[str, str, str, str], ...] = (
    ("design-as-stated", "text", "", "the design in the words of the source"),
    ("setting", "text", "", "country, hospitals"),
    ("population", "text", "", "who took part"),
    ("participants", "n", "participants", "how many took part"),
    ("follow-up-months", "n", "months", "how long they were followed"),
    ("funding", "text", "", "who paid"),
    ("registration", "text", "", "number in a register of trials"),
    ("tidier-co-treatment", "text", "", "what every arm was given as well"),
)

#: What is asked of the intervention (TIDieR, Hoffmann 2014), in the experimental arm.
_INTERVENTION: tuple[tuple[str, str], ...] = (
    ("tidier-name", "its name"),
    ("tidier-materials", "what it consists of"),
    ("tidier-procedures", "what was done"),
    ("tidier-provider", "who gave it"),
    ("tidier-delivery", "how it was given"),
    ("tidier-where", "where it was given"),
    ("tidier-dose-per-kg", "dose by body weight"),
    ("tidier-dose-total", "how much in all"),
    ("tidier-schedule", "when and how often"),
    ("tidier-tailoring", "how it was fitted to each person"),
    ("tidier-modifications", "what was changed on the way"),
    ("tidier-adherence", "how much of it was really given"),
)

#: Study, arm, outcome, visit, estimand, statistic: what makes two rows the same question.
_Key = tuple[str, str, str, str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """One thing to look for in a study: what it is, its unit, and the words for it."""

    key: _Key
    unit: str
    words: str


def value_rows(ground: Ground) -> Iterator[Cells]:
    """Yield what the person has not recorded yet, study by study.

    Another person's values are no reason to leave a row out: two may extract apart.
    """
    done = _recorded(ground)
    files = _files(ground)
    for study in ground.studies:
        if study.role != "included":
            continue
        held = [link for report in study.reports for link in files.get(report.id, ())]
        seen: set[_Key] = set()
        for one in (*_planned(ground.protocol, study), *_characteristics(ground.protocol, study)):
            if one.key not in done and one.key not in seen:
                seen.add(one.key)
                yield _row(one, held, study, ground.person)


def _row(asked: _Asked, held: list[DocumentLink], study: Study, person: str) -> Cells:
    key = asked.key
    row = {
        "study": key[0],
        "arm_or_contrast": key[1],
        "outcome": key[2],
        "visit": key[3],
        "estimand": key[4],
        "statistic": key[5],
        "unit": asked.unit,
        "extractor": person,
        "asked": asked.words,
        "files": "; ".join(link.file for link in held),
    }
    if not held:
        return row | {"anchor_kind": "citation", "citation": study.label or study.id}
    document = held[0].sha256 if len(held) == 1 else ""
    return row | {"anchor_kind": "passage", "document": document, "status": "passage read"}


def _plans(protocol: Protocol, study: Study) -> Iterator[SynthesisPlan]:
    for plan in protocol.syntheses:
        if study.design in plan.designs and (not plan.studies or study.id in plan.studies):
            yield plan


def _planned(protocol: Protocol, study: Study) -> Iterator[_Asked]:
    for plan in _plans(protocol, study):
        outcome = protocol.outcome(plan.outcome)
        if outcome is None:
            continue
        statistics = _statistics(plan, outcome)
        labels = {visit.id: visit.label for visit in protocol.visits}
        visits = (plan.visit,) if plan.visit else outcome.visits or tuple(labels)
        for visit in visits:
            for arm in _arms(plan, statistics):
                for statistic in statistics:
                    key = (
                        study.id, arm, outcome.id, visit,
                        plan.estimand or outcome.estimand, statistic,
                    )  # fmt: skip
                    words = _WORDS.get(statistic, statistic)
                    asked = f"{outcome.name}, {labels.get(visit, visit)}, {arm}: {words}"
                    yield _Asked(key=key, unit=_unit(outcome, statistic), words=asked)


def _statistics(plan: SynthesisPlan, outcome: Outcome) -> tuple[str, ...]:
    if plan.statistic == "estimate":
        return _BY_MEASURE["GEN"]
    if plan.measure in _BY_MEASURE:
        return _BY_MEASURE[plan.measure]
    return (plan.statistic,) if plan.statistic else _BY_KIND.get(outcome.kind, ("text",))


def _arms(plan: SynthesisPlan, statistics: tuple[str, ...]) -> tuple[str, ...]:
    named = tuple(arm for arm in plan.arms if arm)
    if "estimate" in statistics and len(named) == 2:
        return ("-vs-".join(named),)
    return named or ("all",)


def _unit(outcome: Outcome, statistic: str) -> str:
    if statistic in ("events", "n"):
        return "participants"
    return outcome.unit if statistic in ("mean", "sd") else ""


def _characteristics(protocol: Protocol, study: Study) -> Iterator[_Asked]:
    found = (plan.arms for plan in _plans(protocol, study) if any(plan.arms))
    arms = [arm for arm in next(found, ()) if arm]
    for outcome, statistic, unit, words in _STUDY:
        for arm in ("all", *(arms if outcome == "participants" and len(arms) > 1 else ())):
            said = words if arm == "all" else f"{words}, {arm}"
            yield _fact(study, arm, outcome, statistic=statistic, unit=unit, words=said)
    given = arms[0] if arms else "all"
    for outcome, words in _INTERVENTION:
        yield _fact(study, given, outcome, statistic="text", words=f"the intervention: {words}")


def _fact(
    study: Study, arm: str, outcome: str, *, statistic: str, words: str, unit: str = ""
) -> _Asked:
    key = (study.id, arm, outcome, "baseline", "point", statistic)
    return _Asked(key=key, unit=unit, words=words)


def _recorded(ground: Ground) -> set[_Key]:
    state = ground.review.state
    own: list[tuple[Cell, str]] = []
    own += [(v.cell, v.statistic) for v in state.values.values() if v.extractor == ground.person]
    own += [
        (s.cell, s.statistic) for s in state.looked_for.values() if s.extractor == ground.person
    ]
    return {(c.study, c.arm, c.outcome, c.visit, c.estimand, stat) for c, stat in own}


def _files(ground: Ground) -> Mapping[str, list[DocumentLink]]:
    found: dict[str, list[DocumentLink]] = {}
    for link in ground.review.state.documents.values():
        found.setdefault(link.report, []).append(link)
    return found
