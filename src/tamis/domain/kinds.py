"""Event kinds: one row each. Past tense with a version; readers upcast old versions."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tamis.domain.errors import BadInput

__all__ = ["KINDS", "KindSpec"]

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KindSpec:
    """What an event kind means, who may write it, and which keys its body has."""

    name: str
    by: str
    required: frozenset[str]
    optional: frozenset[str] = frozenset()
    upcast: Callable[[Body], Body] | None = None
    meaning: str


def _kind(
    name: str,
    by: str,
    required: str,
    optional: str = "",
    *,
    meaning: str,
    upcast: Callable[[Body], Body] | None = None,
) -> KindSpec:
    return KindSpec(
        name=name,
        by=by,
        required=frozenset(required.split()),
        optional=frozenset(optional.split()),
        meaning=meaning,
        upcast=upcast,
    )


_VALUE = ("id study arm outcome definition estimand visit statistic number unit denominator"
          " anchor_kind status")  # fmt: skip
_ANCHOR = "document page start end quote prefix suffix layer citation location note inputs"

#: Read aloud: kind; who writes it (person, engine or any); keys it must and may have; meaning.
_TABLE = (
    _kind("review_created.v1", "person", "id title", meaning="the review exists"),
    _kind("protocol_amended.v1", "person", "file sha256 text", "reason",
          meaning="review.toml or claims.toml was adopted with this full text"),
    _kind("source_searched.v1", "person", "source database platform",
          "strategy_file strategy_sha256 searched_on hits run limits",
          meaning="a database or register was searched with this strategy"),
    _kind("batch_imported.v1", "person", "source file sha256 format database encoding records",
          "repaired refused", meaning="one export file of one source was imported"),
    _kind("reparsed.v1", "any", "file sha256 changed", "parser",
          meaning="a better parser reads a file differently; ids are kept"),
    _kind("engine_ran.v1", "engine", "engine version stage settings inputs output", "summary",
          meaning="an engine ran; its output is the artifact named by its hash"),
    _kind("pair_decided.v1", "person", "a b decision", "reason",
          meaning="a person decided whether two records are the same report"),
    _kind("screened.v1", "person", "stage records decision",
          "reason criteria rank_shown score_model ms_on_screen",
          meaning="a reviewer gave a verdict on one report at one stage; where it was told, the "
          "place in a ranked order, the run that ranked, milliseconds on the screen"),
    _kind("vote_withdrawn.v1", "person", "stage records event", "reason",
          meaning="a reviewer took back a verdict of their own; it names and supersedes it"),
    _kind("moved_back.v1", "person", "stage records events reason",
          meaning="a report was sent back to be screened again; its verdicts are superseded"),
    _kind("conflict_settled.v1", "person", "stage records settles decision reason",
          meaning="a consensus, naming the verdicts it settles"),
    _kind("reports_linked.v1", "person", "study report records label design role kind",
          meaning="these records are one report of this study"),
    _kind("document_attached.v1", "person", "report sha256 file pages", "role",
          meaning="a full text was attached to a report"),
    _kind("value_recorded.v1", "person", _VALUE, _ANCHOR,
          meaning="a value was extracted, or looked for and not found"),
    _kind("values_settled.v1", "person", "settles chosen reason", "number",
          meaning="two extractors' difference was settled"),
    _kind("appraised.v1", "person", "tool version result question",
          "answer support anchor judgement reason",
          meaning="a question of a risk-of-bias tool was answered, or a domain judged"),
    _kind("appraisal_settled.v1", "person", "tool version result question settles reason",
          "answer support anchor judgement",
          meaning="assessors' difference on a question or a judgement was settled"),
    _kind("synthesis_planned.v1", "person", "id", "reason",
          meaning="a synthesis was planned or changed outside the protocol file"),
    _kind("certainty_judged.v1", "person", "outcome body domain change reason",
          meaning="a GRADE domain of one body of evidence was decided"),
    _kind("claim_accepted.v1", "person", "claim reason",
          meaning="a flagged claim was accepted with a reason"),
    _kind("note_added.v1", "person", "topic fields", meaning="a note on any subject"),
    _kind("member_changed.v1", "person", "member roles", meaning="a person's roles changed"),
    _kind("sealed.v1", "person", "heads", "deposit",
          meaning="the head hashes were read out to be deposited"),
    _kind("redacted.v1", "person", "event why", meaning="the body of that event was removed"),
)  # fmt: skip


class _Kinds:
    """The table by name, with the two questions that are asked of it."""

    def __init__(self, rows: tuple[KindSpec, ...]) -> None:
        self.by_name: Mapping[str, KindSpec] = {row.name: row for row in rows}

    def check(self, name: str, body: Body) -> KindSpec:
        """Return the row of a kind, or refuse an unknown kind and a body of other keys."""
        spec = self.by_name.get(name)
        if spec is None:
            near = difflib.get_close_matches(name, self.by_name, 1)
            raise BadInput(
                f"the event kind {name!r} is not known",
                f"did you mean {near[0]!r}?" if near else "see docs/reference/event-kinds.md",
            )
        missing = sorted(spec.required - body.keys())
        unknown = sorted(body.keys() - spec.required - spec.optional)
        if missing or unknown:
            raise BadInput(
                f"the body of {name} lacks {missing or 'nothing'} "
                f"and has unknown {unknown or 'none'}",
                f"it has the keys {sorted(spec.required)} and may have {sorted(spec.optional)}",
            )
        return spec

    def upcast(self, name: str, body: Body) -> Body:
        """Bring the body of an older version to the newest shape."""
        spec = self.by_name.get(name)
        return body if spec is None or spec.upcast is None else spec.upcast(body)


KINDS = _Kinds(_TABLE)
