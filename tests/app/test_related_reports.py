"""What records state of other reports: links, and notices of included studies."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.app.judgement.stated_notices import stated_notices
from tamis.app.judgement.trust import trust_findings
from tamis.app.related_reports import links_in, merged_doubts, related_in
from tamis.app.stated_relations import TYPES, statements_of
from tamis.domain.decisions import Note
from tamis.domain.records import Cluster, Record, Report, Study
from tamis.domain.results import Finding
from tamis.domain.values import Extraction
from tamis.formats import read_citations

AT = "MedlineCitation/CommentsCorrectionsList/CommentsCorrections"

XML = b"""<?xml version="1.0"?>
<PubmedArticleSet>
<PubmedArticle><MedlineCitation><PMID Version="1">11</PMID>
<Article><ArticleTitle>Talc for itch</ArticleTitle></Article>
<CommentsCorrectionsList>
<CommentsCorrections RefType="Cites"><RefSource>J Ref. 1999</RefSource><PMID>77</PMID>
</CommentsCorrections>
<CommentsCorrections RefType="ErratumIn"><RefSource>J Talc. 2021;2:9. doi: 10.1000/e12.</RefSource>
<PMID Version="1">12</PMID></CommentsCorrections>
<CommentsCorrections RefType="CommentIn"><RefSource>J Talc. 2021;3:1</RefSource>
<PMID Version="1">13</PMID>
</CommentsCorrections></CommentsCorrectionsList>
</MedlineCitation></PubmedArticle>
<PubmedArticle><MedlineCitation><PMID Version="1">12</PMID>
<Article><ArticleTitle>A wholly different title</ArticleTitle></Article>
</MedlineCitation></PubmedArticle>
</PubmedArticleSet>
"""

NBIB = b"""
PMID- 12
TI  - A wholly different title
EFR - J Talc. 2020;1:1. doi: 10.1000/t11. PMID:
      11

PMID- 11
TI  - Talc for itch
AID - 10.1000/t11 [doi]
"""


def read(data: bytes, name: str) -> dict[str, Record]:
    return {r.id: r for r in read_citations(data, name=name).records}


def test_relations_of_pubmed_xml_are_read_with_number_and_words() -> None:
    first, second = statements_of(read(XML, "a.xml").values())
    assert (first.kind, first.is_one, first.pmid, first.doi) == (
        "erratum", False, "12", "10.1000/e12",
    )  # fmt: skip
    assert (second.kind, second.pmid) == ("comment", "13")
    assert first.words == "ErratumIn: J Talc. 2021;2:9. doi: 10.1000/e12."


@pytest.mark.parametrize(("data", "name"), [(XML, "a.xml"), (NBIB, "a.nbib")])
def test_an_erratum_with_another_title_is_linked_because_it_is_stated(
    data: bytes, name: str
) -> None:
    records = read(data, name)
    clusters = [Cluster(records=(n,)) for n in records]
    (link,) = related_in(records.values(), [], [], clusters)
    assert (link.kind, link.directed) == ("erratum", True)
    assert records[link.one].title == "A wholly different title"
    assert records[link.other].title == "Talc for itch"


def test_a_preprint_and_its_article_are_named_so_from_either_side() -> None:
    preprint = Record(id="x:1", raw=(("UIN", "Nat Talc. 2020. PMID: 2"),), pmid="1",
                      type="preprint")  # fmt: skip
    article = Record(id="x:2", raw=(("UOF", "medRxiv. 2019. PMID: 1"),), pmid="2")
    (link,) = links_in([preprint, article], [])
    assert (link.kind, link.one, len(link.said)) == ("preprint-article", "x:1", 2)
    review = Record(id="x:1", raw=(("UIN", "Cochrane. 2020. PMID: 2"),), pmid="1")
    (link,) = links_in([review, Record(id="x:2", raw=(), pmid="2")], [])
    assert (link.kind, link.one) == ("version", "x:2")


@given(
    st.lists(st.tuples(st.sampled_from([*TYPES, f"{AT}@RefType=ErratumIn", f"{AT}/PMID", "TI"]),
                       st.text(max_size=30)), max_size=12)
)  # fmt: skip
def test_whatever_stands_in_a_record_gives_statements_or_none(raw: list[tuple[str, str]]) -> None:
    for one in statements_of([Record(id="x:0", raw=tuple(raw))]):
        assert one.record == "x:0"
        assert not one.pmid or one.pmid.strip()


def test_two_records_of_one_report_that_state_otherwise_are_a_warning() -> None:
    records = read(XML, "a.xml")
    apart = [Cluster(records=(n,)) for n in records]
    assert merged_doubts(related_in(records.values(), [], [], apart)) == ()
    (doubt,) = merged_doubts(related_in(records.values(), [], [], [Cluster(records=(*records,))]))
    assert (doubt.rule, doubt.severity, len(doubt.because)) == ("related-merged", "warning", 2)
    assert doubt.message.endswith("one is said to be the correction of the other")


# ----------------------------------------------------------------------- included studies
STUDY = Study(id="talc", label="Talc", design="randomised",
              reports=(Report(id="talc-main", study="talc", records=("x:1",)),))  # fmt: skip


def asked(raw: tuple[tuple[str, str], ...], *others: Record) -> tuple[Finding, ...]:
    records = {"x:1": Record(id="x:1", raw=raw, pmid="11", title="Talc"),
               **{r.id: r for r in others}}  # fmt: skip
    return trust_findings(records, [STUDY], Extraction(), [])


def notices(found: tuple[Finding, ...]) -> list[tuple[str, str]]:
    return [(f.rule, f.severity) for f in found if f.rule.startswith("notice.")]


@pytest.mark.parametrize(
    ("name", "rule", "severity"),
    [
        ("RetractionIn", "notice.retracted", "error"),
        ("RetractedandRepublishedIn", "notice.retracted", "error"),
        ("PartialRetractionIn", "notice.partly-retracted", "warning"),
        ("ExpressionOfConcernIn", "notice.concern", "warning"),
        ("ErratumIn", "notice.corrected", "note"),
        ("CorrectedandRepublishedIn", "notice.republished", "note"),
    ],
)
def test_a_notice_that_pubmed_xml_states_of_an_included_study_is_found(
    name: str, rule: str, severity: str
) -> None:
    found = asked(((f"{AT}@RefType={name}", ""), (f"{AT}/RefSource", "J Talc. 2021;2:9")))
    assert notices(found) == [(rule, severity)]
    assert next(f for f in found if f.rule == rule).got == f"{name}: J Talc. 2021;2:9"


def test_a_notice_among_the_imports_names_the_study_by_its_number() -> None:
    notice = Record(id="x:2", raw=((f"{AT}@RefType=RetractionOf", ""), (f"{AT}/PMID", "11")))
    (found,) = [f for f in asked((), notice) if f.rule == "notice.retracted"]
    assert found.because == ("x:2",)


@pytest.mark.parametrize("tag", ["RIN", "RRI", "PRIN", "ECI", "EIN", "CRI"])
def test_what_the_tags_of_the_text_format_tell_is_told_once(tag: str) -> None:
    assert len(notices(asked(((tag, "J Talc. 2021;2:9. PMID: 99"),)))) == 1


def test_comments_and_reviews_of_others_are_no_notice() -> None:
    assert notices(asked(((f"{AT}@RefType=CommentIn", ""), (f"{AT}/PMID", "13")))) == []
    assert stated_notices({}, [STUDY], []) == ()


def test_a_person_answers_a_stated_notice() -> None:
    raw = ((f"{AT}@RefType=RetractionIn", ""),)
    note = Note(
        topic="finding", subject="talc", by="p-a", at="2026-01-01T00:00:00.000Z", event="e/1",
        fields=(("rule", "notice.retracted"), ("answer", "explained"), ("reason", "another")),
    )  # fmt: skip
    found = trust_findings({"x:1": Record(id="x:1", raw=raw)}, [STUDY], Extraction(), [note])
    assert [f.severity for f in found if f.rule == "notice.retracted"] == ["note"]


@pytest.mark.needs("bench")
def test_real_pubmed_files_state_comments_errata_and_updates(bench: Path) -> None:
    kinds = set()
    for path in sorted((bench / "formats").glob("pubmed*/*")):
        if path.suffix in (".xml", ".nbib", ".txt", ".ris") and path.stat().st_size < 2_000_000:
            records = read_citations(path.read_bytes(), name=path.name).records
            kinds |= {one.kind for one in statements_of(records)}
    assert {"comment", "erratum"} <= kinds
