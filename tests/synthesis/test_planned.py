"""A planned synthesis on extracted values: what is picked, what is refused, what is left out."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.domain.question import SynthesisPlan
from tamis.domain.records import Study
from tamis.domain.results import BinaryRow, EffectRow, MeansRow, ProportionRow
from tamis.domain.values import Extraction
from tamis.synthesis import one_study, pool_proportions, synthesise
from tamis.synthesis.cells import REASONS
from tamis.synthesis.designs import DESIGNS
from tamis.synthesis.settings import ESTIMATORS

DENG = Study(id="deng2017", label="Deng 2017", design="randomised")
GU = Study(id="gu2014", label="Gu 2014", design="single-arm")
BARBADO = Study(id="barbado2018", label="Barbado 2018", design="case-series")
RANJBAR = Study(id="ranjbar2022", label="Ranjbar 2022", design="single-arm")
STUDIES = (GU, DENG, BARBADO, RANJBAR)


def plan(**changed) -> SynthesisPlan:
    base = {
        "id": "remission-rct",
        "outcome": "remission",
        "estimand": "point",
        "visit": "m6",
        "designs": ("randomised",),
        "measure": "RR",
        "method": "one-study",
        "kind": "controlled",
        "arms": ("msc", "placebo"),
    }
    return SynthesisPlan(**(base | changed))


def single_arm(**changed) -> SynthesisPlan:
    base = {
        "kind": "single-arm",
        "designs": ("single-arm", "case-series"),
        "measure": "PR",
        "arms": ("", ""),
        "visit": "",
    }
    return plan(**(base | changed))


def extraction(*groups) -> Extraction:
    return Extraction(values=tuple(itertools.chain(*groups)))


def trials(count: int) -> tuple[Study, ...]:
    return tuple(
        Study(id=f"trial{at}", label=f"Trial {at}", design="randomised") for at in range(count)
    )


# ---------------------------------------------------------------- one trial
def test_one_trial_is_read_alone_risk_difference_first(counts) -> None:
    found = synthesise(
        plan(),
        extraction(counts("deng2017", "msc", 9, 12), counts("deng2017", "placebo", 5, 6)),
        STUDIES,
        (),
    )
    assert found.rows == (
        BinaryRow(
            study="deng2017",
            events_1=9,
            n_1=12,
            events_2=5,
            n_2=6,
            inputs=(
                "v:deng2017/remission/m6/msc/events",
                "v:deng2017/remission/m6/msc/n",
                "v:deng2017/remission/m6/placebo/events",
                "v:deng2017/remission/m6/placebo/n",
            ),
        ),
    )
    assert [one.measure for one in found.single] == ["RD", "RR", "OR"]
    assert found.single[0] == one_study(found.rows[0], "RD")
    assert found.pooled is None
    assert found.refusal is None
    row, ratio = found.effects[0], found.single[1]
    assert (row.measure, row.low, row.high) == (
        "RR",
        ratio.intervals[0].low,
        ratio.intervals[0].high,
    )
    assert row.weight is None
    for held in (*found.single, *found.effects):
        assert held.inputs == found.rows[0].inputs


def test_one_trial_of_means_is_read_by_welch(means) -> None:
    found = synthesise(
        plan(measure="MD", outcome="sledai", estimand="change"),
        extraction(
            means("deng2017", "msc", -8, 4, 12, outcome="sledai", estimand="change"),
            means("deng2017", "placebo", -5, 8, 6, outcome="sledai", estimand="change"),
        ),
        STUDIES,
        (),
    )
    assert isinstance(found.rows[0], MeansRow)
    (only,) = found.single
    assert only.intervals[0].method == "Welch t"
    assert (only.estimate, only.intervals[0].low) == pytest.approx((-3, -11.384506), abs=1e-6)
    assert found.effects[0].se == only.se


def test_a_standardised_difference_stands_behind_the_difference_itself(means) -> None:
    values = extraction(means("deng2017", "msc", -8, 4, 12), means("deng2017", "placebo", -5, 8, 6))
    found = synthesise(plan(measure="SMD"), values, STUDIES, ())
    assert [one.measure for one in found.single] == ["MD", "SMD"]


def test_a_printed_effect_is_read_with_its_interval(value) -> None:
    contrast = "msc-vs-placebo"
    values = extraction(
        [
            value("deng2017", contrast, "estimate", "0.90"),
            value("deng2017", contrast, "ci_low", "0.554"),
            value("deng2017", contrast, "ci_high", "1.461"),
        ]
    )
    found = synthesise(plan(statistic="estimate"), values, STUDIES, ())
    assert isinstance(found.rows[0], EffectRow)
    assert found.single[0].estimate == pytest.approx(0.9)
    assert found.single[0].intervals[0].low == pytest.approx(0.554, abs=1e-3)
    assert [one.rule for one in found.single[0].warnings] == ["approximate-interval"]


def test_no_study_is_a_refusal_and_never_a_zero() -> None:
    found = synthesise(plan(), Extraction(), STUDIES, ())
    assert found.refusal is not None
    assert found.refusal.rule == "no-data"
    assert found.left_out == (("deng2017", REASONS["nothing"]),)


# ---------------------------------------------------------------- why a study is left out
def left_out(values: Extraction, **changed) -> str:
    found = synthesise(plan(**changed), values, STUDIES, ())
    assert found.refusal is not None
    (pair,) = found.left_out
    assert pair[0] == "deng2017"
    return pair[1]


def test_a_percentage_is_no_count(value, counts) -> None:
    values = extraction(
        [value("deng2017", "msc", "percent", "75"), value("deng2017", "msc", "n", "12")],
        counts("deng2017", "placebo", 5, 6),
    )
    assert left_out(values) == "no count printed"


def test_missing_statistics_are_named(value, counts, means) -> None:
    events = [value("deng2017", "msc", "events", "9")]
    assert left_out(extraction(events, counts("deng2017", "placebo", 5, 6))) == REASONS["n"]
    no_sd = [value("deng2017", "msc", "mean", "1"), value("deng2017", "msc", "n", "12")]
    both = extraction(no_sd, means("deng2017", "placebo", 1, 2, 6))
    assert left_out(both, measure="MD") == REASONS["sd"]


def test_an_arm_without_values(counts) -> None:
    assert left_out(extraction(counts("deng2017", "msc", 9, 12))) == REASONS["arm"]


def test_looked_for_is_said_and_never_counted(counts, looked_for) -> None:
    sought = (looked_for("deng2017", "placebo", "events"),)
    values = Extraction(values=counts("deng2017", "msc", 9, 12), looked_for=sought)
    assert left_out(values) == REASONS["looked-for"]
    assert left_out(Extraction(looked_for=sought)) == REASONS["looked-for"]


@pytest.mark.parametrize("status", ["unverified", "lay article"])
def test_what_is_not_verified_never_enters_a_primary_synthesis(counts, status: str) -> None:
    values = extraction(
        counts("deng2017", "msc", 9, 12, status=status), counts("deng2017", "placebo", 5, 6)
    )
    assert status in left_out(values)
    wider = synthesise(plan(layer="sensitivity"), values, STUDIES, ())
    assert wider.refusal is None
    assert wider.rows


def test_two_extractions_that_differ_wait_for_a_person(counts) -> None:
    first = (counts("deng2017", "msc", 9, 12), counts("deng2017", "placebo", 5, 6))
    same = (
        counts("deng2017", "msc", 9, 12, copy="2"),
        counts("deng2017", "placebo", 5, 6, copy="2"),
    )
    other = (
        counts("deng2017", "msc", 8, 12, copy="2"),
        counts("deng2017", "placebo", 5, 6, copy="2"),
    )
    assert left_out(extraction(*first, *other)) == REASONS["conflict"]
    found = synthesise(plan(), extraction(*first, *same), STUDIES, ())
    assert found.rows[0].inputs[0] == "v:deng2017/remission/m6/msc/events"


def test_a_second_extraction_of_one_arm_only_still_has_to_agree(counts) -> None:
    first = (counts("deng2017", "msc", 9, 12), counts("deng2017", "placebo", 5, 6))
    again = counts("deng2017", "msc", 8, 12, copy="2")
    assert left_out(extraction(*first, again)) == REASONS["conflict"]


def test_two_definitions_of_one_outcome_are_not_chosen_between(counts) -> None:
    values = [
        counts("deng2017", arm, events, n, definition=definition)
        for definition in ("strict", "wide")
        for arm, events, n in (("msc", 9, 12), ("placebo", 5, 6))
    ]
    assert left_out(extraction(*values)) == REASONS["several-definitions"]


def test_a_plan_without_a_visit_takes_the_only_one(counts) -> None:
    m6 = (counts("deng2017", "msc", 9, 12), counts("deng2017", "placebo", 5, 6))
    m12 = (
        counts("deng2017", "msc", 8, 12, visit="m12"),
        counts("deng2017", "placebo", 5, 6, visit="m12"),
    )
    assert synthesise(plan(visit=""), extraction(*m6), STUDIES, ()).rows
    assert left_out(extraction(*m6, *m12), visit="") == REASONS["visits"]


def test_arms_that_do_not_fit_each_other(counts, means) -> None:
    definitions = extraction(
        counts("deng2017", "msc", 9, 12, definition="a"),
        counts("deng2017", "placebo", 5, 6, definition="b"),
    )
    units = extraction(
        means("deng2017", "msc", 1, 1, 12, unit="g/24h"),
        means("deng2017", "placebo", 3, 2, 6, unit="mg/24h"),
    )
    rules = extraction(
        counts("deng2017", "msc", 9, 12, denominator="randomised"),
        counts("deng2017", "placebo", 5, 6, denominator="analysed"),
    )
    assert left_out(definitions) == REASONS["definitions"]
    assert left_out(units, measure="MD") == REASONS["units"]
    assert left_out(rules) == REASONS["denominators"]


def test_people_may_stand_in_the_denominator_of_a_count(value) -> None:
    values = extraction(
        [
            value("deng2017", "msc", "events", "9", denominator="12"),
            value("deng2017", "placebo", "events", "5", denominator="6"),
        ]
    )
    (row,) = synthesise(plan(), values, STUDIES, ()).rows
    assert isinstance(row, BinaryRow)
    assert (row.n_1, row.n_2) == (12, 6)
    assert len(row.inputs) == 2


@pytest.mark.parametrize(("events", "n"), [("13", 12), ("4.5", 12), ("-1", 12), ("0", 0)])
def test_counts_that_cannot_be_are_left_out_and_said(counts, events: str, n: int) -> None:
    values = extraction(counts("deng2017", "msc", events, n), counts("deng2017", "placebo", 5, 6))
    assert left_out(values) == REASONS["impossible"]


@pytest.mark.parametrize("number", ["1e300", "1e999", "-1e90"])
def test_numbers_beyond_computing_are_left_out_and_said(value, counts, means, number: str) -> None:
    contrast = "msc-vs-placebo"
    printed = [
        value("deng2017", contrast, name, shown)
        for name, shown in (("estimate", "1"), ("ci_low", number), ("ci_high", "1e301"))
    ]
    wide = [*means("deng2017", "msc", 1, 1, 12)[1:], value("deng2017", "msc", "mean", number)]
    assert left_out(extraction(printed), statistic="estimate") == REASONS["impossible"]
    both = extraction(wide, means("deng2017", "placebo", 1, 2, 6))
    assert left_out(both, measure="MD") == REASONS["impossible"]
    many = [value("deng2017", "msc", "events", "1"), value("deng2017", "msc", "n", "1e12")]
    assert left_out(extraction(many, counts("deng2017", "placebo", 5, 6))) == REASONS["impossible"]


def test_means_and_printed_effects_that_cannot_be_are_left_out(value, means) -> None:
    both = extraction(means("deng2017", "msc", 1, -1, 12), means("deng2017", "placebo", 1, 2, 6))
    assert left_out(both, measure="MD") == REASONS["impossible"]
    contrast = "msc-vs-placebo"
    for low, high, measure in (("-0.5", "2", "RR"), ("2", "3", "RR"), ("2", "0.5", "MD")):
        printed = [
            value("deng2017", contrast, name, shown)
            for name, shown in (("estimate", "1"), ("ci_low", low), ("ci_high", high))
        ]
        values = extraction(printed)
        assert left_out(values, statistic="estimate", measure=measure) == REASONS["impossible"]


def test_a_bound_is_no_number(value, counts) -> None:
    values = extraction(
        [value("deng2017", "msc", "events", "<3"), value("deng2017", "msc", "n", "12")],
        counts("deng2017", "placebo", 5, 6),
    )
    assert left_out(values) == REASONS["events"]


def test_studies_that_a_plan_names_and_cannot_have() -> None:
    wider = Study(id="li2016", label="Li 2016", design="randomised", role="wider")
    asked = plan(studies=("deng2017", "nobody", "li2016"))
    found = synthesise(asked, Extraction(), (*STUDIES, wider), ())
    assert dict(found.left_out) == {
        "nobody": "no study of this name is linked",
        "li2016": "its role is wider",
        "deng2017": REASONS["nothing"],
    }


def test_reasons_and_refusals_carry_no_digits() -> None:
    assert not any(letter.isdigit() for reason in REASONS.values() for letter in reason)


# ---------------------------------------------------------------- never pool designs
ROLES = st.sampled_from(["primary", "sensitivity"])
METHODS = {"controlled": ("one-study", "REML", "FE", "MH"), "single-arm": ("one-study", "GLMM")}


@given(
    st.sampled_from(["controlled", "single-arm"]),
    ROLES,
    st.integers(0, 3),
    st.lists(st.sampled_from(sorted(DESIGNS)), unique=True),
    st.lists(st.sampled_from([study.id for study in STUDIES]), unique=True),
)
def test_controlled_and_uncontrolled_evidence_never_enter_one_pool(
    kind: str, layer: str, method: int, designs: list[str], named: list[str]
) -> None:
    """Whatever the plan says: rows of both classes never stand in one result."""
    asked = plan(
        kind=kind,
        layer=layer,
        method=METHODS[kind][method % len(METHODS[kind])],
        designs=tuple(designs),
        studies=tuple(named),
        measure="RR" if kind == "controlled" else "PR",
        arms=("msc", "placebo") if kind == "controlled" else ("msc", ""),
    )
    values = everything_for_everybody()
    found = synthesise(asked, values, STUDIES, ())
    classes = {DESIGNS[study.design] for study in STUDIES if study.id in studies_of(found)}
    assert len(classes) <= 1
    named_classes = {DESIGNS[design] for design in designs} - {"no study"}
    if len(named_classes) == 2:
        assert found.refusal is not None
        assert found.refusal.rule == "never-pool-designs"
        assert not found.rows


def studies_of(found) -> set[str]:
    return {row.study for row in found.rows}


def everything_for_everybody() -> Extraction:
    from tamis.domain.values import Cell, CitationAnchor, Value

    made = []
    for study in STUDIES:
        for arm in ("msc", "placebo"):
            for statistic, number in (("events", 3), ("n", 9)):
                cell = Cell(
                    study=study.id,
                    outcome="remission",
                    visit="m6",
                    arm=arm,
                    estimand="point",
                    definition="stated",
                )
                made.append(
                    Value(
                        id=f"v:{study.id}/remission/m6/{arm}/{statistic}",
                        cell=cell,
                        statistic=statistic,
                        printed=str(number),
                        number=number,
                        unit="",
                        source=CitationAnchor(citation="c", location="l", status="registry"),
                        status="registry",
                    )
                )
    return Extraction(values=tuple(made))


def test_the_arm_of_a_trial_is_no_single_arm_study() -> None:
    asked = single_arm(designs=("randomised",), arms=("msc", ""))
    found = synthesise(asked, everything_for_everybody(), STUDIES, ())
    assert found.refusal is not None
    assert found.refusal.rule == "arm-of-a-trial"


def test_a_comparison_needs_a_comparator() -> None:
    found = synthesise(plan(designs=("single-arm",)), everything_for_everybody(), STUDIES, ())
    assert found.refusal is not None
    assert found.refusal.rule == "no-comparator"


def test_a_trial_named_among_single_arms_is_refused_too() -> None:
    asked = single_arm(studies=("gu2014", "deng2017"), arms=("msc", ""))
    found = synthesise(asked, everything_for_everybody(), STUDIES, ())
    assert found.refusal is not None
    assert found.refusal.rule == "never-pool-designs"


# ---------------------------------------------------------------- single arms
def test_single_arms_are_listed_each_with_its_exact_interval(counts) -> None:
    values = extraction(
        counts("gu2014", "all", 36, 81, visit="m12", definition="gu"),
        counts("barbado2018", "all", 3, 3, visit="m9", definition="barbado"),
    )
    found = synthesise(single_arm(), values, STUDIES, ())
    assert [one.study for one in found.single] == ["gu2014", "barbado2018"]
    assert [[i.method for i in one.intervals] for one in found.single] == [
        ["Clopper-Pearson exact", "Wilson score"]
    ] * 2
    assert found.pooled is None
    assert found.refusal is None
    assert dict(found.left_out) == {"ranjbar2022": REASONS["nothing"]}
    assert found.effects[1].estimate == 1.0


@pytest.mark.parametrize(
    ("first", "second", "rule"),
    [
        ({"definition": "a"}, {"definition": "b"}, "definitions-differ"),
        ({"definition": "not-stated"}, {"definition": "not-stated"}, "definitions-not-stated"),
        ({"definition": "a"}, {"definition": "not-stated"}, "definitions-differ"),
        ({"visit": "m6"}, {"visit": "m12"}, "visits-differ"),
        ({"estimand": "ever"}, {"estimand": "best-by"}, "estimands-differ"),
    ],
)
def test_what_differs_is_listed_and_not_merged(counts, first, second, rule) -> None:
    values = extraction(
        counts("gu2014", "all", 36, 81, **first), counts("ranjbar2022", "all", 7, 9, **second)
    )
    found = synthesise(single_arm(method="GLMM", estimand=""), values, STUDIES, ())
    assert found.refusal is not None
    assert found.refusal.rule == rule
    assert found.pooled is None
    assert len(found.single) == 2


def test_what_agrees_is_pooled_by_the_model(counts) -> None:
    values = extraction(counts("gu2014", "all", 36, 81), counts("ranjbar2022", "all", 7, 9))
    found = synthesise(single_arm(method="GLMM"), values, STUDIES, ())
    rows = [row for row in found.rows if isinstance(row, ProportionRow)]
    assert found.pooled == pool_proportions(rows)
    assert found.settings["glmm.nodes"] == "21"


def test_single_arms_without_a_named_arm_take_the_only_one(counts) -> None:
    values = extraction(counts("gu2014", "bm", 3, 9), counts("gu2014", "uc", 2, 8))
    found = synthesise(single_arm(), values, (GU,), ())
    assert dict(found.left_out) == {"gu2014": REASONS["arms"]}
    named = synthesise(single_arm(arms=("bm", "")), values, (GU,), ())
    assert [row.study for row in named.rows] == ["gu2014"]


# ---------------------------------------------------------------- pools
def several(counts, count: int = 3, **options) -> Extraction:
    return extraction(
        *(
            group
            for at in range(count)
            for group in (
                counts(f"trial{at}", "msc", 5 + at, 20, **options),
                counts(f"trial{at}", "placebo", 3, 20, **options),
            )
        )
    )


@pytest.mark.parametrize("method", [*ESTIMATORS, "MH", "PETO"])
def test_trials_are_pooled_as_planned(counts, method: str) -> None:
    found = synthesise(plan(method=method, measure="OR"), several(counts), trials(3), ())
    assert found.pooled is not None
    assert found.pooled.k == 3
    assert found.refusal is None
    assert len(found.effects) == 3
    if method in ESTIMATORS:
        assert sum(one.weight or 0 for one in found.effects) == pytest.approx(100)
        assert found.settings["pool.method"] == method


def test_a_plan_for_one_study_does_not_pool_two(counts) -> None:
    found = synthesise(plan(), several(counts, 2), trials(2), ())
    assert found.pooled is None
    assert found.refusal is not None
    assert found.refusal.rule == "more-than-one-study"
    assert all(one.weight is None for one in found.effects)


def test_what_a_reader_must_be_told_about_a_pool(counts) -> None:
    values = extraction(
        several(counts, 2, definition="not-stated").values,
        counts("trial2", "msc", 0, 20, visit="m6"),
        counts("trial2", "placebo", 3, 20, visit="m6"),
    )
    mixed = (*trials(2), Study(id="trial2", label="T", design="non-randomised"))
    both = ("randomised", "non-randomised")
    found = synthesise(plan(method="REML", designs=both), values, mixed, ())
    assert found.pooled is not None
    rules = {one.rule: one for one in found.pooled.warnings}
    assert {"zero-cells-corrected", "randomised-and-not", "definitions-differ"} <= rules.keys()
    assert rules["zero-cells-corrected"].because == ("trial2",)
    plain = synthesise(plan(method="MH", designs=both), values, mixed, ())
    assert plain.pooled is not None
    assert "zero-cells-corrected" not in {one.rule for one in plain.pooled.warnings}


def test_units_must_agree_for_a_mean_difference(means) -> None:
    values = extraction(
        *(
            means(f"trial{at}", arm, 1.5, 1, 12, unit=unit)
            for at, unit in enumerate(("g/24h", "mg/24h"))
            for arm in ("msc", "placebo")
        )
    )
    found = synthesise(plan(method="REML", measure="MD"), values, trials(2), ())
    assert found.refusal is not None
    assert found.refusal.rule == "units-differ"
    assert all(one.weight is None for one in found.effects)
    smd = synthesise(plan(method="REML", measure="SMD"), values, trials(2), ())
    assert smd.pooled is not None


def test_an_effect_that_cannot_be_computed_is_left_out(means) -> None:
    values = extraction(
        *(
            means(f"trial{at}", arm, 1.5 + at, 0 if at == 2 else 1, 12)
            for at in range(3)
            for arm in ("msc", "placebo")
        )
    )
    found = synthesise(plan(method="REML", measure="MD"), values, trials(3), ())
    assert found.left_out == (("trial2", REASONS["spread"]),)
    assert found.pooled is not None
    assert found.pooled.k == 2


def test_the_order_of_values_does_not_matter(counts) -> None:
    values = several(counts)
    found = synthesise(plan(method="REML"), values, trials(3), ())
    turned = Extraction(values=tuple(reversed(values.values)))
    assert synthesise(plan(method="REML"), turned, trials(3), ()) == found


# ---------------------------------------------------------------- plans that are none
@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"kind": "network"}, "use one of controlled"),
        ({"measure": "PR"}, "measure"),
        ({"method": "GLMM"}, "method"),
        ({"arms": ("msc", "")}, "two arms"),
        ({"layer": "third"}, "layer"),
        ({"designs": ("cohort",)}, "design"),
    ],
)
def test_a_plan_whose_words_are_none_is_refused(changed, word) -> None:
    with pytest.raises(BadInput, match=word):
        synthesise(plan(**changed), Extraction(), STUDIES, ())


def test_the_plan_names_the_main_interval_of_a_pool(counts) -> None:
    two = trials(2)
    values = extraction(
        *(counts(s.id, arm, events, 40, definition="d") for s in two
          for arm, events in (("msc", 12), ("placebo", 9)))
    )  # fmt: skip
    by_default = synthesise(plan(method="REML"), values, two, ())
    named = synthesise(plan(method="REML", test="wald"), values, two, ())
    assert by_default.pooled.interval_method == "Hartung-Knapp with floor"
    assert named.pooled.interval_method == "Wald"
    assert named.settings["pool.test"] == "z"
    assert [one.method for one in named.pooled.alternatives] == ["Hartung-Knapp with floor"]
    for bad in ({"method": "one-study", "test": "wald"}, {"method": "REML", "test": "knha"}):
        with pytest.raises(BadInput, match="test"):
            synthesise(plan(**bad), values, two, ())
