"""Comparing the digits that a document shows with those that it must show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from tamis.domain.results import Finding
from tamis.report.account import REMEDY
from tamis.report.documents.expected import Expected

__all__ = ["Shown", "compare"]

#: How far ahead both sides are looked at to find where they agree again.
WINDOW = 300

#: Runs that must agree before two sides count as together again.
AGREED = 3

#: More findings than these tell nobody more.
MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A run of digits as the document shows it, where, and what stands around it."""

    run: str
    place: str
    around: str = ""


def compare(shown: Sequence[Shown], wanted: Sequence[Expected], *, name: str) -> list[Finding]:
    """Return a finding for each run that was changed, added or taken out.

    Parameters
    ----------
    shown
        What the finished document shows, in its order.
    wanted
        What it must show. An empty ``run`` takes any number.
    name
        Name of the document.

    Returns
    -------
    list of Finding
        Rules ``number-changed``, ``orphan-digit`` (one too many), ``number-missing``. At most
        forty.

    Examples
    --------
    >>> seen, due = Shown(run="9", place="page 1"), Expected(run="8", place="title")
    >>> found = compare([seen], [due], name="x")
    >>> [(f.rule, f.expected, f.got) for f in found]
    [('number-changed', '8', '9')]
    """
    findings: list[Finding] = []
    for seen, due in _differences(shown, wanted):
        findings += _told(seen, due, name)
        if len(findings) >= MOST:
            break
    return findings[:MOST]


def _same(seen: Shown, due: Expected) -> bool:
    return due.run in ("", seen.run)


def _differences(
    shown: Sequence[Shown], wanted: Sequence[Expected]
) -> Iterator[tuple[Sequence[Shown], Sequence[Expected]]]:
    """Yield the stretches in which both sides differ."""
    at = to = 0
    while at < len(shown) or to < len(wanted):
        if at < len(shown) and to < len(wanted) and _same(shown[at], wanted[to]):
            at, to = at + 1, to + 1
            continue
        further, beyond = _meet(shown[at : at + WINDOW], wanted[to : to + WINDOW])
        yield shown[at : at + further], wanted[to : to + beyond]
        at, to = at + further, to + beyond


def _meet(shown: Sequence[Shown], wanted: Sequence[Expected]) -> tuple[int, int]:
    """Return how many runs of each side to pass over until they agree again."""
    for reach in range(1, 12):  # near by first: one changed, added or missing
        for skip, leave in ((reach, reach), (reach, 0), (0, reach)):
            if _agree(shown[skip:], wanted[leave:]):
                return min(skip, len(shown)), min(leave, len(wanted))
    left = [s.run for s in shown]
    right = [w.run for w in wanted]
    for block in SequenceMatcher(None, left, right, autojunk=False).get_matching_blocks():
        if block.size >= AGREED:
            return block.a, block.b
    return len(shown), len(wanted)


def _agree(shown: Sequence[Shown], wanted: Sequence[Expected]) -> bool:
    """Tell whether the next runs agree, or both sides end together."""
    if not shown or not wanted:
        return not shown and not wanted
    pairs = list(zip(shown[:AGREED], wanted[:AGREED], strict=False))
    return all(_same(seen, due) for seen, due in pairs)


def _told(seen: Sequence[Shown], due: Sequence[Expected], name: str) -> Iterator[Finding]:
    both = min(len(seen), len(due))
    for here, there in zip(seen[:both], due[:both], strict=True):
        if not _same(here, there):
            message = f"{there.place}: {there.run} is expected where {_words(here)} stands"
            yield _finding("number-changed", f"{name}, {here.place}", message, there.run, here.run)
    for here in seen[both:]:
        message = f"the number {_words(here)} is not one of the report's"
        yield _finding("orphan-digit", f"{name}, {here.place}", message, "", here.run)
    for there in due[both:]:
        number = there.run or "the number of a page"
        message = f"{number} is expected {there.place} and is not there"
        yield _finding("number-missing", name, message, there.run, "")


def _words(here: Shown) -> str:
    around = f" in “{here.around}”" if here.around else ""
    return f"{here.run!r}{around}"


def _finding(rule: str, subject: str, message: str, due: str, got: str) -> Finding:
    return Finding(
        rule=rule,
        severity="error",
        subject=subject,
        message=message,
        suggestion=REMEDY,
        expected=due,
        got=got,
    )
