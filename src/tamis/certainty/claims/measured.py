"""What a number of a sentence is said of: its outcome and its arm, where that is plain.

Where two arms or two outcomes could be meant, none is: the rules then hold nothing against the
number.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from tamis.certainty.claims.context import Context, Knowledge
from tamis.certainty.claims.lexicon import clauses
from tamis.certainty.claims.naming import Mention, broader_than
from tamis.certainty.claims.numbers import Number
from tamis.certainty.claims.reading import BREAKS

__all__ = ["EVERYONE", "arm_of", "arms_named", "compared", "headed", "outcomes_of", "qualified"]

#: The arm of a study without a comparison: everyone in it.
EVERYONE = "all"

#: Words for the two arms of a trial in general; the first is that of the intervention.
_GENERAL: Mapping[str, tuple[re.Pattern[str], re.Pattern[str]]] = {
    "en": (
        re.compile(r"\b(?:treated|intervention|active|experimental)\s+(?:group|arm|patients)\b",
                   re.IGNORECASE),
        re.compile(r"\b(?:controls?|comparator|comparison)(?:\s+(?:group|arm|patients))?\b(?!led)|"
                   r"\b(?:dummy|sham|inactive)\s+(?:infusions?|treatments?|drugs?|pills?|tablets?|"
                   r"injections?|procedures?|surgery|group|arm)\b", re.IGNORECASE),
    ),
    "zh": (re.compile(r"(?:治疗|干预|试验|实验)组"),
           re.compile(r"对照组|假(?:手术|治疗|注射|输注|药)组?|模拟(?:治疗|输注)组?")),
}  # fmt: skip

#: Words before the name of an outcome that make another outcome of it.
_QUALIFIED = {
    "en": re.compile(
        r"\b(?:complete|partial|major|minor|full|early|late|first|second|overall|severe|mild|"
        r"moderate|sustained|related|new|serious|fatal|non)[\s-]+$", re.IGNORECASE),
    "zh": re.compile(r"(?:完全|部分|严重|轻度|中度|重度|早期|晚期|首次|再次|持续|相关|"
                     r"特定|主要|次要)(?:性|的)?$"),
}  # fmt: skip

_GIVEN = {
    "en": re.compile(
        r"^[^\d]{0,28}?\b(?:given|got|with|on|receiving|received|taking|treated\s+with|in\s+the|under|"
        r"assigned\s+to|allocated\s+to|randomi[sz]ed\s+to|for)\s+(?:the\s+)?$", re.IGNORECASE),
    "zh": re.compile(r"^(?!)"),
}  # fmt: skip
_NEAR = 40
_FAR = 60
_LACKING = re.compile(
    r"(?:\bwithout|\bno|\black\w*(?:\s+of)?)\s+(?:an?\s+|any\s+)?$|(?:无|没有|缺乏|未设)\s*$",
    re.IGNORECASE,
)
_OR = re.compile(r"\s*(?:group|arm|组)?\s*(?:or|/|或)\s*(?:the\s+)?", re.IGNORECASE)
_RESPECTIVELY = re.compile(r"\brespectively\b|分别", re.IGNORECASE)
_BRACKETS = re.compile(r"[(（\[][^()（）\[\]]*[)）\]]")


def _arm_pairs(known: Knowledge) -> tuple[tuple[str, str], ...]:
    found = [p.arms for p in known.evidence.protocol.syntheses if all(p.arms)]
    return tuple(dict.fromkeys(found))


def arms_named(context: Context) -> tuple[tuple[int, int, str], ...]:
    """Return where a sentence names an arm: code points and arm, in order.

    An arm is named by its own word, by the concept with its id, by the concepts of intervention and
    comparator of the question, or as treated and control group.
    """
    known = context.known
    of_concept: dict[str, str] = {}
    general: list[tuple[int, int, str]] = []
    for pair in _arm_pairs(known):
        for kind, arm, pattern in zip(
            ("intervention", "comparator"), pair, _GENERAL[context.lang], strict=True
        ):
            for concept in {arm, known.question.get(kind, "")} & set(known.concepts):
                of_concept.setdefault(concept, arm)
            general += [(m.start(), m.end(), arm) for m in pattern.finditer(context.sentence.text)
                        if not _LACKING.search(context.span(0, m.start()))]  # fmt: skip
            general += [(m.start(), m.end(), arm) for m in _spelt(arm, context.sentence.text)]
    found = [(m.start, m.end, of_concept[m.id]) for m in context.mentions
             if m.kind == "concept" and m.id in of_concept]  # fmt: skip
    found += [g for g in general if not any(a < g[1] and g[0] < b for a, b, _ in found)]
    named = {arm for *_, arm in found}
    loose = [x for x in _loosely(context, of_concept) if x[2] not in named]
    found += [x for x in loose if not any(a < x[1] and x[0] < b for a, b, _ in found)]
    return tuple(sorted(set(found)))


def _loosely(context: Context, of_concept: Mapping[str, str]) -> Iterator[tuple[int, int, str]]:
    """Yield arms by what is above or below them in the tree, or by the last word of their name.

    "The stem cell arm" of a trial of mesenchymal stem cells, "those who got the cells", 细胞组.
    """
    known, text = context.known, context.sentence.text
    for concept, arm in of_concept.items():
        for m in context.mentions:
            if m.kind == "concept" and (
                broader_than(m.id, concept, known.concepts)
                or broader_than(concept, m.id, known.concepts)
            ):
                yield m.start, m.end, arm
        for word in _last_words(known, concept, context.lang):
            yield from ((m.start(), m.end(), arm) for m in word.finditer(text))


#: Last words of names that any treatment may have.
_COMMON = frozenset({"therapy", "therapies", "treatment", "treatments", "transplantation", "care",
                     "infusion", "infusions", "drug", "drugs", "group", "arm"})  # fmt: skip


def _last_words(known: Knowledge, concept: str, lang: str) -> Iterator[re.Pattern[str]]:
    names = {n for named, listed in known.concepts[concept].names if named == lang for n in listed}
    if lang == "zh":
        tails = {n[-2:] for n in names if re.fullmatch(r"[\u3400-\u9fff]{3,}", n)}
        for tail in sorted(tails - {"治疗", "移植", "疗法", "输注"}):
            yield re.compile(rf"{tail}(?:治疗|输注)?(?=组|者|臂)")
        return
    words = {n.split()[-1].casefold() for n in names if " " in n} - _COMMON
    for word in sorted(w for w in words if w.endswith("s")):
        stem = re.escape(word.rstrip("s"))
        yield re.compile(
            rf"\b(?:given|got|received?|receiving|on|with|had)\s+(?:the\s+)?{stem}s\b|"
            rf"\b{stem}s?[\s-]+(?:arm|group)\b", re.IGNORECASE,
        )  # fmt: skip


def _spelt(arm: str, text: str) -> Iterator[re.Match[str]]:
    words = r"[\s-]+".join(map(re.escape, arm.split("-")))
    return re.finditer(rf"(?<![A-Za-z0-9]){words}(?![A-Za-z0-9])", text, re.IGNORECASE)


def arm_of(context: Context, number: Number) -> str:
    """Return the arm a number is plainly said of; empty where it is not plain."""
    arms = arms_named(context)
    if not arms or _either(context.sentence.text, arms):
        return ""
    paired = _in_turn(context, arms, number)
    return paired or _beside(context, arms, number)


def _either(text: str, arms: Sequence[tuple[int, int, str]]) -> bool:
    """Tell whether two arms are named as one: "randomised to it or placebo"."""
    return any(
        a[2] != b[2] and _OR.fullmatch(text[a[1] : b[0]]) is not None
        for a, b in pairwise(arms)
    )  # fmt: skip


def _in_turn(context: Context, arms: Sequence[tuple[int, int, str]], number: Number) -> str:
    """Return the arm where arms and numbers alternate, or are said to stand in the same order."""
    like = _without_total([n for n in context.numbers if n.kind == number.kind], len(arms))
    if number not in like or len(like) != len(arms) or len({arm for *_, arm in arms}) != len(arms):
        return ""
    text = context.sentence.text
    if len(arms) == 1 and max(arms[0][0] - number.end, number.start - arms[0][1]) > _FAR:
        return ""
    order = "".join(
        mark for _, mark in sorted([(a, "A") for a, *_ in arms] + [(n.start, "N") for n in like])
    )
    many = len(arms)
    set_against = many == 2 and bool(_AGAINST.fullmatch(text[like[0].end : like[1].start]))
    named_first = order == "A" * many + "N" * many and (
        (set_against and not compared(text, arms[0], context.lang))
        or not any(compared(text, arm, context.lang) for arm in arms)
    )
    alternate = named_first or order in ("AN" * many, "NA" * many)
    turned = order == "A" * many + "N" * many and not named_first
    if turned or (not alternate and not _RESPECTIVELY.search(text)):
        return ""
    if alternate and len(arms) == 1 and compared(text, arms[0], context.lang):
        return ""
    return arms[like.index(number)][2]


#: What sets two numbers against each other in the order of their arms.
_AGAINST = re.compile(
    r"\s*(?:against|versus|vs\.?|v\.?|compared\s+with|比|对|与|和)\s*", re.IGNORECASE
)


def _without_total(like: Sequence[Number], arms: int) -> Sequence[Number]:
    """Leave out a number that the others add up to: "18 people, 12 to it and 6 to placebo"."""
    rest = like[1:]
    total = len(rest) == arms > 1 and like[0].value == sum(n.value for n in rest)
    return rest if total else like


def compared(text: str, arm: tuple[int, int, str], lang: str) -> bool:
    """Tell whether an arm is only what something is compared with."""
    before, after = text[max(0, arm[0] - 16) : arm[0]], text[arm[1] : arm[1] + 4]
    if lang == "zh":
        return (
            bool(re.search(r"[与和同比]\s*$|优于\s*$|相对于\s*$", before)) and "组" not in after[:2]
        )
    return bool(re.search(r"\b(?:than|with|to|versus|vs\.?|over)\s+(?:the\s+)?$", before)) and bool(
        re.search(r"\b(?:compared|comparison|than|versus|vs\.?|superior|relative)\b", before,
                  re.IGNORECASE)
    )  # fmt: skip


def _beside(context: Context, arms: Sequence[tuple[int, int, str]], number: Number) -> str:
    """Return the arm directly beside a number: "18 of 100 given it", "in the placebo group 30"."""
    text, lang = context.sentence.text, context.lang
    plain = _BRACKETS.sub(lambda m: " " * len(m[0]), text)
    others = [n for n in context.numbers if n.kind == number.kind and n is not number]
    after = next((a for a in arms if number.end <= a[0] <= number.end + _NEAR), None)
    if after is not None and _GIVEN[lang].search(plain[number.end : after[0]]):
        return after[2]
    before = [a for a in arms if number.start - _NEAR <= a[1] <= number.start]
    if not before:
        return ""
    start, end, arm = before[-1]
    between = text[end : number.start]
    if any(end <= n.start < number.start for n in others) or compared(
        text, (start, end, arm), lang
    ):
        return ""
    group = r"^\s*(?:group|arm)\b" if lang == "en" else r"^\s*(?:治疗)?组"
    return arm if re.search(group, between, re.IGNORECASE) or re.match(r"\s*[(（]", between) else ""


def outcomes_of(context: Context, number: Number) -> tuple[str, ...]:
    """Return the outcomes a number may be said of: those of its clause, else of the sentence."""
    named = [m for m in context.mentions if m.kind == "outcome" and m.id in context.all_outcomes]
    if any(qualified(context, m) for m in named):
        return ()
    for start, end in clauses(context.sentence.text, BREAKS[context.lang]):
        if start <= number.start < end:
            inside = _ids(m for m in named if start <= m.start < end)
            if inside:
                return inside
    every = _ids(named) or context.all_outcomes or headed(context)
    return every if len(every) == 1 else ()


def headed(context: Context) -> tuple[str, ...]:
    """Return the outcomes that the heading of a sentence names, where it names none itself."""
    heading = context.sentence.heading
    if context.all_outcomes or not heading:
        return ()
    return _ids(m for m in context.known.names.find(heading) if m.kind == "outcome")


def _ids(mentions: Iterable[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.id for m in mentions))


def qualified(context: Context, mention: Mention) -> bool:
    """Tell whether a word before the name of an outcome makes another outcome of it."""
    before = context.sentence.text[max(0, mention.start - 16) : mention.start]
    return bool(_QUALIFIED[context.lang].search(before))
