"""What people decided about pairs of records, deed by deed: one deed may judge several pairs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tamis.domain.errors import BadInput
from tamis.domain.events import Draft, Event

__all__ = ["TAKEN_BACK", "Deed", "Deeds", "Word", "drafts_of", "pair_of", "reason_of"]

Pair = tuple[str, str]

#: The reason of a decision that takes an earlier one back begins so; the event follows.
TAKEN_BACK = "taken back: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One person's decision about one pair."""

    event: str
    a: str
    b: str
    decision: str
    by: str
    at: str
    reason: str

    @property
    def pair(self) -> Pair:
        """The two records, the smaller id first."""
        return self.a, self.b

    @property
    def takes_back(self) -> str:
        """The event that it takes back, or an empty text."""
        return self.reason.removeprefix(TAKEN_BACK) if self.reason.startswith(TAKEN_BACK) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """Decisions that one person made with one press of a button."""

    words: tuple[Word, ...]

    @property
    def by(self) -> str:
        """Who did it."""
        return self.words[0].by

    @property
    def at(self) -> str:
        """When."""
        return self.words[0].at

    @property
    def is_undo(self) -> bool:
        """Whether it takes another deed back."""
        return bool(self.words[0].takes_back)


class Deeds:
    """Every pair decision of the log, in order.

    A decision that takes another one back uncovers what stood before it: per pair the decisions
    lie on a pile, and an undo takes the top one away.
    """

    def __init__(self) -> None:
        self._words: list[Word] = []
        self._last: dict[Pair, Word] = {}
        self._piles: dict[Pair, list[Word]] = {}

    def take(self, events: Iterable[Event]) -> None:
        """Follow new events."""
        for event in events:
            if event.kind == "pair_decided.v1" and event.body is not None:
                self._add(_word(event, event.body))

    def _add(self, word: Word) -> None:
        self._words.append(word)
        self._last[word.pair] = word
        pile = self._piles.setdefault(word.pair, [])
        if pile and pile[-1].event == word.takes_back:
            pile.pop()
        else:
            pile.append(word)

    @property
    def count(self) -> int:
        """How many decisions there are, those that were taken back among them."""
        return len(self._words)

    def newest(self, pair: Pair) -> str:
        """Return the event that was written last about a pair; empty when none was."""
        return self._last[pair].event if pair in self._last else ""

    def of(self, pair: Pair) -> Word | None:
        """Return the decision that stands on a pair, what was taken back aside."""
        pile = self._piles.get(pair)
        return pile[-1] if pile else None

    def before(self, word: Word) -> Word | None:
        """Return what stood on a pair before the decision that stands now."""
        pile = self._piles.get(word.pair, [])
        return pile[-2] if len(pile) > 1 else None

    def standing(self) -> Iterator[Word]:
        """Yield the decision that stands on each pair."""
        return (pile[-1] for pile in self._piles.values() if pile)

    def all(self) -> tuple[Deed, ...]:
        """Return every deed, the newest first."""
        groups: list[list[Word]] = []
        for word in self._words:
            if groups and _one_deed(groups[-1][-1], word):
                groups[-1].append(word)
            else:
                groups.append([word])
        return tuple(Deed(words=tuple(group)) for group in reversed(groups))

    def last_of(self, person: str) -> Deed | None:
        """Return a person's last deed that was not taken back."""
        back = {word.takes_back for word in self._words}
        mine = (deed for deed in self.all() if deed.by == person and not deed.is_undo)
        return next((d for d in mine if all(w.event not in back for w in d.words)), None)

    def undone(self) -> frozenset[str]:
        """Return the events that were taken back."""
        return frozenset(word.takes_back for word in self._words) - {""}


def _one_deed(one: Word, other: Word) -> bool:
    """Tell whether two words in a row were said at once."""
    return (one.by, one.at, bool(one.takes_back)) == (other.by, other.at, bool(other.takes_back))


def _word(event: Event, body: Mapping[str, object]) -> Word:
    a, b = sorted((str(body["a"]), str(body["b"])))
    return Word(
        event=event.id,
        a=a,
        b=b,
        decision=str(body["decision"]),
        by=event.actor,
        at=event.at,
        reason=str(body.get("reason", "")),
    )


def drafts_of(person: str, said: Iterable[tuple[Pair, str, str]], *, at: str) -> tuple[Draft, ...]:
    """Return the events of one deed: pair, decision and reason, all of one moment."""
    return tuple(
        Draft(
            actor=person,
            kind="pair_decided.v1",
            subject=a,
            body={"a": a, "b": b, "decision": decision, "reason": reason},
            at=at,
        )
        for (a, b), decision, reason in said
    )


def pair_of(a: str, b: str) -> Pair:
    """Return two records with the smaller id first.

    Raises
    ------
    BadInput
        When they are one record.
    """
    if a == b:
        raise BadInput("these are one record", "choose two different records")
    return (a, b) if a < b else (b, a)


def reason_of(text: str) -> str:
    """Return a reason as it is recorded; only an undo may begin with its mark.

    Examples
    --------
    >>> reason_of(" read  both ")
    'read both'
    """
    shown = " ".join(text.split())
    return f"“{shown}”" if shown.startswith(TAKEN_BACK) else shown
