"""``build_report``: content in, one self-contained page and its bundle out."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from jinja2 import Environment
from markupsafe import Markup

from tamis.domain.quantities import Literal, Quantity
from tamis.domain.results import Finding
from tamis.report.book import Book
from tamis.report.bundle import bundle
from tamis.report.checklist_csv import checklist_files
from tamis.report.content import ReportContent
from tamis.report.engine import asset, environment
from tamis.report.flow import Flow, build_flow
from tamis.report.phrase import Attr
from tamis.report.sections.abstract import abstract
from tamis.report.sections.appendix import appendices
from tamis.report.sections.claims import comparison
from tamis.report.sections.discussion import discussion
from tamis.report.sections.front import title_block
from tamis.report.sections.glossary import glossary
from tamis.report.sections.identification import identification
from tamis.report.sections.introduction import introduction
from tamis.report.sections.methods import methods
from tamis.report.sections.other import other
from tamis.report.sections.plain_summary import plain_summary
from tamis.report.sections.references import reference_note, references
from tamis.report.sections.results import results
from tamis.report.sections.selection import selection
from tamis.report.sections.summary_of_findings import summary_of_findings
from tamis.report.trails import trails

__all__ = ["Report", "build_report"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A finished report.

    Attributes
    ----------
    html
        One self-contained page, UTF-8.
    quantities
        Id -> quantity, for every number of the page.
    literals
        ``(kind, text)`` of every literal with digits in the page.
    bundle
        File name -> bytes: tables as CSV, a script for R.
    flow
        The counted flow, with the invariants it breaks (none when all hold).
    """

    html: bytes
    quantities: Mapping[str, Quantity]
    literals: frozenset[tuple[str, str]]
    bundle: Mapping[str, bytes]
    flow: Flow

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Broken invariants of the flow."""
        return self.flow.findings


Section = Callable[[Book, Flow], Mapping[str, object]]

#: Template of a part, and what fills it; in the order of the page.
PARTS: tuple[tuple[str, Section], ...] = (
    ("abstract.html.j2", lambda book, flow: {"parts": abstract(book, flow)}),
    ("plain.html.j2", plain_summary),
    ("findings.html.j2", lambda book, flow: summary_of_findings(book)),
    ("introduction.html.j2", lambda book, flow: introduction(book)),
    ("methods.html.j2", lambda book, flow: methods(book)),
    (
        "selection.html.j2",
        lambda book, flow: {**selection(book, flow), **identification(book, flow)},
    ),
    ("results.html.j2", lambda book, flow: results(book)),
    ("comparison.html.j2", lambda book, flow: comparison(book)),
    ("discussion.html.j2", discussion),
    ("other.html.j2", lambda book, flow: other(book)),
    ("glossary.html.j2", lambda book, flow: {"terms": glossary(book)}),
    (
        "references.html.j2",
        lambda book, flow: {"groups": references(book), "note": reference_note(book, flow)},
    ),
    ("appendix.html.j2", appendices),
)


def build_report(content: ReportContent) -> Report:
    """Write the report of a review.

    The same content gives the same bytes. Every number in the page is a quantity that the index at
    its end leads back to its source, or belongs to a declared class of literals.

    Raises
    ------
    BadInput
        When a number would be printed that is neither, or a trail would end nowhere.

    Examples
    --------
    >>> from tamis.domain.question import Protocol, Question, ReviewHead
    >>> question = Question(population="adults", intervention="a drug", comparator="placebo",
    ...                     outcomes="death", designs="randomised trials")
    >>> protocol = Protocol(head=ReviewHead(id="r", title="A drug"), question=question)
    >>> report = build_report(ReportContent(protocol=protocol, date="2025-12-31T00:00:00.000Z"))
    >>> report.html.startswith(b"<!DOCTYPE html>"), report.findings
    (True, ())
    """
    book, flow = Book(content), build_flow(content)
    language = content.protocol.head.language or "en"
    env = environment(book, language)
    body = [_render(env, name, fill(book, flow)) for name, fill in PARTS]
    head = _render(env, "title.html.j2", title_block(book, interim=flow.interim))
    index = _render(env, "trails.html.j2", {"entries": trails(book)})
    page = _page(env, language, book.lit(content.protocol.head.title, "label"), (head, body, index))
    quantities = {name: q for name in sorted(book.printed) if (q := book.known(name))}
    return Report(
        html=page.encode(),
        quantities=MappingProxyType(quantities),
        literals=frozenset(book.literals),
        bundle=MappingProxyType({**bundle(content, flow, quantities), **checklist_files(book)}),
        flow=flow,
    )


def _page(
    env: Environment, language: str, title: Literal, parts: tuple[Markup, list[Markup], Markup]
) -> Markup:
    """Put header, body and index into one page with its own style, script and policy."""
    style, script = asset("style.css") + asset("bias.css"), asset("report.js")
    head, body, index = parts
    values = {
        "language": Attr(language),
        "title": title,
        "style": Markup(style),  # noqa: S704 - our own files
        "script": Markup(script),  # noqa: S704 - our own files
        "policy": _policy(style, script),
        "header": head,
        "contents": _contents(body),
        "body": Markup("\n").join(body),
        "index": index,
    }
    return _render(env, "page.html.j2", values)


def _render(env: Environment, name: str, values: Mapping[str, object]) -> Markup:
    return Markup(env.get_template(name).render(values))  # noqa: S704 - through the gate


def _policy(style: str, script: str) -> Markup:
    """Return a content security policy that lets this page run its own style and script only."""
    rules = (
        "default-src 'none'",
        f"style-src 'sha256-{_digest(style)}'",
        f"script-src 'sha256-{_digest(script)}'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return Markup("; ".join(rules))  # noqa: S704 - hashes of our own files


def _digest(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


_HEADING = re.compile(r'<h([23]) id="([^"]+)"[^>]*>(.*?)</h\1>', re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A line of the contents."""

    href: Markup
    words: Markup
    sub: bool


def _contents(body: list[Markup]) -> tuple[Stop, ...]:
    """Return the headings of the page as lines of its contents."""
    return tuple(
        Stop(href=Markup(f"#{name}"), words=Markup(words), sub=level == "3")  # noqa: S704 - rendered
        for part in body
        for level, name, words in _HEADING.findall(str(part))
    )
