"""Numbers in a sentence: percentages, counts, parts of a whole, doses, times, ratios, notation.

Each number knows its place, its digits and what it counts. Chinese numerals before a counter
(三名, 两项) and English number words (three patients) are numbers too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache

from tamis.certainty.claims.loose_numbers import bare, elided, with_bases
from tamis.certainty.claims.number import (
    ANY,
    ANY_ZH,
    ITS,
    NUMERALS,
    PLAIN,
    SIGNED,
    Number,
    decimal_of,
    digits_of,
)

__all__ = ["Number", "numbers_in"]

_PEOPLE = (
    r"patients?|people|persons?|participants?|subjects?|individuals?|adults?|children|women|men|"
    r"cases?|volunteers?"
)
_NAMES_ZH = r"(?:名|例|位|人)"
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


_Make = Callable[[re.Match[str]], "Number | None"]


def numbers_in(text: str, units: tuple[str, ...] = ()) -> tuple[Number, ...]:
    """Return the numbers of a sentence in their order; no character belongs to two.

    ``units`` are those of a review: a number before one of them is a level.

    Examples
    --------
    >>> [(n.kind, str(n.value)) for n in numbers_in("Remission in 9 of 12 patients (75 %).")]
    [('part', '9'), ('percent', '75')]
    >>> numbers_in("2×10 8细胞")[0].lost
    True
    >>> [(n.kind, n.unit) for n in numbers_in("It rose by 0.2 L (p < 0.05).", ("L",))]
    [('level', 'L'), ('p', '<')]
    """
    taken = bytearray(len(text))
    found: list[Number] = []
    for pattern, make in (*_PATTERNS, *_of_units(units), *_LEVELS):
        for m in pattern.finditer(text):
            if any(taken[m.start() : m.end()]):
                continue
            number = make(m)
            if number is not None:
                for start, end in _spans(m):
                    taken[start:end] = b"\x01" * (end - start)
                found.append(number)
    found += [*bare(text, found, taken), *elided(text, taken)]
    return with_bases(text, sorted(found, key=lambda n: n.start))


def _spans(m: re.Match[str]) -> tuple[tuple[int, int], ...]:
    """Return what a match takes of a text: what stands between a whole and its part is free."""
    if not m.groupdict().get("gap"):
        return (m.span(),)
    return (m.start(), m.start("gap")), (m.end("gap"), m.end())


def _simple(kind: str, unit: str = "") -> _Make:
    def make(m: re.Match[str]) -> Number | None:
        value = decimal_of(m["n"])
        if value is None:
            return None
        groups = m.groupdict()
        return Number(
            start=m.start(), end=m.end(), kind=kind, value=value, digits=digits_of(m["n"]),
            unit=unit or (groups.get("unit") or ""),
        )  # fmt: skip

    return make


def _part(m: re.Match[str]) -> Number | None:
    none = m.groupdict().get("none") is not None
    value, whole = Decimal(0) if none else decimal_of(m["n"]), decimal_of(m["whole"])
    if value is None or whole is None or value > whole:
        return None
    start = m.start("n") if m.groupdict().get("gap") else m.start()
    return Number(start=start, end=m.end(), kind="part", value=value, whole=whole)


def _of_works(m: re.Match[str]) -> Number | None:
    part = _part(m)
    return None if part is None else replace(part, kind="works", unit=m["unit"])


def _range(kind: str) -> _Make:
    def make(m: re.Match[str]) -> Number | None:
        low, high = decimal_of(m["n"]), decimal_of(m["high"])
        if low is None or high is None:
            return None
        return Number(
            start=m.start(), end=m.end(), kind=kind, value=low, high=high,
            digits=max(digits_of(m["n"]), digits_of(m["high"])),
        )  # fmt: skip

    return make


def _a_time(m: re.Match[str]) -> Number | None:
    """Make the time of "a year later", "within a month"."""
    unit = m["unit"] or m["unit2"]
    return Number(start=m.start(), end=m.end(), kind="months", value=Decimal(1), unit=unit)


_SCALES: Mapping[str, int] = {
    "万": 4, "百万": 6, "千万": 7, "亿": 8, "million": 6, "billion": 9, "thousand": 3,
}  # fmt: skip


def _scaled(m: re.Match[str]) -> Number | None:
    value = decimal_of(m["n"])
    if value is None:
        return None
    value = value.scaleb(_SCALES[m["scale"].lower()])
    return Number(start=m.start(), end=m.end(), kind="dose", value=value, per_kg=_per_kg(m))


def _power(m: re.Match[str]) -> Number | None:
    base, power = decimal_of(m["n"]), m["power"].translate(_SUPER).strip()
    if base is None or not re.fullmatch(r"-?\d{1,2}", power):
        return None
    lost = not any(c in "⁰¹²³⁴⁵⁶⁷⁸⁹^" for c in m["mark"] + m["power"])
    return Number(
        start=m.start(), end=m.end(), kind="dose", value=base.scaleb(int(power)), lost=lost,
        per_kg=_per_kg(m),
    )  # fmt: skip


def _exponent(m: re.Match[str]) -> Number | None:
    value = decimal_of(m["n"])
    if value is None:
        return None
    return Number(
        start=m.start(), end=m.end(), kind="dose", value=value.scaleb(int(m["power"])),
        per_kg=_per_kg(m),
    )  # fmt: skip


_KG = re.compile(r"\s*\S{0,40}?(?:/\s*kg|per\s+(?:kg|kilogram)|每公斤|每千克|kg⁻¹)", re.IGNORECASE)


def _per_kg(m: re.Match[str]) -> bool:
    after = m.string[m.end() : m.end() + 48]
    before = m.string[max(0, m.start() - 12) : m.start()]
    tail = re.split(r"[,，。;；]", after)[0]
    return bool(re.search(r"/\s*kg|per\s+kg|per\s+kilogram|kg⁻¹", tail, re.IGNORECASE)) or bool(
        re.search(r"每公斤|每千克|每\s*kg", before + tail)
    )


def _compiled(*rows: tuple[str, _Make]) -> Iterator[tuple[re.Pattern[str], _Make]]:
    for pattern, make in rows:
        yield re.compile(pattern, re.IGNORECASE), make


_SIGNS = str.maketrans("＜＞＝⩽⩾", "<>=≤≥")


def _p(m: re.Match[str]) -> Number | None:
    value = decimal_of(m["n"])
    if value is None:
        return None
    sign = (m["sign"] or "=").translate(_SIGNS)
    return Number(
        start=m.start(), end=m.end(), kind="p", value=value, digits=digits_of(m["n"]), unit=sign
    )


#: Fractions that texts put in words, in percent.
_FRACTIONS: Mapping[str, str] = {
    "third": "33", "quarter": "25", "half": "50", "two thirds": "67", "three quarters": "75",
    "三分之一": "33", "四分之一": "25", "一半": "50", "半": "50", "三分之二": "67",
    "四分之三": "75",
}  # fmt: skip


def _fraction(m: re.Match[str]) -> Number | None:
    word = re.sub(r"[\s-]+", " ", m["word"].lower())
    value = Decimal(_FRACTIONS[word])
    return Number(start=m.start(), end=m.end(), kind="percent", value=value, unit="fraction")


_TO = r"\s*(?:-|–|—|−|~|～|to|至|到|、|,|，)\s*"

#: Read aloud, first match first: pattern, what it makes.
_PATTERNS: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    _compiled(
        (rf"(?P<n>{PLAIN})\s*[×xX✕*·]\s*10(?P<mark>\s*\^?\s*)(?P<power>[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}|-?\d{{1,2}})"
         r"(?![\d.])", _power),
        (rf"(?<![\w.])(?P<n>{PLAIN})e(?P<power>\d{{1,2}})(?!\w)", _exponent),
        (rf"(?P<n>{PLAIN})\s*(?P<scale>百万|千万|亿|万|million|billion|thousand)", _scaled),
        (rf"(?P<n>{PLAIN})\s*%?\s*(?:-|–|—|~|～|to|至|到)\s*(?P<high>{PLAIN})\s*[%％]",
         _range("percents")),
        (rf"(?:95\s*[%％]\s*)?(?:CI|confidence\s+interval|(?:置信|可信)?区间)\s*(?:[:：,，]|从|为|是|在)?\s*[(（\[]?\s*"
         rf"(?P<n>{SIGNED}){_TO}(?P<high>{SIGNED})", _range("interval")),
        (rf"(?P<unit>\b(?-i:RR|OR|HR|MD|SMD|RD)\b|(?:risk|odds|hazard)\s+ratio|mean\s+difference|risk\s+difference"
         rf"|风险比|相对危险度|相对风险|比值比|优势比|均数差|均差|风险差)[^\d。.;；]{{0,36}}?(?P<n>{SIGNED})"
         r"(?!\d|\.\d|\s*[%％]\s*(?:CI\b|confidence|置信|可信))", _simple("ratio")),
        (rf"(?P<whole>{ANY_ZH})\s*{_NAMES_ZH}[^\s，,。；;、\d]{{0,8}}?(?:中|里)[，,]?[^，,。；;、\d]{{0,6}}?"
         rf"(?P<none>无一[例人名位]?|没有一[例人名位]|无人|没有人|[均都]未)", _part),
        (rf"(?P<whole>{ANY_ZH})\s*{_NAMES_ZH}[^\s，,。；;、\d]{{0,8}}?(?:中|里)(?:有|仅有?|只有)?\s*"
         rf"(?P<n>{ANY_ZH})\s*{_NAMES_ZH}", _part),
        (rf"(?P<whole>{ANY_ZH})\s*{_NAMES_ZH}[^\s，,。；;、\d]{{0,8}}?(?:中|里)"
         rf"(?P<gap>[，,]?[^，,。；;、\d]{{1,12}}?|[，,]\s*)(?P<n>{ANY_ZH})\s*{_NAMES_ZH}"
         r"(?!(?:的?患者|病人)?(?:被|接受|随机|分|给予|使用|用|入|来自|女|男|为[女男]))", _part),
        (rf"(?:(?P<none>none|not\s+(?:a\s+single\s+)?one|not\s+any|no\s+one)|(?P<n>{ANY}))\s+"
         rf"(?:out\s+)?of\s+{ITS}(?P<whole>{ANY})\s+(?:[\w-]+\s+){{0,3}}?(?P<unit>trials|studies)\b",
         _of_works),
        (rf"(?P<whole>{ANY_ZH})\s*[项篇个](?:纳入的?|入选的?|被纳入的?)?(?:研究|试验)?(?:之?中|里)[，,]?(?:仅有?|只有|有)?\s*"
         rf"(?P<n>{ANY_ZH})\s*(?P<unit>[项篇个])", _of_works),
        (rf"(?:(?P<none>\bnone|\bnot\s+(?:a\s+single\s+)?one|\bno\s+one)|(?P<n>{ANY}))\s+(?:out\s+)?of\s+{ITS}"
         rf"(?P<whole>{ANY})(?!\s*(?:%|％|\d|months|weeks|trials|studies))", _part),
        (rf"(?<![\w.])(?P<n>{ANY})\s+(?!months|weeks|years|days|trials|studies|points|cells|infusions|doses|arms|"
         rf"groups|reports|{_PEOPLE})[a-z]+s\s+(?:among|in)\s+{ITS}(?P<whole>{ANY})\s+(?:[a-z]+\s+)?(?:{_PEOPLE})\b",
         _part),
        (rf"\b(?:of|among|in)\s+{ITS}(?P<whole>{ANY})\s+(?:(?:[\w-]+\s+){{0,2}}?(?:{_PEOPLE})\b|(?=assigned|given|"
         r"allocated|randomi[sz]ed|treated|receiving|on\s|with\s|who\s))(?P<gap>[^.;:,\d]{0,50},\s*)"
         rf"(?P<n>{ANY})\b(?!\s*(?:%|％|per\s*cent|months?|weeks?|days?|years?|points?|\d|\.\d)|"
         r"\s+(?:[a-z]+\s+)?(?:were|was|had\s+been)?\s*(?:given|randomi|assigned|allocated|treated|"
         r"received|got|on\s|women|men|female|male))", _part),
        (r"(?<![\d/])(?P<n>\d{1,4})\s*/\s*(?P<whole>\d{1,4})(?![\d/])"
         r"(?!\s*(?:kg|g|h|mg|μ|m2))", _part),
        (r"\bp(?:[\s-]*values?)?\s*(?:(?:was|of|is)\s*)?(?P<sign>[<>=≤≥＜＞＝⩽⩾])\s*(?P<n>(?:0|1)?\.\d+|0|1)",
         _p),
        (r"p\s*值\s*(?:为|是)?\s*(?P<sign>[<>=≤≥＜＞＝⩽⩾])?\s*(?P<n>(?:0|1)?\.\d+)", _p),
        (r"(?<=\bby )(?:(?:a|an|one)[\s-]+)?"
         r"(?P<word>two[\s-]thirds|three[\s-]quarters|third|quarter|half)\b", _fraction),
        (r"(?:(?<=减少)|(?<=降低)|(?<=下降)|(?<=减少了)|(?<=降低了)|(?<=下降了)|(?<=减少约))"
         r"(?P<word>三分之一|三分之二|四分之一|四分之三|一半|半)", _fraction),
        (rf"(?P<n>{PLAIN})\s*(?:[\s-]*percentage[\s-]+points?|个百分点)", _simple("points")),
        (rf"(?P<n>{PLAIN})\s*(?:[%％]|per\s*cent)"
         r"(?!\s*(?:CI\b|confidence|置信|可信))", _simple("percent")),
        (rf"百分之(?P<n>{ANY_ZH})", _simple("percent")),
        (r"(?<!\d)(?P<n>(?:19|20)\d\d)\s*(?:年|-\d\d(?:-\d\d)?|/\d)(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?",
         _simple("date")),
        (r"\b(?P<n>an?)\s+(?P<unit>year|month|week)\b(?=\s+(?:later|after|on\b|into))|"
         r"(?:(?<=\bwithin\s)|(?<=\bover\s)|(?<=\bafter\s))(?P<n2>an?)\s+"
         r"(?P<unit2>year|month|week)\b", _a_time),
        (rf"第\s*(?P<n>{ANY_ZH})\s*个?(?P<unit>月|周|年|天)", _simple("months")),
        (rf"(?P<n>{ANY_ZH})\s*个?(?P<unit>月|周|年|天|日)", _simple("months")),
        (rf"(?<!\w)(?P<n>{ANY})[\s-]*(?P<unit>months?|weeks?|years?|days?)\b", _simple("months")),
        (r"\b(?P<unit>month|week|year|day)\s+(?P<n>\d+)\b", _simple("months")),
        (rf"(?<![第\d{NUMERALS}.无])(?<!没有)(?<!未有)(?P<n>{ANY_ZH})\s*(?:名|例|位|人)"
         r"(?!种|群|次|体|类|源|工|员)", _simple("people")),
        (rf"(?<![\w.])(?P<n>{ANY})\s+(?:[a-z]+\s+)?(?=(?:deaths?|remissions?)\b)",
         _simple("people")),
        (rf"(?<![\w.])(?P<n>{ANY})\s+(?=(?:(?:serious|severe|renal)\s+)?(?:infections|flares|relapses|adverse\s+events)\b)",
         _simple("people", "events")),
        (rf"(?<![\w.])(?P<n>{ANY})\s+(?:[^\W\d]+[\s-]+){{0,3}}?(?:{_PEOPLE})\b",
         _simple("people")),
        (rf"(?<![第\d.])(?P<n>{PLAIN}|[两三四五六七八九十百]+)\s*(?:篇|项)", _simple("works")),
        (r"(?P<n>一)项(?=试验|研究|随机)", _simple("works")),
        (rf"(?<![\w.])(?P<n>{ANY})\s+of\s+(?:the|these|our|all)\s+(?:[a-z]+\s+){{0,2}}?(?P<unit>studies|trials)\b",
         _simple("works")),
        (rf"(?<![\w.])(?P<n>{ANY})\s+(?:[^\W\d]+[\s-]+){{0,2}}?"
         r"(?P<unit>studies|trials|articles|reports|papers|study|trial|records)\b",
         _simple("works")),
    )
)  # fmt: skip

#: Levels in units that no review need name, read behind those of the review.
_LEVELS: tuple[tuple[re.Pattern[str], _Make], ...] = tuple(
    _compiled(
        (rf"(?P<n>{SIGNED})\s*(?P<unit>分|points?|mg/dL|mg/24\s?h|g/24\s?h|mg|g/L|μmol/L|umol/L|mL/min)"
         r"(?![A-Za-z])", _simple("level")),
    )
)  # fmt: skip


@lru_cache(maxsize=32)
def _of_units(units: tuple[str, ...]) -> tuple[tuple[re.Pattern[str], _Make], ...]:
    """Return the pattern of numbers before the units of a review, if it has some."""
    if not units:
        return ()
    named = "|".join(
        re.escape(u).replace(r"\ ", r"\s+") for u in sorted(units, key=len, reverse=True)
    )
    pattern = rf"(?<![A-Za-z0-9_.])(?P<n>{SIGNED})[\s-]*(?P<unit>{named})(?![A-Za-z/])"
    return tuple(_compiled((pattern, _simple("level"))))
