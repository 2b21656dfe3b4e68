"""Authors: where one name ends and the next begins, and what is one name however it looks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.records import Record
from tamis.formats import read_citations, write_citations
from tamis.formats.names import names_of, people, undivided

GROUPS = "Lupus Study Group"


@pytest.mark.parametrize(
    ("field", "names"),
    [
        ("Alder, D and Birch, M and Lupus Study Group", ("Alder, D", "Birch, M", GROUPS)),
        ("Alder, D. and Lupus Study Group", ("Alder, D.", GROUPS)),
        ("Alder L, Birch D; Lupus Study Group", ("Alder, L", "Birch, D", GROUPS)),
        ("Alder L, Birch D, Lupus Study Group", ("Alder, L", "Birch, D", GROUPS)),
        ("Alder J, Birch A, et al.", ("Alder, J", "Birch, A")),
        ("Alder, J., Birch, A. and Cedar, B.", ("Alder, J.", "Birch, A.", "Cedar, B.")),
        ("Alder, J., van der Birch, A.-B.", ("Alder, J.", "van der Birch, A.-B.")),
        ("Alder, J. & Birch, A.", ("Alder, J.", "Birch, A.")),
        ("王小明；李四", ("王小明", "李四")),
        ("张三，李四、王五", ("张三", "李四", "王五")),
    ],
)
def test_a_list_is_told_apart(field: str, names: tuple[str, ...]) -> None:
    assert people([field]) == names


@pytest.mark.parametrize(
    ("field", "name"),
    [
        ("Johnson & Johnson", "Johnson & Johnson"),
        ("Department of Health, Education and Welfare", ""),
        ("Applied Science and Technology (AST), Inc", ""),
        ("Alder, J., Jr.", ""),
        ("Alder, John, Jr.", ""),
        ("{Ministry of Health; Bureau}", "Ministry of Health; Bureau"),
        ("The A, B and C Group,", "The A, B and C Group"),
        ("Alder and Birch,", "Alder and Birch"),
    ],
)
def test_one_name_stays_one(field: str, name: str) -> None:
    assert people([field]) == (name or field,)


NAMES = st.lists(
    st.sampled_from(("Alder", "Birch", "Cedar", "Group", "and", "&", ",", "J.", "AB", "of", "Inc")),
    min_size=1, max_size=7,
).map(" ".join)  # fmt: skip


@given(NAMES)
def test_a_name_that_is_written_so_is_read_as_one(text: str) -> None:
    for name in names_of([text]):
        assert len(people([undivided(name)])) == 1


@pytest.mark.parametrize("fmt", ["ris", "nbib", "csv", "xlsx", "bibtex", "csl-json", "endnote-xml"])
def test_a_firm_stays_one_author_in_every_format(fmt: str) -> None:
    names = ("Alder, J", "Johnson and Johnson", "Pharmacia, Inc and Upjohn, Inc", "Birch and Cedar")
    record = Record(id="9f3c12ab9f3c:0", raw=(), title="Talc", authors=names, pmid="123")
    (again,) = read_citations(write_citations([record], fmt), name=f"a.{fmt}").records
    assert sorted(again.authors) == sorted(names)


def test_names_of_pubmed_are_parted_by_their_elements() -> None:
    authors = "".join(
        f"<Author><CollectiveName>{name}</CollectiveName></Author>"
        for name in ("Johnson and Johnson", "Birch; Cedar", "A|B Trialists")
    )
    xml = (
        "<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>T"
        f"</ArticleTitle><AuthorList>{authors}</AuthorList></Article></MedlineCitation>"
        "</PubmedArticle></PubmedArticleSet>"
    )
    (record,) = read_citations(xml.encode(), name="a.xml").records
    assert record.authors == ("Johnson and Johnson", "Birch, Cedar", "A|B Trialists")
