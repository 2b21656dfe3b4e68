"""Notices that records state of included studies, beyond what the tags of one format tell."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from tamis.app.stated_relations import PARTIAL, statements_of
from tamis.dedupe import Statement
from tamis.domain.records import Record, Study
from tamis.domain.results import Finding
from tamis.extraction.trust_notices import KINDS

__all__ = ["NOTICES", "stated_notices"]

#: Kind of link -> kind of notice.
NOTICES: Mapping[str, str] = MappingProxyType(
    {
        "retraction": "retracted",
        "concern": "concern",
        "erratum": "corrected",
        "republication": "republished",
    }
)

#: Kind of notice that retracts a part only.
PARTLY = "partly-retracted"

_ADVICE = {
    "error": "look at the notice, and decide whether the study stays in",
    "warning": "look at the notice, and record what follows from it",
    "note": "check the extracted values against the corrected version",
}


def stated_notices(
    records: Mapping[str, Record], studies: Sequence[Study], known: Iterable[Finding]
) -> tuple[Finding, ...]:
    """Return the notices that records state, without those that are known.

    Parameters
    ----------
    records
        Every imported record: a notice among them may name a report of a study.
    studies
        The studies; those of a published review are not asked about.
    known
        Findings of the trust rules; a kind of notice that they name of a study is not named again.

    Returns
    -------
    tuple of Finding
        At most one a study and kind, with the rule ``notice.<kind>`` and the records behind it.

    Examples
    --------
    >>> from tamis.domain.records import Report
    >>> at = "MedlineCitation/CommentsCorrectionsList/CommentsCorrections"
    >>> raw = ((f"{at}@RefType=ErratumIn", ""), (f"{at}/PMID@Version=1", "9"))
    >>> report = Report(id="a-main", study="a", records=("x:0",))
    >>> study = Study(id="a", label="A", design="randomised", reports=(report,))
    >>> found, = stated_notices({"x:0": Record(id="x:0", raw=raw)}, [study], [])
    >>> found.rule, found.because
    ('notice.corrected', ('x:0',))
    """
    said = {(finding.subject, finding.rule) for finding in known}
    stated = [s for s in statements_of(records[name] for name in sorted(records))
              if s.kind in NOTICES]  # fmt: skip
    return tuple(
        finding
        for study in sorted(studies, key=lambda s: s.id)
        if study.role != "published-review"
        for finding in _about(study, stated, records)
        if (study.id, finding.rule) not in said
    )


def _about(
    study: Study, stated: Sequence[Statement], records: Mapping[str, Record]
) -> Iterator[Finding]:
    own = {name for report in study.reports for name in report.records if name in records}
    pmids = {records[name].pmid for name in own} - {""}
    dois = {records[name].doi.casefold() for name in own} - {""}
    found: dict[str, list[Statement]] = {}
    for one in stated:
        inside = one.record in own and one.is_one is False
        notice = one.is_one is True and (one.pmid in pmids or one.doi.casefold() in dois)
        if inside or notice:
            found.setdefault(_notice(one), []).append(one)
    for kind, (severity, says) in KINDS.items():
        if kind in found:
            words = dict.fromkeys(one.words for one in found[kind] if one.words)
            yield Finding(
                rule=f"notice.{kind}",
                severity=severity,
                subject=study.id,
                message=f"a report of this study {says}: a record states it",
                because=tuple(sorted({one.record for one in found[kind]})),
                suggestion=_ADVICE[severity],
                got="; ".join(words),
            )


def _notice(one: Statement) -> str:
    """Return the kind of notice that a statement is; its words begin with the relation's name."""
    return PARTLY if one.words.partition(":")[0] in PARTIAL else NOTICES[one.kind]
