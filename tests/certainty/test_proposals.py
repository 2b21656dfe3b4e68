"""What the rules propose for each domain, at and around every cut-off."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.certainty.bodies import (
    DENG,
    THREE,
    body,
    counts,
    evidence,
    judged,
    of,
    outcome,
    share,
    single_arm,
    thresholds,
    weighed,
)

from tamis.certainty import (
    DOMAINS,
    GradeSettings,
    Reanalysis,
    bias_class,
    propose,
    proposed_level,
)
from tamis.certainty.settings import SETTING_LABELS
from tamis.domain.question import Concept
from tamis.domain.results import Interval


# ------------------------------------------------------------------ all eight
def test_eight_proposals_in_the_order_of_the_domains() -> None:
    for made in (evidence([DENG]), evidence(THREE), single_arm([share("gu2014", 49, 81)])):
        found = propose(made)
        assert [one.domain for one in found] == list(DOMAINS)
        assert all(one.change is None or one.change in DOMAINS[one.domain].changes for one in found)
        assert all(one.message and one.rule and one.because for one in found)


def test_the_worked_trial_is_very_low_by_the_rules_alone() -> None:
    made = evidence([DENG], measure="RD", appraisals=(judged("deng2017", "some"),))
    found = propose(made)
    assert [one.change for one in found] == [-1, 0, 0, -3, 0, 0, 0, 0]
    assert proposed_level(4, found) == 1


def test_every_cut_off_is_printed_with_a_label() -> None:
    assert SETTING_LABELS.keys() == GradeSettings().as_dict().keys()


# ------------------------------------------------------------------ risk of bias
@pytest.mark.parametrize(
    ("tones", "weights", "expected", "rule"),
    [
        ("low low low", (40, 30, 30), 0, "bias-low-weight"),
        ("low low some", (40, 26.7, 33.3), 0, "bias-low-weight"),
        ("low some some", (66, 17, 17), -1, "bias-some-weight"),
        ("low low high", (60, 29, 11), 0, "bias-low-weight"),
        ("low some high", (55, 35, 10), -1, "bias-high-study"),
        ("low some high", (60, 31, 9), 0, "bias-below-cut-offs"),
        ("low high high", (49, 30, 21), -2, "bias-high-weight"),
        ("low some high", (30, 20, 50), -1, "bias-high-study"),
        ("some some some", (40, 30, 30), -1, "bias-some-weight"),
        ("high high high", (40, 30, 30), -2, "bias-high-weight"),
    ],
)
def test_share_of_weight_by_judgement(tones, weights, expected, rule) -> None:
    made = weighed(a=weights[0], b=weights[1], c=weights[2])
    given = tuple(judged(s, tone) for s, tone in zip("abc", tones.split(), strict=True))
    found = of(replace(made, appraisals=given), "risk-of-bias")
    assert (found.change, found.rule) == (expected, rule)
    assert "Weight by judgement" in found.message


@pytest.mark.parametrize(("tone", "expected"), [("low", 0), ("some", -1), ("high", -2)])
def test_one_study_its_judgement_decides(tone: str, expected: int) -> None:
    found = of(evidence([DENG], appraisals=(judged("deng2017", tone),)), "risk-of-bias")
    assert found.change == expected
    assert "100 %" in found.message


def test_nothing_judged_proposes_nothing_and_says_so() -> None:
    found = of(evidence([DENG]), "risk-of-bias")
    assert (found.change, found.rule) == (None, "bias-not-judged")
    assert "nothing is proposed" in found.message


def test_what_nobody_judged_counts_both_ways() -> None:
    made = weighed(a=70, b=20, c=10)
    low = replace(made, appraisals=(judged("a", "low"),))
    assert of(low, "risk-of-bias").change == 0
    high = replace(made, appraisals=(judged("a", "high"),))
    assert of(high, "risk-of-bias").change == -2
    assert "could not change that" in of(high, "risk-of-bias").message
    open_ = replace(made, appraisals=(judged("b", "some"),))
    assert (of(open_, "risk-of-bias").change, of(open_, "risk-of-bias").rule) == (
        None, "bias-partly-judged",
    )  # fmt: skip


def leave_out(made, low: float, estimate: float, high: float, left=("c",)):
    effect = replace(made.effect, estimate=estimate, interval=Interval(low=low, high=high,
                                                                      method="z"))  # fmt: skip
    return replace(made, without_high=Reanalysis(effect=effect, left_out=left))


def test_leaving_out_the_high_ones_may_change_nothing() -> None:
    made = replace(
        weighed(a=30, b=25, c=45),
        appraisals=(judged("a", "low"), judged("b", "low"), judged("c", "high")),
    )
    assert of(made, "risk-of-bias").change == -1
    same = leave_out(made, 0.4, made.effect.estimate * 1.01, 0.7)
    assert (of(same, "risk-of-bias").change, of(same, "risk-of-bias").rule) == (
        0, "bias-leave-out",
    )  # fmt: skip
    other_side = leave_out(made, 0.9, 1.1, 1.3)
    assert of(other_side, "risk-of-bias").change == -1
    other_size = leave_out(made, 0.8, 0.95, 1.1)
    assert of(other_size, "risk-of-bias").change == -1
    other_studies = leave_out(made, 0.4, made.effect.estimate, 0.7, left=("a",))
    assert of(other_studies, "risk-of-bias").change == -1


def test_leaving_out_does_not_answer_for_what_remains() -> None:
    made = replace(
        weighed(a=50, b=30, c=20),
        appraisals=(judged("a", "some"), judged("b", "some"), judged("c", "high")),
    )
    kept = leave_out(made, 0.4, made.effect.estimate, 0.7)
    assert of(kept, "risk-of-bias").change == -1


def test_assessors_who_differ_are_not_called_unjudged() -> None:
    both = (
        judged("deng2017", "low", role="assessor"),
        judged("deng2017", "high", role="assessor"),
    )
    found = of(evidence([DENG], appraisals=both), "risk-of-bias")
    assert (found.change, found.rule) == (None, "bias-assessors-differ")
    assert "The assessors differ on deng2017 and nobody has settled it" in found.message
    assert "No result" not in found.message
    made = weighed(a=40, b=30, c=30)
    mine = tuple(replace(one, study="b", result="b/remission/m6") for one in both)
    some = of(replace(made, appraisals=(judged("a", "some"), *mine)), "risk-of-bias")
    assert some.rule == "bias-assessors-differ"
    assert "differ on b" in some.message
    settled = (*both, judged("deng2017", "high", role="consensus"))
    assert of(evidence([DENG], appraisals=settled), "risk-of-bias").change == -2


def test_two_results_of_one_study_are_no_two_assessors() -> None:
    two = (judged("deng2017", "low"), judged("deng2017", "high"))
    assert of(evidence([DENG], appraisals=two), "risk-of-bias").rule == "bias-not-judged"


def test_a_consensus_counts_before_its_assessors() -> None:
    two = (judged("x", "low", role="assessor"), judged("x", "high", role="assessor"))
    assert bias_class(two)[0] == "unknown"
    assert bias_class((*two, judged("x", "some", role="consensus")))[0] == "some"
    alike = (judged("x", "low", role="assessor"), judged("x", "low", role="assessor"))
    assert bias_class(alike)[0] == "low"


def test_a_tool_without_tones_is_read_by_its_word() -> None:
    word = replace(judged("x", "low"), overall=None, judgement="Some concerns")
    assert bias_class((word,))[0] == "some"
    assert bias_class((replace(word, judgement="not judged"),))[0] == "unknown"


# ------------------------------------------------------------------ inconsistency
def test_one_study_is_not_assessed() -> None:
    found = of(evidence([DENG]), "inconsistency")
    assert (found.change, found.message) == (0, "Not assessed (one study).")


def split(*pairs: tuple[str, int, int, int, int]):
    return evidence([counts(*row) for row in pairs], measure="RD")


def test_all_on_one_side_is_no_reason_however_high_i2() -> None:
    rows = [
        counts("a", 90, 100, 10, 100),
        counts("b", 60, 100, 30, 100),
        counts("c", 98, 100, 4, 100),
    ]
    made = evidence(rows, measure="RD")
    assert made.synthesis.pooled.i2 > 90
    found = of(made, "inconsistency")
    assert (found.change, found.rule) == (0, "inconsistency-same-side")
    assert "I²" in found.message
    assert "prediction interval" in found.message


def test_a_split_between_benefit_and_harm_takes_two() -> None:
    made = split(("a", 80, 100, 20, 100), ("b", 20, 100, 70, 100), ("c", 60, 100, 40, 100))
    found = of(made, "inconsistency")
    assert (found.change, found.rule) == (-2, "inconsistency-benefit-and-harm")


def test_a_split_over_one_threshold_takes_one() -> None:
    made = split(("a", 50, 100, 20, 100), ("b", 52, 100, 48, 100), ("c", 45, 100, 25, 100))
    found = of(made, "inconsistency")
    assert (found.change, found.rule) == (-1, "inconsistency-split")


def test_a_split_that_chance_explains_takes_nothing() -> None:
    made = split(*((name, 31 + i, 100, 20, 100) for i, name in enumerate("abcdefgh")))
    narrow = replace(
        made, synthesis=replace(made.synthesis, pooled=replace(
            made.synthesis.pooled, pi_low=0.101, pi_high=0.149, i2=0.0)),
    )  # fmt: skip
    assert of(narrow, "inconsistency").change == 0


#: Three trials that agree: the points 130, 120 and 33 per 1,000 fewer, Q 0.34 on 2 df, τ² 0.
AGREEING = [
    counts("abel2018", 22, 100, 35, 100),
    counts("baker2020", 40, 150, 58, 150),
    counts("cole2022", 6, 30, 7, 30),
]


def agreeing(**pooled):
    about = outcome(better="lower", thresholds=thresholds("50", "100", "200"))
    made = evidence(AGREEING, of=about)
    synthesis = made.synthesis
    return replace(made, synthesis=replace(synthesis, pooled=replace(synthesis.pooled, **pooled)))


def test_a_small_trial_beside_a_threshold_is_no_inconsistency() -> None:
    made = agreeing()
    pooled = made.synthesis.pooled
    assert (pooled.tau2, pooled.i2) == (0.0, 0.0)
    assert (pooled.pi_low, pooled.pi_high) == (pooled.ci_low, pooled.ci_high)
    found = of(made, "inconsistency")
    assert (found.change, found.rule) == (0, "inconsistency-split-unsupported")
    assert "τ² is 0 and all intervals overlap" in found.message
    assert "counts as imprecision" in found.message
    assert of(made, "imprecision").change < 0, "what the interval says is said once"


def test_with_variance_between_the_studies_the_prediction_interval_counts() -> None:
    found = of(agreeing(tau2=0.05), "inconsistency")
    assert (found.change, found.rule) == (-1, "inconsistency-split")


def test_without_overlap_the_prediction_interval_counts() -> None:
    made = agreeing()
    first, *rest = made.synthesis.effects
    apart = (replace(first, low=0.30, high=0.40), *rest)
    made = replace(made, synthesis=replace(made.synthesis, effects=apart))
    found = of(made, "inconsistency")
    assert (found.change, found.rule) == (-1, "inconsistency-split")


def test_pre_planned_subgroups_may_explain_i2() -> None:
    made = split(("a", 50, 100, 20, 100), ("b", 52, 100, 48, 100), ("c", 45, 100, 25, 100))
    pooled = replace(made.synthesis.pooled, pi_low=None, pi_high=None, i2=80.0)
    made = replace(made, synthesis=replace(made.synthesis, pooled=pooled))
    assert of(made, "inconsistency").change == -1
    assert of(replace(made, subgroups_explain=True), "inconsistency").change == 0


def test_studies_that_are_listed_propose_nothing() -> None:
    made = evidence(THREE)
    listed = replace(made, synthesis=replace(made.synthesis, pooled=None))
    found = of(listed, "inconsistency")
    assert (found.change, found.rule) == (None, "inconsistency-not-pooled")


# ------------------------------------------------------------------ indirectness
TREE = (
    Concept(id="sle", kind="population", names=(("en", ("SLE",)),)),
    Concept(id="ln", kind="population", broader=("sle",), names=(("en", ("lupus nephritis",)),)),
    Concept(id="refractory", kind="population", broader=("ln",)),
)
ASKED = (("comparator", "placebo"), ("intervention", "msc"), ("population", "ln"))


def tagged(studied: str = "", *, surrogate: str = "", comparator: str = ""):
    concepts = tuple(
        pair for pair in (("comparator", comparator), ("population", studied)) if pair[1]
    )
    return evidence(
        [DENG],
        of=outcome(surrogate_for=surrogate),
        body=body(concepts=concepts),
        concepts=ASKED,
        tree=TREE,
    )


@pytest.mark.parametrize(
    ("made", "expected", "rule"),
    [
        (tagged(), 0, "indirectness-none"),
        (tagged("refractory"), 0, "indirectness-none"),
        (tagged("sle"), 0, "indirectness-one-some"),
        (tagged("sle", surrogate="death"), -1, "indirectness-several-some"),
        (tagged(surrogate="death"), 0, "indirectness-one-some"),
    ],
)
def test_tags_and_surrogates(made, expected: int, rule: str) -> None:
    found = of(made, "indirectness")
    assert (found.change, found.rule) == (expected, rule)
    assert "for a person" in found.message


def test_no_comparison_is_serious() -> None:
    found = of(single_arm([share("gu2014", 49, 81)]), "indirectness")
    assert found.change == -1
    assert "comparator: serious" in found.message


def test_a_time_outside_the_protocol_is_some() -> None:
    made = evidence([DENG], of=outcome(visits=("m3", "m12")))
    assert "a time that the protocol does not foresee" in of(made, "indirectness").message


# ------------------------------------------------------------------ laws
TONE = ("low", "some", "high")


@settings(max_examples=60, deadline=None)
@given(
    st.tuples(*[st.sampled_from(TONE)] * 3),
    st.tuples(*[st.integers(1, 100)] * 3),
    st.integers(0, 2),
)
def test_more_bias_never_proposes_less(tones, weights, place: int) -> None:
    made = weighed(a=weights[0], b=weights[1], c=weights[2])
    worse = list(tones)
    worse[place] = TONE[min(2, TONE.index(tones[place]) + 1)]
    changes = []
    for judgements in (tones, worse):
        given_ = tuple(judged(s, tone) for s, tone in zip("abc", judgements, strict=True))
        changes.append(of(replace(made, appraisals=given_), "risk-of-bias").change)
    assert changes[1] <= changes[0]
