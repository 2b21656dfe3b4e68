"""What a person, a role and a review on a server may be called."""

from __future__ import annotations

import unicodedata

from tamis.app.people.permissions import EVERYWHERE, ROLES
from tamis.app.people.sign_in import log_in_name
from tamis.domain.errors import BadInput
from tamis.domain.ids import check_slug, slugify

__all__ = ["check_name", "check_review", "check_role", "slug_of"]

#: Characters that no name shows: controls, format and bidi marks, surrogates, line separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


def check_role(role: str) -> None:
    """Refuse what is no role."""
    if role not in ROLES:
        raise BadInput(f"there is no role {role!r}", f"the roles are {', '.join(ROLES)}")


def check_review(review: str) -> None:
    """Refuse what can be no review; ``*`` is all of them."""
    if review != EVERYWHERE:
        check_slug(review, what="the review")


def check_name(name: str) -> str:
    """Return the name of a person as it is shown."""
    shown = " ".join(unicodedata.normalize("NFC", name).split())
    if not 1 <= len(shown) <= 80 or any(unicodedata.category(c) in _UNSEEN for c in shown):
        raise BadInput("a name has 1 to 80 characters that can be seen", "write the name again")
    return shown


def slug_of(wanted: str) -> str:
    """Return the person that a wanted log-in name makes."""
    if not any(c.isascii() and c.isalnum() for c in wanted):
        raise BadInput(
            "a log-in name is needed beside this name",
            "choose one of the letters a to z and digits, for example wang-fang",
        )
    slug = log_in_name(slugify(wanted))
    if not 4 <= len(slug) <= 42:
        raise BadInput("a log-in name has 2 to 40 letters and digits", "choose another one")
    return slug
