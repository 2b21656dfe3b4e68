"""Claims while one writes: a text checked, the sentence taken over, claims.toml edited by a form.

``ClaimDesk`` is the part of a live review that the pages ask. What it checks against is what the
viewer may see (``app.grade_ground``). Checking writes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import tomlkit

from tamis.app.check import accept
from tamis.app.grading.ground import Ground, Grounds
from tamis.app.judgement.claims import TEXTS, accepted_claims, with_accepted
from tamis.app.judgement.claims_file import FILE, own_claims
from tamis.app.judgement.grade import grade_review
from tamis.app.judgement.trust import trust_findings
from tamis.app.live import LiveReview
from tamis.app.planning.toml_edit import Spot, add_table, remove_table, set_values
from tamis.certainty.claims import (
    ClaimEvidence,
    check_claims,
    check_names,
    check_text,
    read_claims,
)
from tamis.domain.claims import CheckedText, Claim
from tamis.domain.errors import BadInput, NotFound, TamisError
from tamis.domain.events import Draft
from tamis.domain.ids import check_slug

__all__ = ["ABSTRACT", "KINDS_SHOWN", "ClaimDesk", "ClaimDraft", "ClaimsShown", "Written"]

#: Topic of the note that holds the abstract as somebody saved it.
ABSTRACT = "abstract-draft"

#: Kinds of source in claims.toml, as the editor offers them.
KINDS_SHOWN = tuple(TEXTS)

#: Characters of the longest text that is checked while one writes.
LONGEST = 100_000

LANGUAGES = ("", "en", "zh")


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A text as it stands on the page, with what the check says of it."""

    text: str
    lang: str
    checked: CheckedText | None
    by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsShown:
    """The claims of claims.toml with their findings, one text a kind of source."""

    claims: tuple[Claim, ...]
    checked: tuple[CheckedText, ...]
    outcomes: tuple[tuple[str, str], ...]
    concepts: tuple[tuple[str, str], ...]
    studies: tuple[tuple[str, str], ...]
    sealed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimDraft:
    """A claim as a form sends it: every field a text, empty where nothing is said.

    ``numbers`` has one number a line: value, unit and result with ``|`` between.
    """

    id: str
    lang: str
    text: str
    kind: str = "external"
    ref: str = ""
    interest: str = ""
    voice: str = ""
    study: str = ""
    outcome: str = ""
    population: str = ""
    intervention: str = ""
    comparator: str = ""
    direction: str = ""
    strength: str = ""
    size: str = ""
    quantifier: str = ""
    time: str = ""
    numbers: str = ""
    step: str = ""
    note: str = ""


class ClaimDesk:
    """The claims of a live review, asked for one viewer at a time."""

    def __init__(self, live: LiveReview) -> None:
        self._live = live
        self._made: dict[str, tuple[Ground, tuple[object, ...], ClaimEvidence]] = {}

    def shown(self, viewer: str) -> ClaimsShown:
        """Return the declared claims, checked.

        Raises
        ------
        BadInput
            When claims.toml cannot be read.
        """
        with self._live.locked():
            evidence = self._evidence(viewer)
            protocol = evidence.protocol
            claims = self._declared()
            accepted = accepted_claims(self._live.review)
            sealed = self._live.part(Grounds).of(viewer).sealed_results
        checked = tuple(
            with_accepted(check_claims(members, evidence, name=name, whole=whole), accepted)
            for kind, (name, whole) in TEXTS.items()
            if (members := [claim for claim in claims if claim.source_kind == kind])
        )
        return ClaimsShown(
            claims=claims,
            checked=checked,
            outcomes=tuple((one.id, one.name) for one in protocol.outcomes),
            concepts=tuple((one.id, one.kind) for one in protocol.concepts),
            studies=tuple((one.id, one.label) for one in evidence.studies),
            sealed=sealed,
        )

    def check(self, viewer: str, text: str, *, lang: str = "") -> Written:
        """Check a text; nothing is recorded.

        Raises
        ------
        BadInput
            When it is too long, or the language is none of the check.
        """
        words = _plain(text)
        if lang not in LANGUAGES:
            raise BadInput(
                f"{lang!r} is no language of the check", "use en or zh, or leave it open"
            )
        if not words.strip():
            return Written(text=words, lang=lang, checked=None)
        with self._live.locked():
            evidence = self._evidence(viewer)
            accepted = accepted_claims(self._live.review)
        done = check_text(words, name="the text", evidence=evidence, lang=lang or None)
        return Written(text=words, lang=lang, checked=with_accepted(done, accepted))

    def take(self, viewer: str, text: str, choice: str, *, lang: str = "") -> str:
        """Return the text with one sentence replaced by what the evidence would allow.

        ``choice`` is ``start:end:n``: the sentence, and which of its suggestions.

        Raises
        ------
        BadInput
            When the text is another one by now.
        """
        now = self.check(viewer, text, lang=lang)
        for claim in now.checked.claims if now.checked else ():
            for n, suggestion in enumerate(claim.suggestions):
                if choice == f"{claim.start}:{claim.end}:{n}":
                    return now.text[: claim.start] + suggestion.text + now.text[claim.end :]
        raise BadInput("this sentence is another one by now", "check the text again")

    def abstract(self, viewer: str) -> Written:
        """Return the abstract as it was saved last, checked."""
        note = self._saved()
        if note is None:
            return Written(text="", lang="", checked=None)
        fields = dict(note.fields)
        now = self.check(viewer, fields.get("text", ""), lang=fields.get("lang", ""))
        return replace(now, by=note.by.removeprefix("p-"), at=note.at)

    def save(self, viewer: str, text: str, *, lang: str = "") -> bool:
        """Record the abstract as it stands; false when it is what was saved last."""
        words = _plain(text)
        if lang not in LANGUAGES:
            raise BadInput(
                f"{lang!r} is no language of the check", "use en or zh, or leave it open"
            )
        with self._live.locked():
            before = self._saved()
            fields = {"lang": lang, "text": words}
            if before is None and not words.strip():
                return False
            if before is not None and dict(before.fields) == fields:
                return False
            body = {"topic": ABSTRACT, "fields": fields}
            self._live.record(
                [
                    Draft(
                        actor=viewer, kind="note_added.v1", subject=self._live.state.id, body=body,
                        supersedes=(before.event,) if before else (),
                    )
                ]
            )  # fmt: skip
        return True

    def accept(self, viewer: str, claim: str, *, reason: str) -> None:
        """Record that the findings of a claim are accepted, with the reason."""
        if len(reason) > LONGEST:
            raise BadInput("the reason is too long", "write one sentence")
        if ":" not in claim:
            check_slug(claim, what="the id of a claim")
        with self._live.locked():
            accept(self._live.review, claim, reason=reason, by=viewer)

    def put(self, viewer: str, draft: ClaimDraft, *, old: str = "") -> None:
        """Write a claim into claims.toml, new or in the place of ``old``, and adopt the file.

        Raises
        ------
        BadInput
            As ``read_claims`` says it, with the line; the file is left as it was.
        NotFound
            When there is no claim ``old``.
        """
        with self._live.locked():
            text = self._text()
            values = _values(draft)
            if old:
                index = self._index(old)
                before = self._declared()[index]
                if before.span is not None:
                    values["source"]["span"] = list(before.span)
                text = set_values(
                    text, Spot(section="claim", index=index), {**dict.fromkeys(_KEYS), **values}
                )
            else:
                text = add_table(text, Spot(section="claim", index=0), values)
            self._write(viewer, text)

    def remove(self, viewer: str, claim: str) -> None:
        """Take a claim out of claims.toml and adopt the file."""
        with self._live.locked():
            spot = Spot(section="claim", index=self._index(claim))
            self._write(viewer, remove_table(self._text(), spot))

    def _write(self, viewer: str, text: str) -> None:
        check_names(read_claims(text), self._live.protocol, text=text)
        review = self._live.review
        path = review.root / FILE
        before = path.read_bytes() if path.is_file() else None
        review.write(FILE, text.encode())
        try:
            self._live.adopt(by=viewer, reason="")
        except TamisError:
            if before is None:
                path.unlink()
            else:
                review.write(FILE, before)
            raise

    def _text(self) -> str:
        return own_claims(self._live.review).get(FILE, "")

    def _declared(self) -> tuple[Claim, ...]:
        text = self._text()
        found = read_claims(text) if text else ()
        check_names(found, self._live.protocol, text=text)
        return found

    def _index(self, claim: str) -> int:
        names = [one.id for one in self._declared()]
        if claim not in names:
            raise NotFound(f"there is no claim {claim!r}", "choose one of the list")
        return names.index(claim)

    def _saved(self) -> Any:
        notes = [note for note in self._live.state.notes.values() if note.topic == ABSTRACT]
        return notes[-1] if notes else None

    def _evidence(self, viewer: str) -> ClaimEvidence:
        """Return what claims are held against; made anew when the ground or a decision changed."""
        ground = self._live.part(Grounds).of(viewer)
        judged = tuple(self._live.state.certainty.values())
        held = self._made.get(viewer)
        if held is not None and held[0] is ground and held[1] == judged:
            return held[2]
        records = self._live.library.records
        graded = grade_review(
            ground.protocol,
            syntheses=ground.syntheses,
            appraisals=ground.appraisals,
            extraction=ground.extraction,
            studies=ground.studies,
            judgements=judged,
            notes=ground.notes,
        )
        made = ClaimEvidence(
            protocol=ground.protocol,
            studies=ground.studies,
            records=records,
            extraction=ground.extraction,
            syntheses=ground.syntheses,
            ratings=graded.ratings,
            findings_rows=graded.rows,
            trust_findings=trust_findings(records, ground.studies, ground.extraction, ground.notes),
            notes=ground.notes,
            appraisals=ground.appraisals,
        )
        self._made.pop(viewer, None)
        self._made[viewer] = (ground, judged, made)
        while len(self._made) > _KEPT:
            del self._made[next(iter(self._made))]
        return made


_KEPT = 8

#: Keys of a claim that a form sets, in the order of the file.
_KEYS = (
    "id", "lang", "text", "source", "voice", "study", "outcome", "population", "intervention",
    "comparator", "direction", "strength", "size", "quantifier", "time", "numbers", "step", "note",
)  # fmt: skip


def _plain(text: str) -> str:
    words = text.replace("\r\n", "\n").replace("\r", "\n")
    if len(words) > LONGEST:
        raise BadInput(
            f"the text has {len(words)} characters",
            "check it in parts, or on the command line: tamis check --text FILE",
        )
    return words


def _values(draft: ClaimDraft) -> dict[str, Any]:
    """Return the keys of a claim as TOML has them; what is empty is left out."""
    source = {"kind": draft.kind, "ref": draft.ref.strip(), "interest": draft.interest.strip()}
    values: dict[str, Any] = {}
    for key in _KEYS:
        if key == "source":
            values[key] = {name: text for name, text in source.items() if text}
        elif key == "numbers":
            if found := _numbers(draft.numbers):
                values[key] = found
        elif key == "strength":
            if draft.strength.strip():
                values[key] = _strength(draft.strength)
        elif text := " ".join(str(getattr(draft, key)).split()):
            values[key] = text
    return values


def _strength(text: str) -> int:
    try:
        return int(text)
    except ValueError as error:
        raise BadInput(f"the strength is {text!r}", "write 0 to 5, or leave it out") from error


def _numbers(text: str) -> Any:
    """Return the numbers of a claim as a list of inline tables."""
    found = tomlkit.array()
    for line in text.splitlines():
        parts = [part.strip() for part in line.split("|")]
        if not parts[0]:
            continue
        row = tomlkit.inline_table()
        for name, part in zip(("value", "unit", "result"), parts, strict=False):
            if part:
                row[name] = part
        found.append(row)
    return found
