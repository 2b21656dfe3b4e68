"""The normal-normal hierarchical model by deterministic integration: for few studies, and one."""

from tamis.synthesis.bayes.model import BayesResult, Posterior, bayes
from tamis.synthesis.bayes.prior_tables import rhodes, turner
from tamis.synthesis.bayes.priors import TauPrior, half_cauchy, half_normal, tau_prior
from tamis.synthesis.bayes.sensitivity import prior_sensitivity

__all__ = [
    "BayesResult",
    "Posterior",
    "TauPrior",
    "bayes",
    "half_cauchy",
    "half_normal",
    "prior_sensitivity",
    "rhodes",
    "tau_prior",
    "turner",
]
