"""Tables whose columns are called in Chinese; all papers are made up."""

from __future__ import annotations

import pytest
from tests.formats.laws import check

from tamis.formats import read_citations

ROW = "细筛除尘的随机对照试验研究,孙甲乙;王丙丁,除尘杂志,2020,35,4,12-18"
END = ",目的：观察细筛的疗效。,除尘;细筛,10.1000/s.1,0028-3932,https://example.org/1"


@pytest.mark.parametrize(
    "header",
    [
        "题名,作者,来源,年,卷,期,页码,摘要,关键词,DOI,ISSN,链接",
        "篇名,作者,刊名,发表时间,卷,期,页,摘要,关键词,DOI,ISSN,链接",
        "标题,作者,期刊名称,出版年,卷,期,页码,摘要,关键词,DOI号,ISSN号,网址",
        "Title-题名,Author-作者,Source-文献来源,Year-年,Volume-卷,Period-期,PageCount-页码,"
        "Summary-摘要,Keyword-关键词,DOI-DOI,ISSN-国际标准刊号,URL-网址",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("mark", [",", "\t"])
def test_a_table_with_chinese_names(header: str, codec: str, mark: str) -> None:
    data = f"{header}\n{ROW}{END}\n".replace(",", mark).encode(codec)
    parsed = read_citations(data, name="a.txt")
    if codec != "gb18030":
        check(data, parsed)
    (record,) = parsed.records
    assert record.title == "细筛除尘的随机对照试验研究"
    assert record.authors == ("孙甲乙", "王丙丁")
    assert (record.journal, record.year) == ("除尘杂志", 2020)
    assert (record.volume, record.issue, record.pages) == ("35", "4", "12-18")
    assert (record.abstract, record.keywords) == ("目的：观察细筛的疗效。", ("除尘", "细筛"))
    assert (record.doi, record.issn) == ("10.1000/s.1", "0028-3932")
    assert record.urls == ("https://example.org/1",)
    assert record.database == ("CNKI" if header.startswith("Title-") else "")


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("孙甲乙；王丙丁；", ("孙甲乙", "王丙丁")),
        ("孙甲乙，王丙丁", ("孙甲乙", "王丙丁")),
        ("孙甲乙、王丙丁", ("孙甲乙", "王丙丁")),
        ("孙甲乙 王丙丁", ("孙甲乙", "王丙丁")),
        ("孙甲乙", ("孙甲乙",)),
        ("Sun J; Wang B", ("Sun, J", "Wang, B")),
    ],
)
def test_authors_of_one_cell(cell: str, names: tuple[str, ...]) -> None:
    data = f'题名,作者,年\n细筛,"{cell}",2020\n'.encode()
    assert read_citations(data, name="a").records[0].authors == names


def test_kinds_and_databases_in_chinese() -> None:
    data = "题名,作者,文献类型,来源数据库\n细筛,孙甲乙,学位论文,中国知网\n".encode()
    (record,) = read_citations(data, name="a").records
    assert (record.type, record.database) == ("thesis", "CNKI")
    data = "序号,题名,作者,来源,发表时间,数据库\n1,细筛,孙甲乙,除尘,2020-05-06,博士\n".encode()
    (record,) = read_citations(data, name="a").records
    assert (record.type, record.database, record.year) == ("thesis", "", 2020)
    data = "SrcDatabase-来源库,Title-题名,Author-作者\n期刊,细筛,孙甲乙\n".encode()
    (record,) = read_citations(data, name="a").records
    assert (record.type, record.database) == ("journal article", "CNKI")


def test_a_name_in_two_languages_is_known_by_either() -> None:
    data = "Title（标题）,作者 Author,Year 年份\n细筛,孙甲乙,2020\n".encode()
    (record,) = read_citations(data, name="a").records
    assert (record.title, record.authors, record.year) == ("细筛", ("孙甲乙",), 2020)


def test_a_column_about_authors_is_not_one_of_authors() -> None:
    data = "题名,年,作者邮箱,作者Email\n细筛,2020,a@example.org,b@example.org\n".encode()
    (record,) = read_citations(data, name="a").records
    assert record.authors == ()
