"""Which report a document is: by its name, a DOI, its title; and when nobody may decide alone.

Order and bars (ours): the file's name; a DOI on the first two pages or in the metadata, outside the
list of references; a PMID or registration number; the title by its best window on the first page
(token-set ratio of at least 92, 5 above the next). DOI and title together decide; one alone
proposes; a DOI of one report with the title of another is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from rapidfuzz import fuzz

from tamis.extraction.layer import LINE_HYPHEN
from tamis.extraction.search_text import search_text

__all__ = ["OUTCOMES", "DocumentMatch", "MatchCandidate", "Wanted", "match_document"]

#: Outcome -> what it means.
OUTCOMES: Mapping[str, str] = MappingProxyType(
    {
        "automatic": "name, or DOI and title, say the same",
        "proposed": "one sign alone: a person decides",
        "contradiction": "the DOI is that of one report and the title that of another",
        "none": "no report fits",
    }
)

#: Bars of the title (ours).
TITLE = 92.0
MARGIN = 5.0

#: How many words of the first page are searched for the title.
FIRST_WORDS = 500

_DOI = re.compile(r"10\.\d{4,9}/[^\s\"<>\u4e00-\u9fff]{1,200}")
_WORD = re.compile(r"[^\W_\u4e00-\u9fff]+|[\u4e00-\u9fff]")
_REFERENCES = re.compile(r"(?:^|\n)[ \d.]{0,6}(?:References?|REFERENCES?|参考文献)[ :：]*(?:\n|$)")

#: Words before a title that say that this is another document about the article.
_ABOUT = re.compile(
    r"\b(?:correction|corrigendum|erratum|errata|reply|repl(?:y|ies) to|response to|comments? on"
    r"|letter|editorial|retraction|expression of concern|commentary)\b"
    r"|更正|勘误|撤稿|评论|来信|答复",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A report whose full text is wanted: ``key`` names it, ``names`` are its ids and slugs."""

    key: str
    title: str = ""
    dois: tuple[str, ...] = ()
    pmids: tuple[str, ...] = ()
    year: int | None = None
    first_author: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchCandidate:
    """A report that a document may be, how well its title fits (0 to 100), and every reason."""

    key: str
    title_score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentMatch:
    """The answer: a key of ``OUTCOMES``, the candidates, best first, and what speaks against."""

    outcome: str
    candidates: tuple[MatchCandidate, ...]
    remarks: tuple[str, ...] = ()


def match_document(
    pages: Sequence[str],
    wanted: Sequence[Wanted],
    *,
    file_name: str = "",
    metadata: Sequence[str] = (),
) -> DocumentMatch:
    r"""Say which report a document is.

    Parameters
    ----------
    pages
        Texts of its first pages (two are looked at).
    wanted
        The reports that it may be.
    file_name
        Its name as uploaded, with folders.
    metadata
        Texts of its metadata.

    Examples
    --------
    >>> trial = Wanted(key="a", title="Velorimab for Ostrand nephropathy: a randomised trial",
    ...                dois=("10.5555/a",), year=2019)
    >>> page = "2019 doi:10.5555/A\nVelorimab for Ostrand nephropathy: a randomised trial\nWe ..."
    >>> match_document([page], [trial]).outcome
    'automatic'
    """
    signs: dict[str, list[str]] = {one.key: [] for one in wanted}
    named = _by_name(file_name, wanted)
    by_doi = _by_doi(pages, metadata, wanted)
    titles = _by_title(pages, wanted)
    for key in named:
        signs[key].append("the file is named after it")
    for key, doi in by_doi.items():
        signs[key].append(f"its DOI {doi} stands on the first pages or in the metadata")
    for key, number in _by_number(pages, wanted):
        signs[key].append(f"its number {number} stands on the first page")
    for key, score in titles.items():
        if score >= TITLE:
            signs[key].append(f"its title fits the first page ({score:.0f} of 100)")
    # "Erratum: a trial" holds the whole of "A trial": the longer title says more of the file.
    longest = {one.key: one.title for one in wanted}
    candidates = tuple(
        sorted(
            (
                MatchCandidate(key=k, title_score=titles.get(k, 0.0), reasons=tuple(found))
                for k, found in signs.items()
                if found
            ),
            key=lambda c: (-len(c.reasons), -c.title_score, -len(longest[c.key]), c.key),
        )
    )
    outcome, remarks = _judged(
        {one.key: one for one in wanted}, named, tuple(by_doi), titles, pages
    )
    return DocumentMatch(outcome=outcome if candidates else "none", candidates=candidates,
                         remarks=remarks)  # fmt: skip


def _judged(
    wanted: Mapping[str, Wanted],
    named: Sequence[str],
    by_doi: Sequence[str],
    titles: Mapping[str, float],
    pages: Sequence[str],
) -> tuple[str, tuple[str, ...]]:
    best = max(titles.values(), default=0.0)
    fitting = [k for k, score in titles.items() if score >= TITLE and best - score < MARGIN]
    clear = fitting[0] if len(fitting) == 1 else ""
    for one in {*by_doi, *named} if clear else ():
        if one != clear and titles.get(one, 0.0) < TITLE:
            return "contradiction", (
                f"name or DOI are those of {one}, and the title is that of {clear}",
            )
    remarks = []
    about = _about(pages, [wanted[k] for k in fitting])
    if about:
        remarks.append(f"{about!r} stands before the title: it may be about the article")
    if len(by_doi) > 1:
        remarks.append("it holds the DOIs of several reports")
    if len(fitting) > 1:
        remarks.append("several reports have this title")
    if remarks:
        return "proposed", tuple(remarks)
    if len(named) == 1 and not set(by_doi) - set(named):
        return "automatic", ()
    both = len(by_doi) == 1 and by_doi[0] in fitting
    if both and _year_or_author(pages, wanted[by_doi[0]]):
        return "automatic", ()
    return "proposed", ("one sign alone",) if by_doi or fitting else ()


def _by_name(file_name: str, wanted: Sequence[Wanted]) -> list[str]:
    parts = re.split(r"[\\/]", file_name.casefold())
    stems = {_slug(part.removesuffix(".pdf")) for part in parts if part} - {""}
    stems.add(_slug("/".join(parts[-2:]).removesuffix(".pdf")) or "-")  # a DOI kept its slash
    found = []
    for one in wanted:
        names = {_slug(name) for name in (*one.names, *one.dois)}
        if names & stems:
            found.append(one.key)
    return found


def _by_doi(
    pages: Sequence[str], metadata: Sequence[str], wanted: Sequence[Wanted]
) -> dict[str, str]:
    owners: dict[str, list[str]] = {}
    for one in wanted:
        for doi in one.dois:
            owners.setdefault(_bare(doi), []).append(one.key)
    found: dict[str, str] = {}
    for text in (*(_before_references(page) for page in pages[:2]), *metadata):
        for doi in _dois(text):
            if len(owners.get(doi, [])) == 1:
                found.setdefault(owners[doi][0], doi)
    return found


def _by_number(pages: Sequence[str], wanted: Sequence[Wanted]) -> Iterator[tuple[str, str]]:
    first = pages[0] if pages else ""
    for one in wanted:
        for number in one.pmids:
            if number and re.search(rf"PMID:? ?{re.escape(number)}\b", first):
                yield one.key, number


def _by_title(pages: Sequence[str], wanted: Sequence[Wanted]) -> dict[str, float]:
    page = _words(pages[0])[:FIRST_WORDS] if pages else []
    here = set(page)
    found = {}
    for one in wanted:
        title = _words(one.title)
        if len(title) < 3 or len(here & set(title)) < 0.6 * len(set(title)):
            continue
        wide = len(title) + 1
        joined = " ".join(title)
        found[one.key] = max(
            fuzz.token_set_ratio(joined, " ".join(page[i : i + wide]))
            * min(1.0, len(set(page[i : i + wide]) & set(title)) / (0.9 * len(set(title))))
            for i in range(max(1, len(page) - wide + 1))
        )
    return found


def _about(pages: Sequence[str], fitting: Iterable[Wanted]) -> str:
    """Return the word before the title that makes this another document, if there is one.

    A title that has the word itself is that document's own.
    """
    own = " ".join(one.title for one in fitting).casefold()
    first = search_text(pages[0]).text if pages else ""
    starts = [at for one in fitting if (at := first.casefold().find(_opening(one.title))) >= 0]
    for found in _ABOUT.finditer(first[: min(starts)] if starts else first[:300]):
        if found[0].casefold() not in own:
            return found[0]
    return ""


def _opening(title: str) -> str:
    return search_text(title).text.casefold()[:24]


def _year_or_author(pages: Sequence[str], one: Wanted) -> bool:
    text = search_text("\n".join(pages[:2])).text
    family = re.split(r"[,\s]", one.first_author.strip())[0].casefold()
    return (one.year is not None and str(one.year) in text) or (
        len(family) > 1 and family in text.casefold()
    )


def _before_references(page: str) -> str:
    found = _REFERENCES.search(page)
    return page[: found.start()] if found else page


def _dois(text: str) -> list[str]:
    whole = text.replace(f"{LINE_HYPHEN}\n", "").replace(LINE_HYPHEN, "-")
    return [_bare(found[0]) for found in _DOI.finditer(whole)]


def _bare(doi: str) -> str:
    found = _DOI.search(doi.lower())
    text = (found[0] if found else doi.lower()).rstrip(".,;:'\"")
    while (
        text
        and text[-1] in ")]}"
        and text.count(text[-1]) > text.count("([{"[")]}".index(text[-1])])
    ):
        text = text[:-1].rstrip(".,;:")
    return text


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9\u4e00-\u9fff]+", "-", text.lower()).strip("-")


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(search_text(text).text)]
