"""Studies: included reports that belong to none yet, links between reports and studies.

A link is an event about one report; the last one counts. A study is what its links say, so a
change of its name, design or role links each of its reports again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from tamis.app.building.assemble import studies_of
from tamis.app.desk.desk import Desk
from tamis.app.live import LiveReview
from tamis.app.sheet.studies import proposed_study
from tamis.app.words import DESIGNS, ROLES, check_word
from tamis.domain import process
from tamis.domain.decisions import LinkedReport
from tamis.domain.errors import BadInput, NotFound, RuleBroken
from tamis.domain.events import Draft, Event
from tamis.domain.ids import check_slug

__all__ = [
    "KINDS",
    "LinkAsked",
    "ReportShown",
    "Studies",
    "StudiesShown",
    "StudyLinked",
    "WaitingReport",
]

#: Kinds of reports that the page offers; tables may name others.
KINDS = (
    "article", "conference-abstract", "registry-entry", "protocol", "erratum", "preprint",
    "letter", "thesis", "other",
)  # fmt: skip

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReport:
    """A report that is linked to no study, with the study that its author and year propose."""

    cluster: str
    title: str
    authors: str
    journal: str
    year: str
    label: str
    study: str
    same: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportShown:
    """A linked report; ``documents`` counts its full texts."""

    report: str
    kind: str
    title: str
    records: int
    documents: int
    cluster: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyLinked:
    """A study with its reports; ``recorded`` counts values and appraisals that name it."""

    study: str
    label: str
    design: str
    role: str
    reports: tuple[ReportShown, ...]
    recorded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StudiesShown:
    """Everything the page of studies shows."""

    waiting: tuple[WaitingReport, ...]
    studies: tuple[StudyLinked, ...]
    found: tuple[WaitingReport, ...]
    query: str
    screened: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAsked:
    """What a form says of the study that reports are linked to."""

    study: str
    label: str
    design: str
    role: str


class Studies:
    """The studies of a live review, asked for one viewer at a time."""

    def __init__(self, live: LiveReview) -> None:
        self._live = live

    def shown(
        self, viewer: str, *, roles: frozenset[str] = frozenset(), query: str = ""
    ) -> StudiesShown:
        """Return what waits, what is linked, and the reports that a search finds.

        Only inclusions that the viewer may know of are there: a sealed stage keeps its reports.
        """
        with self._live.locked():
            included = self._listed(viewer, roles, "full-text", {"state": ["in"]})
            found = (
                self._listed(viewer, roles, "title-abstract", {}, query=query, most=20)
                if query.strip()
                else ()
            )
            taken = self._taken()
            waiting = tuple(self._waiting(cluster, taken) for cluster in included)
            return StudiesShown(
                waiting=waiting,
                studies=tuple(self._studies()),
                found=tuple(
                    self._waiting(cluster, taken) for cluster in found if cluster not in included
                ),
                query=query,
                screened=bool(self._listed(viewer, roles, "full-text", {}, most=1)),
            )

    def link(
        self, viewer: str, clusters: Sequence[str], asked: LinkAsked, kinds: Mapping[str, str]
    ) -> tuple[Event, ...]:
        """Link reports to one study, new or known.

        Raises
        ------
        BadInput
            For no report, a name that is no slug, an unknown design or role, or a report that is
            linked already.
        NotFound
            When a report is not in the review.
        """
        with self._live.locked():
            if not clusters:
                raise BadInput("no report was chosen", "tick the reports of one study")
            asked = self._checked(asked)
            linked = {r for link in self._live.state.links.values() for r in link.records}
            taken = set(self._live.state.links)
            drafts = []
            for name in dict.fromkeys(clusters):
                cluster = self._live.clusters.get(name)
                if cluster is None:
                    raise NotFound(
                        f"the report {name!r} is not in this review", "open the page again"
                    )
                if linked & set(cluster.records):
                    raise BadInput("this report is linked already", "change its link below")
                kind = check_slug(kinds.get(name) or "article", what="the kind of a report")
                report = _free(f"{asked.study}-{kind}", taken)
                taken.add(report)
                drafts.append(_draft(viewer, asked, report, cluster.records, kind))
            return self._write(drafts)

    def change(self, viewer: str, study: str, asked: LinkAsked) -> tuple[Event, ...]:
        """Change label, design or role of a study: every report of it is linked again.

        Raises
        ------
        NotFound
            When there is no such study.
        """
        with self._live.locked():
            mine = [link for link in self._live.state.links.values() if link.study == study]
            if not mine:
                raise NotFound(f"there is no study {study!r}", "choose one of the list")
            if asked.study != study:
                raise BadInput(
                    "the id of a study does not change: values and appraisals name it",
                    "link its reports to another study instead",
                )
            asked = self._checked(asked, known=study)
            head = (asked.study, asked.label, asked.design, asked.role)
            drafts = [
                _draft(viewer, asked, x.report, x.records, x.kind) for x in mine if _head(x) != head
            ]
            return self._write(drafts)

    def move(
        self, viewer: str, report: str, *, study: str, kind: str = "", label: str = ""
    ) -> tuple[Event, ...]:
        """Link a report to another study, or change its kind.

        Raises
        ------
        NotFound
            When there is no such report.
        RuleBroken
            When it is the last report of a study that values or appraisals name.
        """
        with self._live.locked():
            link = self._live.state.links.get(report)
            if link is None:
                raise NotFound(f"there is no report {report!r}", "choose one of the list")
            kind = check_slug(kind or link.kind or "article", what="the kind of a report")
            heads = {x.study: x for x in self._live.state.links.values()}
            target = heads.get(study)
            if study != link.study:
                self._may_leave(link)
            asked = LinkAsked(
                study=study,
                label=target.label if target else label or study,
                design=target.design if target else link.design,
                role=target.role if target else link.role,
            )
            asked = self._checked(asked, known=study if target else "")
            if (study, kind) == (link.study, link.kind):
                return ()
            return self._write([_draft(viewer, asked, report, link.records, kind)])

    def _may_leave(self, link: LinkedReport) -> None:
        others = [x for x in self._live.state.links.values() if x.study == link.study]
        if len(others) == 1 and self._recorded(link.study):
            raise RuleBroken(
                f"{link.label} would have no report left, and values or appraisals name it",
                "link another report to it first",
                rule="study-keeps-a-report",
            )

    def _checked(self, asked: LinkAsked, *, known: str = "") -> LinkAsked:
        """Return a study as it is recorded; a known one keeps its label, design and role."""
        made = LinkAsked(
            study=asked.study.strip(),
            label=" ".join(asked.label.split()),
            design=asked.design,
            role=asked.role,
        )
        check_slug(made.study, what="the id of a study")
        if len(made.study) > _LONGEST or len(made.label) > _LONGEST:
            raise BadInput("the name of a study is too long", f"use at most {_LONGEST} characters")
        if not made.label:
            raise BadInput("a study needs a label", "write first author and year: Alder 2019")
        check_word(made.design, DESIGNS, "design")
        check_word(made.role, ROLES, "role")
        if not known:
            before = [x for x in self._live.state.links.values() if x.study == made.study]
            if before and _head(before[0])[1:] != (made.label, made.design, made.role):
                first = before[0]
                raise BadInput(
                    f"the study {made.study!r} is there already: {first.label}, {first.design}, "
                    f"{first.role}",
                    "give it the same label, design and role, or choose another id",
                )
        return made

    def _write(self, drafts: Sequence[Draft]) -> tuple[Event, ...]:
        for draft in drafts:
            process.check(self._live.state, draft)
        return tuple(event for draft in drafts for event in self._live.record([draft]))

    def _taken(self) -> set[str]:
        links = self._live.state.links.values()
        return {link.study for link in links} | {link.report for link in links}

    def _listed(
        self,
        viewer: str,
        roles: frozenset[str],
        stage: str,
        facets: Mapping[str, Sequence[str]],
        *,
        query: str = "",
        most: int = 10_000,
    ) -> tuple[str, ...]:
        """Return reports of the screening list that the viewer may see, linked ones left out."""
        desk = self._live.part(Desk)
        linked = {r for link in self._live.state.links.values() for r in link.records}
        found: list[str] = []
        page = 1
        while len(found) < most:
            view = desk.listing(viewer, stage, query=query, facets=facets, page=page, roles=roles)
            for row in view.rows:
                cluster = self._live.clusters.get(row.cluster)
                if cluster is not None and not linked & set(cluster.records):
                    found.append(row.cluster)
            if page >= view.pages:
                break
            page += 1
        return tuple(found[:most])

    def _waiting(self, name: str, taken: set[str]) -> WaitingReport:
        cluster = self._live.clusters[name]
        records = [self._live.library.records[r] for r in cluster.records]
        primary = self._live.library.records[cluster.primary]
        label, study = proposed_study(records, taken)
        heads = {x.label: x.study for x in self._live.state.links.values()}
        return WaitingReport(
            cluster=name,
            title=primary.title,
            authors="; ".join(primary.authors[:4]),
            journal=primary.journal,
            year=str(primary.year or ""),
            label=label,
            study=study,
            same=heads.get(label, ""),
        )

    def _studies(self) -> list[StudyLinked]:
        state, records = self._live.state, self._live.library.records
        documents = [link.report for link in state.documents.values()]
        return [
            StudyLinked(
                study=study.id,
                label=study.label,
                design=study.design,
                role=study.role,
                recorded=self._recorded(study.id),
                reports=tuple(
                    ReportShown(
                        report=one.id,
                        kind=one.kind,
                        title=next((records[r].title for r in one.records if r in records), ""),
                        records=len(one.records),
                        documents=documents.count(one.id),
                        cluster=next(
                            (
                                self._live.cluster_of[r].id
                                for r in one.records
                                if r in self._live.cluster_of
                            ),
                            "",
                        ),
                    )
                    for one in study.reports
                ),
            )
            for study in studies_of(state)
        ]

    def _recorded(self, study: str) -> bool:
        """Tell whether a value or an appraisal names a study; never whose."""
        state = self._live.state
        return (
            any(value.cell.study == study for value in state.values.values())
            or any(one.cell.study == study for one in state.looked_for.values())
            or any(row.result.partition("/")[0] == study for row in state.appraisals.values())
        )


def _head(link: LinkedReport) -> tuple[str, str, str, str]:
    return link.study, link.label, link.design, link.role


def _free(name: str, taken: set[str]) -> str:
    n, found = 1, name
    while found in taken:
        n += 1
        found = f"{name}-{n}"
    return found


def _draft(viewer: str, asked: LinkAsked, report: str, records: Sequence[str], kind: str) -> Draft:
    body = {
        "study": asked.study, "report": report, "records": list(records), "label": asked.label,
        "design": asked.design, "role": asked.role, "kind": kind,
    }  # fmt: skip
    return Draft(actor=viewer, kind="reports_linked.v1", subject=asked.study, body=body)
