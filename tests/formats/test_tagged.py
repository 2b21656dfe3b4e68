"""The families of tagged lines beside RIS and PubMed's: what is read, kept, mended, said."""

from __future__ import annotations

import pytest

from tamis.domain.records import ParsedFile
from tamis.formats import read_citations

WOS = """\ufeffFN Clarivate Analytics Web of Science
VR 1.0
PT J
AU Mouse, M
   van Duck, DD
AF Mouse, Minnie
   van Duck, Donald D.
TI Serum and the sieve: a trial that
   wraps
SO JOURNAL OF SIEVES
DE sieve; serum
AB US patients were
   counted.
SN 0028-3932
EI 1873-3514
PY 2019
VL 65
IS 2
BP 598
EP 607
DI 10.1000/Sieve.1
UT WOS:000455039600059
PM 30529964
ER

PT J
TI Second
AR e12
UT WOS:2
ER

EF
"""

OVID = """<1. >
VN  - Ovid Technologies
DB  - PsycINFO
AN  - Peer Reviewed Journal: 2015-33942-012.
TI  - A sieve for everybody. [References].
AU  - Mouse, Minnie
IN  - Mouse: Somewhere

      Duck: Elsewhere
SO  - Journal of Sieves. Vol.43(5), Sep 2015, pp. 623-634.
IS  - 1352-4658
DO  - http://dx.doi.org/10.1000/S1
PM  - 24892981
YR  - 2015

<241. >
VN  - Ovid Technologies
TI  - Second
SO  - Acta August 2011;43(8):647-653
"""

OVID_LABELS = """<1>
Unique Identifier
  12345678
Title
  A sieve for everybody.
Source
  Journal of Sieves. 43(5):623-634, 2015 Sep.
Authors
  Mouse M
  Duck DD
Abstract
  It sieves.
  It counts.

<2>
Title
  Second.
"""

REFWORKS = """RefWorks Export Tagged Format

Tag legend
*****
RT=Reference Type

RT Journal Article
SR Electronic(1)
ID 271
A1 Mouse,Minnie
A1 Duck,Donald
T1 A sieve for everybody
JF Journal of Sieves
YR 2002
FD Feb
vo 32
IS 3
SP 551
OP 65
K1 Sieve
AB It sieves.
SN 0191-8869
AN 2002-00282-017
LA English

RT Journal Article
T1 Second
"""

REFER = """%T A sieve for everybody
%0 Journal Article
%A Mouse, Minnie
%A Duck, Donald
%B Journal of Sieves
%D 2021
%8 September  1, 2021
%V 45
%N 3
%P 1309-1348
%R 10.1000/s
%U https://example.org/s
%X It sieves.

%T Second
%D 2020

%0 Serial
%0 Audio
%T Third
"""

NOTEEXPRESS = """{Reference Type}: Journal Article
{Title}: 筛子
{Author}: 甲乙;丙丁;
{Journal}: 筛子学报
{Year}: 2021
{Volume} : 9
{Issue}: 11
{Pages}: 2184-2188
{Keywords}: 狼疮;肾炎
{Abstract}: 目的
方法
{ISBN/ISSN}: 1006-2084
{Database Provider}: CNKI

{Reference Type}: Thesis
{Title}: 另一
"""

CNKI = """SrcDatabase-来源库: 期刊
Title-题名: 筛子
Author-作者: 甲乙; 丙丁;
Source-文献来源: 筛子学报
Keyword-关键词: 狼疮;;肾炎
Summary-摘要: 目的: 数
PubTime-发表时间: 2021-03-06 11:12
Year-年: 2021
Volume-卷: 9
Period-期: 11
PageCount-页码: 2184-2188
DOI-DOI: 10.1000/s

SrcDatabase-来源库: 硕士
Title-题名: 另一
"""

SINOMED = """1.
【流水号】2016261533
【标 题】筛子
【作 者】甲乙; 丙丁
【出 处】筛子学报 2021;9(11):2184-2188
【关键词】狼疮; 肾炎
【摘 要】目的
方法

2.
【流水号】2016261534
【标 题】另一
"""

#: Format, text, and what its first record says: authors, year, journal, volume, issue, pages,
#: source id, and the title of the last.
CASES = (
    ("wos", WOS, ("Mouse, Minnie", "van Duck, Donald D."), 2019, "JOURNAL OF SIEVES", "65", "2",
     "598-607", "WOS:000455039600059", "Second"),
    ("ovid", OVID, ("Mouse, Minnie",), 2015, "Journal of Sieves", "43", "5", "623-634",
     "Peer Reviewed Journal: 2015-33942-012", "Second"),
    ("ovid", OVID_LABELS, ("Mouse, M", "Duck, DD"), 2015, "Journal of Sieves", "43", "5",
     "623-634", "12345678", "Second"),
    ("refworks", REFWORKS, ("Mouse, Minnie", "Duck, Donald"), 2002, "Journal of Sieves", "32",
     "3", "551-565", "2002-00282-017", "Second"),
    ("refer", REFER, ("Mouse, Minnie", "Duck, Donald"), 2021, "Journal of Sieves", "45", "3",
     "1309-1348", "", "Third"),
    ("noteexpress", NOTEEXPRESS, ("甲乙", "丙丁"), 2021, "筛子学报", "9", "11", "2184-2188", "",
     "另一"),
    ("cnki", CNKI, ("甲乙", "丙丁"), 2021, "筛子学报", "9", "11", "2184-2188", "", "另一"),
    ("sinomed", SINOMED, ("甲乙", "丙丁"), 2021, "筛子学报", "9", "11", "2184-2188", "2016261533",
     "另一"),
)  # fmt: skip


def read(text: str) -> ParsedFile:
    return read_citations(text.encode(), name="export.txt")


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)])
def test_what_a_family_says_is_read(case: tuple[object, ...]) -> None:
    fmt, text, *said = case
    parsed = read(str(text))
    first, last = parsed.records[0], parsed.records[-1]
    assert parsed.format == fmt
    assert [
        first.authors, first.year, first.journal, first.volume, first.issue, first.pages,
        first.source_id, last.title,
    ] == said  # fmt: skip
    assert first.type in ("journal article", "")


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)])
def test_every_line_is_in_a_record_or_shown(case: tuple[object, ...]) -> None:
    parsed = read(str(case[1]))
    kept = "\n".join(
        [*(f"{tag}\n{value}" for r in parsed.records for tag, value in r.raw)]
        + [part.message for part in parsed.refused]
    )
    for line in str(case[1]).lstrip("\ufeff").splitlines():
        words = line.replace("】", " ").split()
        assert all(word.strip("%{}【】:<>.") in kept for word in words), line


@pytest.mark.parametrize("case", CASES, ids=[f"{case[0]}-{i}" for i, case in enumerate(CASES)])
def test_an_id_is_the_byte_where_the_record_begins(case: tuple[object, ...]) -> None:
    data = str(case[1]).encode()
    for record in read_citations(data, name="a").records:
        line = data[record.offset :].decode().splitlines()[0]
        assert line.strip()
        assert data[: record.offset].decode().removeprefix("\ufeff")[-1:] in ("", "\n")


def test_an_id_stays_when_line_ends_change_nothing_but_offsets() -> None:
    crlf = read(REFER.replace("\n", "\r\n"))
    assert [r.title for r in crlf.records] == [r.title for r in read(REFER).records]


def test_wrapped_text_that_looks_like_a_tag_stays_in_its_field() -> None:
    # no tag of Web of Science is called US; the abstract continues
    assert "US patients" in read(WOS.replace("   counted", "US counted")).records[0].abstract


def test_a_record_without_its_end_is_closed_and_said() -> None:
    parsed = read(WOS.replace("PM 30529964\nER\n", "PM 30529964\n"))
    assert [r.title for r in parsed.records][-1] == "Second"
    assert "not-ended" in [mended.code for mended in parsed.repaired]


def test_a_record_without_its_first_line_is_kept_and_said() -> None:
    parsed = read(WOS.replace("PT J\nTI Second", "TI Second"))
    assert [r.title for r in parsed.records][-1] == "Second"
    assert [mended.code for mended in parsed.repaired] == ["no-first-line"]


def test_a_file_that_ends_inside_a_record_says_so() -> None:
    parsed = read(WOS[: WOS.index("UT WOS:2")])
    assert [mended.code for mended in parsed.repaired] == ["cut-off"]
    assert len(parsed.records) == 2


def test_the_database_is_told_by_the_file_or_the_record() -> None:
    told = [read(text).records[0].database for text in (WOS, OVID, NOTEEXPRESS, CNKI, SINOMED)]
    assert told == ["Web of Science", "PsycINFO", "CNKI", "CNKI", "SinoMed"]


def test_degrees_and_affiliations_are_no_part_of_a_name() -> None:
    text = OVID.replace("AU  - Mouse, Minnie", "AU  - Mouse, Minnie MD, MPH 1,2,*")
    assert read(text).records[0].authors == ("Mouse, Minnie",)


def test_two_first_lines_in_a_row_are_one_record() -> None:
    assert read(REFER).records[-1].raw[:2] == (("0", "Serial"), ("0", "Audio"))
