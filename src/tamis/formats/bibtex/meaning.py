"""What the fields of BibTeX and BibLaTeX mean, in the dialects of the databases that write it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.bibtex.entries import CROSSREF, MACRO
from tamis.formats.bibtex.latex import plain
from tamis.formats.cleaning import clean_abstract, clean_keyword, clean_title, one_of
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields
from tamis.formats.names import names_of

__all__ = ["FIELDS", "read_bibtex"]

#: Field of a record, and the fields of an entry that hold it, best first.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title", "maintitle", "booktitle"),
    "authors": ("author", "authors", "editor"),
    "year": ("year", "date", "publicationyear", "issued"),
    "journal": ("journal", "journaltitle", "fjournal", "booktitle", "series"),
    "volume": ("volume",),
    "issue": ("number", "issue"),
    "pages": ("pages", "page", "article-number", "articleno", "eid", "art_number"),
    "doi": ("doi", "url", "link", "note", "eprint"),
    "pmid": ("pmid", "pubmedid", "pubmed_id", "note"),
    "issn": ("issn", "eissn", "isbn"),
    "abstract": ("abstract", "summary"),
    "language": ("language", "langid"),
    "keywords": ("keywords", "keyword", "author_keywords", "keywords-plus", "keywords_plus",
                 "mesh", "subject"),
    "urls": ("url", "link", "bdsk-url-1"),
    "source id": ("unique-id", "accession_number", "accession-number", "an"),
    "database": ("source", "database", "databasename"),
    "type": ("document_type", "type", "publication_type", "entrysubtype"),
}  # fmt: skip

#: Kind of entry → the word for it that kinds know.
ENTRIES: Mapping[str, str] = {
    "article": "article", "conference": "inproceedings", "inproceedings": "inproceedings",
    "proceedings": "inproceedings", "inbook": "incollection", "incollection": "incollection",
    "phdthesis": "thesis", "mastersthesis": "thesis", "thesis": "thesis", "techreport": "report",
    "report": "report", "book": "book", "collection": "book", "mvbook": "book",
    "dataset": "dataset", "misc": "other", "online": "web", "unpublished": "unpb",
    "electronic": "web", "booklet": "book", "manual": "other",
}  # fmt: skip

#: What shows a database: field, pattern, name.
MARKS: tuple[tuple[str, re.Pattern[str], str], ...] = (
    ("unique-id", re.compile(r"(?:WOS|ISI):", re.I), "Web of Science"),
    ("source", re.compile(r"^Scopus", re.I), "Scopus"),
    ("url", re.compile(r"scopus\.com", re.I), "Scopus"),
    ("bibsource", re.compile(r"dblp", re.I), "DBLP"),
    ("url", re.compile(r"proquest\.com", re.I), "ProQuest"),
    ("url", re.compile(r"ebscohost\.com", re.I), "EBSCOhost"),
)

PMID = re.compile(r"\bPMID:? ?(\d{1,8})\b", re.I)
AND = re.compile(r"\s+and\s+", re.I)
BRACES = re.compile(r"\\.|[{}]", re.DOTALL)
PIECE = re.compile(r'\{|"|[^\s#{}"]+')


def read_bibtex(record_id: str, raw: Fields, database: str) -> Record:
    r"""Read one record; the parameters are those of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("@article", "k"), ("title", "{The {DNA} of a sieve}"), ("year", "2020"),
    ...        ("author", "{Mouse, M. and van der Berg, A. and Donald Duck and {A, B Group}}"))
    >>> record = read_bibtex("9f3c12ab9f3c:0", raw, "")
    >>> record.title, record.authors[1:]
    ('The DNA of a sieve', ('van der Berg, A.', 'Duck, Donald', 'A, B Group'))
    """
    held = _held(raw)

    def values(field: str) -> list[str]:
        return [plain(value) for name in FIELDS[field] for value in held.get(name, ())]

    def first(field: str) -> str:
        return one_of(values(field))

    kind = raw[0][0].removeprefix("@") if raw else ""
    title = first("title")
    subtitle = one_of(map(plain, held.get("subtitle", ())))
    own = _database(held) or one_of(values("database")) or database
    pmids = (fields.pmid(value.removeprefix("P")) for value in values("pmid"))
    noted = (found[1] for found in map(PMID.search, values("pmid")) if found)
    return Record(
        id=record_id,
        raw=raw,
        source_id=first("source id"),
        database=own,
        type=kind_of([*values("type"), ENTRIES.get(kind, kind)]),
        title=clean_title(f"{title}: {subtitle}" if title and subtitle else title),
        authors=names_of(_people(held)),
        year=fields.year(values("year")),
        journal=_journal(held, kind),
        volume=fields.volume(first("volume")),
        issue=fields.issue(first("issue")),
        pages=fields.pages(first("pages")),
        doi=next(filter(None, map(fields.told_doi, values("doi"))), ""),
        pmid=next(filter(None, (*pmids, *noted)), ""),
        issn=fields.issn(values("issn")),
        abstract=next(filter(None, map(clean_abstract, values("abstract"))), ""),
        language=first("language"),
        keywords=_keywords(values("keywords")),
        urls=fields.urls(values("urls")),
    )


def _held(raw: Fields) -> dict[str, list[str]]:
    """Return values by name in small letters, macros put in, delimiters taken off."""
    macros = {name.removeprefix(MACRO): value for name, value in raw if name.startswith(MACRO)}
    held: dict[str, list[str]] = {}
    for name, value in raw[1:]:
        if name.startswith(MACRO):
            continue
        bare = name.removeprefix(CROSSREF).lower()
        if name.startswith(CROSSREF) and bare == "title":
            bare = "booktitle"
        if name.startswith(CROSSREF) and bare in held:
            continue
        held.setdefault(bare.replace(" ", "_"), []).append(_joined(value, macros))
    return held


def _joined(value: str, macros: Mapping[str, str], depth: int = 0) -> str:
    """Return what an expression of ``{…}``, ``"…"``, numbers and macros stands for."""
    if value[:1] == "{" and value[-1:] == "}" and _is_one(value):
        return value[1:-1]
    if value[:1] == '"' and value[-1:] == '"' and value.count('"') == 2:
        return value[1:-1]
    parts = []
    for piece in _pieces(value):
        if piece[:1] in '{"':
            parts.append(piece[1:-1] if len(piece) > 1 and piece[-1] in '}"' else piece[1:])
        else:
            known = macros.get(piece.lower())
            deep = known is not None and depth < 5
            parts.append(_joined(known, macros, depth + 1) if known and deep else piece)
    return "".join(parts)


def _is_one(value: str) -> bool:
    """Tell whether the brace that opens a value closes at its end."""
    if value.find("{", 1) < 0 and value.find("}") == len(value) - 1:
        return True
    depth = 0
    for found in BRACES.finditer(value):
        depth += {"{": 1, "}": -1}.get(found[0], 0)
        if depth == 0 and found.end() < len(value):
            return False
    return True


def _pieces(value: str) -> Iterable[str]:
    position = 0
    while (found := PIECE.search(value, position)) is not None:
        start, end = found.start(), found.end()
        if found[0] in '{"':
            depth, closing = 0, "}" if found[0] == "{" else '"'
            for end in range(start + 1, len(value) + 1):
                char = value[end : end + 1]
                if depth == 0 and char == closing:
                    break
                depth += {"{": 1, "}": -1}.get(char, 0)
            end += 1
        yield value[start:end]
        position = max(end, position + 1)


def _people(held: Mapping[str, list[str]]) -> list[str]:
    for name in FIELDS["authors"]:
        found = [one for value in held.get(name, ()) for one in _split(value)]
        if found:
            return [_name(one) for one in found]
    return []


def _split(value: str) -> list[str]:
    """Split a list of names at ``and`` outside braces; some databases write ``;`` instead."""
    names, depth, start = [], 0, 0
    value = " ".join(value.split())
    for found in re.finditer(r"[{}]|(?<=\s)and(?=\s)|;", value, re.I):
        if found[0] in "{}":
            depth += 1 if found[0] == "{" else -1
        elif depth <= 0:
            names.append(value[start : found.start()])
            start = found.end()
    return [name.strip(" ,") for name in (*names, value[start:]) if name.strip(" ,")]


def _name(name: str) -> str:
    """Return ``Family, Given``; a name in braces is that of a group and stays."""
    if name.startswith("{") and _is_one(name):
        return plain(name).replace(";", ",")
    if "," in name:
        parts = [plain(part).strip() for part in name.split(",")]
        if len(parts) > 2:
            return f"{parts[0]}, {parts[2]} {parts[1]}"
        return ", ".join(parts)
    words = _words(name)
    if len(words) < 2:
        return plain(name)
    small = next((at for at, w in enumerate(words[:-1]) if at and w[:1].islower()), len(words) - 1)
    return f"{plain(' '.join(words[small:]))}, {plain(' '.join(words[:small]))}"


def _words(name: str) -> list[str]:
    """Return the words of a name; what stands in braces is one."""
    words, depth, start = [], 0, 0
    for at, char in enumerate(name):
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char in " ~" and depth <= 0:
            words.append(name[start:at])
            start = at + 1
    return [word for word in (*words, name[start:]) if word]


def _journal(held: Mapping[str, list[str]], kind: str) -> str:
    own = one_of(plain(v) for name in FIELDS["journal"] for v in held.get(name, ()))
    return "" if kind in ("book", "phdthesis", "mastersthesis") else own


def _database(held: Mapping[str, list[str]]) -> str:
    for name, pattern, database in MARKS:
        if any(pattern.search(value) for value in held.get(name, ())):
            return database
    return ""


def _keywords(values: Iterable[str]) -> tuple[str, ...]:
    words = (clean_keyword(word) for value in values for word in _cut_words(value))
    return tuple(dict.fromkeys(word for word in words if word))


def _cut_words(value: str) -> list[str]:
    """Cut at semicolons and lines, else at commas; one between digits is no end: 1,2-ethanediol."""
    if ";" in value:
        return re.split(r"[;\n]", value)
    spaced = re.split(r"\n|,(?=\s)", value)
    return spaced if len(spaced) > 1 else re.split(r"(?<!\d),|,(?!\d)", value)
