"""CSL-JSON and Zotero's JSON: arrays of items, read one by one.

Source: the Citation Style Language schema 1.0.2; Zotero's item fields. An item's id is its place in
the file, counted from 1, because a program that writes JSON may lay it out anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tamis.domain.errors import BadInput, Place
from tamis.domain.records import Record, RefusedPart
from tamis.formats import fields
from tamis.formats.cleaning import clean_abstract, clean_keyword, clean_title, one_of
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields, Lexed, RawRecord, refuse, repair
from tamis.formats.names import names_of
from tamis.formats.tagged.meaning import OWN_NOTE

__all__ = ["FIELDS", "TYPES", "lex_csl", "mark_csl", "read_csl"]

#: Field of a record, and the keys that hold it, CSL's before Zotero's.
FIELDS: Mapping[str, tuple[str, ...]] = {
    "title": ("title",),
    "journal": ("container-title", "publicationTitle", "bookTitle", "proceedingsTitle",
                "container-title-short", "journalAbbreviation"),
    "volume": ("volume",),
    "issue": ("issue",),
    "pages": ("page", "pages", "number"),
    "doi": ("DOI", "doi", "URL", "url", "note", "extra"),
    "pmid": ("PMID", "pmid", "note", "extra"),
    "issn": ("ISSN", "issn"),
    "abstract": ("abstract", "abstractNote"),
    "language": ("language",),
    "keywords": ("keyword", "keywords", "categories", "tags"),
    "urls": ("URL", "url"),
    "source id": ("custom.source-id", "id", "citation-key", "key"),
    "database": ("source", "libraryCatalog", "archive"),
    "type": ("genre", "type", "itemType"),
}  # fmt: skip

#: Types of CSL and Zotero that kinds call otherwise.
TYPES: Mapping[str, str] = {
    "article-journal": "journal article", "article": "preprint", "paper-conference": "conf",
    "conferencePaper": "conf", "chapter": "book chapter", "bookSection": "book chapter",
    "article-magazine": "mgzn", "magazineArticle": "mgzn", "article-newspaper": "news",
    "newspaperArticle": "news", "webpage": "web", "post-weblog": "blog", "patent": "pat",
    "journalArticle": "journal article", "manuscript": "unpb",
}  # fmt: skip

MARK = re.compile(r'\A[\ufeff\s]*[\[{]\s*(?:\{\s*)?(?:"[^"\\]{0,60}"\s*:|[\]}]|\[|\{)')
KNOWN = re.compile(r'"(?:title|itemType|container-title|DOI)"\s*:')
OPENING = re.compile(r'"(?:items|references|records)"\s*:\s*\[')
NEXT_ITEM = re.compile(r"\}\s*,\s*(?=\{)")
#: Keys that an item has and a part of one (a name, a date) has not.
CITING = frozenset({"title", "type", "itemType", "DOI", "data"})
SPACE = re.compile(r"[\s,]*")
PMID = re.compile(r"\A\s*\d{1,8}\s*\Z|\bPMID:? ?(\d{1,8})\b", re.I)
PERSON = re.compile(r"(author|editor|creators)\[(\d+)\]\.(.+)")
FIRST_ROLES = ("author", "inventor", "presenter", "programmer", "")

#: Half of a character, which no file can hold; JSON can write it.
HALF = re.compile("[\ud800-\udfff]")
WORD = re.compile(r"\w")


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return an object; a key that stands again is kept under a number."""
    held: dict[str, Any] = {}
    for key, value in pairs:
        place = key
        while place in held:
            place = f"{key}[{len(held)}]"
        held[place] = value
    return held


DECODER = json.JSONDecoder(
    parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_object
)


def mark_csl(text: str) -> int | None:
    """Return where the items begin, or ``None``.

    Examples
    --------
    >>> mark_csl('[{"title": "A", "type": "book"}]'), mark_csl('{"a": 1}'), mark_csl("[1] prose")
    (0, None, None)
    """
    if MARK.match(text) is None or KNOWN.search(text, 0, 200_000) is None:
        return None
    return len(text) - len(text.lstrip("\ufeff \t\r\n"))


def lex_csl(text: str) -> Lexed:
    """Cut ``text`` into records; their fields are the paths of the item's values, in order.

    Raises
    ------
    BadInput
        When nothing of it can be read.

    Examples
    --------
    >>> lex_csl('[{"title": "A", "author": [{"family": "B"}]}]').records[0].fields
    (('title', 'A'), ('author[0].family', 'B'))
    """
    records: list[RawRecord] = []
    refused: list[RefusedPart] = []
    line, counted = 1, 0
    begin = _beginning(text)
    for number, (start, item, broken) in enumerate(_items(text, begin), 1):
        line += text.count("\n", counted, start)
        counted = start
        said = broken
        try:
            if isinstance(item, dict):
                records.append(RawRecord(number, line, tuple(_paths(item, ""))))
            else:
                said = said or json.dumps(item, ensure_ascii=False)
        except RecursionError:  # deeper than it could be parsed, by a few levels
            said = text[start:]
        if said:
            refused.append(refuse(line, "no-item", " ".join(said.split())))
    if refused and not records:
        raise BadInput(
            "the JSON is broken or holds no items", "export the citations again",
            where=Place(file="", line=refused[0].line),
        )  # fmt: skip
    if WORD.search(text, 0, begin):
        refused.insert(0, refuse(1, "export-furniture", " ".join(text[:begin].split())))
    cut = text[:begin].rstrip().endswith("[") and not text.rstrip().endswith(_ends(text))
    return Lexed(
        records=tuple(records),
        repaired=(repair(line, "cut-off", line),) if cut else (),
        refused=tuple(refused),
        numbered=True,
    )


def _ends(text: str) -> str:
    """Return the sign with which a file ends that begins as this one."""
    return "]" if text.lstrip("\ufeff \t\r\n").startswith("[") else "}"


def read_csl(record_id: str, raw: Fields, database: str) -> Record:
    """Read one record; the parameters are those of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("type", "article-journal"), ("title", "A title"), ("author[0].family", "Mouse"),
    ...        ("author[0].given", "Minnie"), ("issued.date-parts[0][0]", "2020"))
    >>> record = read_csl("9f3c12ab9f3c:1", raw, "")
    >>> record.authors, record.year, record.type
    (('Mouse, Minnie',), 2020, 'journal article')
    """
    by: dict[str, list[str]] = {}
    told = _unwrapped(raw)
    for path, value in told:
        by.setdefault(re.sub(r"\[\d+\](?:\.tag)?\Z", "", path), []).append(value)

    def values(field: str) -> list[str]:
        return [value for key in FIELDS[field] for value in by.get(key, ())]

    def first(field: str) -> str:
        return one_of(values(field))

    pmids = (found[1] or found[0] for found in map(PMID.search, values("pmid")) if found)
    words = (part for value in values("keywords") for part in re.split("[;\n]", value))
    return Record(
        id=record_id,
        raw=raw,
        source_id=one_of(one for one in values("source id") if not one.startswith(OWN_NOTE)),
        database=first("database") or database,
        type=kind_of(TYPES.get(word, word) for word in values("type")),
        title=clean_title(first("title")),
        authors=names_of(_people(told)),
        year=fields.year(_dates(told)),
        journal=first("journal"),
        volume=fields.volume(first("volume")),
        issue=fields.issue(first("issue")),
        pages=fields.pages(first("pages")),
        doi=next(filter(None, map(fields.told_doi, values("doi"))), ""),
        pmid=next(filter(None, map(fields.pmid, pmids)), ""),
        issn=fields.issn(values("issn")),
        abstract=next(filter(None, map(clean_abstract, values("abstract"))), ""),
        language=first("language"),
        keywords=tuple(dict.fromkeys(filter(None, map(clean_keyword, words)))),
        urls=fields.urls(values("urls")),
    )


def _beginning(text: str) -> int:
    """Return where the first item begins: in an array, in an object that holds one, or alone."""
    position = len(text) - len(text.lstrip("\ufeff \t\r\n"))
    inner = OPENING.search(text) if text.startswith("{", position) else None
    if inner is not None and KNOWN.search(text, 0, inner.start()) is None:
        return inner.end()
    return position + text.startswith("[", position)


def _items(text: str, position: int) -> Iterator[tuple[int, Any, str]]:
    """Yield where each item begins and the item; what cannot be read is yielded as it stands."""
    while True:
        found = SPACE.match(text, position)
        position = found.end() if found else position
        if position >= len(text) or text[position] in "]}":
            if WORD.search(text, position):
                yield position, None, text[position:]
            return
        try:
            item, end = DECODER.raw_decode(text, position)
            yield from ((position, one, "") for one in _by_id(item))
        except (json.JSONDecodeError, RecursionError):
            end = _next_item(text, position)
            yield position, None, text[position:end]
        position = end


def _by_id(item: Any) -> list[Any]:
    """Return the items of an object that holds them by their ids, else the item alone."""
    if not isinstance(item, dict) or not item or not CITING.isdisjoint(item):
        return [item]
    if not all(isinstance(one, dict) and not CITING.isdisjoint(one) for one in item.values()):
        return [item]
    return [one if one.get("id") == key else {"key": key, **one} for key, one in item.items()]


def _next_item(text: str, position: int) -> int:
    """Return where the next item begins behind one that is broken: an object that cites."""
    for found in NEXT_ITEM.finditer(text, position):
        try:
            item, _ = DECODER.raw_decode(text, found.end())
        except (json.JSONDecodeError, RecursionError):
            continue
        if isinstance(item, dict) and not CITING.isdisjoint(item):
            return found.end()
    return len(text)


def _paths(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, held in value.items():
            name = HALF.sub("\ufffd", key)
            yield from _paths(held, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for at, held in enumerate(value):
            yield from _paths(held, f"{path}[{at}]")
    elif value is not None:
        yield path, HALF.sub("\ufffd", value) if isinstance(value, str) else json.dumps(value)


def _unwrapped(raw: Fields) -> Fields:
    """Return fields as an item has them; Zotero's server puts the item into ``data``."""
    if all(path != "data.itemType" for path, _ in raw):
        return raw
    return tuple((path.removeprefix("data."), value) for path, value in raw)


def _dates(raw: Fields) -> list[str]:
    keys = ("issued.date-parts[0][0]", "issued.literal", "issued.raw", "issued.year", "issued",
            "date", "year", "published.date-parts[0][0]")  # fmt: skip
    held = dict(reversed(raw))
    return [held[key] for key in keys if key in held]


def _people(raw: Fields) -> list[str]:
    """Return authors, else editors; Zotero's creators by their roles."""
    parts: dict[tuple[str, int], dict[str, str]] = {}
    for path, value in raw:
        found = PERSON.fullmatch(path)
        if found:
            parts.setdefault((found[1], int(found[2])), {})[found[3]] = value
    groups: dict[str, list[str]] = {"author": [], "editor": []}
    for (kind, _), held in parts.items():
        role = held.get("creatorType", "") if kind == "creators" else kind
        groups["author" if role in FIRST_ROLES else "editor"].append(_name(held))
    return groups["author"] or groups["editor"]


def _name(held: Mapping[str, str]) -> str:
    family = held.get("family") or held.get("lastName", "")
    given = held.get("given") or held.get("firstName", "")
    if not family:
        return (held.get("literal") or held.get("name") or given).replace(";", ",")
    particle = held.get("non-dropping-particle") or held.get("dropping-particle", "")
    whole = f"{particle} {family}".strip()
    suffix = held.get("suffix", "")
    return f"{whole}, {given} {suffix}".strip(" ,") if given or suffix else whole
