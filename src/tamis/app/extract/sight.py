"""What one viewer may see of the extraction of a review, looked up in its state."""

from __future__ import annotations

from collections.abc import Iterable

from tamis.app.building.assemble import studies_of
from tamis.app.extract.blinding import may_see, readings_of, seals_of
from tamis.app.extract.views import ComparedStudy, DocumentShown, StudyShown
from tamis.app.judgement.answers import answered
from tamis.app.live import LiveReview
from tamis.domain.errors import NotFound, RuleBroken
from tamis.domain.records import Study
from tamis.domain.results import Finding
from tamis.domain.values import Extraction, Value
from tamis.extraction import check_values, compare_readings, unaligned
from tamis.extraction.standing import Datum

__all__ = ["Sight"]


class Sight:
    """Looks at a live review for one viewer at a time; whoever calls holds the review."""

    def __init__(self, live: LiveReview) -> None:
        self._live = live

    def known(self, study: str) -> Study:
        """Return a study, or say that there is none."""
        found = next((s for s in studies_of(self._live.state) if s.id == study), None)
        if found is None:
            raise NotFound(f"there is no study {study!r}", "link a report to it first")
        return found

    def own(self, viewer: str, study: str) -> tuple[Datum, ...]:
        """Return a viewer's own readings of a study, by value id."""
        data = readings_of(self._live.state, study).get(viewer, ())
        return tuple(sorted(data, key=lambda datum: (datum.id, datum.event)))

    def shown(self, study: Study, viewer: str) -> StudyShown:
        """Return a study as a viewer sees it."""
        compared = None
        if self.pair(viewer, study.id) is not None:
            compared = self.compared(viewer, study.id, None, bare=True).open
        sealed = viewer in seals_of(self._live.state, study.id)
        stage = "waiting" if sealed else "open"
        if compared is not None:
            stage = "compare" if compared else "settled"
        return StudyShown(
            study=study.id,
            label=study.label,
            design=study.design,
            role=study.role,
            documents=self.documents(study),
            own=len(self.own(viewer, study.id)),
            stage=stage,
            open=compared,
        )

    def documents(self, study: Study) -> tuple[DocumentShown, ...]:
        """Return the full texts attached to the reports of a study."""
        kinds = {report.id: report.kind for report in study.reports}
        return tuple(
            DocumentShown(
                report=link.report,
                kind=kinds[link.report],
                document=link.sha256,
                name=link.file.rpartition("/")[2],
                pages=link.pages,
                here=(self._live.root / link.file).is_file(),
            )
            for link in self._live.state.documents.values()
            if link.report in kinds
        )

    def pair(self, viewer: str, study: str) -> tuple[str, str] | None:
        """Return the two people whose readings a viewer may compare, if there are two."""
        state = self._live.state
        people = sorted(set(seals_of(state, study)) & may_see(state, study, viewer))
        if len(people) < 2:
            return None
        if viewer in people:
            people = [viewer, *(person for person in people if person != viewer)][:2]
        first, second = sorted(people[:2])
        return first, second

    def compared(
        self, viewer: str, study: str, pair: tuple[str, str] | None, *, bare: bool = False
    ) -> ComparedStudy:
        """Return two people's readings side by side; ``bare`` without findings."""
        state = self._live.state
        seen = self.pair(viewer, study)
        allowed = set(seals_of(state, study)) & may_see(state, study, viewer)
        if seen is None or (pair is not None and not set(pair) <= allowed):
            raise RuleBroken(
                f"{study} cannot be compared yet",
                "two people seal their extraction of it first, you among them if you extract it",
                rule="sealed-before-compared",
            )
        a, b = pair or seen
        readings = readings_of(state, study)
        rows = compare_readings(
            readings[a],
            readings[b],
            settlements=tuple(state.value_settlements.values()),
            known={*state.values, *state.looked_for},
        )
        found = {} if bare else {who: self.findings(viewer, readings[who]) for who in (a, b)}
        return ComparedStudy(
            study=study, a=a, b=b, rows=rows, findings=found,
            unaligned=() if bare else unaligned(readings[a], readings[b]),
        )  # fmt: skip

    def findings(self, viewer: str, data: Iterable[Datum]) -> tuple[Finding, ...]:
        """Return what the rules say of readings of one person, answers of the viewer beside it."""
        values = tuple(datum for datum in data if isinstance(datum, Value))
        notes = [note for note in self._live.state.notes.values() if note.by == viewer]
        return answered(check_values(Extraction(values=values)), notes)
