"""Makes clusters, votes and settlements for the tests beside it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tamis.domain.decisions import Settlement, Vote
from tamis.domain.question import Criterion, ScreeningRules
from tamis.domain.records import Cluster
from tamis.domain.results import ScreenState
from tamis.screening import Screening, screen

TITLES, TEXTS = "title-abstract", "full-text"
WORDS = {"I": "include", "M": "maybe", "E": "exclude", "R": "not-retrieved"}

CRITERIA = (
    Criterion(id="design", version=1, stage="both", kind="include", text="a trial", order=30),
    Criterion(id="population", version=1, stage="both", kind="include", text="lupus", order=10),
    Criterion(id="outcome", version=2, stage="both", kind="include", text="remission", order=20),
    Criterion(id="outcome", version=1, stage="both", kind="include", text="remission", order=99),
)


def clusters(*groups: str) -> tuple[Cluster, ...]:
    """Return one cluster a word, one record a letter: ``"ab"`` is records x:a and x:b."""
    return tuple(Cluster(records=names(group)) for group in groups)


def names(letters: str) -> tuple[str, ...]:
    """Return one record id a letter."""
    return tuple(f"x:{letter}" for letter in letters)


class Ballots:
    """Writes votes in order, each with its own event id."""

    def __init__(self) -> None:
        self.votes: list[Vote] = []

    def cast(
        self,
        who: str,
        word: str,
        on: str = "a",
        *,
        stage: str = TITLES,
        reason: str = "",
        criteria: tuple[tuple[str, str], ...] = (),
    ) -> str:
        """Add a vote and return its event id; ``word`` is a letter of ``WORDS``."""
        event = f"p-{who}.00000001/{len(self.votes) + 1}"
        self.votes.append(
            Vote(
                event=event, stage=stage, records=names(on), reviewer=f"p-{who}",
                decision=WORDS[word], reason=reason, criteria=criteria,
            )
        )  # fmt: skip
        return event


def settle(
    number: int,
    word: str,
    settles: Iterable[str],
    on: str = "a",
    *,
    stage: str = TITLES,
    reason: str = "",
) -> Settlement:
    """Return a consensus."""
    return Settlement(
        event=f"p-c.00000001/{number}", stage=stage, records=names(on), settles=tuple(settles),
        decision=WORDS.get(word, word), reason=reason, by="p-c",
    )  # fmt: skip


def run(
    groups: Sequence[Cluster],
    votes: Sequence[Vote],
    settlements: Sequence[Settlement] = (),
    *,
    n: int = 2,
    maybe: str = "include",
) -> Screening:
    """Screen under the usual criteria."""
    rules = ScreeningRules(reviewers_per_record=n, maybe_counts_as=maybe)
    return screen(groups, votes, settlements, rules=rules, criteria=CRITERIA)


def state(screening: Screening, cluster: str = "a", stage: str = TITLES) -> ScreenState:
    """Return a state that must be there."""
    found = screening.state(f"x:{cluster}", stage)
    assert found is not None
    return found
