"""MODS: the records of library catalogues and repositories, with any prefix of the namespace.

Source: the Metadata Object Description Schema, version 3 (Library of Congress).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import clean, clean_abstract, clean_keyword, clean_title, one_of
from tamis.formats.kinds import kind_of
from tamis.formats.lexed import Fields, Lexed
from tamis.formats.markup.elements import Shape, lex_elements, mark_elements
from tamis.formats.names import names_of

__all__ = ["lex_mods", "mark_mods", "read_mods"]

SHAPE = Shape(
    records=("mods",),
    prefixed=True,
    groups=frozenset({"name", "titleInfo", "relatedItem", "part", "detail", "extent", "subject"}),
)
ROOT = re.compile(r"<(?:[\w.-]+:)?(?:mods|modsCollection)\b")

#: Roles that make a name an author; a name without a role is one too.
AUTHORS = frozenset(
    {
        "author",
        "aut",
        "creator",
        "cre",
        "artist",
        "art",
        "cartographer",
        "ctg",
        "composer",
        "cmp",
        "performer",
        "prf",
        "programmer",
        "prg",
        "interviewee",
        "ive",
        "correspondent",
        "crp",
        "inventor",
        "inv",
        "dissertant",
        "dis",
        "photographer",
        "pht",
    }
)
EDITORS = frozenset(["editor", "edt", "compiler", "com"])

#: Behind the path of a date that is written for machines.
CODED = "@coded"
ATTRIBUTE = re.compile(r"@([\w.-]+)=([^@]*)")


def mark_mods(text: str) -> int | None:
    """Return where the first record stands, or ``None``.

    Examples
    --------
    >>> mark_mods('<m:mods xmlns:m="http://www.loc.gov/mods/v3"/>'), mark_mods("<xml/>")
    (0, None)
    """
    return mark_elements(text, SHAPE, ROOT)


def lex_mods(text: str, line: int = 1) -> Lexed:
    """Cut ``text`` into records.

    Examples
    --------
    >>> lex_mods("<mods><titleInfo><title>A</title></titleInfo></mods>").records[0].fields
    (('titleInfo', ''), ('titleInfo/title', 'A'))
    """
    return lex_elements(text, SHAPE, line)


@dataclass(slots=True)
class _Name:
    parts: dict[str, list[str]] = field(default_factory=dict)
    roles: list[str] = field(default_factory=list)

    def printed(self) -> str:
        plain = self.parts.get("", [])
        family, given = self.parts.get("family", []), self.parts.get("given", [])
        if family:
            return f"{' '.join(family)}, {' '.join(given)}" if given else " ".join(family)
        return " ".join([*plain, *given])

    def is_one_of(self, roles: frozenset[str]) -> bool:
        return any(clean(role).lower().rstrip(".") in roles for role in self.roles)


@dataclass(slots=True)
class _Found:
    """What a record says: names, title pieces and other values, those of its host apart."""

    names: list[_Name] = field(default_factory=list)
    titles: list[dict[str, str]] = field(default_factory=list)
    values: dict[str, list[str]] = field(default_factory=dict)

    def all(self, *paths: str) -> list[str]:
        return [value for path in paths for value in self.values.get(path, ())]

    def title(self, *, parts: bool = True) -> str:
        for pieces in self.titles:
            if pieces.get("type", "") in ("", "uniform") and pieces.get("title"):
                title = " ".join(filter(None, (pieces.get("nonSort", ""), pieces["title"])))
                title = ": ".join(filter(None, (title.rstrip(" :"), pieces.get("subTitle", ""))))
                part = (pieces.get("partNumber", ""), pieces.get("partName", ""))
                named = ": ".join(filter(None, part)) if parts else ""
                return f"{title.rstrip(' .')}. {named}" if named else title
        return ""


def read_mods(record_id: str, raw: Fields, database: str) -> Record:
    """Read one record; the parameters are those of ``read_ris_record``.

    Examples
    --------
    >>> raw = (("titleInfo", ""), ("titleInfo/nonSort", "The"), ("titleInfo/title", "sieve"),
    ...        ("name@type=personal", ""), ("name/namePart", "Mouse, Minnie"))
    >>> record = read_mods("9f3c12ab9f3c:0", raw, "")
    >>> record.title, record.authors
    ('The sieve', ('Mouse, Minnie',))
    """
    own, host = _parted(raw)
    part = host if any(_numbers(host)) else own
    volume, issue, extent = _numbers(part)
    authors = [n for n in own.names if not n.roles or n.is_one_of(AUTHORS)]
    editors = [n for n in own.names if n.is_one_of(EDITORS)]
    return Record(
        id=record_id,
        raw=raw,
        source_id=one_of(own.all("recordInfo/recordIdentifier")),
        database=database,
        type=_kind(own, host),
        title=clean_title(own.title()),
        authors=names_of(name.printed().replace(";", ",") for name in authors or editors),
        year=fields.year(_dates(own, host)),
        journal=clean(host.title(parts=False)),
        volume=fields.volume(volume),
        issue=fields.issue(issue),
        pages=extent,
        doi=next(filter(None, map(fields.doi, own.all("identifier@doi", "identifier@uri"))), ""),
        issn=fields.issn([*own.all("identifier@issn"), *host.all("identifier@issn")]),
        abstract=next(filter(None, map(clean_abstract, own.all("abstract"))), ""),
        language=one_of(own.all("language/languageTerm")),
        keywords=tuple(dict.fromkeys(filter(None, map(clean_keyword, own.all("subject/topic"))))),
        urls=fields.urls(own.all("location/url", "identifier@uri")),
    )


def _kind(own: _Found, host: _Found) -> str:
    kind = kind_of(own.all("genre"))
    if kind:
        return kind
    issued = own.all("originInfo/issuance")
    if host.all("identifier@issn") or "continuing" in host.all("originInfo/issuance"):
        return "journal article"
    if host.title():
        return "book chapter"
    return "book" if "monographic" in issued else "other"


def _dates(own: _Found, host: _Found) -> Iterable[str]:
    """Return dates, best first; of one kind, one written for machines before one as printed."""
    issued = ("part/date", f"originInfo/dateIssued{CODED}", "originInfo/dateIssued")
    more = ("copyrightDate", "dateCreated", "dateOther")
    lesser = [f"originInfo/{kind}{coded}" for kind in more for coded in (CODED, "")]
    return [*own.all(*issued), *host.all(*issued, *lesser[:2]), *own.all(*lesser)]


def _coded(attributes: Mapping[str, str]) -> bool:
    coded = "encoding" in attributes or attributes.get("keyDate") == "yes"
    return coded and attributes.get("point") != "end"


def _numbers(found: _Found) -> tuple[str, str, str]:
    """Return volume, issue and pages of a part."""
    volume = one_of(found.all("part/volume"))
    issue = one_of(found.all("part/issue", "part/number"))
    span = fields.page_span(one_of(found.all("part/start")), one_of(found.all("part/end")))
    pages = span or fields.pages(one_of(found.all("part/list")))
    return volume, issue, pages


def _parted(raw: Fields) -> tuple[_Found, _Found]:
    """Tell a record's own values from those of the journal or book that holds it."""
    own, host, other = _Found(), _Found(), _Found()
    into, detail = own, ""
    for told, value in raw:
        path, _, rest = told.partition("@")
        attributes = dict(ATTRIBUTE.findall(f"@{rest}"))
        if path == "relatedItem":
            into = host if attributes.get("type") == "host" else other
            continue
        inside = path.startswith("relatedItem/")
        at = into if inside else own
        bare = path.removeprefix("relatedItem/")
        if bare.startswith("originInfo/") and _coded(attributes):
            bare += CODED
        if bare == "part/detail":
            detail = attributes.get("type", "")
        for kept, text in _values(at, bare, attributes, value, detail):
            at.values.setdefault(kept, []).append(text)
    return own, host


def _values(
    at: _Found, path: str, attributes: Mapping[str, str], value: str, detail: str
) -> Iterator[tuple[str, str]]:
    """Put names and titles together; yield everything else by a plain path."""
    kind = attributes.get("type", "")
    if path == "name":
        at.names.append(_Name())
    elif path == "name/namePart" and at.names:
        at.names[-1].parts.setdefault(
            kind if kind in ("family", "given", "date", "termsOfAddress") else "", []
        ).append(clean(value))
    elif path == "name/role/roleTerm" and at.names:
        at.names[-1].roles.append(value)
    elif path == "titleInfo":
        at.titles.append({"type": kind})
    elif path.startswith("titleInfo/") and at.titles:
        at.titles[-1].setdefault(path.rpartition("/")[2], clean(value))
    elif path == "identifier":
        yield f"identifier@{kind}", value
    elif path == "part/detail/number":
        yield f"part/{detail or 'number'}", value
    elif path.startswith("part/extent/"):
        yield f"part/{path.rpartition('/')[2]}", value
    elif value.strip():
        yield path, value
