"""Where a review stands as one person may know it: the status without what is sealed from them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tamis.app.appraise.blinding import AppraisalSight
from tamis.app.building.assemble import studies_of
from tamis.app.desk.desk import Desk
from tamis.app.extract.blinding import readings_of, seals_of, waits_for_second
from tamis.app.live import LiveReview
from tamis.app.status import Status, status_of
from tamis.app.tools import tools_of

__all__ = ["Undone", "keeps_secrets", "overview_of", "undone"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Undone:
    """What is open in the extraction beside the step of the stage, counted in studies.

    ``one_reader`` were read by one person alone; ``own`` the viewer has begun and not sealed.
    """

    one_reader: int
    own: int

    def __bool__(self) -> bool:
        """Tell whether anything is open."""
        return bool(self.one_reader or self.own)


def overview_of(live: LiveReview, viewer: str) -> Status:
    """Return where a review stands; what is sealed from the viewer counts as not done yet.

    How many values there are is counted over everybody: it tells that people work, not what they
    say. How many events the log has is not told: each sealed verdict is one.
    """
    with live.locked():
        sight = AppraisalSight(live.state, tools_of(live.review))
        found = status_of(
            live.review,
            by=viewer,
            screened=live.part(Desk).screened_for(viewer),
            judged=sight.visible(viewer),
        )
    return replace(found, counts={k: n for k, n in found.counts.items() if k != "events"})


def undone(live: LiveReview, viewer: str) -> Undone:
    """Return what is open in the extraction, without a word of what anybody read."""
    with live.locked():
        state = live.state
        included = [study.id for study in studies_of(state) if study.role == "included"]
        readers = {study: readings_of(state, study) for study in included}
        return Undone(
            one_reader=sum(len(people) == 1 for people in readers.values()),
            own=sum(
                viewer in people and viewer not in seals_of(state, study)
                for study, people in readers.items()
            ),
        )


def keeps_secrets(live: LiveReview, viewer: str) -> bool:
    """Tell whether the finished report would tell the viewer something that is sealed from them.

    Others' verdicts on a report; others' readings of a study that the viewer reads and has not
    sealed; others' appraisal of a result that the viewer appraises and has not finished. Where the
    protocol wants two people for each, what one alone has done so far is a secret from everybody
    else. Where it wants one, who takes no part in a study or a result is kept from nothing by it.
    """
    with live.locked():
        if live.part(Desk).keeps_secrets(viewer):
            return True
        state = live.state
        if waits_for_second(state, live.protocol, viewer):
            return True
        own = {v.cell.study for v in state.values.values() if v.extractor == viewer}
        own |= {v.cell.study for v in state.looked_for.values() if v.extractor == viewer}
        if any(
            len(readings_of(state, study)) > 1 and viewer not in seals_of(state, study)
            for study in own
        ):
            return True
        sight = AppraisalSight(state, tools_of(live.review))
        two = live.protocol.reading.assessors_per_result > 1
        return any(
            viewer not in sight.finished(unit) and sight.hides(viewer, unit)
            for unit in sight.units
            if two or sight.own(viewer, unit)
        )
