"""Numbers that lean on others: levels whose unit stands elsewhere, people told of a percentage."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from tamis.certainty.claims.number import ANY, ITS, SIGNED, Number, decimal_of, digits_of

__all__ = ["bare", "elided", "with_bases"]

#: What stands before a number that has no unit of its own, in a sentence on a level that changed.
_BARE = {
    "en": re.compile(
        r"\b(?:from|to|by|at|was|were|averaged|averaging|of|than|is)\s+(?:(?:a|an|about|around|"
        r"only|just|mean|median|average|of|baseline|some)\s+)*$", re.IGNORECASE),
    "zh": re.compile(
        r"(?:[从由至到为是]|下降|降低|升高|上升|增加|减少|提高)(?:了|约|基线|的|平均|仅)*\s*$"),
}  # fmt: skip
_PLAIN_NUMBER = re.compile(
    rf"(?<![A-Za-z0-9_.,/×^:'’−-])(?P<n>{SIGNED})(?![A-Za-z0-9_%％/×^'’]|[.,:]\d|\s*[×xX%％])"
)
_MOVES = re.compile(
    r"\b(?:fell|fall(?:s|en|ing)?|drop\w*|declin\w*|decreas\w*|reduc\w*|rose|ris(?:e|es|en|ing)|"
    r"increas\w*|improv\w*|worsen\w*|went|gain\w*|chang\w*|climb\w*|shrank|grew|lower|higher)\b|降|升|增|减|改善|恶化|变化|提高",
    re.IGNORECASE,
)
_NO_LEVEL = re.compile(
    r"\b(?:CI|intervals?|ratios?|rang\w*|between|points?\s+out|classe?s?|grades?|phases?|stages?|"
    r"ages?|aged|weight\w*|scale|p)\b|区间|比值|风险比|范围|介于|年龄|级|期|第",
    re.IGNORECASE,
)


def bare(text: str, found: list[Number], taken: bytearray) -> Iterator[Number]:
    """Yield levels without a unit: "from 13.1 to 5.5", "by 8 points with it and by 5 without"."""
    if _NO_LEVEL.search(text):
        return
    levels = [n for n in found if n.kind == "level"]
    if not levels and not _MOVES.search(text):
        return
    for m in _PLAIN_NUMBER.finditer(text):
        value, before = decimal_of(m["n"]), text[: m.start()]
        said = any(pattern.search(before) for pattern in _BARE.values())
        said = said or _leads(text, m.end(), levels)
        year = re.fullmatch(r"(?:19|20)\d\d", m["n"])
        if value is None or not said or year or any(taken[m.start() : m.end()]):
            continue
        near = min(levels, key=lambda n: (n.start < m.start(), abs(n.start - m.start())),
                   default=None)  # fmt: skip
        yield Number(
            start=m.start(), end=m.end(), kind="level", value=value, digits=digits_of(m["n"]),
            unit="" if near is None else near.unit,
        )  # fmt: skip


_AND_THEN = re.compile(
    r"\s*(?:against|versus|vs\.?|v\.?|and|or|compared\s+with|、|和|与|比|对)\s*", re.IGNORECASE
)


def _leads(text: str, end: int, levels: list[Number]) -> bool:
    """Tell whether a level with its unit comes next: "1.0 against 3.1 g"."""
    return any(n.start > end and _AND_THEN.fullmatch(text[end : n.start]) for n in levels)


_DIVIDED = re.compile(r"\b(?:randomi[sz]\w*|assign\w*|allocat\w*)\b", re.IGNORECASE)
_TO_ARM = re.compile(
    rf"(?<![\w.])(?P<n>{ANY})\s+(?=(?:to|given|received|on)\s+(?:the\s+)?[A-Za-z])", re.I
)


def elided(text: str, taken: bytearray) -> Iterator[Number]:
    """Yield people without a word for them: "randomised 18 people, 12 to it and 6 to placebo"."""
    if not _DIVIDED.search(text):
        return
    for m in _TO_ARM.finditer(text):
        value = decimal_of(m["n"])
        if value is not None and not any(taken[m.start("n") : m.end("n")]):
            yield Number(start=m.start("n"), end=m.end("n"), kind="people", value=value)


_OF_THEM = re.compile(rf"\s*of\s+{ITS}$", re.IGNORECASE)
_AMOUNTS = re.compile(r"^[^，,。；;\d]{0,10}(?:的|里|中)\s*(?:占)?$")


def with_bases(text: str, found: list[Number]) -> tuple[Number, ...]:
    """Tie percentages to the people they are of: "44 % of the 81 patients", 占 49 名患者的 22 %."""
    for i, number in enumerate(found):
        if number.kind != "people" or number.base:
            continue
        before = found[i - 1] if i else None
        after = found[i + 1] if i + 1 < len(found) else None
        share = None
        if before is not None and before.kind == "percent":
            share = i - 1 if _OF_THEM.fullmatch(text[before.end : number.start]) else None
        if share is None and after is not None and after.kind == "percent":
            tied = "占" in text[: number.start] and _AMOUNTS.match(text[number.end : after.start])
            share = i + 1 if tied else None
        if share is not None:
            found[share] = replace(found[share], of=number.value)
            found[i] = replace(number, base=True)
    return tuple(found)
