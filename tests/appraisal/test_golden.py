"""A golden table for every other tool: counts and hash of paths, scores, order of items."""

from __future__ import annotations

import hashlib
from collections import Counter
from itertools import product

import pytest
from tests.appraisal.making import RULED, domain_of, representatives, worsened

from tamis.appraisal import TOOLS, canonical, ended, overall, paths, propose, reached, scores

#: Tool and domain -> judgements over every path, and the first 16 digits of the hash.
PATHS = {
    ("robins-i-v2:assignment", "B"): ({"Critical": 28, "none": 12}, "6ffdd056079b24b2"),
    ("robins-i-v2:assignment", "D1A"): (
        {"Serious": 136, "Critical": 64, "LX": 54, "Moderate": 24, "none": 30},
        "297124ad4eb7f738",
    ),
    ("robins-i-v2:per-protocol", "D1B"): (
        {"Serious": 102, "Critical": 42, "LX": 20, "Low": 16, "Moderate": 16},
        "c7467694fd5bc410",
    ),
    ("robins-i-v2:assignment", "D2"): (
        {"Critical": 483, "Serious": 352, "Moderate": 188, "Low": 32, "none": 270},
        "3312b5440a40592f",
    ),
    ("robins-i-v2:assignment", "D3"): (
        {"Serious": 3375, "Critical": 2250, "Moderate": 1216, "Low": 36},
        "191c2758f3eab329",
    ),
    ("robins-i-v2:assignment", "D4"): (
        {"Serious": 23166, "Moderate": 17784, "Critical": 5382, "Low": 3986},
        "25e733cfe800de11",
    ),
    ("robins-i-v2:assignment", "D5"): (
        {"Serious": 43, "Moderate": 26, "Low": 16},
        "1b102365a2cd7f52",
    ),
    ("robins-i-v2:assignment", "D6"): (
        {"Low": 274, "Critical": 132, "Serious": 165, "Moderate": 54},
        "f53051e3221fe48c",
    ),
    ("quadas-2", "D1"): ({"low": 1, "none": 26}, "1981326c24deece0"),
    ("quadas-2", "D2"): ({"low": 1, "none": 8}, "1241f99babcb59c0"),
    ("quadas-2", "D3"): ({"low": 1, "none": 8}, "1241f99babcb59c0"),
    ("quadas-2", "D4"): ({"low": 1, "none": 80}, "6b320f40f6532046"),
    ("ocebm-2011:benefit", "benefit"): (
        {"1": 1, "2": 2, "3": 1, "4": 3, "5": 1},
        "0dfb7a2b61ded198",
    ),
    ("ocebm-2011:common-harm", "common-harm"): (
        {"1": 3, "2": 1, "3": 1, "4": 3, "5": 1, "none": 1},
        "06e390e7a8ac482b",
    ),
    ("ocebm-2009", "therapy"): (
        dict.fromkeys(("1a", "1b", "1c", "2a", "2b", "2c", "3a", "3b", "4", "5"), 1),
        "60ae8d69a0dc753d",
    ),
}
#: Domains that stand in both variants of a tool are the same value.
SHARED = {("robins-i-v2:per-protocol", name) for name in ("B", "D2", "D3", "D4", "D5", "D6")}


def test_every_domain_with_rules_has_a_golden_table() -> None:
    others = {place for place in RULED if not place[0].startswith("rob2:")}
    assert others == set(PATHS) | SHARED
    for key, name in SHARED:
        assert domain_of(TOOLS[key], name) == domain_of(TOOLS["robins-i-v2:assignment"], name)


@pytest.mark.slow
@pytest.mark.parametrize("place", list(PATHS), ids="/".join)
def test_every_path_of_a_domain(place: tuple[str, str]) -> None:
    counts, digest = PATHS[place]
    text = canonical(TOOLS[place[0]], domain_of(TOOLS[place[0]], place[1]))
    lines = text.decode("ascii").split("\n")
    assert Counter(line.rpartition("=")[2] for line in lines) == counts
    assert hashlib.sha256(text).hexdigest()[:16] == digest


# ------------------------------------------------------------------ ROBINS-I V2
V2 = TOOLS["robins-i-v2:assignment"]
PER_PROTOCOL = TOOLS["robins-i-v2:per-protocol"]

#: Counts of the transcription, which gave a judgement in the rows that are doubtful.
TRANSCRIBED = {
    "D1A": {"Critical": 64, "Serious": 136, "Moderate": 54, "LX": 54},
    "D2": {"Critical": 483, "Serious": 352, "Moderate": 188, "Low": 32, "": 270},
    "D5": {"Serious": 43, "Moderate": 26, "Low": 16},
    "D6": {"Low": 274, "Critical": 132, "Serious": 165, "Moderate": 54},
}


@pytest.mark.parametrize("name", list(TRANSCRIBED))
def test_the_transcription_is_kept_and_doubtful_rows_propose_nothing(name: str) -> None:
    domain = domain_of(V2, name)
    found = [propose(V2, domain, answers) for answers in paths(V2, domain)]
    assert Counter(one.judgement or one.doubtful for one in found) == TRANSCRIBED[name]
    assert all(one.judgement or one.undecided.endswith("the assessor decides") for one in found)


def test_provisional_is_said_and_an_overall_low_is_not_proposed() -> None:
    for tool in (V2, PER_PROTOCOL):
        assert tool.status == "provisional"
        assert "provisional" in tool.name
        assert tool.note.startswith("Provisional")
        assert len([domain for domain in tool.domains if domain.judged]) == 6
    low = dict.fromkeys(("D1B", "D2", "D3", "D4", "D5", "D6"), "Low")
    found = overall(PER_PROTOCOL, low)
    assert (found.judgement, found.doubtful) == ("", "Low")
    assert "assessor decides" in found.undecided
    assert overall(PER_PROTOCOL, {**low, "D1B": "LX"}).judgement == "LX"
    assert overall(PER_PROTOCOL, {**low, "D4": "Critical"}).judgement == "Critical"


def test_a_triage_ends_the_tool() -> None:
    hopeless = {"B1": "N", "B2": "PY", "B3": "N"}
    assert ended(V2, hopeless).judgement == "Critical"
    assert reached(V2, hopeless) == {"B1", "B2", "B3"}
    assert overall(V2, {}, answers=hopeless).because == (("B2", "PY"),)
    goes_on = {"B1": "Y", "B3": "N"}
    assert ended(V2, goes_on) is None
    assert {"1.1", "6.4"} <= reached(V2, goes_on)
    assert overall(V2, {}, answers=goes_on) is None
    assert ended(V2, {"B3": "Y"}) is None, "B1 is not answered yet"


#: The only places where a worse answer gives a better judgement: question, its two answers.
EXCEPTIONS = {
    "D3": {("3.3", "NI", "Y")},
    "D4": {("4.8", "Y", "NI"), ("4.8", "Y", "PN")},
}


@pytest.mark.slow
@pytest.mark.parametrize("name", ["D1A", "D2", "D3", "D4", "D5", "D6"])
def test_more_bias_is_never_better_but_for_two_named_places(name: str) -> None:
    domain = domain_of(V2, name)
    better = set()
    for answers in representatives(V2, domain):
        if name == "D4" and [answers[q] for q in ("4.1", "4.2")] != ["Y", "Y"]:
            continue  # one way not to be complete stands for all
        here = propose(V2, domain, answers)
        for worse in worsened(V2, domain, answers):
            there = propose(V2, domain, worse)
            if not here.judgement or not there.judgement:
                continue
            if V2.scale.index(there.judgement) < V2.scale.index(here.judgement):
                (changed,) = (q for q in answers if worse.get(q, answers[q]) != answers[q])
                better.add((changed, answers[changed], worse[changed]))
                assert set(answers) != set(worse), "with the same questions it never happens"
    assert better == EXCEPTIONS.get(name, set())


# ------------------------------------------------------------------ ROBINS-I 2016
def test_robins_i_2016_has_domains_and_words_and_no_algorithm() -> None:
    tool = TOOLS["robins-i-2016"]
    assert len(tool.domains) == 7
    assert tool.questions == ()
    assert tool.scale == ("Low", "Moderate", "Serious", "Critical")
    assert tool.unknown == "NI"
    assert all(propose(tool, domain, {}) is None for domain in tool.domains)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        (["Low"] * 7, "Low"),
        (["Low"] * 6 + ["Moderate"], "Moderate"),
        (["NI"] + ["Low"] * 6, "NI"),
        (["NI", "Moderate"] + ["Low"] * 5, "NI"),
        (["NI", "Serious"] + ["Low"] * 5, "Serious"),
        (["NI", "Critical"] + ["Low"] * 5, "Critical"),
        (["NI"] * 7, "NI"),
        (["Serious"] * 3 + ["Low"] * 4, "Serious"),
    ],
)
def test_the_whole_of_robins_i_2016_is_the_worst_domain(words: list[str], whole: str) -> None:
    tool = TOOLS["robins-i-2016"]
    judged = dict(zip((d.id for d in tool.domains), words, strict=True))
    assert overall(tool, judged).judgement == whole
    raised = "Critical" if whole == "Serious" else whole
    assert overall(tool, judged, ticks=["several-serious"]).judgement == raised


# ------------------------------------------------------------------ scores
@pytest.mark.parametrize("key", ["nos-cohort", "nos-case-control"])
def test_stars_and_their_reading_over_every_combination(key: str) -> None:
    tool = TOOLS[key]
    assert [score.most for score in tool.scores] == [4, 2, 3]
    third = tool.scores[2].id
    read = Counter()
    for selection, comparability, outcome in product(range(5), range(3), range(4)):
        stars = {"selection": selection, "comparability": comparability, third: outcome}
        answers = {
            name: "star" if n < stars[score.id] else "no star"
            for score in tool.scores
            for n, name in enumerate(score.of)
        }
        assert {t.id: t.points for t in scores(tool, answers)} == stars
        word = overall(tool, {}, answers=answers).judgement
        poor = selection <= 1 or comparability == 0 or outcome <= 1
        assert word == ("poor" if poor else "fair" if selection == 2 else "good")
        read[word] += 1
    assert read == {"poor": 48, "fair": 4, "good": 8}


def test_a_section_with_an_open_item_has_no_sum_and_no_reading() -> None:
    tool = TOOLS["nos-cohort"]
    answers = {q.id: "star" for q in tool.questions if q.id != "C2"}
    assert [t.points for t in scores(tool, answers)] == [4, None, 3]
    assert overall(tool, {}, answers=answers) is None


@pytest.mark.parametrize(
    ("key", "most"), [("minors:non-comparative", 16), ("minors:comparative", 24)]
)
def test_minors_adds_up_and_has_no_cut_off(key: str, most: int) -> None:
    tool = TOOLS[key]
    (best,) = scores(tool, {q.id: "2" for q in tool.questions})
    assert (best.points, best.most) == (most, most)
    (worst,) = scores(tool, {q.id: "0" for q in tool.questions})
    assert worst.points == 0
    (mixed,) = scores(tool, {q.id: str(n % 3) for n, q in enumerate(tool.questions)})
    assert mixed.points == sum(n % 3 for n in range(most // 2))
    assert (tool.judgements, overall(tool, {})) == ((), None)


def test_more_stars_and_points_never_read_worse() -> None:
    tool = TOOLS["nos-cohort"]
    for stars in product(("no star", "star"), repeat=9):
        answers = dict(zip(tool.known, stars, strict=True))
        here = overall(tool, {}, answers=answers).judgement
        for name in (n for n, star in answers.items() if star == "star"):
            there = overall(tool, {}, answers={**answers, name: "no star"}).judgement
            assert tool.scale.index(there) >= tool.scale.index(here)


# ------------------------------------------------------------------ checklists
def test_the_editions_of_the_checklist_for_trials_ask_the_same_in_another_order() -> None:
    new = [question.label for question in TOOLS["jbi-rct:2023"].questions]
    old = [question.label for question in TOOLS["jbi-rct:2020"].questions]
    assert len(set(new)) == 13
    assert [new.index(label) + 1 for label in old] == [1, 2, 3, 4, 5, 7, 6, 10, 11, 8, 9, 12, 13]
    assert (TOOLS["jbi-rct:2023"].version, TOOLS["jbi-rct:2020"].version) == ("2023", "2020")


@pytest.mark.parametrize(
    ("key", "items"), [("jbi-case-series", 10), ("jbi-rct:2023", 13), ("jbi-quasi-experimental", 9)]
)
def test_the_checklists_have_items_four_answers_and_no_rule(key: str, items: int) -> None:
    tool = TOOLS[key]
    assert [question.id for question in tool.questions] == [str(n) for n in range(1, items + 1)]
    assert tuple(tool.answers) == ("yes", "no", "unclear", "not applicable")
    assert (tool.judgements, tool.scores, tool.overall.rule) == ((), (), "none")


def test_quadas_2_has_four_domains_and_applicability_of_three() -> None:
    tool = TOOLS["quadas-2"]
    assert [len(domain.questions) for domain in tool.domains] == [3, 2, 2, 4, 0, 0, 0]
    assert (tool.scale, tool.unknown, tool.overall.rule) == (("low", "high"), "unclear", "none")
    flow = domain_of(tool, "D4")
    answers = {q.id: "yes" for q in flow.questions}
    assert propose(tool, flow, answers).judgement == "low"
    assert "guidelines" in propose(tool, flow, {**answers, "4.2": "no"}).undecided
    assert "could be answered" in propose(tool, flow, {**answers, "4.2": "unclear"}).undecided


def test_levels_are_labels_of_the_design_without_colour() -> None:
    for key in ("ocebm-2011:benefit", "ocebm-2011:common-harm", "ocebm-2009"):
        assert {word.tone for word in TOOLS[key].judgements} == {"unknown"}
        assert TOOLS[key].unit == "study"
    tool = TOOLS["ocebm-2011:benefit"]
    assert overall(tool, {"benefit": "4"}).judgement == "4"
