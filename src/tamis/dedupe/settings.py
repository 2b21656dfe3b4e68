"""Settings of a de-duplication run: a small serialisable value; nothing is random."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.errors import BadInput

__all__ = ["ENGINE", "ENGINE_VERSION", "POLICIES", "DedupeSettings"]

ENGINE = "dedupe"
ENGINE_VERSION = "1"

#: Whether the abstract, the preprint, the registration and the older version of a report are
#: separate reports (linked by people later) or copies of it.
POLICIES = ("versions-are-links", "versions-are-duplicates")


@dataclass(frozen=True, slots=True, kw_only=True)
class DedupeSettings:
    """How a run decides.

    Parameters
    ----------
    policy
        One of ``POLICIES``.
    block_cap
        Largest number of records that are compared all with all; a larger block is split by
        further keys and, if that does not help, walked with a window.
    window
        How many neighbours each record of such a block is compared with, in order of title.

    Raises
    ------
    BadInput
        For a policy that is not known, or a cap or window below 1.

    Examples
    --------
    >>> DedupeSettings().as_dict()
    {'policy': 'versions-are-links', 'block_cap': '200', 'window': '10'}
    """

    policy: str = "versions-are-links"
    block_cap: int = 200
    window: int = 10

    def __post_init__(self) -> None:
        if self.policy not in POLICIES:
            raise BadInput(
                f"{self.policy!r} is no de-duplication policy", f"use {' or '.join(POLICIES)}"
            )
        if self.block_cap < 1 or self.window < 1:
            raise BadInput("block_cap and window must be at least 1", "use the defaults 200 and 10")

    @property
    def versions_are_links(self) -> bool:
        """Whether versions of a report stay reports of their own."""
        return self.policy == "versions-are-links"

    def as_dict(self) -> dict[str, str]:
        """Return the settings as text, for the event of the run."""
        return {
            "policy": self.policy,
            "block_cap": str(self.block_cap),
            "window": str(self.window),
        }
