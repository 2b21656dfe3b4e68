"""The law of clustering: nothing lost, nothing forbidden joined, no order that matters."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dedupe.making import pair

from tamis.dedupe import cluster
from tamis.dedupe.clusters import effective
from tamis.dedupe.rules import STRENGTH
from tamis.dedupe.vetoes import VETOES
from tamis.domain.errors import BadInput, NotFound
from tamis.domain.records import Cluster, PairDecision

IDS = [f"x:{n}" for n in range(5)]
RULES = st.sampled_from([*STRENGTH, *(row.name for row in VETOES), "a-rule-of-a-later-version"])


@st.composite
def decisions(
    draw: st.DrawFn, rules: st.SearchStrategy[str] = RULES
) -> tuple[list[PairDecision], list[PairDecision]]:
    """Draw decisions of rules and of people, one of each at most for a pair."""
    words = st.sampled_from(["same", "same", "different", "unsure"])
    pairs = st.sampled_from(list(combinations(IDS, 2)))
    by_rules = draw(st.dictionaries(pairs, st.tuples(words, rules), max_size=8))
    by_people = draw(st.dictionaries(pairs, words, max_size=4))
    return (
        [pair(a, b, word, rule) for (a, b), (word, rule) in by_rules.items()],
        [pair(a, b, word) for (a, b), word in by_people.items()],
    )


def together(clusters: tuple[Cluster, ...]) -> set[tuple[str, str]]:
    return {two for c in clusters for two in combinations(c.records, 2)}


@given(decisions())
def test_every_record_is_in_exactly_one_cluster(
    drawn: tuple[list[PairDecision], list[PairDecision]],
) -> None:
    held = [name for c in cluster(IDS, *drawn) for name in c.records]
    assert sorted(held) == IDS


@given(decisions())
def test_no_forbidden_pair_stands_in_one_cluster(
    drawn: tuple[list[PairDecision], list[PairDecision]],
) -> None:
    _, forbidden = effective(*drawn)
    assert together(cluster(IDS, *drawn)).isdisjoint(forbidden)


@given(decisions())
def test_a_persons_different_always_splits(
    drawn: tuple[list[PairDecision], list[PairDecision]],
) -> None:
    pairs, decided = drawn
    apart = {(d.a, d.b) for d in decided if d.decision == "different"}
    assert together(cluster(IDS, pairs, decided)).isdisjoint(apart)


@given(decisions())
def test_what_nothing_forbids_is_joined(
    drawn: tuple[list[PairDecision], list[PairDecision]],
) -> None:
    """A *same* pair in two clusters has a forbidden pair between those clusters."""
    joins, forbidden = effective(*drawn)
    clusters = cluster(IDS, *drawn)
    of = {name: c.id for c in clusters for name in c.records}
    kept_apart = {frozenset((of[a], of[b])) for a, b in forbidden}
    assert all(of[a] == of[b] or {of[a], of[b]} in kept_apart for a, b in joins)


@given(decisions(), st.randoms(use_true_random=False))
def test_the_order_of_records_and_decisions_does_not_matter(
    drawn: tuple[list[PairDecision], list[PairDecision]], chance: Random
) -> None:
    shuffled = [list(part) for part in (IDS, *drawn)]
    for part in shuffled:
        chance.shuffle(part)
    assert cluster(*shuffled) == cluster(IDS, *drawn)


@given(decisions(st.just("same-pmid")))
def test_without_contradiction_clusters_are_the_connected_groups(
    drawn: tuple[list[PairDecision], list[PairDecision]],
) -> None:
    same = [p for part in drawn for p in part if p.decision == "same"]
    groups = [{name} for name in IDS]
    for p in same:
        met = [g for g in groups if p.a in g or p.b in g]
        groups = [g for g in groups if g not in met] + [set().union(*met)]
    assert {c.records for c in cluster(IDS, same)} == {tuple(sorted(g)) for g in groups}


def records(*parts: str) -> list[tuple[str, ...]]:
    return [tuple(f"x:{n}" for n in part) for part in parts]


def names(clusters: tuple[Cluster, ...]) -> list[tuple[str, ...]]:
    return [c.records for c in clusters]


CHAIN = [pair("x:0", "x:1", "same", "same-pmid"), pair("x:1", "x:2", "same", "sparse-record")]


def test_a_persons_different_splits_a_chain_at_its_weaker_link() -> None:
    decided = [pair("x:0", "x:2", "different")]
    assert names(cluster(IDS[:3], CHAIN, decided)) == records("01", "2")
    stronger = [CHAIN[1], pair("x:0", "x:1", "same", "same-column")]
    flipped = [pair("x:1", "x:2", "same", "exact-copy"), stronger[1]]
    assert names(cluster(IDS[:3], flipped, decided)) == records("0", "12")


def test_a_persons_same_lifts_a_veto_of_that_pair_only() -> None:
    vetoed = [pair("x:0", "x:1", "different", "other-doi-and-place")]
    assert names(cluster(IDS[:2], vetoed, [pair("x:0", "x:1", "same")])) == records("01")
    more = [*vetoed, pair("x:1", "x:2", "same", "same-pmid"),
            pair("x:0", "x:2", "different", "other-part")]  # fmt: skip
    assert names(cluster(IDS[:3], more, [pair("x:0", "x:1", "same")])) == records("01", "2")


def test_a_persons_unsure_takes_the_pair_out() -> None:
    assert names(cluster(IDS[:3], CHAIN, [pair("x:0", "x:1", "unsure")])) == records("0", "12")


def test_between_people_different_holds_against_a_chain_of_same() -> None:
    decided = [pair("x:0", "x:1", "same"), pair("x:1", "x:2", "same"),
               pair("x:0", "x:2", "different")]  # fmt: skip
    found = names(cluster(IDS[:3], [], decided))
    assert found == records("01", "2")


def test_of_two_words_on_one_pair_the_later_counts() -> None:
    first, second = pair("x:0", "x:1", "different"), pair("x:0", "x:1", "same")
    assert names(cluster(IDS[:2], [], [first, second])) == records("01")
    assert names(cluster(IDS[:2], [], [second, first])) == records("0", "1")


def test_a_pair_that_a_veto_asks_about_is_kept_apart_until_judged() -> None:
    asked = [*CHAIN, pair("x:0", "x:2", "unsure", "other-doi")]
    assert names(cluster(IDS[:3], asked)) == records("01", "2")
    assert names(cluster(IDS[:3], asked, [pair("x:0", "x:2", "same")])) == records("012")


def test_an_unsure_pair_of_a_rule_joins_nothing_and_parts_nothing() -> None:
    unsure = pair("x:0", "x:2", "unsure", "title-and-author")
    assert names(cluster(IDS[:3], [unsure])) == records("0", "1", "2")
    assert names(cluster(IDS[:3], [*CHAIN, unsure])) == records("012")


def test_a_record_given_twice_is_refused() -> None:
    with pytest.raises(BadInput, match="x:1 is given twice"):
        cluster(["x:1", "x:2", "x:1"], [])


def test_a_decision_about_an_unknown_record_is_refused() -> None:
    with pytest.raises(NotFound, match="x:9"):
        cluster(IDS[:2], [], [pair("x:0", "x:9", "same")])


def test_no_records_are_no_clusters() -> None:
    assert cluster([], []) == ()
