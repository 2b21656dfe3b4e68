"""Room: query. Boolean search strategies, kept exactly as run."""

from tamis.query.strategy import read_strategy

__all__ = ["read_strategy"]
