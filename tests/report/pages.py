"""Reading finished pages in tests."""

from __future__ import annotations

import re
from collections import deque
from functools import cache

from lxml import html as lxml_html
from tests.report.sample import sample

from tamis.report import Report, ReportContent, build_report


@cache
def sample_report() -> Report:
    """Return the report of the sample, built once."""
    return build_report(sample())


#: Pages that were asked for last: a test reads several parts of one.
_LATELY: deque[tuple[ReportContent, bytes]] = deque(maxlen=4)


def page_of(content: ReportContent) -> lxml_html.HtmlElement:
    """Return the page of a report, not built again for content that is the same."""
    html = next((html for known, html in _LATELY if known == content), b"")
    if not html:
        html = build_report(content).html
        _LATELY.append((content, html))
    return lxml_html.document_fromstring(html)


def sample_page() -> lxml_html.HtmlElement:
    return lxml_html.document_fromstring(sample_report().html)


def words(element: lxml_html.HtmlElement) -> str:
    """Return what a reader sees, with single spaces."""
    return re.sub(r"[\s\u00a0\u202f]+", " ", element.text_content()).strip()


def part(page: lxml_html.HtmlElement, name: str) -> str:
    """Return the words from one heading to the next of the same kind or above."""
    heading = page.get_element_by_id(name)
    level = int(heading.tag[1])
    found = []
    for element in heading.itersiblings():
        if re.fullmatch(r"h[1-6]", str(element.tag)) and int(element.tag[1]) <= level:
            break
        found.append(words(element))
    return " ".join(found)
