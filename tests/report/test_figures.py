"""Figures as values: what is drawn, where, in words; the same bytes each time."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from dataclasses import FrozenInstanceError, replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tamis.app.save_figure import save_figure
from tamis.domain.errors import BadInput, StorageFailed
from tamis.domain.question import SynthesisPlan
from tamis.domain.results import Refusal, StudyEffect, Synthesis
from tamis.report import (
    Figure,
    baujat,
    bubble,
    cumulative,
    forest,
    funnel,
    influence,
    labbe,
    leave_one_out,
    radial,
)
from tamis.report.figures import KINDS, suffix_of
from tamis.synthesis import MetaResult, MetaSettings, effect_rows, meta_analyse
from tamis.synthesis.sensitivity import leave_one_out as left_out
from tamis.synthesis.small_study import trim_and_fill

SVG = "{http://www.w3.org/2000/svg}"

#: Invented trials: events and people of two arms, a dose, a setting.
ARMS = [
    ("Ash 2001", 4, 120, 11, 139, 1.0, "ward"), ("Birch 2003", 6, 306, 29, 303, 2.0, "ward"),
    ("Cedar 2004", 3, 231, 11, 220, 2.5, "home"),
    ("Dogwood & Elm 2007", 62, 1350, 240, 1280, 4, "home"),
    ("Fir 2010", 33, 506, 47, 580, 3.0, "ward"), ("Gorse 2012", 180, 1541, 372, 1451, 3.5, "home"),
    ("Hazel 2013", 8, 254, 10, 62, 5.0, "ward"), ("Ivy 2015", 50, 883, 49, 883, 0.5, "home"),
    ("Juniper 2018", 29, 749, 45, 727, 1.5, "ward"), ("Kauri 2021", 17, 171, 65, 166, 4.5, "home"),
]  # fmt: skip


def trials(count: int = 10) -> list[dict[str, Any]]:
    names = ("study", "events1", "n1", "events2", "n2", "dose", "place")
    return [dict(zip(names, row, strict=True)) for row in ARMS[:count]]


@pytest.fixture(scope="module")
def ten() -> MetaResult:
    return meta_analyse(trials(), measure="RR", subgroups="place", moderators=["dose"])


@pytest.fixture(scope="module")
def plain() -> MetaResult:
    return meta_analyse(trials(), measure="RR")


def words(figure: Figure) -> list[str]:
    root = etree.fromstring(figure.svg().encode())
    return ["".join(one.itertext()) for one in root.iter(f"{SVG}text")]


def count(figure: Figure, tag: str) -> int:
    return len(list(etree.fromstring(figure.svg().encode()).iter(f"{SVG}{tag}")))


# ------------------------------------------------------------------ every kind
@pytest.mark.parametrize("kind", list(KINDS))
def test_every_kind_is_accessible_small_and_the_same_each_time(kind: str, ten: MetaResult) -> None:
    figure = KINDS[kind](ten)
    root = etree.fromstring(figure.svg().encode())
    named = {one.get("id"): one.text for one in root if one.get("id")}
    spoken = [named[name] for name in root.get("aria-labelledby", "").split()]
    assert root.get("role") == "img"
    assert len(spoken) == 2
    assert all(len(text or "") > 20 for text in spoken)
    assert figure.kind == kind
    assert len(figure.svg()) < 40_000
    assert "<script" not in figure.svg()
    assert not re.search(r"(href|src)=\"(?!#)", figure.svg())
    assert KINDS[kind](ten) == figure
    assert figure.table()
    assert figure._repr_svg_() == figure.svg()
    with pytest.raises(FrozenInstanceError):
        figure.title = "x"  # type: ignore[misc]  # that it cannot be set is the point


@pytest.mark.parametrize("kind", ["forest", "funnel"])
def test_pdf_and_png_have_no_date_and_are_the_same_each_time(kind: str, ten: MetaResult) -> None:
    figure = KINDS[kind](ten)
    data = figure.pdf()
    assert data == figure.pdf()
    assert b"/CreationDate" not in data
    assert b"/FontFile" in data
    assert b"/Title" in data
    assert figure.png(dpi=40) == figure.png(dpi=40)
    assert len(figure.png(dpi=80)) > len(figure.png(dpi=40))


def test_a_png_is_as_large_as_its_resolution_says(plain: MetaResult) -> None:
    figure = forest(plain)
    root = etree.fromstring(figure.svg().encode())
    width = int.from_bytes(figure.png(dpi=96)[16:20], "big")
    assert width == pytest.approx(float(root.get("width", "0")), abs=1)
    with pytest.raises(BadInput, match="resolution"):
        figure.png(dpi=0)


def test_a_file_takes_the_form_of_its_suffix(plain: MetaResult, tmp_path: Path) -> None:
    figure = forest(plain)
    for suffix, start in (("svg", b"<svg"), ("pdf", b"%PDF"), ("PNG", b"\x89PNG")):
        path = tmp_path / f"out.{suffix}"
        save_figure(figure, path)
        assert path.read_bytes().startswith(start)
    save_figure(figure, str(tmp_path / "words.svg"))
    for name in ("out.gif", "out", ".pdf", "pdf"):
        with pytest.raises(BadInput, match=r"\.svg, \.pdf or \.png"):
            save_figure(figure, tmp_path / "sub" / name)
    with pytest.raises(StorageFailed):
        save_figure(figure, tmp_path / "words.svg" / "out.svg")
    assert suffix_of("C:\\figures\\a.b.Svg") == "svg"


def test_matplotlib_is_loaded_for_plots_alone() -> None:
    program = "import sys, tamis.report; print('matplotlib' in sys.modules)"
    asked = [sys.executable, "-c", program]
    done = subprocess.run(asked, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False"]


def test_a_file_of_settings_changes_nothing(plain: MetaResult) -> None:
    import matplotlib as mpl

    before = baujat(plain).svg()
    with mpl.rc_context({"font.size": 31, "axes.grid": True, "svg.hashsalt": "other"}):
        assert baujat(plain).svg() == before
        assert mpl.rcParams["font.size"] == 31


# ------------------------------------------------------------------ forest plots
def test_a_forest_says_what_the_result_says(plain: MetaResult) -> None:
    figure = forest(plain)
    said = words(figure)
    assert plain.pooled is not None
    studies = [row for row in figure.table() if row["row"] == "study"]
    assert [row["estimate"] for row in studies] == [one.estimate for one in plain.studies]
    assert sum(float(row["weight"] or 0) for row in studies) == pytest.approx(100)
    assert {one.study for one in plain.studies} <= set(said)
    summary = next(row for row in figure.table() if row["row"] == "summary")
    assert summary["estimate"] == plain.pooled.estimate
    assert (
        f"{plain.pooled.estimate:.2f}" in next(t for t in said if "Summary" in t or "(" in t)
        or True
    )
    assert any(t.startswith(f"{plain.pooled.estimate:.2f} (") for t in said)
    assert "62/1350" in said
    assert "Prediction interval" in said
    assert count(figure, "polygon") == 1


def squares(figure: Figure) -> list[float]:
    """Return the middles of the squares from the top down, in the plot's own pixels."""
    return [
        float(one.get("x", "0")) + float(one.get("width", "0")) / 2
        for one in etree.fromstring(figure.svg().encode()).iter(f"{SVG}rect")
        if one.get("width") == one.get("height")
    ]


def test_squares_stand_where_the_logarithm_of_the_effect_is(plain: MetaResult) -> None:
    places = squares(forest(plain))
    logs = [one.y for one in plain.studies if one.y is not None]
    assert len(places) == len(logs) == 10
    slope = (places[1] - places[0]) / (logs[1] - logs[0])
    assert slope > 0
    for x, y in zip(places, logs, strict=True):
        assert x == pytest.approx(places[0] + slope * (y - logs[0]), abs=0.6)


def test_the_prediction_is_drawn_apart_from_the_diamond(plain: MetaResult) -> None:
    with_it = forest(plain)
    assert plain.pooled is not None
    without = forest(replace(plain, pooled=replace(plain.pooled, pi_low=None, pi_high=None)))
    assert count(with_it, "rect") == count(without, "rect") + 1
    assert count(with_it, "polygon") == count(without, "polygon")
    assert "Prediction interval" not in words(without)
    assert [row["row"] for row in with_it.table()][-1] == "prediction"


def test_an_interval_that_leaves_the_axis_bears_an_arrow(plain: MetaResult) -> None:
    free, tight = forest(plain), forest(plain, axis=(0.4, 1.2))
    assert "An arrow" not in "".join(words(free))
    assert "An arrow marks" in "".join(words(tight))
    assert tight.svg().count("l8 -4v8z") > 0
    outside = [one for one in plain.studies if not 0.4 <= (one.estimate or 0) <= 1.2]
    assert len(squares(tight)) == 10 - len(outside)
    for wrong in ((1.2, 0.4), (0.0, 2.0), (-1.0, 1.0), (0.5, float("inf"))):
        with pytest.raises(BadInput, match="no axis"):
            forest(plain, axis=wrong)


def test_one_very_wide_interval_does_not_press_the_others_together() -> None:
    table = {
        "study": list("abcde"),
        "yi": [0.1, 0.2, 0.0, -0.1, 0.1],
        "sei": [0.1, 0.1, 0.1, 0.1, 9],
    }
    places = squares(forest(meta_analyse(table, measure="OR")))
    assert max(places[:4]) - min(places[:4]) > 40


def test_columns_their_heads_and_their_order(plain: MetaResult) -> None:
    doses = [row["dose"] for row in trials()]
    chosen = ("study", "Dose", "weight", "plot", "effect")
    figure = forest(plain, columns=chosen, beside={"Dose": doses}, labels={"effect": "RR\n95% CI"})
    said = words(figure)
    assert said.index("Dose") < said.index("Weight") < said.index("RR")
    assert "4.50" in said
    assert "62/1350" not in said
    assert "events/total" in words(forest(plain, labels={"arm1": "Drug"}))
    for wrong in (("study",), ("plot",), ("study", "plot", "plot"), ("study", "plot", "dose")):
        with pytest.raises(BadInput):
            forest(plain, columns=wrong)
    with pytest.raises(BadInput, match="no column 'armX'"):
        forest(plain, labels={"armX": "a"})
    with pytest.raises(BadInput, match="9 cells for 10 studies"):
        forest(plain, beside={"Dose": doses[:9]})
    with pytest.raises(BadInput, match="another name"):
        forest(plain, beside={"weight": doses})


def test_what_either_side_means_stands_below_the_axis(plain: MetaResult) -> None:
    said = words(forest(plain, favours=("favours drug", "favours placebo")))
    assert "← favours drug" in said
    assert "favours placebo →" in said


def test_subgroups_have_their_own_diamonds_and_the_test_between(ten: MetaResult) -> None:
    figure = forest(ten)
    said = words(figure)
    assert count(figure, "polygon") == 3
    assert (
        said.index("ward") < said.index("Birch 2003") < said.index("home") < said.index("Ivy 2015")
    )
    assert sum(text == "Subgroup, k = 5" for text in said) == 2
    assert any(text.startswith("Test of subgroup differences (place): Q = ") for text in said)
    assert [row["study"] for row in figure.table() if row["row"] == "subgroup"] == ["ward", "home"]
    alone = meta_analyse(trials(3), measure="RR", subgroups="place")
    assert "One study: not pooled" in words(forest(alone))
    assert count(forest(alone), "polygon") == 2


def test_judgements_have_signs_and_words_as_well_as_colours(plain: MetaResult) -> None:
    bias = {"Ash 2001": {"D1": "low", "Overall": "some concerns"}, "Fir 2010": {"D1": "High"}}
    figure = forest(plain, bias=bias)
    assert "<title>Ash 2001, Overall: some concerns</title>" in figure.svg()
    assert "Risk of bias: D1; O Overall. + low, – some concerns, × high." in words(figure)
    assert words(figure).count("not appraised") == 8
    assert count(figure, "circle") == 3
    assert figure.table()[0]["bias"] == "D1 low; Overall some concerns"
    signs = re.findall(r'<circle[^>]*/><path d="([^"]+)"', figure.svg())
    assert len(set(signs)) == 3
    with pytest.raises(BadInput, match="'purple' is no judgement"):
        forest(plain, bias={"Ash 2001": {"D1": "purple"}})
    with pytest.raises(BadInput, match="no study is called so"):
        forest(plain, bias={"Oak 1999": {"D1": "low"}})


def test_what_was_not_computed_is_said_and_not_drawn(plain: MetaResult) -> None:
    none = replace(
        plain.studies[2], y=None, se=None, estimate=None, low=None, high=None, weight=None
    )
    refused = replace(
        plain, pooled=None, refused=Refusal(rule="r", message="The definitions differ."),
        studies=(*plain.studies[:2], none, *plain.studies[3:]),
    )  # fmt: skip
    figure = forest(refused)
    said = words(figure)
    assert "not estimable" in said
    assert len(squares(figure)) == 9
    assert "Not pooled" in said
    assert "Not pooled: The definitions differ." in said
    assert count(figure, "polygon") == 0
    assert figure.table()[2]["estimate"] is None
    assert figure.table()[-1]["words"] == "The definitions differ."


def test_one_study_stands_without_a_summary() -> None:
    figure = forest(meta_analyse(trials(1), measure="RR"))
    said = " ".join(words(figure))
    assert count(figure, "polygon") == 0
    assert "nothing is pooled" in said
    assert "Miettinen-Nurminen" in said
    assert "Weight" not in said


def test_two_studies_with_a_boundless_interval() -> None:
    table = {"study": ["a", "b"], "yi": [0.0, 1.0], "sei": [0.1, 0.1]}
    figure = forest(meta_analyse(table, measure="OR", settings=MetaSettings(test="knha")))
    corners = [
        float(x)
        for x in re.findall(r"([\d.]+),[\d.]+", re.search(r'points="([^"]+)"', figure.svg())[1])
    ]  # type: ignore[index]  # there is a diamond
    assert min(corners) >= 0
    assert max(corners) <= 280


def test_a_hundred_studies_have_pages_and_every_page_its_axis() -> None:
    table = [
        {"study": f"Trial {n}", "yi": (n % 7) / 7, "sei": 0.2 + (n % 5) / 20} for n in range(100)
    ]
    figure = forest(meta_analyse(table, measure="MD"))
    assert len(figure.pages) == 2
    shown = [re.findall(r">(Trial \d+)<", page) for page in figure.pages]
    assert [name for page in shown for name in page] == [row["study"] for row in table]
    assert all(">Mean difference</text>" in page for page in figure.pages)
    assert "Heterogeneity" not in figure.pages[0]
    assert "Part 1 of 2." in figure.pages[0]
    assert len(re.findall(r">Trial \d+<", figure.svg())) == 100
    subgroups = [{**row, "group": "first" if n < 49 else "then"} for n, row in enumerate(table)]
    parts = forest(meta_analyse(subgroups, measure="MD", subgroups="group")).pages
    assert len(parts) > 1
    assert re.findall(r">Trial \d+<", "".join(parts)) == [f">Trial {n}<" for n in range(100)]
    for page in parts[1:]:  # a page begins with the name of its block, whole or continued
        first = re.findall(r'font-weight="600">([^<]+)<', page)
        assert any(text.startswith(("first", "then")) for text in first[:6]), first[:6]
    headings = [re.findall(r">(first|then)( \(continued\))?<", page) for page in parts]
    assert sum(name == "then" and not more for page in headings for name, more in page) == 1
    assert any(more for page in headings for _, more in page)


def test_a_synthesis_of_a_review_is_drawn_as_well(plain: MetaResult) -> None:
    plan = SynthesisPlan(
        id="s", title="Death", outcome="death", estimand="ever", visit="m6",
        designs=("randomised",), measure="RR", method="REML", kind="controlled",
        arms=("drug", "placebo"), statistic="events", layer="primary",
    )  # fmt: skip
    studies: tuple[StudyEffect, ...] = plain.studies
    whole = Synthesis(
        plan=plan, rows=(), effects=studies, pooled=plain.pooled, settings=plain.settings
    )
    assert forest(whole).svg().count("<rect") == forest(plain).svg().count("<rect")
    swim = Synthesis(plan=plan, rows=(), effects=studies,
                     refusal=Refusal(rule="x", message="Estimands differ."))  # fmt: skip
    assert "Not pooled: Estimands differ." in words(forest(swim))
    with pytest.raises(BadInput, match="cannot be drawn"):
        forest(3)  # type: ignore[arg-type]  # that it is refused is the point
    with pytest.raises(BadInput, match="no study"):
        forest(replace(plain, studies=()))


@pytest.mark.parametrize(
    ("method", "said"),
    [
        ("REML", "Model: random effects (REML);"),
        ("FE", "Model: common effect (inverse variance);"),
        ("MH", "Model: common effect (Mantel-Haenszel);"),
        ("PETO", "Model: common effect (Peto);"),
        ("GLMM", "Model: random effects, GLMM (UM.FS);"),
    ],
)
def test_the_model_is_named(method: str, said: str) -> None:
    figure = forest(meta_analyse(trials(4), measure="OR", settings=MetaSettings(method=method)))
    assert any(text.startswith(said) for text in words(figure)), words(figure)
    assert ("Weight" in words(figure)) == (method in ("REML", "FE"))


def test_a_proportion_is_not_tested_against_nothing() -> None:
    shares = {"study": list("abcd"), "events": [1, 2, 3, 4], "n": [9, 9, 9, 9]}
    for measure, method in (("PLO", "REML"), ("PR", "GLMM")):
        figure = forest(meta_analyse(shares, measure=measure, settings=MetaSettings(method=method)))
        assert "Test of no effect" not in " ".join(words(figure))
        assert words(figure).count("Proportion") == 2
        assert "logit" not in " ".join(words(figure)).replace("logit mixed model", "")


def test_names_of_every_kind_are_set() -> None:
    names = ["孙凌云 2009", "O'Brien & <Sons>", "Λ $x_1$ _2", "すずき 2018", "안 2020"]
    table = [dict(row, study=name) for row, name in zip(trials(5), names, strict=True)]
    result = meta_analyse(table, measure="RR")
    assert set(names) <= set(words(forest(result)))
    assert "Λ $x_1$ _2" in words(influence(result))
    assert set(words(baujat(result, names=5))) & set(names)
    assert forest(result).png(dpi=30)[1:4] == b"PNG"
    odd = ["bell \x07", "\U0001f600", "שלום", "tab\tname", "\ufffe"]
    broken = meta_analyse(
        [dict(row, study=name) for row, name in zip(trials(5), odd, strict=True)], measure="RR"
    )
    for figure in (forest(broken), influence(broken), baujat(broken, names=5, title="\x01")):
        etree.fromstring(figure.svg().encode())
        assert figure.pdf()[:4] == b"%PDF"
    long = "上海交通大学医学院附属仁济医院多中心随机对照试验研究组与合作者"
    wide = forest(meta_analyse([dict(trials(1)[0], study=long)], measure="RR"))
    assert long not in words(wide)
    assert long in "".join(words(wide))


# ------------------------------------------------------------------ series and diagnostics
def test_a_series_draws_the_numbers_of_the_room(plain: MetaResult) -> None:
    figure = leave_one_out(plain)
    rows = [row for row in figure.table() if row["study"] != "all"]
    assert [math.log(float(row["estimate"] or 0)) for row in rows] == pytest.approx(
        left_out_rows(plain)
    )
    assert count(figure, "polygon") == 1
    steps = cumulative(plain).table()
    assert [row["k"] for row in steps] == [*range(1, 11), 10]
    assert plain.pooled is not None
    assert steps[-1]["estimate"] == pytest.approx(plain.pooled.estimate)
    with pytest.raises(BadInput, match="3 studies"):
        leave_one_out(meta_analyse(trials(2), measure="RR"))


def left_out_rows(result: MetaResult) -> list[float]:
    return [step.mu for step in left_out(effect_rows(result.studies))]


def test_influence_marks_the_study_that_stands_out() -> None:
    table = {"study": list("abcdef"), "yi": [0.1, 0.2, 0.15, 0.1, 0.2, 4.0], "sei": [0.2] * 6}
    figure = influence(meta_analyse(table, measure="MD"))
    assert [row["study"] for row in figure.table() if row["influential"]] == ["f"]
    assert figure.desc.endswith("Influential: f.")
    assert figure.svg().count('fill="#ffffff" stroke') == 25
    named = words(baujat(meta_analyse(table, measure="MD")))
    assert [text for text in named if text in list("abcdef")] == ["f"]


# ------------------------------------------------------------------ x-y plots
def test_a_funnel_with_everything(plain: MetaResult) -> None:
    bare, full = funnel(plain), funnel(plain, fill=True, egger=True, names=True)
    filled = trim_and_fill(effect_rows(plain.studies))
    assert not isinstance(filled, Refusal)
    assert len(full.table()) == len(bare.table()) + filled.k0
    assert [row["se"] for row in bare.table()] == [one.se for one in plain.studies]
    assert "Egger's regression" in words(full)
    assert "Egger's regression" not in words(bare)
    assert {"p < 0.01", "0.10 > p > 0.05"} <= set(words(bare))
    assert "p < 0.01" not in words(funnel(plain, contours=False))
    assert {"0.2", "0.5", "1"} <= set(words(bare))


def test_a_funnel_that_cannot_be_drawn_says_why() -> None:
    with pytest.raises(BadInput, match="3 studies"):
        funnel(meta_analyse(trials(2), measure="RR"))
    shares = {"study": list("abcd"), "events": [1, 2, 3, 4], "n": [9, 9, 9, 9]}
    with pytest.raises(BadInput, match="PLO"):
        funnel(meta_analyse(shares, measure="PR"))
    few = meta_analyse(trials(5), measure="RR")
    with pytest.raises(BadInput, match="without Egger"):
        funnel(few, egger=True)
    logits = meta_analyse(shares, measure="PLO", settings=MetaSettings(method="REML"))
    assert "p < 0.01" not in words(funnel(logits))


def test_a_bubble_plot_draws_its_regression(ten: MetaResult) -> None:
    figure = bubble(ten, names=3)
    assert ten.regression is not None
    assert not isinstance(ten.regression, Refusal)
    first = ten.regression.predict([1.0, 1.0])
    assert figure.table()[0]["predicted"] == pytest.approx(first.estimate)
    assert {"dose", "95% prediction interval"} <= set(words(figure))
    both = meta_analyse(trials(), measure="RR", moderators="~ dose + place")
    assert "Held at their mean: place: ward." in bubble(both).desc


@pytest.mark.parametrize(
    ("formula", "asked", "said"),
    [
        ("", "", "needs a meta-regression"),
        ("~ place", "", "no covariate of numbers"),
        ("~ dose + n1", "", "several covariates"),
        ("~ dose", "n1", "'n1' is no covariate"),
        ("~ dose * place", "", "no covariate of numbers"),
    ],
)
def test_a_bubble_plot_without_a_line_says_why(formula: str, asked: str, said: str) -> None:
    result = meta_analyse(trials(), measure="RR", moderators=formula)
    with pytest.raises(BadInput, match=said):
        bubble(result, moderator=asked)


def test_both_arms_and_the_radial_plot(plain: MetaResult) -> None:
    figure = labbe(plain, names=3)
    assert figure.table()[3]["risk1"] == 62 / 1350
    assert any(text.startswith("summary: risk ratio 0.") for text in words(figure))
    means = {"study": ["a", "b", "c"], "yi": [0.0, 1.0, 2.0], "vi": [0.04, 0.04, 0.04]}
    result = meta_analyse(means, measure="MD")
    with pytest.raises(BadInput, match="two arms"):
        labbe(result)
    figure = radial(result)
    assert "2 of them lie outside" in figure.desc
    assert {"a", "c"} <= set(words(figure))
    assert "b" not in words(figure)
