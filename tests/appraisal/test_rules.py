"""The engine runs tools that are data: four domains of RoB 2 as a trial, and an invented tool.

The tables below are the published algorithm of RoB 2 (22 August 2019; Sterne et al., BMJ
2019;366:l4898; riskofbias.info), with labels of our own. They stand in the test, not in the
product: they show that the engine needs no code for a tool with conditions. Each domain is checked
over every reachable path, by the number of paths and judgements and by a hash of all of them.
"""

from __future__ import annotations

import hashlib
from collections import Counter

import pytest

from tamis.appraisal import Domain, Question, Rule, Tool, missing, paths, propose, reached
from tamis.appraisal.appraise import AppraisedDomain, _worst
from tamis.domain.errors import BadInput

YES_NO = ("Y", "PY", "PN", "N", "NI")


def question(name: str, *ask_if: dict, options: tuple[str, ...] = YES_NO) -> Question:
    return Question(id=name, label=name, ask_if=ask_if, options=options)


def rules(*rows: tuple[dict, str]) -> tuple[Rule, ...]:
    return tuple(Rule(when=when, then=then) for when, then in rows)


no, yes, maybe, open_no = ("no",), ("yes",), ("yes", "NI"), ("no", "NI")

D1 = Domain(
    id="D1",
    label="randomisation",
    questions=(question("1.1"), question("1.2"), question("1.3")),
    parts=(
        rules(
            ({"1.2": no}, "H"),
            ({"1.2": ("NI",), "1.3": yes}, "H"),
            ({"1.2": ("NI",)}, "S"),
            ({"1.1": no}, "S"),
            ({"1.3": yes}, "S"),
            ({}, "L"),
        ),
    ),
)
D3 = Domain(
    id="D3",
    label="missing data",
    questions=(
        question("3.1"),
        question("3.2", {"3.1": open_no}, options=("Y", "PY", "PN", "N")),
        question("3.3", {"3.2": no}),
        question("3.4", {"3.3": maybe}),
    ),
    parts=(
        rules(
            ({"3.1": yes}, "L"),
            ({"3.2": yes}, "L"),
            ({"3.3": no}, "L"),
            ({"3.4": no}, "S"),
            ({}, "H"),
        ),
    ),
)
D4 = Domain(
    id="D4",
    label="measurement",
    questions=(
        question("4.1"),
        question("4.2"),
        question("4.3", {"4.1": open_no, "4.2": open_no}),
        question("4.4", {"4.3": maybe}),
        question("4.5", {"4.4": maybe}),
    ),
    parts=(
        rules(
            ({"4.1": yes}, "H"),
            ({"4.2": yes}, "H"),
            ({"4.2": ("NI",), "4.3": no}, "S"),
            ({"4.2": ("NI",), "4.4": no}, "S"),
            ({"4.3": no}, "L"),
            ({"4.4": no}, "L"),
            ({"4.5": no}, "S"),
            ({}, "H"),
        ),
    ),
)
D5 = Domain(
    id="D5",
    label="reported result",
    questions=(question("5.1"), question("5.2"), question("5.3")),
    parts=(
        rules(
            ({"5.2": yes}, "H"),
            ({"5.3": yes}, "H"),
            ({"5.2": ("NI",)}, "S"),
            ({"5.3": ("NI",)}, "S"),
            ({"5.1": yes}, "L"),
            ({}, "S"),
        ),
    ),
)


def tool(*domains: Domain) -> Tool:
    return Tool(
        id="trial",
        name="trial",
        version="1",
        unit="result",
        status="verified",
        url="https://example.org",
        answers={code: code for code in YES_NO},
        judgements=("L", "S", "H"),
        groups={"yes": ("Y", "PY"), "no": ("N", "PN")},
        domains=domains,
    )


@pytest.mark.parametrize(
    ("domain", "counts", "digest"),
    [
        (D1, {"L": 18, "S": 47, "H": 60}, "609d35e16faf9c43"),
        (D3, {"L": 20, "S": 36, "H": 54}, "98a264bbc7ed7dc5"),
        (D4, {"L": 48, "S": 186, "H": 259}, "7d789c7623b1f571"),
        (D5, {"L": 8, "S": 37, "H": 80}, "f815a9330db58ded"),
    ],
)
def test_every_path_of_a_domain(domain: Domain, counts: dict, digest: str) -> None:
    held = tool(domain)
    lines, judged = [], Counter()
    for answers in paths(held, domain):
        proposal = propose(held, domain, answers)
        assert proposal is not None
        judged[proposal.judgement] += 1
        said = ",".join(answers.get(one.id, "NA") for one in domain.questions)
        lines.append(f"{said}={proposal.judgement}")
    assert judged == counts
    text = "\n".join(sorted(lines)).encode("ascii")
    assert hashlib.sha256(text).hexdigest()[:16] == digest


def test_an_unfinished_domain_has_no_proposal_and_says_what_is_missing() -> None:
    held = tool(D3)
    assert propose(held, D3, {"3.1": "N"}) is None
    assert missing(held, D3, {"3.1": "N"}) == ("3.2",)
    assert reached(held, {"3.1": "Y"}) == {"3.1"}
    assert missing(held, D3, {"3.1": "Y"}) == ()


def test_a_proposal_names_what_decided() -> None:
    found = propose(tool(D3), D3, {"3.1": "N", "3.2": "N", "3.3": "Y", "3.4": "N"})
    assert found is not None
    assert found.because == (("3.4", "N"),)


def test_more_bias_never_gives_a_better_judgement() -> None:
    """Turning one answer of the first domain to the worse never improves it."""
    held, order = tool(D1), ("L", "S", "H")
    worse = {"1.1": ("Y", "NI", "N"), "1.2": ("Y", "NI", "N"), "1.3": ("N", "NI", "Y")}
    for answers in paths(held, D1):
        here = propose(held, D1, answers)
        assert here is not None
        for name, ladder in worse.items():
            if answers[name] in ladder[:-1]:
                step = ladder[ladder.index(answers[name]) + 1]
                there = propose(held, D1, {**answers, name: step})
                assert there is not None
                assert order.index(there.judgement) >= order.index(here.judgement)


def test_the_worst_of_two_parts_decides() -> None:
    both = Domain(
        id="D",
        label="D",
        questions=(question("a"), question("b")),
        parts=(rules(({"a": yes}, "L"), ({}, "H")), rules(({"b": yes}, "S"), ({}, "L"))),
    )
    held = tool(both)
    found = propose(held, both, {"a": "Y", "b": "Y"})
    assert found is not None
    assert found.judgement == "S"


def test_a_path_without_a_rule_gives_no_proposal() -> None:
    gap = Domain(id="D", label="D", questions=(question("a"),), parts=(rules(({"a": yes}, "L")),))
    assert propose(tool(gap), gap, {"a": "N"}) is None


def test_the_whole_is_the_worst_domain_and_an_override_shows() -> None:
    held = tool(D1, D5)
    first = propose(held, D1, {"1.1": "Y", "1.2": "Y", "1.3": "N"})
    second = propose(held, D5, {"5.1": "N", "5.2": "N", "5.3": "N"})
    plain = AppraisedDomain(domain=D1, questions=(), proposal=first)
    judged = AppraisedDomain(domain=D5, questions=(), proposal=second, judgement="H", reason="r")
    whole = _worst(held, (plain, judged))
    assert whole is not None
    assert whole.judgement == "H"
    assert whole.because == (("D1", "L"), ("D5", "H"))
    assert (plain.overridden, judged.overridden) == (False, True)
    assert _worst(held, (plain, AppraisedDomain(domain=D5, questions=()))) is None


@pytest.mark.parametrize(
    ("domain", "says"),
    [
        (Domain(id="D", label="", questions=(question("a"), question("a"))), "twice"),
        (Domain(id="D", label="", questions=(question("a", {"b": yes}),)), "before"),
        (
            Domain(id="D", label="", questions=(question("a"), question("b", {"a": ("X",)}))),
            "'X'",
        ),
        (
            Domain(id="D", label="", questions=(question("a"),), parts=(rules(({"a": yes}, "Q")),)),
            "'Q'",
        ),
    ],
)
def test_a_tool_that_contradicts_itself_cannot_be_made(domain: Domain, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        tool(domain)
