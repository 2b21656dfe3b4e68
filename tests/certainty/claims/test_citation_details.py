"""Rule 11 on year, volume, pages and authors; and that nothing is said of what nobody knows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certainty.claims.invented_trials import RECORDS, review

from tamis.certainty.claims import ClaimEvidence, check_text
from tamis.certainty.claims.bibliography import first_author, pages_agree, places_in, years_of
from tamis.certainty.claims.surnames import families, names_agree
from tamis.certainty.claims.works import journals_agree

EVIDENCE = review()


def messages(text: str, evidence: ClaimEvidence = EVIDENCE) -> list[str]:
    done = check_text(text, name="a text", evidence=evidence)
    return [f.message for f in done.findings if f.rule == "citation-differs"]


def without(**fields: object) -> ClaimEvidence:
    """Return the evidence with fields of every record blanked."""
    blanked = {r.id: replace(r, **fields) for r in RECORDS}  # type: ignore[arg-type]
    return replace(EVIDENCE, records=blanked)


@pytest.mark.parametrize(
    ("named", "known", "agree"),
    [
        ("1457-65", "1457-1465", True), ("1457–1465", "1457-65", True), ("1457", "1457-65", True),
        ("S12-9", "S12-S19", True), ("1457-66", "1457-65", False), ("12-9", "112-119", False),
        ("e0123456", "0123456", True), ("103324", "103325", False), ("1-9", "103324", None),
        ("in press", "1-9", None),
    ],
)  # fmt: skip
def test_pages(named: str, known: str, agree: bool | None) -> None:
    assert pages_agree(named, known) is agree


@pytest.mark.parametrize(
    ("entry", "author", "year", "volume", "pages"),
    [
        ("Ash AB, Birch C. A title. J Pain. 2017;76(8):1457-65.", "Ash", 2017, "76", "1457-65"),
        ("Ash, A. B., & Birch, C. (2017). A title. J Pain, 76(8), 1457–1465.", "Ash", 2017, "76",
         "1457–1465"),
        ("[1] ASH A B, BIRCH C. A title[J]. J Pain, 2017, 76(8): 1457-1465.", "ASH", 2017, "76",
         "1457-1465"),
        ("[2] 李小明, 王芳. 题目[J]. 中华杂志, 2017, 76(8): 1457-1465.", "李小明", 2017, "76",
         "1457-1465"),
        ("van Ash A, et al. A title of 1999. J Pain 2017;76:e12. Accessed 2 May 2023.", "van Ash",
         2017, "76", "e12"),
        ("A title without authors. J Pain 2017.", "", 2017, "", ""),
    ],
)  # fmt: skip
def test_styles(entry: str, author: str, year: int, volume: str, pages: str) -> None:
    assert first_author(entry) == author
    assert years_of(entry) == (year,)
    places = places_in(entry)
    assert [(p.volume, p.pages) for p in places] == ([(volume, pages)] if volume else [])


def test_names() -> None:
    assert names_agree(families("Müller K"), families("Mueller, Karl"))
    assert names_agree(families("García López, M."), families("García M"))
    assert names_agree(families("邓小明"), families("Deng, X."))
    assert not names_agree(families("邓小明"), families("Wang, X."))
    assert not families("龘小明")


def test_journals_and_their_abbreviations() -> None:
    assert journals_agree("N Engl J Med", "The New England Journal of Medicine")
    assert journals_agree("JAMA", "Journal of the American Medical Association")
    assert journals_agree("AIM", "Annals of Invented Medicine")
    assert not journals_agree("J Rheumatol", "Journal of Rehabilitation")


def test_where_our_sources_disagree_both_are_printed_and_either_is_right() -> None:
    assert not messages("Lindqvist et al. (2015) randomised 80 patients.")
    assert not messages("Lindqvist et al. (2016) randomised 80 patients.")
    (said,) = messages("Lindqvist et al. (2017) randomised 80 patients.")
    assert "2016 or 2015" in said


def test_what_no_record_says_is_never_a_finding() -> None:
    entry = (
        "References\nOkafor C. A pragmatic trial of tolmarin for adults with Hask syndrome."
        " Ann Invent Med. 2019;99:1-2."
    )
    assert len(messages(entry)) == 2
    assert not messages(entry, without(volume="", pages=""))
    assert not messages(entry.replace("Okafor C", "Brandt K").replace("99:1-2", "45:1457"),
                        without(authors=()))  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "Okafor et al. (2003) described the syndrome.",
        "Okafor et al. (2012) described something else.",
        "Nobody et al. (2019) described the syndrome.",
        "Data up to Spring 2019 were used.",
        "Okafor 2019: 24 of 30.",
        "Between 2010 and 2012 Okafor 2019 enrolled people; it was published online in 2018.",
    ],
)
def test_what_may_be_another_work_is_no_finding(text: str) -> None:
    assert not messages(text)


def test_a_like_title_with_other_details_is_another_work() -> None:
    text = ("References\nBrandt K. A pragmatic trial of tolmarin for children with Hask syndrome."
            " Paediatric Inventions. 2021;3:11-19.")  # fmt: skip
    assert not messages(text)


def test_an_altered_title_is_found_by_author_volume_and_pages() -> None:
    text = "References\nOkafor C. Tolmarin works wonders. Ann Invent Med. 2019;45(2):1457-65."
    (said,) = messages(text)
    assert "title" in said
