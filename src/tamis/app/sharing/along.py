"""A review taken along: one person's own part as an archive, worked on elsewhere, brought back.

The archive holds the protocol, the imported records and what everybody of a review may know at
once (``activity.OPEN``); of verdicts, values, judgements and notes it holds the carrier's own and
nobody else's. A chain of another person is cut before the first event that is not everybody's: an
event without its body would keep a hash, and a verdict can be guessed from its hash. What stands
behind the cut is counted, so that the carrier knows what is not there.

The carrier's own events name the ends of the other chains at their moment (``seen``: a number and
the first 12 digits of a hash). So it shows that others work; and the digits could confirm a guess
of a whole line, its millisecond included, but tell nothing by themselves.
"""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from types import MappingProxyType

from tamis.app.activity import OPEN
from tamis.app.live import LiveReview
from tamis.app.ports import SystemClock
from tamis.app.review import Review, write_outside
from tamis.app.sharing.brought import check_brought
from tamis.domain.errors import BadInput
from tamis.domain.events import Event
from tamis.domain.ids import is_person
from tamis.store import FolderLog, Limits, Merged, merge, pack, unpack

__all__ = ["Along", "Brought", "bring_back", "look_along", "merge_archive", "take_along"]

#: Kinds whose loss in the copy the carrier should hear of, and the word for each.
TOLD: Mapping[str, str] = MappingProxyType(
    {"batch_imported.v1": "imports", "protocol_amended.v1": "amendments",
     "pair_decided.v1": "pairs"}
)  # fmt: skip

#: A log and the files of a copy are small: what would be larger is no copy of a review.
_LIMITS = Limits(files=20_000, size=512 * 2**20, ratio=100, small=2**16, whole=50)

_ARCHIVE = "along.tamis.zip"


@dataclass(frozen=True, slots=True, kw_only=True)
class Along:
    """What a copy for one person holds: events, own verdicts, and what is not in it, by word."""

    events: int
    own: int
    lacking: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brought:
    """What was brought back: new events, and how many of them are verdicts."""

    events: int
    verdicts: int


def look_along(live: LiveReview, viewer: str) -> Along:
    """Tell what a copy for the viewer would hold, and what would not be in it."""
    with live.locked():
        every = live.review.events()
    kept = _own_part(every, viewer)
    names = {event.id for event in kept}
    lacking = [TOLD[e.kind] for e in every if e.kind in TOLD and e.id not in names]
    return Along(
        events=len(kept),
        own=sum(e.actor == viewer and e.kind == "screened.v1" for e in kept),
        lacking={word: lacking.count(word) for word in TOLD.values() if word in lacking},
    )


def take_along(review: Review, viewer: str) -> bytes:
    """Return the viewer's part of a review as an archive that ``tamis unpack`` opens.

    Raises
    ------
    BadInput
        When the viewer is no person.
    """
    if not is_person(viewer):
        raise BadInput(f"{viewer!r} is no person", "name one: p-name")
    kept = _own_part(review.events(), viewer)
    with tempfile.TemporaryDirectory(prefix="tamis-") as place:
        folder = Path(place) / "copy"
        (folder / "log").mkdir(parents=True)
        FolderLog(folder, replica="", clock=SystemClock()).absorb(kept)
        for name in _files(review, kept):
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            write_outside(folder / name, review.read_bytes(name))
        return pack(folder, Path(place) / _ARCHIVE).archive.read_bytes()


def bring_back(live: LiveReview, viewer: str, data: bytes, *, everything: bool) -> Brought:
    """Unite a review with what was done in a copy of it.

    Parameters
    ----------
    viewer
        Whose work it is.
    everything
        Take over whatever the copy has, as ``tamis merge`` does: for who has the whole log anyhow.
        Else the viewer's own verdicts, tags and notes, and nothing that somebody else is said to
        have done; what engines computed there is computed here again.

    Raises
    ------
    BadInput
        When the file is no archive of this review.
    RuleBroken
        When the copy holds what its carrier could not have done (see ``brought``).
    """
    with tempfile.TemporaryDirectory(prefix="tamis-") as place:
        archive = Path(place) / _ARCHIVE
        write_outside(archive, data)
        with _unpacked(archive) as folder:
            return _brought(live, viewer, folder, everything=everything)


@contextmanager
def _unpacked(archive: Path) -> Iterator[Path]:
    """Unpack an archive of a copy for as long as it is looked at."""
    with tempfile.TemporaryDirectory(prefix="tamis-") as place:
        folder = Path(place) / "copy"
        unpack(archive, folder, limits=_LIMITS)
        if not (folder / "log").is_dir():
            raise BadInput("this archive holds no log", "choose the file of a copy of this review")
        yield folder


def _brought(live: LiveReview, viewer: str, folder: Path, *, everything: bool) -> Brought:
    theirs = tuple(FolderLog(folder, replica="", clock=SystemClock()).read())
    with live.locked():
        ours = live.review.events()
        _same_review(ours, theirs)
        known = {event.id for event in ours}
        new = [event for event in theirs if event.id not in known]
        if not everything:
            new = [event for event in new if is_person(event.actor)]
            theirs_too = {event.id for event in theirs}
            check_brought(live, (e for e in ours if e.id in theirs_too), new, viewer)
        live.review.absorb(new)
    return Brought(events=len(new), verdicts=sum(event.kind == "screened.v1" for event in new))


def _own_part(events: Iterable[Event], viewer: str) -> tuple[Event, ...]:
    """Return the events that the viewer may carry away: whole chains, or the beginning of them."""
    chains: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        chains[event.chain].append(event)
    kept: list[Event] = []
    for chain in chains.values():
        for event in sorted(chain, key=lambda one: one.seq):
            if event.actor != viewer and event.kind not in OPEN:
                break
            kept.append(event)
    return tuple(kept)


def _files(review: Review, kept: Sequence[Event]) -> Iterator[str]:
    """Yield the files of the folder that the copy needs: nothing that others filled in."""
    yield "review.toml"
    if (review.root / "claims.toml").is_file():
        yield "claims.toml"
    for event in kept:
        if event.kind == "batch_imported.v1" and event.body is not None:
            yield str(event.body["file"])
    for folder in ("search", "tools"):
        for path in sorted((review.root / folder).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield PurePosixPath(path.relative_to(review.root)).as_posix()


def _same_review(ours: Iterable[Event], theirs: Iterable[Event]) -> None:
    mine, other = (
        {e.hash for e in events if e.kind == "review_created.v1"} for events in (ours, theirs)
    )
    if not mine & other:
        raise BadInput(
            "this is a copy of another review", "choose the file of a copy of this review"
        )


def merge_archive(archive: Path, into: Path, *, database: str = "") -> Merged:
    """Bring into a review what the archive of a copy of it has (see ``merge_copy``)."""
    with _unpacked(archive) as folder:
        return merge(folder, into, clock=SystemClock(), database=database)
