"""The invariants of the flow, each checked on the finished boxes; one finding a broken one.

These functions see only the ids in the boxes and the imported material. They do not know how the
boxes were filled, so a fault there cannot hide here.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from tamis.domain.decisions import STAGES
from tamis.domain.results import Finding
from tamis.report.content import ReportContent
from tamis.report.overlap import overlap

__all__ = ["INVARIANTS", "broken_invariants"]

Ids = Mapping[str, tuple[str, ...]]
Check = Callable[[Ids, ReportContent], Iterator[str]]


def broken_invariants(boxes: Ids, content: ReportContent) -> tuple[Finding, ...]:
    """Return one finding a broken invariant; ``subject`` names the box that fails.

    Examples
    --------
    >>> [rule for rule, _, _ in INVARIANTS][:2]
    ['flow-sources', 'flow-screened']
    """
    return tuple(
        Finding(
            rule=rule,
            severity="error",
            subject=box,
            message="; ".join(broken),
            suggestion="this is a fault of the program or of the log: run tamis verify",
        )
        for rule, box, check in INVARIANTS
        if (broken := tuple(check(boxes, content)))
    )


def _sources(boxes: Ids, content: ReportContent) -> Iterator[str]:
    """Check: identified = the union of the sources; each source = its batches."""
    parts = {name: ids for name, ids in boxes.items() if name.startswith("identified/")}
    yield from _is_split("identified", boxes["identified"], parts)
    if missing := set(content.records) ^ set(boxes["identified"]):
        yield f"{_some(missing)} are imported and not identified, or the reverse"
    counted: Counter[str] = Counter()
    for batch in content.batches:
        counted[batch.source] += batch.records
    for name, ids in parts.items():
        source = name.partition("/")[2]
        if counted[source] != len(ids):
            yield f"the batches of the source {source} hold another number of records"


def _screened(boxes: Ids, _content: ReportContent) -> Iterator[str]:
    """Check: identified = duplicates + automation + other + screened + awaiting."""
    names = ("duplicates", "automation", "other", "screened", "awaiting-screening")
    yield from _is_split("identified", boxes["identified"], {n: boxes[n] for n in names})


def _sought(boxes: Ids, _content: ReportContent) -> Iterator[str]:
    """Check: screened = excluded + sought."""
    names = ("excluded", "sought")
    yield from _is_split("screened", boxes["screened"], {n: boxes[n] for n in names})


def _assessed(boxes: Ids, _content: ReportContent) -> Iterator[str]:
    """Check: sought = not retrieved + assessed + still to be assessed."""
    names = ("not-retrieved", "assessed", "awaiting-assessment")
    yield from _is_split("sought", boxes["sought"], {n: boxes[n] for n in names})


def _included(boxes: Ids, _content: ReportContent) -> Iterator[str]:
    """Check: assessed = excluded at full text + included."""
    names = ("excluded-full-text", "included-reports")
    yield from _is_split("assessed", boxes["assessed"], {n: boxes[n] for n in names})


def _one_reason(boxes: Ids, content: ReportContent) -> Iterator[str]:
    """Check: every report excluded at full text has exactly one primary reason."""
    whole = "excluded-full-text"
    parts = {name: ids for name, ids in boxes.items() if name.startswith(f"{whole}/")}
    yield from _is_split(whole, boxes[whole], parts)
    said = {(s.cluster, s.stage) for s in content.states if s.reason.strip()}
    unsaid = [name for name in boxes[whole] if (name, STAGES[1]) not in said]
    if unsaid:
        yield f"{_some(unsaid)} are excluded without a reason"


def _one_study(boxes: Ids, content: ReportContent) -> Iterator[str]:
    """Check: every included report belongs to exactly one study."""
    owner: dict[str, set[str]] = {}
    for study in content.studies:
        for report in study.reports:
            for name in report.records:
                owner.setdefault(name, set()).add(study.id)
    for cluster in content.clusters:
        if cluster.primary in boxes["included-reports"]:
            studies = set().union(*(owner.get(name, set()) for name in cluster.records))
            if len(studies) != 1:
                yield f"{cluster.id} belongs to {', '.join(sorted(studies)) or 'no study'}"
    if len(boxes["included-studies"]) > len(boxes["included-reports"]):
        yield "there are more studies than reports of them"


def _in_synthesis(boxes: Ids, content: ReportContent) -> Iterator[str]:
    """Check: a primary synthesis uses included studies only."""
    for synthesis in content.syntheses:
        if synthesis.plan.layer == "primary":
            used = {effect.study for effect in synthesis.effects}
            used |= {trajectory.study for trajectory in synthesis.trajectories}
            if strange := used - set(boxes["included-studies"]):
                yield f"{synthesis.plan.id} uses {', '.join(sorted(strange))}"


def _one_end(boxes: Ids, content: ReportContent) -> Iterator[str]:
    """Check: every imported record is in exactly one terminal box."""
    names = ("duplicates", "automation", "other", "excluded", "not-retrieved",
             "excluded-full-text", "included-reports", "awaiting-screening",
             "awaiting-assessment")  # fmt: skip
    yield from _is_split("imported", tuple(content.records), {n: boxes[n] for n in names})


def _overlap(boxes: Ids, content: ReportContent) -> Iterator[str]:
    """Check: what the table of sources removes and leaves is what the flow removes and leaves."""
    found = overlap(content)
    removed = {"within sources": found.together("within"), "across": found.together("across")}
    yield from _is_split("duplicates", boxes["duplicates"], removed)
    left = {"duplicates": boxes["duplicates"], "left": found.together("standing")}
    yield from _is_split("identified", boxes["identified"], left)
    for share in found.shares:
        parts = {"within": share.within, "across": share.across, "left": share.standing}
        box = boxes.get(f"identified/{share.source or 'unknown'}", ())
        yield from _is_split(f"identified/{share.source}", box, parts)
        reports = {"within": share.within, "only": share.only, "shared": share.shared}
        yield from _is_split(f"identified/{share.source}", box, reports)


#: Rule, the box it is about, the check. Their order is that of docs/reference/reporting.md.
INVARIANTS: tuple[tuple[str, str, Check], ...] = (
    ("flow-sources", "identified", _sources),
    ("flow-screened", "screened", _screened),
    ("flow-sought", "sought", _sought),
    ("flow-assessed", "assessed", _assessed),
    ("flow-included", "included-reports", _included),
    ("flow-reasons", "excluded-full-text", _one_reason),
    ("flow-studies", "included-studies", _one_study),
    ("flow-synthesis", "included-studies", _in_synthesis),
    ("flow-terminal", "identified", _one_end),
    ("flow-overlap", "duplicates", _overlap),
)


def _is_split(name: str, whole: Iterable[str], parts: Ids) -> Iterator[str]:
    """Say where ``parts`` are not a partition of ``whole``."""
    counted = Counter(item for ids in parts.values() for item in ids)
    twice = {item for item, n in counted.items() if n > 1}
    wanted = set(whole)
    if twice:
        yield f"{_some(twice)} of {name} stand in more than one of {', '.join(parts)}"
    if lost := wanted - set(counted):
        yield f"{_some(lost)} of {name} stand in none of {', '.join(parts)}"
    if strange := set(counted) - wanted:
        yield f"{_some(strange)} stand in {', '.join(parts)} and not in {name}"


def _some(ids: Iterable[str]) -> str:
    ordered = sorted(ids)
    more = "" if len(ordered) <= 3 else f" and {len(ordered) - 3} more"
    return ", ".join(ordered[:3]) + more
