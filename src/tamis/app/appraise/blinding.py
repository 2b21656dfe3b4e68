"""Who may see whose appraisal of a result: only one's own, until two people have finished it.

Finished means: every question that is reached is answered, and the whole is judged. Whoever has
finished sees the others who have; whoever appraised nothing of a result sees it once two people
have finished, or after opening it, which is recorded (note of topic ``appraisal-opened``).
Everything that shows an appraisal, or computes with one for a viewer, goes through here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace

from tamis.appraisal import Tool, appraise, find_tool
from tamis.domain.decisions import AppraisalAnswer
from tamis.domain.errors import RuleBroken
from tamis.domain.state import ReviewState

__all__ = ["OPENED", "AppraisalSight", "Unit"]

#: Topic of the note by which a person opens the appraisals of a result before two have finished.
OPENED = "appraisal-opened"

#: Tool and result.
Unit = tuple[str, str]


class AppraisalSight:
    """Tells what a viewer may see of the appraisals of a state; made for one answer, then dropped.

    Parameters
    ----------
    state
        Everything that was said.
    tools
        The review's tools by key.
    """

    def __init__(self, state: ReviewState, tools: Mapping[str, Tool]) -> None:
        self._state = state
        self._tools = tools
        self._rows: dict[Unit, dict[str, dict[str, AppraisalAnswer]]] = {}
        for row in state.appraisals.values():
            people = self._rows.setdefault((row.tool, row.result), {})
            people.setdefault(row.assessor, {})[row.question] = row
        self._finished: dict[Unit, frozenset[str]] = {}
        self._opened: dict[Unit, set[str]] = defaultdict(set)
        for note in state.notes.values():
            if note.topic == OPENED:
                self._opened[dict(note.fields).get("tool", ""), note.subject].add(note.by)

    @property
    def units(self) -> tuple[Unit, ...]:
        """Every result that somebody has begun to appraise, with the tool."""
        return tuple(self._rows)

    def own(self, viewer: str, unit: Unit) -> Mapping[str, AppraisalAnswer]:
        """Return what a viewer last said of each question and judgement of a result."""
        return self._rows.get(unit, {}).get(viewer, {})

    def finished(self, unit: Unit) -> frozenset[str]:
        """Return who has finished a result. For the desk's own use: never shown before one has."""
        if unit not in self._finished:
            tool = find_tool(unit[0], self._tools)
            self._finished[unit] = frozenset(
                person
                for person, rows in self._rows.get(unit, {}).items()
                if _is_finished(tool, rows)
            )
        return self._finished[unit]

    def may_see(self, viewer: str, unit: Unit) -> frozenset[str]:
        """Return the people whose appraisal of a result a viewer may see, the viewer among them."""
        done, own = self.finished(unit), frozenset({viewer})
        if viewer in self._rows.get(unit, {}):
            return own | done if viewer in done else own
        if viewer in self._opened[unit]:
            return own | done
        return own | done if len(done) > 1 else own

    def hides(self, viewer: str, unit: Unit) -> bool:
        """Tell whether somebody has said something of a result that a viewer may not see."""
        return not set(self._rows.get(unit, {})) <= self.may_see(viewer, unit)

    def sealed(self, viewer: str, unit: Unit) -> bool:
        """Tell whether a viewer who appraised nothing of a result finds it finished and sealed."""
        return (
            viewer not in self._rows.get(unit, {})
            and len(self.finished(unit)) == 1
            and viewer not in self._opened[unit]
        )

    def comparable(self, viewer: str, unit: Unit) -> tuple[str, ...]:
        """Return the people whose finished appraisals a viewer may hold side by side, if two."""
        people = self.finished(unit) & self.may_see(viewer, unit)
        return tuple(sorted(people)) if len(people) > 1 else ()

    def check_may_answer(self, viewer: str, unit: Unit) -> None:
        """Refuse a person who has looked at what others said before saying anything.

        Raises
        ------
        RuleBroken
            Naming what they can do instead.
        """
        if viewer not in self._rows.get(unit, {}) and self.may_see(viewer, unit) != {viewer}:
            raise RuleBroken(
                f"you have seen what others said of {unit[1]}, and cannot appraise it blinded",
                "settle what they see differently, or ask somebody who has not seen it",
                rule="sealed-before-compared",
            )

    def visible(self, viewer: str) -> ReviewState:
        """Return the state with the appraisals and consensus that a viewer may see, no others."""
        allowed = {unit: self.may_see(viewer, unit) for unit in self._rows}
        compared = {unit for unit in self._rows if self.comparable(viewer, unit)}
        return replace(
            self._state,
            appraisals={
                event: row
                for event, row in self._state.appraisals.items()
                if row.assessor in allowed[row.tool, row.result]
            },
            appraisal_settlements={
                event: one
                for event, one in self._state.appraisal_settlements.items()
                if (one.tool, one.result) in compared
            },
        )


def _is_finished(tool: Tool, rows: Mapping[str, AppraisalAnswer]) -> bool:
    (made,) = appraise(tool.key, rows.values(), tools={tool.key: tool})
    return made.complete and bool(made.judgement)
