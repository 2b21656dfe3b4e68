"""De-duplication: prepare, block, compare, decide, cluster. Nothing is ever dropped."""

from tamis.dedupe.clusters import cluster
from tamis.dedupe.engine import DedupeResult, deduplicate
from tamis.dedupe.following import Clustering
from tamis.dedupe.link_table import write_links
from tamis.dedupe.pair_table import read_pairs, write_pairs
from tamis.dedupe.related import (
    KINDS,
    LINKS,
    STATED,
    Link,
    ReportLink,
    Statement,
    between_reports,
    related,
)
from tamis.dedupe.rules import RULES, Rule
from tamis.dedupe.said import REASONS, reads_of
from tamis.dedupe.settings import ENGINE, ENGINE_VERSION, POLICIES, DedupeSettings
from tamis.dedupe.vetoes import VETOES, Veto

__all__ = [
    "ENGINE",
    "ENGINE_VERSION",
    "KINDS",
    "LINKS",
    "POLICIES",
    "REASONS",
    "RULES",
    "STATED",
    "VETOES",
    "Clustering",
    "DedupeResult",
    "DedupeSettings",
    "Link",
    "ReportLink",
    "Rule",
    "Statement",
    "Veto",
    "between_reports",
    "cluster",
    "deduplicate",
    "read_pairs",
    "reads_of",
    "related",
    "write_links",
    "write_pairs",
]
