"""review.toml is read whole or refused with its line and the nearest key."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.app.protocol.protocol import parse_protocol
from tamis.domain.errors import BadInput

GOOD = """\
[review]
id = "demo"
title = "Does it work?"

[question]
population = "people"
intervention = "a drug"
comparator = "placebo"
outcomes = "remission"
designs = "trials"

[[visit]]
id = "m6"
label = "6 months"
months = "6"

[[outcome]]
id = "remission"
name = "remission"
importance = "critical"
kind = "binary"
better = "higher"
verbs = { en = "remission" }
  [[outcome.threshold]]
  size = "mid"
  value = "100"
  unit = "per 1,000"
  source = "set for the test"

[[synthesis]]
id = "remission-rct"
outcome = "remission"
estimand = "point"
visit = "m6"
designs = ["randomised"]
measure = "RD"
method = "one-study"
kind = "controlled"
arms = ["drug", "placebo"]

[tools]
case-series = "jbi-case-series"
"""


def test_a_whole_protocol_is_read() -> None:
    protocol = parse_protocol(GOOD)
    assert protocol.head.title == "Does it work?"
    assert protocol.outcomes[0].thresholds[0].value == "100"
    assert protocol.syntheses[0].arms == ("drug", "placebo")
    assert protocol.tools == (("case-series", "jbi-case-series"),)
    assert protocol.dedupe_policy == "versions-are-links"


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("comparator =", "comparater =", 8, "comparator"),
        ("[[outcome]]", "[[outcomes]]", 17, "outcome"),
        ('size = "mid"', 'sise = "mid"', 25, "size"),
        ('outcome = "remission"\nest', 'outcome = "remision"\nest', 32, "remission"),
        ('visit = "m6"', 'visit = "m7"', 34, "m6"),
        ('id = "m6"', 'id = "M 6"', 13, "slug"),
        ('title = "Does it work?"', "", 1, "title"),
        ("[question]", "[question", 5, "TOML"),
        ('designs = ["randomised"]', "designs = 3", 35, "designs"),
        ("[tools]", '[dedupe]\npolicy = "guess"\n[tools]', 42, "policy"),
        ("[[visit]]", "[visit]", 12, "[[visit]]"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in GOOD
    with pytest.raises(BadInput) as caught:
        parse_protocol(GOOD.replace(old, new, 1))
    assert caught.value.where is not None
    assert caught.value.where.file == "review.toml"
    assert caught.value.where.line == line
    assert says in str(caught.value)


@pytest.mark.parametrize("values", [("150", "150", "250"), ("100", "250", "250.0")])
def test_two_sizes_with_one_threshold_are_refused_with_the_line(values: tuple[str, ...]) -> None:
    block = GOOD[GOOD.index("  [[outcome.threshold]]") : GOOD.index("[[synthesis]]")]
    rows = "".join(
        block.replace('"mid"', f'"{size}"').replace('"100"', f'"{value}"')
        for size, value in zip(("small", "moderate", "large"), values, strict=True)
    )
    with pytest.raises(BadInput, match="are both") as caught:
        parse_protocol(GOOD.replace(block, rows))
    assert caught.value.where is not None
    lines = GOOD.replace(block, rows).splitlines()
    told = lines[caught.value.where.line - 1].strip()
    assert told == f'value = "{values[1] if values[0] == values[1] else values[2]}"'


def test_what_is_written_is_told_from_what_stands_on_its_default() -> None:
    protocol = parse_protocol(GOOD + '\n[screening]\nblinding = "per-record"\n')
    assert protocol.screening == parse_protocol(GOOD).screening
    assert "screening.blinding" in protocol.stated
    assert "screening.blinding" not in parse_protocol(GOOD).stated
    assert "synthesis.remission-rct.method" in protocol.stated


def test_the_protocol_chooses_the_interval_of_a_pool() -> None:
    text = GOOD.replace('method = "one-study"', 'method = "REML"\ntest = "wald"')
    assert parse_protocol(text).syntheses[0].test == "wald"
    with pytest.raises(BadInput) as caught:
        parse_protocol(text.replace('"wald"', '"z"'))
    assert "hartung-knapp, wald" in str(caught.value)


def test_an_id_is_never_used_twice() -> None:
    twice = GOOD + GOOD[GOOD.index("[[visit]]") : GOOD.index("[[outcome]]")]
    with pytest.raises(BadInput, match="stands twice"):
        parse_protocol(twice)


def test_a_missing_section_is_named() -> None:
    with pytest.raises(BadInput, match=r"\[question\] is missing"):
        parse_protocol(GOOD[: GOOD.index("[question]")])


@given(st.text(max_size=200))
def test_any_text_is_a_protocol_or_a_clear_refusal(text: str) -> None:
    with pytest.raises(BadInput):
        parse_protocol(text)


@given(st.integers(min_value=0, max_value=len(GOOD) - 1), st.characters(codec="utf-8"))
def test_any_changed_character_is_read_or_refused(at: int, character: str) -> None:
    with contextlib.suppress(BadInput):
        assert parse_protocol(GOOD[:at] + character + GOOD[at + 1 :]).head


@pytest.mark.parametrize(
    ("line", "problem", "remedy"),
    [
        ('start_level = "high"', "'start_level' is no whole number", "without quotes"),
        ("start_level = 1.5", "'start_level' is no whole number", "decimal point"),
        ("id = 3", "'id' is no text", "double quotes"),
        ('designs = "randomised"', "'designs' is no list", "square brackets"),
        ('concepts = "lupus"', "'concepts' is no table of names", "concepts = {"),
    ],
)
def test_a_value_of_another_type_is_named_in_plain_words(
    line: str, problem: str, remedy: str
) -> None:
    key = line.partition(" ")[0]
    body = {"id": '"b"', "outcome": '"o"', "designs": '["randomised"]', "start_level": "4"}
    lines = [line if name == key else f"{name} = {value}" for name, value in body.items()]
    lines += [line] if key not in body else []
    text = "\n".join([GOOD.partition("\n[[body]]")[0], "[[body]]", *lines])
    with pytest.raises(BadInput) as caught:
        parse_protocol(text)
    assert problem in caught.value.problem
    assert remedy in caught.value.remedy
    assert caught.value.where is not None
    assert caught.value.where.line == text.splitlines().index(line) + 1


TEAM = """
[[team]]
id = "p-a"
name = "A"
[[team]]
id = "p-b"
name = "B"
[[team]]
id = "p-c"
name = "C"
roles = ["consensus"]
[screening]
"""


def test_the_rules_of_allocation_are_read() -> None:
    rules = parse_protocol(
        GOOD + TEAM + 'allocation = "share"\nshares = { p-a = 2, p-b = 1 }\nsettling = "group"\n'
        'settlers = ["p-c"]\nreason_conflicts = true\nseed = 7\norder = "newest"\n'
        'blinding = "per-stage"\npairs = [["p-a", "p-b"]]\nseniors = ["p-a"]\n'
    ).screening
    assert rules.shares == (("p-a", 2), ("p-b", 1))
    assert rules.pairs == (("p-a", "p-b"),)
    assert (rules.settlers, rules.reason_conflicts, rules.seed) == (("p-c",), True, 7)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('allocation = "pears"', "pairs"),
        ('allocation = "pairs"', "groups of 2"),
        ('allocation = "pairs"\npairs = [["p-a"]]', "groups of 2"),
        ('allocation = "rotating-pairs"\nreviewers_per_record = 3', "2 people"),
        ('allocation = "senior"', "seniors"),
        ('allocation = "share"\nshares = { p-a = 1 }', "weights"),
        ('shares = ["p-a"]', "shares"),
        ('settlers = ["p-d"]', "p-d"),
        ('settling = "nobody"', "anyone"),
        ('agreement_bar = "high"', "number"),
    ],
)
def test_an_allocation_that_cannot_work_is_refused_with_its_line(text: str, says: str) -> None:
    with pytest.raises(BadInput, match=says) as caught:
        parse_protocol(GOOD + TEAM + text + "\n")
    assert caught.value.where is not None
    assert (caught.value.where.line or 0) > len((GOOD + TEAM).splitlines()) - 1
