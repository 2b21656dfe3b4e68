"""Does a tool hold together? What is checked before anybody answers a question of it.

Rules are tried on every reachable path. Answers that no condition tells apart are tried once: that
is exact, and keeps the check of a tool short enough to be made whenever it is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice, product

from tamis.appraisal.rules import Answers, first_match, paths
from tamis.appraisal.tool import (
    NOT_REACHED,
    OVERALL,
    Condition,
    Count,
    Domain,
    Question,
    Rule,
    Tool,
    nearest,
)
from tamis.appraisal.whole import within
from tamis.domain.errors import BadInput
from tamis.domain.ids import check_slug

__all__ = ["MOST_PATHS", "check_new_tool", "check_tool"]

UNITS = ("result", "study")
STATUSES = ("verified", "provisional")
SUPPORTS = ("", "needed")
TONES = ("good", "fair", "poor", "worst", "unknown")
RULES = ("worst", "table", "none")

_ADDRESS = re.compile(r"https?://[^\s/]+\.\S+\Z")

#: Beyond as many paths (answers told apart by conditions) a domain is refused, not half checked.
MOST_PATHS = 200_000


def check_tool(tool: Tool) -> None:
    """Refuse a tool that contradicts itself.

    Raises
    ------
    BadInput
        Naming the first thing that is wrong, and what to do.
    """
    check_slug(tool.id, what="the id of a tool")
    _one_of(tool.unit, UNITS, "unit")
    _one_of(tool.status, STATUSES, "status")
    _one_of(tool.support, SUPPORTS, "word for support")
    _check_words(tool)
    _check_variants(tool)
    for form in tool.forms():
        _check_ids(form)
        for domain in form.domains:
            _check_domain(form, domain)
        _check_scores(form)
        _check_overall(form)


def check_new_tool(tool: Tool) -> None:
    """Refuse what would mislead a reader or an assessor of a tool that is being written.

    A tool that stands only in the log was taken by an earlier version and is read as it is.

    Raises
    ------
    BadInput
        For two judgements that look alike in a figure, a scale of one word, an address that is no
        web page, a question that no rule of its domain reads.
    """
    symbols: dict[str, str] = {}
    for word in tool.judgements:
        if word.symbol in symbols:
            raise BadInput(
                f"the judgements {symbols[word.symbol]!r} and {word.id!r} have the same symbol "
                f"{word.symbol!r}",
                "give each its own: figures tell them apart by it",
            )
        symbols[word.symbol] = word.id
    if len(tool.scale) == 1 or (tool.judgements and not tool.scale):
        raise BadInput(
            f"{tool.id} has {len(tool.scale)} judgement to choose from",
            "give at least two [[judgement]] that are no 'unknown', or none at all",
        )
    if not _ADDRESS.match(tool.url):
        raise BadInput(f"the url {tool.url!r} is no web page", "write it as https://…")
    for form in tool.forms():
        for domain in form.domains:
            _check_read(form, domain)


def _check_read(tool: Tool, domain: Domain) -> None:
    """Refuse a question that nothing looks at, in a domain whose rules look at questions."""
    if not domain.parts:
        return
    read = {name for name, _ in _conditions(domain)}
    read |= {name for score in tool.scores for name in score.of}
    for question in domain.questions:
        if question.id not in read:
            raise BadInput(
                f"question {question.id} of {domain.id} is read by no rule: its answer would "
                "change nothing",
                "put it into a rule, or into a domain without rules, or take it away",
            )


def _check_words(tool: Tool) -> None:
    _unique([word.id for word in tool.judgements], "judgement")
    for word in tool.judgements:
        _one_of(word.tone, TONES, f"tone of {word.id}")
    for name, members in tool.groups.items():
        if name in tool.answers:
            raise BadInput(f"{name!r} is a group and an answer", "give the group another name")
        for member in members:
            if member not in tool.answers:
                raise BadInput(
                    f"the group {name!r} holds {member!r}, which is no answer",
                    nearest(member, tool.answers),
                )


def _check_variants(tool: Tool) -> None:
    known = [domain.id for domain in tool.domains]
    _unique(known, "domain")
    for variant in tool.variants:
        check_slug(variant.id, what="the id of a variant")
        for name in variant.domains:
            _one_of(name, known, f"domain of the variant {variant.id}")
        for name in variant.scores:
            _one_of(name, [score.id for score in tool.scores], f"score of {variant.id}")


def _check_ids(tool: Tool) -> None:
    names = [domain.id for domain in tool.domains] + [OVERALL]
    names += [question.id for question in tool.questions]
    names += [step.id for domain in tool.domains for step in domain.steps]
    names += [tick.id for tick in tool.overall.ticks]
    _unique(names, "id")


def _check_domain(tool: Tool, domain: Domain) -> None:
    for question in domain.questions:
        _check_options(tool, question)
    seen: dict[str, frozenset[str]] = {}
    steps = {step.id: step.rules for step in domain.steps}
    for question in domain.questions:
        for condition in question.ask_if:
            _check_condition(tool, domain, condition, _with_steps(domain, seen), question.id)
        conditional = {NOT_REACHED} if question.ask_if else set()
        seen[question.id] = frozenset({*tool.options(question), *conditional})
    everything = _with_steps(domain, seen)
    for rule in (*domain.rules, *(rule for rules in steps.values() for rule in rules)):
        _check_condition(tool, domain, rule.when, everything, domain.id)
        for count in rule.counts:
            _check_condition(tool, domain, dict.fromkeys(count.of, count.answers), seen, domain.id)
    for word in (rule.then for rules in steps.values() for rule in rules):
        if word in tool.groups or not word:
            raise BadInput(
                f"a step of {domain.id} gives {word or 'none'!r}, which is not a word of its own",
                "name it otherwise than the groups of answers",
            )
    for rule in domain.rules:
        _check_then(tool, domain.id, rule, may_go_on=domain.triage)
    _check_paths(tool, domain)


def _with_steps(domain: Domain, seen: Mapping[str, frozenset[str]]) -> dict[str, frozenset[str]]:
    """Add the steps that look only at questions already seen, with the words they may give."""
    found = dict(seen)
    for step in domain.steps:
        if all(name in found for rule in step.rules for name in _names(rule)):
            found[step.id] = frozenset({*(rule.then for rule in step.rules), NOT_REACHED})
    return found


def _names(rule: Rule) -> Iterator[str]:
    yield from rule.when
    yield from (name for count in rule.counts for name in count.of)


def _check_options(tool: Tool, question: Question) -> None:
    options = tool.options(question)
    if not options:
        raise BadInput(f"question {question.id} has no answers", "list them under [answers]")
    _unique(options, f"option of {question.id}")
    for option in options:
        _one_of(option, [*tool.answers], f"option of {question.id}")
    rungs = [tool.members((rung,)) & set(options) for rung in question.ladder]
    if not all(rungs) or sum(map(len, rungs)) != len(frozenset().union(*rungs)):
        raise BadInput(
            f"the ladder of {question.id} has a rung without answers, or an answer twice",
            f"order groups of {', '.join(options)} from the least bias to the most",
        )


def _check_condition(
    tool: Tool,
    domain: Domain,
    condition: Condition,
    seen: Mapping[str, frozenset[str]],
    where: str,
) -> None:
    for name, words in condition.items():
        if name not in seen:
            raise BadInput(
                f"{where} depends on {name!r}, which does not come before it in {domain.id}",
                _before(name, where, domain, seen),
            )
        for word in words:
            if not tool.members((word,)) & seen[name]:
                raise BadInput(
                    f"{where} looks for the answer {word!r} to {name}, which cannot be given",
                    nearest(word, [*sorted(seen[name]), *tool.groups]),
                )


def _before(name: str, where: str, domain: Domain, seen: Mapping[str, frozenset[str]]) -> str:
    """Say how a question can depend on another one, which it does not yet."""
    later = [question.id for question in domain.questions if question.id not in seen]
    if name == where or (name in later and where in later):
        return f"a question depends on earlier ones only: put {where} behind what leads to it"
    return nearest(name, seen)


def _check_then(tool: Tool, where: str, rule: Rule, *, may_go_on: bool = False) -> None:
    for word in filter(None, (rule.then, rule.doubtful)):
        _one_of(word, tool.scale, f"judgement of {where}")
    if not (rule.then or rule.why or may_go_on):
        raise BadInput(
            f"a rule of {where} proposes nothing and does not say why", 'add why = "…" to it'
        )


def _check_paths(tool: Tool, domain: Domain) -> None:
    """Every path reaches a rule in each part, and every rule is reached by a path."""
    tables: dict[str, tuple[Rule, ...]] = {step.id: step.rules for step in domain.steps}
    tables |= {f"part {n}": part for n, part in enumerate(domain.parts, start=1)}
    if not tables:
        return
    used: set[tuple[str, int]] = set()
    number = 0
    for answers in islice(_told_apart(tool, domain), MOST_PATHS + 1):
        number += 1
        for name, table in tables.items():
            row = first_match(tool, domain, table, answers)
            if row is not None:
                used.add((name, row))
            elif name.startswith("part "):
                raise BadInput(
                    f"{domain.id}: no rule holds for {_said(answers)}",
                    "add a rule for it, or one that always holds at the end",
                )
    if number > MOST_PATHS:
        raise BadInput(
            f"{domain.id} has more than {MOST_PATHS} paths", "split the domain, or use fewer rules"
        )
    for name, table in tables.items():
        for row in range(len(table)):
            if (name, row) not in used:
                raise BadInput(
                    f"{domain.id}: rule {row + 1} of {name} is never reached",
                    "take it away, or put it before the rule that takes its cases",
                )


def _told_apart(tool: Tool, domain: Domain) -> Iterator[Answers]:
    """Yield the paths with one answer for all that no condition tells apart."""
    sets: dict[str, list[frozenset[str]]] = {question.id: [] for question in domain.questions}
    for name, words in _conditions(domain):
        if name in sets:
            sets[name].append(tool.members(words))

    def differing(question: Question) -> Iterable[str]:
        marks = {
            option: tuple(option in one for one in sets[question.id])
            for option in tool.options(question)
        }
        first = {mark: option for option, mark in reversed(marks.items())}
        return first.values()

    return paths(tool, domain, differing)


def _conditions(domain: Domain) -> Iterator[tuple[str, tuple[str, ...]]]:
    for question in domain.questions:
        for condition in question.ask_if:
            yield from condition.items()
    for rule in (*domain.rules, *(rule for step in domain.steps for rule in step.rules)):
        yield from rule.when.items()
        for count in rule.counts:
            yield from _of_count(count)


def _of_count(count: Count) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name in count.of:
        yield name, count.answers


def _check_scores(tool: Tool) -> None:
    _unique([score.id for score in tool.scores], "score")
    for score in tool.scores:
        for name in score.of:
            _one_of(name, [*tool.known], f"question of the score {score.id}")
            for option in tool.options(tool.known[name]):
                _one_of(option, [*score.points], f"answer with points in {score.id}")


def _check_overall(tool: Tool) -> None:
    whole = tool.overall
    _one_of(whole.rule, RULES, "rule of [overall]")
    for word in filter(None, (whole.unknown_below, *whole.doubtful)):
        _one_of(word, tool.scale, "judgement of [overall]")
    for tick in whole.ticks:
        _one_of(tick.start, tool.scale, f"judgement of the tick {tick.id}")
        _one_of(tick.end, tool.scale, f"judgement of the tick {tick.id}")
    if whole.rule != "table":
        return
    ranges = {score.id: range(score.most + 1) for score in tool.scores}
    for rule in whole.rules:
        _check_then(tool, OVERALL, rule)
        for name in (*rule.at_least, *rule.at_most):
            _one_of(name, [*ranges], "score of [overall]")
    used: set[int] = set()
    for numbers in product(*ranges.values()):
        points = dict(zip(ranges, numbers, strict=True))
        row = next((n for n, rule in enumerate(whole.rules) if within(rule, points)), None)
        if row is None:
            raise BadInput(f"no rule of [overall] holds for {_said(points)}", "add one")
        used.add(row)
    for row in range(len(whole.rules)):
        if row not in used:
            raise BadInput(f"rule {row + 1} of [overall] is never reached", "take it away")


def _said(answers: Mapping[str, object]) -> str:
    return ", ".join(f"{name} {answer}" for name, answer in answers.items())


def _one_of(word: str, allowed: Iterable[str], what: str) -> None:
    words = list(allowed)
    if word not in words:
        raise BadInput(f"{word!r} is no {what}", nearest(word, words))


def _unique(names: Iterable[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise BadInput(f"the {what} {name!r} stands twice", "give each its own")
        seen.add(name)
