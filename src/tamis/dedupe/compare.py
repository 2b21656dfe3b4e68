"""Third step: what two prepared records have in common, as words a rule can be read in.

Each field is ``same``, ``different`` or ``unknown``; an empty field is unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from tamis.dedupe.names import same_journal
from tamis.dedupe.prepare import Prepared

__all__ = ["DIFFERENT", "SAME", "UNKNOWN", "Pair"]

Agreement = Literal["same", "different", "unknown"]
SAME: Final = "same"
DIFFERENT: Final = "different"
UNKNOWN: Final = "unknown"

#: A title is *near* another from this similarity on (0 to 100, longest common subsequence).
NEAR = 92.0
#: Below this similarity two titles contradict each other.
CONTRADICT = 50.0
#: Shortest title that may be the beginning of another, in letters and digits.
PREFIX = 30
#: Shortest title that may stand inside another.
WITHIN = 20
#: A title that identifies a report almost by itself.
LONG = 60
_NO_DIGITS: Final = str.maketrans("", "", "0123456789")
#: An abstract of fewer letters may be a phrase that many records share.
PHRASE = 60
#: Kinds of document that come before or beside the paper.
VERSIONS = frozenset({"meeting abstract", "proceedings", "preprint", "registration", "thesis"})
#: First authors are one name from this similarity on (transliteration, misprints).
NAME = 80.0


def _agree(one: str, other: str) -> Agreement:
    if not one or not other:
        return UNKNOWN
    return SAME if one == other else DIFFERENT


@dataclass(frozen=True)
class Pair:
    """Two prepared records, and what is the same, different or unknown between them.

    Every property is computed when a rule first asks for it.
    """

    a: Prepared
    b: Prepared

    # ---- titles
    @cached_property
    def title_ratio(self) -> float:
        """Similarity of the titles, 0 to 100; 0 when one is empty."""
        if not self.a.title or not self.b.title:
            return 0.0
        if self.a.title == self.b.title:
            return 100.0
        straight = fuzz.ratio(self.a.title, self.b.title)
        if straight >= NEAR or straight < 60:
            return straight
        return max(straight, fuzz.token_sort_ratio(self.a.text, self.b.text))

    @cached_property
    def title_equal(self) -> bool:
        """The same letters and digits, and not empty."""
        return self.a.title == self.b.title != ""

    @cached_property
    def title_near(self) -> bool:
        """Equal, or similar with the same numbers."""
        return self.title_equal or (self.title_ratio >= NEAR and not self.numbers_differ)

    @cached_property
    def title_begins(self) -> bool:
        """One title is the beginning or the end of the other, or the other's main title."""
        short, long = sorted((self.a.title, self.b.title), key=len)
        if len(short) < PREFIX or short == long:
            return False
        return long.startswith(short) or long.endswith(short)

    @cached_property
    def title_within(self) -> bool:
        """One title stands in the other but for misprints."""
        short, long = sorted((self.a.title, self.b.title), key=len)
        return len(short) >= WITHIN and (
            self.title_begins or fuzz.partial_ratio(short, long, score_cutoff=NEAR) >= NEAR
        )

    @cached_property
    def title_long(self) -> bool:
        """The shorter title has at least 60 letters: hardly two reports share it."""
        return min(len(self.a.title), len(self.b.title)) >= LONG

    @cached_property
    def title_similar(self) -> bool:
        """Equal, near, or one a shortened form of the other."""
        return self.title_near or self.title_begins

    @cached_property
    def title_empty(self) -> bool:
        """At least one title is missing."""
        return not self.a.title or not self.b.title

    @cached_property
    def title_contradicts(self) -> bool:
        """Both titles are there and they have little in common."""
        if self.title_empty or self.title_begins or self.translated:
            return False
        return self.title_ratio < CONTRADICT

    @cached_property
    def translated(self) -> bool:
        """At least one source shows a translated title."""
        return self.a.translated or self.b.translated

    @cached_property
    def generic(self) -> bool:
        """A title names a column (editorial, reply), or is too short to identify a report.

        A short title does identify it together with two or more authors who are all the same.
        """
        if self.a.column or self.b.column:
            return True
        if not (self.a.short or self.b.short):
            return False
        return self.a.families != self.b.families or len(self.a.families) < 2

    @cached_property
    def numbers_differ(self) -> bool:
        """Each title states a number that the other does not."""
        ours, theirs = set(self.a.numbers), set(self.b.numbers)
        return bool(ours - theirs) and bool(theirs - ours)

    # ---- people
    @cached_property
    def first_author(self) -> Agreement:
        """Whether the first authors are one name, allowing for order, particles and misprints."""
        one, other = self.a.first_author, self.b.first_author
        if not one or not other:
            return UNKNOWN
        if one == other or one in self.b.first_author_parts or other in self.a.first_author_parts:
            return SAME
        short, long = sorted((one, other), key=len)
        if len(short) >= 4 and long.startswith(short):
            return SAME
        return SAME if len(short) >= 4 and fuzz.ratio(one, other) >= NAME else DIFFERENT

    @cached_property
    def authors_shared(self) -> float:
        """Share of the shorter author list that the other list holds too; 0 when one is empty."""
        ours, theirs = self.a.families, self.b.families
        if not ours or not theirs:
            return 0.0
        return len(ours & theirs) / min(len(ours), len(theirs))

    @cached_property
    def authors(self) -> Agreement:
        """First author agrees, or at least two authors and two thirds of the list do."""
        if self.first_author != DIFFERENT:
            return self.first_author
        shared = len(self.a.families & self.b.families)
        return SAME if shared >= 2 and self.authors_shared >= 0.66 else DIFFERENT

    # ---- print
    @cached_property
    def years_apart(self) -> int | None:
        """Difference of the years, ``None`` when one is unknown."""
        if self.a.year is None or self.b.year is None:
            return None
        return abs(self.a.year - self.b.year)

    def year_within(self, years: int) -> bool:
        """Both years are known and at most so far apart."""
        return self.years_apart is not None and self.years_apart <= years

    @cached_property
    def journal(self) -> Agreement:
        """By ISSN, else by name, abbreviation or initials."""
        if self.a.issns & self.b.issns:
            return SAME
        match same_journal(self.a.journal, self.b.journal):
            case None:
                return UNKNOWN
            case True:
                return SAME
            case _:
                return DIFFERENT

    @cached_property
    def volume(self) -> Agreement:
        """Volume numbers. A year in place of a volume says nothing against a volume."""
        agreement = _agree(self.a.volume, self.b.volume)
        if agreement == DIFFERENT and (_dated_volume(self.a) or _dated_volume(self.b)):
            return UNKNOWN
        return agreement

    @cached_property
    def issue(self) -> Agreement:
        """Issue numbers. Serial numbers and supplements against issues say nothing.

        A month agrees with the issue of its number and says nothing against another.
        """
        agreement = _agree(self.a.issue, self.b.issue)
        if agreement == DIFFERENT and not (_plain_issue(self.a) and _plain_issue(self.b)):
            months = self.a.issue.startswith("m") or self.b.issue.startswith("m")
            alike = self.a.issue.lstrip("m") == self.b.issue.lstrip("m")
            return SAME if months and alike else DIFFERENT if self.supplement_once else UNKNOWN
        return agreement

    @cached_property
    def supplement_once(self) -> bool:
        """One is in a supplement, the other in an issue, and their numbers have nothing in common.

        A supplement's number is often told as the issue, and the issue in a supplement's name.
        """
        one, other = sorted((self.a.issue, self.b.issue))
        number = other.removeprefix("s")
        named = other.startswith("s") and number != "" and one.isdecimal() and len(one) < 3
        return named and one not in number and number not in one

    @cached_property
    def page(self) -> Agreement:
        """First pages. An article number says nothing against a page number."""
        ours, theirs = self.a.pages, self.b.pages
        if ours.empty or theirs.empty:
            return UNKNOWN
        if set(ours.firsts) & set(theirs.firsts):
            return SAME
        if ours.print != theirs.print or _touch(ours.first, ours.last, theirs.first, theirs.last):
            return UNKNOWN
        return DIFFERENT

    @cached_property
    def whole_range(self) -> bool:
        """Both print the same range of at least three pages that does not start on page 1."""
        ours, theirs = self.a.pages, self.b.pages
        same = bool(ours.last) and (ours.first, ours.last) == (theirs.first, theirs.last)
        return same and ours.span >= 3 and ours.first != "1"

    @cached_property
    def one_range(self) -> bool:
        """Both print the same first and the same last page, two pages or more."""
        ours, theirs = self.a.pages, self.b.pages
        same = bool(ours.last) and (ours.first, ours.last) == (theirs.first, theirs.last)
        return same and ours.first != ours.last

    # ---- identifiers
    @cached_property
    def doi(self) -> Agreement:
        """DOIs."""
        return _agree(self.a.doi, self.b.doi)

    @cached_property
    def pmid(self) -> Agreement:
        """PubMed ids."""
        return _agree(self.a.pmid, self.b.pmid)

    @cached_property
    def accession(self) -> Agreement:
        """Accession numbers of one database; those of two databases are not compared."""
        ours, theirs = self.a.accession, self.b.accession
        if ours.partition(":")[0] != theirs.partition(":")[0]:
            return UNKNOWN
        return _agree(ours, theirs)

    @cached_property
    def registry(self) -> Agreement:
        """Trial registration numbers in title, journal or id."""
        ours, theirs = self.a.registry, self.b.registry
        if not ours or not theirs:
            return UNKNOWN
        return SAME if ours & theirs else DIFFERENT

    @cached_property
    def cochrane(self) -> Agreement:
        """Numbers of Cochrane reviews."""
        ours, theirs = self.a.cochrane, self.b.cochrane
        if not ours or not theirs:
            return UNKNOWN
        return SAME if ours & theirs else DIFFERENT

    # ---- documents
    @cached_property
    def place(self) -> bool:
        """The same journal, volume and first page."""
        return (self.journal, self.volume, self.page) == (SAME, SAME, SAME)

    @cached_property
    def markers_differ(self) -> frozenset[str]:
        """Markers (erratum, reply, comment …) that only one of the titles carries."""
        return self.a.markers ^ self.b.markers

    @cached_property
    def wrong_doi(self) -> bool:
        """One text under two DOIs of which one must be wrong: mistyped, or another journal's.

        Title, authors, year, page and abstract are the same. A journal and its foreign edition
        agree in all this too, so it takes more: DOIs that differ in two digits at most, or an
        article number in a record whose volume is mangled.
        """
        a, b = self.a, self.b
        one_text = (
            self.title_equal
            and a.families == b.families != frozenset()
            and self.years_apart == 0
            and (self.journal, self.page, self.abstract) == (SAME, SAME, SAME)
        )
        if self.doi != DIFFERENT or not one_text:
            return False
        mangled = not (a.pages.print or b.pages.print) and self.volume != SAME
        return mangled or _mistyped(a.doi, b.doi)

    @cached_property
    def other_abstract(self) -> bool:
        """Titles, abstracts and pages differ: reports of their own, however alike the titles."""
        return (self.abstract, self.page) == (DIFFERENT, DIFFERENT) and not self.title_equal

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of document named by the two records, where both name one."""
        if not self.a.kind or not self.b.kind:
            return frozenset()
        return frozenset((self.a.kind, self.b.kind))

    @cached_property
    def versions(self) -> bool:
        """Two versions of a report: abstract, preprint, registration or thesis against the paper.

        Also two issues of one Cochrane review, a paper that its journal printed again, and two
        abstracts of one group side by side in one supplement. Titles and authors agree.
        """
        if not self.title_near or self.generic or self.authors != SAME:
            return False
        if self._side_by_side:
            return True
        typed = len(self.kinds) == 2 and bool(self.kinds & VERSIONS)
        return self.title_equal and (self.cochrane == SAME or typed or self.printed_again)

    @cached_property
    def printed_again(self) -> bool:
        """Title, authors, journal and abstract are the same, the year within one."""
        return (
            self.title_equal
            and self.a.families == self.b.families != frozenset()
            and (self.journal, self.abstract) == (SAME, SAME)
            and self.year_within(1)
        )

    @cached_property
    def _side_by_side(self) -> bool:
        one, other = self.a.pages, self.b.pages
        if not (one.first.isdecimal() and other.first.isdecimal()) or one.last or other.last:
            return False
        near = abs(int(one.first) - int(other.first)) <= 1
        return near and self.journal == SAME and self.years_apart == 0 and self.authors_shared == 1

    @cached_property
    def abstract(self) -> Agreement:
        """Abstracts of at least 200 letters: same when one begins as the other does.

        Shorter ones are the same when they are equal in every letter and not a mere phrase.
        """
        short, long = sorted((self.a.abstract, self.b.abstract), key=len)
        if len(short) < 200:
            return SAME if len(short) >= PHRASE and short == long else UNKNOWN
        length = min(len(short), 600)
        return SAME if fuzz.ratio(short[:length], long[:length]) >= 90 else DIFFERENT


#: Above this an issue number is a running number of the journal or of a reference manager.
WEEKLY = 60


def _mistyped(doi: str, other: str) -> bool:
    """Tell whether the two differ in up to two digits and in nothing else."""
    alike = doi.translate(_NO_DIGITS) == other.translate(_NO_DIGITS)
    return alike and Levenshtein.distance(doi, other, score_cutoff=2) <= 2


def _dated_volume(record: Prepared) -> bool:
    return record.year is not None and record.volume == str(record.year)


def _plain_issue(record: Prepared) -> bool:
    return record.issue.isdecimal() and len(record.issue) < 9 and int(record.issue) <= WEEKLY


def _touch(first: str, last: str, other_first: str, other_last: str) -> bool:
    """Whether two printed ranges share a page."""
    if not (first.isdecimal() and other_first.isdecimal()):
        return False
    end = int(last) if last.isdecimal() else int(first)
    other_end = int(other_last) if other_last.isdecimal() else int(other_first)
    return int(first) <= other_end and int(other_first) <= end
