"""Law 4: every imported record is in exactly one box; a box is a counted set, never a subtraction.

``holds`` is the law. It is held to random reviews, whole and half done; and to a mutant of the
program that counts duplicates twice, which must fail it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tamis.domain.decisions import STAGES
from tamis.domain.question import Criterion, Protocol, Question, ReviewHead, Source
from tamis.domain.records import Batch, Cluster, Record, Report, Study
from tamis.domain.results import ScreenState
from tamis.report import ReportContent, build_flow, check_flow
from tamis.report import flow as flow_module
from tamis.report.flow import TERMINAL

OPEN = ("awaiting", "conflict", "second-look", "")
QUESTION = Question(population="", intervention="", comparator="", outcomes="", designs="")


@st.composite
def reviews(draw: st.DrawFn) -> ReportContent:
    """Draw a review: sources, imports, clusters over them, and any way through both stages."""
    batches, ids = [], []
    for n in range(draw(st.integers(0, 4))):
        sha = f"{n + 1:x}" * 64
        size = draw(st.integers(0, 12))
        source = draw(st.sampled_from(("pubmed", "scopus", "registry")))
        batches.append(Batch(source=source, file=f"{n}.ris", sha256=sha, format="ris",
                             records=size, at="", event=f"p-a.00000000/{n + 1}"))  # fmt: skip
        ids += [f"{sha[:12]}:{place * 100}" for place in range(size)]
    groups = draw(st.lists(st.integers(0, 9), min_size=len(ids), max_size=len(ids)))
    members: dict[int, list[str]] = {}
    for name, group in zip(ids, groups, strict=True):
        members.setdefault(group if group < 8 else len(members) + 100, []).append(name)
    clusters = tuple(Cluster(records=tuple(sorted(names))) for names in members.values())
    loose = draw(st.booleans()) and clusters
    states, studies = [], []
    for nth, cluster in enumerate(clusters):
        first = draw(st.sampled_from((*OPEN, "in", "in", "out")))
        second = draw(st.sampled_from((*OPEN, "in", "out", "not-retrieved")))
        for stage, state in zip(STAGES, (first, second), strict=True):
            reason = draw(st.sampled_from(("c1", "c2", "other words"))) if state == "out" else ""
            if state:
                states.append(ScreenState(cluster=cluster.id, stage=stage, state=state,
                                          reason=reason))  # fmt: skip
        if (first, second) == ("in", "in"):
            report = Report(id=f"r{nth}", study=f"s{nth % 3}", records=cluster.records)
            studies.append(Study(id=f"s{nth % 3}", label=f"S{nth % 3}", design="randomised",
                                 reports=(report,)))  # fmt: skip
    return ReportContent(
        protocol=Protocol(
            head=ReviewHead(id="r", title="A review"),
            question=QUESTION,
            criteria=tuple(Criterion(id=f"c{n}", version=1, stage="both", kind="exclude",
                                     text=f"reason {n}", order=n) for n in (2, 1)),
            sources=tuple(Source(id=s, database=s, platform="") for s in ("pubmed", "scopus",
                                                                          "registry")),
        ),
        date="",
        batches=tuple(batches),
        records={name: Record(id=name, raw=()) for name in ids},
        clusters=clusters[1:] if loose else clusters,
        states=tuple(states),
        studies=_merged(studies),
    )  # fmt: skip


def _merged(studies: list[Study]) -> tuple[Study, ...]:
    found: dict[str, Study] = {}
    for study in studies:
        known = found.get(study.id)
        reports = (*known.reports, *study.reports) if known else study.reports
        found[study.id] = replace(study, reports=reports)
    return tuple(found.values())


def holds(content: ReportContent) -> None:
    """Assert law 4 on one review."""
    flow = build_flow(content)
    counted = Counter(name for box in TERMINAL for name in flow.box(box).ids)
    assert counted == Counter(list(content.records))
    assert set(flow.ends) == set(content.records)
    for box in flow.boxes:
        assert len(set(box.ids)) == box.n, box.id
        parts = flow.parts(box.id)
        if parts:
            split = Counter(name for part in parts for name in part.ids)
            assert split == Counter(box.ids), box.id
    assert check_flow(flow) == ()


@given(reviews())
def test_every_record_is_in_exactly_one_box(content: ReportContent) -> None:
    holds(content)


@given(reviews(), st.randoms(use_true_random=False))
def test_the_order_of_what_comes_in_does_not_matter(content: ReportContent, dice: Random) -> None:
    def shuffled(things: Iterable[Any]) -> list[Any]:
        mixed = list(things)
        dice.shuffle(mixed)
        return mixed

    other = replace(
        content,
        records=dict(shuffled(content.records.items())),
        clusters=tuple(shuffled(content.clusters)),
        states=tuple(shuffled(content.states)),
    )
    assert build_flow(content) == build_flow(other)


def test_a_mutant_that_counts_duplicates_twice_fails_the_law(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seeded fault: the record that is screened is counted among the duplicates as well."""
    monkeypatch.setattr(flow_module, "_removed", lambda cluster: cluster.records)
    twice = _two_records_of_one_report()
    with pytest.raises(AssertionError):
        holds(twice)
    rules = {finding.rule for finding in build_flow(twice).findings}
    assert {"flow-screened", "flow-terminal"} <= rules, "the invariants must see it too"


def test_a_mutant_that_subtracts_instead_of_counting_fails_the_law(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Seeded fault: reports not retrieved stay among those assessed."""
    path = ("screened", "sought", "assessed", "not-retrieved")
    monkeypatch.setattr(flow_module, "PATHS", {**flow_module.PATHS, ("in", "not-retrieved"): path})
    content = _two_records_of_one_report()
    lost = ScreenState(cluster=content.clusters[0].id, stage="full-text", state="not-retrieved")
    content = replace(content, states=(content.states[0], lost))
    with pytest.raises(AssertionError):
        holds(content)
    assert {f.rule for f in build_flow(content).findings} >= {"flow-assessed"}


def _two_records_of_one_report() -> ReportContent:
    sha = "a" * 64
    ids = (f"{sha[:12]}:0", f"{sha[:12]}:50")
    return ReportContent(
        protocol=Protocol(head=ReviewHead(id="r", title="A review"), question=QUESTION,
                          sources=(Source(id="pubmed", database="PubMed", platform=""),)),
        date="",
        batches=(Batch(source="pubmed", file="a.ris", sha256=sha, format="ris", records=2, at="",
                       event="p-a.00000000/1"),),
        records={name: Record(id=name, raw=()) for name in ids},
        clusters=(Cluster(records=ids),),
        states=(ScreenState(cluster=ids[0], stage="title-abstract", state="in"),),
    )  # fmt: skip
