"""The words of informative statements: verb pairs, and the matrix of certainty by size.

Santesso 2020, GRADE guidelines 26: the rows high and moderate are verified, low and very low are
not verified in the source table; the column *effect not established* is the project's own. The
Chinese matrix is a house translation that awaits a native methodologist's signature
(``ZH_UNSIGNED``: reports in Chinese carry that line).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.question import Outcome

__all__ = [
    "COLUMNS", "ENDING", "INTERVAL", "LANGUAGES", "LEVEL_ZH", "MATRIX", "NOT_ESTIMABLE",
    "NO_EVIDENCE", "VERY_LOW_DIRECTION", "ZH_UNSIGNED", "capital", "escaped", "noun", "put",
    "spaced", "third_person", "verb_pair",
]  # fmt: skip

LANGUAGES = ("en", "zh")

ZH_UNSIGNED = "中文陈述为自行翻译，尚待以中文为母语的方法学家签署确认。"

#: Columns of the matrix from the strongest.
COLUMNS = ("large", "moderate", "small", "trivial", "not-established")

#: Chinese words of the four levels in a sentence (grading.md A1).
LEVEL_ZH: Mapping[int, str] = MappingProxyType(
    {4: "高确定性", 3: "中等确定性", 2: "低确定性", 1: "极低确定性"}
)

#: What every statement ends with; it holds the certainty, so the words alone never carry it.
ENDING: Mapping[str, str] = MappingProxyType(
    {"en": " ({word} certainty, {symbols}).", "zh": "（{word}，{symbols}）。"}
)

#: (language, level) -> column -> words. X intervention, C comparator, O outcome; V the verb, S its
#: third person, N its noun. Read across: from the largest effect to none, then not established.
MATRIX: Mapping[tuple[str, int], Mapping[str, str]] = MappingProxyType(
    {
        ("en", 4): {
            "large": "{X} results in a large {N} in {O}",
            "moderate": "{X} {S} {O}",
            "small": "{X} {S} {O} slightly",
            "trivial": "{X} results in little to no difference in {O}",
            "not-established": "An effect of {X} on {O} is not established",
        },
        ("zh", 4): {
            "large": "{X}使{O}大幅{V}",
            "moderate": "{X}{V}{O}",
            "small": "{X}使{O}略有{V}",
            "trivial": "与{C}相比，{X}在{O}方面几乎没有差异",
            "not-established": "尚未确立{X}对{O}的影响",
        },
        ("en", 3): {
            "large": "{X} likely results in a large {N} in {O}",
            "moderate": "{X} likely {S} {O}",
            "small": "{X} likely {S} {O} slightly",
            "trivial": "{X} likely results in little to no difference in {O}",
            "not-established": "An effect of {X} on {O} is not established",
        },
        ("zh", 3): {
            "large": "{X}很可能使{O}大幅{V}",
            "moderate": "{X}很可能{V}{O}",
            "small": "{X}很可能使{O}略有{V}",
            "trivial": "与{C}相比，{X}在{O}方面很可能几乎没有差异",
            "not-established": "尚未确立{X}对{O}的影响",
        },
        ("en", 2): {
            "large": "{X} may result in a large {N} in {O}",
            "moderate": "{X} may {V} {O}",
            "small": "{X} may {V} {O} slightly",
            "trivial": "{X} may result in little to no difference in {O}",
            "not-established": "An effect of {X} on {O} is not established",
        },
        ("zh", 2): {
            "large": "{X}可能使{O}大幅{V}",
            "moderate": "{X}可能{V}{O}",
            "small": "{X}可能使{O}略有{V}",
            "trivial": "与{C}相比，{X}在{O}方面可能几乎没有差异",
            "not-established": "尚未确立{X}对{O}的影响",
        },
        ("en", 1): dict.fromkeys(
            COLUMNS, "The evidence is very uncertain about the effect of {X} on {O}"
        ),
        ("zh", 1): dict.fromkeys(COLUMNS, "关于{X}对{O}的影响，证据非常不确定"),
    }
)

#: Very low certainty, second form: only where a direction word is allowed, always with its clause.
VERY_LOW_DIRECTION: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            column: f"{MATRIX[('en', 2)][column]}, but the evidence is very uncertain"
            for column in ("large", "moderate", "small")
        },
        "zh": {
            column: f"{MATRIX[('zh', 2)][column]}，但证据非常不确定"
            for column in ("large", "moderate", "small")
        },
    }
)

#: What "effect not established" adds: with both limits, with one on the null, without limits.
INTERVAL: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "en": {
            "both": ": the interval ({low} to {high}) includes both {down_noun} and {up_noun}",
            "touches": ": the interval ({low} to {high}) includes no difference",
            "open": ": the interval has no limit on one side and includes no difference",
            "none": "",
        },
        "zh": {
            "both": "：区间（{low} 至 {high}）既包含{down}也包含{up}",
            "touches": "：区间（{low} 至 {high}）包含无差异",
            "open": "：区间一侧没有界限，且包含无差异",
            "none": "",
        },
    }
)

#: These two carry no certainty.
NO_EVIDENCE: Mapping[str, str] = MappingProxyType(
    {"en": "We found no evidence on {O}.", "zh": "未发现关于{O}的证据。"}
)
NOT_ESTIMABLE: Mapping[str, str] = MappingProxyType(
    {
        "en": "An effect of {X} on {O} could not be estimated.",
        "zh": "{X}对{O}的影响无法估计。",
    }
)

#: Kind of outcome -> language -> pair "up/down", where the protocol gives none.
DEFAULT_VERBS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "binary": {"en": "increase/reduce", "zh": "增加/减少"},
        "continuous": {"en": "increase/reduce", "zh": "升高/降低"},
        "time-to-event": {"en": "increase/reduce", "zh": "增加/减少"},
    }
)

#: English verbs that a statement may use, with their nouns. None of them is a value judgement:
#: "improve" and "worsen" are left to the reader.
NOUNS: Mapping[str, str] = MappingProxyType(
    {
        "increase": "increase",
        "raise": "rise",
        "lengthen": "lengthening",
        "prolong": "prolongation",
        "reduce": "reduction",
        "decrease": "decrease",
        "lower": "lowering",
        "shorten": "shortening",
    }
)

#: Chinese verbs that a statement may use.
VERBS_ZH = ("增加", "减少", "提高", "降低", "升高", "延长", "缩短", "下降", "上升")

#: Which words go up; the others go down.
UPWARD = frozenset({"increase", "raise", "lengthen", "prolong", "增加", "提高", "升高", "延长",
                    "上升"})  # fmt: skip

_FIELD = re.compile(r"\{(\w+)\}")
_IDEOGRAPH = "\u4e00-\u9fff"
_GAP = re.compile(rf"(?<=[{_IDEOGRAPH}])(?=[A-Za-z0-9{{])|(?<=[A-Za-z0-9}}%])(?=[{_IDEOGRAPH}])")


def verb_pair(outcome: Outcome, lang: str) -> tuple[str, str]:
    """Return the verbs for more and for less of an outcome.

    Raises
    ------
    BadInput
        For a pair that is not "up/down" of the verbs a statement may use.

    Examples
    --------
    >>> verb_pair(Outcome(id="d", name="death", importance="critical", kind="binary",
    ...                   better="lower"), "zh")
    ('增加', '减少')
    """
    given = dict(outcome.verbs).get(lang, "")
    pair = given or DEFAULT_VERBS.get(outcome.kind, DEFAULT_VERBS["continuous"])[lang]
    up, slash, down = (part.strip() for part in pair.partition("/"))
    allowed = tuple(NOUNS) if lang == "en" else VERBS_ZH
    known = up in allowed and down in allowed and up in UPWARD and down not in UPWARD
    if not slash or not known:
        raise BadInput(
            f"the verbs {given!r} of the outcome {outcome.id!r} cannot stand in a statement",
            f"write the pair for more and for less with a slash between, from {', '.join(allowed)}",
        )
    return up, down


def third_person(verb: str) -> str:
    """Return "reduces" for "reduce".

    Examples
    --------
    >>> third_person("reduce"), third_person("raise")
    ('reduces', 'raises')
    """
    return f"{verb}s"


def noun(verb: str) -> str:
    """Return "reduction" for "reduce".

    Examples
    --------
    >>> noun("reduce")
    'reduction'
    """
    return NOUNS[verb]


def escaped(name: str) -> str:
    """Return a name that may hold braces so that it can stand in a pattern.

    Examples
    --------
    >>> escaped("a {b}")
    'a {{b}}'
    """
    return name.replace("{", "{{").replace("}", "}}")


def put(pattern: str, **fields: str) -> str:
    """Replace named fields of a pattern and leave every other field to its number.

    Examples
    --------
    >>> put("{a} of {n}", a="one")
    'one of {n}'
    """
    return _FIELD.sub(lambda found: fields.get(found[1], found[0]), pattern)


def capital(name: str) -> str:
    """Return a name as the first word of a sentence; names such as mRNA stay as they are.

    Examples
    --------
    >>> capital("rituximab"), capital("mRNA vaccine"), capital("MSC")
    ('Rituximab', 'mRNA vaccine', 'MSC')
    """
    first = name.split(" ", 1)[0]
    return name if any(c.isupper() for c in first) else name[:1].upper() + name[1:]


def spaced(text: str) -> str:
    """Put a space between Chinese and Latin letters or numbers, as the house prints them.

    Examples
    --------
    >>> spaced("关于MSC对死亡的影响")
    '关于 MSC 对死亡的影响'
    """
    return _GAP.sub(" ", text)
