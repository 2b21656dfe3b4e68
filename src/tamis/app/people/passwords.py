"""Passwords: what one may be, and argon2id over it.

Length is the only rule of composition, as NIST SP 800-63B section 5.1.1.2 advises; the parameters
of argon2id are those that argon2-cffi recommends (RFC 9106, the profile for less memory).
"""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from tamis.domain.errors import BadInput, Conflict

__all__ = ["LONGEST", "SHORTEST", "Passwords", "check_password"]

#: In characters, after normalisation.
SHORTEST = 10
LONGEST = 1000

#: How many hashes are computed at once (each takes 64 MiB), and how long one waits for a turn.
AT_ONCE = 4
PATIENCE = 10.0


class Passwords:
    """Hashes passwords, and compares them in the same time whether there is a hash or not.

    Parameters
    ----------
    hasher
        With the parameters to use; older hashes are still understood, and renewed at log-in.
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._turns = threading.BoundedSemaphore(AT_ONCE)
        self._nobody = self._hasher.hash(b"the password of nobody")

    def hash(self, password: str) -> str:
        """Return the argon2id hash of a password, with a salt of its own.

        Raises
        ------
        Conflict
            When too many others wait.
        """
        with self._turn():
            return self._hasher.hash(_bytes(password))

    def matches(self, stored: str, password: str) -> bool:
        """Tell whether a password has this hash. Where there is none, one is compared all the same.

        Raises
        ------
        Conflict
            When too many others wait.
        """
        with self._turn():
            try:
                same = self._hasher.verify(stored or self._nobody, _bytes(password))
            except (VerificationError, InvalidHashError):
                return False
        return same and bool(stored)

    def is_outdated(self, stored: str) -> bool:
        """Tell whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(stored)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if not self._turns.acquire(timeout=PATIENCE):
            raise Conflict("too many people log in at this moment", "try again in a minute")
        try:
            yield
        finally:
            self._turns.release()


def check_password(password: str, *names: str) -> None:
    """Refuse a password that is too short, too long, or one of the names.

    Raises
    ------
    BadInput
        Saying which; never with the password in it.

    Examples
    --------
    >>> check_password("seven green sieves", "p-rev-a")
    """
    length = len(unicodedata.normalize("NFKC", password))
    if not SHORTEST <= length <= LONGEST:
        raise BadInput(
            f"a password has {SHORTEST} to {LONGEST} characters",
            "take a few words that nobody would put together",
        )
    if _letters(password) in {"", *map(_letters, names)}:
        raise BadInput(
            "a password is not one's name, and not blanks only",
            "take a few words that nobody would put together",
        )


def _letters(text: str) -> str:
    """Return what is left of a text when case, blanks and signs do not count."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    kept = "".join(c for c in folded if c.isalnum())
    return kept or "".join(folded.split())


def _bytes(password: str) -> bytes:
    """Return the same bytes for one password however a keyboard composes it."""
    return unicodedata.normalize("NFKC", password).encode("utf-8", "surrogatepass")
