"""Which pages there are: add the router of a new module under ``routes/`` here."""

from tamis.web.routes import (
    agreement,
    along,
    appraisal,
    certainty,
    claims,
    conflicts,
    documents,
    duplicates,
    entry,
    extraction,
    full_texts,
    home,
    imports,
    overview,
    preferences,
    protocol,
    results,
    screening,
    studies,
    team,
    vocabulary,
)
from tamis.web.routes.api.routers import ROUTERS as API_ROUTERS

__all__ = ["ROUTES"]

#: Every router, in the order of the steps.
ROUTES = (
    home.router,
    preferences.router,
    entry.router,
    team.router,
    overview.router,
    protocol.router,
    imports.router,
    duplicates.router,
    full_texts.router,
    documents.router,
    screening.router,
    conflicts.router,
    agreement.router,
    vocabulary.router,
    along.router,
    studies.router,
    extraction.router,
    appraisal.router,
    certainty.router,
    claims.router,
    results.router,
    *API_ROUTERS,
)
