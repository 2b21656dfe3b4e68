"""Publication bias, and the reasons to rate up."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.certainty.bodies import (
    DENG,
    body,
    counts,
    evidence,
    judged,
    of,
    outcome,
    share,
    single_arm,
    thresholds,
)

from tamis.certainty import Sponsor, Unreported, propose

# ------------------------------------------------------------------ publication bias
TEN = [counts(f"s{i}", 20 + i, 100, 30, 100) for i in range(10)]


@pytest.mark.parametrize(
    ("changed", "expected", "rule"),
    [
        ({}, 0, "publication-no-ground"),
        ({"unreported": (Unreported(id="NCT1", because=("e1",)),)}, -1,
         "publication-unreported-trials"),
        ({"withheld": ("e9",)}, -1, "publication-withheld"),
    ],
)  # fmt: skip
def test_grounds_of_suspicion_below_ten_studies(changed, expected: int, rule: str) -> None:
    found = of(evidence([DENG], **changed), "publication-bias")
    assert (found.change, found.rule) == (expected, rule)
    assert "not tested below 10" in found.message


def test_ten_studies_need_their_planned_test() -> None:
    made = evidence(TEN)
    assert of(made, "publication-bias").change is None
    tested = replace(made, asymmetry_test="Peters", asymmetry_p=0.6)
    assert of(tested, "publication-bias").change == 0
    assert of(replace(tested, asymmetry_p=0.02), "publication-bias").change == -1


def test_only_small_sponsored_trials_in_favour() -> None:
    rows = [counts("a", 30, 40, 10, 40), counts("b", 31, 45, 12, 45)]
    paid = tuple(Sponsor(study=s, interested=True, because=(f"v:{s}",)) for s in "ab")
    made = evidence(rows, sponsors=paid)
    found = of(made, "publication-bias")
    assert (found.change, found.rule) == (-1, "publication-small-sponsored")
    unknown = replace(made, sponsors=(Sponsor(study="a", interested=True), Sponsor(study="b")))
    assert of(unknown, "publication-bias").change == 0


def test_single_arm_series_are_for_a_person() -> None:
    found = of(single_arm([share("gu2014", 49, 81)]), "publication-bias")
    assert found.change is None
    assert "cannot be assessed" in found.message


# ------------------------------------------------------------------ upgrades
def observational(rows, **changed):
    plan = body(designs=("non-randomised",), start_level=2)
    tones = tuple(judged(row.study, "low") for row in rows)
    return evidence(rows, body=plan, appraisals=tones, **changed)


def four(treated: int, control: int):
    """Four large studies that agree."""
    return [counts(s, treated + i, 10000, control, 10000) for i, s in enumerate("abcd")]


BIG, HUGE, PLAIN = four(3000, 1200), four(4000, 600), four(3000, 2000)
WIDE = outcome(thresholds=thresholds("10", "20", "30"))


def upgrade(made) -> tuple[int | None, ...]:
    return tuple(one.change for one in propose(made)[5:])


def test_large_effects_of_bodies_without_randomisation() -> None:
    assert upgrade(observational(BIG, of=WIDE)) == (1, None, None)
    assert upgrade(observational(HUGE, of=WIDE)) == (2, None, None)
    assert upgrade(observational(PLAIN, of=WIDE)) == (0, None, None)


def test_one_study_is_not_enough() -> None:
    made = observational(BIG[:1], of=WIDE)
    assert upgrade(made)[0] == 0
    assert "at least two" in propose(made)[5].message


def test_randomised_single_arm_and_lowered_bodies_are_not_rated_up() -> None:
    assert upgrade(evidence(HUGE, of=WIDE)) == (0, 0, 0)
    assert upgrade(single_arm([share("gu2014", 49, 81)])) == (0, 0, 0)
    lowered = replace(observational(HUGE, of=WIDE), unreported=(Unreported(id="NCT1"),))
    assert upgrade(lowered) == (0, 0, 0)
    assert "rated down for publication-bias" in propose(lowered)[5].message
