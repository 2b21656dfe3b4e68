"""What the evidence allows to say: statements that follow from certainty, benefits and harms.

One trial alone is told as such: its people, its counts by arm, and that whether the intervention
adds anything is as uncertain as its certainty says (docs/reference/grading.md A9). A harm stands
in every conclusion, whatever is known of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tamis.domain.grading import FindingsRow
from tamis.domain.results import BinaryRow, Synthesis
from tamis.report.book import Book
from tamis.report.numbers import cell_numbers
from tamis.report.phrase import Phrase, Piece, join, say
from tamis.report.sections.harms import harm_counts, harm_lines
from tamis.report.sections.people import people_of
from tamis.report.sections.statements import (
    LEVELS_ZH,
    beside_han,
    listed,
    proposed,
    row_of,
    statement_line,
    statement_phrase,
)

__all__ = [
    "conclusion",
    "counts_by_arm",
    "one_trial",
    "short_conclusion",
    "statements",
    "uncontrolled_note",
]

#: Kind of sentence -> its words, for bodies that have no row in the summary of findings.
SENTENCES = {
    "open": "The certainty of the evidence has not been judged to the end; no conclusion is drawn "
    "on: {o}.",
    "alone": "Without a comparison group nothing certain can be said about an effect of the "
    "intervention ({l} certainty, {s}) on: {o}.",
    "uncertain": "The evidence is very uncertain about the effect of the intervention ({l} "
    "certainty, {s}) on: {o}.",
    "level": "The certainty of the evidence is {l} ({s}) on: {o}. The numbers stand under Results.",
}


def conclusion(book: Book, *, critical: bool = False, harms: bool = True) -> tuple[Phrase, ...]:
    """Return the conclusion: the lead, the statements, what was seen without a comparator.

    ``critical`` keeps to critical outcomes and harms. ``harms`` lists what was seen of each
    critical harm; the abstract leaves that to the part before.
    """
    rows = [r for r in book.content.findings_rows if _kept(r, critical)]
    lead = one_trial(book)
    led = lead[0] if lead else None
    lines: list[Phrase] = [lead[1]] if lead else []
    lines += harm_lines(book, critical=True) if harms else ()
    lines += statements(book, [r for r in rows if r is not led])
    lines += _without_row(book, critical=critical)
    return tuple(lines) or (say("No body of evidence was rated; no conclusion is drawn."),)


def short_conclusion(book: Book, lang: str = "en") -> tuple[Phrase, ...]:
    """Return the conclusion of the abstract: the lead, one line on harms, one on single arms.

    The counts of critical harms in comparative studies stand before the statement on them; what
    single arms saw stands under Results, and here only what it cannot say.
    """
    rows = [r for r in book.content.findings_rows if _kept(r, critical=True) and not r.single_arm]
    lead = one_trial(book, lang)
    lines: list[Phrase] = [lead[1]] if lead else []
    rest = [r for r in rows if lead is None or r is not lead[0]]
    told = list(statements(book, rest, lang))
    counts = harm_counts(book, lang)
    if counts is not None:
        between = "" if lang == "zh" else " "
        told = [join([counts, *told], between)] if len(told) == 1 else [counts, *told]
    lines += told
    alone = uncontrolled_note(book, lang)
    lines += [alone] if alone is not None else []
    if lang == "en":
        lines += _without_row(book, critical=True)
    return tuple(lines) or (say("No body of evidence was rated; no conclusion is drawn."),)


def uncontrolled_note(book: Book, lang: str = "en") -> Phrase | None:
    """Return one line on the critical rows without a comparator; ``None`` if there are none.

    It names the studies and their certainty, and says what they cannot show.
    """
    rows = [
        r for r in book.content.findings_rows
        if r.single_arm and r.reported and _kept(r, critical=True)
    ]  # fmt: skip
    if not rows:
        return None
    known = {s for r in rows for s in r.studies}
    names: list[Piece] = [book.names.study(s.id) for s in book.content.studies if s.id in known]
    arm = book.names.concept_in("intervention", lang)
    if lang == "zh":
        last = [beside_han(name, follows=False) for name in names[-1:]]
        return say(
            "{s}没有对照组：其中所见的结果，无法确定是否由{x}所致{l}。",
            s=join([*names[:-1], *last], "、") or "部分研究", x=beside_han(arm or "干预"),
            l=_shared_level(rows, lang),
        )  # fmt: skip
    return say(
        "{s} had no comparison group: what was seen there says nothing certain about the effect "
        "of {x}{l}.",
        s=join(names, ", ", " and ") or "Some studies", x=arm or "the intervention",
        l=_shared_level(rows, lang),
    )  # fmt: skip


def _shared_level(rows: Sequence[FindingsRow], lang: str) -> str:
    """Return the certainty that rows share, in brackets; or that it is not confirmed yet."""
    if any(r.level is None or proposed(r) for r in rows):
        return "（确定性尚未确认）" if lang == "zh" else " (certainty not confirmed)"
    levels = sorted({r.level: r.label for r in rows if r.level is not None}.items())
    if lang == "zh":
        return f"（{'至'.join(LEVELS_ZH[level] for level, _ in levels)}）"
    return f" ({' to '.join(label for _, label in levels)} certainty)"


def _kept(row: FindingsRow, critical: bool) -> bool:
    return not critical or row.importance == "critical" or row.harm


def statements(book: Book, rows: Sequence[FindingsRow], lang: str = "en") -> tuple[Phrase, ...]:
    """Return the statements of rows: benefits, harms, then what single arms observed."""
    ordered = sorted(rows, key=lambda r: (r.single_arm, r.harm))
    alike = [r for r in ordered if _very_uncertain(r, lang)]
    lines: list[Phrase] = []
    for row in ordered:
        if len(alike) > 1 and row in alike:
            if row is alike[0]:
                lines.append(_together(book, alike, lang))
        else:
            lines.append(statement_line(book, row, lang))
    return tuple(lines)


def _very_uncertain(row: FindingsRow, lang: str) -> bool:
    """Tell whether a row has the plain form of very low certainty, which several can share."""
    said = row.statement(lang)
    return (
        said is not None
        and said.strength == 1
        and not said.numbers
        and row.level == 1
        and not row.single_arm
        and not proposed(row)
    )


def _together(book: Book, rows: Sequence[FindingsRow], lang: str) -> Phrase:
    """Return the statement that rows of very low certainty share, with all their outcomes."""
    arms = {
        s.plan.arms[0]
        for s in book.content.syntheses
        if s.plan.id in {r.synthesis for r in rows} and s.plan.arms[0]
    }
    names = [book.names.outcome_in(r.outcome, lang) for r in rows]
    arm: Piece | None = book.names.arm_in(arms.pop(), lang) if len(arms) == 1 else None
    if lang == "zh":
        return say(
            "关于{x}对{o}的影响，证据非常不确定（{l}，{s}）。", s=rows[0].symbols, l=LEVELS_ZH[1],
            x=beside_han(arm or "干预"), o=_list_zh(names),
        )  # fmt: skip
    return say(
        "The evidence is very uncertain about the effect of {x} on {o} ({l} certainty, {s}).",
        x=arm or "the intervention", o=join(names, ", ", " and "), l=rows[0].label,
        s=rows[0].symbols,
    )  # fmt: skip


def one_trial(book: Book, lang: str = "en") -> tuple[FindingsRow, Phrase] | None:
    """Return the first critical benefit that one trial alone carries, and its sentence.

    Where the room ``certainty`` words it (``FindingsRow.conclusions``) that wording stands. Else
    only at very low certainty: at any other level the statement itself says more.
    """
    for row in book.content.findings_rows:
        told = next((s for s in row.conclusions if s.lang == lang), None)
        if told is not None and row.importance == "critical" and not row.harm:
            return row, statement_phrase(book, row, told, part=".c")
        synthesis = _alone(book, row)
        if (
            synthesis is None
            or row.single_arm
            or row.harm
            or row.importance != "critical"
            or row.level != 1
        ):
            continue
        counts = counts_by_arm(book, synthesis, lang)
        if counts is not None:
            return row, _lead(book, row, synthesis, counts, lang)
    return None


def _alone(book: Book, row: FindingsRow) -> Synthesis | None:
    for synthesis in book.content.syntheses:
        if synthesis.plan.id == row.synthesis and synthesis.plan.kind == "controlled":
            return synthesis if len(synthesis.rows) == 1 else None
    return None


def _lead(book: Book, row: FindingsRow, synthesis: Synthesis, counts: Phrase, lang: str) -> Phrase:
    people = people_of(book, synthesis)
    name = book.names.outcome_in(row.outcome, lang)
    arm = book.names.arm_in(synthesis.plan.arms[0] or "intervention", lang)
    mark = proposed(row)
    if lang == "zh":
        return say(
            "一项试验，共 {n} 人。{o}：{c}（仅限本试验）。{arm}是否带来额外作用，证据非常不确定"
            "（{l}，{s}）{p}。",
            n=people, o=name, c=counts, arm=beside_han(arm, follows=False), l=LEVELS_ZH[1],
            s=row.symbols, p="（拟定，尚未确认）" if mark else "",
        )  # fmt: skip
    return say(
        "One trial, {n} people: {o} in {c} (this trial only). Whether {arm} adds anything is very "
        "uncertain ({l} certainty, {s}{p}).",
        n=people, o=name, c=counts, arm=arm, l=row.label, s=row.symbols,
        p=", proposed, not confirmed" if mark else "",
    )  # fmt: skip


def _list_zh(names: Sequence[Piece]) -> Phrase:
    return join([beside_han(n, follows=place == 0) for place, n in enumerate(names)], "、")


def counts_by_arm(book: Book, synthesis: Synthesis, lang: str = "en") -> Phrase | None:
    """Return the counts of one study by arm: "9 of 12 given MSC and in 5 of 6 given placebo"."""
    item = synthesis.rows[0] if len(synthesis.rows) == 1 else None
    if not isinstance(item, BinaryRow):
        return None
    a, m, c, n = cell_numbers(book, synthesis.plan.id, item)
    first, second = (book.names.arm_in(arm, lang) for arm in synthesis.plan.arms)
    if lang == "zh":
        x, y = (beside_han(arm, follows=False) for arm in (first, second))
        return say("{x}组 {m} 人中 {a} 人，{y}组 {n} 人中 {c} 人", a=a, m=m, c=c, n=n, x=x, y=y)
    return say("{a} of {m} given {x} and in {c} of {n} given {y}", a=a, m=m, c=c, n=n, x=first,
               y=second)  # fmt: skip


def _without_row(book: Book, *, critical: bool) -> Iterator[Phrase]:
    """Yield one sentence a level for bodies that no row stands for; none claims an effect."""
    controlled = {s.plan.id for s in book.content.syntheses if s.plan.kind == "controlled"}
    found: dict[tuple[str, str, str], list[str]] = {}
    for body in book.content.protocol.bodies:
        outcome = book.content.protocol.outcome(body.outcome)
        unwanted = critical and outcome is not None and outcome.importance != "critical"
        if unwanted or row_of(book, body=body.id) is not None:
            continue
        rating = next((r for r in book.content.ratings if r.body == body.id), None)
        if rating is None or rating.level is None or rating.status != "confirmed":
            key = ("open", "", "")
        else:
            kind = "uncertain" if rating.level == 1 else "level"
            compared = body.synthesis in controlled or "randomised" in body.designs
            key = (kind if compared else "alone", rating.label, rating.symbols)
        found.setdefault(key, []).append(body.outcome)
    for (kind, level, symbols), outcomes in found.items():
        yield say(SENTENCES[kind], l=level, s=symbols, o=listed(book, outcomes))
