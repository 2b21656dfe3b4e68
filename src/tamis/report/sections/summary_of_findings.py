"""Summary of findings: one row an outcome with a comparator, and apart from it what was observed.

The rows come from the room ``certainty`` (``ReportContent.findings_rows``); this module only lays
them out (docs/reference/grading.md A8). Risks are printed per 1,000 people and marked "this trial
only" where few controls stand behind them. Reasons for a change of certainty are footnotes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from tamis.domain.grading import FindingsRow
from tamis.report.book import Book
from tamis.report.names import ESTIMAND_WORDS
from tamis.report.phrase import Link, Phrase, Piece, distinct, join, say, sentence
from tamis.report.sections.certainty import change_words, domain_words
from tamis.report.sections.findings_cells import baselines, differences, people, relative
from tamis.report.sections.statements import (
    certainty_words,
    proposed,
    row_key,
    statement_line,
    statement_phrase,
    to_rest_on,
)
from tamis.report.view import Cell, Column, Table, columns, row

__all__ = ["ROWS", "chosen", "further_findings", "summary_of_findings"]

#: Rows of a summary of findings, at most (GRADE).
ROWS = 7

RANKS = {"critical": 0, "important": 1}

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(slots=True)
class _Notes:
    """Footnotes of one table: the same words share a letter."""

    found: dict[str, Piece] = field(default_factory=dict)

    def mark(self, words: Piece, plain_words: str) -> str:
        self.found.setdefault(plain_words, words)
        return _letter(list(self.found).index(plain_words))

    def lines(self) -> tuple[Piece, ...]:
        return tuple(say("{l}. {w}", l=_letter(n), w=w) for n, w in enumerate(self.found.values()))


def _letter(place: int) -> str:
    return LETTERS[place % 26] * (place // 26 + 1)


def summary_of_findings(book: Book) -> Mapping[str, object]:
    """Return what the template ``findings.html.j2`` prints."""
    rows = book.content.findings_rows
    compared = tuple(r for r in rows if not r.single_arm)
    shown = chosen(compared)
    observed = tuple(sorted((r for r in rows if r.single_arm), key=_rank))
    open_ones = [r for r in rows if proposed(r)]
    return {
        "compared": _compared(book, shown, "table-findings") if shown else None,
        "observed": _observed(book, observed) if observed else None,
        "proposed": bool(open_ones),
        "more": len(shown) < len(compared),
        "any": bool(rows),
    }


def chosen(rows: Sequence[FindingsRow]) -> tuple[FindingsRow, ...]:
    """Return the rows of the main table: critical ones first, no harm left out for a benefit.

    An outcome that is neither critical nor a harm gives way first, then a benefit, last a harm.
    """
    ordered = sorted(rows, key=_rank)
    kept = sorted(ordered, key=lambda r: (_rank(r)[0] > 0 and not r.harm, _rank(r)))[:ROWS]
    return tuple(r for r in ordered if r in kept)


def _rank(found: FindingsRow) -> tuple[int, bool]:
    return RANKS.get(found.importance, 2), not found.reported


def further_findings(book: Book) -> Table | None:
    """Return the rows that the main table has no room for (appendix E)."""
    compared = [r for r in book.content.findings_rows if not r.single_arm]
    shown = chosen(compared)
    rest = [r for r in sorted(compared, key=_rank) if r not in shown]
    return _compared(book, rest, "table-findings-more") if rest else None


def _compared(book: Book, rows: Sequence[FindingsRow], name: str) -> Table:
    notes = _Notes()
    made = [
        row(
            Cell(items=_outcome(book, r)),
            Cell(items=people(book, r)),
            Cell(items=relative(book, r)),
            Cell(items=tuple(baselines(book, r))),
            Cell(items=tuple(differences(book, r))),
            Cell(piece=_certainty(book, r, notes)),
            Cell(items=_happens(book, r)),
        )
        for r in rows
    ]
    head = book.content.protocol.question
    more = name != "table-findings"
    return Table(
        id=name,
        caption=say(
            "{t}: {i} compared with {c}",
            t="Further outcomes" if more else "Summary of findings",
            i=_arm(book, rows, 0) or book.text(_short(head.intervention), "definition"),
            c=_arm(book, rows, 1) or book.text(_short(head.comparator), "definition"),
        ),
        columns=columns(
            "Outcome",
            "Participants (studies)",
            Column(piece=say("Relative effect ({l} CI)", l=book.level(0.95))),
            "Risk with the comparator",
            "Difference with the intervention",
            "Certainty",
            "What happens",
        ),
        rows=tuple(made),
        notes=(*notes.lines(), *_warnings(book, rows), *_about(book, rows)),
    )


def _short(text: str) -> str:
    return text.strip().rstrip(".")


def _arm(book: Book, rows: Sequence[FindingsRow], place: int) -> Piece | None:
    """Return the arm that the syntheses of these rows compare, when it is one and the same."""
    wanted = {r.synthesis for r in rows if r.synthesis}
    arms = {s.plan.arms[place] for s in book.content.syntheses if s.plan.id in wanted}
    return book.names.arm(arms.pop()) if len(arms) == 1 and "" not in arms else None


def _about(book: Book, rows: Sequence[FindingsRow]) -> tuple[Piece, ...]:
    lines: list[Piece] = []
    if any(a.only for r in rows for a in r.absolutes):
        lines.append(
            "“Only” marks a risk that rests on few people with the comparator: it holds for that "
            "trial and not for other patients."
        )
    if any(proposed(r) for r in rows):
        lines.append("“Proposed” marks a certainty that follows from rules and that no person "
                     "has confirmed.")  # fmt: skip
    return tuple(lines)


def _outcome(book: Book, found: FindingsRow) -> tuple[Piece, ...]:
    outcome = book.content.protocol.outcome(found.outcome)
    when: list[Piece] = []
    if found.visit and found.estimand in ESTIMAND_WORDS:
        when.append(say(ESTIMAND_WORDS[found.estimand], visit=book.names.visit(found.visit)))
    elif found.estimand:
        when.append(book.text(found.estimand, "label"))
    facts: list[Piece] = [
        *([book.text(found.importance, "label")] if found.importance else []),
        *(["a harm"] if found.harm else []),
        *when,
    ]
    parts: list[Piece] = [book.names.outcome_title(found.outcome)]
    if facts:
        parts.append(join(facts))
    if outcome is not None and outcome.definition not in ("", "not-stated"):
        parts.append(say("definition: {d}", d=book.lit(outcome.definition, "definition")))
    return tuple(parts)


def _certainty(book: Book, found: FindingsRow, notes: _Notes) -> Phrase:
    rating = next((r for r in book.content.ratings if r.body == found.body), None)
    marks = []
    for domain in rating.domains if rating and found.reported else ():
        if domain.change:
            words = say(
                "{d}: {c}. {why}",
                d=domain_words(book, domain),
                c=change_words(book, found.body, domain),
                why=book.text(domain.reason, "quote", ""),
            )
            plain_words = f"{domain.domain} {domain.change} {domain.reason}"
            marks.append(notes.mark(words, plain_words))
    return say("{c}{m}", c=certainty_words(found), m=f" [{', '.join(sorted(marks))}]" if marks
               else "")  # fmt: skip


#: A source of a threshold longer than this is not repeated here: the methods have it.
LONG = 60

#: At very low certainty nothing is said of the size of an effect.
VERY_LOW = 1

DEMONSTRATION = "set for the demonstration, not sourced"

#: Words in place of a source that say that there is none.
UNSOURCED = frozenset({"no source", "none", "not sourced", "not stated"})


def _happens(book: Book, found: FindingsRow) -> tuple[Piece, ...]:
    parts: list[Piece] = [statement_line(book, found)]
    uncertain = found.level == VERY_LOW
    if found.size_source.strip() and found.size not in ("observed", "unsized") and not uncertain:
        parts.append(_size(book, found))
    return tuple(parts)


def _size(book: Book, found: FindingsRow) -> Phrase:
    """Return the size of the point estimate, never alone where the interval fits others too."""
    source = _threshold(book, found.size_source)
    if all(size == "trivial" for size in found.size_span):
        return say("size: {s} ({w})", s=found.size, w=source)
    low, high = found.size_span
    ways = ("fewer", "more") if found.absolutes else ("lower", "higher")
    return say(
        "the point estimate alone would be {s}; the interval reaches from {l} ({x}) to {h} ({y}) "
        "({w})",
        s=found.size, l=low, h=high, x=ways[0], y=ways[1], w=source,
    )  # fmt: skip


def _threshold(book: Book, source: str) -> Piece:
    """Return where the threshold of a size comes from: its words, or the way to its source."""
    if DEMONSTRATION in source or source.strip().lower() in UNSOURCED:
        return "threshold set by the review team, no source"
    if len(source) <= LONG:
        return book.lit(source, "setting")
    return Link("threshold with its source under Methods", "#methods-certainty")


def _warnings(book: Book, rows: Sequence[FindingsRow]) -> tuple[Piece, ...]:
    lines: list[Piece] = []
    for r in rows:
        found = (*r.warnings, *(w for a in r.absolutes for w in a.warnings))
        lines += [
            book.spoken(
                sentence(w.message, w.suggestion),
                name=f"sof-warning/{row_key(r)}/{w.rule}.{place + 1}",
                inputs=to_rest_on(book, w.because, *r.studies),
                rule=w.rule,
            )
            for place, w in enumerate(dict.fromkeys(found))
        ]
    return distinct(lines)


def _seen(book: Book, found: FindingsRow) -> tuple[Piece, ...]:
    """Return what single arms observed: one statement a study and definition, else the whole."""
    each = [s for s in found.observed if s.lang == "en"]
    if len(each) < 2:
        return (statement_line(book, found),)
    return tuple(
        statement_phrase(book, found, said, part=f".{n + 1}") for n, said in enumerate(each)
    )


def _observed(book: Book, rows: Sequence[FindingsRow]) -> Table:
    notes = _Notes()
    return Table(
        id="table-findings-observed",
        caption="Observed without a comparison group: no statement of effect is possible",
        columns=columns("Outcome", "Participants (studies)", "What was observed", "Certainty"),
        rows=tuple(
            row(
                Cell(items=_outcome(book, r)),
                Cell(items=people(book, r)),
                Cell(items=_seen(book, r)),
                Cell(piece=_certainty(book, r, notes)),
            )
            for r in rows
        ),
        notes=notes.lines(),
    )
