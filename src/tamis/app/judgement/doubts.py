"""What is doubtful in answers on risk of bias: no support, lost places, early judgements.

Doubts are findings and never refusals: the answer is a person's, and it stands.
"""

from __future__ import annotations

import difflib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tamis.app.judgement.bias import NOT_REACHED_SHOWN
from tamis.appraisal import OVERALL, Tool, find_tool
from tamis.domain.decisions import AppraisalAnswer
from tamis.domain.ids import ESTIMAND_IN_VISIT
from tamis.domain.question import Protocol
from tamis.domain.records import Study
from tamis.domain.results import Finding
from tamis.domain.state import DocumentLink, ReviewState
from tamis.domain.summaries import AppraisalSummary
from tamis.domain.values import Cell, Extraction

__all__ = [
    "Places",
    "Results",
    "doubts_of_answer",
    "doubts_of_judgement",
    "doubts_of_summaries",
    "result_unused",
]

_PAGE = re.compile(r"\b(?:pages?|pp?\.)\s*(\d+)(?:\s*[-–]\s*(\d+))?|第\s*(\d+)\s*页", re.IGNORECASE)
_FILE = re.compile(r"([^\s,;/]+\.pdf)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(r"https?://|doi\.org|\b10\.\d{4,}/", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Places:
    """The attached documents of studies, and the values, that an answer may point to."""

    documents: Mapping[str, tuple[DocumentLink, ...]]
    values: frozenset[str]

    @classmethod
    def of(cls, state: ReviewState) -> Places:
        """Return what the log has attached and recorded."""
        found: dict[str, list[DocumentLink]] = defaultdict(list)
        for document in state.documents.values():
            link = state.links.get(document.report)
            if link is not None:
                found[link.study].append(document)
        values = frozenset(value.id for value in state.values.values())
        return cls({study: tuple(rows) for study, rows in found.items()}, values)

    def nowhere(self, study: str, anchor: str) -> str:
        """Say why a place is nowhere; empty where it may be somewhere.

        Words ("Methods", an address) are taken as they are: only pages, files and values can be
        looked for.
        """
        for part in filter(None, (one.strip() for one in anchor.split(";"))):
            said = self._nowhere(study, part)
            if said:
                return said
        return ""

    def _nowhere(self, study: str, part: str) -> str:
        if part.startswith("v:"):
            return "" if part in self.values else f"there is no value {part}"
        page, file = _PAGE.search(part), _FILE.search(part)
        if _ELSEWHERE.search(part) or (page is None and file is None):
            return ""
        attached = self.documents.get(study, ())
        if not attached:
            return f"no document of {study} is attached in which it could be"
        names = {one.file.rpartition("/")[2]: one.pages for one in attached}
        if file is not None and file[1] not in names:
            return f"{study} has no document {file[1]}; attached: {', '.join(sorted(names))}"
        most = names[file[1]] if file is not None else max(names.values())
        numbers = [int(number) for number in page.groups() if number] if page is not None else []
        if any(not 1 <= number <= most for number in numbers):
            whose = file[1] if file is not None else f"the longest document of {study}"
            return f"{whose} has {most} page{'' if most == 1 else 's'}"
        return ""


@dataclass(frozen=True, slots=True)
class Results:
    """The results that may be appraised: planned, with values, and those that somebody began."""

    protocol: Protocol
    studies: Mapping[str, Study]
    valued: frozenset[str]
    begun: frozenset[str]

    @classmethod
    def of(
        cls,
        protocol: Protocol,
        state: ReviewState,
        extraction: Extraction,
        studies: Iterable[Study],
    ) -> Results:
        """Return what protocol and log know."""
        return cls(
            protocol,
            {study.id: study for study in studies},
            frozenset(_name(value.cell) for value in extraction.values),
            frozenset(one.result for one in state.appraisals.values()),
        )

    def check(self, result: str) -> str:
        """Return what is doubtful about the name of a result; empty where nothing is.

        Doubtful is one that no synthesis plans, or that has neither plan nor value, although the
        study has others of the same outcome.
        """
        if result in self.begun or result.count("/") != 2:
            return ""
        about = result.rpartition("/")[0]
        planned = self._planned(*about.split("/"))
        valued = sorted(one for one in self.valued if one.startswith(f"{about}/"))
        if result in planned or not (planned or valued):
            return ""
        if result in valued:
            meant = _meant(result, planned)
            return f"no synthesis uses {result}; {meant}" if planned else ""
        meant = _meant(result, planned or valued)
        return f"no synthesis uses {result} and no value is recorded for it; {meant}"

    def _planned(self, study: str, outcome: str) -> list[str]:
        one = self.studies.get(study)
        found = [
            f"{study}/{outcome}/{_place(plan.visit, plan.estimand)}"
            for plan in self.protocol.syntheses
            if plan.outcome == outcome
            and plan.visit
            and one is not None
            and one.design in plan.designs
            and (not plan.studies or study in plan.studies)
        ]
        return list(dict.fromkeys(found))


def result_unused(result: str, why: str) -> Finding:
    """Return the doubt that an appraisal of a result serves no synthesis."""
    return _doubt("result-not-used", result, "", why, "appraise the result that the synthesis uses")


def doubts_of_answer(tool: Tool, said: AppraisalAnswer, places: Places) -> Iterator[Finding]:
    """Yield what is doubtful about one answer: it rests on nothing, or on a place that is none."""
    if tool.lacks_support(said.question, said.answer, said.support, said.anchor):
        yield _doubt(
            "answer-without-support", said.result, said.event,
            f"question {said.question} of {tool.key} is answered {said.answer} with neither "
            "support nor a place",
            "say in 'support' what was read, or in 'anchor' where it stands",
        )  # fmt: skip
    why = places.nowhere(said.result.partition("/")[0], said.anchor)
    if why:
        yield _doubt(
            "anchor-nowhere", said.result, said.event,
            f"question {said.question} of {tool.key} points to {said.anchor!r}: {why}",
            "correct the place, or attach the document: tamis record documents FILE.csv",
        )  # fmt: skip


def doubts_of_judgement(
    tool: Tool, said: AppraisalAnswer, answered: Iterable[str]
) -> Iterator[Finding]:
    """Yield that a domain or the whole is judged although none of its questions is answered."""
    asked = [
        question.id
        for domain in tool.domains
        if said.question in (domain.id, OVERALL)
        for question in domain.questions
    ]
    if said.judgement and asked and not set(asked) & set(answered):
        yield _doubt(
            "judged-before-answered", said.result, said.event,
            f"{said.question} of {tool.key} is judged {said.judgement}, and {said.assessor} has "
            f"answered no question of {'it' if said.question == OVERALL else 'this domain'}",
            f"answer {', '.join(asked[:6])}{', …' if len(asked) > 6 else ''} first",
        )  # fmt: skip


def doubts_of_summaries(
    summaries: Iterable[AppraisalSummary], state: ReviewState, tools: Mapping[str, Tool]
) -> tuple[Finding, ...]:
    """Return the same doubts about what is in the log, one finding an assessor's appraisal."""
    places = Places.of(state)
    found = []
    for one in summaries:
        if one.role == "consensus":
            continue
        key = f"{one.tool}:{one.variant}" if one.variant else one.tool
        tool = find_tool(key, tools)
        bare = [
            item.question
            for item in one.items
            if item.event
            and item.answer != NOT_REACHED_SHOWN
            and tool.lacks_support(item.question, item.answer, item.support, item.anchor)
        ]
        if bare:
            found.append(_doubt(
                "answer-without-support", one.result, one.event,
                f"{one.assessor} answered {', '.join(bare)} of {key} with neither support nor a "
                "place",
                "record them again with what was read",
            ))  # fmt: skip
        lost = {item.question: places.nowhere(one.study, item.anchor) for item in one.items}
        lost = {question: why for question, why in lost.items() if why}
        if lost:
            found.append(_doubt(
                "anchor-nowhere", one.result, one.event,
                f"{one.assessor} points to places that are nowhere in {', '.join(lost)} of {key}: "
                f"{next(iter(lost.values()))}",
                "correct them, or attach the document: tamis record documents FILE.csv",
            ))  # fmt: skip
    return tuple(found)


def _doubt(rule: str, subject: str, event: str, message: str, suggestion: str) -> Finding:
    return Finding(
        rule=rule,
        severity="warning",
        subject=subject,
        message=message,
        because=(event,) if event else (),
        suggestion=suggestion,
    )


def _name(cell: Cell) -> str:
    return f"{cell.study}/{cell.outcome}/{_place(cell.visit, cell.estimand)}"


def _place(visit: str, estimand: str) -> str:
    return f"{visit}.{estimand}" if estimand in ESTIMAND_IN_VISIT else visit


def _meant(result: str, names: Iterable[str]) -> str:
    listed = list(names)
    near = difflib.get_close_matches(result, listed, 1, cutoff=0.0)
    return f"did you mean {near[0]!r}?" if near else "see 'tamis sheet appraisals'"
