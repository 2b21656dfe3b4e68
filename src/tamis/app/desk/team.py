"""Who screens: the people of the protocol, and those who were invited since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tamis.app.people.permissions import may
from tamis.domain.question import TeamMember
from tamis.screening import SCREENERS

__all__ = ["idle", "team_of"]

#: What an invited person does whom the protocol does not name.
_INVITED = ("screening",)


def team_of(
    named: Sequence[TeamMember], members: Mapping[str, Sequence[str]]
) -> tuple[TeamMember, ...]:
    """Return the protocol's team and the members of the log that it does not name.

    An owner whom a protocol with a team leaves out does not screen.

    Examples
    --------
    >>> ann = TeamMember(id="p-ann", name="Ann", roles=("screening",))
    >>> found = team_of([ann], {"p-ann": ["owner"], "p-bob": ["reviewer"], "p-eve": ["guest"]})
    >>> [(person.id, person.name) for person in found]
    [('p-ann', 'Ann'), ('p-bob', 'bob')]
    """
    known = {person.id for person in named}
    added = (
        TeamMember(id=person, name=person.removeprefix("p-"), roles=_INVITED)
        for person, roles in sorted(members.items())
        if person not in known
        and any(may(role, "vote") for role in roles if not named or role != "owner")
    )
    return (*named, *added)


def idle(named: Sequence[TeamMember]) -> frozenset[str]:
    """Return the people whom the protocol gives other work than screening."""
    return frozenset(p.id for p in named if p.roles and SCREENERS.isdisjoint(p.roles))
