"""Whether anything is still sealed from somebody: then no report and no export is theirs yet."""

from __future__ import annotations

from tamis.app.desk.floor import Floor
from tamis.domain.decisions import STAGES

__all__ = ["has_sealed"]


def has_sealed(floor: Floor, viewer: str) -> bool:
    """Tell whether others' verdicts on some report are sealed from the viewer.

    A report, its bundle and the log tell every verdict; while one is sealed they are withheld.
    """
    return any(
        not floor.is_open(viewer, cluster, stage)
        for stage in STAGES
        for cluster in floor.running.touched(stage)
        if any(who != viewer for who in floor.voters(cluster, stage))
    )
