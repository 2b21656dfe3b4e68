"""The number finder: candidates for values on a page, without a model and without guessing.

It proposes and never records. Each candidate says which rule found it, how sure that rule is, and
where each of its numbers stands, so that a person accepts it by a key. Sources of the forms: what
papers in English and Chinese print; the table is ours (``finder_rules``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from tamis.extraction.finder_heads import bracket_means, spread_means
from tamis.extraction.finder_numbers import number_from, power_readings
from tamis.extraction.finder_rules import EFFECTS, RULES, FinderRule, pattern_of
from tamis.extraction.layer import Layer, PageText, Span
from tamis.extraction.reading_text import ReadingText, has_decimal_commas, reading_text
from tamis.extraction.rounding import counts_that_fit, rounded

__all__ = ["Candidate", "Part", "find_numbers", "find_numbers_in", "has_references"]

#: The order in which the parts of a candidate are told.
_ORDER = ("mean", "median", "estimate", "events", "n", "percent", "sd", "se", "spread", "q1", "q3",
          "min", "max", "low", "high", "iqr", "ci_low", "ci_high", "p", "time", "dose")  # fmt: skip

#: Groups of a pattern that are no number of a candidate.
_NO_PARTS = frozenset({"unit", "unit2", "name", "level", "sign", "said"})

_SURE = ("sure", "likely", "unsure")

#: Where the list of references begins: nothing behind it is looked at.
_REFERENCES = re.compile(
    r"(?:^|\n)[ \d.]{0,6}(?:References?|REFERENCES?|Bibliography|Literature cited|参考文献)["
    r" :：]*(?=\n|$)"
)

#: Words before a number that make it a label.
_LABELS = re.compile(
    r"(?:[Tt]able|[Ff]ig(?:ure)?s?\.?|[Ss]ection|[Vv]ersion|[Rr]ef\.?|[Nn]o\.|[Rr]atio(?: of)?"
    r"|表|图"
    r"|[Pp]ages?|[Pp]hase|[Ss]tage|[Gg]rade|[Cc]lass|[Pp]art|doi:\S*|(?:19|20)\d\d ?; ?) ?$"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One number of a candidate.

    ``statistic`` is one of ``domain.values.STATISTICS``, or ``spread`` (SD or SE, nobody says),
    ``low``/``high`` (quartiles or range, nobody says), ``iqr`` (one number), ``time``, ``dose``.
    ``printed`` is the number in the form that values take (minus as ``-``, 1e6, ``<0.001``);
    ``decimals`` are the digits printed behind the point.
    """

    statistic: str
    printed: str
    start: int
    end: int
    decimals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Numbers that belong together, found at one place.

    Parameters
    ----------
    kind
        A key of ``finder_rules.KINDS``.
    page, start, end
        Where it stands: page from 1, code points of the page's text.
    label
        For effects the measure (``HR``; empty where the words fit two), for intervals the level.
    rule
        The row of the table that found it.
    sure
        ``sure``, ``likely`` or ``unsure``.
    doubts
        What a person has to look at: an inferred exponent, an unreadable sign, a spread nobody
        names.
    others
        Further readings of the first part's number, such as the flat ``106`` of ``1 × 106``.
    """

    kind: str
    page: int
    start: int
    end: int
    parts: tuple[Part, ...]
    rule: str
    sure: str
    unit: str = ""
    label: str = ""
    doubts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()

    def part(self, statistic: str) -> Part | None:
        """Return the part with that name."""
        return next((part for part in self.parts if part.statistic == statistic), None)


def find_numbers(layer: Layer) -> tuple[Candidate, ...]:
    """Return the candidates of a document, page by page, up to its list of references."""
    commas = has_decimal_commas(page.text for page in layer.pages)
    context = "\n".join(page.text for page in layer.pages)
    found: list[Candidate] = []
    for page in layer.pages:
        found += find_numbers_in(page, decimal_commas=commas, context=context)
        if has_references(page):
            break
    return tuple(found)


def has_references(page: PageText) -> bool:
    """Tell whether the list of references begins on a page."""
    return _REFERENCES.search(page.text) is not None


def find_numbers_in(
    page: PageText, *, decimal_commas: bool = False, context: str = ""
) -> tuple[Candidate, ...]:
    """Return the candidates of one page, in the order of its text; none overlaps another.

    Parameters
    ----------
    decimal_commas
        Whether the document writes 0,05 for 0.05.
    context
        The text in which is said what ± means; the page's own by default.

    Examples
    --------
    >>> page = PageText(number=1, text="Remission in 49/81 (60.5%), P<0.05")
    >>> [(c.kind, [(p.statistic, p.printed) for p in c.parts]) for c in find_numbers_in(page)]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('count', [('events', '49'), ('n', '81'), ('percent', '60.5')]), ('p', [('p', '<0.05')])]
    """
    text = page.text
    end = _REFERENCES.search(text)
    if end is not None and end.start() > 0:
        page = _cut(page, end.start())
    read = reading_text(page, decimal_commas=decimal_commas)
    spread = spread_means(context or text)
    matches: list[tuple[int, int, int, FinderRule, re.Match[str]]] = []
    for order, (rule, pattern) in enumerate(_patterns()):
        if rule.hint and rule.hint not in read.text:
            continue
        matches += [
            (m.start() - m.end(), order, m.start(), rule, m) for m in pattern.finditer(read.text)
        ]
    matches.sort(key=lambda match: match[:3])
    return tuple(_chosen(page, read, matches, spread))


def _chosen(
    page: PageText,
    read: ReadingText,
    matches: Sequence[tuple[int, int, int, FinderRule, re.Match[str]]],
    spread: str,
) -> Iterator[Candidate]:
    """Yield what the longest matches say, in the order of the text; a refused one gives way."""
    taken = bytearray(len(read.text))
    found = []
    for _, _, start, rule, match in matches:
        if any(taken[start : match.end()]):
            continue
        candidate = _candidate(page, read, rule, match, spread)
        if candidate is not None:
            taken[start : match.end()] = b"\x01" * (match.end() - start)
            found.append(candidate)
    yield from sorted(found, key=lambda c: (c.start, c.end))


def _candidate(
    page: PageText, read: ReadingText, rule: FinderRule, match: re.Match[str], spread: str
) -> Candidate | None:
    groups = {k: v for k, v in match.groupdict().items() if v is not None}
    before = read.text[max(0, match.start() - 24) : match.start()]
    if _LABELS.search(before):
        return None
    names = _names(rule, groups, read.text, match.start(), spread)
    if names is None:
        return None
    parts = []
    for group, statistic in names.items():
        printed = _printed(rule, group, groups)
        if printed is None:
            return None
        start, end = read.original(*match.span(group))
        parts.append(
            Part(
                statistic=statistic, printed=printed, start=start, end=end,
                decimals=_decimals(printed),
            )
        )  # fmt: skip
    parts.sort(key=lambda part: _ORDER.index(part.statistic))
    made = _checked(rule, {part.statistic: part for part in parts})
    if made is None:
        return None
    start, end = read.original(match.start(), match.end())
    start, end = _trimmed(page.text, start, end)
    doubts = (*made, *_doubts(page, parts, rule))
    return Candidate(
        kind=rule.kind,
        page=page.number,
        start=start,
        end=end,
        parts=tuple(parts),
        rule=rule.id,
        sure=_lowered(rule.sure, doubts),
        unit=" ".join((groups.get("unit") or groups.get("unit2", "")).split()),
        label=_label(rule, groups),
        doubts=doubts,
        others=power_readings(groups["dose"])[1:] if rule.id == "dose.flat" else (),
    )


def _names(
    rule: FinderRule, groups: dict[str, str], text: str, start: int, spread: str
) -> dict[str, str] | None:
    """Return group -> statistic, by what heads and captions say; ``None`` refuses the match."""
    names = {g: g for g in groups if g not in _NO_PARTS}
    if rule.id.endswith(".bare"):
        meaning = bracket_means(text, start)
        if meaning.partition(":")[0] != rule.kind:
            return None
        inside = meaning.partition(":")[2]
        pairs = {"iqr": ("q1", "q3"), "range": ("min", "max")}
        if "spread" in names and inside:
            names["spread"] = inside
        elif "low" in names and inside in pairs:
            names["low"], names["high"] = pairs[inside]
        return names
    if "spread" in names:
        names["spread"] = spread
    if "low" in names:
        said = groups.get("said", "").casefold()
        iqr = any(word in said for word in ("iqr", "quartile", "四分位", "p25", "q1", "25"))
        wide = any(word in said for word in ("range", "范围", "min")) and not iqr
        if iqr or wide:
            names["low"], names["high"] = ("q1", "q3") if iqr else ("min", "max")
    return names


def _printed(rule: FinderRule, group: str, groups: dict[str, str]) -> str | None:
    raw = groups[group]
    if rule.kind == "dose":
        return power_readings(raw)[0]
    if group == "p":
        sign = "" if groups["sign"] == "=" else groups["sign"]
        return "ns" if raw.casefold() == "ns" else f"{sign}{power_readings(raw)[0]}"
    return number_from(raw)


def _checked(rule: FinderRule, parts: dict[str, Part]) -> tuple[str, ...] | None:
    """Return the doubts that arithmetic raises, or ``None`` where it cannot be what it seems."""
    number = {name: Decimal(p.printed) for name, p in parts.items() if _is_number(p.printed)}
    if rule.kind == "count":
        return _count_checked(number)
    if "ci_low" in number and not number["ci_low"] <= number["ci_high"]:
        return None
    if "estimate" in number and "ci_low" in number:
        inside = number["ci_low"] <= number["estimate"] <= number["ci_high"]
        return () if inside else ("the estimate lies outside its interval",)
    if "low" in number or "q1" in number or "min" in number:
        low = next(number[n] for n in ("low", "q1", "min") if n in number)
        high = next(number[n] for n in ("high", "q3", "max") if n in number)
        return () if low <= number["median"] <= high else None
    if rule.kind == "percent" and abs(number["percent"]) > 1000:
        return None
    return ("it is not said whether SD or SE",) if "spread" in parts else ()


def _count_checked(number: dict[str, Decimal]) -> tuple[str, ...] | None:
    events, n, percent = (number.get(name) for name in ("events", "n", "percent"))
    if events is not None and n is not None and (events > n or n == 0):
        return None
    if percent is not None and percent > 100:
        return None
    if events is None or n is None or percent is None:
        return ()
    share = rounded(percent)
    fits, cut = counts_that_fit(percent, int(n)) if n < 10**7 else ((), ())
    if int(events) in (*fits, *cut) or share.holds(share.middle) is False:
        return ()
    return ("the percentage is not the count over the people",)


def _doubts(page: PageText, parts: Sequence[Part], rule: FinderRule) -> tuple[str, ...]:
    found = []
    if rule.id == "dose.flat":
        found.append("the exponent is inferred: superscripts are lost")
    for part in parts:
        before = page.text[max(0, part.start - 2) : part.start].strip()
        if "\N{REPLACEMENT CHARACTER}" in before or any(
            i in page.unmapped for i in range(max(0, part.start - 2), part.end)
        ):
            found.append(f"a sign before {part.printed} cannot be read")
    if any(part.statistic in ("low", "high") for part in parts):
        found.append("it is not said whether quartiles or range")
    return tuple(dict.fromkeys(found))


def _lowered(sure: str, doubts: Sequence[str]) -> str:
    return _SURE[min(len(_SURE) - 1, _SURE.index(sure) + bool(doubts))] if doubts else sure


def _label(rule: FinderRule, groups: dict[str, str]) -> str:
    if "name" in groups:
        name = groups["name"]
        return EFFECTS.get(name, EFFECTS.get(name.lower(), ""))
    return f"{groups['level']}%" if "level" in groups and rule.kind == "interval" else ""


def _cut(page: PageText, end: int) -> PageText:
    return PageText(
        number=page.number,
        text=page.text[:end],
        boxes=page.boxes[:end],
        page_box=page.page_box,
        rotation=page.rotation,
        raised=tuple(span for span in page.raised if span[1] <= end),
        unmapped=tuple(i for i in page.unmapped if i < end),
        page_class=page.page_class,
    )


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    for opening, closing in ("()", "[]"):
        inside = text[start:end]
        if inside.count(opening) > inside.count(closing) and text[end : end + 1] == closing:
            end += 1
    return start, end


def _decimals(printed: str) -> int:
    found = re.search(r"\.(\d+)", printed)
    return len(found[1]) if found else 0


def _is_number(printed: str) -> bool:
    return re.fullmatch(r"-?(?:\d+(?:\.\d+)?|\.\d+)(?:e-?\d+)?", printed) is not None


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[FinderRule, re.Pattern[str]], ...]:
    return tuple((rule, pattern_of(rule)) for rule in RULES)
