"""Claims of a review: its evidence, its ``claims.toml``, and its own report against itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser

from tamis.app.judgement.claims_file import declared
from tamis.app.review import Review
from tamis.certainty.claims import ClaimEvidence, check_claims, check_text
from tamis.domain.claims import CheckedText, Claim, ClaimFinding
from tamis.domain.results import Finding
from tamis.report import ReportContent

__all__ = [
    "accepted_claims",
    "claims_of",
    "evidence_of",
    "law_6",
    "own_report",
    "prose_of",
    "standing",
    "with_accepted",
]

#: Kind of source in claims.toml -> what the text is called, and whether its claims stand for all
#: of it (then what they leave out is looked for too). Read aloud.
TEXTS: Mapping[str, tuple[str, bool]] = {
    "abstract": ("The abstract of the published review", False),
    "lay": ("An article for lay people", True),
    "report": ("This report", False),
    "external": ("Another text", False),
}


def evidence_of(content: ReportContent) -> ClaimEvidence:
    """Return what claims are held against, of a review that was put together."""
    return ClaimEvidence(
        protocol=content.protocol,
        studies=content.studies,
        records=content.records,
        extraction=content.extraction,
        syntheses=content.syntheses,
        ratings=content.ratings,
        findings_rows=content.findings_rows,
        trust_findings=content.trust_findings,
        notes=content.notes,
        appraisals=content.appraisals,
    )


def claims_of(review: Review, content: ReportContent) -> tuple[CheckedText, ...]:
    """Return the claims of ``claims.toml``, checked: one text for each kind of source."""
    claims = declared(review, content.protocol)
    evidence = evidence_of(content)
    accepted = accepted_claims(review)
    return tuple(
        _with_interest(
            with_accepted(check_claims(members, evidence, name=name, whole=whole), accepted),
            members,
        )
        for name, whole, members in _texts_of(claims)
    )


def _texts_of(claims: Sequence[Claim]) -> Iterator[tuple[str, bool, list[Claim]]]:
    """Yield name, whether it is whole, and claims of each text; other texts go by their ref."""
    for kind, (name, whole) in TEXTS.items():
        groups: dict[str, list[Claim]] = {}
        for claim in claims:
            if claim.source_kind == kind:
                ref = claim.source_ref.strip() if kind == "external" else ""
                groups.setdefault(ref or name, []).append(claim)
        for title, members in groups.items():
            yield title, whole, members


def _with_interest(text: CheckedText, claims: Iterable[Claim]) -> CheckedText:
    """Say what the publisher of a text has to gain: reported beside its claims, never judged."""
    interests = dict.fromkeys(claim.interest for claim in claims if claim.interest)
    found = tuple(f"interest of the publisher: {interest}" for interest in interests)
    return replace(text, notes=(*text.notes, *found))


def accepted_claims(review: Review) -> Mapping[str, str]:
    """Return claim -> reason of the findings that people accepted; the last reason counts."""
    superseded = review.state.superseded
    return {
        str(event.body["claim"]): str(event.body["reason"])
        for event in review.events()
        if event.kind == "claim_accepted.v1"
        and event.body is not None
        and event.id not in superseded
    }


def with_accepted(text: CheckedText, accepted: Mapping[str, str]) -> CheckedText:
    """Mark accepted findings: those of a claim by its id, those of a text by ``rule:subject``."""
    return replace(
        text,
        claims=tuple(
            replace(
                claim,
                findings=tuple(_marked(finding, accepted, claim.id) for finding in claim.findings),
            )
            for claim in text.claims
        ),
        text_findings=tuple(
            _marked(finding, accepted, f"{finding.rule}:{finding.subject}")
            for finding in text.text_findings
        ),
    )


def _marked(finding: ClaimFinding, accepted: Mapping[str, str], key: str) -> ClaimFinding:
    return replace(finding, accepted=accepted[key]) if key in accepted else finding


def law_6(html: bytes, content: ReportContent, accepted: Mapping[str, str]) -> tuple[Finding, ...]:
    """Check every sentence of our own report: what stands against it is an error of the build.

    Words of others (quotes, citations, definitions) are not our claims and are passed over.
    """
    found = with_accepted(own_report(html, content), accepted)
    return tuple(
        Finding(
            rule=finding.rule,
            severity=finding.severity,
            subject=f"report: {claim.text}",
            message=finding.message,
            because=finding.because,
            suggestion=finding.suggestion,
        )
        for claim in found.claims
        for finding in claim.findings
        if finding.severity != "note" and not finding.accepted
    )


def own_report(html: bytes, content: ReportContent) -> CheckedText:
    """Check the prose of a built report."""
    return check_text(
        prose_of(html), name="report/report.html", evidence=evidence_of(content), own=True
    )


#: Kinds of literals that are words of others, or names: they claim nothing of ours.
_OTHERS = frozenset({"quote", "citation", "definition", "strategy"})
_BLOCKS = frozenset({"p", "li", "h1", "h2", "h3", "h4", "dd", "dt", "figcaption", "caption"})
_PASSED = frozenset({"script", "style", "table", "svg", "nav", "blockquote", "q", "head", "footer"})
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "wbr", "source"})
_ENDS = ".。!！?？:：;；…"
_APPENDED = frozenset({"appendix", "references", "trails"})


def prose_of(html: bytes) -> str:
    r"""Return the running text of a report, a block a line; words of others become ``《…》``.

    Tables, figures, appendices and references are left out.

    Examples
    --------
    >>> prose_of(b"<h2>Results</h2><p>It fell <span data-lit='quote'>a lot</span>.</p>")
    '## Results\nIt fell 《…》.\n'
    """
    reader = _Prose()
    reader.feed(html.decode("utf-8"))
    reader.close()
    return "".join(reader.lines)


class _Prose(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._block: list[str] | None = None
        self._heading = False
        self._stack: list[tuple[str, bool]] = []
        self._muted = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        given = dict(attrs)
        classes = set((given.get("class") or "").split())
        others = given.get("data-lit") in _OTHERS
        muted = tag in _PASSED or others or bool(classes & _APPENDED)
        if muted and others and not self._muted and self._block is not None:
            self._block.append("《…》")
        self._stack.append((tag, muted))
        self._muted += muted
        if tag in _BLOCKS and not self._muted:
            self._flush()
            self._block, self._heading = [], tag[0] == "h" and tag[1:].isdigit()

    def handle_endtag(self, tag: str) -> None:
        if tag in _VOID or not any(name == tag for name, _ in self._stack):
            return
        while self._stack:
            name, muted = self._stack.pop()
            self._muted -= muted
            if name == tag:
                break
        if tag in _BLOCKS and not self._muted:
            self._flush()

    def handle_data(self, data: str) -> None:
        if self._block is not None and not self._muted:
            self._block.append(data)

    def _flush(self) -> None:
        text = " ".join("".join(self._block or ()).split())
        if text and not self._heading and text[-1] not in _ENDS:
            text += "."  # an item of a list is no heading
        if text:
            self.lines.append(f"{'## ' if self._heading else ''}{text}\n")
        self._block = None


def standing(texts: Iterable[CheckedText]) -> Sequence[ClaimFinding]:
    """Return the errors that stand: not accepted by anybody."""
    return tuple(
        finding
        for text in texts
        for finding in text.findings
        if finding.severity == "error" and not finding.accepted
    )
