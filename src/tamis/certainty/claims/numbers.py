"""Numbers in a sentence: percentages, counts, parts of a whole, doses, times, ratios, notation.

Each number knows its place, its digits and what it counts. Chinese numerals before a counter
(三名, 两项) and English number words (three patients) are numbers too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache

__all__ = ["Number", "numbers_in"]

_N = r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_SIGNED = rf"[-−]?(?:{_N})"
_ZH = "一二两三四五六七八九十百零"
_WORDS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8,
    "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "eighteen": 18, "twenty": 20,
}  # fmt: skip
_EN = "|".join(_WORDS)
_PEOPLE = (
    r"patients?|people|persons?|participants?|subjects?|individuals?|adults?|children|women|men|"
    r"cases?|volunteers?"
)
_ANY = rf"(?:{_N}|\b(?:{_EN})\b)"
_ANYZH = rf"(?:{_N}|[{_ZH}]+)"
_SUPER = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number as it stands in a sentence.

    ``kind`` is ``percent``, ``part`` (``value`` of ``whole``), ``people``, ``works``, ``dose``,
    ``months``, ``level``, ``points`` (of percentage), ``p``, ``ratio`` or ``interval`` (``value``
    to ``high``); ``digits`` are the decimals printed; the ``unit`` of a ``p`` is its sign (``<``);
    ``per_kg`` and ``lost`` (notation without its superscript) belong to doses.
    """

    start: int
    end: int
    kind: str
    value: Decimal
    digits: int = 0
    whole: Decimal | None = None
    high: Decimal | None = None
    per_kg: bool = False
    lost: bool = False
    unit: str = ""


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
    found = []
    for pattern, make in (*_PATTERNS, *_of_units(units)):
        for m in pattern.finditer(text):
            if any(taken[m.start() : m.end()]):
                continue
            number = make(m)
            if number is not None:
                taken[m.start() : m.end()] = b"\x01" * (m.end() - m.start())
                found.append(number)
    return tuple(sorted(found, key=lambda n: n.start))


def _decimal(text: str) -> Decimal | None:
    text = text.strip().lower().replace(",", "").replace("−", "-")
    if text in _WORDS:
        return Decimal(_WORDS[text])
    if text and all(c in _ZH for c in text):
        return Decimal(_zh(text))
    try:
        return Decimal(text)
    except InvalidOperation:
        return None


def _zh(text: str) -> int:
    """Return a Chinese numeral below a thousand.

    Examples
    --------
    >>> _zh("三"), _zh("十八"), _zh("二十")
    (3, 18, 20)
    """
    digits = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"两": 2}
    total, last = 0, 0
    for c in text:
        if c == "十":
            total, last = total + (last or 1) * 10, 0
        elif c == "百":
            total, last = total + (last or 1) * 100, 0
        else:
            last = digits[c]
    return total + last


def _digits(text: str) -> int:
    return len(text.partition(".")[2])


def _simple(kind: str, unit: str = "") -> _Make:
    def make(m: re.Match[str]) -> Number | None:
        value = _decimal(m["n"])
        if value is None:
            return None
        groups = m.groupdict()
        return Number(
            start=m.start(), end=m.end(), kind=kind, value=value, digits=_digits(m["n"]),
            unit=unit or (groups.get("unit") or ""),
        )  # fmt: skip

    return make


def _part(m: re.Match[str]) -> Number | None:
    value, whole = _decimal(m["n"]), _decimal(m["whole"])
    if value is None or whole is None or value > whole:
        return None
    return Number(start=m.start(), end=m.end(), kind="part", value=value, whole=whole)


def _range(kind: str) -> _Make:
    def make(m: re.Match[str]) -> Number | None:
        low, high = _decimal(m["n"]), _decimal(m["high"])
        if low is None or high is None:
            return None
        return Number(
            start=m.start(), end=m.end(), kind=kind, value=low, high=high,
            digits=max(_digits(m["n"]), _digits(m["high"])),
        )  # fmt: skip

    return make


_SCALES: Mapping[str, int] = {
    "万": 4, "百万": 6, "千万": 7, "亿": 8, "million": 6, "billion": 9, "thousand": 3,
}  # fmt: skip


def _scaled(m: re.Match[str]) -> Number | None:
    value = _decimal(m["n"])
    if value is None:
        return None
    value = value.scaleb(_SCALES[m["scale"].lower()])
    return Number(start=m.start(), end=m.end(), kind="dose", value=value, per_kg=_per_kg(m))


def _power(m: re.Match[str]) -> Number | None:
    base, power = _decimal(m["n"]), m["power"].translate(_SUPER).strip()
    if base is None or not re.fullmatch(r"-?\d{1,2}", power):
        return None
    lost = not any(c in "⁰¹²³⁴⁵⁶⁷⁸⁹^" for c in m["mark"] + m["power"])
    return Number(
        start=m.start(), end=m.end(), kind="dose", value=base.scaleb(int(power)), lost=lost,
        per_kg=_per_kg(m),
    )  # fmt: skip


def _exponent(m: re.Match[str]) -> Number | None:
    value = _decimal(m["n"])
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
    value = _decimal(m["n"])
    if value is None:
        return None
    sign = (m["sign"] or "=").translate(_SIGNS)
    return Number(
        start=m.start(), end=m.end(), kind="p", value=value, digits=_digits(m["n"]), unit=sign
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
        (rf"(?P<n>{_N})\s*[×xX✕*·]\s*10(?P<mark>\s*\^?\s*)(?P<power>[⁻]?[⁰¹²³⁴⁵⁶⁷⁸⁹]{{1,2}}|-?\d{{1,2}})"
         r"(?![\d.])", _power),
        (rf"(?<![\w.])(?P<n>{_N})e(?P<power>\d{{1,2}})(?!\w)", _exponent),
        (rf"(?P<n>{_N})\s*(?P<scale>百万|千万|亿|万|million|billion|thousand)", _scaled),
        (rf"(?P<n>{_N})\s*%?\s*(?:-|–|—|~|～|to|至|到)\s*(?P<high>{_N})\s*[%％]",
         _range("percents")),
        (rf"(?:95\s*[%％]\s*)?(?:CI|confidence\s+interval|置信区间|可信区间)\s*[:：,，]?\s*[(（\[]?\s*"
         rf"(?P<n>{_SIGNED}){_TO}(?P<high>{_SIGNED})", _range("interval")),
        (rf"(?P<unit>\b(?-i:RR|OR|HR|MD|SMD|RD)\b|(?:risk|odds|hazard)\s+ratio|mean\s+difference|risk\s+difference"
         rf"|风险比|相对危险度|相对风险|比值比|优势比|均数差|均差|风险差)[^\d。.;；]{{0,36}}?(?P<n>{_SIGNED})"
         r"(?!\d|\.\d|\s*[%％]\s*(?:CI\b|confidence|置信|可信))", _simple("ratio")),
        (rf"(?P<whole>{_ANYZH})\s*(?:名|例|位|人)\S{{0,8}}?中(?:有)?\s*(?P<n>{_ANYZH})\s*(?:名|例|位|人)",
         _part),
        (rf"(?P<n>{_ANY})\s+(?:out\s+)?of\s+(?:the\s+)?(?P<whole>{_ANY})(?!\s*(?:%|％|\d|months|trials|studies))",
         _part),
        (r"(?<![\d/])(?P<n>\d{1,4})\s*/\s*(?P<whole>\d{1,4})(?![\d/])"
         r"(?!\s*(?:kg|g|h|mg|μ|m2))", _part),
        (r"\bp(?:[\s-]*values?)?\s*(?:(?:was|of|is)\s*)?(?P<sign>[<>=≤≥＜＞＝⩽⩾])\s*(?P<n>(?:0|1)?\.\d+|0|1)",
         _p),
        (r"p\s*值\s*(?:为|是)?\s*(?P<sign>[<>=≤≥＜＞＝⩽⩾])?\s*(?P<n>(?:0|1)?\.\d+)", _p),
        (r"(?<=\bby )(?:(?:a|an|one)[\s-]+)?"
         r"(?P<word>two[\s-]thirds|three[\s-]quarters|third|quarter|half)\b", _fraction),
        (r"(?:(?<=减少)|(?<=降低)|(?<=下降)|(?<=减少了)|(?<=降低了)|(?<=下降了)|(?<=减少约))"
         r"(?P<word>三分之一|三分之二|四分之一|四分之三|一半|半)", _fraction),
        (rf"(?P<n>{_N})\s*(?:[\s-]*percentage[\s-]+points?|个百分点)", _simple("points")),
        (rf"(?P<n>{_N})\s*(?:[%％]|per\s*cent)"
         r"(?!\s*(?:CI\b|confidence|置信|可信))", _simple("percent")),
        (rf"百分之(?P<n>{_ANYZH})", _simple("percent")),
        (r"(?<!\d)(?P<n>(?:19|20)\d\d)\s*(?:年|-\d\d(?:-\d\d)?|/\d)(?:\s*\d{1,2}\s*月)?(?:\s*\d{1,2}\s*日)?",
         _simple("date")),
        (rf"第\s*(?P<n>{_ANYZH})\s*个?(?P<unit>月|周|年|天)", _simple("months")),
        (rf"(?P<n>{_ANYZH})\s*个?(?P<unit>月|周|年|天|日)", _simple("months")),
        (rf"(?<!\w)(?P<n>{_ANY})[\s-]*(?P<unit>months?|weeks?|years?|days?)\b", _simple("months")),
        (r"\b(?P<unit>month|week|year|day)\s+(?P<n>\d+)\b", _simple("months")),
        (rf"(?<![第\d{_ZH}.])(?P<n>{_ANYZH})\s*(?:名|例|位|人)"
         r"(?!种|群|次|体|类|源|工|员)", _simple("people")),
        (rf"(?<![\w.])(?P<n>{_ANY})\s+(?:[^\W\d]+[\s-]+){{0,3}}?(?:{_PEOPLE})\b",
         _simple("people")),
        (rf"(?<![第\d.])(?P<n>{_N}|[两三四五六七八九十百]+)\s*(?:篇|项)", _simple("works")),
        (r"(?P<n>一)项(?=试验|研究|随机)", _simple("works")),
        (rf"(?<![\w.])(?P<n>{_ANY})\s+(?:[^\W\d]+[\s-]+){{0,2}}?"
         r"(?P<unit>studies|trials|articles|reports|papers|study|trial|records)\b",
         _simple("works")),
        (rf"(?P<n>{_SIGNED})\s*(?P<unit>分|points?|mg/dL|mg/24\s?h|g/24\s?h|mg|g/L|μmol/L|umol/L|mL/min)"
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
    pattern = rf"(?<![\w.])(?P<n>{_SIGNED})[\s-]*(?P<unit>{named})(?![A-Za-z/])"
    return tuple(_compiled((pattern, _simple("level"))))
