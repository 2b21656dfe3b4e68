"""The choice of a model explains itself; what cannot be pooled is summarised, or refused."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.results import BinaryRow, EffectRow, ProportionRow, Refusal
from tamis.synthesis.method_choice import RULES, plan
from tamis.synthesis.without_pooling import (
    DirectionOf,
    StructuredSummary,
    summarise_without_pooling,
)


def tables(*counts: tuple[int, int, int, int]) -> list[BinaryRow]:
    return [
        BinaryRow(study=f"s{at}", events_1=a, n_1=m, events_2=c, n_2=n)
        for at, (a, m, c, n) in enumerate(counts)
    ]


def effects(k: int) -> list[EffectRow]:
    return [EffectRow(study=f"s{at}", y=0.1 * at, v=0.1) for at in range(k)]


CASES = (
    ("choice.no-data", [], "RR", {}),
    ("choice.designs-apart", effects(3), "MD", {"designs": ["randomised", "single-arm"]}),
    ("choice.spread-missing", effects(3), "MD", {"missing_spread": 1}),
    ("choice.units-differ", effects(3), "MD", {"units": ["g/24 h", "mg/mmol"]}),
    ("choice.one-study", tables((9, 12, 5, 6)), "RR", {"designs": ["randomised"]}),
    ("choice.proportions", [ProportionRow(study=s, events=3, n=9) for s in "ab"], "PR", {}),
    ("choice.no-event", tables((0, 12, 0, 6), (0, 9, 0, 9)), "RR", {}),
    ("choice.rare-balanced", tables((1, 400, 2, 410), (0, 300, 1, 300)), "OR", {}),
    ("choice.rare", tables((1, 400, 2, 1200), (0, 300, 1, 300)), "OR", {}),
    ("choice.rare", tables((1, 400, 2, 410), (0, 300, 1, 300)), "RR", {}),
    ("choice.two-studies", effects(2), "MD", {}),
    ("choice.few-studies", effects(4), "MD", {}),
    ("choice.random-effects", effects(6), "MD", {"units": ["g/24 h", "g/24 h"]}),
)


@pytest.mark.parametrize(("rule", "rows", "measure", "more"), CASES)
def test_each_rule_has_its_case(rule: str, rows: list, measure: str, more: dict) -> None:
    chosen = plan(rows, measure, **more)
    assert chosen.rule == rule
    assert chosen.because.endswith(".")
    assert chosen.pools == (chosen.model not in ("none", "one-study", "structured-summary"))


def test_every_rule_is_reached_and_cited() -> None:
    assert {case[0] for case in CASES} == {rule.id for rule in RULES}
    assert all(rule.reference for rule in RULES if rule.id != "choice.no-data")


@given(k=st.integers(0, 40), missing=st.integers(0, 3))
def test_a_choice_is_always_made(k: int, missing: int) -> None:
    assert plan(effects(k), "SMD", missing_spread=missing).rule.startswith("choice.")


def test_single_arms_are_never_votes() -> None:
    votes = [DirectionOf(study=s, design="single-arm", direction=1) for s in "abcd"]
    refused = summarise_without_pooling(votes)
    assert isinstance(refused, Refusal)
    assert refused.rule == "swim.comparative-only"
    mixed = [DirectionOf(study="r", design="randomised", direction=1), *votes]
    assert isinstance(summarise_without_pooling(mixed), Refusal)


@given(
    found=st.lists(
        st.tuples(st.sampled_from([-1, 1]), st.floats(0.001, 1), st.floats(-3, 3)),
        min_size=1,
        max_size=9,
    )
)
def test_turned_directions_turn_the_count(found: list[tuple[int, float, float]]) -> None:
    def summary(sign: int) -> StructuredSummary:
        done = summarise_without_pooling(
            [
                DirectionOf(
                    study=str(at), design="randomised", direction=sign * d, p=p, effect=sign * e
                )
                for at, (d, p, e) in enumerate(found)
            ]
        )
        assert isinstance(done, StructuredSummary)
        return done

    here, there = summary(1), summary(-1)
    assert here.favour + there.favour == here.of == len(found)
    assert here.sign_p == pytest.approx(there.sign_p)
    assert here.median == pytest.approx(-there.median)
    assert (here.fisher is None) == (len(found) < 2)
    assert len(here.cannot_say) >= 2


def test_what_is_absent_stays_absent() -> None:
    done = summarise_without_pooling([DirectionOf(study="a", design="randomised")])
    assert isinstance(done, StructuredSummary)
    assert (done.sign_p, done.fisher_p, done.median, done.share) == (None, None, None, None)
    assert isinstance(summarise_without_pooling([]), Refusal)
    for wrong in ({"direction": 2}, {"p": 0.0}, {"effect": float("nan")}):
        with pytest.raises(BadInput, match=r"^a:"):
            summarise_without_pooling([DirectionOf(study="a", design="randomised", **wrong)])
