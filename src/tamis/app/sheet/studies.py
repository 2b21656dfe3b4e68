"""Sheets of studies: included reports that belong to no study yet, and reports without a full text.

The names of studies are proposals, made from first author and year; the person may write others,
and gives two reports of one study the same name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Sequence

from tamis.app.sheet.ground import Cells, Ground
from tamis.domain.ids import slugify
from tamis.domain.records import Record

__all__ = ["document_rows", "link_rows", "proposed_study"]

#: A family name is followed by a comma, or by initials.
_INITIALS = re.compile(r"\s+(?:[A-Z]\.?-?){1,4}\Z")

#: First characters that a spreadsheet takes for a formula.
_FORMULA = "=+-@\t\r"


def link_rows(ground: Ground) -> Iterator[Cells]:
    """Yield the included reports that are linked to no study."""
    links = ground.review.state.links.values()
    linked = {record for link in links for record in link.records}
    taken = {link.study for link in links} | {link.report for link in links}
    included = set(ground.screened.screening.included())
    for cluster in ground.screened.clusters:
        if cluster.id not in included or linked & set(cluster.records):
            continue
        records = [ground.library.records[name] for name in cluster.records]
        label, study = proposed_study(records, taken)
        taken |= {study, f"{study}-article"}
        yield {
            "study": study,
            "label": label,
            "role": "included",
            "report": f"{study}-article",
            "kind": "article",
            "record_ids": ";".join(cluster.records),
            **ground.about(cluster),
        }


def document_rows(ground: Ground) -> Iterator[Cells]:
    """Yield the reports of included studies that have no full text."""
    attached = {link.report for link in ground.review.state.documents.values()}
    records = ground.library.records
    for study in ground.studies:
        for report in study.reports if study.role == "included" else ():
            if report.id in attached:
                continue
            titles = [records[name].title for name in report.records if name in records]
            yield {
                "report": report.id,
                "role": report.kind or "article",
                "by": ground.person,
                "study": study.label or study.id,
                "title": next((title for title in titles if title), ""),
            }


def proposed_study(records: Sequence[Record], taken: Container[str]) -> tuple[str, str]:
    """Return label and id that first author and year propose for the study of a report.

    Examples
    --------
    >>> proposed_study([], ())
    ('', 'x')
    """
    label = _label(records)
    return label, _free(_slug(label), taken)


def _label(records: Sequence[Record]) -> str:
    author = next((name for r in records for name in r.authors if name.strip()), "")
    family = author.split(",")[0] if "," in author else _INITIALS.sub("", author)
    year = next((str(r.year) for r in records if r.year), "")
    return f"{family.strip().lstrip(_FORMULA).strip()} {year}".strip()


def _slug(label: str) -> str:
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode()
    slug = slugify(plain)
    name, _, year = slug.rpartition("-")
    joined = f"{name}{year}" if name and year.isdigit() else slug
    return joined if re.match(r"[a-z]", joined) else "study"


def _free(name: str, taken: Container[str]) -> str:
    n, found = 1, name
    while found in taken:
        n += 1
        found = f"{name}-{n}"
    return found
