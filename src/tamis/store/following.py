"""How a reader that has read a log before asks what is new: ``Mark``, ``Fresh``, ``Followed``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from tamis.domain.errors import ChainBroken, Place
from tamis.domain.events import Event

__all__ = ["Followed", "Fresh", "Mark", "refuse_missing"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """How far a chain was read: its head, and what proves cheaply that all before is as it was.

    ``length`` and ``prefix`` are the bytes read and their SHA-256; ``stamp`` changes whenever the
    file is written. A log that guards itself (a database with triggers) leaves them empty.
    """

    seq: int
    hash: str
    length: int = 0
    prefix: str = ""
    stamp: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fresh:
    """What is new in one chain.

    ``events`` are those behind the known mark. With ``whole`` they are all events of the chain,
    because what was known is no longer there byte for byte: somebody redacted, or altered it.
    """

    chain: str
    events: tuple[Event, ...]
    mark: Mark
    whole: bool = False


class Followed(Protocol):
    """A log that can be followed."""

    def since(self, known: Mapping[str, Mark], *, thorough: bool = False) -> Iterator[Fresh]:
        """Yield what is new in each chain; ``thorough`` trusts no stamp.

        Raises
        ------
        ChainBroken
            When a known chain is gone, or a chain does not hold.
        """
        ...


def refuse_missing(known: Mapping[str, Mark], present: Mapping[str, object], *, at: str) -> None:
    """Refuse a log in which a chain that was read before is no more.

    Raises
    ------
    ChainBroken
        Naming the first such chain; ``at`` is where it should be (``{}`` stands for its name).
    """
    for chain, mark in sorted(known.items()):
        if chain not in present:
            raise ChainBroken(
                f"the chain {chain} with its {mark.seq} acknowledged events is gone",
                "restore it from a copy of the review",
                where=Place(file=at.format(chain)),
            )
