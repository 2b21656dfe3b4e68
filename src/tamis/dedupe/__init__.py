"""De-duplication: prepare, block, compare, decide, cluster. Nothing is ever dropped."""

from tamis.dedupe.clusters import cluster
from tamis.dedupe.engine import DedupeResult, deduplicate
from tamis.dedupe.following import Clustering
from tamis.dedupe.pair_table import read_pairs, write_pairs
from tamis.dedupe.related import LINKS, Link, related
from tamis.dedupe.rules import RULES, Rule
from tamis.dedupe.settings import ENGINE, ENGINE_VERSION, POLICIES, DedupeSettings
from tamis.dedupe.vetoes import VETOES, Veto

__all__ = [
    "ENGINE",
    "ENGINE_VERSION",
    "LINKS",
    "POLICIES",
    "RULES",
    "VETOES",
    "Clustering",
    "DedupeResult",
    "DedupeSettings",
    "Link",
    "Rule",
    "Veto",
    "cluster",
    "deduplicate",
    "read_pairs",
    "related",
    "write_pairs",
]
