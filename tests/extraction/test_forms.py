"""Forms: those that ship, and clear errors for a review's own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.app.words import is_characteristic
from tamis.domain.errors import BadInput
from tamis.domain.ids import SLUG
from tamis.extraction.forms import FIELD_KINDS, FORMS, KEYS, check_answer, read_form

FORM = """
id = "ours"
version = "1"
label = { en = "Ours" }
[[section]]
id = "one"
label = { en = "One", zh = "一" }
repeat = "study"
[[section.field]]
id = "stopped-early"
label = { en = "Stopped" }
kind = "choice"
options = [{ id = "yes", en = "yes" }, { id = "no", en = "no" }]
[[section.field]]
id = "why"
label = { en = "Why" }
kind = "text"
required_if = { field = "stopped-early", is = ["yes"] }
"""


def test_the_shipped_forms_are_whole_in_two_languages() -> None:
    assert list(FORMS) == ["study", "arms", "tidier", "outcomes", "results"]
    for form in FORMS.values():
        for section in form.sections:
            assert set(section.labels) == {"en", "zh"}
            for field in section.fields:
                assert set(field.labels) == {"en", "zh"}
                assert all(set(option.labels) == {"en", "zh"} for option in field.options)
                assert field.outcome == "*" or SLUG.match(field.outcome)
                assert field.outcome == "*" or is_characteristic(field.outcome), field.id
                assert field.kind in FIELD_KINDS


def test_tidier_has_its_items_and_results_every_statistic() -> None:
    items = [field.id for section in FORMS["tidier"].sections for field in section.fields]
    assert len([item for item in items if item.startswith("tidier-")]) == len(items) >= 12
    statistics = {f.statistic for s in FORMS["results"].sections for f in s.fields}
    assert {"events", "n", "mean", "sd", "median", "estimate", "ci_low", "p"} <= statistics


def test_people_are_counted_four_times() -> None:
    fields = [field.id for section in FORMS["study"].sections for field in section.fields]
    assert len([name for name in fields if name.startswith("participants-")]) == 4


def test_a_field_knows_its_section() -> None:
    form = read_form(FORM.encode(), name="ours.toml")
    assert form.section_of("why").id == "one"
    with pytest.raises(BadInput, match="no field"):
        form.field("wy")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('kind = "text"', 'kind = "txt"', "did you mean 'text'"),
        ('repeat = "study"', 'repeat = "studdy"', "did you mean 'study'"),
        ('version = "1"', 'versoin = "1"', "did you mean 'version'"),
        ('version = "1"', "version = 1", "no text"),
        ('id = "why"', 'id = "stopped-early"', "two fields"),
        ('id = "why"', 'id = "Why?"', "has the id"),
        ('field = "stopped-early", is', 'field = "stoped", is', "no field before it"),
        ('is = ["yes"]', 'is = ["maybe"]', "no answers"),
        ('is = ["yes"]', 'is = "yes"', "no list"),
        ('{ en = "Why" }', '"Why"', "no label"),
        ('kind = "choice"', 'kind = "text"', "a choice has options"),
        ('kind = "text"', 'kind = "text"\nstatistic = "average"', "no statistic"),
        ('kind = "text"', 'kind = "text"\nneeds_anchor = "no"', "true or false"),
        ('kind = "text"', "kind = ", "valid TOML"),
        ("[[section]]", "[section]", "list of tables"),
        ('id = "ours"', "", "lacks 'id'"),
    ],
)
def test_what_is_wrong_with_a_form_is_said_with_its_file(old: str, new: str, problem: str) -> None:
    assert old in FORM
    with pytest.raises(BadInput, match=problem) as caught:
        read_form(FORM.replace(old, new, 1).encode(), name="forms/ours.toml")
    assert str(caught.value).startswith("forms/ours.toml: ")


def test_a_form_that_is_no_text() -> None:
    with pytest.raises(BadInput, match="UTF-8"):
        read_form(b"\xff\xfe", name="x.toml")


@given(st.text(max_size=60))
def test_noise_is_refused_and_never_breaks(text: str) -> None:
    with pytest.raises(BadInput):
        read_form(text.encode("utf-8", "replace"), name="x.toml")


@pytest.mark.parametrize(
    ("form", "field", "text", "unit", "kept"),
    [
        ("study", "planned-n", "1,204", "", "1204"),
        ("study", "planned-n", "many", "", ""),
        ("study", "recruitment-start", "2019-03", "", "2019-03"),
        ("study", "recruitment-start", "March 2019", "", ""),
        ("study", "recruitment-start", "2019-13", "", ""),
        ("study", "stopped-early", "yes", "", "yes"),
        ("study", "stopped-early", "perhaps", "", ""),
        ("study", "follow-up-months", "12", "months", "12"),
        ("study", "follow-up-months", "12", "", ""),
        ("study", "follow-up-months", "a year", "months", ""),
        ("study", "setting", "  ", "", ""),
    ],
)
def test_answers_are_checked_by_their_kind(
    form: str, field: str, text: str, unit: str, kept: str
) -> None:
    asked = FORMS[form].field(field)
    if kept:
        assert check_answer(asked, text, unit=unit) == kept
    else:
        with pytest.raises(BadInput):
            check_answer(asked, text, unit=unit)


def test_the_keys_are_documented_as_a_table() -> None:
    assert set(KEYS) == {"the file", "section", "field", "option", "required_if"}
