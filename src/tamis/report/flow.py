"""The PRISMA 2020 flow: every box is a counted set of ids, never a subtraction (law 4).

Read ``PATHS`` aloud: where a report stands at the two stages decides which boxes it passes; the
last one is where it ended. ``flow_check`` tests the invariants on the finished boxes without using
these tables.

Source: Page MJ et al., BMJ 2021;372:n71 (the boxes and their names).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType

from tamis.domain.canonical import sha256_hex
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput
from tamis.domain.ids import slugify
from tamis.domain.question import Criterion
from tamis.domain.records import Cluster, Study
from tamis.domain.results import Finding, ScreenState
from tamis.report.content import ReportContent
from tamis.report.flow_check import broken_invariants

__all__ = ["NO_REASON", "PATHS", "TERMINAL", "Box", "Flow", "build_flow", "check_flow"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One box: the sorted ids in it and what they are ids of (``records``, ``reports``, ...).

    ``part_of`` names the box whose ids this one splits (by source, or by reason of exclusion);
    ``short`` is a name of few words for such a part. ``unknown`` are the words that stand in place
    of a number nobody can know: the ids are kept for the invariants, and are not counted aloud.
    """

    id: str
    label: str
    short: str = ""
    unit: str
    ids: tuple[str, ...] = ()
    part_of: str = ""
    unknown: str = ""

    @property
    def n(self) -> int:
        """How many ids there are."""
        return len(self.ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The boxes of one flow, where each record ended, and what does not add up."""

    boxes: tuple[Box, ...]
    interim: bool
    findings: tuple[Finding, ...] = ()
    ends: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def box(self, box_id: str) -> Box:
        """Return the box with that id.

        Raises
        ------
        BadInput
            When there is none.
        """
        for box in self.boxes:
            if box.id == box_id:
                return box
        raise BadInput(f"the flow has no box {box_id!r}", "use one of the ids in flow.ROWS")

    def parts(self, box_id: str) -> tuple[Box, ...]:
        """Return the boxes that split this one, in order."""
        return tuple(box for box in self.boxes if box.part_of == box_id)


#: Box, label, unit; in the order of the diagram.
ROWS: tuple[tuple[str, str, str], ...] = (
    ("identified", "Records identified", "records"),
    ("duplicates", "Duplicate records removed", "records"),
    ("automation", "Records marked as ineligible by automation tools", "records"),
    ("other", "Records removed for other reasons", "records"),
    ("screened", "Records screened", "records"),
    ("excluded", "Records excluded", "records"),
    ("sought", "Reports sought for retrieval", "reports"),
    ("not-retrieved", "Reports not retrieved", "reports"),
    ("assessed", "Reports assessed for eligibility", "reports"),
    ("excluded-full-text", "Reports excluded", "reports"),
    ("included-reports", "Reports of included studies", "reports"),
    ("included-studies", "Studies included in the review", "studies"),
    ("awaiting-screening", "Records still to be screened", "records"),
    ("awaiting-assessment", "Reports still to be assessed", "reports"),
)

OPEN = ("awaiting", "conflict", "second-look", "")

#: (state at title and abstract, state at full text) -> the boxes passed; the last is the end.
PATHS: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        **{(ta, ft): ("awaiting-screening",)
           for ta in OPEN for ft in (*OPEN, "in", "out", "not-retrieved")},
        **{("out", ft): ("screened", "excluded")
           for ft in (*OPEN, "in", "out", "not-retrieved")},
        **{("in", ft): ("screened", "sought", "awaiting-assessment") for ft in OPEN},
        ("in", "not-retrieved"): ("screened", "sought", "not-retrieved"),
        ("in", "out"): ("screened", "sought", "assessed", "excluded-full-text"),
        ("in", "in"): ("screened", "sought", "assessed", "included-reports"),
    }
)  # fmt: skip

#: Box -> (label, words in place of its number) where full texts were not sought at all.
NOT_SOUGHT: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "sought": ("Reports sought for retrieval", "not sought"),
        "not-retrieved": ("Reports not retrieved", "not sought"),
        "assessed": ("Reports assessed on abstract, tables or registry entry", ""),
    }
)

#: The boxes in which a record can end. Every imported record is in exactly one of them.
TERMINAL = (
    "duplicates", "automation", "other", "excluded", "not-retrieved", "excluded-full-text",
    "included-reports", "awaiting-screening", "awaiting-assessment",
)  # fmt: skip

#: Under this heading stand reports that were excluded without a reason, which is a finding.
NO_REASON = "no reason given"


def build_flow(content: ReportContent) -> Flow:
    """Sort every imported record into its boxes and check that the boxes add up.

    Returns
    -------
    Flow
        Boxes in the order of ``ROWS``, each followed by its parts. ``findings`` holds one entry a
        broken invariant (rules ``flow-sources`` to ``flow-overlap``), none when all hold.

    Examples
    --------
    >>> from tamis.domain.question import Protocol, Question, ReviewHead
    >>> question = Question(population="", intervention="", comparator="", outcomes="", designs="")
    >>> protocol = Protocol(head=ReviewHead(id="r", title="A review"), question=question)
    >>> build_flow(ReportContent(protocol=protocol, date="")).box("identified").n
    0
    """
    ids: dict[str, set[str]] = defaultdict(set)
    by_source = _by_source(content)
    for members in by_source.values():
        ids["identified"] |= set(members)
    at = {(state.cluster, state.stage): state for state in content.states}
    for cluster in content.clusters:
        ids["duplicates"].update(_removed(cluster))
        for box in _path(cluster, at):
            ids[box].add(cluster.primary)
    _place_the_rest(content, ids)
    reports = ids["included-reports"]
    ids["included-studies"] = {s.id for s in content.studies if _is_included(s, reports, content)}
    reasons = {
        "excluded": _reasons(ids["excluded"], at, STAGES[0], content.protocol.criteria),
        "excluded-full-text": _reasons(
            ids["excluded-full-text"], at, STAGES[1], content.protocol.criteria
        ),
    }
    boxes = _boxes(content, ids, by_source, reasons)
    ends = {name: box for box in TERMINAL for name in sorted(ids[box])}
    return Flow(
        boxes=boxes,
        interim=bool(ids["awaiting-screening"] or ids["awaiting-assessment"]),
        findings=broken_invariants({box.id: box.ids for box in boxes}, content),
        ends=MappingProxyType(ends),
    )


def check_flow(flow: Flow) -> tuple[Finding, ...]:
    """Return what does not add up in a flow: one finding a broken invariant.

    The invariants are checked when the flow is built (see ``flow_check``).
    """
    return flow.findings


def _removed(cluster: Cluster) -> tuple[str, ...]:
    return tuple(name for name in cluster.records if name != cluster.primary)


def _path(cluster: Cluster, at: Mapping[tuple[str, str], ScreenState]) -> tuple[str, ...]:
    stands = tuple(
        at[cluster.id, stage].state if (cluster.id, stage) in at else "" for stage in STAGES
    )
    path = PATHS.get((stands[0], stands[1]))
    if path is None:
        raise BadInput(
            f"the report {cluster.id} stands at {stands[0]!r} and {stands[1]!r}, which is no way "
            "through the flow",
            "give states that flow.PATHS names",
        )
    return path


def _by_source(content: ReportContent) -> Mapping[str, tuple[str, ...]]:
    source_of = {batch.sha256[:12]: batch.source for batch in content.batches}
    found: dict[str, list[str]] = {source.id: [] for source in content.protocol.sources}
    for name in sorted(content.records):
        found.setdefault(source_of.get(name.partition(":")[0], ""), []).append(name)
    return {source: tuple(names) for source, names in found.items()}


def _place_the_rest(content: ReportContent, ids: dict[str, set[str]]) -> None:
    """Put records that no cluster holds where a person sees them: still to be screened."""
    clustered = {name for cluster in content.clusters for name in cluster.records}
    ids["awaiting-screening"] |= set(content.records) - clustered


def _is_included(study: Study, reports: set[str], content: ReportContent) -> bool:
    held = {name for report in study.reports for name in report.records}
    return any(
        held & set(cluster.records) for cluster in content.clusters if cluster.primary in reports
    )


def _reasons(
    excluded: set[str],
    at: Mapping[tuple[str, str], ScreenState],
    stage: str,
    criteria: Sequence[Criterion],
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return (reason, ids), first deciding reason first, then as many as there are by name."""
    rank = {c.id: (c.order, c.id) for c in criteria}
    found: dict[str, list[str]] = defaultdict(list)
    for name in sorted(excluded):
        found[at[name, stage].reason.strip() or NO_REASON].append(name)
    known = len(criteria) + 1 + max((c.order for c in criteria), default=0)
    ordered = sorted(found, key=lambda reason: rank.get(reason, (known, reason)))
    return tuple((reason, tuple(found[reason])) for reason in ordered)


def _boxes(
    content: ReportContent,
    ids: Mapping[str, set[str]],
    by_source: Mapping[str, tuple[str, ...]],
    reasons: Mapping[str, Sequence[tuple[str, tuple[str, ...]]]],
) -> tuple[Box, ...]:
    words = {c.id: c.text for c in content.protocol.criteria}
    unread = content.protocol.screening.full_text == "not-sought" and not ids.get("not-retrieved")
    boxes: list[Box] = []
    for box_id, usual, unit in ROWS:
        inside = tuple(sorted(ids.get(box_id, ())))
        label, unknown = NOT_SOUGHT.get(box_id, (usual, "")) if unread else (usual, "")
        boxes.append(Box(id=box_id, label=label, unit=unit, ids=inside, unknown=unknown))
        if box_id == "identified":
            boxes += [_source_box(content, source, names) for source, names in by_source.items()]
        for reason, names in reasons.get(box_id, ()):
            boxes.append(
                Box(
                    id=f"{box_id}/{_reason_id(reason)}",
                    label=words.get(reason, reason),
                    short=reason.replace("-", " ") if reason in words else reason,
                    unit=unit,
                    ids=names,
                    part_of=box_id,
                )
            )
    return tuple(boxes)


def _reason_id(reason: str) -> str:
    """Return a reason as the end of an id: a criterion's id, else a slug that is its own."""
    slug = slugify(reason)
    return slug if slug == reason else f"{slug[:40]}.{sha256_hex(reason.encode())[:6]}"


def _source_box(content: ReportContent, source: str, names: tuple[str, ...]) -> Box:
    known = content.protocol.source(source)
    label = known.database if known else "source not named in the protocol"
    return Box(
        id=f"identified/{source or 'unknown'}",
        label=label,
        short=label,
        unit="records",
        ids=names,
        part_of="identified",
    )
