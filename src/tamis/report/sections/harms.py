"""Harms: every harm outcome, study by study and arm by arm, even where nothing was reported.

An outcome is a harm when the protocol says so (``harm = true``); outcomes that are only extracted,
or protocols that mark none, are told by the words of their name. Studies with and without a
comparator stand in two tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tamis.domain.records import Study
from tamis.domain.values import Cell as DataCell
from tamis.domain.values import Value
from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, distinct, join, say
from tamis.report.sections.definitions import (
    COMPARATIVE,
    definition_words,
    grouped,
    value_words,
)
from tamis.report.sections.people import arm_order
from tamis.report.sections.statements import beside_han
from tamis.report.sections.studies import included
from tamis.report.sources import short_source
from tamis.report.view import Cell, Row, Table, columns

__all__ = ["NO_HARM", "harm_counts", "harm_lines", "harm_outcomes", "harms", "no_harm"]

#: Words that make an outcome a harm where the protocol marks none.
HARM_WORDS = re.compile(
    r"death|mortality|adverse|serious|infection|toxicit|malignan|tumou?r|complication"
)

#: Why nothing is said of harms: reason -> language -> words, the same wherever it is told.
NO_HARM = {
    "unnamed": {
        "en": "The protocol names no outcome as a harm, and none was extracted: this review says "
        "nothing about harms.",
        "zh": "研究方案未将任何结局列为危害，也未提取危害数据：本评价对危害不作任何陈述。",
    },
    "no-study": {
        "en": "No study is included: this review says nothing about harms.",
        "zh": "未纳入任何研究：本评价对危害不作任何陈述。",
    },
    "silent": {
        "en": "No count of a harm was found in the included studies.",
        "zh": "纳入研究中未找到危害的例数。",
    },
}

#: Said once of the counts of a study when one is derived.
DERIVED = "; derived, not printed as a count"

SILENT = "not reported where read"
NOT_SOUGHT = "nobody has recorded a search for it"


def harm_outcomes(book: Book) -> tuple[str, ...]:
    """Return the harm outcomes: those of the protocol in its order, then others extracted."""
    protocol = book.content.protocol
    marked = any(o.harm for o in protocol.outcomes)
    found = [
        o.id
        for o in protocol.outcomes
        if o.harm or (not marked and HARM_WORDS.search(f"{o.id} {o.name}"))
    ]
    known = {o.id for o in protocol.outcomes}
    mine = {s.id for s in included(book)}
    found_in = book.content.extraction
    cells = [*(v.cell for v in found_in.values), *(i.cell for i in found_in.looked_for)]
    extracted = {cell.outcome for cell in cells if cell.study in mine}
    more = sorted(o for o in extracted - known if HARM_WORDS.search(o))
    return (*found, *more)


def no_harm(book: Book) -> str:
    """Return why there may be nothing to say of harms, as a key of ``NO_HARM``."""
    if not included(book):
        return "no-study"
    return "silent" if harm_outcomes(book) else "unnamed"


def harms(book: Book) -> Mapping[str, object]:
    """Return the tables of harms and the sentences above them."""
    outcomes = harm_outcomes(book)
    studies = included(book)
    compared = [s for s in studies if s.design in COMPARATIVE]
    alone = [s for s in studies if s.design not in COMPARATIVE]
    return {
        "any": bool(outcomes and studies),
        "none": NO_HARM[no_harm(book)]["en"],
        "lines": harm_lines(book),
        "tables": tuple(
            table
            for name, words, group in (
                ("compared", "studies with a comparator", compared),
                ("alone", "studies without a comparator", alone),
            )
            if group and (table := _table(book, outcomes, name, words, group))
        ),
    }


def _table(
    book: Book, outcomes: Sequence[str], name: str, words: str, studies: Sequence[Study]
) -> Table | None:
    rows = [row for outcome in outcomes for row in _rows(book, outcome, studies)]
    if not rows:
        return None
    return Table(
        id=f"table-harms-{name}",
        caption=f"Harms in {words}, every harm outcome and every arm",
        columns=columns("Harm", "Study", "Arm", "Definition and time", "Result", "Read in"),
        rows=tuple(rows),
        notes=(
            f"“{SILENT.capitalize()}”: looked for in the texts that were read and not found; it "
            "does not mean that there was none.",
        ),
    )


def _rows(book: Book, outcome: str, studies: Sequence[Study]) -> Iterator[Row]:
    made = [cells for study in studies for cells in _of_study(book, outcome, study)]
    for nth, cells in enumerate(made):
        if nth == 0:
            head = Cell(piece=book.names.outcome_title(outcome), head=True, rows=len(made))
            yield Row(cells=(head, *cells))
        else:
            yield Row(cells=cells)


def _of_study(book: Book, outcome: str, study: Study) -> Iterator[tuple[Cell, ...]]:
    name = Cell(piece=book.names.study(study.id))
    cells = _cells(book, outcome, study.id)
    for cell, values in cells:
        yield (
            name,
            Cell(piece=book.names.arm(cell.arm)),
            Cell(piece=say("{d}; {w}", d=definition_words(book, cell.definition),
                           w=book.names.when(cell))),
            Cell(piece=value_words(book, values)),
            Cell(piece=join(distinct(short_source(book, v) for v in values), "; ")),
        )  # fmt: skip
    if cells:
        return
    sought = _sought(book, outcome, study.id)
    where: Piece = "–"
    if sought:
        where = join(distinct(sought), "; ")
    yield (name, Cell(piece="–"), Cell(piece="–"), Cell(piece=SILENT if sought else NOT_SOUGHT),
           Cell(piece=where))  # fmt: skip


def _cells(book: Book, outcome: str, study: str) -> list[tuple[DataCell, list[Value]]]:
    """Return the cells of an outcome in one study; comparisons of two arms are left to others."""
    values = [
        v for v in book.content.extraction.values
        if v.cell.outcome == outcome and v.cell.study == study and "-vs-" not in v.cell.arm
    ]  # fmt: skip
    return sorted(grouped(book, values), key=lambda group: arm_order(book, group[0].arm))


def _sought(book: Book, outcome: str, study: str) -> list[Piece]:
    return [
        say("looked for in {w}", w=book.text(item.where, "citation", "the texts read"))
        for item in book.content.extraction.looked_for
        if item.cell.outcome == outcome and item.cell.study == study
    ]


def harm_lines(book: Book, *, critical: bool = False) -> tuple[Phrase, ...]:
    """Return one sentence a harm outcome: counts by arm, observed counts, who is silent."""
    lines = []
    for outcome in harm_outcomes(book):
        known = book.content.protocol.outcome(outcome)
        if critical and not (known and known.importance == "critical"):
            continue
        lines.append(_line(book, outcome))
    return tuple(lines)


def harm_counts(book: Book, lang: str = "en") -> Phrase | None:
    """Return the counts of critical harms by arm in comparative studies, in one sentence.

    ``None`` where no comparative study gives a count of a critical harm.
    """
    told: list[Piece] = []
    for outcome in harm_outcomes(book):
        known = book.content.protocol.outcome(outcome)
        if known is None or known.importance != "critical":
            continue
        name = book.names.outcome_in(outcome, lang)
        for study in included(book):
            counts = _last(book, outcome, study) if study.design in COMPARATIVE else ()
            arms = [_arm_count(book, cell, values, lang) for cell, values in counts]
            if not arms:
                continue
            if lang == "zh":
                told.append(say("{o}：{a}", o=name, a=join(arms, "，")))
            else:
                told.append(say("{o} in {a}", o=name, a=join(arms, " and ")))
    if not told:
        return None
    if lang == "zh":
        return say("所计危害：{t}。", t=join(told, "；"))
    return say("Harms counted: {t}.", t=join(told, "; "))


def _arm_count(book: Book, cell: DataCell, values: Sequence[Value], lang: str) -> Phrase:
    by = {v.statistic: v for v in values}
    events = book.value(by["events"])
    n: Piece | None = book.value(by["n"]) if "n" in by else None
    arm = book.names.arm_in(cell.arm, lang)
    if lang == "zh":
        group = say("{a}组", a=beside_han(arm, follows=False))
        if n is None:
            return say("{g} {e} 人", g=group, e=events)
        return say("{g} {n} 人中 {e} 人", g=group, n=n, e=events)
    return say("{e}{n} given {a}", e=events, n=say(" of {n}", n=n) if n else "", a=arm)


def _last(book: Book, outcome: str, study: Study) -> tuple[tuple[DataCell, Sequence[Value]], ...]:
    """Return the counted cells of one study at its last visit, one an arm."""
    cells = [(c, v) for c, v in _cells(book, outcome, study.id)
             if any(one.statistic == "events" for one in v)]  # fmt: skip
    if not cells:
        return ()
    months = {v.id: float(v.months) for v in book.content.protocol.visits}
    last = max(months.get(cell.visit, -1.0) for cell, _ in cells)
    first: dict[str, tuple[DataCell, Sequence[Value]]] = {}
    for cell, values in cells:
        if months.get(cell.visit, -1.0) == last:
            first.setdefault(cell.arm, (cell, values))
    return tuple(first.values())


def _line(book: Book, outcome: str) -> Phrase:
    compared: list[Piece] = []
    alone: list[Piece] = []
    silent: list[Piece] = []
    unasked: list[Piece] = []
    for study in included(book):
        told = _told(book, outcome, study)
        if told is None:
            asked = _sought(book, outcome, study.id) or _cells(book, outcome, study.id)
            (silent if asked else unasked).append(book.names.study(study.id))
        else:
            (compared if study.design in COMPARATIVE else alone).append(told)
    parts: list[Piece] = []
    if compared:
        parts.append(join(compared, "; "))
    if alone:
        parts.append(say("without a comparison group {a}", a=join(alone, "; ")))
    if silent:
        parts.append(say("no count reported where read in {s}", s=join(silent, ", ", " and ")))
    if unasked:
        parts.append(say("not recorded for {s}", s=join(unasked, ", ", " and ")))
    return say(
        "{o}: {p}.",
        o=book.names.outcome_title(outcome),
        p=join(parts, "; ") if parts else "no study is included",
    )


def _told(book: Book, outcome: str, study: Study) -> Phrase | None:
    """Return the counts of one study at its last visit: "1 of 12 given MSC and 0 of 6 …"."""
    cells = _last(book, outcome, study)
    if not cells:
        return None
    when = book.names.when(cells[-1][0])
    counts = [_count(book, cell, values) for cell, values in cells]
    made = any(
        v.status == "derived" for _, found in cells for v in found if v.statistic == "events"
    )
    how = DERIVED if made else ""
    return say("{s}, {c} ({w}{how})", s=book.names.study(study.id), w=when, how=how,
               c=join(counts, ", ", " and "))  # fmt: skip


def _count(book: Book, cell: DataCell, values: Sequence[Value]) -> Phrase:
    by = {v.statistic: v for v in values}
    one = by["events"]
    events = book.value(one) if one.status == "derived" else book.shown(one, unit=False)
    given = "" if cell.arm == "all" else say(" given {arm}", arm=book.names.arm(cell.arm))
    if "n" not in by:
        return say("{a}{g}", a=events, g=given)
    return say("{a} of {n}{g}", a=events, n=book.shown(by["n"], unit=False), g=given)
