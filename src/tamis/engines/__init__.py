"""Adapters to bigger machines: candidate pairs by SQL, on DuckDB or on Spark."""

from tamis.engines.duckdb import DuckDbPairs
from tamis.engines.features import Features
from tamis.engines.spark import SparkPairs

__all__ = ["DuckDbPairs", "Features", "SparkPairs"]
