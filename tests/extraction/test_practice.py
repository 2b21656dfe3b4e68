"""The practice set: made again byte for byte, its ids and anchors real, its numbers consistent."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from functools import cache
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import typst

import tamis.examples
from tamis.agreement import screening_agreement
from tamis.app.protocol.protocol import parse_protocol
from tamis.app.tables import TABLES, Row, read_table
from tamis.appraisal import TOOLS, appraise, compare, settle
from tamis.certainty import DOMAINS
from tamis.dedupe import deduplicate
from tamis.domain.decisions import STAGES, AppraisalAnswer, AppraisalSettlement, Vote
from tamis.domain.records import Cluster, Record
from tamis.domain.value_rows import row_id, value_from_body
from tamis.domain.values import Derivation, Extraction, LookedFor, PassageAnchor, Value
from tamis.extraction import Layer, check_anchor, check_values, find_again, read_layer
from tamis.formats import read_citations

PRACTICE = Path(tamis.examples.__file__).parent / "practice"
INPUTS = PRACTICE / "inputs"
ROOT = Path(__file__).resolve().parents[2]

pinned = re.search(r"^typst==(\S+)", (ROOT / "constraints.txt").read_text("utf-8"), re.M)
same_typst = pytest.mark.skipif(
    pinned is None or version("typst") != pinned[1],
    reason="another typst is installed than constraints.txt names: its PDFs may differ",
)


@cache
def rows(table: str, name: str = "") -> tuple[Row, ...]:
    file = f"{name or table}.csv"
    return read_table((INPUTS / file).read_bytes(), TABLES[table], name=file)


@cache
def records() -> tuple[Record, ...]:
    found: list[Record] = []
    for file in sorted((INPUTS / "imports").iterdir()):
        parsed = read_citations(file.read_bytes(), name=file.name)
        assert parsed.repaired == parsed.refused == ()
        found += parsed.records
    return tuple(found)


@cache
def clusters() -> tuple[Cluster, ...]:
    return deduplicate(records()).clusters


@cache
def layers() -> dict[str, Layer]:
    found = [read_layer(p.read_bytes(), name=p.name) for p in (INPUTS / "documents").iterdir()]
    return {layer.document_sha256: layer for layer in found}


@cache
def extracted() -> Extraction:
    made = [_value(row) for row in rows("values")]
    return Extraction(
        values=tuple(item for item in made if isinstance(item, Value)),
        looked_for=tuple(item for item in made if isinstance(item, LookedFor)),
    )


def _value(row: Row) -> Value | LookedFor:
    body: dict[str, Any] = {key: text for key, text in row.cells.items() if text}
    body |= {key: row[key] for key in ("number", "unit", "denominator", "status", "definition")}
    body["arm"] = row["arm_or_contrast"]
    body["inputs"] = row["inputs"].split(";") if row["inputs"] else []
    return value_from_body({**body, "id": row_id(body)}, extractor=row["extractor"])


@cache
def votes() -> tuple[Vote, ...]:
    of = {name: cluster.records for cluster in clusters() for name in cluster.records}
    found = [row for stage in STAGES for row in rows("votes", f"votes-{stage}")]
    return tuple(
        Vote(
            event=f"{row['reviewer']}.00000001/{i}",
            stage=row["stage"],
            records=of[row["record_id"]],
            reviewer=row["reviewer"],
            decision=row["decision"],
            reason=row["reason"],
            at=row["at"],
        )
        for i, row in enumerate(found, 1)
    )


@same_typst
def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    script = ROOT / "tools" / "typeset_practice.py"
    done = subprocess.run(
        [sys.executable, str(script), "--check"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout == "same\n", done.stdout + done.stderr
    assert done.returncode == 0


def test_every_page_of_every_paper_says_that_it_is_invented() -> None:
    assert len(layers()) == 4
    for layer in layers().values():
        assert len(layer.pages) == 2
        for page in layer.pages:
            assert page.page_class == "text"
            assert page.text.count("INVENTED FOR PRACTICE - not a real study") == 2
    for file in (INPUTS / "search").iterdir():
        assert file.read_text("utf-8").startswith("# INVENTED FOR PRACTICE")


def test_nothing_in_the_citations_can_exist() -> None:
    for record in records():
        assert any("Invented for practice" in text for _, text in record.raw)
        assert record.doi == "" or record.doi.startswith("10.5555/practice.")
        assert record.pmid == "" or record.pmid.startswith("99900")


def test_exports_hold_41_records_of_33_reports() -> None:
    by_source = Counter(record.database for record in records())
    assert by_source == {"PubMed": 18, "Embase": 15, "Scopus": 8}
    assert len(clusters()) == 33
    hits = {source.database: source.hits for source in _protocol().sources}
    assert hits == dict(by_source)
    together = [{_title(name) for name in cluster.records} for cluster in clusters()]
    assert not any({t[:7] for t in titles} > {"erratum"} for titles in together)
    abstract = next(r for r in records() if "six-month results" in r.title)
    assert next(c for c in clusters() if abstract.id in c.records).records == (abstract.id,)


def test_every_report_has_two_votes_and_conflicts_are_settled() -> None:
    known = {record.id for record in records()}
    passed: set[str] = set()
    for stage in STAGES:
        here = [vote for vote in votes() if vote.stage == stage]
        by_report = {
            key: {vote.reviewer: vote.decision for vote in group}
            for key, group in groupby(sorted(here, key=lambda v: min(v.records)),
                                      key=lambda v: min(v.records))
        }  # fmt: skip
        assert all(set(found) == {"p-rev-a", "p-rev-b"} for found in by_report.values())
        settled = {row["record_id"]: row for row in rows("consensus", f"consensus-{stage}")}
        assert set(settled) <= known
        conflicts = {
            key for key, found in by_report.items()
            if len({"include" if d == "maybe" else d for d in found.values()}) > 1
        }  # fmt: skip
        assert set(settled) == conflicts
        assert len(conflicts) == {"title-abstract": 3, "full-text": 2}[stage]
        expected = {min(c.records) for c in clusters()} if stage == STAGES[0] else passed
        assert set(by_report) == expected
        passed = {
            key for key, found in by_report.items()
            if (settled[key]["decision"] if key in settled else set(found.values()).pop())
            in ("include", "maybe")
        }  # fmt: skip
    linked = {name for row in rows("links") for name in row["record_ids"].split(";")}
    assert passed == {min(c.records) for c in clusters() if set(c.records) & linked}
    assert sum(vote.decision == "not-retrieved" for vote in votes()) == 2


def test_reasons_are_criteria_and_several_are_used() -> None:
    ids = {criterion.id for criterion in _protocol().criteria if criterion.kind == "exclude"}
    for stage in STAGES:
        used = {vote.reason for vote in votes() if vote.stage == stage and vote.reason}
        assert len(used) >= 4
        assert used <= ids
    assert all(vote.reason for vote in votes() if vote.decision == "exclude")


def test_agreement_can_be_estimated_at_both_stages() -> None:
    for stage in STAGES:
        (found,) = screening_agreement(votes(), clusters(), stage=stage)
        assert found.n == {"title-abstract": 33, "full-text": 11}[stage]
        assert found.kappa is not None
        assert 0.6 < found.kappa < 0.9


def test_every_anchor_is_what_its_document_says() -> None:
    anchored = [v for v in extracted().values if isinstance(v.source, PassageAnchor)]
    assert len(anchored) > 150
    for value in anchored:
        anchor = value.source
        assert isinstance(anchor, PassageAnchor)
        layer = layers()[anchor.document]
        assert check_anchor(value, layer) is None, value.id
        assert find_again(anchor, layer).rule == "position"


def test_values_are_consistent_and_derived_ones_follow() -> None:
    found = check_values(extracted())
    assert [(item.rule, item.severity) for item in found] == [
        ("estimand.mix", "note"),
        ("anchor.number", "note"),
    ]
    ids = {value.id: value for value in extracted().values}
    assert len(ids) == len(extracted().values)
    derived = [v for v in extracted().values if isinstance(v.source, Derivation)]
    for value in derived:
        assert isinstance(value.source, Derivation)
        assert set(value.source.inputs) <= set(ids)
    for arm in ("velorimab", "placebo"):
        cell = f"v:cedar2022/proteinuria/m6/{arm}"
        se, n, sd = (ids[f"{cell}/{name}"].number for name in ("se", "n", "sd"))
        assert None not in (se, n, sd)
        assert round(float(se) * float(n) ** 0.5, 2) == float(sd)


def test_unreported_deaths_are_looked_for_and_no_value() -> None:
    sought = {item.id for item in extracted().looked_for}
    for arm in ("velorimab", "placebo"):
        assert f"v:birch2020/death/m12.ever/{arm}/events" in sought
    assert not any(v.cell.study == "birch2020" and v.cell.outcome == "death"
                   for v in extracted().values)  # fmt: skip


def test_links_documents_and_results_name_each_other() -> None:
    known = {record.id for record in records()}
    reports = {row["report"] for row in rows("links")}
    for row in rows("links"):
        assert set(row["record_ids"].split(";")) <= known
    for row in rows("documents"):
        assert row["report"] in reports
        assert (INPUTS / row["file"]).is_file()
    studies = {row["study"] for row in rows("links")}
    assert {value.cell.study for value in extracted().values} == studies


def test_appraisal_and_grades_use_the_words_of_their_tools() -> None:
    tool = TOOLS["jbi-case-series"]
    answers = [row for row in rows("appraisals") if row["answer"] and row["tool"] == tool.key]
    assert [row["question"] for row in answers] == [question.id for question in tool.questions]
    assert {row["answer"] for row in answers} <= set(tool.answers)
    bodies = {body.id for body in _protocol().bodies}
    for body, group in groupby(rows("grades"), key=lambda row: row["body"]):
        graded = list(group)
        assert body in bodies
        assert [row["domain"] for row in graded] == list(DOMAINS)
        for row in graded:
            assert int(row["decision"]) in DOMAINS[row["domain"]].changes
            assert row["reason"]
    assert {row["body"] for row in rows("grades")} == bodies


def test_the_trials_have_two_assessors_on_the_response_and_a_consensus() -> None:
    key = "rob2:assignment"
    answers = [
        AppraisalAnswer(event=f"{row['assessor']}.00000001/{n}", **row.cells)
        for n, row in enumerate(rows("appraisals"), 1)
    ]
    done = appraise(key, answers)
    assert all(one.complete for one in done)
    assert len([one for one in done if one.role == "single"]) == 8
    double = [one for one in done if one.role == "assessor"]
    assert {one.result for one in double} == {
        f"{study}/response/m6" for study in ("alder2019", "birch2020", "cedar2022")
    }
    overridden = [(one.study, d.domain.id) for one in done for d in one.domains if d.overridden]
    assert overridden == [("birch2020", "D4")]
    differing = {(c.result, c.place) for c in compare(key, answers) if not c.same}
    settled = rows("appraisal-consensus")
    assert {(row["result"], row["question"]) for row in settled} == differing
    settlements = [
        AppraisalSettlement(
            event=f"{row['by']}.00000001/{n}",
            **{k: v for k, v in row.cells.items() if k != "settles"},
            settles=tuple(
                c.event for c in answers
                if (c.tool, c.result, c.question) == (key, row["result"], row["question"])
            ),
        )
        for n, row in enumerate(settled, 1)
    ]  # fmt: skip
    third = settle(key, answers, settlements)
    assert [(one.study, one.judgement) for one in third] == [
        ("alder2019", "L"), ("birch2020", "S"), ("cedar2022", "L"),
    ]  # fmt: skip
    assert all(one.open == one.missing == () for one in third)
    assert not any(domain.overridden for one in third for domain in one.domains)


CORRECTIONS = (
    ("27 of 48 participants (56.3%)", "26 of 48 participants (54.2%)"),
    ("mean\ndifference −0.63", "mean\ndifference 0.63"),
)


@pytest.mark.parametrize(("old", "new"), CORRECTIONS)
def test_a_corrected_paper_is_noticed_and_never_followed(old: str, new: str) -> None:
    source = (PRACTICE / "papers" / "alder2019.typ").read_text("utf-8")
    old, new = (re.sub(r"\s+", " ", text) for text in (old, new))
    loose = re.escape(old).replace(r"\ ", r"\s+")
    assert len(re.findall(loose, source)) == 1
    corrected = _typeset(re.sub(loose, new, source))
    touched, kept = Counter[str](), Counter[str]()
    for value in extracted().values:
        anchor = value.source
        if value.cell.study != "alder2019" or not isinstance(anchor, PassageAnchor):
            continue
        said = re.sub(r"\s+", " ", anchor.quote)
        found = find_again(anchor, corrected)
        (touched if old in said else kept)[found.outcome] += 1
    assert set(touched) == {"changed"}
    assert set(kept) <= {"same", "moved", "needs-person"}
    assert kept["needs-person"] <= 0.2 * kept.total()


def _typeset(source: str) -> Layer:
    look = (PRACTICE / "papers" / "journal.typ").read_text("utf-8")
    whole = look + source.replace('#import "journal.typ": *', "")
    pdf = typst.Compiler(whole.encode(), ignore_system_fonts=True).compile(format="pdf")
    assert isinstance(pdf, bytes)
    return read_layer(pdf)


@cache
def _protocol() -> Any:
    return parse_protocol((INPUTS / "review.toml").read_text("utf-8"))


def _title(record: str) -> str:
    return next(r.title.casefold() for r in records() if r.id == record)
