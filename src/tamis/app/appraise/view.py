"""Risk of bias as one person may see it: the overview, the form of one result, the comparison.

Values made for a viewer by ``Appraisals``, the part of a live review that the pages ask. Nothing of
what others said is in them before ``appraise_blinding`` allows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from tamis.app.appraise.blinding import AppraisalSight, Unit
from tamis.app.appraise.shown import (
    NOT_JUDGED,
    DomainShown,
    FormShown,
    LightShown,
    OverviewShown,
    ProposalShown,
    QuestionShown,
    ResultRow,
    TableShown,
    TickShown,
)
from tamis.app.building.assemble import extraction_of, studies_of
from tamis.app.judgement.bias import appraisal_agreement, appraisal_summaries
from tamis.app.judgement.bias_todo import results_to_appraise
from tamis.app.live import LiveReview
from tamis.app.tools import tools_of, wording_of
from tamis.app.words import check_result
from tamis.appraisal import (
    NO_INFORMATION,
    OVERALL,
    TICKED,
    Appraisal,
    AppraisedDomain,
    AppraisedQuestion,
    Proposal,
    Tool,
    Wording,
    appraise,
    find_tool,
)
from tamis.appraisal.appraise import assemble
from tamis.domain.errors import NotFound
from tamis.domain.records import Study
from tamis.domain.results import AgreementResult
from tamis.domain.state import ReviewState
from tamis.domain.summaries import AppraisalSummary

__all__ = ["Appraisals", "named", "options_of", "parts_of"]


class Appraisals:
    """The appraisals of a live review, asked for one viewer at a time."""

    def __init__(self, live: LiveReview) -> None:
        self._live = live

    def overview(self, viewer: str) -> OverviewShown:
        """Return every result to appraise, by tool, with the lights that a viewer may see."""
        with self._live.locked():
            tools = tools_of(self._live.review)
            sight = AppraisalSight(self._live.state, tools)
            shown = _Shown(self._live, viewer, sight, tools)
            units, untooled = self._units(sight, tools)
            tables = tuple(shown.table(key, results) for key, results in units.items())
        rows = [row for table in tables for row in table.rows]
        return OverviewShown(
            tables=tables,
            done=sum(row.mine == "finished" for row in rows),
            all=len(rows),
            sealed=sum(row.stage == "sealed" for row in rows),
            untooled=untooled,
        )

    def agreement(self, viewer: str) -> tuple[AgreementResult, ...]:
        """Return how far assessors agree on the results that a viewer may compare."""
        with self._live.locked():
            tools = tools_of(self._live.review)
            sight = AppraisalSight(self._live.state, tools)
            return appraisal_agreement(_compared(sight, viewer), tools=tools)

    def form(self, viewer: str, key: str, result: str, *, language: str = "en") -> FormShown:
        """Return the form of one result.

        Raises
        ------
        NotFound
            When no such study is linked.
        BadInput
            For an unknown tool, or a result that the protocol cannot have.
        """
        with self._live.locked():
            tools = tools_of(self._live.review)
            tool = find_tool(key, tools)
            check_result(self._live.protocol, result, unit=tool.unit)
            sight = AppraisalSight(self._live.state, tools)
            rows = sight.own(viewer, (key, result))
            made = next(iter(appraise(key, rows.values(), tools=tools)), None)
            blank = made or _blank(tool, result)
            wording = _wording(wording_of(self._live.review, tools), key, language)
            units, _ = self._units(sight, tools)
            shown = _form(self._live, sight, viewer, tool=tool, made=blank, wording=wording)
            return replace(shown, following=_after(units, sight, viewer, result))

    def sealed(self, viewer: str) -> tuple[Unit, ...]:
        """Return the results that one other person has finished and the viewer has not opened."""
        with self._live.locked():
            sight = AppraisalSight(self._live.state, tools_of(self._live.review))
            return tuple(unit for unit in sight.units if sight.sealed(viewer, unit))

    def _units(
        self, sight: AppraisalSight, tools: Mapping[str, Tool]
    ) -> tuple[dict[str, list[str]], tuple[str, ...]]:
        """Return results by tool: those that the protocol asks for, and what was begun besides."""
        live = self._live
        wanted = results_to_appraise(
            live.protocol, live.state, extraction_of(live.state), studies_of(live.state), tools
        )
        found: dict[str, list[str]] = {}
        for one in wanted:
            if one.tool:
                found.setdefault(one.tool, []).append(one.result)
        for key, result in sight.units:
            if result not in found.setdefault(key, []):
                found[key].append(result)
        untooled = dict.fromkeys(one.design for one in wanted if not one.tool)
        return found, tuple(untooled)


class _Shown:
    """Makes the rows of the overview for one viewer."""

    def __init__(
        self, live: LiveReview, viewer: str, sight: AppraisalSight, tools: Mapping[str, Tool]
    ) -> None:
        self.live, self.viewer, self.sight, self.tools = live, viewer, sight, tools
        self.studies = {study.id: study for study in studies_of(live.state)}
        self.names = {m.id: m.name for m in live.protocol.team}
        self.summaries: dict[Unit, list[AppraisalSummary]] = {}
        for one in appraisal_summaries(sight.visible(viewer), tools=tools):
            key = f"{one.tool}:{one.variant}" if one.variant else one.tool
            self.summaries.setdefault((key, one.result), []).append(one)

    def table(self, key: str, results: Sequence[str]) -> TableShown:
        tool = find_tool(key, self.tools)
        domains = tuple((d.id, d.label) for d in tool.domains if d.judged)
        return TableShown(
            key=key,
            name=tool.name,
            variant=tool.variant_label,
            status=tool.status,
            note=tool.note,
            url=tool.url,
            domains=domains if tool.judgements else (),
            rows=tuple(self.row(tool, result) for result in results),
        )

    def row(self, tool: Tool, result: str) -> ResultRow:
        unit = (tool.key, result)
        held = self.summaries.get(unit, [])
        told = _told(held, self.viewer)
        stage, open_places = self._stage(unit, held)
        study, outcome, visit = named(self.live, self.studies, result)
        mine = self.sight.own(self.viewer, unit)
        finished = self.viewer in self.sight.finished(unit)
        return ResultRow(
            parts=parts_of(tool.key, result),
            result=result,
            study=result.partition("/")[0],
            label=study,
            outcome=outcome,
            visit=visit,
            mine="finished" if finished else "begun" if mine else "none",
            stage=stage,
            open=open_places,
            whose=self._whose(told),
            lights=_lights(tool, told),
            overall=told.judgement if told and not tool.judgements else "",
            scores=_points(told),
        )

    def _whose(self, told: AppraisalSummary | None) -> str:
        if told is None or told.role == "consensus":
            return ""
        return self.names.get(told.assessor, told.assessor.removeprefix("p-"))

    def _stage(self, unit: Unit, held: Sequence[AppraisalSummary]) -> tuple[str, int]:
        if self.sight.comparable(self.viewer, unit):
            consensus = next((one for one in held if one.role == "consensus"), None)
            if consensus is not None and (consensus.agreed or not consensus.open):
                return "agreed", 0
            return "compare", len(consensus.open) if consensus else 0
        if self.sight.sealed(self.viewer, unit):
            return "sealed", 0
        if any(one.assessor != self.viewer for one in held):
            return "single", 0
        return ("waiting" if self.viewer in self.sight.finished(unit) else "todo"), 0


def parts_of(key: str, result: str) -> tuple[str, ...]:
    """Return the address of a result: tool, study, outcome and visit (``-`` for a whole study).

    Examples
    --------
    >>> parts_of("nos-cohort", "gu2014")
    ('nos-cohort', 'gu2014', '-', '-')
    """
    study, _, rest = result.partition("/")
    outcome, _, visit = rest.partition("/")
    return key, study, outcome or "-", visit or "-"


def named(live: LiveReview, studies: Mapping[str, Study], result: str) -> tuple[str, str, str]:
    """Return what study, outcome and time point of a result are called."""
    study, _, rest = result.partition("/")
    outcome, _, at = rest.partition("/")
    visit, _, estimand = at.partition(".")
    known = live.protocol.outcome(outcome)
    label = next((v.label for v in live.protocol.visits if v.id == visit), visit)
    return (
        studies[study].label if study in studies else study,
        known.name if known else outcome,
        f"{label} ({estimand})" if estimand else label,
    )


def _told(held: Sequence[AppraisalSummary], viewer: str) -> AppraisalSummary | None:
    """Return what a row shows: the consensus, else one's own, else the only one that is open."""
    for wanted in ("consensus", "own", "other"):
        for one in held:
            kind = one.role if one.role == "consensus" else (
                "own" if one.assessor == viewer else "other"
            )  # fmt: skip
            if kind == wanted:
                return one
    return None


def _lights(tool: Tool, told: AppraisalSummary | None) -> tuple[LightShown, ...]:
    if not tool.judgements:
        return ()
    judged = {d.id: d.judgement for d in told.domains} if told else {}
    whole = told.overall.judgement if told and told.overall else None
    places = [d.id for d in tool.domains if d.judged]
    found = [LightShown(place=p, word=judged.get(p) or NOT_JUDGED) for p in places]
    return (*found, LightShown(place=OVERALL, word=whole or NOT_JUDGED))


def _points(told: AppraisalSummary | None) -> tuple[tuple[str, str], ...]:
    scores = told.scores if told else ()
    return tuple((s.label, f"{'–' if s.points is None else s.points} / {s.most}") for s in scores)


def _compared(sight: AppraisalSight, viewer: str) -> ReviewState:
    state = sight.visible(viewer)
    kept = {unit for unit in sight.units if sight.comparable(viewer, unit)}
    rows = {e: r for e, r in state.appraisals.items() if (r.tool, r.result) in kept}
    return replace(state, appraisals=rows)


def _after(
    units: Mapping[str, Sequence[str]], sight: AppraisalSight, viewer: str, result: str
) -> tuple[str, ...]:
    """Return the address of the next result that the viewer has not finished."""
    every = [(key, name) for key, names in units.items() for name in names]
    at = next((n for n, (_, name) in enumerate(every) if name == result), -1)
    for unit in (*every[at + 1 :], *every[: max(at, 0)]):
        done = viewer in sight.finished(unit)
        if not done and not sight.comparable(viewer, unit):
            return parts_of(*unit)
    return ()


def _blank(tool: Tool, result: str) -> Appraisal:
    return assemble(tool, {}, result=result, assessor="", role="single")


def _wording(loaded: Sequence[Wording], key: str, language: str) -> Wording | None:
    mine = sorted((w for w in loaded if w.tool == key), key=lambda w: w.lang != language)
    return mine[0] if mine else None


def _form(
    live: LiveReview,
    sight: AppraisalSight,
    viewer: str,
    *,
    tool: Tool,
    made: Appraisal,
    wording: Wording | None,
) -> FormShown:
    studies = {study.id: study for study in studies_of(live.state)}
    if made.study not in studies:
        raise NotFound(f"there is no study {made.study!r}", "link a report to it first")
    unit = (tool.key, made.result)
    label, outcome, visit = named(live, studies, made.result)
    rows = sight.own(viewer, unit)
    official = wording.questions if wording else {}
    asked = [q for q in made.questions if q.state not in ("not reached", "set aside")]
    return FormShown(
        parts=parts_of(*unit),
        key=tool.key,
        name=tool.name,
        variant=tool.variant_label,
        version=tool.version,
        status=tool.status,
        note=tool.note,
        url=tool.url,
        licence=wording.licence if wording else "",
        result=made.result,
        label=label,
        outcome=outcome,
        visit=visit,
        words=tool.judgements,
        free=not tool.judgements,
        domains=tuple(_domain(tool, one, official) for one in made.domains),
        overall=_whole(tool, made),
        ticks=tuple(
            TickShown(
                id=tick.id, label=tick.label, said=tick.id in made.ticks,
                reason=rows[tick.id].reason if tick.id in rows else "",
            )
            for tick in tool.overall.ticks
        ),
        scores=tuple(
            (t.label, f"{'–' if t.points is None else t.points} / {t.most}") for t in made.totals
        ),
        missing=made.missing,
        answered=len(asked) - len(made.missing),
        asked=len(asked),
        finished=viewer in sight.finished(unit),
        compare=bool(sight.comparable(viewer, unit)),
        sealed=sight.sealed(viewer, unit),
        locked=not rows and sight.may_see(viewer, unit) != {viewer},
    )  # fmt: skip


def _domain(tool: Tool, one: AppraisedDomain, official: Mapping[str, str]) -> DomainShown:
    return DomainShown(
        id=one.domain.id,
        label=one.domain.label,
        judged=one.domain.judged,
        questions=tuple(_question(tool, q, official) for q in one.questions),
        proposal=_proposal(tool, one.proposal),
        judgement=one.judgement,
        reason=one.reason,
        overridden=one.overridden,
    )


def _whole(tool: Tool, made: Appraisal) -> DomainShown:
    return DomainShown(
        id=OVERALL,
        label="",
        judged=True,
        questions=(),
        proposal=_proposal(tool, made.proposal),
        judgement=made.judgement,
        reason=made.reason,
        overridden=made.overridden,
    )


def _question(tool: Tool, one: AppraisedQuestion, official: Mapping[str, str]) -> QuestionShown:
    asked = one.question
    return QuestionShown(
        id=asked.id,
        label=asked.label,
        wording=official.get(asked.id, ""),
        options=tuple(options_of(tool, asked.id)),
        answer=one.answer,
        support=one.support,
        anchor=one.anchor,
        reached=one.state not in ("not reached", "set aside"),
    )


def options_of(tool: Tool, place: str) -> Iterator[tuple[str, str]]:
    """Yield what may be said of a place of a tool: codes with their words."""
    if place in tool.known:
        for code in tool.options(tool.known[place]):
            yield code, tool.answers.get(code, code)
        if not tool.has_own_unknown:
            yield NO_INFORMATION, NO_INFORMATION
    elif place in tool.places:
        yield from ((word.id, word.label) for word in tool.judgements)
    else:
        yield TICKED, "yes"


def _proposal(tool: Tool, one: Proposal | None) -> ProposalShown | None:
    if one is None:
        return None
    return ProposalShown(
        word=tool.word(one.judgement),
        rule=one.rule,
        because=one.because,
        undecided=one.undecided,
    )
