"""Which arm, outcome and visit a candidate may belong to: by the words that stand nearest.

A hint is given only where one name stands nearest and no other as near; ties give none. The label
of a table's row is asked first, then the head of its column (by where the boxes stand), then the
sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tamis.extraction.finder import Candidate
from tamis.extraction.layer import Box, PageText
from tamis.extraction.search_text import search_text

__all__ = ["Hints", "Vocabulary", "hints_for"]

#: How far above a cell the head of its column may stand, in points.
HEAD_ABOVE = 400.0

#: A line that is longer is no head of a table.
HEAD_LONG = 70

_JOINED = re.compile(r"\b(?:and|against|versus|vs)\b|, in\b|和|与")

#: The head of a column stands at most so far to the side of its cells, in points.
HEAD_ASIDE = 80.0

_NUMBERS = re.compile(r"\d[\d.,/]*")
_STOP = re.compile(r"[.;。；!?]\s|\n\s*\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Names of what a review extracts: id -> the words that stand for it in a paper."""

    arms: Mapping[str, tuple[str, ...]]
    outcomes: Mapping[str, tuple[str, ...]]
    visits: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hints:
    """Ids that a candidate may belong to; empty where nothing decides."""

    arm: str = ""
    outcome: str = ""
    visit: str = ""


def hints_for(page: PageText, candidate: Candidate, words: Vocabulary) -> Hints:
    """Return the hints for a candidate.

    Examples
    --------
    >>> from tamis.extraction.finder import find_numbers_in
    >>> page = PageText(number=1, text="Remission at month 6 with drug was 9/12.")
    >>> words = Vocabulary(arms={"d": ("drug",), "p": ("placebo",)},
    ...     outcomes={"r": ("remission",)}, visits={"m6": ("month 6",)})
    >>> count = [c for c in find_numbers_in(page) if c.kind == "count"][0]
    >>> hints_for(page, count, words)
    Hints(arm='d', outcome='r', visit='m6')
    """
    line = page.text.rfind("\n", 0, candidate.start) + 1
    row = (line, candidate.start if _in_table(page, candidate) else line)
    sentence = _sentence(page.text, candidate)
    return Hints(
        arm=_column(page, candidate, words.arms)
        or _near(page.text, candidate, sentence, words.arms),
        outcome=_in(page.text, row, words.outcomes)
        or _near(page.text, candidate, sentence, words.outcomes),
        visit=_in(page.text, row, words.visits)
        or _near(page.text, candidate, sentence, words.visits),
    )


def _sentence(text: str, candidate: Candidate) -> tuple[int, int]:
    start = 0
    for found in _STOP.finditer(text, max(0, candidate.start - 400), candidate.start):
        start = found.end()
    after = _STOP.search(text, candidate.end, candidate.end + 300)
    begin = max(start, candidate.start - 400)
    return begin, after.start() if after else min(len(text), candidate.end + 300)


def _in(text: str, span: tuple[int, int], names: Mapping[str, tuple[str, ...]]) -> str:
    """Return the one id of which a name stands in a span."""
    here = search_text(text[span[0] : span[1]]).text.casefold()
    found = {name for name, words in names.items() if any(_stands(word, here) for word in words)}
    longest = {name: max(len(w) for w in names[name] if _stands(w, here)) for name in found}
    best = [name for name, size in longest.items() if size == max(longest.values())]
    return best[0] if len(best) == 1 else ""


def _near(
    text: str, candidate: Candidate, span: tuple[int, int], names: Mapping[str, tuple[str, ...]]
) -> str:
    """Return the one id that is named in a sentence; where two are, nothing decides.

    Nor does a name behind or before an "and": what it joins may have another.
    """
    before = search_text(text[span[0] : candidate.start]).text.casefold()
    after = search_text(text[candidate.end : span[1]]).text.casefold()
    found = []
    for name, words in names.items():
        gaps = [before[at:] for word in words for at in _ends(word, before)]
        gaps += [after[:at] for word in words for at in _starts(word, after)]
        if gaps:
            found.append((name, min(gaps, key=len)))
    if len(found) != 1 or _JOINED.search(found[0][1]):
        return ""
    return found[0][0]


def _ends(word: str, text: str) -> list[int]:
    plain = search_text(word).text.casefold()
    return [m.end() for m in re.finditer(_bounded(re.escape(plain), plain), text)] if plain else []


def _starts(word: str, text: str) -> list[int]:
    plain = search_text(word).text.casefold()
    return (
        [m.start() for m in re.finditer(_bounded(re.escape(plain), plain), text)] if plain else []
    )


def _places(text: str, words: Iterable[str], span: tuple[int, int]) -> Iterable[tuple[int, int]]:
    for word in words:
        pattern = re.escape(word.casefold()).replace(r"\ ", r"\s+")
        for found in re.finditer(_bounded(pattern, word), text[span[0] : span[1]]):
            yield found.start() + span[0], found.end() + span[0]


def _column(page: PageText, candidate: Candidate, arms: Mapping[str, tuple[str, ...]]) -> str:
    """Return the arm whose head stands above a cell: the nearest line that names two arms."""
    cell = _around(page, candidate.start, candidate.end)
    if cell is None or not _in_table(page, candidate):
        return ""
    lowered = page.text.casefold()
    heads: list[tuple[float, float, str]] = []
    for name, words in arms.items():
        for start, end in _places(lowered, words, (0, len(lowered))):
            box = _around(page, start, end) if _is_head(lowered, start, arms) else None
            if box is not None and 0 < box[1] - cell[1] < HEAD_ABOVE:
                heads.append((box[1], (box[0] + box[2]) / 2, name))
    lines = sorted({round(y) for y, _, _ in heads})
    middle = (cell[0] + cell[2]) / 2
    for level in lines:
        nearest: dict[str, float] = {}
        for y, x, name in heads:
            if abs(y - level) < 3:
                nearest[name] = min(abs(x - middle), nearest.get(name, HEAD_ABOVE))
        if len(nearest) > 1 and min(nearest.values()) <= HEAD_ASIDE:
            first, second = sorted((gap, name) for name, gap in nearest.items())[:2]
            return first[1] if second[0] - first[0] > 5 else ""
    return ""


def _is_head(text: str, at: int, arms: Mapping[str, tuple[str, ...]]) -> bool:
    """Tell whether the line at a position is a table's head: two arms, and little else."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)]
    named = [name for name, words in arms.items() if any(_stands(word, line) for word in words)]
    return len(named) > 1 and len(line) <= HEAD_LONG and not line.rstrip().endswith((".", ","))


def _in_table(page: PageText, candidate: Candidate) -> bool:
    """Tell whether a candidate stands in a row: behind it, its line holds numbers only."""
    start = page.text.rfind("\n", 0, candidate.start) + 1
    end = page.text.find("\n", candidate.end)
    line = page.text[start : end if end >= 0 else len(page.text)]
    rest = line[candidate.end - start :]
    numbers = _NUMBERS.findall(line)
    return len(numbers) > 1 and not any(map(str.isalpha, rest)) and not line.rstrip().endswith(".")


def _around(page: PageText, start: int, end: int) -> Box | None:
    boxes: Sequence[Box] = [box for box in page.boxes[start:end] if box is not None]
    if not boxes:
        return None
    return (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )


def _stands(word: str, text: str) -> bool:
    plain = search_text(word).text.casefold()
    return bool(plain) and re.search(_bounded(re.escape(plain), plain), text) is not None


def _bounded(pattern: str, word: str) -> str:
    """Keep a word whole where its letters are Latin."""
    return rf"(?<![a-z0-9]){pattern}(?![a-z0-9])" if word.isascii() else pattern
