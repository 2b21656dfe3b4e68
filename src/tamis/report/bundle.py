"""The data that go with a report: tables as CSV, the flow for PRISMA2020 in R, a script for R.

Every file is UTF-8 with LF, sorted, and has a header. Unknown is an empty cell, never 0.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from tamis.domain.quantities import Quantity
from tamis.domain.results import Synthesis
from tamis.domain.values import CitationAnchor, Derivation, LookedFor, PassageAnchor, Value
from tamis.report.bundle_identification import identification_files
from tamis.report.bundle_tables import judgement_files
from tamis.report.content import ReportContent
from tamis.report.csv_table import Cell, table
from tamis.report.engine import asset
from tamis.report.flow import Flow
from tamis.report.flow_csv import flow_csv
from tamis.report.metafor import metafor_csv

__all__ = ["VALUE_COLUMNS", "bundle", "table"]

#: Columns of ``values.csv``, as people may hand them to ``tamis record values``.
VALUE_COLUMNS = (
    "study", "arm_or_contrast", "outcome", "definition", "estimand", "visit", "statistic", "number",
    "unit", "denominator", "anchor_kind", "document", "page", "start", "end", "quote", "citation",
    "location", "status", "extractor", "note", "inputs",
)  # fmt: skip

README = """\
Data of a report made by Tamis. All tables are UTF-8, comma-separated, with a header.

records.csv     every imported record: its source, its cluster, and the one box where it ended
decisions.csv   every verdict of screening, and where each report stands
values.csv      every extracted value and every item looked for and not found, with its source
effects.csv     effects of single studies and summaries, per synthesis
quantities.csv  every number of the report: text, full precision, rule, settings, inputs
flow.csv        the flow in the field names of the R package PRISMA2020
                (draw it with previous = FALSE, other = FALSE)
metafor.csv     the rows of every synthesis; metafor.R computes the effects again from them
appraisals.csv  every answer and judgement of risk of bias, as people gave it
bias.csv        the traffic-light figures: what the rules propose and what was judged, by domain
findings.csv    the summary of findings: a row an absolute effect; findings.json has it nested
profile.csv     the evidence profile: a row a domain of certainty; profile.json has it nested
claims.csv      claims of texts about this evidence, with what the check found
checklist-prisma-2020.csv
checklist-prisma-s.csv
checklist-swim.csv
                status of each item of the reporting checklists, and its place in the report
imports.csv     every imported file: format, letters, records, what was mended and set aside
duplicates.csv  records by source, before and after duplicates were counted once
dedupe-rules.csv
                pairs of records by the rule or the person that decided them
related.csv     reports that are kept apart and related: a correction and its paper, a preprint
trust.csv       what the sources say against themselves: retraction, registration, overlap

An empty cell is unknown or does not apply. In flow.csv a comma in a reason is written %2C and a
semicolon %3B.
"""


def bundle(
    content: ReportContent, flow: Flow, quantities: Mapping[str, Quantity]
) -> Mapping[str, bytes]:
    """Return the files of the bundle by name."""
    makers: Mapping[str, Callable[[], bytes]] = {
        "README.txt": README.encode,
        "records.csv": lambda: _records(content, flow),
        "decisions.csv": lambda: _decisions(content),
        "values.csv": lambda: _values(content),
        "effects.csv": lambda: _effects(content),
        "quantities.csv": lambda: _quantities(quantities),
        "flow.csv": lambda: flow_csv(flow, content),
        "metafor.csv": lambda: metafor_csv(content.syntheses),
        "metafor.R": asset("metafor.R").encode,
        **identification_files(content, flow),
        **judgement_files(content),
    }
    return {name: make() for name, make in makers.items()}


def _records(content: ReportContent, flow: Flow) -> bytes:
    source = {batch.sha256[:12]: batch.source for batch in content.batches}
    cluster = {name: c for c in content.clusters for name in c.records}
    header = ("record_id", "source", "source_id", "cluster_id", "primary", "ended_as", "title",
              "authors", "year", "journal", "volume", "issue", "pages", "doi", "pmid")  # fmt: skip
    rows = []
    for name in sorted(content.records):
        record, group = content.records[name], cluster.get(name)
        rows.append(
            (
                name, source.get(record.import12, ""), record.source_id,
                group.id if group else "", "yes" if group and group.primary == name else "no",
                flow.ends.get(name, ""), record.title, "; ".join(record.authors), record.year,
                record.journal, record.volume, record.issue, record.pages, record.doi, record.pmid,
            )
        )  # fmt: skip
    return table(header, rows)


def _decisions(content: ReportContent) -> bytes:
    header = ("kind", "stage", "record_id", "by", "decision", "reason", "at", "event")
    votes = [
        ("vote", v.stage, ";".join(v.records), v.reviewer, v.decision, v.reason, v.at, v.event)
        for v in content.votes
    ]
    states = [
        ("state", s.stage, s.cluster, "", s.state, s.reason, "", ";".join(s.events))
        for s in content.states
    ]
    pairs = [
        ("pair", "", f"{p.a};{p.b}", p.rule, p.decision, "", "", "") for p in content.pairs
    ]  # fmt: skip
    return table(header, sorted({*votes, *states, *pairs}))


def _values(content: ReportContent) -> bytes:
    extraction = content.extraction
    rows = [_value_row(v) for v in sorted(extraction.values, key=lambda v: (v.id, v.event))]
    rows += [_sought_row(i) for i in sorted(extraction.looked_for, key=lambda i: (i.id, i.event))]
    return table(VALUE_COLUMNS, rows)


def _value_row(value: Value) -> tuple[Cell, ...]:
    cell = value.cell
    start = (cell.study, cell.arm, cell.outcome, cell.definition, cell.estimand, cell.visit,
             value.statistic, value.printed, value.unit, value.denominator)  # fmt: skip
    anchor: tuple[Cell, ...]
    inputs = ""
    match value.source:
        case PassageAnchor() as a:
            anchor = ("passage", a.document, a.page, a.start, a.end, a.quote, "", "")
        case CitationAnchor() as c:
            anchor = ("citation", "", None, None, None, "", c.citation, c.location)
        case Derivation() as d:
            anchor = ("derivation", "", None, None, None, d.formula, d.citation, d.location)
            inputs = ";".join(d.inputs)
    return (*start, *anchor, value.status, value.extractor, value.note, inputs)


def _sought_row(item: LookedFor) -> tuple[Cell, ...]:
    cell = item.cell
    return (cell.study, cell.arm, cell.outcome, cell.definition, cell.estimand, cell.visit,
            item.statistic, "", "", "", "looked-for", "", None, None, None, "", "", item.where, "",
            item.extractor, item.note, "")  # fmt: skip


def _effects(content: ReportContent) -> bytes:
    header = ("synthesis", "layer", "kind", "row", "study", "measure", "estimate", "low", "high",
              "interval", "y", "se", "weight_percent", "inputs")  # fmt: skip
    rows = [row for synthesis in content.syntheses for row in _effect_rows(synthesis)]
    return table(header, rows)


def _effect_rows(synthesis: Synthesis) -> Iterator[tuple[Cell, ...]]:
    plan = synthesis.plan
    head = (plan.id, plan.layer, plan.kind)
    for e in synthesis.effects:
        yield (*head, "study", e.study, e.measure, e.estimate, e.low, e.high, e.interval_method,
               e.y, e.se, e.weight, ";".join(e.inputs))  # fmt: skip
    for single in synthesis.single:
        study = synthesis.rows[0].study if synthesis.rows else ""
        for interval in single.intervals:
            yield (*head, "one study", study, single.measure, single.estimate, interval.low,
                   interval.high, interval.method, None, single.se, None, "")  # fmt: skip
    if synthesis.pooled is not None:
        p = synthesis.pooled
        yield (*head, "summary", "", p.measure, p.estimate, p.ci_low, p.ci_high,
               f"{p.method}, {p.interval_method}", p.y, p.se, None, "")  # fmt: skip


def _quantities(quantities: Mapping[str, Quantity]) -> bytes:
    header = ("id", "text", "value", "unit", "rule", "settings", "inputs")
    return table(
        header,
        [
            (
                name, str(q), q.value, q.unit, q.rule,
                json.dumps(dict(sorted(q.settings.items())), ensure_ascii=False) if q.settings
                else "",
                ";".join(q.inputs),
            )
            for name, q in sorted(quantities.items())
        ],
    )  # fmt: skip
