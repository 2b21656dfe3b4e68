"""Words that a reader may not know, each said once in plain words; printed where it is used."""

from __future__ import annotations

from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.phrase import Piece

__all__ = ["glossary"]

#: Term -> what it means here.
TERMS: tuple[tuple[str, str], ...] = (
    ("Record", "a citation as one database gave it; several records can cite one report"),
    ("Report", "a document about a study: an article, a congress abstract, a registration"),
    ("Study", "an investigation of people; several reports can be about one study"),
    ("Cluster", "the records that were put together because they cite the same report"),
    ("Comparator", "what the other group of a study was given: placebo or usual treatment"),
    ("Single-arm study", "a study in which everybody gets the treatment; without another group it "
     "cannot tell what would have happened otherwise"),
    ("Estimand", "exactly what is counted, and when: the five kinds follow"),
    ("ever", "reached at any time up to the visit, even if lost again"),
    ("point", "present at the visit itself"),
    ("best-by", "the best state that a person reached up to the visit"),
    ("change", "the difference between the visit and the person’s own baseline"),
    ("follow-up", "the value at the visit, whatever it was at the start"),
    ("Risk difference", "the risk in one group minus the risk in the other; zero means that both "
     "are alike"),
    ("Risk ratio, odds ratio", "the risk (or odds) in one group divided by that in the other; one "
     "means that both are alike"),
    ("Mean difference", "the average in one group minus the average in the other"),
    ("CI", "confidence interval: the range of effects that the data are compatible with at the "
     "stated level; a wide one says little"),
    ("Pool", "one summary of several studies; one study alone is never called a pool"),
    ("Certainty", "how far a body of evidence can be trusted after GRADE: high, moderate, low or "
     "very low, with the symbols ⊕⊕⊕⊕ to ⊕◯◯◯"),
    ("Risk of bias", "how far the way a study was done may have bent its result"),
    ("TIDieR", "a checklist of the facts that let others repeat a treatment"),
)  # fmt: skip

#: Terms whose own name holds a digit.
HETEROGENEITY = (
    ("I²", "the share of the spread between studies that chance does not explain, in per cent"),
    ("τ²", "the spread of true effects between studies"),
)


def glossary(book: Book) -> tuple[tuple[Piece, Piece], ...]:
    """Return (term, meaning); the words of heterogeneity only where something was pooled."""
    found: list[tuple[Piece, Piece]] = list(TERMS)
    if any(s.pooled is not None for s in book.content.syntheses):
        found += [(literal(term, "label"), words) for term, words in HETEROGENEITY]
    return tuple(found)
