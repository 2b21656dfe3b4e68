"""The routers of the JSON for programs: add the one of a new module of this folder here."""

from __future__ import annotations

from tamis.web.routes.api import (
    appraisal,
    certainty,
    claims,
    conflicts,
    duplicates,
    extraction,
    full_texts,
    imports,
    protocol,
    results,
    reviews,
    screening,
    studies,
)

__all__ = ["ROUTERS"]

#: One router a step, in the order of the steps.
ROUTERS = (
    reviews.router,
    protocol.router,
    imports.router,
    duplicates.router,
    screening.router,
    conflicts.router,
    full_texts.router,
    studies.router,
    extraction.router,
    appraisal.router,
    certainty.router,
    claims.router,
    results.router,
)
