"""Agreement of more than two raters: Fleiss' kappa."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from fractions import Fraction

from tamis.agreement.two_raters import FEWEST
from tamis.domain.errors import BadInput

__all__ = ["fleiss_kappa"]


def fleiss_kappa(ratings: Sequence[Sequence[str]]) -> float | None:
    """Return Fleiss' kappa of things that were each rated by the same number of people.

    Parameters
    ----------
    ratings
        For each of N things, the m ≥ 2 categories that it was given; who gave which plays no part.

    Returns
    -------
    float or None
        ``None`` when it is not estimable: nothing or one thing was rated, or all gave one category.

    Raises
    ------
    BadInput
        When things were rated by different numbers of people, or by fewer than two.

    Notes
    -----
    Fleiss 1971, equations 1 to 7: the mean share of agreeing pairs of ratings of a thing, against
    the sum of the squared shares of the categories.

    Examples
    --------
    >>> fleiss_kappa([("in", "in", "in"), ("out", "out", "out"), ("in", "in", "out")])
    0.55
    """
    sizes = {len(given) for given in ratings}
    if len(sizes) > 1 or any(size < 2 for size in sizes):
        raise BadInput(
            f"things were rated by {', '.join(map(str, sorted(sizes)))} people",
            "compare things that the same number of people rated, two or more",
        )
    if len(ratings) < FEWEST:
        return None
    m, n = sizes.pop(), len(ratings)
    counts = [Counter(given) for given in ratings]
    agreeing = sum(c * (c - 1) for count in counts for c in count.values())
    observed = Fraction(agreeing, n * m * (m - 1))
    totals = Counter(category for given in ratings for category in given)
    expected = sum((Fraction(c, n * m) ** 2 for c in totals.values()), Fraction(0))
    return None if expected == 1 else float((observed - expected) / (1 - expected))
