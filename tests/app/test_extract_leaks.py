"""Nothing that a viewer gets from the extraction desk depends on another's unsealed readings.

Two worlds are played: in both the viewer does the same, and the other one reads different things,
or nothing. Whatever the desk answers the viewer must be the same, refusals included.
"""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.app.desk_review import EVENTS, copy_practice, opened

from tamis.app.extract.extraction import ExtractionDesk
from tamis.domain.errors import TamisError
from tamis.domain.values import CitationAnchor

ME, OTHER, THIRD = "p-ann", "p-bob", "p-cy"
STUDY = EVENTS.study
CITED = CitationAnchor(citation="doi:10.5555/x", location="Table 2", status="registry")

Step = tuple[str, str, str]

STEPS = st.tuples(
    st.sampled_from(["record", "again", "sought", "correct", "third"]),
    st.sampled_from(["events", "n", "percent"]),
    st.sampled_from(["12", "27", "48"]),
)


def do(desk: ExtractionDesk, who: str, step: Step) -> str:
    """Take a step, and tell what it answered."""
    what, statistic, number = step
    reading = replace(EVENTS, statistic=statistic, number=number)
    try:
        if what == "correct":
            own = desk.own(who, STUDY)
            first = next((d.event for d in (*own.values, *own.looked_for)), "none")
            return repr(desk.correct(who, first, reading, CITED))
        if what == "sought":
            return repr(desk.looked_for(who, replace(reading, number=""), where="tables"))
        return repr(desk.record(who, reading, CITED, again=what == "again"))
    except TamisError as error:
        return str(error)


def answers(desk: ExtractionDesk, who: str) -> Iterator[str]:
    """Yield everything that the desk tells a viewer."""
    asked: tuple[Callable[[], Any], ...] = (
        lambda: desk.studies(who),
        lambda: desk.study(who, STUDY),
        lambda: desk.own(who, STUDY),
        lambda: desk.trajectories(who, STUDY),
        lambda: desk.compare(who, STUDY),
        lambda: desk.compare(who, STUDY, pair=(ME, OTHER)),
        lambda: desk.settle(who, STUDY, key="", chosen="a", reason="r"),
        lambda: desk.rates(who),
    )
    for ask in asked:
        try:
            yield repr(ask())
        except TamisError as error:
            yield str(error)


def told(root: Path, mine: list[Step], others: list[Step], *, seal: str) -> list[str]:
    """Play one world from a copy of the log, and return what the viewer is told in it."""
    found: list[str] = []
    with opened(root) as (live, pages):
        desk = ExtractionDesk(live, pages)
        for my_step, other_step in itertools.zip_longest(mine, others):
            if other_step is not None:
                do(desk, THIRD if other_step[0] == "third" else OTHER, other_step)
            if my_step is not None:
                found.append(do(desk, ME, my_step))
                found += answers(desk, ME)
        for who in (OTHER, ME):
            if who in seal and desk.study(who, STUDY).own:
                desk.seal(who, STUDY)
        found += answers(desk, ME)
    return found


@pytest.fixture(scope="module")
def worlds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Path]]:
    """Give fresh copies of the review: same installation, same clock, so same events."""
    original = copy_practice(tmp_path_factory.mktemp("original") / "review")
    count = itertools.count()
    patch = pytest.MonkeyPatch()
    patch.setenv("TAMIS_REPLICA", "00000007")
    patch.setenv("TAMIS_NOW", "2026-11-22T10:00:00.000Z")

    def fresh() -> Path:
        root = original.parent / f"world-{next(count)}"
        shutil.copytree(original, root, ignore=shutil.ignore_patterns("documents"))
        return root

    yield fresh
    patch.undo()


@given(
    mine=st.lists(STEPS, max_size=3),
    one=st.lists(STEPS, max_size=4),
    two=st.lists(STEPS, max_size=4),
)
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@pytest.mark.parametrize("seal", [ME, OTHER, ""])
def test_a_viewer_learns_nothing_of_unsealed_readings(
    worlds: Callable[[], Path], mine: list[Step], one: list[Step], two: list[Step], seal: str
) -> None:
    mine = [(what if what != "third" else "record", *rest) for what, *rest in mine]
    if seal == OTHER and not mine:
        mine = [("record", "events", "27")]
    assert told(worlds(), mine, one, seal=seal) == told(worlds(), mine, two, seal=seal)


def test_the_worlds_can_be_told_apart_once_both_have_sealed(worlds: Callable[[], Path]) -> None:
    """The test above can fail: the same comparison after both seals does tell."""
    mine = [("record", "events", "27")]
    first = told(worlds(), mine, [("record", "events", "12")], seal=ME + OTHER)
    second = told(worlds(), mine, [("record", "events", "48")], seal=ME + OTHER)
    assert first != second
