"""Synthesis: effect sizes, one study alone, pools, proportions, values per visit."""

from tamis.synthesis.bayes import (
    BayesResult,
    Posterior,
    TauPrior,
    half_cauchy,
    half_normal,
    prior_sensitivity,
    rhodes,
    tau_prior,
    turner,
)
from tamis.synthesis.bootstrap_prediction import predict_by_bootstrap
from tamis.synthesis.choices import against_choice, choice_of
from tamis.synthesis.effect_sizes import effect_rows, effects
from tamis.synthesis.exact_table import Conditional, Tails, conditional
from tamis.synthesis.fit import Fit
from tamis.synthesis.heterogeneity import Heterogeneity, Measured, heterogeneity
from tamis.synthesis.inverse_variance import fit_rows, pool, pooled_of
from tamis.synthesis.many import Many, fit_many, fit_subsets
from tamis.synthesis.measures import MEASURES, Measure
from tamis.synthesis.meta import MetaResult, MetaSettings, meta_analyse
from tamis.synthesis.metafor_script import metafor_script
from tamis.synthesis.method_choice import plan
from tamis.synthesis.mixed import MixedFit, MixedSettings, fit_by_model, pool_by_model
from tamis.synthesis.multiverse import (
    AxisShare,
    DataSet,
    Multiverse,
    Options,
    Thresholds,
    axis_shares,
    check_multiverse,
    run_multiverse,
    statement_of,
)
from tamis.synthesis.planned import check_plan, synthesise
from tamis.synthesis.proportions import pool_proportions
from tamis.synthesis.regression.design import Design, design_of
from tamis.synthesis.regression.diagnostics import Diagnostics, diagnose, inflation
from tamis.synthesis.regression.formula import Formula, read_formula
from tamis.synthesis.regression.model import Coefficient, Prediction, RegressionResult, regress
from tamis.synthesis.regression.permutation import PermutationResult, permute
from tamis.synthesis.revman import RevManPool, pool_as_revman
from tamis.synthesis.score import (
    koopman,
    miettinen_nurminen_difference,
    miettinen_nurminen_odds_ratio,
    miettinen_nurminen_ratio,
)
from tamis.synthesis.sensitivity import (
    Influence,
    Shrunken,
    Step,
    baujat,
    cumulative,
    leave_one_out,
    shrink,
)
from tamis.synthesis.settings import (
    ENGINE_VERSION,
    EffectSettings,
    PoolSettings,
    ProportionSettings,
)
from tamis.synthesis.shares import (
    agresti_coull,
    clopper_pearson,
    newcombe,
    wald_corrected,
    wilson,
    wilson_corrected,
)
from tamis.synthesis.small_sample import one_study
from tamis.synthesis.small_study import (
    ASYMMETRY_TESTS,
    AsymmetryTest,
    FailSafe,
    Filled,
    Funnel,
    asymmetry,
    asymmetry_of_synthesis,
    asymmetry_of_tables,
    fail_safe,
    funnel,
    rank_test,
    regression_test,
    trim_and_fill,
)
from tamis.synthesis.strata import (
    StrataFit,
    association_test,
    fit_strata,
    homogeneity_tests,
    pool_tables,
)
from tamis.synthesis.tau2_profile import tau2_by_likelihood
from tamis.synthesis.without_pooling import summarise_without_pooling

__all__ = [
    "ASYMMETRY_TESTS",
    "ENGINE_VERSION",
    "MEASURES",
    "AsymmetryTest",
    "AxisShare",
    "BayesResult",
    "Coefficient",
    "Conditional",
    "DataSet",
    "Design",
    "Diagnostics",
    "EffectSettings",
    "FailSafe",
    "Filled",
    "Fit",
    "Formula",
    "Funnel",
    "Heterogeneity",
    "Influence",
    "Many",
    "Measure",
    "Measured",
    "MetaResult",
    "MetaSettings",
    "MixedFit",
    "MixedSettings",
    "Multiverse",
    "Options",
    "PermutationResult",
    "PoolSettings",
    "Posterior",
    "Prediction",
    "ProportionSettings",
    "RegressionResult",
    "RevManPool",
    "Shrunken",
    "Step",
    "StrataFit",
    "Tails",
    "TauPrior",
    "Thresholds",
    "against_choice",
    "agresti_coull",
    "association_test",
    "asymmetry",
    "asymmetry_of_synthesis",
    "asymmetry_of_tables",
    "axis_shares",
    "baujat",
    "check_multiverse",
    "check_plan",
    "choice_of",
    "clopper_pearson",
    "conditional",
    "cumulative",
    "design_of",
    "diagnose",
    "effect_rows",
    "effects",
    "fail_safe",
    "fit_by_model",
    "fit_many",
    "fit_rows",
    "fit_strata",
    "fit_subsets",
    "funnel",
    "half_cauchy",
    "half_normal",
    "heterogeneity",
    "homogeneity_tests",
    "inflation",
    "koopman",
    "leave_one_out",
    "meta_analyse",
    "metafor_script",
    "miettinen_nurminen_difference",
    "miettinen_nurminen_odds_ratio",
    "miettinen_nurminen_ratio",
    "newcombe",
    "one_study",
    "permute",
    "plan",
    "pool",
    "pool_as_revman",
    "pool_by_model",
    "pool_proportions",
    "pool_tables",
    "pooled_of",
    "predict_by_bootstrap",
    "prior_sensitivity",
    "rank_test",
    "read_formula",
    "regress",
    "regression_test",
    "rhodes",
    "run_multiverse",
    "shrink",
    "statement_of",
    "summarise_without_pooling",
    "synthesise",
    "tau2_by_likelihood",
    "tau_prior",
    "trim_and_fill",
    "turner",
    "wald_corrected",
    "wilson",
    "wilson_corrected",
]
