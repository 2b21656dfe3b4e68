"""Tools and answers for the tests of the room, made in a few words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from tamis.appraisal import TOOLS, Domain, Question, Tool, missing, paths, reached
from tamis.domain.decisions import AppraisalAnswer

RULED = [(key, domain.id) for key, tool in TOOLS.items() for domain in tool.domains if domain.parts]

#: A tool of a review's own, as short as one can be that has everything once.
OWN = """
id = "site-check"
name = "Our check of sites"
version = "1"
unit = "study"
status = "provisional"
url = "https://example.org/site-check"
answers = { yes = "yes", no = "no" }

[[judgement]]
id = "fine"
label = "fine"
symbol = "+"
tone = "good"

[[judgement]]
id = "poor"
label = "poor"
symbol = "×"
tone = "worst"

[overall]
rule = "worst"

[[domain]]
id = "site"
label = "site"

[[domain.question]]
id = "1"
label = "visited by a monitor"

[[domain.question]]
id = "2"
label = "the visit found something"
ask_if = [{ "1" = ["yes"] }]

[[domain.part]]
rules = [
  { if = { "2" = ["yes"] }, then = "poor" },
  { if = { "1" = ["yes"] }, then = "fine" },
  { then = "none", why = "nobody looked" },
]
"""


def domain_of(tool: Tool, name: str) -> Domain:
    return next(domain for domain in tool.domains if domain.id == name)


def row(
    question: str,
    answer: str = "",
    *,
    tool: str = "rob2:assignment",
    who: str = "p-a",
    at: int = 1,
    **more: str,
) -> AppraisalAnswer:
    """Return one recorded answer or judgement."""
    base = {
        "event": f"{who}.00000001/{at}",
        "tool": tool,
        "version": TOOLS[tool].version,
        "result": "deng2017/death/m6.ever",
        "assessor": who,
        "question": question,
        "answer": answer,
    }
    return AppraisalAnswer(**{**base, **more})


#: Answers of RoB 2 (assignment) that are low throughout.
LOW = {
    "1.1": "Y", "1.2": "Y", "1.3": "N", "2.1": "N", "2.2": "N", "2.6": "Y", "3.1": "Y",
    "4.1": "N", "4.2": "N", "4.3": "N", "5.1": "Y", "5.2": "N", "5.3": "N",
}  # fmt: skip


def rows(answers: Mapping[str, str], *, who: str = "p-a", start: int = 1) -> list[AppraisalAnswer]:
    """Return answers as recorded rows, numbered from ``start``."""
    return [row(q, word, who=who, at=n) for n, (q, word) in enumerate(answers.items(), start)]


def rungs(tool: Tool, question: Question) -> Sequence[str]:
    """Return one answer for each rung of a question's ladder, and those that stand beside it."""
    if not question.ladder:
        return tool.options(question)
    on_ladder = tool.members(question.ladder)
    first = [
        next(option for option in tool.options(question) if option in tool.members((rung,)))
        for rung in question.ladder
    ]
    return [*first, *(option for option in tool.options(question) if option not in on_ladder)]


def worsened(tool: Tool, domain: Domain, answers: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """Yield the answers with one of them made worse and all that is newly asked answered anyhow."""
    for question in domain.questions:
        ladder = rungs(tool, question)[: len(question.ladder)]
        if answers.get(question.id) not in ladder:
            continue
        for worse in ladder[ladder.index(answers[question.id]) + 1 :]:
            yield from _finished(tool, domain, {**answers, question.id: worse})


def _finished(
    tool: Tool, domain: Domain, answers: Mapping[str, str]
) -> Iterator[Mapping[str, str]]:
    left = missing(tool, domain, answers)
    if not left:
        lead_to = reached(tool, answers)
        yield {name: word for name, word in answers.items() if name in lead_to}
        return
    for option in rungs(tool, tool.known[left[0]]):
        yield from _finished(tool, domain, {**answers, left[0]: option})


def representatives(tool: Tool, domain: Domain) -> Iterator[Mapping[str, str]]:
    """Yield the paths with one answer for every rung."""
    return paths(tool, domain, lambda question: rungs(tool, question))
