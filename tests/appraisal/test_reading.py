"""The data file of a tool: what it may say, and what is refused with its place and remedy."""

from __future__ import annotations

import re
from contextlib import suppress
from importlib import resources
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.appraisal.making import OWN

from tamis.appraisal import KEYS, TOOLS, Tool, by_key, find_tool, read_tool, read_wording
from tamis.appraisal.checking import MOST_PATHS
from tamis.domain.errors import BadInput

FILES = sorted(
    (f for f in (resources.files("tamis.appraisal") / "tools").iterdir() if f.name[0] != "_"),
    key=lambda f: f.name,
)


def read(text: str) -> Tool:
    return read_tool(text.encode(), name="tools/site.toml")


def test_a_tool_of_ones_own_is_one_file() -> None:
    tool = read(OWN)
    assert (tool.key, tool.unit, tool.scale) == ("site-check", "study", ("fine", "poor"))
    assert [question.id for question in tool.questions] == ["1", "2"]
    assert tool.places == ("site", "overall")
    assert list(tool.forms()) == [tool]


#: What is changed in the file, and what the refusal says.
BROKEN = {
    "no TOML": ('id = "site-check"', "id = site", "not valid TOML"),
    "unknown key": ('unit = "study"', 'unti = "study"', "'unti' is not known.*did you mean 'unit'"),
    "missing key": ('version = "1"', "", "'version' is missing in the file"),
    "unknown word": ('unit = "study"', 'unit = "trial"', "'trial' is no unit"),
    "no slug": ('id = "site-check"', 'id = "Site check"', "not a slug"),
    "text expected": ('version = "1"', "version = 1", "'version' is 1"),
    "list expected": ('["yes"]', '"yes"', "write a list of texts"),
    "unknown tone": ('tone = "worst"', 'tone = "red"', "'red' is no tone of poor"),
    "question twice": ('id = "2"', 'id = "1"', "the id '1' stands twice"),
    "domain like a question": ('id = "site"', 'id = "1"', "stands twice"),
    "later question": ('ask_if = [{ "1"', 'ask_if = [{ "3"', "depends on '3'"),
    "itself": ('ask_if = [{ "1"', 'ask_if = [{ "2"', "depends on '2'"),
    "unknown answer": ('ask_if = [{ "1" = ["yes"]', 'ask_if = [{ "1" = ["yess"]', "'yess'"),
    "unknown judgement": ('then = "fine"', 'then = "fien"', "did you mean 'fine'"),
    "none without why": (', why = "nobody looked"', "", "does not say why"),
    "a gap": ('  { then = "none", why = "nobody looked" },\n', "", "no rule holds for 1 no"),
    "a dead rule": (
        '  { then = "none", why', '  { if = { "1" = ["no"] }, then = "poor" },\n'
        '  { then = "none", why', "rule 4 of part 1 is never reached",
    ),
    "an option that is no answer": (
        'label = "visited by a monitor"', 'label = "v"\noptions = ["maybe"]',
        "'maybe' is no option of 1",
    ),
    "a ladder with an empty rung": (
        'label = "visited by a monitor"', 'label = "v"\nladder = ["yes", "maybe"]',
        "rung without answers",
    ),
    "overall of another kind": ('rule = "worst"', 'rule = "mean"', "'mean' is no rule"),
    "a tick to nowhere": (
        'rule = "worst"',
        'rule = "worst"\nticks = [{ id = "t", label = "t", from = "fine", to = "bad" }]',
        "'bad' is no judgement of the tick t",
    ),
    "a rule for a score that is none": (
        'rule = "worst"',
        'rule = "table"\nrules = [{ at_most = { stars = 1 }, then = "poor" }, { then = "fine" }]',
        "'stars' is no score",
    ),
    "a count of nothing": (
        '{ if = { "2" = ["yes"] }, then',
        '{ count = [{ answers = ["yes"], of = ["9"], least = 1 }], then', "depends on '9'",
    ),
    "a step with the word of a group": (
        "[[domain.part]]",
        '[[domain.step]]\nid = "s"\nrules = [{ then = "none" }]\n\n[[domain.part]]',
        "not a word of its own",
    ),
    "no answers": ('answers = { yes = "yes", no = "no" }', "answers = {}", "has no answers|cannot"),
    "a group that is an answer": (
        'unit = "study"', 'unit = "study"\ngroups = { yes = ["no"] }', "a group and an answer",
    ),
    "two judgements with one symbol": ('symbol = "×"', 'symbol = "+"', "have the same symbol '.'"),
    "an address that runs": (
        "https://example.org/site-check", "javascript:alert(1)", "is no web page",
    ),
    "a question that no rule reads": (
        "[[domain.part]]",
        '[[domain.question]]\nid = "3"\nlabel = "read by nobody"\n\n[[domain.part]]',
        "question 3 of site is read by no rule",
    ),
    "a first question that depends on the second": (
        'label = "visited by a monitor"', 'label = "v"\nask_if = [{ "2" = ["yes"] }]',
        "1 depends on '2'.*put 1 behind what leads to it",
    ),
    "a word for support that is none": (
        'unit = "study"', 'unit = "study"\nsupport = "perhaps"', "'perhaps' is no word for support",
    ),
    "a variant of a domain that is none": (
        "[overall]", '[variant.x]\nlabel = "x"\ndomains = ["sites"]\n\n[overall]',
        "'sites' is no domain of the variant x",
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", list(BROKEN))
def test_a_tool_that_contradicts_itself_is_refused(case: str) -> None:
    old, new, says = BROKEN[case]
    assert old in OWN
    with pytest.raises(BadInput, match=says) as caught:
        read(OWN.replace(old, new, 1))
    assert caught.value.where.file == "tools/site.toml"
    assert caught.value.remedy
    assert "use ." not in str(caught.value)


def test_a_scale_of_one_word_is_refused() -> None:
    start, end = OWN.index('[[judgement]]\nid = "poor"'), OWN.index("[overall]")
    text = (OWN[:start] + OWN[end:]).replace('"poor"', '"fine"')
    with pytest.raises(BadInput, match="has 1 judgement to choose from"):
        read(text)


@pytest.mark.parametrize(
    "case", ["two judgements with one symbol", "a question that no rule reads"]
)
def test_a_tool_of_an_older_log_is_read_though_it_would_be_refused_now(case: str) -> None:
    old, new, _ = BROKEN[case]
    text = OWN.replace(old, new, 1)
    assert read_tool(text.encode(), name="tools/site.toml", adopted=True).id == "site-check"


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(BadInput, match="not UTF-8"):
        read_tool(OWN.encode("utf-16"), name="x.toml")


@pytest.mark.slow
def test_a_domain_with_too_many_paths_is_refused_and_not_half_checked() -> None:
    many = "".join(f'[[domain.question]]\nid = "q{n}"\nlabel = "q"\n\n' for n in range(20))
    names = ", ".join(f'"q{n}"' for n in range(20))
    rule = f'{{ count = [{{ answers = ["yes"], of = [{names}], least = 2 }}], then = "poor" }},'
    text = OWN.replace("[[domain.part]]", many + "[[domain.part]]")
    text = text.replace("rules = [\n", f"rules = [\n  {rule}\n", 1)
    with pytest.raises(BadInput, match=f"more than {MOST_PATHS} paths"):
        read(text)


def test_two_tools_with_one_key_are_refused() -> None:
    with pytest.raises(BadInput, match="two tools 'site-check'"):
        by_key([read(OWN), read(OWN)])


@given(st.binary(max_size=200))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    with pytest.raises(BadInput):
        read_tool(data, name="x.toml")


@given(st.integers(0, len(OWN) - 1), st.integers(1, 40))
def test_no_damage_breaks_the_reader(start: int, length: int) -> None:
    with suppress(BadInput):
        assert isinstance(read(OWN[:start] + OWN[start + length :]), Tool)


# ------------------------------------------------------------------ what ships
def test_the_tools_that_ship() -> None:
    assert list(TOOLS) == [
        "jbi-case-series", "jbi-quasi-experimental", "jbi-rct:2023", "jbi-rct:2020",
        "minors:non-comparative", "minors:comparative", "nos-case-control", "nos-cohort",
        "ocebm-2009", "ocebm-2011:benefit", "ocebm-2011:common-harm", "quadas-2",
        "rob2:assignment", "rob2:adherence", "robins-i-2016",
        "robins-i-v2:assignment", "robins-i-v2:per-protocol",
    ]  # fmt: skip
    assert len(TOOLS) == 17
    assert [tool.key for tool in TOOLS.values()] == list(TOOLS)
    assert {tool.id for tool in TOOLS.values() if tool.status == "provisional"} == {"robins-i-v2"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_a_file_is_called_like_its_tool_and_says_where_the_original_is(file: object) -> None:
    tool = read_tool(file.read_bytes(), name=file.name)
    assert file.name == f"{tool.id}.toml"
    assert tool.url.startswith("https://")
    assert tool.citation
    assert tool.wording_licence
    for word in tool.judgements:
        assert word.symbol
    for question in tool.questions:
        assert 5 < len(question.label) < 90
        assert not question.label.endswith(("?", ".")), "a label of ours, not a question of theirs"


SYMBOLS = {
    "rob2:assignment": {"L": "+", "S": "–", "H": "×"},
    "robins-i-v2:assignment": {
        "Low": "+", "LX": "(+)", "Moderate": "–", "Serious": "×", "Critical": "!",
    },
    "robins-i-2016": {"Low": "+", "Moderate": "–", "Serious": "×", "Critical": "!", "NI": "?"},
    "quadas-2": {"low": "+", "high": "×", "unclear": "?"},
    "nos-cohort": {"good": "+", "fair": "–", "poor": "×"},
}  # fmt: skip


@pytest.mark.parametrize("key", list(SYMBOLS))
def test_every_judgement_has_its_symbol(key: str) -> None:
    assert {word.id: word.symbol for word in TOOLS[key].judgements} == SYMBOLS[key]
    assert len(set(SYMBOLS[key].values())) == len(SYMBOLS[key])


def test_an_instrument_with_variants_has_to_be_named_with_one() -> None:
    with pytest.raises(BadInput, match="say which: rob2:assignment, rob2:adherence"):
        find_tool("rob2")
    with pytest.raises(BadInput, match="did you mean 'rob2:assignment'"):
        find_tool("rob2:assigment")
    with pytest.raises(BadInput, match="did you mean 'jbi-case-series'"):
        find_tool("jbi-cases-series")


def test_the_keys_of_the_file_are_those_of_the_table() -> None:
    for must, may in KEYS.values():
        assert not set(must.split()) & set(may.split())


# ------------------------------------------------------------------ what the how-to shows
def test_the_tool_and_the_wording_in_the_how_to_are_right() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "appraise.md").read_text("utf-8")
    shown = re.findall(r"^```toml\n(.*?)^```$", page, re.M | re.S)
    assert read(shown[1]) == read(OWN)
    assert shown[1].strip() == OWN.strip()
    name = "wording/rob2-assignment-2019-08-22-en.toml"
    assert set(read_wording(shown[2].encode(), name=name).questions) == {"1.1"}
