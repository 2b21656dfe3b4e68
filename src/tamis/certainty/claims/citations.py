"""Rule 11: works as a text cites them, against the records of the review.

What stands inside a sentence (a journal, a search date) is a fact with a place of its own; what
the reference list says, or leaves out, is about the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from tamis.certainty.claims.citation_details import details_in, details_of, elsewhere, same_place
from tamis.certainty.claims.citing import (
    Cited,
    dates_in,
    institutions_in,
    journals_in,
    search_dates_in,
)
from tamis.certainty.claims.context import Context, Knowledge
from tamis.certainty.claims.document import Sentence
from tamis.certainty.claims.suggest import say
from tamis.certainty.claims.works import (
    Work,
    fold_words,
    journals_agree,
    same_script,
    title_likeness,
)
from tamis.domain.claims import ClaimFinding

__all__ = ["Cited", "cited", "reference_list", "unconfirmed"]

#: From here on two titles are the same work.
_ALIKE = 0.6
_DOI = re.compile(r"10\.\d{4,9}/[^\s,;，；。]+", re.IGNORECASE)
_URL = re.compile(r"https?://\S+|doi:\s*\S+", re.IGNORECASE)
_MONTHS = ("", "January", "February", "March", "April", "May", "June", "July", "August",
           "September", "October", "November", "December")  # fmt: skip
_AUTHORS_FIRST = re.compile(
    r"^\s*(?:\[?\d{1,3}[\].)]?\s*)?(?P<names>[^.]{3,200}?\b[A-Z]{1,3})\.\s+"
)


def cited(context: Context, part_study: str) -> tuple[Cited, ...]:
    """Return journals, search dates, years, pages and authors of a sentence with their answers."""
    if context.sentence.section in ("references", "disclaimer"):
        return ()
    return (
        *_journals(context, part_study),
        *_search_dates(context, part_study),
        *details_in(context, part_study),
    )


def unconfirmed(context: Context, part_study: str) -> bool:
    """Tell whether a sentence of publication says what no record holds: a day, an institution."""
    text = context.sentence.text
    if not part_study or not (journals_in(text) or re.search(r"发布|发表|published", text)):
        return False
    return any(d.day for d in dates_in(text)) or bool(institutions_in(text))


def _journals(context: Context, part_study: str) -> Iterator[Cited]:
    study = part_study or (context.study.id if context.study is not None else "")
    work = next((w for w in context.known.works if w.study == study), None)
    for journal in journals_in(context.sentence.text):
        if work is None or not work.journals:
            yield Cited(start=journal.start, end=journal.end, answer="cannot-tell")
            continue
        if any(journals_agree(journal.name, known) for known in work.journals):
            yield Cited(start=journal.start, end=journal.end, answer="faithful")
            continue
        finding = ClaimFinding(
            rule="citation-differs",
            severity="warning",
            message=f"the journal of {work.label} is {work.journals[0]}, not {journal.name}",
            because=(f"study:{work.study}",),
            suggestion=say("journal", context.lang, n=work.journals[0]),
            subject=work.study,
        )
        yield Cited(
            start=journal.start, end=journal.end, answer="contradicted", findings=(finding,)
        )


def _search_dates(context: Context, part_study: str) -> Iterator[Cited]:
    known = context.known
    published = known.evidence.published
    if context.study is not None:
        return
    own = _own_dates(known)
    about_published = published is not None and (part_study == published.id or not own)
    said = _published_dates(known) if about_published else own
    for date in search_dates_in(context.sentence.text):
        sure = {key for key, is_sure in said.items() if is_sure}
        here = (date.year, date.month)
        if here in sure:
            yield Cited(start=date.start, end=date.end, answer="faithful")
        elif not sure:
            yield Cited(start=date.start, end=date.end, answer="cannot-tell")
        else:
            yield _wrong_date(context, date.start, date.end, said)


def _wrong_date(
    context: Context, start: int, end: int, said: Mapping[tuple[int, int], bool]
) -> Cited:
    every = "; ".join(
        _month(key, context.lang) + ("" if sure else _WEAK[context.lang])
        for key, sure in sorted(said.items(), key=lambda item: (not item[1], item[0]))
    )
    finding = ClaimFinding(
        rule="citation-differs",
        severity="error",
        message=f"the search date differs: '{context.span(start, end)}'; our sources say {every}",
        because=("search-end",),
        suggestion=say("search-date", context.lang, n=every),
        subject="review",
    )
    return Cited(start=start, end=end, answer="contradicted", findings=(finding,))


_WEAK = {"en": " (secondary)", "zh": "（非原始来源）"}


def _month(key: tuple[int, int], lang: str) -> str:
    year, month = key
    return f"{year} 年 {month} 月" if lang == "zh" else f"{_MONTHS[month]} {year}"


def _published_dates(known: Knowledge) -> Mapping[tuple[int, int], bool]:
    """Return month of the published review's search -> whether a primary source says so."""
    found: dict[tuple[int, int], bool] = {}
    for value in known.evidence.extraction.values:
        if value.cell.outcome == "search-end":
            for date in dates_in(value.printed):
                key = (date.year, date.month)
                found[key] = found.get(key, False) or value.primary
    return found


def _own_dates(known: Knowledge) -> Mapping[tuple[int, int], bool]:
    return {
        (date.year, date.month): True
        for source in known.evidence.protocol.sources
        for date in dates_in(source.searched_on)
    }


def reference_list(
    sentences: Sequence[Sentence], known: Knowledge, relied: Sequence[str]
) -> Iterator[ClaimFinding]:
    """Yield titles that differ from their record, and works relied on that are not listed."""
    entries = [s for s in sentences if s.section == "references" and len(s.text) > 12]
    if not entries:
        return
    candidates = [w for w in known.works if w.role in ("included", "published-review")]
    found: dict[str, Sentence] = {}
    for entry in entries:
        match = _matched(entry.text, candidates)
        if match is not None:
            work, alike = match
            found.setdefault(work.study, entry)
            if alike < 1.0:
                yield _title(entry, work, _lang(sentences))
            yield from details_of(entry.text, work, _lang(sentences), _subject(work))
    for work in candidates:
        if work.study in relied and work.study not in found:
            shown = work.titles[0] if work.titles else work.label
            yield ClaimFinding(
                rule="citation-differs",
                severity="error",
                message=f"{work.label} is relied on and missing from the reference list",
                because=(f"study:{work.study}",),
                suggestion=say("missing-work", _lang(sentences), n=f"{work.label}, {shown}"),
                subject=_subject(work),
            )


def _subject(work: Work) -> str:
    return "review" if work.role == "published-review" else work.study


def _lang(sentences: Sequence[Sentence]) -> str:
    chinese = sum(1 for s in sentences if s.lang == "zh")
    return "zh" if chinese * 2 > len(sentences) else "en"


def _matched(entry: str, works: Sequence[Work]) -> tuple[Work, float] | None:
    """Return the work an entry cites and how alike its title is (1.0: the same)."""
    dois = {doi.lower().rstrip(".") for doi in _DOI.findall(entry)}
    title = _URL.sub("", entry)
    scored = [(_alike(title, work), -i, work) for i, work in enumerate(works)]
    best, _, work = max(scored, key=lambda row: row[:2], default=(0.0, 0, None))
    by_doi = next((w for w in works if dois & set(w.dois)), None)
    if by_doi is not None:
        alike = _alike(title, by_doi)
        return by_doi, alike if alike > 0.2 else 1.0
    if work is not None and (best == 1.0 or (best >= _ALIKE and not elsewhere(entry, work))):
        return work, best
    by_place = next((w for w in works if same_place(entry, w)), None)
    return None if by_place is None else (by_place, _alike(title, by_place) or 1.0)


def _alike(entry: str, work: Work) -> float:
    """Return how alike an entry is to a work's title; 1.0 where the title stands in it whole."""
    best = 0.0
    words = fold_words(entry)
    for title in work.titles:
        if not same_script(entry, title):
            continue
        wanted = fold_words(title)
        if _contains(words, wanted):
            return 1.0
        best = max(best, title_likeness(_title_of(entry), title), _windowed(words, title))
    return best


def _contains(words: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
    joined, needle = f" {' '.join(words)} ", f" {' '.join(wanted)} "
    return bool(wanted) and needle in joined


def _title_of(entry: str) -> str:
    """Return an entry without authors in front."""
    found = _AUTHORS_FIRST.match(entry)
    rest = entry[found.end() :] if found else entry
    return rest.split(". ")[0] if found else rest


def _windowed(words: tuple[str, ...], title: str) -> float:
    """Return the best likeness of a title to any stretch of an entry of its length."""
    n = len(fold_words(title))
    if not n or len(words) <= n:
        return 0.0
    stretches = (" ".join(words[i : i + n]) for i in range(min(len(words) - n + 1, 60)))
    return min(0.999, max((title_likeness(s, title) for s in stretches), default=0.0))


def _title(entry: Sentence, work: Work, lang: str) -> ClaimFinding:
    shown = re.sub(r"\s+", " ", _URL.sub("", entry.text)).strip()[:60]
    return ClaimFinding(
        rule="citation-differs",
        severity="warning",
        message=f"the title of {work.label} differs from its record: '{shown}…'",
        because=(f"study:{work.study}",),
        suggestion=say("journal", lang, n=work.titles[0]),
        subject=_subject(work),
    )
