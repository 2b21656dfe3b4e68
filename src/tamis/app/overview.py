"""Where a review stands as one person may know it: the status without what is sealed from them."""

from __future__ import annotations

from tamis.app.appraise.blinding import AppraisalSight
from tamis.app.desk.desk import Desk
from tamis.app.extract.blinding import readings_of, seals_of
from tamis.app.live import LiveReview
from tamis.app.status import Status, status_of
from tamis.app.tools import tools_of

__all__ = ["keeps_secrets", "overview_of"]


def overview_of(live: LiveReview, viewer: str) -> Status:
    """Return where a review stands; what is sealed from the viewer counts as not done yet.

    How many values there are is counted over everybody: it tells that people work, not what they
    say.
    """
    with live.locked():
        sight = AppraisalSight(live.state, tools_of(live.review))
        return status_of(
            live.review,
            by=viewer,
            screened=live.part(Desk).screened_for(viewer),
            judged=sight.visible(viewer),
        )


def keeps_secrets(live: LiveReview, viewer: str) -> bool:
    """Tell whether the finished report would tell the viewer something that is sealed from them.

    Others' verdicts on a report; others' readings of a study that the viewer reads and has not
    sealed; others' appraisal of a result that the viewer appraises and has not finished. Who takes
    no part in a study or a result is kept from nothing by it: one person's work there is open.
    """
    with live.locked():
        if live.part(Desk).keeps_secrets(viewer):
            return True
        state = live.state
        own = {v.cell.study for v in state.values.values() if v.extractor == viewer}
        own |= {v.cell.study for v in state.looked_for.values() if v.extractor == viewer}
        if any(
            len(readings_of(state, study)) > 1 and viewer not in seals_of(state, study)
            for study in own
        ):
            return True
        sight = AppraisalSight(state, tools_of(live.review))
        return any(
            viewer not in sight.finished(unit) and sight.hides(viewer, unit)
            for unit in sight.units
            if sight.own(viewer, unit)
        )
