"""The review process as a transition table: which event may follow which, and why not.

Read ``TRANSITIONS`` aloud, row by row: *rule*, the *kinds* it guards, what must hold, and the
sentence a person gets when it does not. Reading a log never applies these rules (what happened,
happened); only writing does.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tamis.domain.decisions import DECISIONS, STAGES
from tamis.domain.errors import RuleBroken
from tamis.domain.events import Draft, chain_of
from tamis.domain.ids import is_engine, is_person
from tamis.domain.kinds import KINDS
from tamis.domain.rehearsal import rehearse
from tamis.domain.state import ReviewState

__all__ = ["TRANSITIONS", "Transition", "check"]

Body = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Transition:
    """One rule of the process. ``holds(state, draft)`` is true when the step is allowed."""

    rule: str
    kinds: tuple[str, ...]
    holds: Callable[[ReviewState, Draft], bool]
    otherwise: str
    remedy: str


ANY = ("*",)


def _review_exists(state: ReviewState, draft: Draft) -> bool:
    return state.exists or draft.kind == "review_created.v1"


def _not_yet_created(state: ReviewState, draft: Draft) -> bool:
    return not state.exists


def _right_hand(state: ReviewState, draft: Draft) -> bool:
    wanted = KINDS.by_name[draft.kind].by
    return {
        "person": is_person(draft.actor),
        "engine": is_engine(draft.actor),
        "any": is_person(draft.actor) or is_engine(draft.actor),
    }[wanted]


def _corrects_known(state: ReviewState, draft: Draft) -> bool:
    return all(_in_log(state, name) for name in draft.supersedes)


def _corrects_own(state: ReviewState, draft: Draft) -> bool:
    return all(chain_of(name)[0].rpartition(".")[0] == draft.actor for name in draft.supersedes)


def _in_log(state: ReviewState, event: str) -> bool:
    chain, seq = chain_of(event)
    return chain in state.heads and seq <= state.heads[chain][0]


def _file_is_new(state: ReviewState, draft: Draft) -> bool:
    return str(draft.body["sha256"]) not in state.batches


def _imports_known(state: ReviewState, draft: Draft) -> bool:
    known = {sha[:12] for sha in state.batches}
    body = draft.body
    records = body["records"] if "records" in body else (body["a"], body["b"])
    return all(record.partition(":")[0] in known for record in records)


def _names_records(state: ReviewState, draft: Draft) -> bool:
    records = draft.body["records"]
    return bool(records) and not isinstance(records, str)


def _stage_known(state: ReviewState, draft: Draft) -> bool:
    return draft.body["stage"] in STAGES


def _passed_titles(state: ReviewState, draft: Draft) -> bool:
    """Hold when somebody let the report through at title and abstract; a consensus overrules."""
    if draft.body["stage"] != "full-text":
        return True
    return any(state.is_let_through(record) for record in draft.body["records"])


def _reason_at_full_text(state: ReviewState, draft: Draft) -> bool:
    body = draft.body
    needed: bool = body["stage"] == "full-text" and body["decision"] == "exclude"
    return bool(body.get("reason")) or not needed


def _unavailable_only_at_full_text(state: ReviewState, draft: Draft) -> bool:
    return str(draft.body["decision"]) != "not-retrieved" or _at_full_text(draft)


def _at_full_text(draft: Draft) -> bool:
    return str(draft.body["stage"]) == "full-text"


def _withdraws_own_vote(state: ReviewState, draft: Draft) -> bool:
    name = str(draft.body["event"])
    vote = state.votes.get(name)
    return draft.supersedes == (name,) and vote is not None and vote.reviewer == draft.actor


def _moves_back_standing(state: ReviewState, draft: Draft) -> bool:
    body = draft.body
    names = tuple(body["events"])
    standing = [state.votes.get(name) or state.settlements.get(name) for name in names]
    return (
        bool(names)
        and draft.supersedes == names
        and bool(str(body["reason"]).strip())
        and all(
            item is not None
            and item.stage == body["stage"]
            and not set(item.records).isdisjoint(body["records"])
            for item in standing
        )
    )


def _settles_votes(state: ReviewState, draft: Draft) -> bool:
    body = draft.body
    return bool(body["settles"]) and all(
        name in state.votes
        and state.votes[name].stage == body["stage"]
        and set(state.votes[name].records) & set(body["records"])
        for name in body["settles"]
    )


def _decides(state: ReviewState, draft: Draft) -> bool:
    return str(draft.body["decision"]) in DECISIONS


def _report_linked(state: ReviewState, draft: Draft) -> bool:
    return draft.body["report"] in state.links


def _study_linked(state: ReviewState, draft: Draft) -> bool:
    study = draft.body.get("study") or str(draft.body.get("result", "")).partition("/")[0]
    return any(link.study == study for link in state.links.values())


def _settles_values(state: ReviewState, draft: Draft) -> bool:
    """Hold when standing readings of one study are named, and one that stands is chosen."""
    body = draft.body
    named = [state.values.get(name) or state.looked_for.get(name) for name in body["settles"]]
    chosen = state.values.get(body["chosen"]) or state.looked_for.get(body["chosen"])
    studies = {item.cell.study if item else "" for item in (*named, chosen)}
    return bool(named) and len(studies) == 1 and "" not in studies


def _settles_appraisals(state: ReviewState, draft: Draft) -> bool:
    body = draft.body
    about = (body["tool"], body["result"], body["question"])
    answers = {
        name for name, r in state.appraisals.items() if (r.tool, r.result, r.question) == about
    }
    named = set(body["settles"])
    return named <= answers and bool(named) == bool(answers)


def _two_assessors(state: ReviewState, draft: Draft) -> bool:
    about = (draft.body["tool"], draft.body["result"])
    people = {r.assessor for r in state.appraisals.values() if (r.tool, r.result) == about}
    return len(people) > 1


def _judged_with_reason(state: ReviewState, draft: Draft) -> bool:
    return bool(str(draft.body.get("reason", "")).strip()) or not draft.body.get("judgement")


def _graded_with_reason(state: ReviewState, draft: Draft) -> bool:
    return draft.body["change"] == 0 or bool(str(draft.body["reason"]).strip())


def _keeps_the_beginning(state: ReviewState, draft: Draft) -> bool:
    return str(draft.body["event"]) != state.created_by


def _redacts_known(state: ReviewState, draft: Draft) -> bool:
    return _in_log(state, str(draft.body["event"]))


def _row(
    rule: str,
    kinds: str,
    holds: Callable[[ReviewState, Draft], bool],
    otherwise: str,
    remedy: str,
) -> Transition:
    names = ANY if kinds == "*" else tuple(f"{kind}.v1" for kind in kinds.split())
    return Transition(rule=rule, kinds=names, holds=holds, otherwise=otherwise, remedy=remedy)


TRANSITIONS: tuple[Transition, ...] = (
    _row("created-first", "*", _review_exists,
         "there is no review here yet", "run 'tamis init DIR' first"),
    _row("created-once", "review_created", _not_yet_created,
         "this folder already holds a review", "choose another folder"),
    _row("right-hand", "*", _right_hand,
         "this kind of event is not this actor's to write",
         "people are p-…, engines are e-<name>-<version>"),
    _row("corrects-known", "*", _corrects_known,
         "a correction names an event that is not in the log",
         "name events that 'tamis verify' lists"),
    _row("corrects-own", "screened appraised", _corrects_own,
         "this would replace another person's verdict",
         "everybody corrects their own; where two differ, settle it"),
    _row("import-once", "batch_imported", _file_is_new,
         "this very file is already imported", "nothing to do; its records are in the review"),
    _row("names-records", "screened conflict_settled", _names_records,
         "a verdict names no record", "list the ids of the records that were seen as one report"),
    _row("record-known", "screened conflict_settled reports_linked pair_decided", _imports_known,
         "a record id does not belong to any imported file",
         "import the file first, or correct the id"),
    _row("stage-known", "screened conflict_settled", _stage_known,
         "the screening stage is not known", f"use {' or '.join(STAGES)}"),
    _row("titles-first", "screened", _passed_titles,
         "this report has not passed title and abstract screening",
         "record the title-abstract verdict first"),
    _row("full-text-reason", "screened conflict_settled", _reason_at_full_text,
         "an exclusion at full text needs a reason",
         "give the id of the criterion that was not met"),
    _row("unavailable-is-not-excluded", "screened conflict_settled", _unavailable_only_at_full_text,
         "'not-retrieved' is a state of full texts", "use it at stage full-text"),
    _row("withdraws-own-vote", "vote_withdrawn", _withdraws_own_vote,
         "there is no such standing verdict of this person",
         "name a vote of your own that you have not taken back or replaced"),
    _row("moves-back-standing", "moved_back", _moves_back_standing,
         "only standing verdicts on this report are moved back, with a reason",
         "name the votes and consensuses that stand at this stage, and say why"),
    _row("settles-votes", "conflict_settled", _settles_votes,
         "a consensus must name verdicts on the same report and stage",
         "list the event ids of the verdicts it settles"),
    _row("decision-known", "conflict_settled", _decides,
         "a consensus decides with a word that is no decision",
         "use include, exclude or maybe, and at stage full-text also not-retrieved"),
    _row("document-of-report", "document_attached", _report_linked,
         "the report is not linked to a study", "link it first: tamis record links FILE.csv"),
    _row("study-linked", "value_recorded appraised appraisal_settled", _study_linked,
         "the study is not linked to any report", "link it first: tamis record links FILE.csv"),
    _row("judged-with-reason", "appraised appraisal_settled", _judged_with_reason,
         "a judgement of risk of bias has no reason", "write why in one sentence"),
    _row("graded-with-reason", "certainty_judged", _graded_with_reason,
         "a change of the certainty has no reason", "write the reason: it becomes the footnote"),
    _row("settles-values", "values_settled", _settles_values,
         "a settlement must name standing values of one study and choose one that stands",
         "list the event ids of the values it settles, and the one that counts"),
    _row("settles-appraisals", "appraisal_settled", _settles_appraisals,
         "a consensus must name assessors' answers to the same question on the same result",
         "list the event ids of what it settles; none only where nobody answered the question"),
    _row("consensus-of-two", "appraisal_settled", _two_assessors,
         "only one person has appraised this result with this tool",
         "have a second person record their appraisal first"),
    _row("redacts-no-beginning", "redacted", _keeps_the_beginning,
         "this event is the beginning of the review: without it nothing could be read",
         "nothing personal stands in it; redact the event that holds what is to go"),
    _row("redacts-known", "redacted", _redacts_known,
         "the event to redact is not in the log", "give its id as <actor>.<replica>/<seq>"),
)  # fmt: skip


def check(state: ReviewState, draft: Draft) -> None:
    """Refuse a draft that breaks a row of the table.

    Raises
    ------
    RuleBroken
        Naming the rule, what is wrong and what to do.
    BadInput
        When the body of the draft has not the keys of its kind, or says what ``fold`` cannot read.
    """
    KINDS.check(draft.kind, draft.body)
    for row in TRANSITIONS:
        guarded = row.kinds == ANY or draft.kind in row.kinds
        if guarded and not row.holds(state, draft):
            raise RuleBroken(
                f"{row.otherwise} ({draft.kind} on {draft.subject!r})", row.remedy, rule=row.rule
            )
    rehearse(draft)
