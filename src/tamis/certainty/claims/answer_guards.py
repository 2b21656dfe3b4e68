"""What may stand against an answer on a number: a duration, a favoured arm, another visit."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from tamis.certainty.claims.context import Context
from tamis.certainty.claims.fact import Fact
from tamis.certainty.claims.measured import arms_named
from tamis.certainty.claims.measures_named import TIME_TO, measures_named
from tamis.certainty.claims.movement import CHANGE, form_of, sign_of
from tamis.certainty.claims.number import Number, decimal_of
from tamis.certainty.claims.times import months_of, times_named
from tamis.certainty.claims.whose import BOTH_ARMS, whose

__all__ = ["EXACT", "against_favour", "against_sign", "exact", "unbound", "unread", "waited"]

#: Digits that show which value was meant, whatever its visit.
EXACT = 3

_FAVOURS = {
    "en": re.compile(r"\b(?:in\s+favou?r\s+of|favou?r(?:s|ed|ing)?)\s+(?:the\s+)?$", re.IGNORECASE),
    "zh": re.compile(r"(?:有利于|利于|倾向于|支持)\s*$"),
}
_RATIOS = frozenset({"RR", "OR", "HR"})
#: People given something behind a number, where no arm of the review is named.
_GIVEN = re.compile(
    r"^\s*(?:patients|people|participants|women|adults|children|cases)?\s*(?:who\s+(?:got|received|"
    r"had\s+received|were\s+given|took)|given|receiving|treated\s+with|assigned\s+to|"
    r"randomi[sz]ed\s+to|in\s+the\s+[\w-]+\s+(?:group|arm))\b", re.IGNORECASE,
)  # fmt: skip
_BEHIND = 48
_DIGITS = re.compile(r"(?<![A-Za-z0-9_.,/^×])(?P<n>\d+(?:,\d{3})*(?:\.\d+)?)(?![A-Za-z0-9_^×])")
_A_DAY = re.compile(r"(?:24|48|72)[\s-]*(?:h(?:ours?|rs?)?\b|小时)", re.IGNORECASE)
#: What stands before digits that give no value: "Table 2", "[3]", "phase 1", 第 2.
_NO_VALUE = re.compile(
    r"(?:\b(?:tables?|fig(?:ure)?s?\.?|refs?\.?|phases?|types?|classe?s?|grades?|stages?|step|page|pp?\.|no\.|"
    r"version|appendix|chapter|guideline|item|group|arm|per)\s*|[\[［#]\s*|第\s*|表\s*|图\s*|[,，、–-]\s*\d*|"
    r"NCT|doi\S*|https?:\S*)$", re.IGNORECASE,
)  # fmt: skip


def against_favour(context: Context, facts: Iterable[Fact]) -> bool:
    """Tell whether a difference is said to favour the arm that it does not favour."""
    text, lang = context.sentence.text, context.lang
    favoured = {arm for a, _, arm in arms_named(context) if _FAVOURS[lang].search(text[:a])}
    if len(favoured) != 1:
        return False
    (arm,) = favoured
    pairs = [pair.arms for pair in context.known.evidence.protocol.syntheses if arm in pair.arms]
    outcomes = context.known.outcomes
    told = {
        (fact.value > (fact.measure in _RATIOS)) == (outcomes[fact.outcome].better == "higher")
        for fact in facts if fact.measure and fact.outcome in outcomes and fact.high is None
    }  # fmt: skip
    return bool(pairs) and len(told) == 1 and next(iter(told)) != (arm == pairs[0][0])


def against_sign(context: Context, number: Number, facts: Iterable[Fact]) -> bool:
    """Tell whether a change goes the other way than its verb: "went down by 36"."""
    if number.kind != "level" or form_of(context, number) != CHANGE:
        return False
    moved = [f for f in facts if f.estimand == CHANGE and not f.measure and f.value]
    told = {sign_of(context, number, context.known.outcomes.get(f.outcome)) for f in moved}
    went = {1 if f.value > 0 else -1 for f in moved}
    return len(told) == 1 and 0 not in told and len(went) == 1 and told != went


def unread(context: Context) -> bool:
    """Tell whether a sentence has digits that are no number, name, time or reference we read."""
    text = context.sentence.text
    spans = [(n.start, n.end) for n in context.numbers]
    spans += [(m.start, m.end) for m in (*context.mentions, *measures_named(context))]
    places = {t.start for t in times_named(context)}
    wholes = {n.whole for n in context.numbers if n.whole is not None}
    for m in _DIGITS.finditer(text):
        inside = any(a <= m.start() < b for a, b in spans) or m.start() in places
        if inside or decimal_of(m["n"]) in wholes or _NO_VALUE.search(text[: m.start()]):
            continue
        if re.fullmatch(r"(?:19|20)\d\d", m["n"]) or _A_DAY.match(text[m.start() :]):
            continue
        return True
    return False


def unbound(context: Context, number: Number, facts: Sequence[Fact]) -> bool:
    """Tell whether a count is said of people whom no arm of the review is known by."""
    behind = context.span(number.end, number.end + _BEHIND)
    if number.kind not in ("part", "percent", "people") or not _GIVEN.match(behind):
        return False
    named = any(number.end <= a <= number.end + _BEHIND for a, *_ in arms_named(context))
    arms = {f.arm for f in context.known.facts if f.study in {x.study for x in facts}}
    return not named and len(arms - {"", "all"}) > 1


def exact(number: Number) -> bool:
    """Tell whether a level has digits enough to be known by: 1.02, 1020, 58.55.

    Examples
    --------
    >>> from decimal import Decimal
    >>> exact(Number(start=0, end=4, kind="level", value=Decimal("1020")))
    True
    >>> exact(Number(start=0, end=2, kind="level", value=Decimal("16")))
    False
    """
    digits = str(abs(number.value).normalize().as_tuple().digits)
    return number.kind == "level" and len(re.findall(r"\d", digits)) >= EXACT


def waited(
    context: Context, number: Number, facts: Iterable[Fact]
) -> tuple[str, tuple[Fact, ...]] | None:
    """Answer how long something took ("time to remission was 7 weeks"); ``None`` where not told."""
    names = {m.id for m in measures_named(context) if m.id.startswith(TIME_TO)}
    at = months_of(number)
    if not names or at is None or number.value == 0:
        return None
    study = whose(context)
    held = [
        f for f in facts
        if f.outcome in names and f.kind == "level" and f.sure and not f.ids[0].endswith("/sd")
        and (study is None or f.study == study.id)
    ]  # fmt: skip
    arms = {arm for *_, arm in arms_named(context)}
    held = [f for f in held if not arms or f.arm in arms]
    in_months = [(f, _months(f)) for f in held]
    known = [(f, months) for f, months in in_months if months is not None]
    if not known or len({f.study for f, _ in known}) > 1:
        return "cannot-tell", ()
    one = at / float(number.value)
    width = one * (0.5 * 10**-number.digits) + 1e-9
    agree = tuple(f for f, months in known if abs(months - at) <= width)
    if len(agree) == len(known):
        return "faithful", agree
    if agree and not (BOTH_ARMS[context.lang].search(context.sentence.text)):
        return "cannot-tell", ()
    return "contradicted", tuple(f for f, _ in known)


def _months(fact: Fact) -> float | None:
    as_number = Number(start=0, end=0, kind="months", value=fact.value, unit=fact.unit)
    return months_of(as_number)
