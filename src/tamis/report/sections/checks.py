"""What the log and the results of one review hold: the questions that checklists ask of it."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.decisions import STAGES
from tamis.report.book import Book
from tamis.report.content import ReportContent
from tamis.report.sections.bias import not_appraised
from tamis.report.sections.deviations import amendments_of

__all__ = [
    "ABSENT", "COMPLETE", "NOT_APPLICABLE", "NOT_DONE", "PARTIAL", "Answer", "Facts", "all_of",
    "given",
]  # fmt: skip

COMPLETE, PARTIAL, ABSENT = "complete", "partial", "absent"
NOT_APPLICABLE = "not applicable"
NOT_DONE = "not done"

#: Status and, where it is not complete, why.
Answer = tuple[str, str]


def given(there: object, why: str) -> Answer:
    """Return complete when there is something, else absent with the reason."""
    return (COMPLETE, "") if there else (ABSENT, why)


def all_of(there: int, wanted: int, why: str, none: str) -> Answer:
    """Return complete when all are there, partial with ``why``, absent with ``none``."""
    if wanted and there >= wanted:
        return COMPLETE, ""
    return (PARTIAL, why) if there else (ABSENT, none)


@dataclass(frozen=True, slots=True)
class Facts:
    """One review, asked by the checklists."""

    book: Book

    @property
    def content(self) -> ReportContent:
        """The content of the report."""
        return self.book.content

    def outcomes(self) -> Answer:
        """Answer whether the outcomes are defined."""
        outcomes = self.content.protocol.outcomes
        defined = sum(1 for o in outcomes if o.definition not in ("", "not-stated"))
        if not outcomes:
            return ABSENT, "the protocol names no outcome"
        if not defined:
            return PARTIAL, "outcomes are named, and none has a stated definition"
        return all_of(defined, len(outcomes), "an outcome has no stated definition", "")

    def dates(self) -> Answer:
        """Answer whether the date of each search is known."""
        sources = self.content.protocol.sources
        dated = sum(1 for s in sources if s.searched_on)
        return all_of(dated, len(sources), "the date of a search is not stated",
                      "no date of a search is stated")  # fmt: skip

    def sources(self) -> Answer:
        """Answer whether sources are named, each with its date."""
        if not self.content.protocol.sources:
            return ABSENT, "the protocol names no source"
        status, why = self.dates()
        return (COMPLETE, "") if status == COMPLETE else (PARTIAL, why)

    def strategies(self) -> Answer:
        """Answer whether every strategy is given as it was run."""
        sources = self.content.protocol.sources
        held = {s.source for s in self.content.strategies}
        whole = sum(1 for s in sources if s.id in held and s.run == "as-run")
        if any(s.run != "as-run" for s in sources) and held:
            return PARTIAL, "a strategy stands here that was rendered and not run"
        stated = self.content.protocol.stated
        if held and any(f"source.{s.id}.run" not in stated for s in sources):
            return PARTIAL, "whether a strategy was run as it stands is not stated"
        return all_of(whole, len(sources), "a source has no strategy", "no strategy is recorded")

    def limits(self) -> Answer:
        """Answer whether limits are stated for each source."""
        sources = self.content.protocol.sources
        stated = sum(1 for s in sources if s.limits.strip())
        return all_of(stated, len(sources), "a source states neither limits nor that there were "
                      "none", "no limit is stated, nor that there were none")  # fmt: skip

    def screened(self) -> Answer:
        """Answer whether the log holds verdicts of both stages."""
        stages = {v.stage for v in self.content.votes}
        done = len(stages & set(STAGES))
        return all_of(done, len(STAGES), "a stage has no verdict", "no verdict is in the log")

    def selected(self) -> Answer:
        """Answer whether it is said how many people selected, how apart, and how they agreed."""
        status, why = self.screened()
        content = self.content
        if status != COMPLETE or len({v.reviewer for v in content.votes}) == 1:
            return status, why
        if any(s.state == "conflict" for s in content.states):
            return PARTIAL, "a disagreement of reviewers is not settled"
        if "screening.blinding" not in content.protocol.stated:
            return PARTIAL, "whether reviewers saw each other's verdicts is not stated"
        return COMPLETE, ""

    def excluded(self) -> Answer:
        """Answer whether every report excluded in full has its reason."""
        out = [s for s in self.content.states if s.stage == STAGES[1] and s.state == "out"]
        bare = [s for s in out if not s.reason]
        if not any(s.stage == STAGES[1] for s in self.content.states):
            return ABSENT, "no report was assessed in full"
        return (PARTIAL, "a report was excluded without a reason") if bare else (COMPLETE, "")

    def included(self) -> tuple[str, ...]:
        """Ids of the included studies."""
        return tuple(s.id for s in self.content.studies if s.role == "included")

    def characteristics(self) -> Answer:
        """Answer whether every included study has some extracted value."""
        told = {v.cell.study for v in self.content.extraction.values}
        mine = self.included()
        done = sum(1 for s in mine if s in told)
        why = "an included study has no extracted value"
        return all_of(done, len(mine), why, "no study is included")

    def bias_methods(self) -> Answer:
        """Answer whether every included study was appraised."""
        if not self.content.appraisals:
            return ABSENT, "risk of bias was not appraised"
        bare = not_appraised(self.book)
        return (PARTIAL, "a study was not appraised") if bare else (COMPLETE, "")

    def controlled(self) -> tuple[str, ...]:
        """Ids of the syntheses with a comparator."""
        return tuple(s.plan.id for s in self.content.syntheses if s.plan.kind == "controlled")

    def pooled(self) -> bool:
        """Tell whether any synthesis is a pool."""
        return any(s.pooled is not None for s in self.content.syntheses)

    def structured(self) -> bool:
        """Tell whether any synthesis is no meta-analysis."""
        return any(s.pooled is None for s in self.content.syntheses)

    def reasons(self) -> Answer:
        """Answer whether a reason is stated for each synthesis that does not pool."""
        bare = [s for s in self.content.syntheses if s.pooled is None]
        stated = sum(1 for s in bare if s.plan.reason.strip() or s.refusal is not None)
        return all_of(stated, len(bare), "a synthesis without a pool states no reason",
                      "no reason is stated")  # fmt: skip

    def explored(self, *, sensitivity: bool) -> Answer:
        """Answer whether subgroups, or sensitivity analyses, were planned."""
        plans = [s.plan for s in self.content.syntheses]
        if not plans:
            return ABSENT, "no synthesis was planned"
        if sensitivity:
            found = any(p.sensitivity or p.layer == "sensitivity" for p in plans)
            return given(found, "no sensitivity analysis was planned")
        if any(p.subgroups for p in plans):
            return COMPLETE, ""
        if not self.pooled():
            return NOT_APPLICABLE, "no pool: there is no between-study variation to explore"
        return ABSENT, "no subgroup or regression was planned"

    def publication(self) -> Answer:
        """Answer whether a person judged publication bias for each rated body."""
        ratings = self.content.ratings
        judged = sum(
            1 for r in ratings
            if any("publication" in d.domain and d.change is not None for d in r.domains)
        )  # fmt: skip
        return all_of(judged, len(ratings), "a body has no decision on publication bias",
                      "no body has a decision on publication bias")  # fmt: skip

    def certainty(self) -> Answer:
        """Answer whether every body is rated to the end and confirmed."""
        bodies = self.content.protocol.bodies
        done = sum(1 for r in self.content.ratings if r.status == "confirmed" and r.level)
        return all_of(done, len(bodies), "a body is not rated to the end",
                      "no body of evidence was rated")  # fmt: skip

    def authors(self, *subjects: str) -> bool:
        """Tell whether the authors left a note on one of these subjects."""
        return any(n.topic == "author" and n.subject in subjects for n in self.content.notes)

    def changed(self) -> bool:
        """Tell whether the protocol was changed after its adoption."""
        return len(amendments_of(self.book)) > 1

    def declared(self, name: str) -> str:
        """Return what a person declared of an item (note of topic ``checklist``)."""
        for note in self.content.notes:
            if note.topic == "checklist" and note.subject == name:
                return dict(note.fields).get("text", "")
        return ""
