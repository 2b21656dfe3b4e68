"""Links between reports that are kept apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from tests.dedupe.making import drawn_records, joined, pair, trial

from tamis.dedupe import VETOES, deduplicate
from tamis.dedupe.related import LINKS, related
from tamis.domain.records import Record

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
