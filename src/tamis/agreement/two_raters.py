"""Agreement of two raters on one set of things, from their table of counts.

Every figure is a rational function of whole numbers and is computed as one (``Fraction``); only a
square root and the last step are floating point, so that perfect agreement has a standard error of
exactly 0 and "not estimable" is decided exactly.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import sqrt
from statistics import NormalDist

from tamis.domain.errors import BadInput
from tamis.domain.results import AgreementResult

__all__ = ["agree"]

Interval = tuple[float, float]

#: Things rated, below which chance agreement and so kappa cannot be estimated.
FEWEST = 2

#: Two-sided 95 %.
Z = NormalDist().inv_cdf(0.975)


def agree(
    pairs: Sequence[tuple[str, str]],
    *,
    subject: str,
    rater_1: str,
    rater_2: str,
    categories: Sequence[str],
    inputs: Sequence[str] = (),
    ordered: bool = False,
) -> AgreementResult:
    """Describe how far two raters agree.

    Parameters
    ----------
    pairs
        For each of N things, the category given by rater 1 and by rater 2.
    subject
        What was rated, for labels.
    rater_1, rater_2
        Who rated.
    categories
        The q ≥ 2 categories that could be given, used or not; of two, the first is *positive*.
    inputs
        Ids of the events the pairs come from.
    ordered
        Whether the categories are in an order; weighted kappa is given then.

    Returns
    -------
    AgreementResult
        Proportions and coefficients between -1 and 1 (``percent`` is the observed agreement as a
        proportion, 0 to 1); ``None`` where a figure is not estimable or, for positive and negative
        agreement, where there are not two categories.

    Raises
    ------
    BadInput
        For a category that is not declared, declared twice, or fewer than two.

    Notes
    -----
    - ``percent``: observed agreement p_o with Wilson's interval (Wilson 1927).
    - ``kappa``: Cohen 1960, (p_o - p_e) / (1 - p_e) with p_e from both marginals; its standard
      error is that of Fleiss, Cohen and Everitt 1969 for an interval (not for the test of 0),
      kappa ± 1.96 SE, cut at -1 and 1. Of one thing rated kappa is not estimable; the interval is
      not where a rater used one category only or the two never agreed (the variance comes out as
      0 without saying anything).
    - ``kappa_weighted``: Cohen 1968 with linear weights of disagreement; equal to kappa for
      two categories.
    - ``ac1``: Gwet 2008. ``pabak``: Byrt, Bishop and Carlin 1993, (q p_o - 1) / (q - 1).
    - ``positive``, ``negative``: Cicchetti and Feinstein 1990.

    Kappa falls when one category is rare though raters agree; print it with the others.

    Examples
    --------
    >>> pairs = ([("in", "in")] * 20 + [("in", "out")] * 5 + [("out", "in")] * 10
    ...          + [("out", "out")] * 15)
    >>> found = agree(pairs, subject="titles", rater_1="p-a", rater_2="p-b",
    ...               categories=("in", "out"))
    >>> found.percent, round(found.kappa, 4), round(found.kappa_se, 6), round(found.ac1, 4)
    (0.7, 0.4, 0.126996, 0.4059)
    """
    table = _Table.of(pairs, categories)
    kappa, variance = table.kappa(), table.kappa_variance()
    se = None if variance is None else sqrt(variance)
    return AgreementResult(
        subject=subject,
        rater_1=rater_1,
        rater_2=rater_2,
        n=table.n,
        table=tuple((a, b, table.counts[a, b]) for a in categories for b in categories),
        percent=_float(table.observed()),
        percent_ci=_wilson(table.agreeing, table.n),
        kappa=_float(kappa),
        kappa_se=se,
        kappa_ci=None if kappa is None or se is None else _around(kappa, se),
        ac1=_float(table.ac1()),
        pabak=_float(table.pabak()),
        positive=_float(table.specific(0)),
        negative=_float(table.specific(1)),
        inputs=tuple(inputs),
        kappa_weighted=_float(table.kappa_weighted()) if ordered else None,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """Counts by pair of categories, and the figures made of them."""

    categories: tuple[str, ...]
    counts: Mapping[tuple[str, str], int]
    n: int

    @classmethod
    def of(cls, pairs: Sequence[tuple[str, str]], categories: Sequence[str]) -> _Table:
        if len(set(categories)) < max(2, len(categories)):
            raise BadInput(
                f"the categories {', '.join(categories) or '(none)'} are not two different ones",
                "declare at least two categories, each once",
            )
        for rating in {rating for pair in pairs for rating in pair}:
            if rating not in categories:
                raise BadInput(
                    f"the rating {rating!r} is not declared",
                    f"use one of {', '.join(categories)}, or declare it",
                )
        return cls(categories=tuple(categories), counts=Counter(pairs), n=len(pairs))

    @property
    def agreeing(self) -> int:
        return sum(self.counts[k, k] for k in self.categories)

    def share(self, one: str, other: str) -> Fraction:
        return Fraction(self.counts[one, other], self.n)

    def first(self, category: str) -> Fraction:
        return sum((self.share(category, k) for k in self.categories), Fraction(0))

    def second(self, category: str) -> Fraction:
        return sum((self.share(k, category) for k in self.categories), Fraction(0))

    def observed(self) -> Fraction | None:
        return Fraction(self.agreeing, self.n) if self.n else None

    def expected(self) -> Fraction | None:
        """Return chance agreement from both marginals; ``None`` for an empty table."""
        if not self.n:
            return None
        return sum((self.first(k) * self.second(k) for k in self.categories), Fraction(0))

    def kappa(self) -> Fraction | None:
        observed, expected = self.observed(), self.expected()
        if self.n < FEWEST or observed is None or expected is None or expected == 1:
            return None
        return (observed - expected) / (1 - expected)

    def kappa_weighted(self) -> Fraction | None:
        """Return kappa with disagreements weighted by how far apart the categories stand."""
        if self.n < FEWEST:
            return None
        apart = [
            (abs(i - j), one, other)
            for i, one in enumerate(self.categories)
            for j, other in enumerate(self.categories)
        ]
        seen = sum((w * self.share(k, m) for w, k, m in apart), Fraction(0))
        chance = sum((w * self.first(k) * self.second(m) for w, k, m in apart), Fraction(0))
        return 1 - seen / chance if chance else None

    def kappa_variance(self) -> Fraction | None:
        """Return the large-sample variance of Fleiss, Cohen and Everitt 1969.

        It is 0 where a rater used one category only, or the two never agreed: that is no precision,
        and ``None``. Perfect agreement has a variance of 0.
        """
        kappa, expected = self.kappa(), self.expected()
        if kappa is None or expected is None:
            return None
        rest = 1 - kappa
        both = {k: self.first(k) + self.second(k) for k in self.categories}
        diagonal = sum(self.share(k, k) * (1 - both[k] * rest) ** 2 for k in self.categories)
        beside = sum(
            self.share(k, m) * (self.second(k) + self.first(m)) ** 2
            for k in self.categories
            for m in self.categories
            if k != m
        )
        square = (kappa - expected * rest) ** 2
        variance = (diagonal + rest**2 * beside - square) / (self.n * (1 - expected) ** 2)
        return variance if variance > 0 or kappa == 1 else None

    def ac1(self) -> Fraction | None:
        observed = self.observed()
        if observed is None:
            return None
        means = [(self.first(k) + self.second(k)) / 2 for k in self.categories]
        expected = sum((p * (1 - p) for p in means), Fraction(0)) / (len(means) - 1)
        return (observed - expected) / (1 - expected)

    def pabak(self) -> Fraction | None:
        observed, q = self.observed(), len(self.categories)
        return None if observed is None else (q * observed - 1) / (q - 1)

    def specific(self, which: int) -> Fraction | None:
        """Return the agreement on one of two categories, ``None`` if neither rater used it."""
        if len(self.categories) != 2:
            return None
        k = self.categories[which]
        twice = 2 * self.counts[k, k]
        either = twice + self.n - self.agreeing
        return Fraction(twice, either) if either else None


def _wilson(events: int, n: int) -> Interval | None:
    if n == 0:
        return None
    share, square = events / n, Z * Z
    middle = (share + square / (2 * n)) / (1 + square / n)
    half = Z / (1 + square / n) * sqrt(share * (1 - share) / n + square / (4 * n * n))
    low = 0.0 if events == 0 else middle - half
    high = 1.0 if events == n else middle + half
    return low, high


def _around(kappa: Fraction, se: float) -> Interval:
    """Return the normal interval, cut where kappa cannot go (it lies between -1 and 1)."""
    return max(-1.0, float(kappa) - Z * se), min(1.0, float(kappa) + Z * se)


def _float(number: Fraction | None) -> float | None:
    return None if number is None else float(number)
