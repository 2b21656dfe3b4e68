"""Synthesis: effect sizes, one study alone, pools, proportions, values per visit."""

from tamis.synthesis.choices import against_choice, choice_of
from tamis.synthesis.effect_sizes import effect_rows, effects
from tamis.synthesis.exact_table import Conditional, Tails, conditional
from tamis.synthesis.fit import Fit
from tamis.synthesis.inverse_variance import fit_rows, pool, pooled_of
from tamis.synthesis.measures import MEASURES, Measure
from tamis.synthesis.meta import MetaResult, MetaSettings, meta_analyse
from tamis.synthesis.metafor_script import metafor_script
from tamis.synthesis.multiverse import check_multiverse, run_multiverse
from tamis.synthesis.planned import check_plan, synthesise
from tamis.synthesis.proportions import pool_proportions
from tamis.synthesis.settings import (
    ENGINE_VERSION,
    EffectSettings,
    PoolSettings,
    ProportionSettings,
)
from tamis.synthesis.shares import clopper_pearson, newcombe, wilson
from tamis.synthesis.small_sample import one_study
from tamis.synthesis.small_study import asymmetry_of_synthesis
from tamis.synthesis.strata import (
    StrataFit,
    association_test,
    fit_strata,
    homogeneity_tests,
    pool_tables,
)

__all__ = [
    "ENGINE_VERSION",
    "MEASURES",
    "Conditional",
    "EffectSettings",
    "Fit",
    "Measure",
    "MetaResult",
    "MetaSettings",
    "PoolSettings",
    "ProportionSettings",
    "StrataFit",
    "Tails",
    "against_choice",
    "association_test",
    "asymmetry_of_synthesis",
    "check_multiverse",
    "check_plan",
    "choice_of",
    "clopper_pearson",
    "conditional",
    "effect_rows",
    "effects",
    "fit_rows",
    "fit_strata",
    "homogeneity_tests",
    "meta_analyse",
    "metafor_script",
    "newcombe",
    "one_study",
    "pool",
    "pool_proportions",
    "pool_tables",
    "pooled_of",
    "run_multiverse",
    "synthesise",
    "wilson",
]
