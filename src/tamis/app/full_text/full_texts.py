"""Full texts: files come in, are matched to reports, attached, searched; or cannot be retrieved.

A file that is no whole PDF is refused with what it is. What is a PDF waits in the review's cache
until somebody says which report it is; the answer of the matching is a proposal with its reasons.
Nothing here shows another person's verdict: reports wait for a full text when screening let them
through, which votes in secret do not tell.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from tamis.app.building.assemble import studies_of
from tamis.app.full_text.designs import design_told
from tamis.app.full_text.page_process import PageProcesses
from tamis.app.full_text.pages import Pages
from tamis.app.full_text.views import (
    FullTextShown,
    LinkProposal,
    Offered,
    Upload,
)
from tamis.app.live import LiveReview
from tamis.app.words import DESIGNS, ROLES, check_word
from tamis.domain.canonical import sha256_hex
from tamis.domain.decisions import STAGES
from tamis.domain.errors import BadInput, Conflict, NotFound, TamisError
from tamis.domain.events import Draft, Event
from tamis.domain.ids import check_slug, slugify
from tamis.domain.records import Cluster, Record
from tamis.domain.state import DocumentLink
from tamis.extraction import DocumentMatch, Wanted, match_document
from tamis.extraction.document_kind import check_is_pdf
from tamis.extraction.searching import Hit, search_pages
from tamis.screening import screen

__all__ = ["LARGEST", "WAITING", "FullTexts"]

#: Bytes of the largest file that is taken (ours).
LARGEST = 100_000_000

#: Where files wait that were uploaded and not attached yet.
WAITING = ".tamis/uploads"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Target:
    """A report that a document may belong to: linked already, or a cluster that was let through."""

    key: str
    records: tuple[Record, ...]
    report: str = ""
    study: str = ""

    @property
    def first(self) -> Record | None:
        return self.records[0] if self.records else None


class FullTexts:
    """The full texts of a live review.

    Parameters
    ----------
    live
        The open review.
    pages, processes
        Readers of its documents.
    passed
        Gives the ids of the clusters that title-abstract screening let through; computed from the
        votes by default. Whoever keeps screening states hands theirs in.
    """

    def __init__(
        self,
        live: LiveReview,
        pages: Pages,
        processes: PageProcesses,
        *,
        passed: Callable[[], Iterable[str]] | None = None,
    ) -> None:
        self._live = live
        self._pages = pages
        self._processes = processes
        self._passed = passed or self._let_through
        self._known: tuple[int, tuple[str, ...]] | None = None

    # ------------------------------------------------------------------ coming in
    def offer(self, uploads: Sequence[Upload]) -> tuple[Offered, ...]:
        """Take files, and say of each what it is and which report it may be. Nothing is recorded.

        Parameters
        ----------
        uploads
            Names as uploaded (with folders, if there are any) and bytes.
        """
        return tuple(self._offered(upload) for upload in uploads)

    def waiting(self, viewer: str) -> tuple[FullTextShown, ...]:
        """Return the reports whose full text is wanted or here, as a viewer sees them."""
        with self._live.locked():
            documents = self._by_report()
            own = {
                record: vote
                for vote in self._live.state.votes.values()
                if vote.reviewer == viewer and vote.stage == STAGES[1]
                for record in vote.records
            }
            return tuple(
                self._shown(target, documents.get(target.report, ()), own)
                for target in self._targets().values()
            )

    def proposal(self, target: str) -> LinkProposal:
        """Return study and report slugs for a report, to be edited and handed to ``attach``.

        Of a linked report they are what they are; else they are made from first author and year,
        and the design is the one that the title tells, if it tells one.
        """
        with self._live.locked():
            found = self._target(target)
            return self._proposal(found)

    # ------------------------------------------------------------------ deciding
    def attach(
        self,
        viewer: str,
        document: str,
        target: str,
        *,
        link: LinkProposal | None = None,
        role: str = "article",
    ) -> tuple[Event, ...]:
        """Attach an uploaded document to a report, linking the report to its study if need be.

        Parameters
        ----------
        document
            SHA-256 of an offered file, or of one that is attached to another report.
        target
            Key of a report as ``offer`` and ``waiting`` name it.
        link
            Study and report for a report that is not linked yet (``proposal``, as edited).

        Raises
        ------
        NotFound
            When the file was not uploaded, or there is no such report.
        BadInput
            When a slug, the design or the role is none.
        Conflict
            When the document is attached to that report already.
        """
        data = self._uploaded(document)
        pages = len(self._pages.layer_of(data, name=document).pages)
        with self._live.locked():
            found = self._target(target)
            drafts, report = self._linking(viewer, found, link)
            held = self._by_report().get(report, ())
            if any(one.sha256 == document for one in held):
                raise Conflict("this document is attached to this report already", "nothing to do")
            file = self._file(document, report, role)
            body = {
                "report": report,
                "sha256": document,
                "file": file,
                "pages": pages,
                "role": role,
            }
            self._live.review.write(file, data)
            drafts.append(
                Draft(actor=viewer, kind="document_attached.v1", subject=report, body=body)
            )
            return self._live.record(drafts)

    def not_retrieved(self, viewer: str, target: str, *, tried: str) -> Event:
        """Record that a full text could not be got: a state of its own, never an exclusion.

        ``tried`` says what was tried (library, author, when).

        Raises
        ------
        BadInput
            When it is not said what was tried, or no imported record stands behind the report.
        """
        if not tried.strip():
            raise BadInput("it is not said what was tried", "write where you looked or asked")
        with self._live.locked():
            found = self._target(target)
            if not found.records:
                raise BadInput(
                    "this report has no imported record", "link it to a record, then say so"
                )
            body = {
                "stage": STAGES[1],
                "records": sorted(record.id for record in found.records),
                "decision": "not-retrieved",
                "reason": tried.strip(),
            }
            draft = Draft(actor=viewer, kind="screened.v1", subject=STAGES[1], body=body)
            return self._live.record([draft])[0]

    def search(self, document: str, words: str) -> tuple[Hit, ...]:
        """Return the places at which words stand in an attached document."""
        return search_pages(self._pages.layer(document).pages, words)

    # ------------------------------------------------------------------ inside
    def _offered(self, upload: Upload) -> Offered:
        document = sha256_hex(upload.data)
        bare = Offered(document=document, name=upload.name, outcome="refused", pages=0)
        if len(upload.data) > LARGEST:
            return replace(bare, reasons=(f"it is larger than {LARGEST // 10**6} MB",))
        try:
            check_is_pdf(upload.data, name=upload.name)
            layer = self._pages.layer_of(upload.data, name=upload.name)
            metadata = self._processes.metadata(upload.data, name=upload.name)
        except TamisError as error:
            return replace(bare, reasons=(error.problem,), remedy=error.remedy)
        with self._live.locked():
            texts = [page.text for page in layer.pages[:2]]
            targets = self._targets()
            match = match_document(
                texts,
                [self._wanted(one) for one in targets.values()],
                file_name=upload.name,
                metadata=metadata,
            )
            attached = tuple(
                link.report
                for link in self._live.state.documents.values()
                if link.sha256 == document
            )
            self._live.review.write(f"{WAITING}/{document}.pdf", upload.data)
        return replace(
            bare,
            outcome="attached" if attached else match.outcome,
            pages=len(layer.pages),
            candidates=match.candidates,
            reasons=_reasons(match),
            page_classes=tuple(sorted({page.page_class for page in layer.pages})),
            attached_to=attached,
        )

    def _uploaded(self, document: str) -> bytes:
        if not _SHA256.match(document):
            raise BadInput(f"{document!r} is no document", "upload the file again")
        path = self._live.root / WAITING / f"{document}.pdf"
        if path.is_file():
            data = self._live.review.read_bytes(f"{WAITING}/{document}.pdf")
            if sha256_hex(data) == document:
                return data
        try:
            return self._pages.bytes_of(document)
        except NotFound as error:
            raise NotFound("this file is not here any more", "upload it again") from error

    def _linking(
        self, viewer: str, target: _Target, link: LinkProposal | None
    ) -> tuple[list[Draft], str]:
        if target.report:
            return [], target.report
        if link is None:
            raise BadInput(
                "this report is not linked to a study", "give study, report and design with it"
            )
        for slug, what in ((link.study, "the study"), (link.report, "the report")):
            check_slug(slug, what=what)
        check_word(link.design, DESIGNS, "design")
        check_word(link.role, ROLES, "role")
        if link.report in self._live.state.links:
            raise BadInput(
                f"there is a report {link.report!r} already", "choose another name for this one"
            )
        body = {
            "study": link.study,
            "report": link.report,
            "records": sorted(record.id for record in target.records),
            "label": link.label.strip() or link.study,
            "design": link.design,
            "role": link.role,
            "kind": link.kind,
        }
        draft = Draft(actor=viewer, kind="reports_linked.v1", subject=link.study, body=body)
        return [draft], link.report

    def _file(self, document: str, report: str, role: str) -> str:
        """Return where a document is kept: where it is already, or under its report's name."""
        check_slug(role, what="the role")
        for link in self._live.state.documents.values():
            if link.sha256 == document:
                return link.file
        taken = {link.file.casefold() for link in self._live.state.documents.values()}
        stem = report if role == "article" else f"{report}-{role}"
        n, name = 1, f"documents/{stem}.pdf"
        while name.casefold() in taken or (self._live.root / name).exists():
            n += 1
            name = f"documents/{stem}-{n}.pdf"
        return name

    def _targets(self) -> dict[str, _Target]:
        """Return every report that a document may belong to, by its key."""
        records = self._live.library.records
        found: dict[str, _Target] = {}
        covered: set[str] = set()
        for link in self._live.state.links.values():
            known = tuple(records[name] for name in link.records if name in records)
            covered |= set(link.records)
            found[link.report] = _Target(
                key=link.report, records=known, report=link.report, study=link.study
            )
        for name in self._passed():
            cluster: Cluster | None = self._live.clusters.get(name)
            if cluster is None or covered & set(cluster.records):
                continue
            known = tuple(records[r] for r in cluster.records if r in records)
            found[name] = _Target(key=name, records=known)
        return found

    def renamed(self) -> Mapping[str, str]:
        """Return the key of each report that was linked, by the cluster that was its key before."""
        clusters = self._live.cluster_of
        with self._live.locked():
            return {
                clusters[record].id: link.report
                for link in self._live.state.links.values()
                for record in link.records
                if record in clusters
            }

    def _target(self, key: str) -> _Target:
        targets = self._targets()
        found = targets.get(key) or targets.get(self.renamed().get(key, ""))
        if found is None:
            raise NotFound(
                f"no full text is wanted of {key!r}", "let the report through at title and abstract"
            )
        return found

    def _let_through(self) -> tuple[str, ...]:
        """Return the clusters that were let through, as long as nothing changed the same ones."""
        if self._known is None or self._known[0] != self._live.version:
            state, protocol = self._live.state, self._live.protocol
            screening = screen(
                tuple(self._live.clusters.values()),
                tuple(state.votes.values()),
                tuple(state.settlements.values()),
                rules=protocol.screening,
                criteria=protocol.criteria,
            )
            passed = tuple(one.cluster for one in screening.at(STAGES[0]) if one.state == "in")
            self._known = (self._live.version, passed)
        return self._known[1]

    def _by_report(self) -> Mapping[str, tuple[DocumentLink, ...]]:
        found: dict[str, tuple[DocumentLink, ...]] = {}
        for link in self._live.state.documents.values():
            found[link.report] = (*found.get(link.report, ()), link)
        return found

    def _wanted(self, target: _Target) -> Wanted:
        first = target.first
        return Wanted(
            key=target.key,
            title=max((r.title for r in target.records), key=len, default=""),
            dois=tuple(dict.fromkeys(r.doi for r in target.records if r.doi)),
            pmids=tuple(dict.fromkeys(r.pmid for r in target.records if r.pmid)),
            year=next((r.year for r in target.records if r.year), None),
            first_author=first.authors[0] if first and first.authors else "",
            names=(target.key, target.report, *(r.id for r in target.records)),
        )

    def _shown(
        self, target: _Target, documents: Sequence[DocumentLink], own: Mapping[str, object]
    ) -> FullTextShown:
        first = target.first
        voted = next((own[r.id] for r in target.records if r.id in own), None)
        decision = str(getattr(voted, "decision", ""))
        missing = decision == "not-retrieved"
        return FullTextShown(
            target=target.key,
            title=first.title if first else target.report,
            authors=first.authors if first else (),
            year=first.year if first else None,
            journal=first.journal if first else "",
            doi=next((r.doi for r in target.records if r.doi), ""),
            records=tuple(record.id for record in target.records),
            study=target.study,
            report=target.report,
            documents=tuple((d.sha256, d.file.rpartition("/")[2], d.pages) for d in documents),
            status="here" if documents else "not-retrieved" if missing else "wanted",
            tried=str(getattr(voted, "reason", "")) if missing else "",
            tried_at=str(getattr(voted, "at", "")) if missing else "",
        )

    def _proposal(self, target: _Target) -> LinkProposal:
        if target.report:
            link = self._live.state.links[target.report]
            return LinkProposal(
                study=link.study, report=link.report, label=link.label, design=link.design,
                role=link.role, kind=link.kind,
            )  # fmt: skip
        first = target.first
        author = first.authors[0] if first and first.authors else ""
        family = re.split(r"[,\s]", author.strip())[0] or "study"
        year = str(first.year or "") if first else ""
        taken = {study.id for study in studies_of(self._live.state)}
        stem = slugify(f"{family}{year}")
        study, letter = stem, ord("b")
        while study in taken and letter <= ord("z"):
            study, letter = f"{stem}{chr(letter)}", letter + 1
        report, n = f"{study}-article", 1
        while report in self._live.state.links:
            n += 1
            report = f"{study}-article-{n}"
        return LinkProposal(
            study=study, report=report, label=f"{family} {year}".strip(),
            design=design_told(first.title if first else ""),
            role="included", kind="article",
        )  # fmt: skip


def _reasons(match: DocumentMatch) -> tuple[str, ...]:
    first = match.candidates[0].reasons if match.candidates else ("no report fits it",)
    return (*first, *match.remarks)
