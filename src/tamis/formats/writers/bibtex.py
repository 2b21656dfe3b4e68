"""Records as BibTeX: UTF-8, one entry a record, keys that depend on the records only.

Titles stand in double braces, so that no style changes their capitals. Characters that TeX reads
as commands are escaped. Kind, source id, database and ``tamis:<record id>`` stand in fields that
styles pass over. Lost on the way: raw fields.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from unicodedata import normalize

from tamis.domain.records import Record
from tamis.formats.kinds import BIBTEX_TYPES
from tamis.formats.writers.carried import CANONICAL, Partly

__all__ = ["CARRIES", "PARTLY", "bibtex_keys", "escape_tex", "write_bibtex"]

#: The fields of a record that the format has a place for.
CARRIES: frozenset[str] = frozenset(CANONICAL)
PARTLY: Partly = {
    "journal": (
        "where a book or thesis appeared is written as its series or school, not as a journal",
        lambda record: bool(record.journal) and record.type in ("book", "thesis"),
    ),
}

#: What TeX would read as a command, and how it is printed instead.
ESCAPES: Mapping[str, str] = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
TABLE = str.maketrans(dict(ESCAPES))

#: What TeX joins into one sign: dashes and quotation marks.
JOINED = re.compile(r"([-'`])(?=\1)")

#: The field that names where a document appeared, by entry type; ``journal`` for the others.
APPEARED: Mapping[str, str] = {
    "inproceedings": "booktitle",
    "incollection": "booktitle",
    "phdthesis": "school",
    "techreport": "institution",
    "book": "series",
    "misc": "howpublished",
}

#: Title words that say nothing in a key.
SMALL = frozenset({"a", "an", "the", "of", "on", "in", "for", "to", "and", "or", "with", "from"})


def write_bibtex(records: Sequence[Record]) -> bytes:
    r"""Return the records as one BibTeX file.

    Examples
    --------
    >>> record = Record(id="9f3c12ab9f3c:0", raw=(), type="journal article", title="R&D of 5 %",
    ...                 authors=("Sun, Lingyun", "Lupus Study Group"), year=2009, pages="5-9")
    >>> print(write_bibtex([record]).decode())
    @article{sun2009rd,
      tamis_id = {9f3c12ab9f3c:0},
      document_type = {journal article},
      title = {{R\&D of 5 \%}},
      author = {Sun, Lingyun and {Lupus Study Group}},
      year = {2009},
      pages = {5--9},
    }
    <BLANKLINE>
    """
    keys = bibtex_keys(records)
    return "\n".join(_entry(record, keys[at]) for at, record in enumerate(records)).encode("utf-8")


def bibtex_keys(records: Sequence[Record]) -> tuple[str, ...]:
    """Return one key a record: family name, year, first telling word of the title.

    Records that would share a key are numbered in the order of their ids, not of the sequence.

    Examples
    --------
    >>> a, b = (Record(id=f"9f3c12ab9f3c:{n}", raw=(), title="On lupus") for n in (5, 3))
    >>> bibtex_keys([a, b])
    ('lupus-2', 'lupus')
    """
    plain = [_plain_key(record) for record in records]
    order = sorted(range(len(records)), key=lambda at: (records[at].import12, records[at].offset))
    used: dict[str, int] = {}
    keys = list(plain)
    for at in order:
        used[plain[at]] = used.get(plain[at], 0) + 1
        if used[plain[at]] > 1:
            keys[at] = f"{plain[at]}-{used[plain[at]]}"
    return tuple(keys)


def escape_tex(text: str) -> str:
    r"""Return ``text`` so that TeX prints it as it is.

    Examples
    --------
    >>> print(escape_tex("50% of {x_1} \\ y"))
    50\% of \{x\_1\} \textbackslash{} y
    """
    return JOINED.sub(r"\1{}", " ".join(text.split()).translate(TABLE))


def _entry(record: Record, key: str) -> str:
    kind = BIBTEX_TYPES.get(record.type, "article")
    lines = [f"  {name} = {{{value}}}," for name, value in _fields(record, kind) if value]
    return "\n".join([f"@{kind}{{{key},", *lines, "}", ""])


def _fields(record: Record, kind: str) -> Iterable[tuple[str, str]]:
    title = escape_tex(record.title)
    yield "tamis_id", record.id
    yield "document_type", escape_tex(record.type)
    yield "title", f"{{{title}}}" if title else ""
    yield "author", " and ".join(_author(name) for name in record.authors)
    yield "year", "" if record.year is None else str(record.year)
    appeared = APPEARED.get(kind, "journal")
    yield appeared, escape_tex(record.journal)
    if appeared in ("institution", "howpublished"):  # read as no journal by other programs
        yield "journaltitle", escape_tex(record.journal)
    yield "volume", escape_tex(record.volume)
    yield "number", escape_tex(record.issue)
    yield "pages", re.sub(r"(?<=\w)-(?=\w)", "--", escape_tex(record.pages))
    yield "doi", escape_tex(record.doi)
    yield "pmid", record.pmid
    yield "issn", record.issn
    yield "url", escape_tex(record.urls[0] if record.urls else "")
    yield "link", escape_tex(" ".join(record.urls[1:]))
    yield "accession_number", escape_tex(record.source_id)
    yield "database", escape_tex(record.database)
    yield "language", escape_tex(record.language)
    yield (
        "keywords",
        escape_tex(
            "; ".join(record.keywords) + (";" if "," in "".join(record.keywords[:1]) else "")
        ),
    )
    yield "abstract", "\n".join(map(_line, record.abstract.split("\n")))


def _line(text: str) -> str:
    """Return a line of an abstract; one that begins with "@" would look like an entry."""
    escaped = escape_tex(text)
    return f" {escaped}" if escaped.startswith("@") else escaped


def _author(name: str) -> str:
    escaped = escape_tex(name)
    plain = name.count(",") == 1 and not re.search(r"\band\b|;", name, re.I)
    return escaped if plain else f"{{{escaped}}}"


def _plain_key(record: Record) -> str:
    family = record.authors[0].partition(",")[0] if record.authors else ""
    words = (_ascii(word) for word in record.title.split())
    word = next((word for word in words if word and word not in SMALL), "")
    year = "" if record.year is None else str(record.year)
    return f"{_ascii(family)[:30]}{year}{word[:30]}" or "record"


def _ascii(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", normalize("NFKD", text).lower())
