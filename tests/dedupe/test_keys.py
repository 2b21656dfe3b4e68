"""Comparison keys: what sources write, and what it is compared as."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dedupe.making import record

from tamis.dedupe.folding import fold, fold_title, numbers_in, words
from tamis.dedupe.names import family_name, journal_names, same_journal, split_glued
from tamis.dedupe.places import parse_pages, plain_issue, plain_volume
from tamis.dedupe.prepare import plain_doi, prepare
from tamis.dedupe.wording import kind_of, markers_in, parts_in


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ca<sup>2+</sup> in cells", "Ca2+ in cells"),
        ("Effects of talc. [Review] [33 refs]", "Effects of talc"),
        ("Effects of talc.[Erratum appears in J. Inv. 1993 May;103(5):1640]", "Effects of talc"),
        ("[Effects of talc]. [German]", "Effects of Talc"),
        ("[Effects of talc] LA: Ger", "Effects of talc."),
        ("Effects of talc &amp;amp; iodine", "Effects of talc & iodine"),
        ('"Effects of talc"', "Effects of talc"),
        ("Effects of talc (vol 33, pg 1611, 2014)", "Effects of talc"),
        ("Interferon-α in Łódź", "Interferon-alpha in Lodz"),
        ("Effects of talc [abstract no: 134]", "Effects of talc"),
    ],
)
def test_titles_that_differ_in_dress_have_one_key(one: str, other: str) -> None:
    assert fold_title(one).key == fold_title(other).key != ""


def test_a_title_that_is_nothing_but_a_remark_keeps_it() -> None:
    assert fold_title("[Review]").key == "review"


def test_titles_in_other_scripts_have_keys() -> None:
    assert fold_title("狼疮性肾炎的治疗").key != fold_title("红斑狼疮的治疗").key != ""


@pytest.mark.parametrize(
    ("title", "main"),
    [("Talc: a trial", "talc"), ("Talc - a trial", "talc"), ("Talc? A trial", "talc")],
)
def test_the_main_title_ends_at_the_first_divider(title: str, main: str) -> None:
    assert fold_title(title).main == main


@given(st.text())
def test_folding_any_text_is_done_once(text: str) -> None:
    """A second pass finds nothing; for texts without markup, which a first pass uncovers."""
    once = fold(text.replace("&", "").replace("<", ""))
    assert fold(once) == once
    fold_title(text)


def test_numbers_are_one_whether_spelled_roman_or_arabic() -> None:
    assert numbers_in(words("phase iii trial")) == numbers_in(words("phase 3 trial")) == ("3",)
    assert numbers_in(words("two doses")) == numbers_in(words("2 doses"))


@pytest.mark.parametrize(
    ("author", "family"),
    [
        ("Lee, Kim S.", "lee"),
        ("Lee KS", "lee"),
        ("K. S. Lee", "lee"),
        ("LEE, KIM", "lee"),
        ("van der Berg, Ada", "berg"),
        ("Berg, Ada van der", "berg"),
        ("del, Pino M", "pino"),
        ("Álvaro-Gracia JM", "alvarogracia"),
        ("McLeod Jr., Raymond", "mcleod"),
        ("Anonymous", ""),
        ("[Anonymous]", ""),
        ("", ""),
        ("de", "de"),
    ],
)
def test_family_names(author: str, family: str) -> None:
    assert family_name(author)[0] == family


@given(st.text())
def test_any_author_and_journal_is_read(text: str) -> None:
    family_name(text)
    journal_names(text)
    assert same_journal(text, text) is not False


def test_glued_authors_are_parted_and_a_lone_author_is_not() -> None:
    assert split_glued(("Kimura K.Lewis G. F.Day J.",)) == ("Kimura K.", "Lewis G. F.", "Day J.")
    assert split_glued(("Kimura, K. L.",)) == ("Kimura, K. L.",)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Ann Rheum Dis", "Annals of the Rheumatic Diseases", True),
        ("Dtsch-Med-Wochenschr", "Deutsche medizinische Wochenschrift (1946)", True),
        ("BMJ", "British Medical Journal", True),
        ("Clinical Cancer Research", "Clinical cancer research : an official journal", True),
        ("Ai zheng = Chinese journal of cancer", "Chinese Journal of Cancer", True),
        ("Journal of Inventions & Trials", "Journal of Inventions and Trials", True),
        ("Proc Natl Acad Sci U S A",
         "Proceedings of the National Academy of Sciences of the United States of America", True),
        ("Americas Conference on Systems", "25th Americas Conference on Systems, ACS", True),
        ("Journal of Clinical Oncology", "Chinese Journal of Clinical Oncology", False),
        ("Lupus", "Blood", False),
        ("Journal of Inventions", "Journal of Immunology", False),
    ],
)  # fmt: skip
def test_journals(one: str, other: str, same: bool) -> None:
    assert same_journal(one, other) is same
    assert same_journal(other, one) is same


def test_an_absent_journal_says_nothing() -> None:
    assert same_journal("", "Lupus") is None


@pytest.mark.parametrize(
    ("text", "firsts", "last"),
    [
        ("221-8", ("221",), "228"),
        ("221--228", ("221",), "228"),
        ("pp. 221\N{EN DASH}228", ("221",), "228"),
        ("0221", ("221",), ""),
        ("S33-38", ("s33",), "38"),
        ("230-5, 246-51", ("230", "246"), "235"),
        ("01-Jun", ("1",), "6"),
        ("Jun-01", ("1",), "6"),
        ("Suppl-29", (), ""),
        ("t-20", (), ""),
        ("xi-xii", ("xi",), "xii"),
        ("no pagination", (), ""),
        ("", (), ""),
    ],
)
def test_pages(text: str, firsts: tuple[str, ...], last: str) -> None:
    pages = parse_pages(text)
    assert (pages.firsts, pages.last) == (firsts, last)


@pytest.mark.parametrize(
    ("text", "printed"),
    [("e26036", False), ("103324", False), ("100241", False), ("R79", False), ("S33", True),
     ("1436-1439", True), ("100001-100009", True), ("97", True)],
)  # fmt: skip
def test_article_numbers_are_no_pages(text: str, printed: bool) -> None:
    assert parse_pages(text).print is printed


@given(st.text())
def test_any_place_is_read(text: str) -> None:
    parse_pages(text)
    plain_volume(text)
    plain_issue(text)
    plain_doi(text)


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("https://doi.org/10.1000/ABC.", "10.1000/abc"),
        ("doi: 10.1016/S0140-6736(21)00578-X", "10.1016/s0140-6736(21)00578-x"),
        ("10.25300/MISQ/2020/15273)", "10.25300/misq/2020/15273"),
        ("10.25300/MISQ/2020/14911/", "10.25300/misq/2020/14911"),
        ("no doi", ""),
    ],
)
def test_dois(text: str, doi: str) -> None:
    assert plain_doi(text) == doi


@pytest.mark.parametrize(
    ("title", "markers"),
    [
        ("author correction: talc", {"erratum"}),
        ("correction to: talc", {"erratum"}),
        ("corrigendum to talc", {"erratum"}),
        ("talc: erratum", {"erratum"}),
        ("correction of anaemia with talc", set()),
        ("retraction notice to talc", {"retraction"}),
        ("re: talc", {"reply"}),
        ("talc - author's reply", {"reply"}),
        ("journal club: talc", {"comment"}),
        ("comment on talc", {"comment"}),
        ("talc: study protocol for a randomised trial", {"protocol"}),
        ("reply rates of surveys", {"reply"}),
        ("talc", set()),
    ],
)
def test_markers(title: str, markers: set[str]) -> None:
    assert markers_in(title) == markers


@pytest.mark.parametrize(
    ("title", "parts"),
    [
        ("talc. part 1: methods", {"1"}),
        ("talc. part i: methods", {"1"}),
        ("talc (ii)", {"2"}),
        ("talc (i)", {"1"}),
        ("talc. ii", {"2"}),
        ("second report of the talc trial", {"2"}),
        ("a phase 2 trial of talc", set()),
        ("invited paper - a view of talc", set()),
    ],
)
def test_parts(title: str, parts: set[str]) -> None:
    assert parts_in(title) == parts


@pytest.mark.parametrize(
    ("type_", "kind"),
    [
        ("Published Erratum", "erratum"),
        ("Trial registry record", "registration"),
        ("Conference Abstract", "meeting abstract"),
        ("Conference Paper", "proceedings"),
        ("inproceedings", "proceedings"),
        ("Article; Proceedings Paper", "article"),
        ("preprint", "preprint"),
        ("JOUR", "article"),
        ("phdthesis", "thesis"),
        ("gizmo", ""),
        ("", ""),
    ],
)
def test_kinds(type_: str, kind: str) -> None:
    assert kind_of(fold(type_)) == kind


def test_a_record_with_nothing_is_prepared_as_unknown() -> None:
    ready = prepare(record("x:0"))
    assert (ready.title, ready.year, ready.doi, ready.kind, ready.registry) == (
        "", None, "", "", frozenset(),
    )  # fmt: skip


def test_the_year_9999_is_no_year() -> None:
    assert prepare(record("x:0", year=9999)).year is None


def test_a_registration_is_known_by_its_number() -> None:
    ready = prepare(record("x:0", title="Talc in lupus", journal="NCT01234567"))
    assert (ready.kind, ready.registry) == ("registration", {"NCT01234567"})
