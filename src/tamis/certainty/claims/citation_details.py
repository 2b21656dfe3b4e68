"""Rule 11 on year, volume, pages, journal and authors of a cited work.

A detail is held against the records of the report that is cited. Where they disagree among
themselves, a text that agrees with one is right; where they say nothing, nothing is said of the
text. A name beside a year that no record of the review has may be a work that the review does not
know: it is answered "cannot tell" unless the sentence shows which work is meant.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from tamis.certainty.claims.bibliography import (
    AuthorYear,
    author_years,
    first_author,
    pages_agree,
    places_in,
    volumes_agree,
    years_of,
)
from tamis.certainty.claims.citing import Cited, DateMention, dates_in, journals_in
from tamis.certainty.claims.context import Context, Knowledge
from tamis.certainty.claims.suggest import say
from tamis.certainty.claims.surnames import families, names_agree
from tamis.certainty.claims.works import Edition, Work, fold_words, journals_agree, title_likeness
from tamis.domain.claims import ClaimFinding

__all__ = ["details_in", "details_of", "elsewhere", "same_place"]

_PUBLISHED = re.compile(r"发表|发布|刊登|刊发|\bpublish\w*|\bappeared\s+in\b", re.IGNORECASE)
_ONLINE = re.compile(r"online|epub|ahead\s+of\s+print|在线|网络|优先", re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s,;，；。]+", re.IGNORECASE)
_JOURNAL_AT = re.compile(
    r"[\s.?!。》\"”'*_]*(?:\[[A-Z/]+\])?[\s.。:：]*([^\d\[\]]{3,90}?)"
    r"[\s.,，。;；:：(（]*(?=\d)"
)
_TITLE = re.compile(r"《([^》]+)》|[\"“]([^\"”]{12,})[\"”]")
#: How far a year may be off and still be a slip, where nothing else names the work.
_SLIP = 2
#: From here on two titles are one.
_ALIKE = 0.85
#: So many details differ only between two works.
_ANOTHER = 3
_ABOUT_PEOPLE = frozenset({"people", "part", "percent", "dose"})
_WORDS = {
    "year": ("year", "年份"), "volume": ("volume", "卷号"), "pages": ("pages", "页码"),
    "author": ("first author", "第一作者"), "journal": ("journal", "期刊"),
}  # fmt: skip


def details_of(entry: str, work: Work, lang: str, subject: str) -> Iterator[ClaimFinding]:
    """Yield what an entry of a reference list says otherwise than the records of its work."""
    edition = _edition(entry, work)
    if edition is None:
        return
    bare, authors = _without_title(entry, edition)
    places = places_in(bare)
    years = years_of(bare)
    known_years = tuple(dict.fromkeys([*edition.years, *work.years])) if edition.years else ()
    pairs = (
        ("author", authors, edition.first, _author_agrees),
        ("journal", _journal_of(entry, edition), edition.journals, journals_agree),
        ("volume", _said(p.volume for p in places), edition.volumes, volumes_agree),
        ("pages", _said(p.pages for p in places), edition.pages, pages_agree),
    )
    if years and known_years and not set(years) & set(known_years):
        yield _differs(
            "year", str(years[0]), [str(y) for y in known_years], work, lang=lang, subject=subject
        )
    for what, said, known, agree in pairs:
        if said and _wrong(said, known, agree):
            yield _differs(what, said, known, work, lang=lang, subject=subject)


def same_place(entry: str, work: Work) -> bool:
    """Tell whether an entry gives first author, volume and pages of a work: its title aside."""
    author, places = first_author(entry), places_in(entry)
    return bool(author) and any(
        place.volume
        and place.pages
        and any(_author_agrees(author, first) for first in edition.first)
        and any(volumes_agree(place.volume, volume) for volume in edition.volumes)
        and any(pages_agree(place.pages, pages) for pages in edition.pages)
        for edition in work.editions
        for place in places
    )


def elsewhere(entry: str, work: Work) -> bool:
    """Tell whether an entry with a title like a work's is another work: little else agrees."""
    return len(tuple(details_of(entry, work, "en", ""))) >= _ANOTHER


def _said(texts: Iterable[str]) -> str:
    return next((text for text in texts if text), "")


def _wrong(said: str, known: Sequence[str], agree: Callable[[str, str], bool | None]) -> bool:
    """Tell whether a detail agrees with none of the records; never where one cannot be compared."""
    answers = [agree(said, one) for one in known]
    return bool(answers) and all(answer is False for answer in answers)


def _author_agrees(said: str, known: str) -> bool | None:
    left, right = families(said), families(known)
    return names_agree(left, right) if left and right else None


def _edition(entry: str, work: Work) -> Edition | None:
    """Return the report of a work that an entry cites: by its DOI, then by its title."""
    dois = {doi.lower().rstrip(".") for doi in _DOI.findall(entry)}
    words = " ".join(fold_words(entry))
    by_title = [
        e for e in work.editions if any(" ".join(fold_words(t)) in words for t in e.titles if t)
    ]
    by_doi = [e for e in work.editions if dois & set(e.dois)]
    found = by_doi or by_title or list(work.editions)
    return found[0] if found else None


def _located(entry: str, edition: Edition) -> tuple[int, int] | None:
    """Return where a title stands in an entry, whatever its case, spelling signs and breaks."""
    for title in edition.titles:
        words = re.findall(r"\w+", title)
        found = (
            re.search(r"\W+".join(map(re.escape, words)), entry, re.IGNORECASE) if words else None
        )
        if found is not None:
            return found.span()
    return None


def _without_title(entry: str, edition: Edition) -> tuple[str, str]:
    """Return an entry without its title, and its first author (empty where none stands there)."""
    at = _located(entry, edition)
    if at is not None:
        return entry[: at[0]] + " " + entry[at[1] :], first_author(entry[: at[0]])
    opening = [fold_words(title)[:1] for title in edition.titles]
    begins = fold_words(re.sub(r"^\W*\d{0,3}\W*", "", entry))[:1]
    return entry, "" if begins in opening else first_author(entry)


def _journal_of(entry: str, edition: Edition) -> str:
    """Return the journal that stands between the title and the first digit after it."""
    at = _located(entry, edition)
    if at is None:
        return ""
    found = _JOURNAL_AT.match(entry[at[1] :])
    name = re.sub(r"[(（][^)）]*[)）]?|[*_《》]", "", found[1]).strip(" .,，。") if found else ""
    plain = name and not re.search(r"https?:|doi|[.。]\s+\S", name, re.IGNORECASE)
    comparable = any(name.isascii() == known.isascii() for known in edition.journals)
    return name if plain and comparable else ""


def _differs(
    what: str, said: str, known: Iterable[str], work: Work, *, lang: str, subject: str
) -> ClaimFinding:
    every = " or ".join(dict.fromkeys(known))
    english, chinese = _WORDS[what]
    shown = every.replace(" or ", "；") if lang == "zh" else every
    return ClaimFinding(
        rule="citation-differs",
        severity="warning",
        message=f"{work.label} is cited with the {english} '{said}'; the record says {every}",
        because=(f"study:{work.study}",),
        suggestion=say("detail", lang, w=chinese if lang == "zh" else f"the {english}", n=shown),
        subject=subject,
    )


# ------------------------------------------------------------------------------- in running text
def details_in(context: Context, part_study: str) -> Iterator[Cited]:
    """Yield years, volumes, pages and authors of a sentence that no record of the work has."""
    yield from _author_years(context, part_study)
    meant = _meant(context, part_study)
    if meant is None:
        return
    yield from _publication_year(context, meant)
    yield from _places(context, meant)


def _author_years(context: Context, part_study: str) -> Iterator[Cited]:
    for cited in author_years(context.sentence.text, context.lang):
        names = families(cited.author)
        if not names:
            continue
        same = [w for w in context.known.works if names_agree(names, _authors_of(w))]
        found = _other_year(context, cited, same, part_study) if same else _other_name(
            context, cited, part_study)  # fmt: skip
        if found is not None:
            yield found


def _authors_of(work: Work) -> frozenset[str]:
    first = [family for e in work.editions for author in e.first for family in families(author)]
    return frozenset(first).union(*(families(name) for name in work.surnames))


def _recorded(known: Knowledge, names: frozenset[str], year: int) -> bool:
    """Tell whether a record of the review has that first author, and that year if one is said."""
    return any(
        record.authors
        and (not year or record.year == year)
        and names_agree(names, families(record.authors[0]))
        for record in known.evidence.records.values()
    )


def _other_year(
    context: Context, cited: AuthorYear, same: Sequence[Work], part_study: str
) -> Cited | None:
    known = context.known
    years = {year for work in same for year in work.every_year}
    if not cited.year or not years or cited.year in years:
        return None
    if _recorded(known, families(cited.author), cited.year):
        return None
    ours = [w for w in same if w.role in ("included", "published-review")]
    sure = [w for w in ours if w.study == part_study or _supported(context, w)]
    near = [w for w in ours if any(abs(cited.year - y) <= _SLIP for y in w.every_year)]
    chosen = sure or (near if len(same) == 1 else [])
    if len(chosen) != 1:
        return Cited(start=cited.start, end=cited.end, answer="cannot-tell")
    work = chosen[0]
    every = [str(year) for year in work.every_year]
    finding = _differs("year", str(cited.year), every, work, lang=context.lang, subject=work.study)
    return _against(cited.start, cited.end, finding)


def _other_name(context: Context, cited: AuthorYear, part_study: str) -> Cited | None:
    """Return what is wrong with an author whom no record knows, where the work is plain."""
    if not cited.among or _recorded(context.known, families(cited.author), 0):
        return None
    works = [w for w in context.known.works if w.role in ("included", "published-review")]
    plain = [
        w
        for w in works
        if _named_otherwise(context, w)
        or (cited.year in w.every_year and (w.study == part_study or _enrolled(context, w)))
    ]
    if len(plain) != 1:
        return None
    work = plain[0]
    known = [author for e in work.editions for author in e.first] or list(work.surnames)
    finding = _differs(
        "author", cited.author, known[:1], work, lang=context.lang, subject=work.study
    )
    return _against(cited.start, cited.end, finding)


def _against(start: int, end: int, finding: ClaimFinding) -> Cited:
    return Cited(start=start, end=end, answer="contradicted", findings=(finding,))


def _supported(context: Context, work: Work) -> bool:
    """Tell whether something else in a sentence shows that a work is meant."""
    if _named_otherwise(context, work):
        return True
    of_study = [f for f in context.known.facts if f.study == work.study]
    return any(
        n.kind == f.kind and n.value == f.value and (n.whole is None or n.whole == f.whole)
        for n in context.numbers
        for f in of_study
        if n.kind in _ABOUT_PEOPLE and n.value > 2
    )


def _enrolled(context: Context, work: Work) -> bool:
    """Tell whether a sentence counts the people of this study and of no other."""
    said = {n.value for n in context.numbers if n.kind == "people"}
    counted = {f.study for f in context.known.facts
               if f.outcome == "participants" and f.value in said and f.study}  # fmt: skip
    return counted == {work.study}


def _named_otherwise(context: Context, work: Work) -> bool:
    """Tell whether a sentence gives the DOI, the title or journal and year of a work."""
    text = context.sentence.text
    if {doi.lower().rstrip(".") for doi in _DOI.findall(text)} & set(work.dois):
        return True
    titles = [a or b for a, b in _TITLE.findall(text)]
    if any(title_likeness(t, known) >= _ALIKE for t in titles for known in work.titles):
        return True
    journals = [j.name for j in journals_in(text)]
    years = {date.year for date in dates_in(text)} | {
        a.year for a in author_years(text, context.lang)
    }
    agree = any(journals_agree(a, b) for a in journals for b in work.journals)
    return agree and bool(years & set(work.every_year))


def _meant(context: Context, part_study: str) -> Work | None:
    """Return the work whose publication a sentence is about, if it is plain."""
    works = context.known.works
    named = {m.id for m in context.mentions if m.kind == "study"}
    by_name = [w for w in works if w.study in named]
    titled = [w for w in works if _named_otherwise(context, w)]
    part = [w for w in works if w.study == part_study]
    for found in (by_name, titled, part):
        if len(found) == 1:
            return found[0]
    return None


def _publication_year(context: Context, work: Work) -> Iterator[Cited]:
    text = context.sentence.text
    if not work.every_year or not _PUBLISHED.search(text) or _ONLINE.search(text):
        return
    named = [(m.start, m.end) for m in context.mentions if m.kind == "study"]
    dates = [d for d in dates_in(text) if not any(a <= d.start < b for a, b in named)]
    dates += _bare_years(text) if not dates else []
    if len(dates) != 1 or dates[0].year in work.every_year:
        return
    date = dates[0]
    if date.month and any(abs(date.year - y) == 1 for y in work.every_year):
        return  # a day or month beside the turn of a year: online and issue may differ
    every = [str(year) for year in work.every_year]
    finding = _differs("year", str(date.year), every, work, lang=context.lang, subject=work.study)
    yield _against(date.start, date.end, finding)


def _bare_years(text: str) -> list[DateMention]:
    return [
        DateMention(start=m.start(1), end=m.end(1), year=int(m[1]))
        for m in re.finditer(r"\b(?:in|of)\s+((?:19|20)\d\d)(?!\d|\s*(?:-|–|to)\s*\d)", text)
    ]


def _places(context: Context, work: Work) -> Iterator[Cited]:
    volumes = tuple(v for e in work.editions for v in e.volumes)
    pages = tuple(p for e in work.editions for p in e.pages)
    for place in places_in(context.sentence.text):
        if not _of_publication(context, place.start, place.end, work):
            continue
        pairs = (("volume", place.volume, volumes, volumes_agree),
                 ("pages", place.pages, pages, pages_agree))  # fmt: skip
        found = tuple(
            _differs(what, said, known, work, lang=context.lang, subject=work.study)
            for what, said, known, agree in pairs
            if said and _wrong(said, known, agree)
        )
        if found:
            yield Cited(start=place.start, end=place.end, answer="contradicted", findings=found)


_CUE = re.compile(r"vol|卷|页|\bpp\b|page", re.IGNORECASE)
_AFTER_YEAR = re.compile(r"(?:19|20)\d\d[a-z]?\s*[;；,，]\s*$")


def _of_publication(context: Context, start: int, end: int, work: Work) -> bool:
    """Tell whether "33: 1611" in running text is a volume: by a word, a year or the journal."""
    text = context.sentence.text
    if any(m.kind == "study" and m.start < end and start < m.end for m in context.mentions):
        return False
    named = f" {' '.join(fold_words(text[:start]))} "
    return bool(
        _CUE.search(text[start:end])
        or _AFTER_YEAR.search(text[:start])
        or any(f" {' '.join(fold_words(journal))} " in named for journal in work.journals)
    )
