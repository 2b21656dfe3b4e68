"""The extraction desk: anchors from selections, findings at once, two people, consensus."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.app.desk_review import EVENTS, RESPONSE, N, copy_practice, opened
from tests.yardstick import cpu_seconds

from tamis.app.building.assemble import extraction_of
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.views import Passage
from tamis.domain.errors import BadInput, NotFound, RuleBroken
from tamis.domain.state import fold
from tamis.domain.values import CitationAnchor, Derivation, PassageAnchor, Value
from tamis.synthesis import synthesise

A, B, C = "p-ann", "p-bob", "p-cy"
CITED = CitationAnchor(citation="doi:10.5555/x", location="Table 2", status="registry")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[ExtractionDesk]:
    with opened(copy_practice(tmp_path / "review")) as (live, pages):
        yield ExtractionDesk(live, pages)


def state_of(desk: ExtractionDesk) -> Any:
    return desk._live.state


def both_sealed(desk: ExtractionDesk, *, b: str = "26") -> None:
    desk.record_together(A, [EVENTS, N], RESPONSE)
    desk.record_together(B, [replace(EVENTS, number=b), N], RESPONSE)
    desk.seal(A, "alder2019")
    desk.seal(B, "alder2019")


# ------------------------------------------------------------------ recording
def test_a_selection_becomes_an_anchor_with_quote_and_surroundings(desk: ExtractionDesk) -> None:
    loose = replace(RESPONSE, start=RESPONSE.start - 1, end=RESPONSE.end + 1)
    done = desk.record(A, EVENTS, loose)
    assert isinstance(done.datum, Value)
    anchor = done.datum.source
    assert isinstance(anchor, PassageAnchor)
    assert anchor.quote == "27 of 48 participants (56.3%)"
    assert (anchor.start, anchor.end) == (RESPONSE.start, RESPONSE.end)
    assert len(anchor.prefix) == len(anchor.suffix) == 32
    assert anchor.layer.startswith("pdfium-")
    assert done.datum.id == "v:alder2019/response/m6/velorimab/events"
    assert done.datum.extractor == A
    assert done.findings == ()


def test_a_selection_never_cuts_a_number(desk: ExtractionDesk) -> None:
    cut = replace(RESPONSE, start=RESPONSE.start + 1, end=RESPONSE.start + 7)
    done = desk.record(A, EVENTS, cut)
    assert isinstance(done.datum, Value)
    assert isinstance(done.datum.source, PassageAnchor)
    assert done.datum.source.quote == "27 of 48"


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"outcome": "respons"}, "outcome of review.toml"),
        ({"visit": "m7"}, "visit of review.toml"),
        ({"statistic": "average"}, "statistic"),
        ({"estimand": "sometimes"}, "estimand"),
        ({"number": "twenty"}, "no number"),
        ({"number": ""}, "no number"),
        ({"arm": "Velo rimab"}, "not a slug"),
    ],
)
def test_words_that_are_none_are_refused(
    desk: ExtractionDesk, change: dict[str, str], problem: str
) -> None:
    with pytest.raises(BadInput, match=problem):
        desk.record(A, replace(EVENTS, **change), RESPONSE)
    assert desk.own(A, "alder2019").values == ()


def test_places_and_documents_that_are_none_are_refused(desk: ExtractionDesk) -> None:
    for wrong in (
        replace(RESPONSE, end=RESPONSE.start),
        replace(RESPONSE, end=10**9),
        replace(RESPONSE, start=-1),
    ):
        with pytest.raises(BadInput):
            desk.record(A, EVENTS, wrong)
    with pytest.raises(NotFound):
        desk.record(A, EVENTS, replace(RESPONSE, page=99))
    with pytest.raises(NotFound):
        desk.record(A, EVENTS, replace(RESPONSE, document="0" * 64))
    other = next(d for d in desk.study(A, "birch2020").documents)
    with pytest.raises(BadInput, match="no report of alder2019"):
        desk.record(A, EVENTS, Passage(document=other.document, page=1, start=0, end=5))
    with pytest.raises(NotFound, match="no study"):
        desk.record(A, replace(EVENTS, study="nobody2020"), RESPONSE)


def test_findings_come_at_once_for_what_was_touched(desk: ExtractionDesk) -> None:
    wrong = [replace(EVENTS, number="29"), N, replace(EVENTS, statistic="percent", number="56.3")]
    done = desk.record_together(A, wrong, RESPONSE)
    rules = {finding.rule for one in done for finding in one.findings}
    assert "pct.count" in rules
    event = done[0].event
    mended = desk.correct(A, event, EVENTS, RESPONSE)
    assert "pct.count" not in {finding.rule for finding in mended.findings}
    assert mended.datum.id == done[0].datum.id
    assert event not in state_of(desk).values
    assert fold(desk._live.review.events()).values == state_of(desk).values


def test_findings_of_a_study_take_less_than_50_ms(desk: ExtractionDesk) -> None:
    data = [v for v in state_of(desk).values.values() if v.cell.study == "birch2020"]
    assert len(data) > 40

    def seconds() -> float:
        import time

        start = time.process_time()
        desk._sight.findings("p-rev-a", data)
        return time.process_time() - start

    seconds()
    assert cpu_seconds(seconds, limit=0.05) <= 0.05


def test_citations_derivations_and_looked_for(desk: ExtractionDesk) -> None:
    cited = desk.record(A, EVENTS, CITED)
    assert isinstance(cited.datum, Value)
    assert cited.datum.status == "registry"
    made = Derivation(formula="0.1 × √46 = 0.68", inputs=(cited.datum.id,))
    sd = replace(EVENTS, outcome="proteinuria", statistic="sd", number="0.68", denominator="")
    derived = desk.record(A, sd, made)
    assert isinstance(derived.datum, Value)
    assert (derived.datum.status, derived.datum.source) == ("derived", made)
    sought = replace(EVENTS, outcome="flare", visit="m12", number="")
    gone = desk.looked_for(A, sought, where="text, tables")
    assert gone.datum.id in {item.id for item in desk.own(A, "alder2019").looked_for}
    with pytest.raises(BadInput, match="where you looked"):
        desk.looked_for(A, replace(sought, arm="placebo"), where=" ")
    with pytest.raises(BadInput, match="no number"):
        desk.looked_for(A, EVENTS, where="text")
    found = desk.correct(A, gone.event, replace(sought, number="3"), CITED)
    assert isinstance(found.datum, Value)
    lost = desk.correct(A, found.event, sought, None, where="text, tables")
    assert lost.datum.id == gone.datum.id
    assert state_of(desk).looked_for[lost.event].where == "text, tables"


def test_a_cell_is_read_once_or_again_from_another_source(desk: ExtractionDesk) -> None:
    desk.record(A, EVENTS, RESPONSE)
    with pytest.raises(RuleBroken, match="already"):
        desk.record(A, EVENTS, CITED)
    again = desk.record(A, EVENTS, CITED, again=True)
    assert again.datum.id == "v:alder2019/response/m6/velorimab/events#2"
    with pytest.raises(NotFound, match="no reading"):
        desk.correct(B, again.event, EVENTS, RESPONSE)


def test_together_is_all_or_none(desk: ExtractionDesk) -> None:
    with pytest.raises(BadInput):
        desk.record_together(A, [EVENTS, replace(N, number="many")], RESPONSE)
    assert desk.own(A, "alder2019").values == ()


def test_a_trajectory_grows_as_one_types(desk: ExtractionDesk) -> None:
    mean = replace(EVENTS, outcome="proteinuria", statistic="mean", unit="g/24h", denominator="")
    desk.record(A, replace(mean, visit="m6", number="1.42"), CITED)
    desk.record(A, replace(mean, visit="baseline", number="3.62"), CITED)
    (found,) = desk.trajectories(A, "alder2019")
    assert [point[:2] for point in found.points] == [(0.0, 3.62), (6.0, 1.42)]
    assert desk.trajectories(B, "alder2019") == ()


# ------------------------------------------------------------------ blinded
def test_each_sees_only_own_work_until_both_have_sealed(desk: ExtractionDesk) -> None:
    mine = desk.record(A, EVENTS, RESPONSE)
    theirs = desk.record(B, replace(EVENTS, number="26"), RESPONSE)
    assert mine.datum.id == theirs.datum.id  # an id that counted on would tell of the other
    for who, number in ((A, "27"), (B, "26")):
        assert [v.printed for v in desk.own(who, "alder2019").values] == [number]
        assert desk.study(who, "alder2019").stage == "open"
        with pytest.raises(RuleBroken, match="cannot be compared"):
            desk.compare(who, "alder2019")
    desk.seal(A, "alder2019")
    assert desk.study(A, "alder2019").stage == "waiting"
    assert desk.study(B, "alder2019").stage == "open"
    for who in (A, B, C):
        with pytest.raises(RuleBroken):
            desk.compare(who, "alder2019")
    desk.seal(B, "alder2019")
    for who in (A, B, C):
        assert desk.study(who, "alder2019").stage == "compare"
        assert desk.compare(who, "alder2019").open == 1


def test_somebody_who_is_still_extracting_does_not_see_the_others(desk: ExtractionDesk) -> None:
    both_sealed(desk)
    assert desk.compare(C, "alder2019").open == 1
    desk.record(C, EVENTS, RESPONSE)
    with pytest.raises(RuleBroken):
        desk.compare(C, "alder2019")
    assert desk.study(C, "alder2019").stage == "open"


def test_what_is_sealed_is_not_changed_and_an_empty_study_is_not_sealed(
    desk: ExtractionDesk,
) -> None:
    with pytest.raises(RuleBroken, match="nothing"):
        desk.seal(A, "alder2019")
    done = desk.record(A, EVENTS, RESPONSE)
    desk.seal(A, "alder2019")
    desk.seal(A, "alder2019")
    with pytest.raises(RuleBroken, match="sealed"):
        desk.record(A, N, RESPONSE)
    with pytest.raises(RuleBroken, match="sealed"):
        desk.correct(A, done.event, EVENTS, RESPONSE)
    assert desk.unseal(A, "alder2019").stage == "open"
    desk.record_together(B, [EVENTS, N], RESPONSE)
    desk.seal(A, "alder2019")
    desk.seal(B, "alder2019")
    with pytest.raises(RuleBroken, match="compared"):
        desk.unseal(A, "alder2019")


def test_a_seal_on_nothing_written_by_another_way_opens_nothing(desk: ExtractionDesk) -> None:
    desk.record(A, EVENTS, RESPONSE)
    desk.seal(A, "alder2019")
    from tamis.app.extract.extraction import _note

    desk._live.record([_note(C, "extraction-sealed", "alder2019")])
    with pytest.raises(RuleBroken):
        desk.compare(C, "alder2019")


# ------------------------------------------------------------------ consensus
def test_a_difference_is_settled_and_synthesis_uses_what_was_chosen(desk: ExtractionDesk) -> None:
    both_sealed(desk)
    shown = desk.compare(C, "alder2019")
    (row,) = [row for row in shown.rows if row.open]
    assert (row.state, row.shown) == ("differ", "27 participants against 26 participants")
    with pytest.raises(BadInput, match="reason"):
        desk.settle(C, "alder2019", key=row.key, chosen="a", reason=" ")
    settled = desk.settle(C, "alder2019", key=row.key, chosen="a", reason="as printed")
    assert not settled.open
    assert desk.study(A, "alder2019").stage == "settled"
    mine = [v for v in extraction_of(state_of(desk)).values if v.extractor in (A, B)]
    assert {(v.statistic, v.printed) for v in mine} == {("events", "27"), ("n", "48")}
    assert {v.printed for v in state_of(desk).values.values() if v.extractor == B} == {"26", "48"}


def test_neither_is_right_and_a_third_reading_counts(desk: ExtractionDesk) -> None:
    both_sealed(desk, b="28")
    (row,) = [row for row in desk.compare(C, "alder2019").rows if row.open]
    with pytest.raises(BadInput, match="another cell"):
        desk.settle_with(C, "alder2019", key=row.key, reading=N, source=RESPONSE, reason="x")
    third = replace(EVENTS, number="25")
    done = desk.settle_with(
        C, "alder2019", key=row.key, reading=third, source=RESPONSE, reason="erratum"
    )
    assert done.settled is not None
    assert desk.compare(C, "alder2019").open == 0  # the arbiter is still no extractor
    mine = [v for v in extraction_of(state_of(desk)).values if v.extractor in (A, B, C)]
    assert {(v.statistic, v.printed) for v in mine} == {("events", "25"), ("n", "48")}


def test_it_is_settled_as_not_reported(desk: ExtractionDesk) -> None:
    both_sealed(desk)
    (row,) = [row for row in desk.compare(A, "alder2019").rows if row.open]
    desk.settle_with(
        A, "alder2019", key=row.key, reading=replace(EVENTS, number=""), source=None,
        where="the whole paper", reason="neither stands there",
    )  # fmt: skip
    left = extraction_of(state_of(desk))
    assert not [v for v in left.values if v.extractor in (A, B) and v.statistic == "events"]
    assert [s.where for s in left.looked_for if s.extractor == A] == ["the whole paper"]


def test_a_settlement_reopens_when_a_reading_changes(desk: ExtractionDesk) -> None:
    both_sealed(desk)
    (row,) = [row for row in desk.compare(C, "alder2019").rows if row.open]
    desk.settle(C, "alder2019", key=row.key, chosen="b", reason="as printed")
    from tamis.app.extract.extraction import _draft
    from tamis.app.extract.values import body_of

    body = body_of(replace(EVENTS, number="24"), CITED, layer=None, taken=())
    assert row.b is not None
    desk._live.record([_draft(B, "alder2019", body, row.b.event)])  # as a table would do it
    with pytest.raises(NotFound, match="changed"):
        desk.settle(C, "alder2019", key=row.key, chosen="a", reason="as printed")
    (again,) = [row for row in desk.compare(C, "alder2019").rows if row.open]
    assert again.reopened
    assert desk.study(A, "alder2019").stage == "compare"


def test_an_unsettled_difference_enters_no_synthesis(desk: ExtractionDesk) -> None:
    both_sealed(desk)
    extraction = extraction_of(state_of(desk))
    ids = [v.id for v in extraction.values]
    assert len(ids) == len(set(ids))
    plan = next(p for p in desk._live.protocol.syntheses if p.outcome == "response")
    mine = replace(extraction, values=tuple(v for v in extraction.values if v.extractor in (A, B)))
    from tamis.app.building.assemble import studies_of

    alder = [s for s in studies_of(state_of(desk)) if s.id == "alder2019"]
    single = replace(plan, kind="single-arm", measure="PR", method="one-study",
                     arms=("velorimab", ""), visit="m6", estimand="point")  # fmt: skip
    found = synthesise(single, mine, alder, desk._live.protocol.visits)
    assert not found.rows


def test_rates_count_agreement_before_and_errors_after_settling(desk: ExtractionDesk) -> None:
    assert desk.rates(A).studies == 0
    both_sealed(desk)
    first = desk.rates(A)
    (counts,) = first.agreement
    assert (counts.kind, counts.pairs, counts.same, first.open) == ("counts", 2, 1, 1)
    assert counts.interval is not None
    assert counts.interval.low < 0.5 < counts.interval.high
    assert [rate.errors for rate in first.errors] == [(), ()]
    (row,) = [row for row in desk.compare(C, "alder2019").rows if row.open]
    desk.settle(C, "alder2019", key=row.key, chosen="a", reason="as printed")
    after = {rate.extractor: rate for rate in desk.rates(B).errors}
    assert after[A].errors == ()
    assert after[B].errors == (("transcription", 1),)
    assert after[B].judged == 2
