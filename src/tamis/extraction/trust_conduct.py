"""Rules on conduct: early stopping, who paid, accounts that differ, studies known and not in."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tamis.domain.decisions import Note
from tamis.domain.results import Finding
from tamis.domain.values import Value
from tamis.extraction.trust_case import Case, folded, note_fields, quoted, remark

__all__ = ["accounts", "design", "funder", "interests", "known", "maker", "registered", "stopped"]

#: Forms of companies' names, in the languages of the sources that were met.
COMPANY = re.compile(
    r"\b(?:Inc|Ltd|LLC|LLP|PLC|GmbH|Corp|Corporation|Bhd|Pty|BV|B\.V|NV|N\.V|SpA|S\.p\.A|A/S|Oy|KK)\b"
    r"|\bCo\.(?=[\s,;]|\Z)|\b(?i:biotech\w*|\w*pharma\w*|therapeutics|biosciences|biologics)\b"
    r"|\b(?i:compan(?:y|ies))\b|公司|株式会社"
)

#: Words in the names of companies that tell none of them from another.
COMMON = frozenset(
    """
    and the of for inc ltd llc plc gmbh corp corporation co company companies sdn bhd pty bv nv
    biotech biotechnology pharma pharmaceutical pharmaceuticals therapeutics biosciences group
    international holdings laboratories cell cells stem science sciences medical
    """.split()  # noqa: SIM905 - a list of words is read more easily than a list of strings
)

#: What a stated design says it is. Two accounts that name opposite sides disagree.
SIDES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("looked back at what had been done", re.compile(r"\bretrospective|回顾性", re.I)),
    ("planned beforehand", re.compile(
        r"\bprospective|\btrial\b|\bopen[- ]label|\brandomi[sz]ed|\bphase\s+(?:[IVX]+|\d)\b"
        r"|double[- ]blind|前瞻性|随机", re.I)),
)  # fmt: skip

#: Answers of a registration note that mean: nobody has seen results.
NO_RESULTS = re.compile(r"\bnone\b|\bnot (?:known|posted|published|found)\b|\A\s*\Z", re.IGNORECASE)


def stopped(case: Case) -> Iterator[Finding]:
    """Find studies that ended before their time, with the planned size where it is known."""
    for study in case.of_this_review:
        for value in case.values(study.id, "stopped-early"):
            reached = case.people(study.id)
            planned = case.people(study.id, "planned-n") or case.people(study.id, "registered-n")
            people = f"stopped early with {reached[0]} people" if reached else "stopped early"
            goal = f" of {planned[0]} planned" if planned else "; the planned size is not known"
            used = (*(reached[1] if reached else ()), *(planned[1] if planned else ()))
            yield remark(
                "stopped.early", "warning", study.id,
                f"{people}{goal}: {quoted(value)}",
                (value.id, *(v.id for v in used)),
                suggestion="say it with the result: a trial stopped on its own data misjudges the "
                "effect, and a small one says little either way",
            )  # fmt: skip


def funder(case: Case) -> Iterator[Finding]:
    """Say who paid where a company did, and where it was looked for and is not reported."""
    for study in case.of_this_review:
        paid = case.values(study.id, "funding")
        kinds = case.values(study.id, "funding-kind")
        company = [v for v in (*paid, *kinds) if COMPANY.search(v.printed)]
        if company:
            yield remark(
                "funding.company", "warning", study.id,
                f"paid for by companies: {'; '.join(quoted(v) for v in company)}",
                [v.id for v in company],
                suggestion="say it with the study, and look for what the funder decided",
            )  # fmt: skip
        sought = case.sought.get((study.id, "funding"), ())
        if study.role == "included" and sought and not paid:
            yield remark(
                "funding.unknown", "note", study.id,
                "who paid was looked for and is not reported in what was read",
                [item.id for item in sought], suggestion="ask the authors",
            )  # fmt: skip


def maker(case: Case) -> Iterator[Finding]:
    """Find studies paid by who makes what was tested: the two name one organisation."""
    for study in case.of_this_review:
        for paid in case.values(study.id, "funding"):
            for made in case.values(study.id, "manufacturer"):
                if _telling(paid) & _telling(made):
                    yield remark(
                        "funding.maker", "warning", study.id,
                        f"the funder makes what was tested: paid by {quoted(paid)}, made by "
                        f"{quoted(made)}",
                        (paid.id, made.id),
                        suggestion="say it with the study's results",
                    )  # fmt: skip


def _telling(value: Value) -> set[str]:
    return {w for w in folded(value.printed).split() if w not in COMMON and not w.isdigit()}


def interests(case: Case) -> Iterator[Finding]:
    """Say which authors' interests were read that tie them to a company."""
    for study in case.of_this_review:
        for value in case.values(study.id, "interests"):
            if COMPANY.search(value.printed):
                yield remark(
                    "interests.company", "note", study.id,
                    f"the authors declare interests in companies: {quoted(value)}", (value.id,),
                )  # fmt: skip


def design(case: Case) -> Iterator[Finding]:
    """Find studies whose reports tell two stories of how it was done."""
    for study in case.of_this_review:
        told = [v for v in case.values(study.id, "design-as-stated") if v.statistic == "text"]
        sides = {v.id: {name for name, pattern in SIDES if pattern.search(v.printed)} for v in told}
        for place, one in enumerate(told):
            for two in told[place + 1 :]:
                if sides[one.id] and sides[two.id] and sides[one.id].isdisjoint(sides[two.id]):
                    yield remark(
                        "design.conflict", "warning", study.id,
                        f"its reports disagree on how it was done: {quoted(one)} against "
                        f"{quoted(two)}",
                        (one.id, two.id),
                        suggestion="judge the risk of bias by the weaker account until it is "
                        "settled",
                    )  # fmt: skip


def accounts(case: Case) -> Iterator[Finding]:
    """Say where people noted that two sources tell different things of a study."""
    for note in case.notes:
        fields = note_fields(note)
        owner = _owner(case, note)
        if note.topic != "conflict" or not owner:
            continue
        if "design" in folded(fields.get("about", note.subject)).split() and any(
            found.subject == owner for found in design(case)
        ):
            continue
        yield remark(
            "account.conflict", "note", owner,
            f"two accounts of {_about(owner, fields.get('about', ''))}: "
            f"“{fields.get('a', '')}” and “{fields.get('b', '')}”",
            (note.event,), suggestion="both are kept; the values say which one is used",
        )  # fmt: skip


def _owner(case: Case, note: Note) -> str:
    """Return the study a note is about: its subject, or the longest study id that begins it."""
    named = [s.id for s in case.of_this_review
             if note.subject == s.id or note.subject.startswith(f"{s.id}-")]  # fmt: skip
    return max(named, key=len, default="")


def _about(owner: str, about: str) -> str:
    """Return what two accounts are of, without the study's id before it."""
    words = about.removeprefix(owner).strip()
    words = about if words.split(" ")[0] in ("and", "against", "or") else words
    return f"“{words}”" if words else "this study"


def known(case: Case) -> Iterator[Finding]:
    """Say which studies other sources count as eligible and this review does not include."""
    for note in case.notes:
        if note.topic != "known-study":
            continue
        fields = note_fields(note)
        study = case.by_id.get(note.subject)
        if study is not None and study.role == "included":
            continue
        status = f" ({fields['status']})" if fields.get("status") else ""
        why = f"; not included: “{fields['why']}”" if fields.get("why") else ""
        yield remark(
            "eligible.known", "warning", note.subject,
            f"may be eligible: “{fields.get('basis', '')}”{status}{why}",
            (note.event,), suggestion="find the report, or say that it is awaiting classification",
        )  # fmt: skip


def registered(case: Case) -> Iterator[Finding]:
    """Say which registered studies belong to no study here and have no results that were found."""
    for note in case.notes:
        fields = note_fields(note)
        if note.topic != "registration" or fields.get("study") or not fields.get("name"):
            continue
        results = fields.get("results", "")
        if not NO_RESULTS.search(results):
            continue
        end = f" (results: “{results}”)" if results else ""
        yield remark(
            "eligible.registered", "note", note.subject,
            f"registered, with no results that were found: “{fields['name']}”{end}",
            (note.event,),
            suggestion="results that are not published may be missing from every synthesis",
        )  # fmt: skip
