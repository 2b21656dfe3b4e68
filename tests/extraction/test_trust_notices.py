"""Retractions, concerns and corrections, as each database was seen to write them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.extraction.trust_facts import ask, fact, rules, study

from tamis.domain.records import Record
from tamis.extraction.trust_notices import (
    TAGS_ON_ARTICLE,
    TAGS_ON_NOTICE,
    TITLES_ON_ARTICLE,
    TITLES_ON_NOTICE,
    marks_of,
    notice_of,
)
from tamis.formats import read_citations

ODDITIES = Path(__file__).parents[1] / "oddities"

#: File -> the notices that its first record, linked to a study, must be found to have.
FILES = {
    "nbib-retracted.nbib": {"retracted"},
    "nbib-retraction-notice.nbib": {"retracted"},
    "nbib-concern.nbib": {"concern"},
    "nbib-erratum.nbib": {"corrected"},
    "nbib-partial-retraction.nbib": {"partly-retracted"},
    "nbib-republished.nbib": {"corrected", "republished"},
    "ris-scopus-retracted.ris": {"retracted"},
    "ris-scopus-notice.ris": {"retracted"},
    "ris-wos-retracted.ris": {"retracted"},
    "ris-springer-retracted.ris": {"retracted"},
    "ris-withdrawn.ris": {"withdrawn"},
    "ris-embase-retracted.ris": {"retracted"},
    "ris-ovid-erratum.ris": {"corrected"},
    "ris-zotero-concern.ris": {"concern"},
    "ris-cnki-retraction.ris": {"retracted"},
    "csv-openalex-retracted.csv": {"retracted"},
    "ris-retraction-word.ris": set(),
}


@pytest.mark.parametrize("name", FILES)
def test_each_database_is_understood(name: str) -> None:
    records = read_citations((ODDITIES / name).read_bytes(), name=name).records
    found = ask(studies=[study("one", records[0])], records=records)
    assert {f.rule.removeprefix("notice.") for f in found} == FILES[name]
    assert {f.subject for f in found} <= {"one"}
    for finding in found:
        assert finding.because
        assert set(finding.because) <= {r.id for r in records}


def record(title: str, *raw: tuple[str, str], **more: str) -> Record:
    return Record(id="9f3c12ab9f3c:0", raw=raw, title=title, **more)  # type: ignore[arg-type]


LONG = "Sieved cells against whole cells in sixteen invented people"

NOTICES = [
    ("retracted", f"Retraction: {LONG}"),
    ("retracted", f"Retraction Note to: {LONG}"),
    ("retracted", f"Notice of Retraction: {LONG}"),
    ("retracted", f"Statement of Retraction: {LONG}"),
    ("retracted", f"RETRACTION NOTICE to “{LONG}”"),
    ("retracted", f"Retraction for Amsel et al., {LONG}: a trial"),
    ("retracted", "撤稿声明:筛选细胞"),
    ("partly-retracted", f"Partial retraction: {LONG}"),
    ("concern", f"Expression of Concern: {LONG}"),
    ("concern", f"Editorial Expression of Concern on {LONG}"),
    ("corrected", f"Author Correction: {LONG}"),
    ("corrected", f"Correction to: {LONG}"),
    ("corrected", f"Publisher's Correction: {LONG}"),
    ("corrected", f"Corrigendum to “{LONG}”"),
    ("corrected", f"Erratum: {LONG}"),
    ("corrected", "更正:筛选细胞"),
]


@pytest.mark.parametrize(("kind", "title"), NOTICES)
def test_a_notice_is_no_article_and_says_what_it_is(kind: str, title: str) -> None:
    found = notice_of(record(title))
    assert found is not None
    assert found.kind == kind
    assert marks_of(record(title)) == ()


ARTICLES = [
    ("retracted", f"RETRACTED: {LONG}"),
    ("retracted", f"Retracted article: {LONG}"),
    ("retracted", f"[Retracted] {LONG}"),
    ("retracted", f"{LONG} (Retracted article. See vol. 4, pg. 2, 2020)"),
    ("retracted", f"{LONG} [RETRACTED]"),
    ("retracted", "筛选细胞(已撤稿)"),
    ("withdrawn", f"WITHDRAWN: {LONG}"),
    ("withdrawn", f"TEMPORARY REMOVAL: {LONG}"),
    ("corrected", f"{LONG} [corrected]."),
]


@pytest.mark.parametrize(("kind", "title"), ARTICLES)
def test_an_article_says_of_itself_that_it_was_taken_back(kind: str, title: str) -> None:
    assert {mark.kind for mark in marks_of(record(title))} == {kind}
    assert notice_of(record(title)) is None


@pytest.mark.parametrize(
    "title",
    [
        "Retraction of the lung after surgery",
        "Retracted-tongue position and sleep",
        "The effect of retracted lips (retracted or not) on smiling",
        "Correction of acidosis in uraemia",
        "Corrected QT interval in twelve people",
        "A drug that was withdrawn: what happened next",
        "Errata in anatomy: a history",
        "Concerns about expression of genes",
        "Withdrawn children and their parents",
    ],
)
def test_plain_words_are_no_notice(title: str) -> None:
    assert marks_of(record(title)) == ()
    assert notice_of(record(title)) is None


def test_lists_of_references_are_not_asked() -> None:
    cited = record(LONG, ("CR", "RETRACTED: another paper"), ("AB", "Erratum in: a pump"),
                   ("References", "Retraction in J Other"))  # fmt: skip
    assert marks_of(cited) == ()


def test_a_notice_is_found_by_number_doi_or_whole_title() -> None:
    paper = Record(id="9f3c12ab9f3c:0", raw=(), title=LONG, doi="10.1000/a", pmid="11")
    other = Record(id="9f3c12ab9f3c:1", raw=(), title="Sieved cells", doi="10.1000/b", pmid="12")
    by_title = Record(id="9f3c12ab9f3c:2", raw=(), title=f"Erratum: {LONG.upper()}!")
    by_pmid = Record(id="9f3c12ab9f3c:3", raw=(("ROF", "J. PMID: 11"),), title="Retraction")
    stranger = Record(id="9f3c12ab9f3c:4", raw=(), title="Erratum: Whole cells in seventeen people")
    records = [paper, other, by_title, by_pmid, stranger]
    found = ask(studies=[study("one", paper), study("two", other)], records=records)
    assert [(f.rule, f.subject, f.because) for f in found] == [
        ("notice.retracted", "one", (by_pmid.id,)),
        ("notice.corrected", "one", (by_title.id,)),
    ]
    assert by_title.title in found[1].message, "words of the record stand verbatim, in quotes"


def test_a_short_title_is_no_proof() -> None:
    paper = Record(id="9f3c12ab9f3c:0", raw=(), title="A drug")
    notice = Record(id="9f3c12ab9f3c:1", raw=(), title="Erratum: A drug for another disease")
    assert ask(studies=[study("one", paper)], records=[paper, notice]) == ()


def test_a_notice_that_a_person_looked_up_counts_with_its_status() -> None:
    (found,) = ask(fact("one", "retraction", "retracted in 2021", status="unverified"))
    assert (found.rule, found.severity) == ("notice.retracted", "error")
    assert "“retracted in 2021” (unverified)" in found.message


def test_published_reviews_are_not_asked_about() -> None:
    paper = record(f"RETRACTED: {LONG}")
    assert rules(studies=[study("one", paper, role="published-review")], records=[paper]) == []


def test_the_tables_have_no_row_twice() -> None:
    assert not TAGS_ON_ARTICLE.keys() & TAGS_ON_NOTICE.keys()
    for patterns in (TITLES_ON_ARTICLE, TITLES_ON_NOTICE):
        assert len({pattern.pattern for _, pattern in patterns}) == len(patterns)


@given(st.text(max_size=60))
def test_any_title_is_read_and_a_notice_never_marks_itself(title: str) -> None:
    found = record(title, ("TI", title), ("N1", title), ("PT", title), ("RIN", title))
    if notice_of(found) is None:
        assert {mark.kind for mark in marks_of(found)} >= {"retracted"}
    else:
        assert marks_of(found) == ()
