"""Who may see whose readings of a study: only one's own, until two people have sealed it.

Sealing is a note (topic ``extraction-sealed``, subject the study) by a person who recorded
something of it. Whoever has sealed sees the others who have; whoever extracted nothing of the study
sees it once two people have sealed. Everything the extraction desk returns goes through here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from tamis.domain.decisions import Note
from tamis.domain.question import Protocol
from tamis.domain.state import ReviewState
from tamis.extraction.standing import Datum

__all__ = ["SEALED", "UNSEALED", "may_see", "readings_of", "seals_of", "waits_for_second"]

#: People who read a study, and assess a result, blinded from each other.
_TWO = 2

#: Topics of the notes by which a person seals a study, and takes the seal back.
SEALED = "extraction-sealed"
UNSEALED = "extraction-unsealed"


def readings_of(state: ReviewState, study: str) -> Mapping[str, tuple[Datum, ...]]:
    """Return what each person read of a study; a value recorded to settle something is no reading.

    For the desk's own use: whoever passes it on to a viewer asks ``may_see`` first.
    """
    arbiters = {
        one.chosen for one in state.value_settlements.values() if one.chosen not in one.settles
    }
    found: dict[str, list[Datum]] = defaultdict(list)
    every: tuple[Datum, ...] = (*state.values.values(), *state.looked_for.values())
    for datum in every:
        if datum.cell.study == study and datum.event not in arbiters:
            found[datum.extractor].append(datum)
    return {person: tuple(data) for person, data in sorted(found.items())}


def seals_of(state: ReviewState, study: str) -> Mapping[str, Note]:
    """Return the seals that stand, by person; a seal on nothing is none."""
    readings = readings_of(state, study)
    return {
        note.by: note
        for note in state.notes.values()
        if note.topic == SEALED and note.subject == study and note.by in readings
    }


def waits_for_second(state: ReviewState, protocol: Protocol, viewer: str) -> tuple[str, ...]:
    """Return the studies that others alone have read so far, where two are to read each.

    A study whose differences were settled, and one that two people sealed, waits for nobody.
    """
    if protocol.reading.readers_per_study < _TWO:
        return ()
    chosen = {one.chosen for one in state.value_settlements.values()}
    every: tuple[Datum, ...] = (*state.values.values(), *state.looked_for.values())
    settled = {datum.cell.study for datum in every if datum.event in chosen}
    read = dict.fromkeys(datum.cell.study for datum in every if datum.extractor != viewer)
    return tuple(
        study
        for study in read
        if study not in settled
        and len(sealed := seals_of(state, study)) < _TWO
        and viewer not in sealed
    )


def may_see(state: ReviewState, study: str, viewer: str) -> frozenset[str]:
    """Return the people whose readings of a study a viewer may see, the viewer among them."""
    sealed = set(seals_of(state, study))
    own = {viewer}
    if viewer in readings_of(state, study):
        return frozenset(own | sealed) if viewer in sealed else frozenset(own)
    return frozenset(own | sealed) if len(sealed) > 1 else frozenset(own)
