"""Who screens which report: drawn from the seed and the report's id, the same everywhere.

Each person has, for each report, a number that follows from seed, report and person alone; the
people with the smallest numbers screen it (rendezvous hashing). A person who joins or leaves the
team therefore moves only their own part of the work. A vote that was cast keeps its place: only
the empty places of a report are filled anew.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log
from types import MappingProxyType

from tamis.domain.errors import BadInput
from tamis.domain.question import ScreeningRules, TeamMember

__all__ = ["MODES", "Allocation", "draw_number", "screeners"]

#: Roles in [[team]] that screen; somebody without roles does everything.
SCREENERS = frozenset({"screening", "reviewer"})

#: Modes in which everybody may take a report as long as it has a free place.
OPEN_MODES = ("one", "any-two", "all")

_WHOLE = 2.0**64


def draw_number(seed: int, *what: str) -> float:
    """Return a number in (0, 1) that depends on the seed and the words alone.

    Examples
    --------
    >>> draw_number(1, "x:0", "p-a") == draw_number(1, "x:0", "p-a")
    True
    >>> 0 < draw_number(1, "x:0") < 1
    True
    """
    text = "\n".join((str(seed), *what)).encode()
    whole = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")
    return (whole + 0.5) / (_WHOLE + 1)


def screeners(team: Iterable[TeamMember]) -> tuple[str, ...]:
    """Return the ids of those of a team who screen."""
    return tuple(
        person.id for person in team if not person.roles or not SCREENERS.isdisjoint(person.roles)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Allocation:
    """The rules of a team: who may vote on a report.

    Parameters
    ----------
    rules
        ``allocation``, ``reviewers_per_record``, ``seed``, and ``pairs``, ``shares`` or
        ``seniors`` for the modes that need them.
    team
        Ids of those who screen.

    Raises
    ------
    BadInput
        For a mode that is not known, or whose people are not named or too few.

    Examples
    --------
    >>> allocation = Allocation(rules=ScreeningRules(allocation="share",
    ...                         shares=(("p-a", 1), ("p-b", 1), ("p-c", 2))), team=())
    >>> len(allocation.people("x:0")), allocation.people("x:0") == allocation.people("x:0")
    (2, True)
    """

    rules: ScreeningRules
    team: tuple[str, ...]

    def __post_init__(self) -> None:
        check = _CHECKS.get(self.rules.allocation)
        if check is None:
            raise BadInput(
                f"{self.rules.allocation!r} is no way to allocate",
                f"set [screening] allocation to one of {', '.join(MODES)}",
            )
        check(self)

    @property
    def needed(self) -> int:
        """How many people screen a report."""
        return self.rules.reviewers_per_record

    @property
    def is_open(self) -> bool:
        """Whether whoever comes first takes a place, so that places must be kept by leases."""
        return self.rules.allocation in OPEN_MODES

    def people(self, cluster: str, voted: Iterable[str] = ()) -> tuple[str, ...]:
        """Return who may vote on a report, in the order in which they were drawn.

        Parameters
        ----------
        voted
            Who has voted on it already: they keep their places.

        Notes
        -----
        In open modes everybody of the team may, until ``needed`` people have; in mode ``all``
        everybody may even then.
        """
        before = tuple(dict.fromkeys(voted))
        if self.rules.allocation == "all":
            return tuple(dict.fromkeys((*before, *self.team)))
        if self.is_open:
            rest = self.team if len(before) < self.needed else ()
            return tuple(dict.fromkeys((*before, *rest)))
        drawn = MODES[self.rules.allocation](self, cluster)
        if set(before) <= set(drawn):
            return drawn
        others = [person for person in drawn if person not in before]
        free = max(0, self.needed - len(before))
        return (*before, *others[:free])

    def may_vote(self, person: str, cluster: str, voted: Iterable[str] = ()) -> bool:
        """Tell whether a person has, or may take, a place on a report."""
        return person in self.people(cluster, voted)

    def ranked(self, cluster: str, people: Iterable[str]) -> list[str]:
        """Return people in the order in which they are drawn for a report."""
        seed = self.rules.seed
        return sorted(people, key=lambda who: (draw_number(seed, cluster, who), who))

    def pick(self, cluster: str, groups: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
        """Return the group that is drawn for a report."""
        seed = self.rules.seed
        return min(groups, key=lambda group: (draw_number(seed, cluster, *group), group))


def _open(allocation: Allocation, cluster: str) -> tuple[str, ...]:
    del cluster
    return allocation.team


def _pairs(allocation: Allocation, cluster: str) -> tuple[str, ...]:
    return allocation.pick(cluster, allocation.rules.pairs)


def _rotating(allocation: Allocation, cluster: str) -> tuple[str, ...]:
    groups = tuple(combinations(sorted(allocation.team), allocation.needed))
    return allocation.pick(cluster, groups)


def _share(allocation: Allocation, cluster: str) -> tuple[str, ...]:
    """Draw without replacement in proportion to the weights (Efraimidis and Spirakis 2006)."""
    seed = allocation.rules.seed
    keys = sorted(
        (-log(draw_number(seed, cluster, who)) / weight, who)
        for who, weight in allocation.rules.shares
        if weight > 0
    )
    return tuple(who for _, who in keys[: allocation.needed])


def _senior(allocation: Allocation, cluster: str) -> tuple[str, ...]:
    """Draw one senior, then the rest from everybody else."""
    first = allocation.ranked(cluster, allocation.rules.seniors)[0]
    others = allocation.ranked(cluster, {*allocation.team, *allocation.rules.seniors} - {first})
    return (first, *others[: allocation.needed - 1])


#: Mode -> who is drawn for a report. Read aloud with the docstring of ``ScreeningRules``.
MODES: Mapping[str, Callable[[Allocation, str], tuple[str, ...]]] = MappingProxyType(
    {
        "one": _open,
        "any-two": _open,
        "pairs": _pairs,
        "rotating-pairs": _rotating,
        "share": _share,
        "senior": _senior,
        "all": _open,
    }
)


def _nothing(allocation: Allocation) -> None:
    del allocation


def _check_pairs(allocation: Allocation) -> None:
    wrong = [p for p in allocation.rules.pairs if len(set(p)) != allocation.needed or len(p) < 1]
    if wrong or not allocation.rules.pairs:
        raise BadInput(
            f"allocation by pairs needs groups of {allocation.needed} different people",
            'write [screening] pairs = [["p-a", "p-b"], …] with reviewers_per_record names each',
        )


def _check_team(allocation: Allocation) -> None:
    if len(set(allocation.team)) < allocation.needed:
        raise BadInput(
            f"{len(set(allocation.team))} people cannot give {allocation.needed} votes a record",
            "add the reviewers to [[team]], or lower reviewers_per_record",
        )


def _check_shares(allocation: Allocation) -> None:
    named = [who for who, _ in allocation.rules.shares]
    some = {who for who, weight in allocation.rules.shares if weight > 0}
    if len(some) < allocation.needed or len(named) != len(set(named)):
        raise BadInput(
            f"allocation by shares needs weights above 0 for {allocation.needed} people or more",
            "write [screening] shares = { p-a = 2, p-b = 1 }",
        )
    if any(weight < 0 for _, weight in allocation.rules.shares):
        raise BadInput("a share is below 0", "write 0 for somebody who pauses")


def _check_seniors(allocation: Allocation) -> None:
    if not allocation.rules.seniors:
        raise BadInput(
            "allocation with a senior names no seniors", 'write [screening] seniors = ["p-a"]'
        )
    people = {*allocation.team, *allocation.rules.seniors}
    if len(people) < allocation.needed:
        raise BadInput(
            f"{len(people)} people cannot give {allocation.needed} votes a record",
            "add the reviewers to [[team]], or lower reviewers_per_record",
        )


_CHECKS: Mapping[str, Callable[[Allocation], None]] = MappingProxyType(
    {
        "one": _nothing,
        "any-two": _nothing,
        "pairs": _check_pairs,
        "rotating-pairs": _check_team,
        "share": _check_shares,
        "senior": _check_seniors,
        "all": _nothing,
    }
)
