"""The flow: every box a counted set, the invariants, the CSV of PRISMA2020."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from tests.report.sample import A, B, sample

from tamis.domain.errors import BadInput
from tamis.domain.records import Cluster
from tamis.domain.results import ScreenState
from tamis.report import ReportContent, build_flow, check_flow
from tamis.report.flow import PATHS, ROWS, TERMINAL
from tamis.report.flow_check import INVARIANTS, broken_invariants
from tamis.report.flow_csv import COLUMNS, escape_reason, flow_csv, unescape_reason


def numbers() -> dict[str, int]:
    return {box.id: box.n for box in build_flow(sample()).boxes}


def test_the_sample_flows_as_it_should() -> None:
    assert numbers() == {
        "identified": 8, "identified/pubmed": 6, "identified/ctgov": 2,
        "duplicates": 1, "automation": 0, "other": 0,
        "screened": 7, "excluded": 1, "excluded/wrong-population": 1,
        "sought": 6, "not-retrieved": 1, "assessed": 5,
        "excluded-full-text": 2, "excluded-full-text/wrong-population": 1,
        "excluded-full-text/wrong-design": 1,
        "included-reports": 3, "included-studies": 3,
        "awaiting-screening": 0, "awaiting-assessment": 0,
    }  # fmt: skip
    flow = build_flow(sample())
    assert check_flow(flow) == ()
    assert not flow.interim


def test_reasons_stand_in_the_order_in_which_they_decide() -> None:
    parts = build_flow(sample()).parts("excluded-full-text")
    assert [part.label for part in parts] == [
        "fewer than 80 % of people have nephritis", "no original data",
    ]  # fmt: skip


def test_every_way_through_ends_in_a_terminal_box() -> None:
    assert {path[-1] for path in PATHS.values()} <= set(TERMINAL)
    assert {name for path in PATHS.values() for name in path} <= {row[0] for row in ROWS}


def test_what_is_not_decided_makes_the_flow_interim() -> None:
    content = sample()
    states = tuple(s for s in content.states if s.cluster != f"{B}:100")
    flow = build_flow(replace(content, states=states))
    assert flow.interim
    assert flow.box("awaiting-screening").ids == (f"{B}:100",)
    assert flow.ends[f"{B}:100"] == "awaiting-screening"


def test_a_conflict_at_full_text_awaits_assessment() -> None:
    content = sample()
    states = tuple(
        replace(s, state="conflict") if (s.cluster, s.stage) == (f"{B}:100", "full-text") else s
        for s in content.states
    )
    flow = build_flow(replace(content, states=states))
    assert flow.box("awaiting-assessment").ids == (f"{B}:100",)
    assert [f.rule for f in flow.findings] == ["flow-synthesis"], "its study is pooled already"


def test_an_unknown_state_is_refused_and_not_guessed() -> None:
    content = sample()
    odd = ScreenState(cluster=f"{A}:0", stage="title-abstract", state="perhaps")
    with pytest.raises(BadInput, match="perhaps"):
        build_flow(replace(content, states=(odd,)))


def broken(content: ReportContent) -> set[str]:
    return {finding.rule for finding in build_flow(content).findings}


def test_each_invariant_can_break_and_is_named() -> None:
    content = sample()
    batch = content.batches[0]
    assert "flow-sources" in broken(
        replace(content, batches=(replace(batch, records=5), content.batches[1]))
    )
    overlap = (*content.clusters, Cluster(records=(f"{A}:0", f"{A}:300")))
    assert {"flow-screened", "flow-terminal"} <= broken(replace(content, clusters=overlap))
    no_reason = tuple(replace(s, reason="") for s in content.states)
    assert broken(replace(content, states=no_reason)) == {"flow-reasons"}
    homeless = tuple(s for s in content.studies if s.id != "arm2014")
    assert broken(replace(content, studies=homeless)) == {"flow-studies", "flow-synthesis"}
    twice = (*content.studies, replace(content.studies[0], id="again"))
    assert broken(replace(content, studies=twice)) == {"flow-studies"}
    boxes = {box.id: box.ids for box in build_flow(content).boxes}
    stolen = {**boxes, "duplicates": (), "screened": (*boxes["screened"], *boxes["duplicates"])}
    assert "flow-overlap" in {f.rule for f in broken_invariants(stolen, content)}
    assert len(INVARIANTS) == 10


def test_a_record_of_no_cluster_is_shown_and_not_lost() -> None:
    content = sample()
    flow = build_flow(replace(content, clusters=content.clusters[:-1]))
    assert flow.ends[f"{B}:100"] == "awaiting-screening"
    assert [f.rule for f in flow.findings] == ["flow-synthesis"], "its study is pooled already"


def test_a_report_that_is_no_record_makes_no_study_included() -> None:
    content = sample()
    only_registered = tuple(
        replace(s, reports=s.reports[1:]) if s.id == "arm2014" else s for s in content.studies
    )
    flow = build_flow(replace(content, studies=only_registered))
    assert "arm2014" not in flow.box("included-studies").ids


def rows() -> dict[str, str]:
    text = flow_csv(build_flow(sample()), sample()).decode()
    found = list(csv.DictReader(io.StringIO(text)))
    assert tuple(found[0]) == COLUMNS
    return {row["data"]: row["n"] for row in found if row["data"] != "NA"}


def test_the_csv_has_the_field_names_of_prisma2020() -> None:
    found = rows()
    assert found["database_results"] == "6"
    assert found["register_results"] == "2"
    assert found["database_specific_results"] == "PubMed, 6"
    assert found["dbr_excluded"] == "wrong population, 1; wrong design, 1"
    assert found["dbr_notretrieved_reports"] == "1"
    assert (found["new_studies"], found["new_reports"]) == ("3", "3")
    assert {"identification", "screening", "included"} <= found.keys()
    assert not {"previous_studies", "website_results"} & found.keys()


@pytest.mark.parametrize("text", ["a, b; c", "100 %2C, or 3%3B", "plain"])
def test_names_with_commas_survive(text: str) -> None:
    written = escape_reason(text)
    assert "," not in written
    assert ";" not in written
    assert unescape_reason(written) == text


def test_the_flow_of_nothing_is_empty_and_whole() -> None:
    empty = replace(
        sample(), batches=(), records={}, clusters=(), states=(), votes=(), studies=(),
        syntheses=(),
    )  # fmt: skip
    flow = build_flow(empty)
    assert {box.n for box in flow.boxes} == {0}
    assert flow.findings == ()
    with pytest.raises(BadInput, match="no box"):
        flow.box("nowhere")
