"""``meta_analyse``: a plain table in, one machine-readable result out."""

from __future__ import annotations

import contextlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.errors import BadInput
from tamis.synthesis import EffectSettings, MetaSettings, meta_analyse

CONTRACT = {
    "measure", "method", "k", "estimate", "se", "ci_low", "ci_high", "p", "tau2", "tau2_ci", "i2",
    "h2", "q", "q_p", "pi_low", "pi_high", "weights", "warnings",
}  # fmt: skip


def binary(*counts: tuple[int, int, int, int]) -> list[dict[str, object]]:
    return [
        {"study": f"study {at}", "events1": str(a), "n1": str(m), "events2": str(c), "n2": str(n)}
        for at, (a, m, c, n) in enumerate(counts, start=1)
    ]


TRIALS = binary((4, 123, 11, 139), (6, 306, 29, 303), (3, 231, 11, 220), (62, 13598, 248, 12867))


def test_every_key_of_the_contract_is_there_whatever_happens() -> None:
    for table, measure in ((TRIALS, "RR"), (TRIALS[:1], "RR"), ([], "RR")):
        done = meta_analyse(table, measure=measure).as_json()
        assert done.keys() >= CONTRACT
        json.dumps(done, allow_nan=False)


def test_both_scales_are_named() -> None:
    done = meta_analyse(TRIALS, measure="RR").as_json()
    assert done["scale"] == "log"
    for name in ("estimate", "ci_low", "ci_high", "pi_low", "pi_high"):
        assert done[name] == pytest.approx(math.exp(done[f"log_{name}"]))
    assert done["se"] == done["log_se"]
    plain = meta_analyse(TRIALS, measure="RD").as_json()
    assert plain["scale"] == "raw"
    assert not [name for name in plain if name.startswith(("log_", "identity_", "raw_"))]
    assert sum(done["weights"]) == pytest.approx(100)


def test_one_study_is_not_pooled_and_tau2_is_not_zero() -> None:
    done = meta_analyse(TRIALS[:1], measure="OR").as_json()
    assert done["method"] == "one-study"
    assert done["tau2"] is None
    assert done["i2"] is None
    assert done["interval_method"] == "conditional mid-p"
    assert [one["rule"] for one in done["warnings"]] == ["one-study"]
    assert "refused" not in done
    assert done["studies"][0]["interval_method"] == done["interval_method"]
    assert done["p"] == done["one_study"][0]["p"]["mid-p"]


def test_a_limit_that_does_not_exist_is_said_in_json() -> None:
    done = meta_analyse(binary((1, 12, 0, 6)), measure="OR").as_json()
    assert (done["estimate"], done["ci_high"]) == ("Infinity", "Infinity")
    json.dumps(done, allow_nan=False)


def test_one_study_of_a_measure_without_its_own_method() -> None:
    done = meta_analyse(TRIALS[:1], measure="AS").as_json()
    assert done["interval_method"] == "Wald"
    assert "approximate-interval" in {one["rule"] for one in done["warnings"]}


def test_an_empty_table_is_a_refusal() -> None:
    done = meta_analyse([], measure="RR")
    assert done.refused is not None
    assert done.as_json()["refused"]["rule"] == "no-data"
    assert done.as_json()["k"] == 0


def test_proportions_go_to_the_model() -> None:
    table = [{"study": s, "events": x, "n": n} for s, x, n in
             (("a", 36, 81), ("b", 9, 12), ("c", 3, 3), ("d", 7, 9))]  # fmt: skip
    done = meta_analyse(table, measure="PR").as_json()
    assert (done["method"], done["scale"]) == ("GLMM", "logit")
    assert done["estimate"] == pytest.approx(0.67433, abs=1e-5)
    assert done["intervals"][0]["method"] == "Wald"
    assert done["p"] is None
    assert done["studies"][2]["interval_method"] == "Clopper-Pearson exact"
    logit = meta_analyse(table, measure="PLO").as_json()
    assert (logit["method"], logit["scale"]) == ("REML", "logit")
    empty = meta_analyse([dict(row, events=0) for row in table], measure="PR")
    assert empty.refused is not None
    assert empty.refused.rule == "nothing-to-model"


@pytest.mark.parametrize("method", ["MH", "PETO"])
def test_tables_without_correction(method: str) -> None:
    done = meta_analyse(TRIALS, measure="OR", settings=MetaSettings(method=method)).as_json()
    assert done["method"] == method
    assert done["tau2"] is None
    refused = meta_analyse(TRIALS, measure="AS",
                           settings=MetaSettings(method=method))  # fmt: skip
    assert refused.refused is not None
    assert refused.refused.rule == "method-does-not-fit-measure"


def test_effects_cannot_be_pooled_as_tables() -> None:
    table = [{"yi": 0.1, "vi": 0.2}, {"yi": 0.3, "vi": 0.1}]
    done = meta_analyse(table, measure="OR", settings=MetaSettings(method="MH"))
    assert done.refused is not None
    assert "counts" in done.refused.message


def test_a_corrected_zero_is_said() -> None:
    done = meta_analyse(binary((0, 12, 3, 6), (4, 20, 3, 20)), measure="RR").as_json()
    assert "zero-cells-corrected" in {one["rule"] for one in done["warnings"]}
    assert [one["corrected"] for one in done["studies"]] == [True, False]


def test_a_study_without_an_effect_is_not_pooled_and_is_said() -> None:
    settings = MetaSettings(effects=EffectSettings(zero_cells="none"))
    done = meta_analyse(binary((0, 12, 3, 6), (4, 20, 3, 20), (5, 20, 3, 20)), measure="RR",
                        settings=settings).as_json()  # fmt: skip
    assert done["weights"][0] is None
    assert "not-estimable" in {one["rule"] for one in done["warnings"]}
    two = meta_analyse(binary((0, 12, 3, 6), (4, 20, 3, 20)), measure="RR", settings=settings)
    assert two.refused is not None
    assert two.refused.rule == "one-study"


def test_columns_as_users_of_other_programs_name_them() -> None:
    metafor = [{"ai": 4, "n1i": 123, "ci": 11, "n2i": 139}, {"ai": 6, "n1i": 306, "ci": 29,
                "n2i": 303}]  # fmt: skip
    ours = meta_analyse(TRIALS[:2], measure="RR").as_json()
    theirs = meta_analyse(metafor, measure="RR").as_json()
    assert theirs["estimate"] == ours["estimate"]
    assert theirs["studies"][0]["study"] == "row 1"
    means = [{"m1i": 1, "sd1i": 1, "n1i": 12, "m2i": 3.1, "sd2i": 2.7, "n2i": 6}]
    assert meta_analyse(means, measure="MD").as_json()["estimate"] == pytest.approx(-2.1)


def test_a_minus_sign_is_a_minus() -> None:
    table = [{"yi": "−0.5", "sei": "0.1"}, {"yi": "-0.5", "sei": "0.1"}]
    assert meta_analyse(table, measure="MD").as_json()["estimate"] == pytest.approx(-0.5)


@pytest.mark.parametrize(
    ("table", "measure", "says"),
    [
        (
            [{"events1": 1, "n1": 2, "event2": 1, "n2": 3}],
            "RR",
            r"t.csv:1: .*'events2' is missing \(the table has 'event2'",
        ),
        ([{"a": 1}], "HR", "yi vi, or yi sei"),
        ([{"yi": "x", "vi": 1}], "MD", r"t.csv:2 \[yi\]: 'x' is no number"),
        ([{"yi": 1, "vi": 1}, {"yi": None, "vi": 1}], "MD", r"t.csv:3 \[yi\]: the cell is empty"),
        ([{"yi": "nan", "vi": 1}], "MD", "'nan' is no number"),
        ([{"yi": 1, "vi": 0}], "MD", r"\[vi\]: row 1: vi is 0"),
        ([{"yi": 1, "sei": -1}], "MD", r"\[sei\]"),
        ([{"events": 1.5, "n": 3}], "PR", "no whole number"),
        ([{"yi": 1, "y": 2, "vi": 1}], "MD", "stands twice"),
        (
            [{"events1": 5, "n1": 2, "events2": 1, "n2": 3}],
            "RR",
            r"t.csv:2 \[events1\]: row 1: 5 events of 2",
        ),
        ([{"mean1": 1, "sd1": -1, "n1": 5, "mean2": 1, "sd2": 1, "n2": 5}], "MD", r"\[sd1\]"),
        ([{"mean1": 1, "sd1": 1, "n1": 0, "mean2": 1, "sd2": 1, "n2": 5}], "MD", r"\[n1\]"),
        ([{"yi": 1, "vi": 1}], "XX", "no effect measure"),
    ],
)
def test_bad_tables_are_refused_with_line_and_column(table, measure, says) -> None:
    with pytest.raises(BadInput, match=says):
        meta_analyse(table, measure=measure, name="t.csv")


def test_settings_are_kept_as_texts() -> None:
    done = meta_analyse(TRIALS, measure="RR", settings=MetaSettings(method="DL", test="z"))
    assert done.settings["method"] == "DL"
    assert all(isinstance(value, str) for value in done.settings.values())
    assert done.as_json()["settings"]["effects.zero_cells"] == "only0"
    with pytest.raises(BadInput, match="estimator"):
        meta_analyse(TRIALS, measure="RR", settings=MetaSettings(method="DX"))


cells = st.one_of(st.none(), st.integers(-3, 30), st.floats(), st.text(max_size=4))
columns = st.sampled_from(["study", "events1", "n1", "events2", "n2", "yi", "vi", "sei", "n", "x"])


@given(st.lists(st.dictionaries(columns, cells), max_size=4), st.sampled_from(["RR", "MD", "PR"]))
def test_no_table_breaks_it(table, measure: str) -> None:
    """Any table gives a result, a refusal or an error with a remedy, and JSON without NaN."""
    with contextlib.suppress(BadInput):
        json.dumps(meta_analyse(table, measure=measure).as_json(), allow_nan=False)
