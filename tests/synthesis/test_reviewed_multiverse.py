"""The multiverse of a review: data as planned, statements on one scale, refusals counted."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from tests.synthesis.test_planned import plan

import tamis
from tamis.domain.errors import BadInput
from tamis.domain.question import MultiverseData, MultiversePlan, Outcome
from tamis.domain.records import Study
from tamis.domain.results import BinaryRow, PooledResult, Refusal, StudyEffect, Synthesis
from tamis.domain.values import Cell, CitationAnchor, Extraction, Value
from tamis.synthesis import asymmetry_of_synthesis, choice_of, one_study, run_multiverse
from tamis.synthesis.choices import against_choice
from tamis.synthesis.multiverse import check_multiverse
from tamis.synthesis.multiverse.absolute import absolute_of
from tamis.synthesis.small_study import asymmetry_of_tables

REMISSION = Outcome(
    id="remission", name="remission", importance="critical", kind="binary", better="higher"
)
STUDIES = tuple(Study(id=name, label=name, design="randomised") for name in ("x", "y"))
ASKED = MultiversePlan(
    id="m", synthesis="remission-rct", measures=("RD", "RR", "OR"),
    alone=("Newcombe hybrid score", "Miettinen-Nurminen score"), intervals=("adhoc", "z"),
    data=(
        MultiverseData(id="one", studies=("x",), choices=(("study set", "one"),)),
        MultiverseData(id="both", studies=("x", "y"), choices=(("study set", "both"),)),
        MultiverseData(id="none", outcome="death", choices=(("study set", "none"),)),
    ),
)  # fmt: skip


def cells(study: str, arm: str, events: int, n: int) -> list[Value]:
    cell = Cell(study=study, arm=arm, outcome="remission", definition="d", estimand="point",
                visit="m6")  # fmt: skip
    read = "abstract or table read"
    source = CitationAnchor(citation="a paper", location="table", status=read)
    return [
        Value(id=f"v:{study}/remission/m6.point/{arm}/{name}", cell=cell,
              statistic=name, printed=str(number), number=Decimal(number), unit="",
              source=source, status=read)
        for name, number in (("events", events), ("n", n))
    ]  # fmt: skip


VALUES = Extraction(
    values=(
        *cells("x", "msc", 9, 12), *cells("x", "placebo", 5, 6),
        *cells("y", "msc", 30, 40), *cells("y", "placebo", 10, 40),
    )
)  # fmt: skip


def run(asked: MultiversePlan = ASKED, values: Extraction = VALUES):
    return run_multiverse(asked, base=plan(), outcome=REMISSION, important=0.1, extraction=values,
                          studies=STUDIES)  # fmt: skip


def test_the_first_options_are_primary_and_equal_the_study_alone() -> None:
    first = run().first
    alone = one_study(BinaryRow(study="x", events_1=9, n_1=12, events_2=5, n_2=6), "RD")
    assert not isinstance(alone, Refusal)
    interval = alone.intervals[0]
    assert first.absolute == (alone.estimate, interval.low, interval.high)
    assert first.option("interval") == interval.method
    assert first.statement == "cannot-tell"


def test_one_study_has_its_own_intervals_and_a_pool_its_estimators() -> None:
    found = run()
    one = [s for s in found.specifications if s.option("study set") == "one"]
    both = [s for s in found.specifications if s.option("study set") == "both"]
    assert [(s.option("measure"), s.option("interval")) for s in one] == [
        ("RD", "Newcombe hybrid score"), ("RD", "Miettinen-Nurminen score"),
        ("RR", "Miettinen-Nurminen score"), ("OR", "Miettinen-Nurminen score"),
    ]  # fmt: skip
    assert {s.option("estimator") for s in one} == {"one study"}
    assert {s.option("estimator") for s in both} == {"REML"}
    assert {s.k for s in both} == {2}
    assert all(s.inputs for s in one + both)


def test_refused_data_are_counted_and_say_why() -> None:
    found = run()
    (refused,) = found.refused
    assert refused.refused == "no study gives data for this choice"
    assert found.distinct == found.computed + 1
    assert [(data, study) for data, study, _ in found.left_out] == [("none", "x"), ("none", "y")]


def test_counts_add_up_and_the_share_is_of_what_was_computed() -> None:
    found = run()
    other = [s for s in found.kept if s.statement != found.first.statement]
    assert (found.differing, found.share) == (len(other), len(other) / found.computed)
    assert len(found.kept) == found.computed
    lows = [s.absolute[0] for s in found.kept if s.absolute]
    assert lows == sorted(lows)


def test_a_second_name_of_the_comparator_finds_the_other_study() -> None:
    values = Extraction(
        values=tuple(
            replace(v, cell=replace(v.cell, arm="control"))
            if (v.cell.study, v.cell.arm) == ("y", "placebo") else v
            for v in VALUES.values
        )
    )  # fmt: skip
    data = ASKED.data[1]
    without, with_ = (
        run(replace(ASKED, data=(replace(data, comparators=names),)), values)
        for names in ((), ("control",))
    )
    assert (without.first.k, with_.first.k) == (1, 2)
    assert with_.first.absolute == run(replace(ASKED, data=(data,))).first.absolute


def test_ratios_become_the_difference_that_they_mean() -> None:
    row = BinaryRow(study="x", events_1=30, n_1=40, events_2=10, n_2=40)
    for measure, ratio in (("RR", 3.0), ("OR", 9.0)):
        assert absolute_of(measure, [row], (ratio,) * 3) == pytest.approx((0.5,) * 3)
    nobody = replace(row, events_2=0)
    assert "nobody" in absolute_of("OR", [nobody], (9.0, 1.0, 20.0))


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"estimators": ("REML", "XX")}, "XX"),
        ({"intervals": ("zz",)}, "zz"),
        ({"measures": ("MD",)}, "another kind"),
        ({"data": ()}, "no data"),
        ({"data": (ASKED.data[0], replace(ASKED.data[1], choices=(("other", "b"),)))}, "axes"),
    ],
)
def test_words_that_are_none_are_refused(changed, said) -> None:
    with pytest.raises(BadInput, match=said):
        check_multiverse(replace(ASKED, **changed), plan())


def test_a_synthesis_without_comparison_has_no_multiverse() -> None:
    with pytest.raises(BadInput, match="compares nothing"):
        check_multiverse(ASKED, plan(kind="single-arm", measure="PR"))


def test_the_public_door_takes_sets_and_lists_every_analysis() -> None:
    table = {"study": ["a", "b", "c"], "yi": [-0.5, -0.4, 0.9], "vi": [0.01, 0.01, 0.01]}
    found = tamis.multiverse(table, measures=["MD"], better="lower", estimators=["FE"],
                             intervals=["z"], sets={"all": "abc", "two": "ab"})  # fmt: skip
    assert [row["statement"] for row in found.table()] == ["cannot-tell", "benefit"]
    assert found.share_changed == 0.5
    assert found.to_dict()["specifications"][1]["estimate"] == pytest.approx(-0.45)
    with pytest.raises(BadInput, match="names 'z'"):
        tamis.multiverse(table, measures=["MD"], better="lower", sets={"all": ["z"]})


def pooled(measure: str, k: int) -> Synthesis:
    rows = tuple(
        BinaryRow(study=f"s{n}", events_1=3 + n % 4, n_1=10 * n, events_2=5 + n % 3, n_2=9 * n)
        for n in range(1, k + 1)
    )
    effects = tuple(
        StudyEffect(study=row.study, measure=measure, y=0.1 * at, se=0.2 + 0.01 * at, estimate=1.0,
                    low=0.5, high=2.0, interval_method="Wald")
        for at, row in enumerate(rows)
    )  # fmt: skip
    result = PooledResult(
        measure=measure, method="REML", interval_method="z", k=k, y=0, se=1, y_low=-1, y_high=1,
        estimate=1, ci_low=0.5, ci_high=2, statistic=None, df=None, p=None, tau2=0.0,
        tau2_ci=None, i2=None, h2=None, q=None, q_df=None, q_p=None, pi_low=None, pi_high=None,
    )  # fmt: skip
    return Synthesis(plan=plan(measure=measure, method="REML"), rows=rows, effects=effects,
                     pooled=result)  # fmt: skip


@pytest.mark.parametrize(("measure", "test"), [("OR", "Harbord"), ("RR", "Peters")])
def test_ratios_of_counts_have_a_test_that_is_not_confounded(measure, test) -> None:
    done = pooled(measure, 12)
    found = asymmetry_of_synthesis(done)
    assert not isinstance(found, Refusal)
    again = asymmetry_of_tables(list(done.rows), test=test)
    assert (found.test, found.p) == (test, again.p)


def test_other_measures_have_egger_and_few_studies_none() -> None:
    found = asymmetry_of_synthesis(pooled("RD", 10))
    assert not isinstance(found, Refusal)
    assert found.test == "Egger"
    few = asymmetry_of_synthesis(pooled("RD", 9))
    assert isinstance(few, Refusal)
    assert few.rule == "too-few-for-asymmetry"
    none = asymmetry_of_synthesis(replace(pooled("RD", 12), pooled=None))
    assert isinstance(none, Refusal)


def test_a_pool_that_the_table_would_not_make_is_a_finding() -> None:
    done = pooled("RD", 3)
    choice = choice_of(done, (), Extraction())
    assert choice is not None
    assert choice.pools
    assert against_choice(done, choice) == ()
    refused = replace(choice, model="structured-summary")
    (finding,) = against_choice(done, refused)
    assert finding.rule == "pooled-against-choice"
    assert finding.subject == done.plan.id
