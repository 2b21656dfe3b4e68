"""Which report a document is: each sign, two together, contradictions, documents about articles."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.extraction import DocumentMatch, Wanted, match_document

A = Wanted(
    key="a", title="Velorimab versus placebo for active Ostrand nephropathy: a randomised trial",
    dois=("10.5555/practice.a-2019(1)",), pmids=("99900001",), year=2019,
    first_author="Alder, Alba", names=("0123456789ab:120", "alder2019-article"),
)  # fmt: skip
B = Wanted(
    key="b", title="Quentolide in children with Ostrand nephropathy: an open-label study",
    dois=("10.5555/practice.b",), year=2017, first_author="Rowan R",
)  # fmt: skip
ZH = Wanted(
    key="zh", title="维洛单抗治疗奥斯特兰肾病的随机对照试验", year=2020, first_author="王明"
)
ALL = (A, B, ZH)
PAGE = f"Journal 2019\n{A.title}\nAlba Alder and others\n" + "Words of the abstract. " * 30
DOI = "\ndoi: https://doi.org/10.5555/PRACTICE.a-2019(1)."


def match(*pages: str, name: str = "", metadata: tuple[str, ...] = ()) -> DocumentMatch:
    return match_document(pages, ALL, file_name=name, metadata=metadata)


def test_doi_and_title_together_decide() -> None:
    found = match(PAGE + DOI)
    assert (found.outcome, found.candidates[0].key) == ("automatic", "a")
    assert len(found.candidates[0].reasons) == 2


@pytest.mark.parametrize(
    ("pages", "metadata"),
    [
        ((PAGE,), ()),
        (("Nothing here." + DOI,), ()),
        (("Nothing here.",), ("doi:10.5555/practice.b",)),
    ],
)
def test_one_sign_alone_is_proposed(pages: tuple[str, ...], metadata: tuple[str, ...]) -> None:
    assert match(*pages, metadata=metadata).outcome == "proposed"


@pytest.mark.parametrize(
    "name",
    ["0123456789ab-120.pdf", "0123456789ab:120.pdf", "10.5555_practice.a-2019(1).pdf",
     "inbox/Alder2019-Article.PDF", "alder2019-article/paper.pdf"],
)  # fmt: skip
def test_a_file_or_folder_named_after_the_report_decides(name: str) -> None:
    found = match("Some scan without text", name=name)
    assert (found.outcome, found.candidates[0].key) == ("automatic", "a")


def test_a_doi_in_the_metadata_or_on_page_two_counts_and_in_the_references_not() -> None:
    assert match(PAGE, metadata=("x 10.5555/practice.a-2019(1) y",)).outcome == "automatic"
    assert match(PAGE, DOI).outcome == "automatic"
    late = match(PAGE, "", DOI)
    assert late.outcome == "proposed"
    cited = match("Other words.\nReferences\n1. Alder." + DOI)
    assert cited.outcome == "none"


def test_doi_of_one_and_title_of_another_is_a_contradiction() -> None:
    found = match(PAGE + "\ndoi:10.5555/practice.b")
    assert found.outcome == "contradiction"
    assert {c.key for c in found.candidates} == {"a", "b"}
    assert match(PAGE, name="10.5555/practice.b.pdf").outcome == "contradiction"


@pytest.mark.parametrize("word", ["Correction to:", "Erratum", "Reply to", "Retraction", "更正："])
def test_a_document_about_the_article_never_goes_by_itself(word: str) -> None:
    found = match(PAGE.replace(A.title, f"{word} {A.title}") + DOI)
    assert found.outcome == "proposed"
    assert "about the article" in found.remarks[0]


def test_a_title_with_the_word_is_its_own() -> None:
    letter = Wanted(key="l", title="Correction of anaemia in Ostrand nephropathy: a trial",
                    dois=("10.5555/l",), year=2020)  # fmt: skip
    page = "2020 10.5555/l\nCorrection of anaemia in Ostrand nephropathy: a trial\nWords"
    assert match_document([page], [letter, A]).outcome == "automatic"


def test_two_reports_with_one_title_need_the_doi() -> None:
    twin = Wanted(key="twin", title=A.title, dois=("10.5555/twin",), year=2017)
    found = match_document([PAGE], [A, twin])
    assert found.outcome == "proposed"
    assert len(found.candidates) == 2


def test_neither_year_nor_author_is_not_enough() -> None:
    page = f"{A.title}\nSome words" + DOI.replace("2019", "2019")
    bare = Wanted(key="a", title=A.title, dois=A.dois, year=1999, first_author="Nobody")
    assert match_document([page], [bare]).outcome == "proposed"


def test_chinese_titles_are_compared_letter_by_letter() -> None:
    found = match("2020年第3期\n维洛单抗治疗奥斯特兰肾\n病的随机对照试验\n王明")
    assert (found.outcome, [c.key for c in found.candidates]) == ("proposed", ["zh"])


def test_a_pmid_is_a_candidate_only() -> None:
    found = match("PMID: 99900001 and other words")
    assert (found.outcome, found.candidates[0].key) == ("proposed", "a")


@given(st.lists(st.text(max_size=80), max_size=3), st.text(max_size=20))
def test_noise_matches_nothing_by_itself(pages: list[str], name: str) -> None:
    assert match_document(pages, ALL, file_name=name).outcome in ("none", "proposed")


def test_of_two_titles_that_fit_the_longer_one_comes_first() -> None:
    erratum = Wanted(key="z", title=f"Erratum: {A.title}")
    page = PAGE.replace(A.title, erratum.title)
    found = match_document((page,), (A, erratum), file_name="", metadata=())
    assert [one.key for one in found.candidates] == ["z", "a"]
