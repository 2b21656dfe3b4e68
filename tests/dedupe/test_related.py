"""Links between reports that are kept apart."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from tests.dedupe.making import drawn_records, joined, pair, trial

from tamis.dedupe import VETOES, deduplicate
from tamis.dedupe.link_table import write_links
from tamis.dedupe.related import LINKS, Link, Statement, between_reports, related
from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster, Record

TITLE = trial("x:0").title
ELSEWHERE = {"journal": "Lung", "volume": "77", "issue": "", "pages": "S9"}


@pytest.mark.parametrize(
    ("kind", "changes"),
    [
        ("erratum", {"title": f"Erratum: {TITLE}"}),
        ("retraction", {"title": f"Retracted: {TITLE}"}),
        ("abstract-paper", {"type": "conference abstract", **ELSEWHERE}),
        ("preprint-article", {"type": "preprint", **ELSEWHERE, "pages": "", "volume": ""}),
    ],
)
def test_a_look_alike_of_another_kind_becomes_a_typed_link(
    kind: str, changes: dict[str, str]
) -> None:
    result = deduplicate([trial("x:1"), trial("x:2", **changes)])
    assert [link.kind for link in related(result.pairs)] == [kind]
    assert len(result.clusters) == 2


@pytest.mark.parametrize(
    "preprint",
    [
        {"type": "preprint", "journal": "Research Square"}, {"journal": "medRxiv [Preprint]"},
        {"journal": "", "doi": "10.1101/2018.12.01.18000001"}, {"journal": "SSRN"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["", "journal article"])
def test_a_preprint_is_known_by_type_server_or_doi(preprint: dict[str, str], kind: str) -> None:
    early = trial("x:1", **{"volume": "", "issue": "", "pages": "", **preprint})
    late = trial("x:2", type=kind, doi="10.1000/late")
    result = deduplicate([early, late])
    (link,) = related(result.pairs, records=[early, late])
    assert (link.kind, link.one) == ("preprint-article", "x:1")


def test_a_preprint_beside_a_record_that_says_nowhere_where_it_stands_is_for_a_person() -> None:
    early = trial("x:1", type="preprint", volume="", issue="", pages="", doi="10.1101/123456")
    late = trial("x:2", type="", journal="", volume="", issue="", pages="", doi="10.1000/late")
    assert [one.decision for one in deduplicate([early, late]).pairs] == ["unsure"]


def test_a_pair_kept_apart_by_place_is_no_link() -> None:
    assert related([pair("x:1", "x:2", "different", "other-place")]) == ()


@pytest.mark.parametrize(("word", "links"), [("same", 0), ("unsure", 0), ("different", 1)])
def test_a_person_who_joins_a_pair_ends_its_link_and_one_who_parts_it_does_not(
    word: str, links: int
) -> None:
    apart = [pair("x:1", "x:2", "different", "erratum-once")]
    assert len(related(apart, [pair("x:1", "x:2", word)])) == links


def test_every_link_is_named_by_a_veto_that_parts() -> None:
    parting = {veto.name for veto in VETOES if veto.verdict == "different"}
    assert parting.issuperset(LINKS)


@given(drawn_records())
def test_no_link_joins_two_records_of_one_cluster(records: list[Record]) -> None:
    result = deduplicate(records)
    assert joined(result).isdisjoint((link.a, link.b) for link in related(result.pairs))


# --------------------------------------------------------------- which is which, what is stated
@pytest.mark.parametrize(
    ("changes", "one"),
    [
        ({"title": f"Erratum: {TITLE}"}, "x:2"),
        ({"title": f"Retraction notice: {TITLE}"}, "x:2"),
        ({"title": f"Retracted: {TITLE}"}, ""),
        ({"type": "conference abstract", **ELSEWHERE}, "x:2"),
    ],
)
def test_a_link_says_which_of_the_two_is_which_where_it_is_known(
    changes: dict[str, str], one: str
) -> None:
    records = [trial("x:1"), trial("x:2", **changes)]
    (link,) = related(deduplicate(records).pairs, records=records)
    assert link.one == one


def numbered(name: str, pmid: str = "", doi: str = "") -> Record:
    return Record(id=name, raw=(), title=f"Title {name}", pmid=pmid, doi=doi)


HELD = (
    numbered("x:1", "11", "10.1000/a"),
    numbered("x:2", "12"),
    numbered("y:1", "", "https://doi.org/10.1000/A"),
)


@pytest.mark.parametrize(
    ("statement", "ends", "one"),
    [
        (Statement(record="x:1", kind="erratum", is_one=False, pmid="12"), {("x:1", "x:2")}, "x:2"),
        (Statement(record="x:2", kind="erratum", is_one=True, pmid="011"), {("x:1", "x:2")}, "x:2"),
        (Statement(record="x:2", kind="comment", doi="10.1000/A"),
         {("x:1", "x:2"), ("x:2", "y:1")}, ""),
        (Statement(record="x:2", kind="comment", pmid="99", doi="10.1000/zz"), set(), ""),
        (Statement(record="x:1", kind="erratum", doi="10.1000/a"), set(), ""),
        (Statement(record="z:9", kind="erratum", pmid="12"), set(), ""),
        (Statement(record="x:1", kind="erratum"), set(), ""),
    ],
)  # fmt: skip
def test_a_statement_leads_to_the_record_with_that_number(
    statement: Statement, ends: set[tuple[str, str]], one: str
) -> None:
    found = related([], records=HELD, stated=[statement])
    assert {(link.a, link.b) for link in found} == ends
    assert {link.one for link in found} <= {one}
    assert {link.rule for link in found} <= {"stated"}


def test_two_statements_about_one_pair_are_one_link_and_both_are_kept() -> None:
    said = [
        Statement(record="x:2", kind="erratum", is_one=True, pmid="11", words="for 11"),
        Statement(record="x:1", kind="erratum", is_one=False, pmid="12", words="in 12"),
    ]
    (link,) = related([], records=HELD, stated=said)
    assert set(link.said) == {("x:2", "for 11"), ("x:1", "in 12")}
    assert related([], records=HELD, stated=said[::-1])[0].one == "x:2"


def test_of_a_veto_and_a_statement_the_statement_names_the_kind() -> None:
    apart = [pair("x:1", "x:2", "different", "comment-once")]
    same = Statement(record="x:2", kind="comment", is_one=True, pmid="11")
    (link,) = related(apart, records=HELD, stated=[same])
    assert (link.kind, link.rule, link.one) == ("comment", "comment-once", "x:2")
    other = Statement(record="x:2", kind="retraction", is_one=True, pmid="11")
    (link,) = related(apart, records=HELD, stated=[other])
    assert (link.kind, link.rule) == ("retraction", "stated")


@pytest.mark.parametrize(("word", "links"), [("same", 0), ("unsure", 0), ("different", 1)])
def test_a_person_counts_over_a_statement(word: str, links: int) -> None:
    stated = [Statement(record="x:1", kind="erratum", pmid="12")]
    decided = [pair("x:1", "x:2", word)]
    assert len(related([], decided, records=HELD, stated=stated)) == links


def test_an_unknown_kind_is_refused() -> None:
    with pytest.raises(BadInput, match="no kind of link"):
        Statement(record="x:1", kind="cousin")


def test_links_of_copies_are_one_link_of_reports_and_a_merged_pair_is_said() -> None:
    stated = [Statement(record="x:2", kind="retraction", is_one=True, doi="10.1000/a")]
    links = related([], records=HELD, stated=stated)
    apart = between_reports(links, [Cluster(records=("x:1", "y:1")), Cluster(records=("x:2",))])
    (one,) = apart
    assert (one.one, one.other, one.directed, one.merged, len(one.links)) == (
        "x:2", "x:1", True, False, 2,
    )  # fmt: skip
    together = between_reports(links, [Cluster(records=("x:1", "x:2", "y:1"))])
    assert [(found.merged, found.one) for found in together] == [(True, "x:2")]


def test_two_copies_that_disagree_on_which_is_which_leave_it_open() -> None:
    links = [
        Link(a="x:1", b="x:2", kind="erratum", rule="erratum-once", one="x:1"),
        Link(a="x:1", b="y:2", kind="erratum", rule="erratum-once", one="y:2"),
    ]
    reports = [Cluster(records=("x:1",)), Cluster(records=("x:2", "y:2"))]
    assert [found.directed for found in between_reports(links, reports)] == [False]


def test_links_that_concern_trust_come_first() -> None:
    kinds = ("comment", "retraction", "preprint-article", "erratum")
    links = [Link(a=f"x:{n}", b=f"y:{n}", kind=kind, rule="stated") for n, kind in enumerate(kinds)]
    found = [link.kind for link in between_reports(links, [])]
    assert found == ["retraction", "erratum", "comment", "preprint-article"]


@given(drawn_records())
def test_the_order_of_records_and_pairs_changes_no_link(records: list[Record]) -> None:
    result = deduplicate(records)
    stated = [
        Statement(record=r.id, kind="comment", is_one=True, pmid=r.pmid, doi=r.doi) for r in records
    ]
    one = related(result.pairs, records=records, stated=stated)
    other = related(result.pairs[::-1], records=records[::-1], stated=stated[::-1])
    assert between_reports(one, result.clusters) == between_reports(other, result.clusters)


def test_links_as_a_table_are_the_same_whatever_their_order() -> None:
    said = Statement(record="x:2", kind="erratum", is_one=True, doi="10.1000/a", words="for\n 11")
    links = related([], records=HELD, stated=[said])
    table = write_links(links)
    assert table == write_links(links[::-1])
    rows = list(csv.DictReader(io.StringIO(table.decode())))
    assert [(r["a"], r["b"], r["one"], r["stated_by"], r["words"]) for r in rows] == [
        ("x:1", "x:2", "x:2", "x:2", "for 11"),
        ("x:2", "y:1", "x:2", "x:2", "for 11"),
    ]
