"""What a bracket or ± means, where a head, a row's label, a caption or the methods say so."""

from __future__ import annotations

import re

__all__ = ["bracket_means", "spread_means"]

#: How far back a row's label, a column's head or a caption is looked for, in characters.
REACH = 700

#: What is said -> kind of candidate, and what stands in the bracket. The nearest before it counts.
_HEADS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("count:", re.compile(r"(?:n|N|[Nn]o\.|[Nn]umber(?: of [a-z]{4,14})?|n/N|events|例数?|人数)"
                          r" ?[(\[](?:%|百分比|百分率)[)\]]")),
    ("mean:sd", re.compile(r"(?:[Mm]eans?|均数|均值|x̄) ?[(\[](?:SD|s|标准差|standard"
                           r" deviation)[)\]]")),
    ("mean:se", re.compile(r"(?:[Mm]eans?|均数|均值) ?[(\[](?:SEM?|标准误|standard error)[)\]]")),
    ("median:iqr", re.compile(
        r"(?:[Mm]edian|中位数|M) ?[(\[](?:IQR|interquartile range|quartiles|四分位数?间距|"
        r"[PQ]_?(?:25|1) ?[,~-] ?"
        r"[PQ]_?(?:75|3))[)\]]")),
    ("median:range", re.compile(r"(?:[Mm]edian|中位数|M) ?[(\[](?:range|min ?[-,~] ?max|范围)"
                                r"[)\]]")),
    ("effect:", re.compile(r"(?:HR|OR|RR|MD|SMD|WMD|ratio|difference|比) ?[(\[]\d\d ?% ?(?:CI"
                           r"|可信区间|置信区间)")),
)  # fmt: skip

_CAPTION = re.compile(r"(?:Table|TABLE|表) ?\d")

_SD = re.compile(
    r"± ?(?:SD|s\b|standard deviation|标准差)|[Mm]eans?[ ,]{1,2}(?:and|with|\()? ?(?:SD"
    r"|standard deviation)"
    r"|[(\[]SD[)\]]|x̄ ?± ?s|均数 ?± ?标准差"
)
_SE = re.compile(
    r"± ?(?:SEM?|standard errors?|标准误)|[Mm]eans?[ ,]{1,2}(?:and|with|\()? ?(?:SEM?|standard"
    r" errors?)"
    r"(?![A-Za-z])|[(\[]SEM?[)\]]|均数 ?± ?标准误"
)


def bracket_means(text: str, start: int) -> str:
    """Return ``kind:inside`` of a bracket at ``start``, by the nearest words before it, or nothing.

    Examples
    --------
    >>> bracket_means("Women, n (%) 29 (60.4)", 13)
    'count:'
    """
    before = text[max(0, start - REACH) : start]
    captions = list(_CAPTION.finditer(before))
    if captions:  # what the head of an earlier table says does not count here
        before = before[captions[-1].start() :]
    best, at = "", -1
    for meaning, pattern in _HEADS:
        for found in pattern.finditer(before):
            if found.end() > at:
                best, at = meaning, found.end()
    return best or _footnote(text[start : start + REACH])


def _footnote(after: str) -> str:
    """Return what the first words behind a table say, up to the next one's caption."""
    caption = _CAPTION.search(after)
    after = after[: caption.start()] if caption else after
    first = [
        (found.start(), meaning) for meaning, pattern in _HEADS if (found := pattern.search(after))
    ]
    return min(first)[1] if first else ""


def spread_means(text: str) -> str:
    """Return ``sd`` or ``se`` where a text says only one of them of its ±, else ``spread``.

    Examples
    --------
    >>> spread_means("Data are mean ± SD."), spread_means("2.1 ± 1.8")
    ('sd', 'spread')
    """
    sd, se = _SD.search(text) is not None, _SE.search(text) is not None
    return "spread" if sd == se else "sd" if sd else "se"
