"""Full texts: are they here, are they the bytes that were attached, do the quotes still stand."""

from __future__ import annotations

from tamis.app.review import Review
from tamis.domain.errors import TamisError
from tamis.domain.results import Finding
from tamis.domain.state import DocumentLink
from tamis.domain.values import Extraction, PassageAnchor, Value
from tamis.extraction import Layer, find_again, read_layer
from tamis.report import Document

__all__ = ["check_documents"]

#: What an anchor's outcome means for verification: severity of the finding it makes, if any.
_SEVERITY = {"needs-person": "warning", "lost": "error", "changed": "error"}


def check_documents(
    review: Review, extraction: Extraction
) -> tuple[tuple[Document, ...], tuple[Finding, ...]]:
    """Return the attached documents, and what is wrong with them or with passages anchored there.

    An absent document is normal (full texts are not shared) and leaves its anchors unchecked. A
    file that stands where the document was but holds other bytes is searched for every quote: it
    is an error where one is lost, and a warning where all are found (it was only saved again).
    """
    findings: list[Finding] = []
    changed: list[tuple[DocumentLink, str]] = []
    layers: dict[str, Layer] = {}
    for link in review.state.documents.values():
        here = review.document(link.file)
        if here is None:
            findings.append(_absent_file(link.file, link.sha256, extraction))
            continue
        if here[0] != link.sha256:
            changed.append((link, here[0]))
        layer = _layer(here[1], link.file, findings)
        if layer is not None:
            layers[link.sha256] = layer
    unlike: set[str] = set()
    for value in extraction.values:
        if isinstance(value.source, PassageAnchor) and value.source.document in layers:
            found = _check(value, value.source, layers[value.source.document])
            findings += found
            unlike |= {value.source.document for finding in found}
    for link, got in changed:
        whole = link.sha256 in layers and link.sha256 not in unlike
        findings.append(_changed_file(link, got, whole=whole))
    return tuple(
        Document(
            report=link.report, file=link.file, sha256=link.sha256, pages=link.pages,
            event=link.event,
        )
        for link in review.state.documents.values()
    ), tuple(findings)  # fmt: skip


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


def _check(value: Value, anchor: PassageAnchor, layer: Layer) -> list[Finding]:
    found = find_again(anchor, layer)
    severity = _SEVERITY.get(found.outcome)
    if severity is None:
        return []
    return [
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


def _changed_file(link: DocumentLink, got: str, *, whole: bool) -> Finding:
    message = "this file is not the document that was attached"
    return Finding(
        rule="document-changed",
        severity="warning" if whole else "error",
        subject=link.file,
        message=f"{message}, and every quote is found again in it" if whole else message,
        expected=link.sha256,
        got=got,
        suggestion="put the original file back, or attach the new one as a further document",
    )
