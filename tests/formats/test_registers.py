"""Exports of trial registers: ClinicalTrials.gov and the WHO's ICTRP; all trials are made up."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from io import StringIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.laws import check
from tests.formats.test_parts import in_parts, joined
from tests.formats.test_workbook import workbook

from tamis.dedupe.prepare import prepare
from tamis.domain.errors import BadInput
from tamis.domain.records import ParsedFile
from tamis.formats import read_citations, write_citations
from tamis.formats.report import facts_of


def columns(text: str) -> list[str]:
    return text.split(",")


CURRENT = columns(
    "NCT Number,Study Title,Study URL,Acronym,Study Status,Brief Summary,Study Results,Conditions,"
    "Interventions,Primary Outcome Measures,Secondary Outcome Measures,Other Outcome Measures,"
    "Sponsor,Collaborators,Sex,Age,Phases,Enrollment,Funder Type,Study Type,Study Design,Other IDs,"
    "Start Date,Primary Completion Date,Completion Date,First Posted,Results First Posted,"
    "Last Update Posted,Locations,Study Documents"
)
CLASSIC = columns(
    "Rank,NCT Number,Title,Acronym,Status,Study Results,Conditions,Interventions,Outcome Measures,"
    "Sponsor/Collaborators,Gender,Age,Phases,Enrollment,Funded Bys,Study Type,Study Designs,"
    "Other IDs,Start Date,Primary Completion Date,Completion Date,First Posted,"
    "Results First Posted,Last Update Posted,Locations,Study Documents,URL"
)
PORTAL = columns(
    "TrialID,Last Refreshed on,Public title,Scientific title,Acronym,Primary sponsor,"
    "Date registration,Date registration3,Export date,Source Register,web address,"
    "Recruitment Status,other records,Inclusion agemin,Inclusion agemax,Inclusion gender,"
    "Date enrollement,Target size,Study type,Study design,Phase,Countries,Contact Firstname,"
    "Contact Lastname,Contact Address,Contact Email,Contact Tel,Contact Affiliation,"
    "Inclusion Criteria,Exclusion Criteria,Condition,Intervention,Primary outcome,"
    "Secondary outcome,Secondary ID,results url link"
)

CURRENT_TRIALS: Sequence[Mapping[str, str]] = (
    {
        "NCT Number": "NCT99000001",
        "Study Title": "A sieve against dust, trial one",
        "Study URL": "https://clinicaltrials.gov/study/NCT99000001",
        "Study Status": "COMPLETED",
        "Brief Summary": 'Does a "fine" sieve help?\n\nIt may, or may not.',
        "Conditions": "Dust; Coarse|Sand, Fine",
        "Interventions": "DEVICE: Sieve|OTHER: Brush",
        "Study Type": "INTERVENTIONAL",
        "Start Date": "2022-01",
        "First Posted": "2021-11-30",
        "Last Update Posted": "2024-02-03",
    },
    {"NCT Number": "NCT99000002", "Study Title": "A second sieve.", "Start Date": "2019-05-06"},
)
CLASSIC_TRIALS: Sequence[Mapping[str, str]] = (
    {
        "Rank": "1",
        "NCT Number": "NCT99000001",
        "Title": "A sieve against dust, trial one",
        "Conditions": "Dust; Coarse|Sand, Fine",
        "Study Results": "No Results Available",
        "Study Type": "Interventional",
        "Start Date": "January 2022",
        "First Posted": "November 30, 2021",
        "URL": "https://ClinicalTrials.gov/show/NCT99000001",
    },
    {"Rank": "2", "NCT Number": "NCT99000002", "Title": "A second sieve.", "Start Date": "2019"},
)
PORTAL_TRIALS: Sequence[Mapping[str, str]] = (
    {
        "TrialID": "ChiCTR9900000001",
        "Public title": "A sieve against dust",
        "Scientific title": "A randomised trial of a sieve against dust",
        "Date registration": "30/11/2021",
        "Date registration3": "20211130",
        "Source Register": "ChiCTR",
        "web address": "https://www.chictr.org.cn/showproj.html?proj=99",
        "Date enrollement": "2022-01-01",
        "Study type": "Interventional study",
        "Inclusion Criteria": "Inclusion criteria: 1. dust;<br>2. sand\n\n3. gravel",
        "Condition": "Dust<br>Coarse sand;Dust",
        "Intervention": "Sieve group:a sieve;Control group:none;",
        "results url link": "https://example.org/NCT99000009",
    },
    {"TrialID": "NCT99000002", "Scientific title": "A second sieve.", "Date enrollement": "2019"},
)


def table(header: Sequence[str], rows: Sequence[Mapping[str, str]], end: str = "\n") -> str:
    out = StringIO()
    writer = csv.DictWriter(out, header, restval="", lineterminator=end)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(text: str, codec: str = "utf-8") -> ParsedFile:
    data = text.encode(codec)
    parsed = read_citations(data, name="export.txt")
    if parsed.format == "csv":
        check(data, parsed)
    return parsed


def xml(rows: Sequence[Mapping[str, str]]) -> str:
    root = etree.Element("Trials_downloaded_from_ICTRP")
    for number, row in enumerate(rows):
        trial = etree.SubElement(root, "Trial")
        etree.SubElement(trial, "Internal_Number").text = f"{number}\n    "
        for name in PORTAL:
            told = row.get(name)
            trial.append(etree.Element(name.replace(" ", "_")))
            trial[-1].text = f"{told}\n    " if told else None
            trial[-1].tail = "\n    "
        trial.tail = "\n  "
    return "<?xml version='1.0' encoding='UTF-8' ?>\n" + etree.tostring(root, encoding="unicode")


EXPORTS = {
    "current": ("ClinicalTrials.gov", CURRENT, CURRENT_TRIALS),
    "classic": ("ClinicalTrials.gov", CLASSIC, CLASSIC_TRIALS),
    "portal": ("WHO ICTRP", PORTAL, PORTAL_TRIALS),
}


@pytest.mark.parametrize("name", EXPORTS)
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["lf", "crlf"])
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("turned", [False, True], ids=["as written", "turned round"])
def test_a_table_of_a_register(name: str, end: str, codec: str, *, turned: bool) -> None:
    database, header, rows = EXPORTS[name]
    parsed = read(table(header[::-1] if turned else header, rows, end), codec)
    first, second = parsed.records
    assert (parsed.format, parsed.database) == ("csv", database)
    assert (parsed.repaired, parsed.refused) == ((), ())
    assert {record.type for record in parsed.records} == {"registration"}
    assert {record.database for record in parsed.records} == {database}
    number = "ChiCTR9900000001" if name == "portal" else "NCT99000001"
    assert (first.source_id, second.source_id) == (number, "NCT99000002")
    assert first.title.startswith("A sieve against dust")
    assert second.title == "A second sieve"
    assert (first.year, second.year) == (2021, 2019)
    assert (first.authors, first.journal, first.doi, first.pmid) == ((), "", "", "")
    assert dict(first.raw) == {name: rows[0].get(name, "") for name in header}


def test_the_current_table_of_clinicaltrials_gov() -> None:
    first, second = read(table(CURRENT, CURRENT_TRIALS)).records
    assert first.abstract == 'Does a "fine" sieve help?\nIt may, or may not.'
    assert first.keywords == ("Dust", "Coarse", "Sand, Fine")
    assert first.urls == ("https://clinicaltrials.gov/study/NCT99000001",)
    assert (second.abstract, second.keywords, second.urls) == ("", (), ())


def test_the_classic_table_of_clinicaltrials_gov() -> None:
    first, _ = read(table(CLASSIC, CLASSIC_TRIALS)).records
    assert first.keywords == ("Dust", "Coarse", "Sand, Fine")
    assert first.urls == ("https://ClinicalTrials.gov/show/NCT99000001",)


def test_a_classic_table_without_its_numbers_has_them_in_the_addresses() -> None:
    header = ["Rank", "Title", "Status", "Study Results", "Conditions", "Interventions", "URL"]
    rows = [{key: row[key] for key in header if key in row} for row in CLASSIC_TRIALS]
    first, second = read(table(header, rows)).records
    assert (first.source_id, second.source_id) == ("NCT99000001", "")
    assert first.type == "registration"


def test_columns_that_were_picked_are_enough() -> None:
    header = ["NCT Number", "Study Title", "Study URL"]
    rows = [{key: row.get(key, "") for key in header} for row in CURRENT_TRIALS]
    parsed = read(table(header, rows))
    assert parsed.database == "ClinicalTrials.gov"
    assert [record.source_id for record in parsed.records] == ["NCT99000001", "NCT99000002"]


@pytest.mark.parametrize("blank", [" ", "_"])
def test_the_table_of_the_portal(blank: str) -> None:
    header = [name.replace(" ", blank) for name in PORTAL]
    rows = [{key.replace(" ", blank): cell for key, cell in row.items()} for row in PORTAL_TRIALS]
    (first, _) = read(table(header, rows)).records
    assert first.title == "A sieve against dust"
    assert first.keywords == (
        "Dust", "Coarse sand", "Sieve group:a sieve", "Control group:none",
    )  # fmt: skip
    assert first.urls == ("https://www.chictr.org.cn/showproj.html?proj=99",)
    assert first.abstract == ""


def test_the_xml_of_the_portal_says_what_its_table_says() -> None:
    text = xml(PORTAL_TRIALS)
    parsed = read(text)
    assert (parsed.format, parsed.database, parsed.repaired, parsed.refused) == (
        "ictrp-xml", "WHO ICTRP", (), (),
    )  # fmt: skip
    rows = read(table(PORTAL, PORTAL_TRIALS)).records
    for one, row in zip(parsed.records, rows, strict=True):
        for name in ("source_id", "title", "type", "database", "year", "keywords", "urls"):
            assert getattr(one, name) == getattr(row, name)
        assert text.encode()[one.offset :].startswith(b"<Trial>")
        assert [tag for tag, _ in one.raw] == [
            "Internal_Number", *(name.replace(" ", "_") for name in PORTAL),
        ]  # fmt: skip
    told = "".join(value for one in parsed.records for _, value in one.raw)
    root = etree.fromstring(text.encode())
    assert "".join(told.split()) == "".join("".join(root.itertext()).split())


@pytest.mark.parametrize(
    "change",
    [
        ("\n", "\r\n"),
        (">\n    <", "><"),
        ("<?xml version='1.0' encoding='UTF-8' ?>\n", "\ufeff"),
        ("</Trials_downloaded_from_ICTRP>", ""),
        ("<Public_title>", "<Public_title><!-- c -->"),
        ("Inclusion criteria: 1.", "&#x0D;&lt;= 5 &nosuch;"),
    ],
)
def test_the_xml_of_the_portal_however_it_is_written(change: tuple[str, str]) -> None:
    parsed = read(xml(PORTAL_TRIALS).replace(*change))
    first, second = parsed.records
    assert (first.source_id, second.source_id) == ("ChiCTR9900000001", "NCT99000002")
    assert (first.year, second.title) == (2021, "A second sieve")
    assert first.keywords[:2] == ("Dust", "Coarse sand")


@pytest.mark.parametrize("cut", ["</Trial>", "</TrialID>", "</Condition>", "<Public_title>"])
def test_a_broken_trial_harms_no_neighbour(cut: str) -> None:
    parsed = read(xml(PORTAL_TRIALS).replace(cut, "", 1))
    assert parsed.records[-1].source_id == "NCT99000002"
    said = [part.code for part in (*parsed.repaired, *parsed.refused)]
    assert {"mended-element", "broken-element"} & set(said)


def test_the_xml_of_the_portal_in_parts() -> None:
    data = xml(PORTAL_TRIALS * 20).encode()
    found = in_parts(data, 3_000)
    assert len(found) > 5
    assert joined(found) == joined([read_citations(data, name="a")])
    assert sum(len(part.records) for part in found) == 40


@pytest.mark.parametrize(
    "header",
    [
        "Title,Authors,Year,NCT Number",
        "Title,Year,DOI,Conditions",
        "NCT Number,Title,Conditions,Journal,Year",
        "Title,Study Title,NCT Number,Author(s),Year",
        "TrialID,Public title,Title,Authors,Year",
        "Rank,Title,Year,DOI",
    ],
)
def test_a_table_of_papers_is_no_export_of_a_register(header: str) -> None:
    parsed = read(f"{header}\n" + ",".join(f"x{n}" for n in range(header.count(",") + 1)))
    (record,) = parsed.records
    assert (parsed.database, record.type, record.source_id) == ("", "", "")


def test_other_xml_with_trials_in_it_is_none_of_the_portals() -> None:
    with pytest.raises(BadInput):
        read("<Trials><Trial><TrialID>NCT99000001</TrialID></Trial></Trials>")


def test_a_workbook_of_the_portal_is_read_as_its_table() -> None:
    rows: list[list[object]] = [
        ["TrialID", "Public title", "Date registration3", "Condition"],
        ["NCT99000001", "A sieve", 20211130, "Dust;Sand"],
    ]
    parsed = read_citations(workbook(rows), name="a.xlsx")
    (record,) = parsed.records
    assert (parsed.format, parsed.database, record.type) == ("xlsx", "WHO ICTRP", "registration")
    assert (record.source_id, record.year, record.keywords) == (
        "NCT99000001", 2021, ("Dust", "Sand"),
    )  # fmt: skip


@pytest.mark.parametrize("name", EXPORTS)
def test_our_own_table_keeps_what_was_read(name: str) -> None:
    _, header, rows = EXPORTS[name]
    records = read(table(header, rows)).records
    back = read_citations(write_citations(records, "csv"), name="a.csv").records
    for one, again in zip(records, back, strict=True):
        for field in ("source_id", "database", "type", "title", "year", "keywords", "urls"):
            assert getattr(one, field) == getattr(again, field)


def test_a_table_parted_by_tabs() -> None:
    text = "\t".join(["NCT Number", "Title", "Conditions", "URL"]) + "\nNCT99000001\tA\tB|C\t\n"
    parsed = read(text)
    assert parsed.database == "ClinicalTrials.gov"
    assert (parsed.records[0].title, parsed.records[0].keywords) == ("A", ("B", "C"))


@settings(max_examples=200, deadline=None)
@given(
    at=st.integers(80, 1_500),
    put=st.sampled_from(["", "<", ">", "&", "]]>", "<Trial>", "</Trial", "</TrialID>", "\x00"]),
    drop=st.integers(0, 40),
)
def test_whatever_is_changed_in_a_trial_the_next_one_is_read(at: int, put: str, drop: int) -> None:
    text = xml(PORTAL_TRIALS)
    end = text.index("</Trial>")
    at = min(at, end - drop)
    parsed = read(text[:at] + put + text[at + drop :])
    assert parsed.records[-1].source_id == "NCT99000002"
    assert parsed.records[-1].title == "A second sieve"


@pytest.mark.parametrize("name", EXPORTS)
def test_a_trial_is_known_by_its_number_when_copies_are_sought(name: str) -> None:
    _, header, rows = EXPORTS[name]
    second = prepare(read(table(header, rows)).records[1])
    assert (second.kind, second.registry) == ("registration", frozenset(["NCT99000002"]))


def test_what_no_field_holds_is_told() -> None:
    text = xml(PORTAL_TRIALS)
    told = facts_of(text.encode(), read(text)).unmapped
    assert {"Source_Register", "Inclusion_Criteria", "Study_type"} <= set(told)
    assert not {"TrialID", "Public_title", "Condition", "web_address"} & set(told)
    text = table(CURRENT, CURRENT_TRIALS)
    told = facts_of(text.encode(), read(text)).unmapped
    assert "Interventions" in told
    assert not {"NCT Number", "Brief Summary", "Conditions"} & set(told)
