"""Exports of trial registers, in invented records as the registers lay them out."""

from __future__ import annotations

import pytest

from tamis.formats import read_citations

NOW = (
    "NCT Number,Study Title,Study URL,Acronym,Study Status,Brief Summary,Study Results,Conditions,"
    "Interventions,Sponsor,Enrollment,Study Type,Start Date,First Posted,Locations\n"
    'NCT01234567,"Talc for Itch",https://clinicaltrials.gov/study/NCT01234567,,COMPLETED,'
    '"Talc is given.\nTwice.",NO,Itch|Pain,DRUG: Talc,Maple Hospital,40,INTERVENTIONAL,2019-11,'
    "2020-01-31,\n"
)
BEFORE = (
    "Rank,NCT Number,Title,Acronym,Status,Study Results,Conditions,Interventions,Study Type,"
    "Start Date,First Posted,URL\n"
    "1,NCT01234567,Talc for Itch,,Completed,No Results Available,Itch|Pain,Drug: Talc,"
    'Interventional,"November 2019","January 31, 2020",https://clinicaltrials.gov/show/NCT01234567\n'
)
PORTAL = (
    "TrialID,Last Refreshed on,Public title,Scientific title,Primary sponsor,Date registration,"
    "Source Register,web address,Recruitment Status,Condition,Intervention\n"
    "NCT01234567,3 May 2024,Talc for Itch,A trial of talc,Maple Hospital,31/01/2020,"
    "ClinicalTrials.gov,https://clinicaltrials.gov/study/NCT01234567,Completed,Itch;Pain,Talc\n"
)
XML = """<?xml version="1.0" encoding="UTF-8"?>
<Trials_downloaded_from_ICTRP>
  <Trial><Export_date>05/03/2024</Export_date>
    <Internal_Number>1
    </Internal_Number>
    <TrialID>NCT01234567
    </TrialID>
    <Public_title>Talc for Itch
    </Public_title>
    <Scientific_title>A trial of talc &amp; more
    </Scientific_title>
    <Acronym/>
    <Primary_sponsor>Maple Hospital
    </Primary_sponsor>
    <Date_registration3>20200131
    </Date_registration3>
    <web_address>https://clinicaltrials.gov/study/NCT01234567
    </web_address>
    <Condition>Itch;Pain
    </Condition>
  </Trial>
</Trials_downloaded_from_ICTRP>
"""


@pytest.mark.parametrize(
    ("text", "fmt", "database"),
    [
        (NOW, "csv", "ClinicalTrials.gov"),
        (BEFORE, "csv", "ClinicalTrials.gov"),
        (PORTAL, "csv", "WHO ICTRP"),
        (PORTAL.replace("Public title", "Public_title").replace("web a", "web_a"), "csv",
         "WHO ICTRP"),
        (XML, "ictrp-xml", "WHO ICTRP"),
    ],
    ids=["now", "before", "portal", "underscores", "xml"],
)  # fmt: skip
@pytest.mark.parametrize("change", ["", "\ufeff", "\r\n"])
def test_a_register_is_told_and_read(text: str, fmt: str, database: str, change: str) -> None:
    text = text.replace("\n", "\r\n") if change == "\r\n" else change + text
    parsed = read_citations(text.encode(), name="a")
    (one,) = parsed.records
    assert (parsed.format, parsed.database, parsed.refused) == (fmt, database, ())
    assert (one.source_id, one.title, one.type) == ("NCT01234567", "Talc for Itch", "registration")
    assert (one.year, one.keywords, one.authors) == (2020, ("Itch", "Pain"), ())
    assert len(one.urls) == 1
    if text.lstrip("\ufeff").startswith("NCT"):
        assert one.abstract.startswith("Talc is given.")
        assert ("Sponsor", "Maple Hospital") in one.raw


def test_a_trial_without_a_public_title_has_its_scientific_one() -> None:
    text = XML.replace("<Public_title>Talc for Itch\n    </Public_title>", "<Public_title/>")
    assert read_citations(text.encode(), name="a").records[0].title == "A trial of talc & more"


def test_a_cut_export_of_trials_is_said() -> None:
    parsed = read_citations(XML[: XML.rindex("</Trials")].encode(), name="a")
    assert [mended.code for mended in parsed.repaired] == ["unclosed-file"]


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (
            "题名,作者,刊名,年,卷,期,页码,摘要,关键词",
            "滑石粉止痒,王明;李华,皮肤杂志,2020,3,2,11-19,方法,滑石粉;瘙痒",
        ),
        (
            "SrcDatabase-来源库,Title-题名,Author-作者,Source-文献来源,Year-年,Volume-卷,"
            "Period-期,PageCount-页码,Summary-摘要,Keyword-关键词",
            "期刊,滑石粉止痒,王明;李华,皮肤杂志,2020,3,2,11-19,方法,滑石粉;瘙痒",
        ),
    ],
    ids=["chinese", "cnki"],
)
def test_a_table_with_a_chinese_header_is_read(header: str, cells: str) -> None:
    (one,) = read_citations(f"{header}\n{cells}\n".encode(), name="a.csv").records
    assert (one.title, one.authors, one.journal) == ("滑石粉止痒", ("王明", "李华"), "皮肤杂志")
    assert (one.year, one.volume, one.issue, one.pages) == (2020, "3", "2", "11-19")
    assert (one.abstract, one.keywords) == ("方法", ("滑石粉", "瘙痒"))
