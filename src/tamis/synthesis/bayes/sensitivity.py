"""What the prior does to the result: the same data under several priors of τ."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.results import EffectRow, Refusal
from tamis.synthesis.bayes.model import BayesResult, bayes
from tamis.synthesis.bayes.priors import TauPrior, half_cauchy, half_normal

__all__ = ["USUAL", "prior_sensitivity"]

#: Priors that are usual for log ratios, from sceptical to vague.
USUAL: tuple[TauPrior, ...] = (
    half_normal(0.25),
    half_normal(0.5),
    half_normal(1.0),
    half_cauchy(0.5),
)


def prior_sensitivity(
    rows: Sequence[EffectRow], *, priors: Sequence[TauPrior] = USUAL, level: str = "0.95"
) -> tuple[tuple[str, BayesResult | Refusal], ...]:
    """Return the result under each prior, by its name.

    Examples
    --------
    >>> rows = [EffectRow(study=s, y=y, v=0.1) for s, y in (("a", 0.1), ("b", 0.9))]
    >>> [name for name, _ in prior_sensitivity(rows)]
    ['half-normal(0.25)', 'half-normal(0.5)', 'half-normal(1)', 'half-Cauchy(0.5)']
    """
    return tuple(
        (prior.name, bayes(rows, prior=prior, level=level, shrinkage=False)) for prior in priors
    )
