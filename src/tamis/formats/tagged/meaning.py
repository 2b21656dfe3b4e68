"""What the tags of RIS and PubMed files mean: tables of tags, best first, and two readings.

Sources: the RIS specification (Research Information Systems, 2001 and 2011) and the dialects of
the platforms, which differ in most of the rows below; the MEDLINE/PubMed data element descriptions
of the National Library of Medicine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import (
    clean,
    clean_abstract,
    clean_keyword,
    clean_title,
    decode_entities,
    one_of,
)
from tamis.formats.databases import database_of
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields
from tamis.formats.names import names_of, people

__all__ = ["NBIB_TAGS", "RIS_TAGS", "ByTag", "group", "read_nbib_record", "read_ris_record"]

ByTag = Mapping[str, Sequence[str]]

#: Field of a record, and the RIS tags that hold it, best first.
RIS_TAGS: Mapping[str, tuple[str, ...]] = {
    "type": ("M3", "DT", "PT", "TY"),
    "title": ("TI", "T1", "CT", "BT", "ST"),
    "authors": ("AU", "A1"),
    "year": ("PY", "DA", "Y1"),
    "full journal": ("JF", "JO"),
    "journal": ("T2", "BT", "SO", "JA", "J2", "J1", "J9", "JI"),
    "volume": ("VL", "VO"),
    "issue": ("IS", "CP"),
    "first page": ("SP", "PG", "C7", "AR"),
    "last page": ("EP",),
    "doi": ("DO", "DI"),
    "link": ("L3", "LK", "L2", "UR", "L1"),
    "issn": ("SN", "EI"),
    "abstract": ("AB", "N2"),
    "language": ("LA",),
    "keywords": ("KW", "DE"),
    "urls": ("UR",),
    "source id": ("AN", "UT"),
}

#: Field of a record, and the PubMed tags that hold it, best first.
NBIB_TAGS: Mapping[str, tuple[str, ...]] = {
    "type": ("PT",),
    "title": ("TI", "BTI", "CTI", "TT"),
    "year": ("DP", "DEP"),
    "journal": ("JT", "TA"),
    "volume": ("VI",),
    "issue": ("IP",),
    "pages": ("PG",),
    "issn": ("IS", "ISSN"),
    "abstract": ("AB", "OAB"),
    "language": ("LA",),
    "keywords": ("MH", "OT"),
    "urls": ("URLF", "URLS", "LID", "AID"),
}

#: ``OWN`` of a PubMed-format file, and the database it means.
OWNERS: Mapping[str, str] = {"ERIC": "ERIC", "PROQUEST": "ProQuest"}

#: A note holds this record's DOI only if it is nothing but a DOI; a comment names other papers'.
DOI_NOTE = re.compile(r"\s*(?:doi:? ?)?(?:https?://(?:dx\.)?doi\.org/)?10\.\d{4,9}/\S+\s*\Z", re.I)
DOI_LINK = re.compile(r"doi\.org/10\.|\bdoi[:=](?:doi:)?10(?:\.|%2e)|/doi/(?:[a-z]+/)?10\.", re.I)
OVID_MEDLINE = re.compile(r"[?&]D=(?:med|prem|pmnm|mesz)\w*&(?:[^&]*&){0,9}?AN=(\d{1,8})\b", re.I)
#: Tags that hold a PMID in the dialect of some databases and something else in others.
PMID_TAGS: Mapping[str, frozenset[str]] = {
    "AN": frozenset({"PubMed", "MEDLINE"}),
    "C5": frozenset({"Embase"}),
    "C2": frozenset({"Scopus"}),
}

#: A PMID that says what it is, in the note tags: CENTRAL (C3), Dimensions (U1), Zotero (N1).
PMID_MARKED = re.compile(
    r"\s*(?:PUBMED ?|PMID:? ?)0*([1-9]\d{0,7})\s*(?:[,;]|\Z)|\s*0*([1-9]\d{0,7}) \[PMID\]", re.I
)

#: The first words of the note in which our own RIS keeps a record's id.
OWN_NOTE = "tamis:"

#: How it keeps what PubMed's format has no tag for.
OWN_DATABASE, OWN_SOURCE_ID = "tamis-database:", "tamis-source-id:"

WORD_END = re.compile("[;\n；]")
ACCESSION = re.compile(r"Accession Number: ([\w.-]{1,40})")
SCOPUS_ID = re.compile(r"eid=(2-s2\.0-\d+)")


def group(raw: Fields) -> dict[str, list[str]]:
    """Return the raw values by tag, each in file order.

    Examples
    --------
    >>> group((("KW", "a"), ("KW", "b")))
    {'KW': ['a', 'b']}
    """
    by_tag: dict[str, list[str]] = {}
    for tag, value in raw:
        by_tag.setdefault(tag, []).append(value)
    return by_tag


def read_ris_record(record_id: str, raw: Fields, database: str) -> Record:
    """Read one RIS record.

    Parameters
    ----------
    record_id
        The id the record is to have.
    raw
        Its fields in file order.
    database
        What the file says about its source outside the records; used if the record says nothing.

    Examples
    --------
    >>> raw = (("TY", "JOUR"), ("A1", "Sun,L."), ("T1", "A title."), ("Y1", "2009//"),
    ...        ("SP", "1436"), ("EP", "9"), ("L3", "10.1000/ABC"), ("DP", "EBSCOhost"))
    >>> record = read_ris_record("9f3c12ab9f3c:0", raw, "")
    >>> record.authors, record.title, record.year, record.pages, record.doi, record.database
    (('Sun, L.',), 'A title', 2009, '1436-1439', '10.1000/abc', 'EBSCOhost')
    """
    by = group(raw)
    ours = any(note.startswith(OWN_NOTE) for note in by.get("N1", ()))
    own = (one_of(by.get("DB", ())) if ours else database_of(by)) or database
    return Record(
        id=record_id,
        raw=raw,
        source_id=_first(by, ("AN", "ID")) if ours else _ris_source_id(by),
        database=own,
        type=kind_of(_values(by, RIS_TAGS["type"])),
        title=_title(by, RIS_TAGS["title"]),
        authors=people(_ris_authors(raw, by)),
        year=fields.year(_values(by, RIS_TAGS["year"])),
        journal=_ris_journal(by),
        volume=fields.volume(_first(by, RIS_TAGS["volume"])),
        issue=fields.issue(_first(by, RIS_TAGS["issue"])),
        pages=fields.page_span(
            _first(by, RIS_TAGS["first page"]), _first(by, RIS_TAGS["last page"])
        ),
        doi=_ris_doi(by),
        pmid=_ris_pmid(by, own, ("C5",) if ours else ()),
        issn=fields.issn(_values(by, RIS_TAGS["issn"])),
        abstract=_abstract(_values(by, RIS_TAGS["abstract"])),
        language=_first(by, RIS_TAGS["language"]),
        keywords=_keywords(_values(by, RIS_TAGS["keywords"])),
        urls=fields.urls(_values(by, RIS_TAGS["urls"])),
    )


def read_nbib_record(record_id: str, raw: Fields, database: str) -> Record:
    r"""Read one record in PubMed format; the parameters are those of :func:`read_ris_record`.

    Examples
    --------
    >>> raw = (("PMID", "123"), ("OWN", "NLM"), ("TI", "A wrapped\n      title."),
    ...        ("FAU", "Mouse, Mickey"), ("AU", "Mouse M"), ("LID", "10.1000/abc [doi]"))
    >>> record = read_nbib_record("9f3c12ab9f3c:0", raw, "")
    >>> record.title, record.authors, record.doi, record.pmid, record.database
    ('A wrapped title', ('Mouse, Mickey',), '10.1000/abc', '123', 'PubMed')
    """
    by = {tag: [value.replace("\n", " ") for value in held] for tag, held in group(raw).items()}
    full, short = by.get("FAU", []), by.get("AU", [])
    pmid = fields.pmid(by["PMID"][0]) if "PMID" in by else ""
    owner = one_of(by.get("OWN", ()))
    ours = _own_notes(by)
    known = "PubMed" if pmid and (ours is None or owner.upper() == "NLM") else ""
    ours = ours or {}
    return Record(
        id=record_id,
        raw=raw,
        source_id=ours.get(OWN_SOURCE_ID) or pmid or _first(by, ("OID",)),
        database=database or ours.get(OWN_DATABASE) or OWNERS.get(owner.upper(), known),
        type=kind_of(_values(by, NBIB_TAGS["type"])),
        title=_title(by, NBIB_TAGS["title"]),
        authors=names_of([*(full if len(full) >= len(short) else short), *by.get("CN", ())]),
        year=fields.year(_values(by, NBIB_TAGS["year"])),
        journal=_first(by, NBIB_TAGS["journal"]),
        volume=fields.volume(_first(by, NBIB_TAGS["volume"])),
        issue=fields.issue(_first(by, NBIB_TAGS["issue"])),
        pages=fields.pages(_first(by, NBIB_TAGS["pages"])),
        doi=_nbib_doi(by),
        pmid=pmid,
        issn=fields.issn(_values(by, NBIB_TAGS["issn"])),
        abstract=_abstract(_values(by, NBIB_TAGS["abstract"])),
        language=_first(by, NBIB_TAGS["language"]),
        keywords=_keywords(_values(by, NBIB_TAGS["keywords"])),
        urls=fields.urls(_values(by, NBIB_TAGS["urls"])),
    )


def _own_notes(by: ByTag) -> dict[str, str] | None:
    """Return what the notes of our own file say beside the tags; ``None``: it is no such file."""
    notes = by.get("GN", ())
    if not any(note.startswith(OWN_NOTE) for note in notes):
        return None
    return {
        mark: note.removeprefix(mark).strip()
        for note in notes
        for mark in (OWN_DATABASE, OWN_SOURCE_ID)
        if note.startswith(mark)
    }


def _values(by: ByTag, tags: Iterable[str]) -> list[str]:
    return [value for tag in tags if tag in by for value in by[tag]]


def _first(by: ByTag, tags: Iterable[str]) -> str:
    for tag in tags:
        if tag in by:
            found = one_of(by[tag])
            if found:
                return found
    return ""


def _title(by: ByTag, tags: Iterable[str]) -> str:
    return clean_title(_first(by, tags))


def _abstract(values: Iterable[str]) -> str:
    return next((found for found in map(clean_abstract, values) if found), "")


def _keywords(values: Iterable[str]) -> tuple[str, ...]:
    words = (
        clean_keyword(word) for value in values for word in WORD_END.split(decode_entities(value))
    )
    return tuple(dict.fromkeys(word for word in words if word))


def _ris_authors(raw: Fields, by: ByTag) -> list[str]:
    """Return author fields in file order; a second list that only repeats the first is left out."""
    main, second = RIS_TAGS["authors"]
    if set(by.get(second, ())) <= set(by.get(main, ())):
        return list(by.get(main, ()))
    return [value for tag, value in raw if tag in (main, second)]


def _ris_journal(by: ByTag) -> str:
    full = [clean(value) for value in _values(by, RIS_TAGS["full journal"])]
    return max(full, key=len, default="") or _first(by, RIS_TAGS["journal"])


def _ris_source_id(by: ByTag) -> str:
    stated = _first(by, RIS_TAGS["source id"])
    if stated:
        return stated
    for value in by.get("U2", ()):
        if re.match(r"L\d+\s*\Z", value):
            return value.strip()
    for value in by.get("UR", ()):
        found = SCOPUS_ID.search(value)
        if found:
            return found[1]
    for value in by.get("N1", ()):
        found = ACCESSION.match(value)
        if found:
            return found[1]
    return one_of(by.get("ID", ()))


def _ris_doi(by: ByTag) -> str:
    named = (fields.doi(value) for value in _values(by, RIS_TAGS["doi"]))
    links = (
        fields.doi(value)
        for value in _values(by, RIS_TAGS["link"])
        if DOI_NOTE.match(value) or DOI_LINK.search(value)
    )
    notes = (fields.doi(v) for v in _values(by, ("M3", "N1", "ID")) if DOI_NOTE.match(v))
    return next((found for part in (named, links, notes) for found in part if found), "")


def _ris_pmid(by: ByTag, database: str, also: Sequence[str]) -> str:
    dialect = [tag for tag, held in PMID_TAGS.items() if database in held]
    plain = [fields.pmid(value) for value in _values(by, ("PMID", *dialect, *also))]
    notes = map(PMID_MARKED.match, _values(by, ("C3", "N1", "U1")))
    marked = [found[1] or found[2] for found in notes if found]
    links = _values(by, ("L2", "UR"))
    linked = [found[1] for found in map(OVID_MEDLINE.search, links) if found]
    linked += [fields.pmid(value) for value in links if "ncbi.nlm.nih.gov" in value]
    return next((found for found in (*plain, *marked, *linked) if found), "")


def _nbib_doi(by: ByTag) -> str:
    ids = [*by.get("LID", ()), *by.get("AID", ())]
    named = (fields.doi(v) for v in ids if "[doi]" in v or DOI_LINK.search(v))
    cited = (fields.doi(v.partition("doi:")[2]) for v in by.get("SO", ()) if "doi:" in v)
    return next((found for part in (named, cited) for found in part if found), "")
