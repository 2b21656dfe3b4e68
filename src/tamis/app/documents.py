"""Full texts: are they here, are they the bytes that were attached, do the quotes still stand."""

from __future__ import annotations

from tamis.app.review import Review
from tamis.domain.errors import TamisError
from tamis.domain.results import Finding
from tamis.domain.values import Extraction, PassageAnchor, Value
from tamis.extraction import Layer, find_again, read_layer
from tamis.report import AnchorCheck, DocumentCheck

__all__ = ["check_documents"]

#: What an anchor's outcome means for verification: severity of the finding it makes, if any.
_SEVERITY = {"needs-person": "warning", "lost": "error", "changed": "error"}


def check_documents(
    review: Review, extraction: Extraction
) -> tuple[tuple[DocumentCheck, ...], tuple[AnchorCheck, ...], tuple[Finding, ...]]:
    """Check every attached document and every passage anchor.

    An absent document is normal (full texts are not shared) and leaves its anchors unchecked. A
    file that stands where the document was but holds other bytes is an error, and its quotes are
    looked for in it so that the finding can say what became of them.
    """
    findings: list[Finding] = []
    documents: list[DocumentCheck] = []
    layers: dict[str, Layer] = {}
    for link in review.state.documents.values():
        here = review.document(link.file)
        whole = here is not None and here[0] == link.sha256
        documents.append(
            DocumentCheck(
                report=link.report,
                file=link.file,
                sha256=link.sha256,
                pages=link.pages,
                present=whole,
                event=link.event,
            )
        )
        if here is None:
            findings.append(_absent_file(link.file, link.sha256, extraction))
            continue
        if not whole:
            findings.append(_changed_file(link.file, link.sha256, here[0]))
        layer = _layer(here[1], link.file, findings)
        if layer is not None:
            layers[link.sha256] = layer
    checks = []
    for value in extraction.values:
        if isinstance(value.source, PassageAnchor):
            check, found = _check(value, value.source, layers.get(value.source.document))
            checks.append(check)
            findings += found
    return tuple(documents), tuple(checks), tuple(findings)


def _layer(data: bytes, file: str, findings: list[Finding]) -> Layer | None:
    try:
        return read_layer(data)
    except TamisError as error:
        findings.append(
            Finding(
                rule="document-unreadable",
                severity="error",
                subject=file,
                message=error.problem,
                suggestion=error.remedy,
            )
        )
        return None


def _check(
    value: Value, anchor: PassageAnchor, layer: Layer | None
) -> tuple[AnchorCheck, list[Finding]]:
    if layer is None:
        return AnchorCheck(value=value.id, outcome="unchecked", message="document absent"), []
    found = find_again(anchor, layer)
    check = AnchorCheck(value=value.id, outcome=found.outcome, message=found.message)
    severity = _SEVERITY.get(found.outcome)
    if severity is None:
        return check, []
    return check, [
        Finding(
            rule=f"anchor-{found.outcome}",
            severity=severity,
            subject=f"{value.id} page {anchor.page}",
            message=found.message,
            because=(value.id,),
            expected=anchor.quote,
            got=found.anchor.quote if found.anchor else "",
            suggestion="compare the document with the copy that was read, and correct the value",
        )
    ]


def _absent_file(file: str, sha256: str, extraction: Extraction) -> Finding:
    resting = [
        value.id
        for value in extraction.values
        if isinstance(value.source, PassageAnchor) and value.source.document == sha256
    ]
    return Finding(
        rule="document-absent",
        severity="warning",
        subject=file,
        message=f"this full text is not here; the quotes of {len(resting)} values are unchecked",
        because=tuple(resting),
        suggestion="put the file into documents/ and run 'tamis build' again",
    )


def _changed_file(file: str, expected: str, got: str) -> Finding:
    return Finding(
        rule="document-changed",
        severity="error",
        subject=file,
        message="this file is not the document that was attached",
        expected=expected,
        got=got,
        suggestion="put the original file back, or attach the new one as a further document",
    )
