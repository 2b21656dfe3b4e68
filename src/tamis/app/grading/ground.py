"""What certainty and claims rest on, as one viewer may see it: values, syntheses, appraisals.

A sealed appraisal of another person is left out (``appraise.blinding``). Where two people read a
study, their readings are left out as the extraction desk leaves them out (``extract.blinding``);
what one person alone has read is open to whoever has not begun to read it, as it is in a review
with one extractor. What is left out is counted, so that a page can say so: the finished report
rests on everything.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tamis.app.appraise.blinding import AppraisalSight
from tamis.app.building.assemble import studies_of
from tamis.app.extract.blinding import may_see, readings_of, waits_for_second
from tamis.app.judgement.bias import appraisal_summaries
from tamis.app.live import LiveReview
from tamis.app.tools import tools_of
from tamis.domain.decisions import Note
from tamis.domain.question import Protocol
from tamis.domain.records import Study
from tamis.domain.results import Synthesis
from tamis.domain.state import ReviewState
from tamis.domain.summaries import AppraisalSummary
from tamis.domain.values import Extraction
from tamis.extraction import standing
from tamis.synthesis import synthesise

__all__ = ["Ground", "Grounds"]

#: Grounds that are kept: of as many viewers.
KEPT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """Everything that bodies of evidence are rated from; counts of what is sealed for one."""

    protocol: Protocol
    studies: tuple[Study, ...]
    extraction: Extraction
    syntheses: tuple[Synthesis, ...]
    appraisals: tuple[AppraisalSummary, ...]
    notes: tuple[Note, ...]
    sealed_results: int = 0
    sealed_studies: tuple[str, ...] = ()


class Grounds:
    """The grounds of a live review; syntheses are computed again when a value changes."""

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._made: dict[str, tuple[object, Ground]] = {}
        self._pooled: dict[object, tuple[Protocol, tuple[Synthesis, ...]]] = {}

    def of(self, viewer: str) -> Ground:
        """Return the ground of a viewer."""
        live = self._live
        with live.locked():
            protocol = live.protocol
            stamp = (live.version, id(protocol))
            held = self._made.get(viewer)
            if held is not None and held[0] == stamp:
                return held[1]
            made = self._ground(viewer, protocol)
            self._made.pop(viewer, None)
            self._made[viewer] = (stamp, made)
            while len(self._made) > KEPT:
                del self._made[next(iter(self._made))]
            return made

    def _ground(self, viewer: str, protocol: Protocol) -> Ground:
        state, tools = self._live.state, tools_of(self._live.review)
        sight = AppraisalSight(state, tools)
        studies = studies_of(state)
        allowed = _allowed(state, studies, viewer, waits_for_second(state, protocol, viewer))
        extraction = _extraction(state, allowed, viewer)
        return Ground(
            protocol=protocol,
            studies=studies,
            extraction=extraction,
            syntheses=self._syntheses(protocol, extraction, studies),
            appraisals=appraisal_summaries(sight.visible(viewer), tools=tools),
            notes=tuple(state.notes.values()),
            sealed_results=sum(sight.hides(viewer, unit) for unit in sight.units),
            sealed_studies=tuple(s.label for s in studies if s.id in allowed),
        )

    def _syntheses(
        self, protocol: Protocol, extraction: Extraction, studies: tuple[Study, ...]
    ) -> tuple[Synthesis, ...]:
        key: Any = (
            id(protocol),
            tuple(value.event for value in extraction.values),
            tuple((s.id, s.design, s.role) for s in studies),
        )
        held = self._pooled.get(key)
        if held is not None:
            return held[1]
        made = tuple(
            synthesise(plan, extraction, studies, protocol.visits) for plan in protocol.syntheses
        )
        self._pooled[key] = (protocol, made)  # holds the protocol, so that its id stays its own
        while len(self._pooled) > KEPT:
            del self._pooled[next(iter(self._pooled))]
        return made


def _allowed(
    state: ReviewState, studies: tuple[Study, ...], viewer: str, waiting: Sequence[str]
) -> Mapping[str, frozenset[str]]:
    """Return whose readings of a study the viewer may know, for studies that are read by two.

    A study that one person alone read, and one whose differences were settled, are open, unless it
    waits for its second reader.
    """
    chosen = {one.chosen for one in state.value_settlements.values()}
    settled = {value.cell.study for event, value in state.values.items() if event in chosen}
    settled |= {one.cell.study for event, one in state.looked_for.items() if event in chosen}
    allowed = {}
    for study in studies:
        people = set(readings_of(state, study.id))
        alone = len(people) < 2 and study.id not in waiting
        if alone or (study.id in settled and viewer not in people):
            continue
        seen = may_see(state, study.id, viewer)
        if not people <= seen:
            allowed[study.id] = seen
    return allowed


def _extraction(
    state: ReviewState, allowed: Mapping[str, frozenset[str]], viewer: str
) -> Extraction:
    def seen(study: str, person: str) -> bool:
        return study not in allowed or person in allowed[study] or person == viewer

    values = tuple(v for v in state.values.values() if seen(v.cell.study, v.extractor))
    looked = tuple(v for v in state.looked_for.values() if seen(v.cell.study, v.extractor))
    kept = {v.event for v in values} | {v.event for v in looked}
    settled = tuple(
        one for one in state.value_settlements.values() if {*one.settles, one.chosen} <= kept
    )
    return standing(values, looked, settled)
