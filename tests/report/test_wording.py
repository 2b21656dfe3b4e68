"""Words that a tired editor trips over: sides of intervals, sizes, units, steps left out."""

from __future__ import annotations

from dataclasses import replace

from tests.report.pages import page_of, part
from tests.report.sample import sample
from tests.report.sample_judgement import findings_rows

from tamis.domain.decisions import Note
from tamis.domain.grading import FindingsRow
from tamis.domain.results import Interval, SingleResult
from tamis.report.book import Book
from tamis.report.content import ReportContent
from tamis.report.phrase import plain
from tamis.report.sections.checklists import ChecklistRow, checklists
from tamis.report.sections.conclusion import short_conclusion
from tamis.report.sections.headline import headline


def _told(*intervals: Interval, p: float) -> str:
    """Return the sentence of the trial of the sample with a risk difference of these intervals."""
    content = sample()
    single = SingleResult(
        measure="RD", estimate=-0.4167, intervals=intervals, p={"fisher": p}, study="trial2017"
    )
    found = next(s for s in content.syntheses if s.single and s.single[0].measure == "RD")
    return plain(headline(Book(content), replace(found, single=(single,))))


NEWCOMBE = Interval(low=-0.74, high=-0.0034, method="Newcombe hybrid score")
SCORE = Interval(low=-0.76, high=0.0025, method="Miettinen-Nurminen score")
FAR = Interval(low=-0.76, high=-0.2, method="Miettinen-Nurminen score")


def test_a_limit_is_printed_with_the_digits_that_show_its_side() -> None:
    assert "(95\N{NO-BREAK SPACE}% CI −74 to −0.34)" in _told(NEWCOMBE, FAR, p=0.01)


def test_no_interval_is_called_clear_while_a_method_beside_it_disagrees() -> None:
    told = _told(NEWCOMBE, SCORE, p=0.083)
    assert "wholly" not in told
    assert "; the methods differ: with " in told
    assert "the Newcombe hybrid score interval lies on the side of fewer" in told
    assert "the Miettinen-Nurminen score interval includes both fewer and more" in told
    assert "0.083 (Fisher’s exact test)" in told
    by_test = _told(NEWCOMBE, FAR, p=0.083)
    assert "wholly" not in by_test
    assert "the methods differ" in by_test
    assert "lies wholly on the side of fewer" in _told(NEWCOMBE, FAR, p=0.01)


def _declared(text: str) -> ChecklistRow:
    note = Note(event="e-declared", topic="checklist", subject="prisma-s-5",
                fields=(("text", text),), by="p-a", at="2026-01-02T00:00:00.000Z")  # fmt: skip
    content = sample()
    rows = checklists(Book(replace(content, notes=(*content.notes, note))))
    return next(r for r in rows if (r.checklist, r.item) == ("prisma-s", "5"))


def test_not_done_and_not_applicable_are_two_statuses() -> None:
    left_out = _declared("Not done: nobody followed citations.")
    assert (left_out.status, left_out.why) == ("not done", "nobody followed citations.")
    assert _declared("未进行：没有人追踪引文。").status == "not done"
    no_place = _declared("No citation index covers this field.")
    assert (no_place.status, no_place.why) == (
        "not applicable", "No citation index covers this field.",
    )  # fmt: skip


def _titled(title: str) -> str:
    content = sample()
    head = replace(content.protocol.head, title=title)
    content = replace(content, protocol=replace(content.protocol, head=head))
    return checklists(Book(content))[0].status


def test_a_title_that_does_not_name_a_systematic_review_is_told_so() -> None:
    assert _titled("Drug Q for nephritis") == "absent"
    assert _titled("Drug Q for nephritis: a systematic review") == "complete"
    assert _titled("Q 药治疗肾炎：系统评价") == "complete"


def _with(row: FindingsRow) -> ReportContent:
    return replace(sample(), findings_rows=(row,))


def _row(size: str, size_source: str, size_span: tuple[str, ...]) -> FindingsRow:
    row = next(r for r in findings_rows() if not r.single_arm and r.absolutes and r.statements)
    return replace(row, level=2, label="low", symbols="⊕⊕◯◯", size=size,
                   size_source=size_source, size_span=size_span)  # fmt: skip


def test_a_size_never_stands_alone_beside_an_interval_that_fits_large_effects_both_ways() -> None:
    wide = _row(size="trivial", size_source="no source", size_span=("large", "large"))
    text = part(page_of(_with(wide)), "summary-of-findings")
    assert "size: trivial" not in text
    assert "the point estimate alone would be trivial" in text
    assert "from large (fewer) to large (more)" in text
    assert "threshold set by the review team, no source" in text
    near = _row(size="trivial", size_source="Paper", size_span=("trivial", "trivial"))
    text = part(page_of(_with(near)), "summary-of-findings")
    assert "size: trivial (Paper)" in text


def test_the_abstract_concludes_in_three_lines_in_both_languages() -> None:
    book = Book(sample())
    for lang, harms in (("en", "Harms counted: "), ("zh", "所计危害：")):
        lines = [plain(line) for line in short_conclusion(book, lang)]
        assert sum(line.startswith(harms) for line in lines) == 1
        assert len(set(lines)) == len(lines)


def test_units_are_printed_with_a_micro_sign_and_kept_as_entered() -> None:
    content = sample()
    value = next(v for v in content.extraction.values if v.statistic == "mean")
    other = replace(value, unit="umol/L")
    assert "μmol/L" in plain(Book(content).shown(other))
    assert other.unit == "umol/L"
