"""Every cell of the matrix in both languages, and what a statement may never do."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.certainty.bodies import outcome

from tamis.certainty import (
    LEVELS,
    Effect,
    StatementWords,
    no_evidence,
    not_estimable,
    statement,
    words_for,
)
from tamis.certainty.statements import column_of, strength_of
from tamis.certainty.wording import COLUMNS, LEVEL_ZH, MATRIX, VERY_LOW_DIRECTION, spaced
from tamis.domain.errors import BadInput
from tamis.domain.grading import Statement
from tamis.domain.results import Interval

NAMES = {"en": ("MSC", "placebo"), "zh": ("MSC", "安慰剂")}
SIZES = ("large", "moderate", "small", "trivial", "unsized")


def words(lang: str, **changed) -> StatementWords:
    intervention, comparator = NAMES[lang]
    return words_for(outcome(**changed), lang, intervention=intervention, comparator=comparator)


def said(lang: str, level: int, size: str, **changed) -> Statement:
    options = {"upward": False, "excludes_null": True} | changed
    return statement(words(lang), level=level, size=size, **options)


#: Read aloud: (language, level, size) -> the statement, for less of the outcome.
SNAPSHOT = {
    ("en", 4, "large"): "MSC results in a large reduction in renal remission",
    ("en", 4, "moderate"): "MSC reduces renal remission",
    ("en", 4, "small"): "MSC reduces renal remission slightly",
    ("en", 4, "trivial"): "MSC results in little to no difference in renal remission",
    ("en", 3, "large"): "MSC likely results in a large reduction in renal remission",
    ("en", 3, "moderate"): "MSC likely reduces renal remission",
    ("en", 3, "small"): "MSC likely reduces renal remission slightly",
    ("en", 3, "trivial"): "MSC likely results in little to no difference in renal remission",
    ("en", 2, "large"): "MSC may result in a large reduction in renal remission",
    ("en", 2, "moderate"): "MSC may reduce renal remission",
    ("en", 2, "small"): "MSC may reduce renal remission slightly",
    ("en", 2, "trivial"): "MSC may result in little to no difference in renal remission",
    ("zh", 4, "large"): "MSC 使肾脏缓解率大幅降低",
    ("zh", 4, "moderate"): "MSC 降低肾脏缓解率",
    ("zh", 4, "small"): "MSC 使肾脏缓解率略有降低",
    ("zh", 4, "trivial"): "与安慰剂相比，MSC 在肾脏缓解率方面几乎没有差异",
    ("zh", 3, "large"): "MSC 很可能使肾脏缓解率大幅降低",
    ("zh", 3, "moderate"): "MSC 很可能降低肾脏缓解率",
    ("zh", 3, "small"): "MSC 很可能使肾脏缓解率略有降低",
    ("zh", 3, "trivial"): "与安慰剂相比，MSC 在肾脏缓解率方面很可能几乎没有差异",
    ("zh", 2, "large"): "MSC 可能使肾脏缓解率大幅降低",
    ("zh", 2, "moderate"): "MSC 可能降低肾脏缓解率",
    ("zh", 2, "small"): "MSC 可能使肾脏缓解率略有降低",
    ("zh", 2, "trivial"): "与安慰剂相比，MSC 在肾脏缓解率方面可能几乎没有差异",
} | {
    (lang, 1, size): text
    for lang, text in (
        ("en", "The evidence is very uncertain about the effect of MSC on renal remission"),
        ("zh", "关于 MSC 对肾脏缓解率的影响，证据非常不确定"),
    )
    for size in SIZES[:4]
}

ENDINGS = {
    ("en", 4): " (high certainty, ⊕⊕⊕⊕).",
    ("en", 3): " (moderate certainty, ⊕⊕⊕◯).",
    ("en", 2): " (low certainty, ⊕⊕◯◯).",
    ("en", 1): " (very low certainty, ⊕◯◯◯).",
    ("zh", 4): "（高确定性，⊕⊕⊕⊕）。",
    ("zh", 3): "（中等确定性，⊕⊕⊕◯）。",
    ("zh", 2): "（低确定性，⊕⊕◯◯）。",
    ("zh", 1): "（极低确定性，⊕◯◯◯）。",
}


@pytest.mark.parametrize("cell", SNAPSHOT, ids=str)
def test_every_cell_of_the_matrix(cell) -> None:
    lang, level, _ = cell
    assert said(*cell).text == SNAPSHOT[cell] + ENDINGS[lang, level]


def test_the_snapshot_covers_the_matrix() -> None:
    assert len(SNAPSHOT) == 2 * 4 * 4
    assert {(lang, level) for lang, level in MATRIX} == {
        (lang, level) for lang in ("en", "zh") for level in LEVELS
    }
    assert all(tuple(row) == COLUMNS for row in MATRIX.values())


@pytest.mark.parametrize("level", [4, 3, 2])
def test_an_unsized_effect_off_the_null_is_said_without_a_size(level: int) -> None:
    for lang in ("en", "zh"):
        one = said(lang, level, "unsized")
        assert one.text == said(lang, level, "moderate").text
        assert (one.size, one.column) == ("unsized", "moderate")


@pytest.mark.parametrize("level", [4, 3, 2])
def test_an_unsized_effect_on_the_null_is_not_established(level: int) -> None:
    ratio = Effect(measure="RR", estimate=0.9, interval=Interval(low=0.554, high=1.461, method="z"),
                   inputs=("v:1",))  # fmt: skip
    one = said("en", level, "unsized", excludes_null=False, effect=ratio)
    assert one.text == (
        "An effect of MSC on renal remission is not established: the interval (0.55 to 1.46) "
        "includes both a reduction and an increase" + ENDINGS["en", level]
    )
    two = said("zh", level, "unsized", excludes_null=False, effect=ratio)
    assert two.text == (
        "尚未确立 MSC 对肾脏缓解率的影响：区间（0.55 至 1.46）既包含降低也包含提高"
        + ENDINGS["zh", level]
    )
    assert one.strength == two.strength == 1
    assert {n.inputs for n in one.numbers} == {("v:1",)}


def test_at_very_low_the_column_changes_nothing() -> None:
    found = {said("en", 1, size, excludes_null=False).text for size in SIZES}
    assert len(found) == 1


@pytest.mark.parametrize("low", [1.0, float("-inf")])
def test_an_interval_that_only_touches_or_has_no_limit(low: float) -> None:
    ratio = Effect(measure="RR", estimate=1.3, interval=Interval(low=low, high=1.6, method="z"))
    text = said("en", 2, "unsized", excludes_null=False, effect=ratio).text
    assert "includes no difference" in text
    assert "both" not in text


@pytest.mark.parametrize(
    ("lang", "size", "text"),
    [
        ("en", "large", "MSC may result in a large reduction in renal remission, but the evidence "
         "is very uncertain (very low certainty, ⊕◯◯◯)."),
        ("zh", "small", "MSC 可能使肾脏缓解率略有降低，但证据非常不确定（极低确定性，⊕◯◯◯）。"),
    ],
)  # fmt: skip
def test_the_second_form_at_very_low_carries_its_clause(lang: str, size: str, text: str) -> None:
    one = said(lang, 1, size, direction_at_very_low=True)
    assert (one.text, one.strength) == (text, 2)


@pytest.mark.parametrize(("size", "excludes"), [("trivial", True), ("unsized", False)])
def test_the_second_form_needs_a_direction(size: str, excludes: bool) -> None:
    one = said("en", 1, size, excludes_null=excludes, direction_at_very_low=True)
    assert one.text.startswith("The evidence is very uncertain")
    assert one.strength == 1


def test_no_study_and_not_estimable_carry_no_certainty() -> None:
    assert no_evidence(words("en")).text == "We found no evidence on renal remission."
    assert no_evidence(words("zh")).text == "未发现关于肾脏缓解率的证据。"
    assert not_estimable(words("en")).text == (
        "An effect of MSC on renal remission could not be estimated."
    )
    assert not_estimable(words("zh")).text == "MSC 对肾脏缓解率的影响无法估计。"
    assert {no_evidence(words(lang)).level for lang in ("en", "zh")} == {None}


def test_names_nobody_gave_are_words() -> None:
    bare = words_for(outcome(names=()), "en")
    text = statement(bare, level=4, size="small", upward=True, excludes_null=True).text
    assert text.startswith("The intervention increases remission slightly")


@pytest.mark.parametrize(
    ("verbs", "lang"),
    [
        ((("en", "improve/worsen"),), "en"),
        ((("zh", "改善/恶化"),), "zh"),
        ((("en", "increase"),), "en"),
        ((("en", "reduce/increase"),), "en"),
    ],
)
def test_verbs_that_judge_are_refused(verbs, lang: str) -> None:
    with pytest.raises(BadInput, match="for more and for less"):
        words(lang, verbs=verbs)


def test_a_language_without_a_matrix_is_refused() -> None:
    with pytest.raises(BadInput, match="en or zh"):
        words_for(outcome(), "fr")


@pytest.mark.parametrize(("level", "size"), [(5, "large"), (0, "large"), (2, "huge")])
def test_no_level_and_no_size_are_refused(level: int, size: str) -> None:
    with pytest.raises(BadInput):
        said("en", level, size)


@pytest.mark.parametrize(
    ("kind", "verbs"),
    [("binary", ("增加", "减少")), ("continuous", ("升高", "降低")), ("time-to-event",
                                                                      ("增加", "减少"))],
)  # fmt: skip
def test_verbs_fit_the_kind_of_outcome(kind: str, verbs) -> None:
    found = words("zh", kind=kind, verbs=(), thresholds=())
    assert (found.up, found.down) == verbs


def test_chinese_and_latin_are_kept_apart() -> None:
    assert spaced("MSC使SLEDAI评分降低") == "MSC 使 SLEDAI 评分降低"


# ------------------------------------------------------------------ laws
ANY = st.tuples(
    st.sampled_from(("en", "zh")),
    st.sampled_from(sorted(LEVELS)),
    st.sampled_from(SIZES),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
EFFECT = Effect(measure="RR", estimate=0.9, interval=Interval(low=0.5, high=1.5, method="z"))

DIRECTION = re.compile(r"reduc|increas|降低|提高|大幅|略有")


def made(cell) -> Statement:
    lang, level, size, upward, excludes, second = cell
    return statement(
        words(lang), level=level, size=size, upward=upward, excludes_null=excludes, effect=EFFECT,
        direction_at_very_low=second,
    )  # fmt: skip


@given(ANY)
def test_a_statement_is_never_stronger_than_its_level(cell) -> None:
    one = made(cell)
    assert one.level == cell[1]
    ceiling = {4: 4, 3: 3, 2: 2, 1: 1}[cell[1]]
    uncertain = "uncertain" in one.text or "不确定" in one.text
    assert one.strength <= ceiling or (one.strength == 2 and cell[1] == 1 and uncertain)
    assert one.strength == strength_of(
        cell[1], one.column, direction="but the" in one.text or "但证据" in one.text
    )


@given(ANY)
def test_direction_words_need_thresholds_or_an_interval_off_the_null(cell) -> None:
    one = made(cell)
    _, _, size, _, excludes, _ = cell
    if size == "unsized" and not excludes:
        assert one.column == "not-established"
        assert not DIRECTION.search(one.text.split(":")[0].split("：")[0])


@given(ANY)
def test_words_hold_no_digit_and_end_with_the_certainty(cell) -> None:
    one = made(cell)
    plain = "".join(part for part, *_ in Formatter().parse(one.pattern + one.ending))
    assert not any(char.isdigit() for char in plain)
    label, symbols = LEVELS[cell[1]]
    word = LEVEL_ZH[cell[1]] if cell[0] == "zh" else f"{label} certainty"
    assert re.search(rf"{word}[，, ]+{symbols}[）)][。.]$", one.text)


@given(ANY)
def test_chinese_keeps_its_fixed_words(cell) -> None:
    if cell[0] == "en":
        return
    text = made(cell).text
    for never in ("或许", "也许", "显著", "改善", "不明确", "有争议", "大概"):
        assert never not in text
    if cell[1] == 3:
        assert "可能" not in text.replace("很可能", "")
    if cell[1] in (4, 1) and "但" not in text:
        assert "可能" not in text


@given(st.text(max_size=30), st.sampled_from(("en", "zh")))
def test_any_name_can_stand_in_a_statement(name: str, lang: str) -> None:
    found = words(lang, names=((lang, (name,)),)) if name else words(lang)
    one = statement(found, level=2, size="small", upward=True, excludes_null=True)
    assert one.text.endswith(ENDINGS[lang, 2])


def test_columns_and_second_forms_are_those_of_the_table() -> None:
    assert {column_of(size, excludes_null=True) for size in SIZES} == set(COLUMNS[:-1])
    assert set(VERY_LOW_DIRECTION["en"]) == {"large", "moderate", "small"}
