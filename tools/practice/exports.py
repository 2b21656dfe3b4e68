"""The citations of the practice set as three databases would export them.

Dialects: PubMed (nbib: wrapped lines, a full stop after the title, short page ranges, both author
forms), Embase.com (RIS with its own tags) and Scopus (CSV with its 46 columns and a byte order
mark). Identifiers are made so that they cannot exist: PMIDs from 99900001, DOIs under the test
prefix 10.5555, Embase numbers from L9990001, Scopus EIDs from 99900000001.
"""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import wrap
from typing import Any

__all__ = ["DATE", "Citation", "citations", "exports"]

#: Day of the searches and imports, in the invention.
DATE = "2026-01-02"

MONTHS = {
    "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
    "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}  # fmt: skip

NOTE = "Invented for practice: no such study exists"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """One invented report as one source gives it; ``number`` makes its identifiers."""

    key: str
    number: int
    kind: str
    title: str
    authors: tuple[str, ...]
    journal: str
    abbreviated: str
    year: int
    month: str
    volume: str
    issue: str
    pages: str
    doi: str
    abstract: str
    keywords: tuple[str, ...]
    corrects: str = ""

    @property
    def pmid(self) -> str:
        """The PubMed number."""
        return str(99_900_000 + self.number)

    @property
    def short(self) -> tuple[str, ...]:
        """Authors as family name and initials."""
        return tuple(f"{a.split(', ')[0]} {_initials(a)}" for a in self.authors)

    @property
    def first_page(self) -> str:
        """The first page."""
        return self.pages.partition("-")[0]

    @property
    def last_page(self) -> str:
        """The last page, if the pages are a range."""
        return self.pages.partition("-")[2]


def citations(plan: Path) -> dict[str, dict[str, Citation]]:
    """Return the citations of each source by key, in the order in which it lists them."""
    found: dict[str, dict[str, Citation]] = {"pubmed": {}, "embase": {}, "scopus": {}}
    rows: list[dict[str, Any]] = tomllib.loads(plan.read_text("utf-8"))["record"]
    for number, row in enumerate(rows, 1):
        for source in row["in"]:
            plain = {k: v for k, v in row.items() if k not in ("in", *found)}
            fields = {"doi": f"10.5555/practice.{row['key'].replace('-', '')}"}
            fields |= plain | row.get(source, {})
            fields["authors"] = tuple(fields["authors"])
            fields["keywords"] = tuple(fields["keywords"])
            found[source][row["key"]] = Citation(number=number, **fields)
    return {source: _ordered(source, rows) for source, rows in found.items()}


def exports(plan: Path) -> dict[str, bytes]:
    """Return the three export files by name."""
    found = citations(plan)
    return {
        f"{DATE}-pubmed.nbib": _nbib(found["pubmed"]),
        f"{DATE}-embase.ris": _ris(found["embase"]),
        f"{DATE}-scopus.csv": _table(list(found["scopus"].values())),
    }


def _ordered(source: str, rows: Mapping[str, Citation]) -> dict[str, Citation]:
    """PubMed and Embase list the newest first, Scopus goes by title in this export."""
    if source == "scopus":
        return dict(sorted(rows.items(), key=lambda row: row[1].title.casefold()))
    return dict(sorted(rows.items(), key=lambda row: (-row[1].year, row[0])))


def _initials(author: str) -> str:
    return "".join(name[0] for name in author.split(", ")[1].split())


# ---------------------------------------------------------------- PubMed

_PUBLICATION = {
    "article": ("Journal Article",),
    "erratum": ("Published Erratum",),
    "review": ("Journal Article", "Review"),
    "editorial": ("Editorial",),
    "letter": ("Letter", "Comment"),
}


def _nbib(rows: Mapping[str, Citation]) -> bytes:
    records = []
    for row in rows.values():
        lines = [_tag(tag, text) for tag, text in _medline(row, rows) if text]
        records.append("\n".join(lines))
    return ("\n\n".join(records) + "\n").encode("utf-8")


def _medline(row: Citation, rows: Mapping[str, Citation]) -> list[tuple[str, str]]:
    date = f"{row.year}/{MONTHS[row.month]}/01"
    corrected = rows.get(row.corrects)
    doi = f"{row.doi} [doi]" if row.doi else ""
    return [
        ("PMID", row.pmid),
        ("OWN", "NLM"),
        ("STAT", "MEDLINE"),
        ("LR", f"{row.year + 1}0105"),
        ("VI", row.volume),
        ("IP", row.issue),
        ("DP", f"{row.year} {row.month}"),
        ("TI", row.title if row.title.endswith("?") else f"{row.title}."),
        ("PG", _short_pages(row)),
        ("LID", doi),
        ("AB", row.abstract),
        *((tag, name) for full, short in zip(row.authors, row.short, strict=True)
          for tag, name in (("FAU", full), ("AU", short))),
        ("LA", "eng"),
        *(("PT", kind) for kind in _PUBLICATION[row.kind]),
        ("PL", "Nowhere"),
        ("TA", row.abbreviated),
        ("JT", row.journal),
        ("EFR", "" if corrected is None else _source_line(corrected, with_doi=False)),
        ("OTO", "NOTNLM" if row.keywords else ""),
        *(("OT", word) for word in row.keywords),
        ("GN", NOTE),
        ("EDAT", f"{date} 06:00"),
        ("MHDA", f"{date} 06:01"),
        ("CRDT", f"{date} 06:00"),
        ("AID", doi),
        ("PST", "ppublish"),
        ("SO", _source_line(row, with_doi=True)),
    ]  # fmt: skip


def _tag(tag: str, text: str) -> str:
    first, *rest = wrap(text, 80, break_long_words=False, break_on_hyphens=False)
    return "\n".join([f"{tag:<4}- {first}", *(f"      {line}" for line in rest)])


def _short_pages(row: Citation) -> str:
    first, last = row.first_page, row.last_page
    same = 0
    while last and same < len(last) - 1 and len(first) == len(last) and first[same] == last[same]:
        same += 1
    return f"{first}-{last[same:]}" if last else first


def _source_line(row: Citation, *, with_doi: bool) -> str:
    issue = f"({row.issue})" if row.issue else ""
    line = f"{row.abbreviated}. {row.year} {row.month};{row.volume}{issue}:{_short_pages(row)}."
    return f"{line} doi: {row.doi}." if with_doi and row.doi else line


# ---------------------------------------------------------------- Embase

_EMBASE_KIND = {
    "conference abstract": "Conference Abstract",
    "conference paper": "Conference Paper",
    "review": "Review",
}


def _ris(rows: Mapping[str, Citation]) -> bytes:
    lines: list[str] = []
    for row in rows.values():
        number = f"L999{row.number:04d}"
        fields = [
            ("M3", _EMBASE_KIND.get(row.kind, "Article")),
            ("Y1", str(row.year)),
            ("VL", row.volume),
            ("IS", row.issue),
            ("SP", row.first_page),
            ("EP", row.last_page),
            ("JF", row.journal),
            ("JO", ". ".join(row.abbreviated.split()) + "."),
            ("UR", "https://www.embase.com/search/results?subaction=viewrecord"
                   f"&id={number}&from=export"),
            ("U2", number),
            ("DB", "Embase"),
            ("U3", f"{row.year}-{MONTHS[row.month]}-15"),
            ("L2", f"http://dx.doi.org/{row.doi}" if row.doi else ""),
            ("DO", row.doi),
            *(("A1", f"{a.split(', ')[0]}, {'.'.join(_initials(a))}.") for a in row.authors),
            ("AD", f"{row.authors[0].split(', ')[0]}, Department of Imaginary Medicine, Nowhere"),
            ("T1", row.title),
            ("LA", "English"),
            *(("KW", word) for word in row.keywords),
            ("N1", NOTE),
            ("N2", row.abstract),
        ]  # fmt: skip
        lines += ["TY  - JOUR", *(f"{tag}  - {text}" for tag, text in fields if text), "ER  - ", ""]
    return "\r\n".join(lines).encode("utf-8")


# ---------------------------------------------------------------- Scopus

_COLUMNS = (
    "Authors", "Author full names", "Author(s) ID", "Title", "Year", "Source title", "Volume",
    "Issue", "Art. No.", "Page start", "Page end", "Page count", "Cited by", "DOI", "Link",
    "Affiliations", "Authors with affiliations", "Abstract", "Author Keywords", "Index Keywords",
    "Molecular Sequence Numbers", "Chemicals/CAS", "Tradenames", "Manufacturers",
    "Funding Details", "Funding Texts", "References", "Correspondence Address", "Editors",
    "Publisher", "Sponsors", "Conference name", "Conference date", "Conference location",
    "Conference code", "ISSN", "ISBN", "CODEN", "PubMed ID", "Language of Original Document",
    "Abbreviated Source Title", "Document Type", "Publication Stage", "Open Access", "Source",
    "EID",
)  # fmt: skip


def _table(rows: Sequence[Citation]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for row in rows:
        cells = _scopus(row)
        writer.writerow([cells.get(column, "") for column in _COLUMNS])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _scopus(row: Citation) -> dict[str, str]:
    ids = [f"9990{row.number:03d}{i:04d}" for i, _ in enumerate(row.authors)]
    eid = f"2-s2.0-999{row.number:08d}"
    article = row.first_page.startswith("e")
    return {
        "Authors": "; ".join(f"{a.split(', ')[0]} {'.'.join(_initials(a))}." for a in row.authors),
        "Author full names": "; ".join(
            f"{a} ({number})" for a, number in zip(row.authors, ids, strict=True)
        ),
        "Author(s) ID": "; ".join(ids),
        "Title": row.title,
        "Year": str(row.year),
        "Source title": row.journal,
        "Volume": row.volume,
        "Issue": row.issue,
        "Art. No.": row.first_page if article else "",
        "Page start": "" if article else row.first_page,
        "Page end": "" if article else row.last_page,
        "Cited by": "0",
        "DOI": row.doi,
        "Link": f"https://www.scopus.com/inward/record.uri?eid={eid}&partnerID=40",
        "Affiliations": "Department of Imaginary Medicine, Nowhere",
        "Abstract": row.abstract,
        "Author Keywords": "; ".join(row.keywords),
        "Funding Texts": NOTE,
        "Language of Original Document": "English",
        "Abbreviated Source Title": ". ".join(row.abbreviated.split()) + ".",
        "Document Type": "Review" if row.kind == "review" else "Article",
        "Publication Stage": "Final",
        "Source": "Scopus",
        "EID": eid,
    }
