"""Informative statements as the report prints them: words, numbers as quantities, certainty last.

The room ``certainty`` words them (``FindingsRow.statements``). Nothing here makes one stronger; a
body without a row gets a sentence that claims no effect.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from string import Formatter

from tamis.domain.grading import FindingsRow, Statement, StatementNumber
from tamis.domain.quantities import Quantity
from tamis.domain.summaries import RatingSummary
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.digits import has_digit
from tamis.report.inputs import resolvable
from tamis.report.phrase import Phrase, Piece, join, plain, say

__all__ = [
    "LEVELS_ZH",
    "NOT_JUDGED",
    "PROPOSED",
    "beside_han",
    "certainty_words",
    "level_words",
    "listed",
    "proposed",
    "row_key",
    "row_of",
    "statement_line",
    "statement_phrase",
    "to_rest_on",
]  # fmt: skip

NOT_JUDGED = "not judged"
PROPOSED = "proposed, not confirmed"

#: Level -> word and symbols.
LEVELS = {4: ("high", "⊕⊕⊕⊕"), 3: ("moderate", "⊕⊕⊕◯"), 2: ("low", "⊕⊕◯◯"), 1: ("very low", "⊕◯◯◯")}

#: Chinese words of the four levels (grading.md A1).
LEVELS_ZH = {4: "高确定性", 3: "中等确定性", 2: "低确定性", 1: "极低确定性"}

_FORMATTER = Formatter()


def row_key(row: FindingsRow) -> str:
    """Return what tells rows apart: the body, or the outcome that nobody reported."""
    return row.body or row.outcome


def row_of(book: Book, *, body: str = "", synthesis: str = "") -> FindingsRow | None:
    """Return the row of a body, or the one that rests on a synthesis."""
    for row in book.content.findings_rows:
        if (body and row.body == body) or (synthesis and row.synthesis == synthesis):
            return row
    return None


def proposed(row: FindingsRow) -> bool:
    """Tell whether a row has a certainty that nobody has confirmed."""
    known = row.level is not None or row.proposed_level is not None
    return row.reported and known and row.status != "confirmed"


def to_rest_on(book: Book, ids: Iterable[str], *others: str) -> tuple[str, ...]:
    """Return the ids that the review knows; else the first of ``others`` it knows, else the log."""
    plain = (name.removesuffix("#printed") for name in ids)
    known = tuple(name for name in dict.fromkeys(plain) if resolvable(book, name))
    if known:
        return known
    rest = [name for name in others if name and resolvable(book, name)]
    return tuple(rest[:1]) or (book.content.protocol.head.id,)


def statement_phrase(
    book: Book, row: FindingsRow, statement: Statement, *, part: str = ""
) -> Phrase:
    """Return a statement: its words, its numbers as quantities, its certainty before the stop.

    ``part`` tells apart several statements of one row and language whose slots may be the same.
    """
    numbers = {number.slot: number for number in statement.numbers}
    pieces: list[Piece] = []
    for words, slot, _, _ in _FORMATTER.parse(statement.pattern + statement.ending):
        pieces.append(_worded(book, words))
        if slot is not None:
            pieces.append(_number(book, row, statement, numbers[slot], part))
    return Phrase(tuple(pieces))


def _number(
    book: Book, row: FindingsRow, said: Statement, number: StatementNumber, part: str
) -> Quantity:
    return book.number(
        f"statement:{row_key(row)}/{said.lang}{part}#{number.slot}",
        number.value,
        digits=number.digits,
        inputs=to_rest_on(book, number.inputs, *row.estimate_inputs, row.body, *row.studies),
        rule=number.rule or "number of a statement",
        what=say("number in the statement on {o}", o=book.names.outcome(row.outcome)),
    )


def _worded(book: Book, words: str) -> Piece:
    """Return the words of a pattern; a name with a digit in it (24-h proteinuria) is a label."""
    if not has_digit(words):
        return words
    names = {_bare(name): name for name in _names_with_digits(book)}
    shapes = [
        r"\s*".join(map(re.escape, bare)) for bare in sorted(names, key=lambda n: (-len(n), n))
    ]
    pattern = re.compile("|".join(shapes) or r"(?!)", re.IGNORECASE)
    parts: list[Piece] = []
    at = 0
    for found in pattern.finditer(words):
        parts += [words[at : found.start()], literal(names[_bare(found[0])], "label")]
        at = found.end()
    return Phrase((*parts, words[at:]))


def _bare(name: str) -> str:
    """Return a name without spaces and capitals: Chinese is spaced anew in statements."""
    return "".join(name.split()).lower()


def _names_with_digits(book: Book) -> Iterator[str]:
    protocol = book.content.protocol
    for outcome in protocol.outcomes:
        yield from (n for n in (outcome.name, *_all_names(outcome.names)) if has_digit(n))
    for concept in protocol.concepts:
        yield from (n for n in _all_names(concept.names) if has_digit(n))


def _all_names(names: tuple[tuple[str, tuple[str, ...]], ...]) -> Iterator[str]:
    for _, found in names:
        yield from found


def _marked(statement: Statement) -> Statement:
    """Return a statement that says, before its stop, that nobody has confirmed its certainty."""
    mark, stop = (f" ({PROPOSED})", ".")
    if statement.lang == "zh":
        mark, stop = "（拟定，尚未确认）", "。"
    if statement.ending:
        return replace(statement, ending=f"{statement.ending.rstrip('.。')}{mark}{stop}")
    return replace(statement, pattern=f"{statement.pattern.rstrip('.。')}{mark}{stop}")


def statement_line(book: Book, row: FindingsRow, lang: str = "en") -> Phrase:
    """Return the statement of a row, or words that claim nothing where there is none."""
    statement = row.statement(lang)
    if statement is not None:
        return statement_phrase(book, row, _marked(statement) if proposed(row) else statement)
    name = book.names.outcome_in(row.outcome, lang)
    if not row.reported:
        pattern = "未发现关于“{o}”的证据。" if lang == "zh" else "We found no evidence on {o}."
        return say(pattern, o=name)
    if lang == "zh":
        alone = "（无对照研究）" if row.single_arm else ""
        return say("“{o}”{a}的证据确定性尚未评定完毕，不作结论。", o=name, a=alone)
    return say(
        "The certainty of the evidence on {o}{a} has not been judged to the end; no conclusion is "
        "drawn.",
        o=name,
        a=" in studies without a comparator" if row.single_arm else "",
    )


def certainty_words(row: FindingsRow) -> Phrase:
    """Return symbols and word of a row, with what is not confirmed yet."""
    if not row.reported:
        return say("–")
    if row.level is None:
        if row.proposed_level is None:
            status = "not judged to the end" if row.status == "proposed" else row.status
            return say("{status}", status=status or NOT_JUDGED)
        word, symbols = LEVELS[row.proposed_level]
        return say("{s} {w} ({p})", s=symbols, w=word, p=PROPOSED)
    mark = f" ({PROPOSED})" if proposed(row) else ""
    return say("{s} {w}{p}", s=row.symbols, w=row.label, p=mark)


def level_words(rating: RatingSummary) -> Phrase:
    """Return word and symbols of a rating."""
    if rating.level is None or rating.status == NOT_JUDGED:
        return say("{status}", status=rating.status or NOT_JUDGED)
    mark = "" if rating.status == "confirmed" else f", {rating.status}"
    return say("{label} {symbols}{p}", label=rating.label, symbols=rating.symbols, p=mark)


def beside_han(name: Piece, *, follows: bool = True) -> Piece:
    """Return a name with a space where Latin letters would touch Chinese ones.

    ``follows`` tells whether a Chinese letter, and not a mark, stands before it.
    """
    words = plain(name)
    before = " " if follows and words[:1].isascii() and words[:1].strip() else ""
    after = " " if words[-1:].isascii() and words[-1:].strip() else ""
    return Phrase((before, name, after)) if before or after else name


def listed(book: Book, outcomes: Iterable[str]) -> Phrase:
    """Return the names of outcomes as a list."""
    return join([book.names.outcome(o) for o in dict.fromkeys(outcomes)], "; ")
