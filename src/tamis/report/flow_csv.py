"""The flow as the CSV that the R package PRISMA2020 reads (its field names; the words are ours).

Fields that a review of databases and registers does not have (previous version, other methods) are
left out: that package then uses its defaults, and they are drawn neither by it nor by us.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from tamis.report.content import ReportContent
from tamis.report.flow import Box, Flow

__all__ = ["COLUMNS", "escape_reason", "flow_csv", "unescape_reason"]

COLUMNS = ("data", "node", "box", "description", "boxtext", "tooltips", "url", "n")

#: Field of PRISMA2020, its node and box there, our box, our words.
FIELDS: tuple[tuple[str, str, str, str, str], ...] = (
    ("duplicates", "node8", "box3", "duplicates", "Duplicate records"),
    ("excluded_automatic", "NA", "box3", "automation",
     "Records marked as ineligible by automation tools"),
    ("excluded_other", "NA", "box3", "other", "Records removed for other reasons"),
    ("records_screened", "node9", "box4", "screened", "Records screened"),
    ("records_excluded", "node10", "box5", "excluded", "Records excluded"),
    ("dbr_sought_reports", "node11", "box6", "sought", "Reports sought for retrieval"),
    ("dbr_notretrieved_reports", "node12", "box7", "not-retrieved", "Reports not retrieved"),
    ("dbr_assessed", "node13", "box8", "assessed", "Reports assessed for eligibility"),
    ("new_studies", "node15", "box10", "included-studies", "Studies included in the review"),
    ("new_reports", "NA", "box10", "included-reports", "Reports of included studies"),
)  # fmt: skip

HEADINGS = (
    ("NA", "node6", "newstud", "Identification of studies via databases and registers"),
    ("identification", "node1", "identification", "Identification"),
    ("screening", "node2", "screening", "Screening"),
    ("included", "node3", "included", "Included"),
)


def escape_reason(text: str) -> str:
    """Write a name so that commas and semicolons in it do not split the list it stands in.

    Examples
    --------
    >>> escape_reason("wrong drug, or dose; both")
    'wrong drug%2C or dose%3B both'
    """
    return text.replace("%", "%25").replace(",", "%2C").replace(";", "%3B")


def unescape_reason(text: str) -> str:
    """Read a name that ``escape_reason`` wrote."""
    return text.replace("%3B", ";").replace("%2C", ",").replace("%25", "%")


def flow_csv(flow: Flow, content: ReportContent) -> bytes:
    """Return the flow as CSV."""
    kinds = {source.id: source.kind for source in content.protocol.sources}
    parts = flow.parts("identified")
    registers = [p for p in parts if kinds.get(p.id.partition("/")[2]) == "register"]
    databases = [p for p in parts if p not in registers]
    rows: list[tuple[str, ...]] = [_heading(*HEADINGS[0])]
    for name, node, group, label in (
        ("database", "node7", databases, "Databases"),
        ("register", "NA", registers, "Registers"),
    ):
        total = sum(box.n for box in group)
        rows.append(_row(f"{name}_results", node, "box2", label, str(total)))
        rows.append(_row(f"{name}_specific_results", "NA", "box2", label, _listed(group)))
    for field, node, place, box, label in FIELDS:
        found = flow.box(box)
        rows.append(_row(field, node, place, label, "NA" if found.unknown else str(found.n)))
    reasons = flow.parts("excluded-full-text")
    rows.append(_row("dbr_excluded", "node14", "box9", "Reports excluded", _listed(reasons)))
    rows += [_heading(*heading) for heading in HEADINGS[1:]]
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return out.getvalue().encode()


def _row(field: str, node: str, box: str, label: str, n: str) -> tuple[str, ...]:
    return field, node, box, label, label, label, "NA", n


def _heading(field: str, node: str, box: str, label: str) -> tuple[str, ...]:
    return field, node, box, label, label, label, "NA", "0"


def _listed(boxes: Sequence[Box]) -> str:
    return "; ".join(f"{escape_reason(box.short)}, {box.n}" for box in boxes)
