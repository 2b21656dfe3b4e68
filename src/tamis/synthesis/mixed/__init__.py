"""Generalised linear mixed models of counts: odds ratios, rate ratios, rates, proportions."""

from tamis.synthesis.mixed.models import MODELS, ROWS, MixedSettings
from tamis.synthesis.mixed.pool import MixedFit, fit_by_model, pool_by_model

__all__ = ["MODELS", "ROWS", "MixedFit", "MixedSettings", "fit_by_model", "pool_by_model"]
