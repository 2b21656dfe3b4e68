"""Ranking: against recorded orders of another program, and laws that every ranking keeps."""

from __future__ import annotations

import csv
import gzip
import json
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.screening.ranking import RankSettings, features_of, rank

TEXTS = {
    f"x:{at}": text
    for at, text in enumerate(
        ["stem cells lupus", "stem cell therapy of nephritis", "lupus nephritis trial",
         "knee cartilage", "cartilage repair", "dental pulp", "", "knee pain", "pulp stem"]
    )
}  # fmt: skip
DECIDED = {"x:0": True, "x:3": False}


def test_what_reads_like_the_inclusions_comes_first() -> None:
    order = rank(features_of(TEXTS), DECIDED)
    assert sorted(order) == sorted(TEXTS)
    assert set(order[:4]) == {"x:0", "x:1", "x:2", "x:8"}
    assert order.index("x:6") < order.index("x:7")  # no word: between the sides


@settings(max_examples=20)
@given(st.permutations(sorted(TEXTS)))
def test_the_order_of_the_reports_is_not_seen(names: list[str]) -> None:
    shuffled = {name: TEXTS[name] for name in names}
    told = dict(sorted(DECIDED.items(), key=lambda item: names.index(item[0])))
    assert rank(features_of(shuffled), told) == rank(features_of(TEXTS), DECIDED)


def test_equal_texts_are_drawn_by_a_hash_not_by_their_place() -> None:
    texts = {f"x:{at}": "the same words" for at in range(40)} | {"a": "stem", "b": "knee"}
    same = [name for name in rank(features_of(texts), {"a": True, "b": False}) if "x" in name]
    assert same not in (sorted(same), sorted(same, reverse=True))
    assert same != [f"x:{at}" for at in range(40)]


def test_both_kinds_of_decision_are_needed() -> None:
    found = features_of(TEXTS)
    for told in ({}, {"x:0": True}, {"x:3": False, "x:4": False}, {"unknown": True, "x:3": False}):
        with pytest.raises(BadInput, match="at least one inclusion and one exclusion"):
            rank(found, told)
    with pytest.raises(BadInput, match="no words"):
        features_of({"x:0": "", "x:1": "-"})


def test_a_crowd_is_weighed_without_rare_words() -> None:
    few = RankSettings(crowd=5, least=2)
    assert features_of(TEXTS, few).matrix.shape[1] < features_of(TEXTS).matrix.shape[1]
    assert sorted(rank(features_of(TEXTS, few), DECIDED, few)) == sorted(TEXTS)


# ------------------------------------------------------------------ recorded orders
def _screened(name: str, seed: int) -> tuple[list[int], list[int]]:
    """Screen a set with a refit after every decision; return our order and the recorded one."""
    folder = Path(os.environ.get("TAMIS_BENCH", "../shared/bench")) / "screening"
    record = json.loads(
        (folder / "asreview_orders" / f"{name}__elas_u4__seed{seed}.json").read_text()
    )
    with gzip.open(folder / f"{name}.csv.gz", "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    ids = [str(at) for at in range(len(rows))]
    found = features_of(
        {n: f"{r['title']} {r['abstract']}" for n, r in zip(ids, rows, strict=True)}
    )
    labels = {n: r["label"] == "1" for n, r in zip(ids, rows, strict=True)}
    told = {str(at): labels[str(at)] for at in record["priors"]}
    order: list[int] = []
    while len(order) < len(record["order"]):
        first = next(name for name in rank(found, told) if name not in told)
        told[first] = labels[first]
        order.append(int(first))
    return order, record["order"]


@pytest.mark.needs("bench")
@pytest.mark.slow
@pytest.mark.parametrize("name", ["Sep_2021", "Donners_2021"])
def test_a_refit_after_each_decision_gives_the_recorded_order(name: str) -> None:
    """Golden: the orders that ASReview 3.0.8 recorded; equal records may change places."""
    ours, theirs = _screened(name, 1)
    assert ours == theirs
