"""From judgements of domains to a level: clamped, reasoned, never final before all is decided."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.certainty import DOMAINS, LEVELS, START, check_change, rate
from tamis.domain.decisions import CertaintyJudgement
from tamis.domain.errors import BadInput
from tamis.domain.question import BodyPlan

RCT = BodyPlan(id="remission-rct", outcome="remission", designs=("randomised",), start_level=4)


def judged(domain: str, change: int, reason: str = "because", **changed) -> CertaintyJudgement:
    base = {
        "event": "p-a.00000001/1",
        "outcome": "remission",
        "body": "remission-rct",
        "domain": domain,
        "change": change,
        "reason": reason,
        "by": "p-a",
        "at": "2026-01-01T00:00:00.000Z",
    }
    return CertaintyJudgement(**(base | changed))


def all_judged(**changes: int) -> list[CertaintyJudgement]:
    return [judged(name, changes.get(name.replace("-", "_"), 0)) for name in DOMAINS]


def test_eight_domains_five_down_three_up() -> None:
    assert list(DOMAINS) == [
        "risk-of-bias",
        "inconsistency",
        "indirectness",
        "imprecision",
        "publication-bias",
        "large-effect",
        "dose-response",
        "opposing-confounding",
    ]
    assert [domain.raises for domain in DOMAINS.values()] == [False] * 5 + [True] * 3
    assert [name for name, domain in DOMAINS.items() if -3 in domain.changes] == ["imprecision"]
    assert all(0 in domain.changes for domain in DOMAINS.values())


def test_nothing_judged() -> None:
    found = rate(RCT, [])
    assert (found.status, found.level, found.label, found.symbols) == ("not judged", None, "", "")
    assert [domain.change for domain in found.domains] == [None] * 8


def test_nothing_is_final_before_every_domain_is_decided() -> None:
    found = rate(RCT, all_judged(imprecision=-2)[:-1])
    assert (found.status, found.level) == ("in progress", None)
    assert [domain.change for domain in found.domains][-1] is None


def test_one_trial_of_eighteen_people() -> None:
    """Very serious imprecision and serious bias on a trial that stopped early."""
    found = rate(RCT, all_judged(imprecision=-2, risk_of_bias=-1))
    assert (found.level, found.label, found.symbols) == (1, "very low", "⊕◯◯◯")
    assert found.status == "confirmed"
    assert found.domains[3].reason == "because"
    assert found.domains[3].event == "p-a.00000001/1"


@pytest.mark.parametrize(
    ("level", "label", "symbols"),
    [(4, "high", "⊕⊕⊕⊕"), (3, "moderate", "⊕⊕⊕◯"), (2, "low", "⊕⊕◯◯"), (1, "very low", "⊕◯◯◯")],
)
def test_levels_words_and_symbols(level: int, label: str, symbols: str) -> None:
    assert LEVELS[level] == (label, symbols)


@pytest.mark.parametrize(
    ("row", "rule", "says"),
    [
        (judged("risk-of-bias", -3), "grade-not-allowed", "risk of bias"),
        (judged("imprecision", 1), "grade-not-allowed", "imprecision"),
        (judged("dose-response", 2), "grade-not-allowed", "dose-response"),
        (judged("bias", -1), "grade-not-allowed", "no GRADE domain"),
        (judged("imprecision", -1, reason="  "), "grade-without-reason", "without a reason"),
        (judged("imprecision", 0, outcome="death"), "grade-of-another-outcome", "'death'"),
    ],
)
def test_judgements_of_an_older_log_that_cannot_count_are_findings_that_name_the_event(
    row: CertaintyJudgement, rule: str, says: str
) -> None:
    """The domain stays undecided: the review is read on, and nothing is made up."""
    others = [one for one in all_judged() if one.domain != row.domain]
    found = rate(RCT, [*others, row])
    (finding,) = found.findings
    assert (finding.rule, finding.severity, finding.subject) == (rule, "error", "remission-rct")
    assert says in finding.message
    assert "p-a.00000001/1" in finding.message
    assert finding.because == ("p-a.00000001/1",)
    if row.domain in DOMAINS:
        assert (found.status, found.level) == ("in progress", None)


@pytest.mark.parametrize("level", [0, 5, -1])
def test_a_start_that_is_no_level_is_refused(level: int) -> None:
    body = BodyPlan(id="b", outcome="o", designs=("randomised",), start_level=level)
    with pytest.raises(BadInput, match="use 4"):
        rate(body, [])


def test_judgements_of_other_bodies_are_passed_over_and_later_ones_count() -> None:
    rows = [judged("imprecision", -1, body="other"), judged("imprecision", -1, at="1")]
    found = rate(RCT, [*rows, judged("imprecision", -2, at="2")])
    assert found.domains[3].change == -2
    assert found.domains[3].at == "2"


def rules_of(body: BodyPlan, **changes: int) -> set[str]:
    rows = [
        judged(row.domain, row.change, body=body.id, outcome=body.outcome)
        for row in all_judged(**changes)
    ]
    return {finding.rule for finding in rate(body, rows).findings}


def test_departures_from_convention_are_shown_and_stand() -> None:
    arm = BodyPlan(id="arm", outcome="o", designs=("single-arm", "case-series"), start_level=1)
    mixed = BodyPlan(id="m", outcome="o", designs=("randomised", "single-arm"), start_level=4)
    high = BodyPlan(id="h", outcome="o", designs=("single-arm",), start_level=4)
    assert rules_of(RCT) == set()
    assert rules_of(arm) == set()
    assert rules_of(arm, large_effect=1) == set()
    assert rules_of(RCT, large_effect=1) == {"raised-although-randomised"}
    assert rules_of(arm, large_effect=1, imprecision=-1) == {"raised-although-lowered"}
    assert rules_of(mixed) == {"mixed-designs", "start-against-design"}
    assert rules_of(high) == {"start-against-design"}
    rows = [judged(row.domain, row.change, body="h", outcome="o") for row in all_judged()]
    assert rate(high, rows).level == 4


def test_rating_up_a_randomised_body_is_an_error_unless_the_protocol_lets_it() -> None:
    rows = all_judged(large_effect=2)
    (barred,) = rate(RCT, rows).findings
    assert (barred.rule, barred.severity) == ("raised-although-randomised", "error")
    assert barred.because == ("p-a.00000001/1",)
    (allowed,) = rate(replace(RCT, may_rate_up=True), rows).findings
    assert (allowed.rule, allowed.severity) == ("raised-although-randomised", "warning")


def test_every_design_has_its_start() -> None:
    assert START["randomised"] == (4,)
    assert all(set(levels) <= set(LEVELS) for levels in START.values())


changes = st.fixed_dictionaries(
    {name: st.sampled_from(domain.changes) for name, domain in DOMAINS.items()}
)


@given(changes, st.sampled_from(sorted(LEVELS)))
def test_a_level_is_the_clamped_sum(given_changes: dict[str, int], start: int) -> None:
    body = replace(RCT, designs=("non-randomised",), start_level=start)
    found = rate(body, [judged(name, change) for name, change in given_changes.items()])
    assert found.level == min(4, max(1, start + sum(given_changes.values())))
    assert found.label == LEVELS[found.level][0]


@given(changes, st.sampled_from(sorted(DOMAINS)))
def test_rating_down_never_raises_the_level(given_changes: dict[str, int], name: str) -> None:
    lower = {**given_changes, name: min(DOMAINS[name].changes)}
    levels = [
        rate(RCT, [judged(one, change) for one, change in rows.items()]).level
        for rows in (given_changes, lower)
    ]
    assert levels[0] is not None
    assert levels[1] is not None
    assert levels[1] <= levels[0]


@given(st.sampled_from(sorted(DOMAINS)), st.integers(-5, 5))
def test_only_declared_changes_are_allowed(name: str, change: int) -> None:
    if change in DOMAINS[name].changes:
        check_change(name, change)
    else:
        with pytest.raises(BadInput, match="use one of"):
            check_change(name, change)
