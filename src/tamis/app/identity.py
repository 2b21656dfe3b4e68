"""Who is writing: the actor of an event, when a command does not say."""

from __future__ import annotations

import getpass
import os

from tamis.domain.errors import BadInput
from tamis.domain.ids import check_slug, is_person, slugify

__all__ = ["person"]


def person(by: str = "") -> str:
    """Return the person who acts: ``by``, else ``TAMIS_ACTOR``, else the login name.

    Raises
    ------
    BadInput
        When the name is not ``p-`` and a slug.

    Examples
    --------
    >>> person("p-rev-a")
    'p-rev-a'
    """
    actor = by or os.environ.get("TAMIS_ACTOR", "") or f"p-{slugify(_login())}"
    check_slug(actor, what="the person")
    if not is_person(actor):
        raise BadInput(f"{actor!r} is no person", "people are written p-name, for example p-rev-a")
    return actor


def _login() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "me"
