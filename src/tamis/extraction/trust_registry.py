"""Rules that hold a registration against the publication: size, arms, outcome, time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from tamis.domain.registries import registry_numbers
from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.trust_case import Case, folded, note_fields, quoted, remark
from tamis.extraction.trust_overlap import day_range

__all__ = ["arms", "duration", "late", "outcome", "size", "status", "unregistered"]

#: Words of a registration's status after which less was done than planned, or nobody knows.
ENDED = frozenset({"terminated", "withdrawn", "suspended", "unknown", "unknown status"})

LOOK = "look for a protocol or ask the authors, and say it with the risk of bias of the results"


def size(case: Case) -> Iterator[Finding]:
    """Find studies whose registered size is not the reported one."""
    for study in case.of_this_review:
        planned, reached = case.people(study.id, "registered-n"), case.people(study.id)
        if planned is None or reached is None or planned[0] == reached[0]:
            continue
        verb = "fewer" if reached[0] < planned[0] else "more"
        yield remark(
            "registry.size", "warning", study.id,
            f"registered for {planned[0]} people and published with {reached[0]}: "
            f"{abs(planned[0] - reached[0])} {verb} than planned",
            _ids(*planned[1], *reached[1]), suggestion=LOOK,
        )  # fmt: skip


def arms(case: Case) -> Iterator[Finding]:
    """Find studies published with another number of arms than registered."""
    for study in case.of_this_review:
        planned = _count(case, study.id, "registered-arms")
        published = case.arms(study.id)
        if planned is None or not published or int(planned.number or 0) == len(published):
            continue
        control = " (registered with a control group, published without one)"
        lost = control if len(published) == 1 and int(planned.number or 0) > 1 else ""
        yield remark(
            "registry.arms", "warning", study.id,
            f"registered with {planned.printed} {_arms(int(planned.number or 0))} and published "
            f"with {len(published)}{lost}",
            _ids(planned, *published), suggestion=LOOK,
        )  # fmt: skip


def duration(case: Case) -> Iterator[Finding]:
    """Find studies followed for another time than registered."""
    for study in case.of_this_review:
        planned = _count(case, study.id, "registered-follow-up-months")
        reached = _count(case, study.id, "follow-up-months")
        if planned is None or reached is None or planned.number == reached.number:
            continue
        yield remark(
            "registry.duration", "warning", study.id,
            f"registered for {planned.printed} months of follow-up and published with "
            f"{reached.printed}",
            _ids(planned, reached), suggestion=LOOK,
        )  # fmt: skip


def outcome(case: Case) -> Iterator[Finding]:
    """Find studies whose primary outcome is not worded as registered: a person compares them."""
    for study in case.of_this_review:
        planned = case.values(study.id, "registered-primary-outcome")
        published = case.values(study.id, "primary-outcome")
        if not planned or not published:
            continue
        words = {folded(value.printed) for value in planned}
        if words.isdisjoint(folded(value.printed) for value in published):
            yield remark(
                "registry.outcome", "warning", study.id,
                f"the primary outcome is registered as {_either(planned)} and published as "
                f"{_either(published)}",
                _ids(*planned, *published),
                suggestion="compare the two; if they differ, say it with the selection of the "
                "reported result",
            )  # fmt: skip


def late(case: Case) -> Iterator[Finding]:
    """Find studies registered after the first patient could have been recruited."""
    for study in case.of_this_review:
        registered = _day(case, study.id, "registered-on")
        started = _day(case, study.id, "recruitment-start")
        if registered is None or started is None:
            continue
        (first, _), one = registered
        (_, last), two = started
        if first > last:
            yield remark(
                "registry.late", "warning", study.id,
                f"registered {(first - last).days} days or more after recruitment began: "
                f"{quoted(one)} against {quoted(two)}",
                _ids(one, two),
                suggestion="say that outcomes may have been chosen after data were seen",
            )  # fmt: skip


def status(case: Case) -> Iterator[Finding]:
    """Find studies whose registration says that they ended early or that nobody knows."""
    for study in case.of_this_review:
        for value in case.values(study.id, "registered-status"):
            if folded(value.printed) in ENDED:
                yield remark(
                    "registry.status", "warning", study.id,
                    f"the registration gives the status {quoted(value)}", (value.id,),
                    suggestion=LOOK,
                )  # fmt: skip


def unregistered(case: Case) -> Iterator[Finding]:
    """Say of which included studies a registration was looked for and not found."""
    linked = {
        note_fields(note).get("study", "")
        for note in case.notes
        if note.topic == "registration" and registry_numbers(note_fields(note).get("number", ""))
    }
    for study in case.of_this_review:
        sought = case.sought.get((study.id, "registration"), ())
        known = case.values(study.id, "registration")
        if study.role == "included" and sought and not known and study.id not in linked:
            yield remark(
                "registry.none", "note", study.id,
                "no registration was found in what was read, so nothing planned can be compared",
                [item.id for item in sought], suggestion="search the registers by title and centre",
            )  # fmt: skip


def _count(case: Case, study: str, slug: str) -> Value | None:
    found = [v for v in case.values(study, slug) if v.number is not None and v.cell.arm == "all"]
    return found[0] if found else None


def _day(case: Case, study: str, slug: str) -> tuple[tuple[date, date], Value] | None:
    for value in case.values(study, slug):
        found = day_range(value.printed)
        if found is not None:
            return found, value
    return None


def _either(values: tuple[Value, ...]) -> str:
    return " or ".join(dict.fromkeys(quoted(value) for value in values))


def _arms(count: int) -> str:
    return "arm" if count == 1 else "arms"


def _ids(*values: Value) -> tuple[str, ...]:
    return tuple(value.id for value in values)
