"""The routers of the JSON for programs: add the one of a new module of this folder here."""

from __future__ import annotations

from tamis.web.routes.api import (
    along,
    appraisal,
    certainty,
    claims,
    conflicts,
    duplicates,
    extraction,
    filters,
    full_texts,
    imports,
    protocol,
    results,
    reviews,
    screening,
    studies,
    team,
)

__all__ = ["ROUTERS"]

#: One router a step, in the order of the steps.
ROUTERS = (
    reviews.router,
    protocol.router,
    imports.router,
    duplicates.router,
    screening.router,
    filters.router,
    conflicts.router,
    full_texts.router,
    studies.router,
    extraction.router,
    appraisal.router,
    certainty.router,
    claims.router,
    results.router,
    along.router,
    team.router,
)
