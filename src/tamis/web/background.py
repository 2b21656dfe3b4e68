"""What goes on beside the requests: pages and programs begin the same work, and ask how it goes."""

from __future__ import annotations

from tamis.app.apart import run_apart
from tamis.app.building.changes import STEPS as COMPARE_STEPS
from tamis.app.building.changes import require_moment
from tamis.app.duplicates.finding import find_apart, find_at_once
from tamis.app.sharing.publish import BUILD_STEPS, build_report
from tamis.web.jobs import Job, Jobs
from tamis.web.visit import ReviewVisit

__all__ = ["build", "building", "compare", "comparing", "find_duplicates", "rank"]


def find_duplicates(visit: ReviewVisit) -> None:
    """Have duplicates found among what was imported; many records take a while, and a process."""
    if find_at_once(visit.live):
        return
    live, person, database = visit.live, visit.person, _database(visit)
    _jobs(visit).start(
        f"duplicates {visit.name}",
        lambda tell: find_apart(live, person, tell, database=database),
        steps=2,
    )


def rank(visit: ReviewVisit) -> None:
    """Have the reports ranked anew, apart: nobody waits for it."""
    root, person, database = visit.live.root, visit.person, _database(visit)
    _jobs(visit).start(
        f"ranking {visit.name}",
        lambda tell: run_apart("ranking", root, by=person, database=database, tell=tell),
        steps=3,
    )


def build(visit: ReviewVisit) -> None:
    """Begin to build the report, unless it is being built."""
    live, person, database = visit.live, visit.person, _database(visit)
    _jobs(visit).start(
        f"build {visit.name}",
        lambda tell: build_report(live, person, tell, database=database),
        steps=BUILD_STEPS,
    )


def compare(visit: ReviewVisit, since: str) -> Job:
    """Begin to compare the review with what it told earlier, unless that goes on already.

    Raises
    ------
    BadInput
        When ``since`` is no day and no moment.
    """
    require_moment(since)
    root, person, database = visit.live.root, visit.person, _database(visit)
    return _jobs(visit).start(
        f"changes {visit.name} {since}",
        lambda tell: run_apart(
            "changes", root, by=person, about=since, database=database, tell=tell
        ),
        steps=COMPARE_STEPS,
    )


def comparing(visit: ReviewVisit, since: str) -> Job | None:
    """Return how a comparison goes, or went; ``None`` where there was none."""
    return _jobs(visit).get(f"changes {visit.name} {since}")


def building(visit: ReviewVisit) -> Job | None:
    """Return how the newest build goes, or went; ``None`` where there was none."""
    return _jobs(visit).get(f"build {visit.name}")


def _jobs(visit: ReviewVisit) -> Jobs:
    found: Jobs = visit.request.app.state.jobs
    return found


def _database(visit: ReviewVisit) -> str:
    found: str = visit.request.app.state.shelf.database
    return found
