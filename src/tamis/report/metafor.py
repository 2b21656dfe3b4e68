"""The rows of every synthesis as one table for the R package metafor; the script reads it."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping

from tamis.domain.results import BinaryRow, EffectRow, MeansRow, ProportionRow, Synthesis
from tamis.report.measures import setting

__all__ = ["COLUMNS", "metafor_csv"]

#: Column names are the arguments of metafor's ``escalc``.
COLUMNS = (
    "synthesis", "outcome", "kind", "layer", "measure", "method", "test", "level", "study",
    "ai", "n1i", "ci", "n2i", "m1i", "sd1i", "m2i", "sd2i", "xi", "ni", "yi", "vi",
)  # fmt: skip

#: Our settings of the interval -> metafor's ``test``.
TESTS = {"auto": "adhoc", "": "adhoc"}


def metafor_csv(syntheses: Iterable[Synthesis]) -> bytes:
    """Return one line a study and synthesis; empty cells do not apply to it."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for synthesis in syntheses:
        for line in _lines(synthesis):
            writer.writerow(line)
    return out.getvalue().encode()


def _lines(synthesis: Synthesis) -> Iterator[Mapping[str, object]]:
    plan = synthesis.plan
    test = setting(synthesis.settings, "test")
    head = {
        "synthesis": plan.id,
        "outcome": plan.outcome,
        "kind": plan.kind,
        "layer": plan.layer,
        "measure": plan.measure,
        "method": plan.method,
        "test": TESTS.get(test, test),
        "level": setting(synthesis.settings, "level", "0.95"),
    }
    for row in synthesis.rows:
        yield {**head, "study": row.study, **_numbers(row)}


def _numbers(row: BinaryRow | MeansRow | ProportionRow | EffectRow) -> Mapping[str, object]:
    match row:
        case BinaryRow():
            return {"ai": row.events_1, "n1i": row.n_1, "ci": row.events_2, "n2i": row.n_2}
        case MeansRow():
            return {
                "m1i": row.mean_1, "sd1i": row.sd_1, "n1i": row.n_1,
                "m2i": row.mean_2, "sd2i": row.sd_2, "n2i": row.n_2,
            }  # fmt: skip
        case ProportionRow():
            return {"xi": row.events, "ni": row.n}
        case EffectRow():
            return {"yi": row.y, "vi": row.v}
