"""Notes on one study alone: its other measures, other intervals and p values, each by name."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.ids import slugify
from tamis.domain.results import SingleResult, Synthesis
from tamis.report.book import Book
from tamis.report.measures import measure_of, p_digits
from tamis.report.numbers import interval_phrase, single_shown
from tamis.report.phrase import NBSP, Phrase, Piece, join, say

__all__ = ["p_values", "single_notes"]


def single_notes(book: Book, synthesis: Synthesis) -> tuple[Phrase, ...]:
    """Return the other measures, the other intervals and the p values of one study alone."""
    lines: list[Phrase] = []
    for single in synthesis.single:
        first = single_shown(book, synthesis, single)
        parts: list[Piece] = [
            say(
                "{e} ({interval}, {method})",
                e=first.estimate,
                interval=interval_phrase(book, first),
                method=book.lit(first.method, "setting"),
            )
        ]
        parts += _other_intervals(book, synthesis, single)
        parts += p_values(book, synthesis, single)
        name = measure_of(single.measure)
        unit = f", {name.unit}" if name.unit else ""
        lines.append(say("{name}{unit}: {parts}.", name=name.name.capitalize(), unit=unit,
                         parts=join(parts, "; ")))  # fmt: skip
    return tuple(lines)


def _other_intervals(book: Book, synthesis: Synthesis, single: SingleResult) -> Sequence[Piece]:
    found: list[Piece] = []
    for nth in range(1, len(single.intervals)):
        shown = single_shown(book, synthesis, single, nth)
        found.append(say("{low} to {high} ({method})", low=shown.low, high=shown.high,
                         method=book.lit(shown.method, "setting")))  # fmt: skip
    return found


#: Names of tests as they are printed; others are printed as they are called.
P_NAMES = {"welch-t": "Welch t test", "fisher": "Fisher’s exact test", "mid-p": "mid-p"}


def _test(book: Book, name: str) -> Piece:
    return P_NAMES.get(name) or book.lit(name, "setting")


def p_values(book: Book, synthesis: Synthesis, single: SingleResult) -> Sequence[Piece]:
    """Return the p values of one study alone, each with the name of its test."""
    inputs = list(dict.fromkeys(name for item in synthesis.rows for name in item.inputs))
    found: list[Piece] = []
    for name in sorted(single.p):
        p = single.p[name]
        quantity = book.number(
            f"syn:{synthesis.plan.id}/{single.measure.lower()}#p.{slugify(name)}",
            p,
            digits=p_digits(p),
            inputs=inputs,
            rule="p value, two-sided",
            settings={"test": name},
            what=say("two-sided p value, {test}", test=_test(book, name)),
        )
        found.append(say(f"p{NBSP}={NBSP}{{p}} ({{test}})", p=quantity, test=_test(book, name)))
    return found
