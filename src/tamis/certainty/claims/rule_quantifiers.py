"""Rule 10 on quantifiers: "most studies", "half of the patients", 大多数, 没有研究.

Words about studies are held against the direction that each study's own numbers show; words about
people against the counts of the outcome. A quantifier is contradicted only where no reading of it
agrees; where a direction is not known, or outcome and arm are not plain, nobody can tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from tamis.certainty.claims.context import Context, direction
from tamis.certainty.claims.counted import at_the_visit, fits
from tamis.certainty.claims.directions import points, reporting, shows
from tamis.certainty.claims.facts import Fact
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.measured import arms_named, qualified
from tamis.certainty.claims.reading import BREAKS
from tamis.certainty.claims.suggest import allowed, say
from tamis.domain.claims import ClaimFinding

__all__ = ["Judged", "quantified"]

#: Quantifier -> whether so many of so many agree with it.
OF_STUDIES: Mapping[str, Callable[[int, int], bool]] = {
    "most": lambda some, every: 2 * some > every,
    "half": lambda some, every: 2 * some in (every - 1, every, every + 1),
    "several": lambda some, every: some >= 2,
    "some": lambda some, every: some >= 1,
}

#: Quantifier -> whether a share of people agrees with it. "Half" is read with a wide margin.
OF_PEOPLE: Mapping[str, Callable[[float], bool]] = {
    "most": lambda share: share > 0.5,
    "half": lambda share: 0.4 <= share <= 0.6,
    "few": lambda share: share < 0.5,
    "all": lambda share: share == 1,
    "none": lambda share: share == 0,
    "some": lambda share: share > 0,
}

_PEOPLE_EN = (
    r"\s+(?:of\s+)?(?:the\s+|these\s+|those\s+|treated\s+)*(?:[a-z-]+\s+){0,2}?(?:patients|people|persons|"
    r"participants|adults|women|men|children|subjects|those)\b"
)
_PEOPLE_ZH = r"(?:的)?(?:[^，。；,;]{0,6}?)(?:患者|病人|受试者|参与者|病例|的人)"

#: Quantifiers over people: language -> word -> pattern; the first that fits counts.
PEOPLE: Mapping[str, Mapping[str, re.Pattern[str]]] = {
    "en": {
        word: re.compile(rf"\b(?:{pattern}){_PEOPLE_EN}", re.IGNORECASE)
        for word, pattern in (
            ("most", r"most|(?:the|a)\s+(?:great\s+|large\s+|vast\s+)?majority\s+of|"
                     r"(?:more\s+than|over)\s+half(?:\s+of)?"),
            ("few", r"(?:only\s+|very\s+)?(?<!a )few|(?:a|the)\s+(?:small\s+)?minority\s+of|"
                    r"(?:less|fewer)\s+than\s+half(?:\s+of)?"),
            ("half", r"(?<!than )(?<!over )half(?:\s+of)?"),
            ("all", r"all|every"),
            ("none", r"no|none\s+of"),
            ("some", r"some|several|a\s+few|a\s+number\s+of"),
        )
    },
    "zh": {
        word: re.compile(rf"(?:{pattern}){_PEOPLE_ZH}")
        for word, pattern in (
            ("most", r"绝?大多数|多数|大部分|半数以上|一半以上|超过半数|超过一半|过半数?"),
            ("few", r"极?少数|不到半数|不到一半|不足半数|不足一半"),
            ("half", r"(?:约|近|大约)?(?:半数|一半)(?!以上)"),
            ("all", r"所有|全部|每[一个名例位]"),
            ("none", r"没有|无一?(?=例|名|患者|病例)"),
            ("some", r"(?<!大)部分|一些|有些|若干"),
        )
    },
}  # fmt: skip

_REPORTED = {
    "en": re.compile(r"\b(?:report|measur|assess|examin|evaluat|record|stud)\w*\b", re.IGNORECASE),
    "zh": re.compile(r"报告|报道|测量|评估|评价|记录|观察"),
}
_BEFOREHAND = re.compile(
    r"\b(?:prior|previous\w*|histor\w+|baseline|at\s+entry|had\s+had)\b|既往|基线|史(?!密|诗)|入组时",
    re.IGNORECASE,
)
_NEGATED = {
    "en": re.compile(r"\b(?:not|without|free|never|avoid\w*|n't|fail\w*)\b", re.IGNORECASE),
    "zh": re.compile(r"未|没有|无(?!关)|不|避免|免于"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A quantifier of a sentence: what the evidence answers, and what is found against it."""

    answer: str
    finding: ClaimFinding | None = None


def quantified(context: Context) -> Iterator[Judged]:
    """Yield what the evidence says of the quantifiers of a sentence ("all studies" excepted)."""
    if context.sentence.section in ("aims", "methods", "references", "disclaimer"):
        return
    over_studies = context.reading.quantifier
    if over_studies in OF_STUDIES:
        yield from _studies(context, over_studies)
    elif over_studies == "none":
        yield from _no_study(context)
    if not over_studies:
        yield from _people(context)


# --------------------------------------------------------------------------------------- studies
def _studies(context: Context, word: str) -> Iterator[Judged]:
    names = context.outcomes or context.all_outcomes
    if context.study is not None or not names or not context.reading.sense:
        return
    for name in names:
        claim = direction(context.reading.sense, context.known.outcomes[name])
        if claim not in ("good", "bad"):
            continue
        yield _of_studies(context, word, name, claim)


def _of_studies(context: Context, word: str, name: str, claim: str) -> Judged:
    known, agrees = context.known, OF_STUDIES[word]
    groups = [reporting(known, name), reporting(known, name, comparative=True)]
    possible, sure = [], []
    for group in groups:
        told = [points(known, study, name) for study in group]
        least, most = told.count(claim), sum(t in (claim, "") for t in told)
        possible.append(any(agrees(n, len(group)) for n in range(least, most + 1)))
        sure.append(bool(group) and all(agrees(n, len(group)) for n in range(least, most + 1)))
    if not any(groups):
        return Judged(answer="cannot-tell")
    if any(possible):
        enough = word in ("some", "several") or agrees(
            _agreeing(context, name, claim), len(known.evidence.included)
        )
        return Judged(answer="faithful" if any(sure) and enough else "cannot-tell")
    shown = _agreeing(context, name, claim)
    return _against(
        context,
        f"'{word}' of the studies is claimed of {known.outcomes[name].name}; {shown} of"
        f" {len(groups[0])} studies can show it",
        [f"study:{study}" for study in groups[0]],
        say("quantifier", context.lang, s=allowed(context)),
    )


def _agreeing(context: Context, name: str, claim: str) -> int:
    known = context.known
    return sum(points(known, study, name) == claim for study in reporting(known, name))


def _no_study(context: Context) -> Iterator[Judged]:
    """Judge "no study": of an effect shown, or of an outcome reported at all."""
    known, names = context.known, context.all_outcomes
    if context.study is not None or not names:
        return
    for name in names:
        claim = direction(context.reading.sense, known.outcomes[name])
        if claim in ("good", "bad"):
            showing = [s for s in reporting(known, name) if shows(known, s, name, claim)]
            told = [points(known, s, name) for s in reporting(known, name)]
            quiet = bool(told) and all(t and t != claim for t in told)
            yield _none(context, name, showing) if showing else Judged(
                answer="faithful" if quiet else "cannot-tell")  # fmt: skip
        elif _REPORTED[context.lang].search(context.sentence.text):
            yield _not_reported(context, name)


def _not_reported(context: Context, name: str) -> Judged:
    included = {study.id for study in context.known.evidence.included}
    facts = [f for f in context.known.facts if f.outcome == name and f.study in included]
    counted = [f for f in facts if f.sure and f.value != 0]
    if counted:
        return _none(context, name, dict.fromkeys(f.study for f in counted))
    return Judged(answer="cannot-tell" if facts else "faithful")


def _none(context: Context, name: str, studies: Iterable[str]) -> Judged:
    found = tuple(studies)
    return _against(
        context,
        f"'no study' is said of {context.known.outcomes[name].name}; there is " + ", ".join(found),
        [f"study:{study}" for study in found],
        say("counts", context.lang, n=", ".join(found)),
    )


# ---------------------------------------------------------------------------------------- people
def _people(context: Context) -> Iterator[Judged]:
    for start, end in clauses(context.sentence.text, BREAKS[context.lang]):
        yield from _people_of(context, start, end)


def _people_of(context: Context, start: int, end: int) -> Iterator[Judged]:
    """Judge a quantifier over people in the clause that names the outcome."""
    text = context.span(start, end)
    word = next((w for w, p in PEOPLE[context.lang].items() if p.search(text)), "")
    named = [
        m
        for m in context.mentions
        if m.kind == "outcome" and m.id in context.all_outcomes and start <= m.start < end
    ]
    if not word or not named or _BEFOREHAND.search(text):
        return
    outcome = context.known.outcomes[named[0].id]
    if outcome.kind != "binary":
        return
    arms = {arm for *_, arm in arms_named(context)}
    plain = len({m.id for m in named}) == 1 and len(arms) <= 1
    if not plain or any(qualified(context, m) for m in named):
        yield Judged(answer="cannot-tell")
        return
    facts = _counts(context, named[0].id, next(iter(arms), ""))
    negated = bool(
        _NEGATED[context.lang].search(PEOPLE[context.lang][word].sub(" ", text, count=1))
    )
    answers = _answers(word, facts, negated=negated)
    if facts and not any(answers):
        shown = "; ".join(dict.fromkeys(f"{f.value:f}/{f.whole:f}" for f in facts[:4]))
        yield _against(
            context,
            f"'{word}' of the people is claimed of {outcome.name}; the evidence holds {shown}",
            [i for f in facts for i in f.ids],
            say("counts", context.lang, n=shown),
        )
    else:
        yield Judged(answer="faithful" if facts and all(answers) else "cannot-tell")


def _counts(context: Context, outcome: str, arm: str) -> list[Fact]:
    known = context.known
    studies = (
        {context.study.id}
        if context.study is not None
        else {s for body in known.bodies_for(outcome) for s in body.studies}
    )
    facts = [
        f
        for f in known.facts
        if f.kind == "part" and f.sure and f.whole and f.outcome == outcome and f.study in studies
    ]
    return [f for f in at_the_visit(context, facts) if fits(arm, f)]


def _answers(word: str, facts: Iterable[Fact], *, negated: bool) -> list[bool]:
    agrees = OF_PEOPLE[word]
    shares = [float(f.value / f.whole) for f in facts if f.whole]
    return [agrees(share) or (negated and agrees(1 - share)) for share in shares]


def _against(context: Context, message: str, because: Iterable[str], suggestion: str) -> Judged:
    finding = ClaimFinding(
        rule="number-differs",
        severity="error",
        message=message,
        because=tuple(dict.fromkeys(because)),
        suggestion=suggestion,
        subject=context.subject,
    )
    return Judged(answer="contradicted", finding=finding)
