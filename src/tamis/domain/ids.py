"""Identifiers, as fixed in docs/reference/contracts.md section 1."""

from __future__ import annotations

import re

from tamis.domain.errors import BadInput

__all__ = [
    "ESTIMAND_IN_VISIT",
    "check_slug",
    "is_engine",
    "is_person",
    "quantity_id",
    "record_id",
    "slugify",
    "value_id",
]

SLUG = re.compile(r"[a-z0-9]+(?:[-.][a-z0-9]+)*\Z")

#: Estimands that do not describe the state at a visit stand beside it in a value's id, so that
#: "change by month 6" and "state at month 6" of one outcome are two cells (decision 0003).
ESTIMAND_IN_VISIT = frozenset({"ever", "best-by", "change"})


def check_slug(text: str, *, what: str) -> str:
    """Return ``text`` if it is a slug (``[a-z0-9]``, inner ``-`` and ``.``), else refuse it."""
    if not SLUG.match(text):
        raise BadInput(
            f"{what} {text!r} is not a slug",
            f"use lower-case letters, digits, '-' and '.', for example {slugify(text)!r}",
        )
    return text


def slugify(text: str) -> str:
    """Propose a slug for ``text``.

    Examples
    --------
    >>> slugify("24-h Proteinuria (g/24h)")
    '24-h-proteinuria-g-24h'
    """
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-") or "x"


def is_person(actor: str) -> bool:
    """Tell whether an actor is a person (``p-…``)."""
    return actor.startswith("p-")


def is_engine(actor: str) -> bool:
    """Tell whether an actor is an engine (``e-<name>-<version>``)."""
    return actor.startswith("e-")


def record_id(import_sha256: str, offset: int) -> str:
    """Return ``<import12>:<offset>``: the byte offset of the record's first byte.

    Examples
    --------
    >>> record_id("9f3c12ab" * 8, 120)
    '9f3c12ab9f3c:120'
    """
    return f"{import_sha256[:12]}:{offset}"


def value_id(
    *, study: str, outcome: str, visit: str, arm: str, statistic: str, estimand: str, n: int = 1
) -> str:
    """Return the id of one extracted value.

    Examples
    --------
    >>> value_id(study="deng2017", outcome="proteinuria", visit="m6", arm="msc",
    ...          statistic="mean", estimand="change")
    'v:deng2017/proteinuria/m6.change/msc/mean'
    """
    at = f"{visit}.{estimand}" if estimand in ESTIMAND_IN_VISIT else visit
    suffix = "" if n == 1 else f"#{n}"
    return f"v:{study}/{outcome}/{at}/{arm}/{statistic}{suffix}"


def quantity_id(kind: str, subject: str, field: str) -> str:
    """Return ``<kind>:<subject>#<field>``, for example ``flow:screened#n``."""
    return f"{kind}:{subject}#{field}"
