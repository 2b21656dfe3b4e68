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
from tamis.synthesis.many import fit_many
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
from tamis.synthesis.shares import clopper_pearson, newcombe, wilson
from tamis.synthesis.small_sample import one_study
from tamis.synthesis.small_study import (
    ASYMMETRY_TESTS,
    AsymmetryTest,
    Filled,
    asymmetry,
    asymmetry_of_synthesis,
    asymmetry_of_tables,
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
    "Conditional",
    "DataSet",
    "EffectSettings",
    "Filled",
    "Fit",
    "Heterogeneity",
    "Influence",
    "Measure",
    "Measured",
    "MetaResult",
    "MetaSettings",
    "MixedFit",
    "MixedSettings",
    "Multiverse",
    "Options",
    "PoolSettings",
    "Posterior",
    "ProportionSettings",
    "Shrunken",
    "Step",
    "StrataFit",
    "Tails",
    "TauPrior",
    "Thresholds",
    "against_choice",
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
    "effect_rows",
    "effects",
    "fit_by_model",
    "fit_many",
    "fit_rows",
    "fit_strata",
    "half_cauchy",
    "half_normal",
    "heterogeneity",
    "homogeneity_tests",
    "leave_one_out",
    "meta_analyse",
    "metafor_script",
    "newcombe",
    "one_study",
    "plan",
    "pool",
    "pool_by_model",
    "pool_proportions",
    "pool_tables",
    "pooled_of",
    "predict_by_bootstrap",
    "prior_sensitivity",
    "rank_test",
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
    "wilson",
]
