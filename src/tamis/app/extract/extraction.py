"""The extraction desk: what one viewer reads of the studies, two people blinded, then consensus.

Every method takes the viewer and returns only what that person may see (``extract_blinding``).
Nothing is decided here that is not recorded: each step is an event by the viewer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

from tamis.app.building.assemble import studies_of
from tamis.app.extract.blinding import SEALED, UNSEALED, seals_of
from tamis.app.extract.rates import ExtractionRates, rates_of
from tamis.app.extract.sight import Sight
from tamis.app.extract.values import body_of, check_reading, same_cell
from tamis.app.extract.views import (
    ComparedStudy,
    OwnExtraction,
    Passage,
    Reading,
    Recorded,
    Source,
    StudyShown,
    TrajectoryShown,
)
from tamis.app.full_text.pages import Pages
from tamis.app.live import LiveReview
from tamis.domain.errors import BadInput, NotFound, RuleBroken
from tamis.domain.events import Draft
from tamis.domain.values import LookedFor, Value
from tamis.extraction import Compared, Layer
from tamis.extraction.standing import Datum

__all__ = ["ExtractionDesk"]


class ExtractionDesk:
    """Extraction in a live review.

    Parameters
    ----------
    live
        The open review.
    pages
        Text layers and pictures of its documents.
    """

    def __init__(self, live: LiveReview, pages: Pages) -> None:
        self._live = live
        self._pages = pages
        self._sight = Sight(live)

    # ------------------------------------------------------------------ reading
    def studies(self, viewer: str) -> tuple[StudyShown, ...]:
        """Return the studies of the review as a viewer sees them, in the order of linking."""
        with self._live.locked():
            return tuple(self._sight.shown(study, viewer) for study in studies_of(self._live.state))

    def study(self, viewer: str, study: str) -> StudyShown:
        """Return one study as a viewer sees it.

        Raises
        ------
        NotFound
            When no report is linked to such a study.
        """
        with self._live.locked():
            return self._sight.shown(self._sight.known(study), viewer)

    def own(self, viewer: str, study: str) -> OwnExtraction:
        """Return a viewer's own readings of a study, with findings."""
        with self._live.locked():
            self._sight.known(study)
            data = self._sight.own(viewer, study)
            return OwnExtraction(
                study=study,
                values=tuple(d for d in data if isinstance(d, Value)),
                looked_for=tuple(d for d in data if isinstance(d, LookedFor)),
                findings=self._sight.findings(viewer, data),
                sealed=viewer in seals_of(self._live.state, study),
            )

    def trajectories(self, viewer: str, study: str) -> tuple[TrajectoryShown, ...]:
        """Return the viewer's own numbers over time, for drawing while they are typed."""
        with self._live.locked():
            months = {visit.id: visit.months for visit in self._live.protocol.visits}
            series: dict[tuple[str, str, str, str], list[tuple[float, float, str]]]
            series = defaultdict(list)
            for datum in self._sight.own(viewer, study):
                at = months.get(datum.cell.visit, "")
                if isinstance(datum, LookedFor) or datum.number is None or not _is_number(at):
                    continue
                if datum.statistic in ("mean", "median", "events", "percent"):
                    key = (datum.cell.outcome, datum.cell.arm, datum.statistic, datum.unit)
                    series[key].append((float(at), float(datum.number), datum.event))
        return tuple(
            TrajectoryShown(outcome=o, arm=a, statistic=s, unit=u, points=tuple(sorted(points)))
            for (o, a, s, u), points in sorted(series.items())
        )

    # ------------------------------------------------------------------ recording
    def record(
        self, viewer: str, reading: Reading, source: Source, *, again: bool = False
    ) -> Recorded:
        """Record what was read.

        Parameters
        ----------
        source
            A selection in a document of the study, a citation where it cannot be opened, or how it
            was computed.
        again
            Record a second reading of a cell that one has read already (another source).

        Raises
        ------
        BadInput
            For a word that the protocol does not have, no number, or a document of another study.
        RuleBroken
            When the viewer has sealed the study, or has that value already.
        """
        return self.record_together(viewer, [reading], source, again=again)[0]

    def record_together(
        self, viewer: str, readings: Sequence[Reading], source: Source, *, again: bool = False
    ) -> tuple[Recorded, ...]:
        """Record several readings from one source, all or none (a count with its people)."""
        layer = self._layer(source)
        with self._live.locked():
            taken = {d.id for r in readings for d in self._sight.own(viewer, r.study)}
            drafts = []
            for reading in readings:
                self._may_write(viewer, reading.study)
                self._source_is_of(reading.study, source)
                if not again:
                    self._not_read_yet(viewer, reading)
                body = body_of(reading, source, layer=layer, taken=taken)
                check_reading(reading, body, by=viewer, protocol=self._live.protocol)
                taken.add(body["id"])
                drafts.append(_draft(viewer, reading.study, body))
            return self._written(viewer, drafts)

    def looked_for(self, viewer: str, reading: Reading, *, where: str) -> Recorded:
        """Record that something was looked for and is not reported: unknown, never zero.

        ``where`` says where one looked ("tables, text, supplement").
        """
        if reading.number.strip():
            raise BadInput("what is not reported has no number", "leave the number empty")
        if not where.strip():
            raise BadInput("it is not said where you looked", "name the parts that you read")
        with self._live.locked():
            self._may_write(viewer, reading.study)
            self._not_read_yet(viewer, reading)
            taken = {datum.id for datum in self._sight.own(viewer, reading.study)}
            body = body_of(reading, None, layer=None, taken=taken) | {"location": where.strip()}
            check_reading(reading, body, by=viewer, protocol=self._live.protocol)
            return self._written(viewer, [_draft(viewer, reading.study, body)])[0]

    def correct(
        self,
        viewer: str,
        event: str,
        reading: Reading,
        source: Source | None = None,
        *,
        where: str = "",
    ) -> Recorded:
        """Put another reading in the place of an own one; the old one stays in the log.

        The id stays where the cell does. Without ``source`` it becomes a looked-for, and ``where``
        says where one looked.

        Raises
        ------
        NotFound
            When the viewer has no such reading.
        """
        with self._live.locked():
            self._may_write(viewer, reading.study)
            own = self._sight.own(viewer, reading.study)
            old = next((datum for datum in own if datum.event == event), None)
            if old is None:
                raise NotFound(f"you have no reading {event}", "name one of your own")
            self._source_is_of(reading.study, source)
            layer = self._layer(source)
            taken = {datum.id for datum in own if datum.event != event}
            body = body_of(reading, source, layer=layer, taken=taken)
            if source is None:
                body |= {"number": "", "location": where.strip() or "looked for again"}
            if same_cell(old, reading):
                body["id"] = old.id
            else:
                self._not_read_yet(viewer, reading)
            check_reading(reading, body, by=viewer, protocol=self._live.protocol)
            return self._written(viewer, [_draft(viewer, reading.study, body, event)])[0]

    # ------------------------------------------------------------------ sealing
    def seal(self, viewer: str, study: str) -> StudyShown:
        """Say that one is done with a study: from now on it is compared, and no longer changed.

        Raises
        ------
        RuleBroken
            When the viewer has read nothing of it.
        """
        with self._live.locked():
            known = self._sight.known(study)
            if not self._sight.own(viewer, study):
                raise RuleBroken(
                    f"you have recorded nothing of {study}",
                    "record its values, or that they are not reported",
                    rule="seal-something",
                )
            if viewer not in seals_of(self._live.state, study):
                self._live.record([_note(viewer, SEALED, study)])
            return self._sight.shown(known, viewer)

    def unseal(self, viewer: str, study: str) -> StudyShown:
        """Take an own seal back, as long as nobody else has sealed the study.

        Raises
        ------
        RuleBroken
            When somebody else has: what differs is settled, not changed.
        """
        with self._live.locked():
            known = self._sight.known(study)
            seals = seals_of(self._live.state, study)
            if viewer in seals and len(seals) > 1:
                raise RuleBroken(
                    f"{study} is being compared already",
                    "settle the difference; both readings stay visible",
                    rule="compared-is-settled",
                )
            if viewer in seals:
                self._live.record([_note(viewer, UNSEALED, study, seals[viewer].event)])
            return self._sight.shown(known, viewer)

    # ------------------------------------------------------------------ consensus
    def compare(self, viewer: str, study: str, *, pair: tuple[str, str] | None = None
                ) -> ComparedStudy:  # fmt: skip
        """Return two people's readings side by side.

        ``pair`` chooses among more than two people who have sealed it; else it is the viewer and
        the first of the others, or the first two.

        Raises
        ------
        RuleBroken
            As long as the viewer may not see two sealed extractions of it.
        """
        with self._live.locked():
            self._sight.known(study)
            return self._sight.compared(viewer, study, pair)

    def settle(self, viewer: str, study: str, *, key: str, chosen: str, reason: str) -> Compared:
        """Settle a row of the comparison: the reading that counts is one of the two.

        Parameters
        ----------
        key
            ``Compared.key`` of the row as it was seen; a row that changed since is refused.
        chosen
            ``a`` or ``b``.
        """
        with self._live.locked():
            row = self._row(viewer, study, key)
            picked = {"a": row.a, "b": row.b}.get(chosen)
            if picked is None:
                raise BadInput(
                    f"{chosen!r} is no reading of this row", "choose a or b, or record a new one"
                )
            return self._settled(viewer, study, row, picked.event, reason)

    def settle_with(
        self, viewer: str, study: str, *, key: str, reading: Reading, source: Source | None,
        reason: str, where: str = "",
    ) -> Compared:  # fmt: skip
        """Settle a row of the comparison with a third reading (neither of the two is right).

        Without ``source`` it is settled as not reported, and ``where`` says where one looked.
        """
        with self._live.locked():
            row = self._row(viewer, study, key)
            first = row.a or row.b
            if first is None or not same_cell(first, reading):
                raise BadInput(
                    "the new reading is about another cell", "keep arm, outcome, visit, statistic"
                )
            _reasoned(reason)
            self._source_is_of(study, source)
            layer = self._layer(source)
            body = body_of(reading, source, layer=layer, taken=())
            body["id"] = first.id
            if source is None:
                body |= {"number": "", "location": where.strip() or "all that is at hand"}
            check_reading(reading, body, by=viewer, protocol=self._live.protocol)
            (event,) = self._live.record([_draft(viewer, study, body)])
            return self._settled(viewer, study, row, event.id, reason)

    def rates(self, viewer: str) -> ExtractionRates:
        """Return agreement and error rates over the studies whose comparison a viewer may see."""
        with self._live.locked():
            compared = [
                self._sight.compared(viewer, study.id, None)
                for study in studies_of(self._live.state)
                if self._sight.pair(viewer, study.id) is not None
            ]
            state = self._live.state
            values: dict[str, Datum] = {**state.values, **state.looked_for}
        return rates_of(compared, values)

    # ------------------------------------------------------------------ inside

    def _layer(self, source: Source | None) -> Layer | None:
        """Return the layer of a passage's document, read before the review is held."""
        return self._pages.layer(source.document) if isinstance(source, Passage) else None

    def _row(self, viewer: str, study: str, key: str) -> Compared:
        rows = self._sight.compared(viewer, study, None, bare=True).rows
        found = next((row for row in rows if row.key == key), None)
        if found is None:
            raise NotFound("this difference has changed since it was shown", "look at it again")
        return found

    def _settled(
        self, viewer: str, study: str, row: Compared, chosen: str, reason: str
    ) -> Compared:
        _reasoned(reason)
        settles = [datum.event for datum in (row.a, row.b) if datum is not None]
        body = {"settles": settles, "chosen": chosen, "reason": reason.strip()}
        self._live.record([Draft(actor=viewer, kind="values_settled.v1", subject=study, body=body)])
        return self._row(viewer, study, row.key)

    def _may_write(self, viewer: str, study: str) -> None:
        self._sight.known(study)
        if viewer in seals_of(self._live.state, study):
            raise RuleBroken(
                f"you have sealed {study}",
                "settle what differs, or take the seal back while nobody else has sealed it",
                rule="sealed-is-done",
            )

    def _source_is_of(self, study: str, source: Source | None) -> None:
        if not isinstance(source, Passage):
            return
        documents = {shown.document for shown in self._sight.documents(self._sight.known(study))}
        if source.document not in documents:
            raise BadInput(
                f"this document belongs to no report of {study}",
                "attach it to a report of the study first",
            )

    def _not_read_yet(self, viewer: str, reading: Reading) -> None:
        if any(same_cell(datum, reading) for datum in self._sight.own(viewer, reading.study)):
            raise RuleBroken(
                f"you have read the {reading.statistic} of this cell already",
                "correct it, or record it again as another source",
                rule="read-once",
            )

    def _written(self, viewer: str, drafts: Sequence[Draft]) -> tuple[Recorded, ...]:
        events = self._live.record(drafts)
        state, study = self._live.state, drafts[0].subject
        findings = self._sight.findings(viewer, self._sight.own(viewer, study))
        found = []
        for event in events:
            datum = state.values.get(event.id) or state.looked_for[event.id]
            cell = {d.id for d in self._sight.own(viewer, study) if d.cell == datum.cell}
            touching = tuple(f for f in findings if cell & {f.subject, *f.because})
            found.append(Recorded(event=event.id, datum=datum, findings=touching))
        return tuple(found)


def _draft(by: str, study: str, body: Mapping[str, object], *supersedes: str) -> Draft:
    return Draft(
        actor=by, kind="value_recorded.v1", subject=study, body=body, supersedes=supersedes
    )


def _note(by: str, topic: str, study: str, *supersedes: str) -> Draft:
    body = {"topic": topic, "fields": {"study": study}}
    return Draft(actor=by, kind="note_added.v1", subject=study, body=body, supersedes=supersedes)


def _reasoned(reason: str) -> None:
    if not reason.strip():
        raise BadInput("a settlement needs a reason", "write in one sentence why this one counts")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
