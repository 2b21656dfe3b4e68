"""The tables of the practice set: decisions with real record ids, values with real anchors."""

from __future__ import annotations

import csv
import io
import json
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from practice.exports import citations

from tamis.domain.values import STATISTICS, PassageAnchor
from tamis.extraction import Layer, locate, read_layer
from tamis.formats import read_citations

__all__ = ["tables"]

#: Who screened, in the columns of plan/votes.csv, and when each began at each stage.
REVIEWERS = {"a": "p-rev-a", "b": "p-rev-b"}
BEGAN = {
    ("title-abstract", "a"): "2026-01-05T09:00",
    ("title-abstract", "b"): "2026-01-06T13:30",
    ("full-text", "a"): "2026-01-09T09:00",
    ("full-text", "b"): "2026-01-10T14:00",
}
SETTLER = "p-rev-c"
SETTLED = {"title-abstract": "2026-01-08T10:00", "full-text": "2026-01-11T10:00"}

VALUE_COLUMNS = (
    "study", "arm_or_contrast", "outcome", "definition", "estimand", "visit", "statistic",
    "number", "unit", "denominator", "anchor_kind", "document", "page", "start", "end", "quote",
    "citation", "location", "status", "extractor", "note", "inputs",
)  # fmt: skip

#: Units of statistics that are no number on the outcome's own scale.
COUNTED = {"events": "participants", "n": "participants", "percent": "percent", "text": ""}


def tables(
    plan: Path, *, documents: Mapping[str, bytes], imports: Mapping[str, bytes]
) -> dict[str, bytes]:
    """Return every made table by file name."""
    ids = record_ids(plan / "records.toml", imports)
    votes = _rows(plan / "votes.csv")
    consensus = _rows(plan / "consensus.csv")
    links = _rows(plan / "links.csv")
    made: dict[str, bytes] = {}
    for stage in ("title-abstract", "full-text"):
        made[f"votes-{stage}.csv"] = _votes(stage, votes, ids)
        made[f"consensus-{stage}.csv"] = _consensus(stage, consensus, ids)
    made["links.csv"] = _links(links, ids)
    made["documents.csv"] = _csv(
        ("report", "file", "role"),
        ((row["report"], f"documents/{row['paper']}", "article") for row in links if row["paper"]),
    )
    layers = {Path(name).stem: read_layer(pdf, name=name) for name, pdf in documents.items()}
    made["values.csv"] = _csv(VALUE_COLUMNS, values(plan / "values.toml", layers))
    return made


def record_ids(records: Path, imports: Mapping[str, bytes]) -> dict[str, tuple[str, ...]]:
    """Return the ids of each citation's records, in the order of the export files."""
    found: dict[str, list[str]] = {}
    planned = citations(records)
    for name, data in imports.items():
        source = name.rpartition("-")[2].partition(".")[0]
        parsed = read_citations(data, name=name)
        if parsed.repaired or parsed.refused or len(parsed.records) != len(planned[source]):
            raise SystemExit(f"{name} does not read back cleanly")
        for (key, citation), record in zip(planned[source].items(), parsed.records, strict=True):
            if record.title != citation.title:
                raise SystemExit(f"{name}: {record.title!r} is not {citation.title!r}")
            found.setdefault(key, []).append(record.id)
    return {key: tuple(ids) for key, ids in found.items()}


# ---------------------------------------------------------------- screening


def _votes(
    stage: str, plan: Sequence[Mapping[str, str]], ids: Mapping[str, tuple[str, ...]]
) -> bytes:
    rows: list[tuple[str, ...]] = []
    here = [row for row in plan if row["stage"] == stage]
    for column, reviewer in REVIEWERS.items():
        order = here if column == "a" else sorted(here, key=lambda row: row["key"])
        for i, row in enumerate(order):
            reason = row[f"{column}_reason"]
            criteria = json.dumps({reason: "met"}) if reason else ""
            rows.append(
                (stage, min(ids[row["key"]]), reviewer, row[column], reason, criteria,
                 _at(BEGAN[stage, column], 2 * i))
            )  # fmt: skip
    return _csv(("stage", "record_id", "reviewer", "decision", "reason", "criteria", "at"), rows)


def _consensus(
    stage: str, plan: Sequence[Mapping[str, str]], ids: Mapping[str, tuple[str, ...]]
) -> bytes:
    """Return the settlements; ``settles`` stays empty and means the verdicts standing then."""
    rows = [row for row in plan if row["stage"] == stage]
    return _csv(
        ("stage", "record_id", "settles", "decision", "reason", "by", "at"),
        (
            (stage, min(ids[row["key"]]), "", row["decision"], row["reason"], SETTLER,
             _at(SETTLED[stage], 5 * i))
            for i, row in enumerate(rows)
        ),
    )  # fmt: skip


def _links(plan: Sequence[Mapping[str, str]], ids: Mapping[str, tuple[str, ...]]) -> bytes:
    columns = ("study", "label", "design", "role", "report", "kind")
    return _csv(
        (*columns, "record_ids"),
        (
            (*(row[column] for column in columns), ";".join(sorted(ids[row["keys"]])))
            for row in plan
        ),
    )


# ---------------------------------------------------------------- values


def values(plan: Path, layers: Mapping[str, Layer]) -> Iterator[tuple[str, ...]]:
    """Yield the rows of values.csv, study by study as the plan gives them."""
    written: dict[str, list[dict[str, Any]]] = tomllib.loads(plan.read_text("utf-8"))
    studies = dict.fromkeys(entry["study"] for entry in written["passage"])
    for study in studies:
        for entry in written["passage"]:
            if entry["study"] == study:
                yield from _passage(entry, layers[study])
        for entry in written["derived"]:
            if entry["study"] == study:
                yield from _derived(entry)
        for entry in written["looked_for"]:
            if entry["study"] == study:
                yield from _looked_for(entry)


def _passage(entry: Mapping[str, Any], layer: Layer) -> Iterator[tuple[str, ...]]:
    anchor = locate(layer, entry["quote"], page=entry.get("page"), prefix=entry.get("before", ""))
    for cell in entry["cells"]:
        for statistic in STATISTICS:
            if statistic in cell:
                yield _row(entry, cell, statistic, **_anchored(anchor))


def _derived(entry: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for statistic in STATISTICS:
        if statistic in entry:
            yield _row(
                entry, entry, statistic, anchor_kind="derivation", quote=entry["formula"],
                status="derived", inputs=";".join(entry["inputs"]),
            )  # fmt: skip


def _looked_for(entry: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    for words in entry["cells"]:
        cell, _, statistic = words.rpartition(" ")
        yield _row(
            entry, {"cell": cell}, statistic, anchor_kind="looked-for", location=entry["where"]
        )


def _row(
    entry: Mapping[str, Any], cell: Mapping[str, Any], statistic: str, **anchor: str
) -> tuple[str, ...]:
    arm, outcome, visit, estimand, *definition = cell["cell"].split()
    unit = cell.get("unit", "")
    if statistic in COUNTED and not (statistic == "n" and outcome.startswith(("tidier", "follow"))):
        unit = COUNTED[statistic]
    row = {
        "study": entry["study"],
        "arm_or_contrast": arm,
        "outcome": outcome,
        "definition": definition[0] if definition else "not-stated",
        "estimand": estimand,
        "visit": visit,
        "statistic": statistic,
        "number": cell.get(statistic, ""),
        "unit": unit,
        "denominator": cell.get("denominator", ""),
        "extractor": entry["by"],
        "note": cell.get("note", ""),
        **anchor,
    }
    return tuple(row.get(column, "") for column in VALUE_COLUMNS)


def _anchored(anchor: PassageAnchor) -> dict[str, str]:
    return {
        "anchor_kind": "passage",
        "document": anchor.document,
        "page": str(anchor.page),
        "start": str(anchor.start),
        "end": str(anchor.end),
        "quote": anchor.quote,
        "status": "passage read",
    }


# ---------------------------------------------------------------- files


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode("utf-8")


def _at(start: str, minutes: int) -> str:
    moment = datetime.fromisoformat(start) + timedelta(minutes=minutes)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.000Z")
