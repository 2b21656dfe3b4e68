"""Deviations from protocol: every version of ``review.toml`` after the first, line by line."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from tamis.domain.decisions import Amendment
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, say

__all__ = ["Deviation", "amendments_of", "deviation_notes", "deviations"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Deviation:
    """One change: when, why, and the lines that went and came."""

    when: Piece
    reason: Piece
    lines: tuple[tuple[str, Piece], ...]
    summary: Phrase


def amendments_of(book: Book, file: str = "review.toml") -> tuple[Amendment, ...]:
    """Return the versions of the protocol in the order of the log."""
    return tuple(a for a in book.content.amendments if a.file == file)


def deviations(book: Book) -> tuple[Deviation, ...]:
    """Return one entry a change of the protocol."""
    versions = amendments_of(book)
    return tuple(_deviation(book, before, after) for before, after in pairwise(versions))


def deviation_notes(book: Book) -> tuple[Phrase, ...]:
    """Return what people noted of deviations (topic ``deviation``): their words, signed."""
    return tuple(
        say("{t} ({who}, {day})", t=book.text(dict(n.fields).get("text", ""), "quote", "(empty)"),
            who=book.names.person(n.by), day=book.day(n.at))
        for n in book.content.notes
        if n.topic == "deviation"
    )  # fmt: skip


def _deviation(book: Book, before: Amendment, after: Amendment) -> Deviation:
    changed = _changed(before.text.splitlines(), after.text.splitlines())
    lines = tuple(
        (sign, book.text(text.strip(), "strategy", "(empty line)")) for sign, text in changed
    )
    return Deviation(
        when=book.day(after.at),
        reason=book.text(after.reason, "quote", "no reason given"),
        lines=lines,
        summary=say(
            "{n} lines changed",
            n=book.number(
                f"protocol:{after.event}#lines",
                len(changed),
                digits=0,
                inputs=(before.event, after.event),
                rule="lines removed and added between two versions of the protocol",
                what="lines of the protocol that changed",
            ),
        ),
    )


def _changed(before: Sequence[str], after: Sequence[str]) -> list[tuple[str, str]]:
    signs = {"-": "removed", "+": "added"}
    lines = list(difflib.unified_diff(before, after, n=0, lineterm=""))[2:]
    return [(signs[line[0]], line[1:]) for line in lines if line[:1] in signs]
