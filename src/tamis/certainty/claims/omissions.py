"""Rules 3, 8 and 10 on whole texts: what a text leaves out although the evidence holds it.

Each finding names its subject: a study, or ``review`` for the text as a whole. Nothing is said of
what the evidence does not hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tamis.certainty.claims.caveats import Read, tells
from tamis.certainty.claims.context import Knowledge
from tamis.certainty.claims.omissions_study import of_study
from tamis.certainty.claims.omissions_text import of_text
from tamis.domain.claims import ClaimFinding

__all__ = ["omissions"]


def omissions(read: Sequence[Read], known: Knowledge, lang: str) -> Iterator[ClaimFinding]:
    """Yield what a text leaves out, study by study and then as a whole."""
    for study in known.evidence.included:
        members = [one for one in read if one.part_study == study.id]
        told = any(tells(one) for one in members)
        if told:
            yield from of_study(study, members, known, lang)
    yield from of_text(read, known, lang)
