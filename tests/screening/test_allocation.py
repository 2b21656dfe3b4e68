"""Who screens what: the same everywhere, in the shares asked for, stable when a team changes."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.question import ScreeningRules, TeamMember
from tamis.screening import (
    LEASE_SECONDS,
    MODES,
    ORDERS,
    Allocation,
    Leases,
    Placed,
    arrange,
    blocks,
    draw_number,
    draw_sample,
    pace_of,
    screeners,
)

PEOPLE = ("p-a", "p-b", "p-c", "p-d")
REPORTS = [f"x:{n}" for n in range(2000)]


def team(mode: str, people: tuple[str, ...] = PEOPLE, **rules: object) -> Allocation:
    settings = ScreeningRules(allocation=mode, **rules)  # type: ignore[arg-type]
    return Allocation(rules=settings, team=people)


@st.composite
def allocations(draw: st.DrawFn) -> Allocation:
    needed = draw(st.integers(1, 3))
    people = tuple(f"p-{n}" for n in range(draw(st.integers(needed, 6))))
    groups = st.permutations(people).map(lambda order: tuple(order[:needed]))
    return team(
        draw(st.sampled_from(sorted(MODES))),
        people,
        reviewers_per_record=needed,
        seed=draw(st.integers(0, 9)),
        pairs=tuple(draw(st.lists(groups, min_size=1, max_size=3))),
        shares=tuple((who, draw(st.integers(1, 5))) for who in people),
        seniors=tuple(draw(st.sets(st.sampled_from(people), min_size=1))),
    )


@given(allocations(), st.sampled_from(REPORTS))
def test_enough_people_are_drawn_and_always_the_same(allocation: Allocation, report: str) -> None:
    people = allocation.people(report)
    again = Allocation(rules=allocation.rules, team=allocation.team).people(report)
    assert people == again
    assert len(set(people)) == len(people) >= allocation.needed
    if not allocation.is_open:
        assert len(people) == allocation.needed
    assert all(allocation.may_vote(person, report) for person in people)


@given(allocations(), st.sampled_from(REPORTS), st.data())
def test_who_voted_keeps_the_place_and_no_more_are_asked_than_needed(
    allocation: Allocation, report: str, data: st.DataObject
) -> None:
    anybody = [*allocation.team, "p-left"]
    voted = data.draw(st.lists(st.sampled_from(anybody), unique=True, max_size=3))
    people = allocation.people(report, voted)
    assert set(voted) <= set(people)
    if not allocation.is_open:
        assert len(people) == max(allocation.needed, len(voted))


def test_two_novices_never_pair() -> None:
    allocation = team("senior", seniors=("p-a", "p-b"))
    assert all({"p-a", "p-b"} & set(allocation.people(r)) for r in REPORTS)
    counted = Counter(who for r in REPORTS for who in allocation.people(r))
    assert min(counted[who] for who in PEOPLE) > 400


def test_shares_are_kept_and_zero_pauses() -> None:
    shares = (("p-a", 6), ("p-b", 3), ("p-c", 1), ("p-d", 0))
    allocation = team("share", reviewers_per_record=1, shares=shares)
    counted = Counter(who for r in REPORTS for who in allocation.people(r))
    assert counted["p-d"] == 0
    assert [round(counted[who] / 200) for who in PEOPLE[:3]] == [6, 3, 1]


def test_all_pairs_rotate_and_named_pairs_stay() -> None:
    rotating = Counter(team("rotating-pairs").people(r) for r in REPORTS)
    assert len(rotating) == 6
    assert min(rotating.values()) > 250
    fixed = Counter(
        team("pairs", pairs=(("p-a", "p-b"), ("p-c", "p-d"))).people(r) for r in REPORTS
    )
    assert set(fixed) == {("p-a", "p-b"), ("p-c", "p-d")}
    assert min(fixed.values()) > 900


def test_somebody_new_takes_only_their_own_part() -> None:
    before = team("share", shares=tuple((who, 1) for who in PEOPLE[:3]))
    after = team("share", shares=tuple((who, 1) for who in PEOPLE))
    moved = [r for r in REPORTS if set(before.people(r)) != set(after.people(r))]
    assert all("p-d" in after.people(r) for r in moved)
    assert 0.4 < len(moved) / len(REPORTS) < 0.6


@pytest.mark.parametrize(
    ("mode", "rules"),
    [
        ("lottery", {}),
        ("pairs", {}),
        ("pairs", {"pairs": (("p-a", "p-a"),)}),
        ("rotating-pairs", {"reviewers_per_record": 3}),
        ("share", {"shares": (("p-a", 1), ("p-b", 0))}),
        ("share", {"shares": (("p-a", 1), ("p-b", 1), ("p-c", -1))}),
        ("senior", {}),
        ("senior", {"seniors": ("p-a",), "reviewers_per_record": 3}),
    ],
)
def test_rules_that_cannot_work_are_refused(mode: str, rules: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        team(mode, ("p-a", "p-b"), **rules)


def test_those_who_screen_have_the_role_or_none() -> None:
    people = [TeamMember(id="p-a", name="A"), TeamMember(id="p-b", name="B", roles=("consensus",)),
              TeamMember(id="p-c", name="C", roles=("reviewer",))]  # fmt: skip
    assert screeners(people) == ("p-a", "p-c")


# ---------------------------------------------------------------- leases
@given(st.lists(st.tuples(st.sampled_from(PEOPLE), st.integers(0, 3), st.integers(0, 900))))
def test_no_more_people_hold_a_report_than_it_has_places(
    asked: list[tuple[str, int, int]],
) -> None:
    leases, now, held = Leases(), 0.0, {}
    for person, report, later in asked:
        now += later
        held = {key: until for key, until in held.items() if until > now}
        taken = {who for who, at in held if at == report}
        given_ = leases.offer(person, report, places=2, now=now)
        assert given_ == (person in taken or len(taken) < 2)
        assert leases.is_free(person, report, places=2, now=now) == given_
        if given_:
            held[person, report] = now + LEASE_SECONDS


def test_a_place_that_is_given_back_is_free() -> None:
    leases = Leases()
    assert leases.offer("p-a", "x:0", places=1, now=0)
    assert leases.offer("p-a", "x:1", places=1, now=0)
    leases.release_all("p-a", but="x:1")
    assert leases.offer("p-b", "x:0", places=1, now=0)
    assert not leases.offer("p-b", "x:1", places=1, now=0)


# ---------------------------------------------------------------- order, samples, pace
@given(st.permutations(range(12)), st.sampled_from(sorted(ORDERS)), st.integers(0, 5))
def test_an_order_has_every_report_once_however_they_come(
    shuffled: list[int], order: str, seed: int
) -> None:
    placed = [Placed(cluster=f"x:{n}", imported=n, year=n % 3 or None) for n in range(12)]
    wanted = arrange(placed, order, seed=seed)
    assert sorted(wanted) == sorted(at.cluster for at in placed)
    assert arrange([placed[n] for n in shuffled], order, seed=seed) == wanted
    assert tuple(r for block in blocks(wanted, 5) for r in block) == wanted


def test_orders_do_what_they_say() -> None:
    placed = [Placed(cluster=f"x:{n}", imported=9 - n, year=year)
              for n, year in enumerate((2001, None, 2020, 2001))]  # fmt: skip
    assert arrange(placed, "imported") == ("x:3", "x:2", "x:1", "x:0")
    assert arrange(placed, "newest") == ("x:2", "x:3", "x:0", "x:1")
    assert arrange(placed, "random", seed=1) != arrange(placed, "random", seed=2)
    with pytest.raises(BadInput):
        arrange(placed, "best")


@given(st.dictionaries(st.sampled_from("abc"), st.integers(0, 9)), st.integers(0, 20))
def test_a_sample_is_drawn_in_proportion(sizes: dict[str, int], size: int) -> None:
    strata = {name: [f"{name}{n}" for n in range(count)] for name, count in sizes.items()}
    drawn = draw_sample(strata, size, seed=4)
    total = sum(sizes.values())
    assert len(set(drawn)) == len(drawn) == min(size, total)
    for name, count in sizes.items():
        share = len(drawn) * count / total if total else 0
        assert abs(sum(report[0] == name for report in drawn) - share) < 1


def test_breaks_and_tables_are_no_pace() -> None:
    assert pace_of([float(n) for n in range(10)]) is None
    moments = [20.0 * n for n in range(11)]
    found = pace_of([*moments, 10_000.0, 10_000.0])
    assert found is not None
    assert (found.median_seconds, found.records, found.expected(3)) == (20.0, 10, 60.0)


def test_drawn_numbers_are_spread() -> None:
    numbers = sorted(draw_number(1, report) for report in REPORTS)
    assert max(b - a for a, b in pairwise(numbers)) < 0.01
