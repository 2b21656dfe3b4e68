"""The whole of an appraisal: from the judgements of its domains, or from sums of points."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tamis.appraisal.rules import Answers, Proposal, ended, reached
from tamis.appraisal.tool import OVERALL, TICKED, Rule, Tick, Tool
from tamis.domain.errors import BadInput

__all__ = ["Total", "overall", "scores", "within"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum of points; ``points`` is ``None`` while one of its questions has no answer."""

    id: str
    label: str
    points: int | None
    most: int


def overall(
    tool: Tool,
    judged: Mapping[str, str],
    *,
    answers: Answers = MappingProxyType({}),
    ticks: Iterable[str] = (),
) -> Proposal | None:
    """Return what the tool proposes for the whole.

    Parameters
    ----------
    judged
        Domain to judgement: a person's, or the proposal where nobody judged.
    answers
        For tools whose whole follows from scores, or that a triage can end.
    ticks
        What a person said of the whole, such as ``several-some-concerns``.

    Returns
    -------
    Proposal or None
        ``None`` while a domain is without judgement, and for tools that rate no whole.

    Raises
    ------
    BadInput
        For a tick that the tool has not.

    Examples
    --------
    >>> from tamis.appraisal import TOOLS
    >>> tool = TOOLS["rob2:assignment"]
    >>> judged = {"D1": "S", "D2a": "S", "D3": "L", "D4": "S", "D5": "L"}
    >>> overall(tool, judged).judgement
    'S'
    >>> overall(tool, judged, ticks=["several-some-concerns"]).judgement
    'H'
    """
    known = {tick.id: tick for tick in tool.overall.ticks}
    for tick in ticks:
        if tick not in known:
            raise BadInput(f"{tool.key} has no tick {tick!r}", f"use {', '.join(known) or 'none'}")
    stopped = ended(tool, answers)
    if stopped is not None:
        return stopped
    if tool.overall.rule == "table":
        return _by_scores(tool, answers)
    if tool.overall.rule != "worst":
        return None
    words = [(d.id, judged.get(d.id, "")) for d in tool.domains if d.parts or d.judged]
    words = [(name, word) for name, word in words if not _is_triage(tool, name)]
    if not words or not all(word for _, word in words):
        return None
    return _worst(tool, words, [known[tick] for tick in ticks])


def scores(tool: Tool, answers: Answers) -> tuple[Total, ...]:
    """Return the sums of points of a tool that has them; an unanswered question leaves none."""
    live = {name: answers[name] for name in reached(tool, answers) if name in answers}
    return tuple(
        Total(
            id=score.id,
            label=score.label,
            points=sum(score.points[live[name]] for name in score.of)
            if all(live.get(name) in score.points for name in score.of)
            else None,
            most=score.most,
        )
        for score in tool.scores
    )


def within(rule: Rule, points: Mapping[str, int]) -> bool:
    """Tell whether sums of points are within the limits of a rule of the whole."""
    return all(points[name] >= least for name, least in rule.at_least.items()) and all(
        points[name] <= most for name, most in rule.at_most.items()
    )


def _worst(tool: Tool, words: list[tuple[str, str]], ticks: Sequence[Tick]) -> Proposal:
    rule = tool.overall
    ranked = [word for _, word in words if word in tool.scale]
    worst = max(ranked, key=tool.scale.index) if ranked else tool.unknown
    unknown = any(word not in tool.scale for _, word in words)
    limit = rule.unknown_below
    if unknown and not (limit and worst in tool.scale[tool.scale.index(limit) :]):
        worst = tool.unknown
    because = tuple(words)
    for tick in tool.overall.ticks:
        if tick in ticks and tick.start == worst:
            worst, because = tick.end, (*because, (tick.id, TICKED))
    if worst in rule.doubtful:
        return Proposal(
            judgement="", because=because, rule=OVERALL, undecided=rule.doubtful[worst],
            doubtful=worst,
        )  # fmt: skip
    return Proposal(judgement=worst, because=because, rule=OVERALL)


def _by_scores(tool: Tool, answers: Answers) -> Proposal | None:
    totals = {total.id: total for total in scores(tool, answers)}
    points = {name: total.points for name, total in totals.items() if total.points is not None}
    if len(points) < len(totals):
        return None
    because = tuple((name, str(number)) for name, number in points.items())
    for row, rule in enumerate(tool.overall.rules, start=1):
        if within(rule, points):
            return Proposal(
                judgement=rule.then, because=because, rule=f"{OVERALL}#{row}", undecided=rule.why
            )
    return None


def _is_triage(tool: Tool, name: str) -> bool:
    return any(domain.triage for domain in tool.domains if domain.id == name)
