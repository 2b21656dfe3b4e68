"""Every row of the two tables, by a pair it decides and by that pair without its ground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from tests.dedupe.making import TRIAL, record, trial

from tamis.dedupe import RULES, VETOES, DedupeSettings, deduplicate
from tamis.dedupe.engine import decide
from tamis.dedupe.prepare import prepare
from tamis.dedupe.rules import EXACT_COPY, STRENGTH

LINKS = DedupeSettings()
COPIES = DedupeSettings(policy="versions-are-duplicates")


@dataclass(frozen=True, kw_only=True)
class Case:
    """What two records say, and what decides them; ``unless`` takes the ground away."""

    row: str
    a: dict[str, Any]
    b: dict[str, Any]
    unless: dict[str, Any]
    settings: DedupeSettings = LINKS


BARE = {"title": TRIAL["title"], "type": ""}
NO_PLACE = {"volume": "", "issue": "", "pages": ""}
GERMAN = "Talkumsuspension gegen Jod beim malignen Pleuraerguss"
LONG = "An invented abstract in which nothing was measured twice and all was told once. " * 5
LONG_GERMAN = "[Pleurodese beim malignen Erguss mit Talkum oder mit Jod im Vergleich]"

RULE_CASES = (
    Case(row="same-pmid", a={**BARE, "pmid": "111"}, b={**BARE, "pmid": "0111"},
         unless={"title": "Gene therapy of mice that do not exist"}),
    Case(row="same-accession",
         a={**BARE, "database": "Scopus", "source_id": "2-s2.0-85012345"},
         b={**BARE, "database": "Scopus", "source_id": "2-s2.0-85012345"},
         unless={"database": "EBSCOhost"}),
    Case(row="same-registration",
         a={"title": "Talc in lupus", "journal": "NCT01234567", "type": "registration"},
         b={"title": "Talc for lupus nephritis", "source_id": "NCT01234567",
            "type": "trial registry record"},
         unless={"source_id": "NCT07654321"}),
    Case(row="same-doi-and-title", a={**BARE, "doi": "10.1000/one"},
         b={**BARE, "title": TRIAL["title"].upper() + ".", "doi": "https://doi.org/10.1000/ONE"},
         unless={"title": "Another talk at the same meeting about something else"}),
    Case(row="same-title-and-place", a={**TRIAL}, b={**TRIAL, "journal": "", "year": 2012},
         unless={"authors": ("Zhou, T.", "Wu, W.")}),
    Case(row="misprinted-volume", a={**TRIAL}, b={**TRIAL, "volume": "1"},
         unless={"year": 2012}),
    Case(row="same-place-other-authors", a={**TRIAL}, b={**TRIAL, "authors": ("Zhou, T.",)},
         unless={"pages": "221"}),
    Case(row="same-title-author-journal", a={**TRIAL},
         b={**TRIAL, "pages": "", "issue": "", "year": 2012}, unless={"year": 2014}),
    Case(row="same-title-author-volume", a={**TRIAL, "journal": ""},
         b={**TRIAL, "pages": ""}, unless={"issue": "4"}),
    Case(row="misdated-volume", a={**TRIAL, "pages": ""}, b={**TRIAL, "year": 2009},
         unless={"issue": ""}),
    Case(row="translated-title", a={**TRIAL, "title": LONG_GERMAN},
         b={**TRIAL, "title": "Pleurodesis for malignant effusions, talc against iodine"},
         unless={"pages": "221"}),
    Case(row="same-page-range", a={**TRIAL, "title": GERMAN}, b={**TRIAL},
         unless={"issue": "4"}),
    Case(row="same-place-and-abstract",
         a={**TRIAL, "title": "Talc slurry", "abstract": "We gave talc. " * 40},
         b={**TRIAL, "title": "Talc slurry works well", "abstract": "We gave talc. " * 40,
            "pages": "221"},
         unless={"abstract": "We gave iodine to mice instead. " * 40}),
    Case(row="shortened-title", a={**TRIAL, "pages": "", "title": "Award paper - " + GERMAN},
         b={**TRIAL, "title": GERMAN}, unless={"issue": "4"}),
    Case(row="same-column", a={**TRIAL, "title": "Editor's comments", "pages": ""},
         b={**TRIAL, "title": "Editor's comments"}, unless={"issue": "4"}),
    Case(row="unsigned-collection",
         a={**TRIAL, "title": "Talc of the heart: posters of 2011", "authors": (), "pages": "",
            "abstract": "A" * 70},
         b={**TRIAL, "title": "Talc of the heart: posters of 2011", "authors": ("Anonymous",),
            "pages": "", "abstract": "A" * 70},
         unless={"abstract": "B" * 70}),
    Case(row="untitled-copy", a={**TRIAL, "title": "", "pages": "221"}, b={**TRIAL},
         unless={"year": None}),
    Case(row="sparse-record", a={**BARE, "journal": "Inventors' congress"},
         b={**BARE, "journal": "Inventors' Congress"}, unless={"journal": "Another place"}),
    Case(row="version",
         a={**TRIAL, **NO_PLACE, "type": "conference abstract", "journal": "Congress"},
         b={**TRIAL}, unless={"type": "conference abstract"}, settings=COPIES),
    Case(row="other-pages", a={**TRIAL}, b={**TRIAL, "pages": "1-9"}, unless={"year": 2014}),
    Case(row="title-and-author", a={**BARE, "year": 2011, "authors": TRIAL["authors"]},
         b={**BARE, "year": 2011, "authors": TRIAL["authors"], "title": TRIAL["title"] + "s",
            "journal": "x"},
         unless={"year": None, "journal": ""}),
    Case(row="title-and-place", a={**TRIAL, "pages": "221"},
         b={**TRIAL, "pages": "221", "authors": ("Zhou, T.",)}, unless={"issue": "4"}),
    Case(row="title-alone", a={**BARE, "year": 2011}, b={**BARE}, unless={"title": "Talc"}),
    Case(row="same-doi", a={**BARE, "doi": "10.1000/one"},
         b={**BARE, "doi": "10.1000/one", "title": "Talc slurry or iodine, in pleural effusion that"
            " is malignant: a randomised trial"},
         unless={"doi": "10.1000/two"}),
)  # fmt: skip

VETO_CASES = (
    Case(row="other-pmid", a={**TRIAL, "pmid": "111"}, b={**TRIAL, "pmid": "222"},
         unless={"pmid": ""}),
    Case(row="other-registry-number", a={**TRIAL, "title": TRIAL["title"] + " (NCT01234567)"},
         b={**TRIAL, "title": TRIAL["title"] + " (NCT01234568)"},
         unless={"title": TRIAL["title"] + " (NCT01234567)"}),
    Case(row="other-cochrane-number", a={**TRIAL, "doi": "10.1002/14651858.cd000001"},
         b={**TRIAL, "source_id": "CD000002"}, unless={"source_id": "CD000001"}),
    Case(row="cochrane-version", a={**TRIAL, "source_id": "CD000001"},
         b={**TRIAL, "source_id": "CD000001", "year": 2012}, unless={"year": 2011}),
    Case(row="erratum-once", a={**TRIAL}, b={**TRIAL, "title": f"Erratum: {TRIAL['title']}"},
         unless={"title": TRIAL["title"]}),
    Case(row="retraction-once", a={**TRIAL}, b={**TRIAL, "title": f"Retracted: {TRIAL['title']}"},
         unless={"title": TRIAL["title"]}),
    Case(row="reply-once", a={**TRIAL}, b={**TRIAL, "title": f"Re: {TRIAL['title']}"},
         unless={"title": TRIAL["title"]}),
    Case(row="comment-once", a={**TRIAL}, b={**TRIAL, "title": f"Comment on {TRIAL['title']}"},
         unless={"title": TRIAL["title"]}),
    Case(row="protocol-once", a={**TRIAL}, b={**TRIAL, "title": TRIAL["title"] + ": protocol"},
         unless={"title": TRIAL["title"]}),
    Case(row="points-elsewhere", a={**TRIAL},
         b={**TRIAL, "title": TRIAL["title"] + " (vol 12, pg 221, 2011)", "pages": "500"},
         unless={"pages": "221"}),
    Case(row="erratum-type-once", a={**TRIAL}, b={**TRIAL, "type": "erratum", "pages": ""},
         unless={"type": ""}),
    Case(row="registration-once", a={**TRIAL, "pages": ""}, b={**TRIAL, "type": "registration"},
         unless={"type": ""}),
    Case(row="meeting-abstract-once", a={**TRIAL, "pages": ""},
         b={**TRIAL, "type": "conference abstract"}, unless={"type": ""}),
    Case(row="proceedings-once", a={**TRIAL},
         b={**TRIAL, "type": "conference paper", "journal": "Congress", "pages": ""},
         unless={"journal": TRIAL["journal"]}),
    Case(row="preprint-once", a={**TRIAL}, b={**TRIAL, **NO_PLACE, "type": "preprint",
         "journal": "InventRxiv"}, unless={"type": "", "journal": TRIAL["journal"]}),
    Case(row="thesis-once", a={**TRIAL, "pages": ""}, b={**TRIAL, "type": "thesis"},
         unless={"type": ""}),
    Case(row="other-part", a={**TRIAL, "title": TRIAL["title"] + ". Part 1"},
         b={**TRIAL, "title": TRIAL["title"] + ". Part 2"},
         unless={"title": TRIAL["title"] + ". Part I"}),
    Case(row="doi-collision", a={**TRIAL, "doi": "10.1000/one"},
         b={**TRIAL, "doi": "10.1000/one", "title": "Effects of iodine on walls", "pages": "301"},
         unless={"title": TRIAL["title"]}),
    Case(row="other-abstract", a={**TRIAL, "pages": "51", "doi": "10.1000/one", "abstract": LONG},
         b={**TRIAL, "title": "A " + TRIAL["title"], "pages": "52", "doi": "10.1000/one",
            "abstract": LONG[::-1]},
         unless={"abstract": ""}),
    Case(row="printed-again", a={**TRIAL, "doi": "10.1000/one", "abstract": LONG},
         b={**TRIAL, "doi": "10.1000/two", "volume": "13", "pages": "9-19", "year": 2012,
            "abstract": LONG},
         unless={"volume": "12", "pages": "", "doi": ""}),
    Case(row="other-doi-and-place", a={**TRIAL, "doi": "10.1000/one"},
         b={**TRIAL, "doi": "10.1000/two", "pages": "300-309"}, unless={"doi": "", "pages": ""}),
    Case(row="other-place", a={**TRIAL}, b={**TRIAL, "volume": "13", "pages": "9-12"},
         unless={"volume": "12", "pages": ""}),
    Case(row="other-journal", a={**TRIAL}, b={**TRIAL, "journal": "Lung", "pages": "9-12"},
         unless={"journal": "", "pages": ""}),
    Case(row="far-years", a={**TRIAL, "pmid": "111"}, b={**TRIAL, "pmid": "111", "year": 2016},
         unless={"year": 2012}),
    Case(row="other-doi", a={**TRIAL, "doi": "10.1000/one"}, b={**TRIAL, "doi": "10.1000/two"},
         unless={"doi": ""}),
    Case(row="other-numbers", a={**TRIAL, "title": TRIAL["title"] + " at 6 months"},
         b={**TRIAL, "title": TRIAL["title"] + " at 9 months", "pages": "", "pmid": ""},
         unless={"title": TRIAL["title"] + " at six months"}),
    Case(row="one-part", a={**TRIAL, "pages": ""},
         b={**TRIAL, "title": TRIAL["title"] + ". Part 2"}, unless={"title": TRIAL["title"]}),
)  # fmt: skip


def named(case: Case, b: dict[str, Any]) -> str:
    """Return the row that decides the case, in whichever order its records come."""
    one, other = prepare(record("x:1", **case.a)), prepare(record("x:2", **b))
    there, back = decide(one, other, case.settings), decide(other, one, case.settings)
    assert there == back
    return "" if there is None else there.rule


@pytest.mark.parametrize("case", RULE_CASES, ids=lambda case: case.row)
def test_each_rule_decides_its_case_and_not_without_its_ground(case: Case) -> None:
    assert named(case, case.b) == case.row
    assert named(case, {**case.b, **case.unless}) != case.row


@pytest.mark.parametrize("case", VETO_CASES, ids=lambda case: case.row)
def test_each_veto_holds_its_case_and_not_without_its_ground(case: Case) -> None:
    assert named(case, case.b) == case.row
    without = named(case, {**case.b, **case.unless})
    assert without != case.row
    assert without in STRENGTH, "without the veto a rule must have joined them"


def test_every_row_of_the_tables_has_its_case() -> None:
    assert [case.row for case in RULE_CASES] == [rule.name for rule in RULES]
    assert [case.row for case in VETO_CASES] == [row.name for row in VETOES]


def test_the_tables_can_be_read_aloud() -> None:
    rows = (*RULES, *VETOES)
    assert len({row.name for row in rows}) == len(rows)
    assert all(row.reads and row.case for row in rows)
    assert {rule.verdict for rule in RULES} == {"same", "unsure"}
    assert {row.verdict for row in VETOES} == {"different", "unsure"}
    assert list(STRENGTH) == [EXACT_COPY, *(rule.name for rule in RULES)]


# ---------------------------------------------------------------- cases that cost others dearly
UNLIKE = (
    ("two-editorials-of-one-year", {"title": "Editorial introduction"},
     {"title": "Editorial introduction", "issue": "4", "pages": "221-230"}),
    ("two-editorials-on-front-pages",
     {"title": "Editorial introduction", "issue": "", "pages": "5-10"},
     {"title": "Editorial introduction", "issue": "4", "pages": "5-6"}),
    ("two-editorials-of-four-pages",
     {"title": "Editorial introduction", "pages": "5-9", "authors": ("Zhou, T.",)},
     {"title": "Editorial introduction", "pages": "5-9", "issue": "4"}),
    ("case-a-and-case-b", {"title": "A maker of talc - Case A", "pages": ""},
     {"title": "A maker of talc - Case B", "pages": ""}),
    ("a-response-to-a-response", {"pages": ""},
     {"title": f"The debate goes on: a response to a response - {TRIAL['title']}", "pages": ""}),
    ("an-abstract-in-a-supplement-and-the-paper", {"issue": "Suppl 2", "pages": ""}, {}),
    ("a-journal-and-its-supplement-elsewhere", {"pages": "", "volume": ""},
     {"journal": TRIAL["journal"] + " Supplements", "pages": "", "volume": ""}),
    ("two-annual-reports", {**NO_PLACE}, {**NO_PLACE, "year": 2012}),
    ("one-citation-key", {"title": "Talc A in effusions of adults", "database": "Zotero",
                          "source_id": "lee2011talc", "pages": ""},
     {"title": "Talc B in effusions of adults", "database": "Zotero",
      "source_id": "lee2011talc", "pages": "", "issue": "4"}),
    ("chinese-sequels", {"title": "滑石粉治疗恶性胸腔积液的临床研究(一)", "pages": ""},
     {"title": "滑石粉治疗恶性胸腔积液的临床研究(二)", "pages": ""}),
    ("letters-under-one-title", {"pages": "221", "authors": ("Zhou, T.",)},
     {"pages": "221-2", "authors": ("Wu, W.",)}),
    ("one-guideline-in-two-journals", {}, {"journal": "Lung", "volume": "99", "pages": "1-9"}),
    ("the-sequel", {"title": TRIAL["title"] + " (I)", "pages": "17-24"},
     {"title": TRIAL["title"] + " (II)", "pages": "13-17", "issue": "4"}),
    ("a-journal-s-number-for-an-accession",
     {"title": "Talc for malignant pleural effusion", "database": "CNKI", "source_id": "43-12/Q",
      "authors": ("Li, R.",), "pages": "1"},
     {"title": "Iodine for malignant pleural effusion", "database": "CNKI",
      "source_id": "43-12/Q", "authors": ("Wu, W.",), "pages": "9"}),
    ("two-editions-page-by-page", {"doi": "10.1000/one"}, {"doi": "10.1000/two"}),
    ("two-translated-notes-on-one-page", {"title": "[The crisis of talc]", "pages": "7"},
     {"title": "[Iodine and its future]", "pages": "7"}),
    ("empty-titles", {"title": "", "authors": ()}, {"title": "", "authors": ()}),
)  # fmt: skip


ALIKE = (
    ("a-mistyped-doi", {"doi": "10.1000/2021.16353", "abstract": LONG},
     {"doi": "10.1000/2021.16352", "abstract": LONG}),
    ("a-doi-of-another-journal", {"doi": "10.1000/one", "pages": "e24", "abstract": LONG},
     {"doi": "10.1000/two", "pages": "e24", "volume": "1", "abstract": LONG}),
    ("a-year-for-a-volume-a-month-for-an-issue",
     {"title": "On how a quiet engineer learned to lead others", "volume": "2011",
      "issue": "March", "pages": ""},
     {"title": "How did it ... On how a quiet engineer learned to lead others", "pages": "35"}),
    ("a-column-behind-a-dash", {"title": "The all-seeing employer of pleural talc - [careers]"},
     {"title": "The all-seeing employer of pleural talc"}),
    ("a-sign-spelled-out", {"title": "Talc ... and iodine", "doi": "10.1000/one"},
     {"title": "Talc horizontal ellipsis and iodine", "doi": "10.1000/one"}),
    ("proceedings-with-year-and-acronym",
     {"journal": "Symposium on Usable Talc, SOUTA", **NO_PLACE},
     {"journal": "Proceedings of the Sixteenth Symposium on Usable Talc (SOUTA)", **NO_PLACE}),
    ("a-journal-in-two-languages", {"journal": "Transactions of Talc", "pages": ""},
     {"journal": "Jinko Chino Ronbunshi", "pages": "9"}),
    ("a-journal-and-its-supplement",
     {"journal": "Pleura. Conference: 15th Pleural Days", "pages": "", "abstract": LONG},
     {"journal": "Pleura Supplements", "issue": "S3", "abstract": LONG}),
)  # fmt: skip


@pytest.mark.parametrize(("name", "a", "b"), ALIKE, ids=[row[0] for row in ALIKE])
def test_copies_that_a_source_disfigured_are_found(
    name: str, a: dict[str, Any], b: dict[str, Any]
) -> None:
    found = decide(prepare(trial("x:1", **a)), prepare(trial("x:2", **b)), LINKS)
    assert found is not None, name
    assert found.decision == "same", name


def test_an_edition_in_another_language_stays_a_question() -> None:
    spanish = {"doi": "10.1000/j.arch.2020.017", "abstract": LONG}
    english = {"doi": "10.1000/j.archeng.2020.012", "abstract": LONG}
    pair = prepare(trial("x:1", **spanish)), prepare(trial("x:2", **english))
    found = decide(*pair, LINKS)
    assert found is not None
    assert (found.decision, found.rule) == ("unsure", "other-doi")
    assert getattr(decide(*pair, COPIES), "decision", "") == "same"


def test_a_second_printing_and_a_neighbour_are_versions() -> None:
    again = trial("x:1", abstract=LONG), trial("x:2", volume="13", pages="9-19", abstract=LONG)
    title = {"title": "A " + TRIAL["title"]}
    beside = trial("x:1", pages="51"), trial("x:2", pages="52", **title)
    for one, other in (again, beside):
        found = decide(prepare(one), prepare(other), COPIES)
        assert found is not None
        assert (found.decision, found.rule) == ("same", "version")


@pytest.mark.parametrize(("name", "a", "b"), UNLIKE, ids=[row[0] for row in UNLIKE])
def test_look_alikes_are_not_called_the_same(
    name: str, a: dict[str, Any], b: dict[str, Any]
) -> None:
    found = decide(prepare(trial("x:1", **a)), prepare(trial("x:2", **b)), LINKS)
    assert found is None or found.decision != "same", name


def test_missing_fields_never_speak_against_a_pair() -> None:
    whole = prepare(trial("x:1", doi="10.1000/one", pmid="111"))
    for field in TRIAL:
        empty: Any = () if field == "authors" else None if field == "year" else ""
        part = prepare(trial("x:2", doi="10.1000/one", pmid="111", **{field: empty}))
        found = decide(whole, part, LINKS)
        assert found is not None, field
        assert found.decision == "same", field


def test_records_of_nothing_are_not_duplicates_of_each_other() -> None:
    assert decide(prepare(record("x:1")), prepare(record("x:2")), LINKS) is None


def test_one_doi_one_place_and_one_group_under_another_title_are_for_a_person() -> None:
    one = trial("x:1", doi="10.1000/one", title="Verhaltenssucht: eine eigene Diagnose")
    other = trial("x:2", doi="10.1000/one", title="Behavioural addiction", pages="221-+")
    (pair,) = deduplicate([one, other]).pairs
    assert (pair.decision, pair.rule) == ("unsure", "same-doi")


def test_a_sign_that_a_database_spells_out_is_no_other_number() -> None:
    title = "Deaths attributed to PM2{}5 from fires in many countries and years"
    records = [
        trial(f"x:{n}", title=title.format(sign), doi="10.1000/one")
        for n, sign in enumerate((".", "·", "<middle dot>"))
    ]
    assert {pair.decision for pair in deduplicate(records).pairs} == {"same"}
