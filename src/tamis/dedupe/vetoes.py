"""What keeps two look-alikes apart, whatever a rule says: a table, read row by row.

A veto forbids the two records ever to stand in one cluster, also by way of a third record; only a
person can lift it. Its verdict is ``different``, or ``unsure`` when a person should look at it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tamis.dedupe.compare import DIFFERENT, SAME, Pair
from tamis.dedupe.settings import DedupeSettings

__all__ = ["ASKING", "VETOES", "Veto", "veto"]

Holds = Callable[[Pair, DedupeSettings], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Veto:
    """One row: its name, the verdict, when it holds, and the case that motivated it."""

    name: str
    verdict: str
    holds: Holds
    reads: str
    case: str


def _marker(name: str) -> Holds:
    return lambda p, s: name in p.markers_differ


def _kind_once(name: str) -> Holds:
    return lambda p, s: name in p.kinds and len(p.kinds) == 2


def _beside_print(name: str) -> Holds:
    """Only one is of this kind; the other is of another, or says where in a journal it is."""

    def holds(p: Pair, s: DedupeSettings) -> bool:
        one, other = (p.a, p.b) if p.a.kind == name else (p.b, p.a)
        printed = bool(other.journal_key and (other.volume or other.pages.first))
        once = one.kind == name != other.kind and (other.kind != "" or printed)
        return once and s.versions_are_links and not _same_print(p)

    return holds


def _same_print(p: Pair) -> bool:
    if p.place or (p.whole_range and p.volume == SAME):
        return True
    return p.doi == SAME and DIFFERENT not in (p.volume, p.page)


def _typed_erratum(p: Pair, s: DedupeSettings) -> bool:
    both_marked = "erratum" in p.a.markers & p.b.markers
    return _kind_once("erratum")(p, s) and not both_marked and not _same_print(p)


def _preprint(p: Pair, s: DedupeSettings) -> bool:
    return _beside_print("preprint")(p, s) and p.journal != SAME


def _meeting_abstract(p: Pair, s: DedupeSettings) -> bool:
    """Databases call one abstract a conference abstract and a conference paper."""
    return "proceedings" not in p.kinds and _version("meeting abstract")(p, s)


def _proceedings(p: Pair, s: DedupeSettings) -> bool:
    at_meeting = "meeting abstract" in p.kinds
    return not at_meeting and p.journal != SAME and _version("proceedings")(p, s)


def _version(name: str) -> Holds:
    """Kinds differ, and nothing printed says that it is one document typed in two ways."""
    once = _kind_once(name)
    return lambda p, s: s.versions_are_links and once(p, s) and not _same_print(p)


def _other_parts(p: Pair, s: DedupeSettings) -> bool:
    return bool(p.a.parts) and bool(p.b.parts) and p.a.parts != p.b.parts


def _one_part(p: Pair, s: DedupeSettings) -> bool:
    return bool(p.a.parts) != bool(p.b.parts) and not p.place


def _other_numbers(p: Pair, s: DedupeSettings) -> bool:
    one_range = p.place and p.whole_range
    return p.numbers_differ and p.title_ratio >= 80 and not p.translated and not one_range


def _pointer(p: Pair, s: DedupeSettings) -> bool:
    return p.a.pointer != p.b.pointer and p.page == DIFFERENT


def _other_doi(p: Pair, s: DedupeSettings) -> bool:
    confirmed = p.title_similar and DIFFERENT not in (p.volume, p.page)
    return p.doi == DIFFERENT and not confirmed and not p.wrong_doi


def _collision(p: Pair, s: DedupeSettings) -> bool:
    return p.doi == SAME and not p.title_empty and not p.title_similar and not _elsewhere_same(p)


def _elsewhere_same(p: Pair) -> bool:
    one_place = p.whole_range or (p.place and p.authors == SAME)
    return one_place or p.translated or p.pmid == SAME or p.title_ratio >= 75


def _cochrane_version(p: Pair, s: DedupeSettings) -> bool:
    return s.versions_are_links and p.cochrane == SAME and p.years_apart not in (0, None)


def _other_place(p: Pair, s: DedupeSettings) -> bool:
    return p.volume == DIFFERENT and p.page == DIFFERENT


def _printed_again(p: Pair, s: DedupeSettings) -> bool:
    return p.printed_again and _other_place(p, s) and not p.generic


def _other_journal(p: Pair, s: DedupeSettings) -> bool:
    return p.journal == DIFFERENT and DIFFERENT in (p.volume, p.page)


def _far_years(p: Pair, s: DedupeSettings) -> bool:
    return p.years_apart is not None and p.years_apart > 2


VETOES: tuple[Veto, ...] = tuple(
    Veto(name=name, verdict=verdict, holds=holds, reads=reads, case=case)
    for name, verdict, holds, reads, case in (
        ("other-pmid", "different", lambda p, s: p.pmid == DIFFERENT,
         "each has a PubMed id and they differ",
         "an article and its correction have a PMID each"),
        ("other-registry-number", "different", lambda p, s: p.registry == DIFFERENT,
         "each names a trial registration and they differ",
         "two registrations titled 'Stem cells in lupus nephritis'"),
        ("other-cochrane-number", "different", lambda p, s: p.cochrane == DIFFERENT,
         "each has a Cochrane number and they differ",
         "two Cochrane reviews of one intervention"),
        ("cochrane-version", "different", _cochrane_version,
         "one Cochrane number, different years", "a review of 2008 and its update of 2012"),
        ("erratum-once", "different", _marker("erratum"),
         "one title is marked as a correction and the other is not",
         "a paper and its Author Correction differ by two words"),
        ("retraction-once", "different", _marker("retraction"),
         "one title is marked as a retraction and the other is not",
         "the retraction notice repeats the title"),
        ("reply-once", "different", _marker("reply"),
         "one title is marked as a reply and the other is not",
         "letter and authors' reply on one page"),
        ("comment-once", "different", _marker("comment"),
         "one title is marked as a comment and the other is not",
         "a journal club on a trial repeats the trial's title"),
        ("protocol-once", "different", _marker("protocol"),
         "one title is marked as a protocol and the other is not",
         "protocol and results of one trial"),
        ("points-elsewhere", "different", _pointer,
         "one title points to another article's volume and page",
         "Web of Science ends a correction's title with '(vol 33, pg 1611, 2014)'"),
        ("erratum-type-once", "different", _typed_erratum,
         "one is typed as a correction and the other is not",
         "a correction whose title carries no mark"),
        ("registration-once", "different", _version("registration"),
         "one is a trial registration and the other is not",
         "the registration and the paper of a trial with one title"),
        ("meeting-abstract-once", "different", _meeting_abstract,
         "one is a meeting abstract and the other is not, printed elsewhere",
         "a congress abstract of 2014 has the title of the article of 2014"),
        ("proceedings-once", "different", _proceedings,
         "one is a paper in proceedings and the other is not, in another journal",
         "a conference paper and the journal article it became"),
        ("preprint-once", "different", _preprint,
         "one is a preprint and the other is not", "preprint and article share title and authors"),
        ("thesis-once", "different", _beside_print("thesis"),
         "one is a thesis and the other is not", "a thesis and the paper drawn from it"),
        ("other-part", "different", _other_parts,
         "each title names a part and the parts differ", "part 1 and part 2 of a series"),
        ("doi-collision", "different", _collision,
         "one DOI, titles that disagree", "a supplement's DOI is given to each of its abstracts"),
        ("other-abstract", "different", lambda p, s: p.other_abstract,
         "titles, abstracts and pages all differ, be it by little",
         "two abstracts of one group on pages 51 and 52 of one supplement, with one DOI"),
        ("printed-again", "unsure", _printed_again,
         "title, authors, journal and abstract agree, volume and first page do not",
         "a paper that its journal printed in two volumes; or an abstract shown twice"),
        ("other-doi-and-place", "different", _other_doi,
         "the DOIs differ, and so does the title, the volume or the page",
         "two editorials of one editor in one year"),
        ("other-place", "different", _other_place,
         "volume and first page both differ", "an abstract at two meetings"),
        ("other-journal", "different", _other_journal,
         "the journals differ, and so does the volume or the page",
         "one guideline published in three journals"),
        ("far-years", "different", _far_years,
         "the years are more than two apart", "a survey repeated after five years"),
        ("other-doi", "unsure", lambda p, s: p.doi == DIFFERENT and not p.wrong_doi,
         "the DOIs differ though everything else agrees",
         "the Spanish and the English edition of a journal, page by page the same"),
        ("other-numbers", "unsure", _other_numbers,
         "each near title states a number that the other does not",
         "Cx601 and Cx611; results at 6 and at 12 months"),
        ("one-part", "unsure", _one_part,
         "only one title names a part", "'Part 2' was cut off, or was never there"),
    )
)  # fmt: skip


#: The vetoes that ask a person: the pair is unsure, and kept apart until somebody judges it.
ASKING = frozenset(row.name for row in VETOES if row.verdict == "unsure")


#: Rows about where a report is printed; versions counted as duplicates are printed elsewhere.
OF_PLACE = frozenset(
    {
        "other-abstract",
        "printed-again",
        "other-doi-and-place",
        "other-doi",
        "other-place",
        "other-journal",
        "far-years",
    }
)


def veto(pair: Pair, settings: DedupeSettings) -> Veto | None:
    """Return the first row that holds, or ``None``."""
    lifted = OF_PLACE if not settings.versions_are_links and pair.versions else frozenset()
    rows = (row for row in VETOES if row.name not in lifted)
    return next((row for row in rows if row.holds(pair, settings)), None)
