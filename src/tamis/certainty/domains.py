"""The eight GRADE domains, and how far each may move the certainty of a body of evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.errors import BadInput

__all__ = ["DOMAINS", "START", "GradeDomain", "check_change"]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeDomain:
    """One domain: its label, and the changes of level that a person may decide."""

    id: str
    label: str
    changes: tuple[int, ...]

    @property
    def raises(self) -> bool:
        """Whether it is a reason to rate up."""
        return max(self.changes) > 0


#: Read aloud: five reasons to rate down, three to rate up (GRADE guidelines 4 to 9; imprecision by
#: three levels: GRADE guidance 34, 2022).
DOMAINS: Mapping[str, GradeDomain] = MappingProxyType(
    {
        domain.id: domain
        for domain in (
            GradeDomain(id="risk-of-bias", label="risk of bias", changes=(0, -1, -2)),
            GradeDomain(id="inconsistency", label="inconsistency", changes=(0, -1, -2)),
            GradeDomain(id="indirectness", label="indirectness", changes=(0, -1, -2)),
            GradeDomain(id="imprecision", label="imprecision", changes=(0, -1, -2, -3)),
            GradeDomain(id="publication-bias", label="publication bias", changes=(0, -1, -2)),
            GradeDomain(id="large-effect", label="large effect", changes=(0, 1, 2)),
            GradeDomain(id="dose-response", label="dose-response", changes=(0, 1)),
            GradeDomain(
                id="opposing-confounding",
                label="confounding that would have hidden the effect",
                changes=(0, 1),
            ),
        )
    }
)

#: Levels from which a body of each design may start (GRADE guidelines 3; Schünemann 2019 for
#: comparisons without randomisation that are appraised by ROBINS-I; single arms: the protocol says
#: low or very low).
START: Mapping[str, tuple[int, ...]] = MappingProxyType(
    {
        "randomised": (4,),
        "non-randomised": (4, 2),
        "single-arm": (2, 1),
        "case-series": (2, 1),
    }
)


def check_change(domain_id: str, change: int) -> None:
    """Refuse an unknown domain, or a change of level that the domain does not allow.

    Examples
    --------
    >>> check_change("imprecision", -3)
    """
    domain = DOMAINS.get(domain_id)
    if domain is None:
        raise BadInput(f"{domain_id!r} is no GRADE domain", f"use one of {', '.join(DOMAINS)}")
    if change not in domain.changes:
        raise BadInput(
            f"{domain.label} cannot change the certainty by {change:+d}",
            f"use one of {', '.join(str(c) for c in domain.changes)}",
        )
