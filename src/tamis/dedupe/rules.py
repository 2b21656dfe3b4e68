"""When two records are the same report: a table of named rules, read row by row.

The first row that holds names the decision. Rows stand from strong to weak; the order is also the
strength with which ``cluster`` joins. Every row is subject to the vetoes of ``vetoes.VETOES``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.dedupe.compare import DIFFERENT, SAME, UNKNOWN, Pair
from tamis.dedupe.settings import DedupeSettings

__all__ = ["EXACT_COPY", "RULES", "STRENGTH", "Rule", "rule_for"]

#: Pages up to this one may be of the front matter of an issue.
FRONT = 20
#: Decided before comparison: every field that rules look at is identical, empty ones included.
EXACT_COPY = "exact-copy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One row: its name, the verdict, when it holds, and the case that motivated it.

    ``policy`` names the only policy under which the row is read; empty means under each.
    """

    name: str
    verdict: str
    holds: Callable[[Pair], bool]
    reads: str
    case: str
    policy: str = ""


def _printed_alike(p: Pair) -> bool:
    """Volume, page and issue do not disagree, and at least one of them agrees."""
    fields = (p.volume, p.page, p.issue)
    return DIFFERENT not in fields and SAME in fields


def _other_issue(p: Pair) -> bool:
    """Tell that the issues differ and no page says otherwise: a column, or a misprint."""
    return p.issue == DIFFERENT and p.page != SAME


def _nothing_differs(p: Pair) -> bool:
    return DIFFERENT not in (p.volume, p.page, p.journal, p.first_author)


def _same_accession(p: Pair) -> bool:
    alike = p.title_empty or p.title_similar or p.authors == SAME
    return p.accession == SAME and alike and not p.title_contradicts


def _same_doi(p: Pair) -> bool:
    if p.doi != SAME or p.other_abstract or (p.generic and not _printed_alike(p)):
        return False
    return p.title_equal or (p.title_similar and p.authors != DIFFERENT)


def _same_place(p: Pair) -> bool:
    return (
        p.title_similar
        and not p.generic
        and p.page == SAME
        and p.volume != DIFFERENT
        and (SAME in (p.volume, p.journal) or p.whole_range)
        and (p.authors == SAME or _authors_not_needed(p))
        and p.years_apart in (0, 1, None)
    )


def _authors_not_needed(p: Pair) -> bool:
    """Letters share a title and a page; a range, a long title or the issue settles it."""
    nobody = not p.a.families and not p.b.families
    settled = p.one_range or p.title_long or (nobody and p.place and p.issue == SAME)
    return p.authors == UNKNOWN and settled


def _misprinted_volume(p: Pair) -> bool:
    return (
        p.title_equal
        and not p.generic
        and p.authors == SAME
        and p.journal == SAME
        and p.page == SAME
        and p.a.pages.first != "1"
        and p.years_apart == 0
    )


def _place_though_authors_differ(p: Pair) -> bool:
    placed = p.place and p.whole_range and p.issue != DIFFERENT
    return placed and p.title_near and p.years_apart in (0, 1)


def _title_author_journal(p: Pair) -> bool:
    return (
        p.title_near
        and not p.generic
        and p.authors == SAME
        and p.journal == SAME
        and DIFFERENT not in (p.volume, p.page)
        and not _other_issue(p)
        and p.year_within(1 if _printed(p) else 0)
    )


def _printed(p: Pair) -> bool:
    """One of the two says where it is printed; reports of two years may share all the rest."""
    return any(one.volume or not one.pages.empty or one.doi for one in (p.a, p.b))


def _title_author_volume(p: Pair) -> bool:
    return (
        p.title_near
        and not p.generic
        and p.authors == SAME
        and p.volume == SAME
        and p.page != DIFFERENT
        and (p.journal != DIFFERENT or p.page == SAME or _translated_journal(p))
        and not _other_issue(p)
        and p.year_within(1)
    )


def _translated_journal(p: Pair) -> bool:
    """One long title by the same people in one volume and issue, whatever the journal's name.

    Or with one abstract in one volume: a journal, and the supplement that some sources name.
    """
    alike = p.title_equal and p.title_long and p.a.families == p.b.families
    placed = (p.issue, p.abstract) in ((SAME, SAME), (SAME, UNKNOWN), (UNKNOWN, SAME))
    return alike and placed and p.years_apart == 0


def _early_view(p: Pair) -> bool:
    return (
        p.title_equal
        and not p.generic
        and p.authors == SAME
        and p.journal == SAME
        and p.year_within(1)
        and p.volume != DIFFERENT
        and p.page == DIFFERENT
    )


def _misdated_volume(p: Pair) -> bool:
    return (
        p.title_near
        and not p.generic
        and p.authors == SAME
        and p.volume == SAME
        and p.issue == SAME
        and DIFFERENT not in (p.page, p.journal)
        and p.year_within(2)
    )


def _translated(p: Pair) -> bool:
    return (
        p.translated
        and (p.title_ratio >= 60 or p.one_range)
        and (p.authors == SAME or (p.authors == UNKNOWN and p.place and p.whole_range))
        and p.page == SAME
        and p.volume == SAME
        and p.year_within(1)
    )


def _whole_range(p: Pair) -> bool:
    return (
        p.whole_range
        and p.authors == SAME
        and p.authors_shared >= 0.5
        and p.volume == SAME
        and p.issue != DIFFERENT
        and p.journal == SAME
        and p.years_apart == 0
    )


def _place_and_abstract(p: Pair) -> bool:
    return (
        p.place
        and p.authors == SAME
        and p.abstract == SAME
        and p.year_within(1)
        and not p.title_contradicts
    )


def _shortened(p: Pair) -> bool:
    return (
        p.title_within
        and not p.generic
        and p.authors == SAME
        and p.year_within(1)
        and DIFFERENT not in (p.page, p.volume, p.journal, p.issue)
        and (
            p.page == SAME
            or (p.volume == SAME and p.issue == SAME)
            or (p.title_begins and p.journal == SAME and (p.title_long or p.issue == SAME))
        )
    )


def _column(p: Pair) -> bool:
    return (
        p.generic
        and p.title_equal
        and p.volume == SAME
        and (SAME in (p.issue, p.abstract) or (p.page == SAME and _deep(p)))
        and DIFFERENT not in (p.issue, p.page, p.journal, p.authors)
        and SAME in (p.authors, p.abstract)
    )


def _deep(p: Pair) -> bool:
    """Tell whether the page is far from the front matter, which each issue may number anew."""
    page = p.a.pages.first
    return page.isdecimal() and int(page) > FRONT


def _unsigned(p: Pair) -> bool:
    nobody = not p.a.families and not p.b.families
    return (
        nobody
        and p.title_equal
        and (p.journal, p.volume, p.abstract) == (SAME, SAME, SAME)
        and SAME in (p.issue, p.page)
        and DIFFERENT not in (p.issue, p.page)
        and p.years_apart == 0
    )


def _untitled(p: Pair) -> bool:
    return p.title_empty and p.place and p.first_author == SAME and p.years_apart == 0


def _sparse(p: Pair) -> bool:
    agreeing = (p.first_author, p.journal, SAME if p.years_apart == 0 else UNKNOWN)
    return (
        p.title_equal
        and not p.generic
        and (p.authors == SAME or p.title_long)
        and _nothing_differs(p)
        and not p.supplement_once
        and p.years_apart in (0, 1 if p.title_long and _printed(p) else 0, None)
        and agreeing.count(SAME) >= (1 if p.title_long else 2)
    )


def _title_alone(p: Pair) -> bool:
    alike = p.title_equal and p.title_long and not p.generic
    return alike and _nothing_differs(p) and p.years_apart in (0, 1, None)


RULES: tuple[Rule, ...] = tuple(
    Rule(
        name=name, verdict=verdict, holds=holds, reads=reads, case=case,
        policy="versions-are-duplicates" if name == "version" else "",
    )
    for name, verdict, holds, reads, case in (
        ("same-pmid", "same", lambda p: p.pmid == SAME and not p.title_contradicts,
         "one PubMed id, titles that do not contradict each other",
         "PubMed, and Embase's copy of the MEDLINE record"),
        ("same-accession", "same", _same_accession,
         "one accession number of one database, titles or authors alike",
         "one search exported twice; never the number alone: sources put citation keys and the"
         " numbers of journals in its place"),
        ("same-registration", "same",
         lambda p: p.registry == SAME and p.kinds == {"registration"},
         "two registrations with one number", "a trial in CENTRAL and in the register itself"),
        ("same-doi-and-title", "same", _same_doi,
         "one DOI and a title that agrees", "PubMed and Scopus; never the DOI alone"),
        ("same-title-and-place", "same", _same_place,
         "title, first page and volume or journal agree, authors and year do not disagree",
         "sources without DOI"),
        ("misprinted-volume", "same", _misprinted_volume,
         "title, author, journal, year and first page agree, the volume does not",
         "a supplement's number that slipped into the volume"),
        ("same-place-other-authors", "same", _place_though_authors_differ,
         "title, journal, volume and three pages agree though the authors are written differently",
         "a compound family name cut in two; letters under one title share a page, not three"),
        ("same-title-author-journal", "same", _title_author_journal,
         "title, author, journal and year agree, volume and page do not disagree",
         "one source gives no pages"),
        ("same-title-author-volume", "same", _title_author_volume,
         "title, author, volume and year agree, the page does not disagree",
         "a journal whose name was translated"),
        ("misdated-volume", "same", _misdated_volume,
         "title, author, volume and issue agree, the year is off by up to two",
         "a source that dated a whole volume two years early"),
        ("translated-title", "same", _translated,
         "one title is a translation; author, volume, page and year agree",
         "'[Talkum bei …]' against the publisher's English title"),
        ("same-page-range", "same", _whole_range,
         "journal, volume, whole page range and authors agree, whatever the title says",
         "a title in German in one source and in English in the other"),
        ("same-place-and-abstract", "same", _place_and_abstract,
         "journal, volume, page, authors and abstract agree, titles do not contradict",
         "a short title whose subtitle only one source gives"),
        ("shortened-title", "same", _shortened,
         "one title begins or ends the other; author, year and place agree",
         "a series name before the title; a subtitle that was cut"),
        ("same-column", "same", _column,
         "a column's title with volume, issue and page", "an editorial found twice"),
        ("unsigned-collection", "same", _unsigned,
         "no authors on either; title, journal, volume, issue or page, year and abstract agree",
         "the abstracts of a meeting, recorded as one record"),
        ("untitled-copy", "same", _untitled,
         "one title is missing; journal, volume, page, author and year agree",
         "front matter exported without its title"),
        ("sparse-record", "same", _sparse,
         "title and two of author, journal and year agree (one, if the title is long)",
         "a meeting abstract without volume and pages"),
        ("version", "same", lambda p: p.versions,
         "an abstract, preprint, registration, thesis or Cochrane update with title and authors"
         " of the paper, a second printing, or two abstracts of one group side by side;"
         " read only when versions count as duplicates",
         "some labelled sets count versions as duplicates"),
        ("other-pages", "unsure", _early_view,
         "title, author, journal and year agree but not the page",
         "early view against the final pages; or two abstracts of one group"),
        ("title-and-author", "unsure",
         lambda p: p.title_near and not p.generic and p.authors == SAME and p.year_within(1),
         "title, author and year agree and nothing else is known to", "proceedings and journal"),
        ("title-and-place", "unsure",
         lambda p: p.title_near and p.place and p.issue != DIFFERENT and p.year_within(1),
         "title, journal, volume and page agree, the authors do not or are unknown",
         "letters under one title; or a record without authors"),
        ("title-alone", "unsure", _title_alone,
         "one long title, no author, journal or year in common, and nothing that disagrees",
         "a citation of which only the title is known"),
        ("same-doi", "unsure", lambda p: p.doi == SAME,
         "one DOI and titles alike in part, or one of them missing or translated",
         "a title rewritten after early view; where titles disagree a veto holds"),
    )
)  # fmt: skip

#: Place of each rule in the table; the smaller joins first.
STRENGTH: Mapping[str, int] = MappingProxyType(
    {EXACT_COPY: 0, **{rule.name: place for place, rule in enumerate(RULES, start=1)}}
)


def rule_for(pair: Pair, settings: DedupeSettings) -> Rule | None:
    """Return the first rule that holds, or ``None`` when nothing speaks for one report."""
    rules = (rule for rule in RULES if rule.policy in ("", settings.policy))
    return next((rule for rule in rules if rule.holds(pair)), None)
