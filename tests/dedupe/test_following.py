"""Clusters that follow decisions one by one are those that are computed from all of them."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.dedupe.making import pair

from tamis.dedupe import Clustering, cluster
from tamis.dedupe.rules import STRENGTH
from tamis.dedupe.vetoes import VETOES
from tamis.domain.errors import NotFound
from tamis.domain.records import PairDecision

IDS = [f"x:{n}" for n in range(8)]
TWO = st.sampled_from(list(combinations(IDS, 2)))
WORDS = st.sampled_from(["same", "same", "different", "unsure"])
RULES = st.sampled_from([*STRENGTH, *(row.name for row in VETOES)])


@st.composite
def histories(
    draw: st.DrawFn,
) -> tuple[list[PairDecision], list[PairDecision], list[list[PairDecision]]]:
    """Draw the engine's decisions, people's so far, and deeds to come; a pair may come again."""
    by_rules = draw(st.dictionaries(TWO, st.tuples(WORDS, RULES), max_size=12))
    said = st.builds(lambda two, word: pair(*two, word), TWO, WORDS)
    return (
        [pair(a, b, word, rule) for (a, b), (word, rule) in by_rules.items()],
        draw(st.lists(said, max_size=3)),
        draw(st.lists(st.lists(said, min_size=1, max_size=3), min_size=1, max_size=6)),
    )


@given(histories())
def test_following_decisions_gives_what_computing_all_of_them_gives(
    drawn: tuple[list[PairDecision], list[PairDecision], list[list[PairDecision]]],
) -> None:
    pairs, decided, deeds = drawn
    followed = Clustering(IDS, pairs, decided)
    for deed in deeds:
        before = followed.clusters
        changed = followed.take(deed)
        decided = [*decided, *deed]
        whole = cluster(IDS, pairs, decided)
        assert tuple(followed.clusters.values()) == whole
        assert list(followed.clusters) == [c.id for c in whole]
        assert dict(followed.of) == {record: c for c in whole for record in c.records}
        assert changed == (before != followed.clusters)
        assert changed or before is followed.clusters


def test_what_a_decision_does_not_touch_is_the_very_same() -> None:
    followed = Clustering(IDS, [pair("x:0", "x:1", "same", "same-pmid")])
    untouched = followed.of["x:0"]
    assert followed.take([pair("x:4", "x:5", "same")])
    assert followed.of["x:0"] is untouched
    assert not followed.take([pair("x:6", "x:7", "different")])


def test_a_decision_about_an_unknown_record_is_refused_and_changes_nothing() -> None:
    followed = Clustering(IDS, [])
    with pytest.raises(NotFound, match="x:9"):
        followed.take([pair("x:0", "x:1", "same"), pair("x:0", "x:9", "same")])
    assert tuple(followed.clusters.values()) == cluster(IDS, [])
    assert followed.take([pair("x:2", "x:3", "same")])
    assert "x:1" in followed.clusters
