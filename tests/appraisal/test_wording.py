"""Official wording is a user's data: checked against the tool, never shipped."""

from __future__ import annotations

import pytest

from tamis.appraisal import read_wording
from tamis.domain.errors import BadInput

TEXT = """
tool = "rob2:assignment"
version = "2019-08-22"
lang = "en"
licence = "CC-BY-NC-ND-4.0"
source = "https://www.riskofbias.info"
[q]
"1.1" = "(the first question in its own words)"
"""
NAME = "rob2-assignment-2019-08-22-en.toml"


def test_wording_is_read_with_its_licence_and_not_printed() -> None:
    found = read_wording(TEXT.encode(), name=f"wording/{NAME}")
    assert found.licence == "CC-BY-NC-ND-4.0"
    assert found.questions == {"1.1": "(the first question in its own words)"}
    assert not found.print_in_reports


def test_whoever_may_print_it_says_so() -> None:
    found = read_wording(f"print_in_reports = true\n{TEXT}".encode(), name=NAME)
    assert found.print_in_reports


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('"1.1"', '"1.9"', r"no question '1\.9'.*did you mean"),
        ('"2019-08-22"', '"2016"', "edition|called"),
        ('licence = "CC-BY-NC-ND-4.0"', "", "'licence' is missing"),
        ("rob2:assignment", "rob2", "say which"),
        ("lang", "language", "not known"),
        ("[q]", "[q", "not TOML"),
        ('(the first question in its own words)"', '"\n"1.2" = 3', "no table of texts"),
        ("tool =", 'print_in_reports = "yes"\ntool =', "write true or false"),
    ],
)
def test_wording_that_does_not_fit_is_refused_with_its_place(old: str, new: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        read_wording(TEXT.replace(old, new, 1).encode(), name=NAME)
    assert caught.value.where.file == NAME


def test_the_name_of_the_file_says_what_it_is() -> None:
    with pytest.raises(BadInput, match=r"call it 'rob2-assignment-2019-08-22-en\.toml'"):
        read_wording(TEXT.encode(), name="wording/rob2.toml")


def test_another_edition_is_refused() -> None:
    text = TEXT.replace("2019-08-22", "2016-10-20")
    with pytest.raises(BadInput, match="the tool here is '2019-08-22'"):
        read_wording(text.encode(), name="rob2-assignment-2016-10-20-en.toml")
