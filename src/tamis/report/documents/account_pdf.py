"""Law 5 for the PDF: every run of digits in its text is expected there, in that order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from tamis.domain.results import Finding
from tamis.extraction import page_texts
from tamis.report.account import REMEDY
from tamis.report.build import Report
from tamis.report.digits import digit_runs
from tamis.report.documents.expected import PAPER, Expected, expected
from tamis.report.documents.matching import Shown, compare
from tamis.report.documents.reading import read_tree
from tamis.report.documents.tree import Heading, Tree, plain, walk

__all__ = ["account_pdf", "count_pdf_digits"]

CONTEXT = 24


def account_pdf(data: bytes, report: Report, *, name: str = "report.pdf") -> tuple[Finding, ...]:
    """Account for every run of digits in the text layer of the report's PDF.

    Parameters
    ----------
    data
        The finished file.
    report
        The report computed again from the log.
    name
        Name of the file, for messages.

    Returns
    -------
    tuple of Finding
        Rules ``number-changed``, ``orphan-digit``, ``number-missing``, each with the page;
        ``page-number`` where a page, the contents or a reference names another page than the one
        it is. Empty for the PDF of this report. What is drawn as a picture is not read.

    Raises
    ------
    BadInput
        When the bytes are no PDF.
    """
    tree = read_tree(report.html)
    wanted = expected(tree, PAPER)
    texts = page_texts(data, name=name)
    pages = [list(_shown(text, number)) for number, text in enumerate(texts, 1)]
    findings = list(_feet(pages, name))
    shown = _without_heads(pages, wanted)
    findings += compare(shown, wanted, name=name)
    if not findings:
        findings += _references(shown, wanted, _starts(tree, texts), name)
    return tuple(findings)


def count_pdf_digits(data: bytes) -> int:
    """Return how many runs of digits the text layer of a PDF shows."""
    return sum(1 for text in page_texts(data) for _ in digit_runs(text))


def _shown(text: str, number: int) -> Iterator[Shown]:
    for start, end in digit_runs(text):
        around = " ".join(text[max(0, start - CONTEXT) : end + CONTEXT].split())
        yield Shown(run=text[start:end], place=f"page {number}", around=around)


def _feet(pages: list[list[Shown]], name: str) -> Iterator[Finding]:
    """Take the number at the foot of each page away, and check that it is the page's."""
    for number, shown in enumerate(pages, 1):
        if shown and shown[-1].run == str(number):
            shown.pop()
            continue
        got = shown[-1].run if shown else ""
        yield _finding(f"{name}, page {number}", "the page does not end with its number",
                       str(number), got)  # fmt: skip


def _without_heads(pages: Sequence[Sequence[Shown]], wanted: Sequence[Expected]) -> list[Shown]:
    """Return all runs in one list, without the heads of tables that a new page repeats."""
    found: list[Shown] = []
    for page in pages:
        rest = list(page)
        head = _repeated(rest, wanted, len(found))
        found += rest[len(head) :]
    return found


def _repeated(page: Sequence[Shown], wanted: Sequence[Expected], at: int) -> tuple[str, ...]:
    """Return the head of a table that comes again at the top of a page, as the table has it."""
    runs = [shown.run for shown in page]
    for token in wanted[max(0, at - 1) : at + 1]:
        head = token.head
        if not head or tuple(runs[: len(head)]) != head:
            continue
        after = _agreement(runs[len(head) :], wanted[at:])
        if after > _agreement(runs, wanted[at:]):
            return head
    return ()


def _agreement(runs: Sequence[str], wanted: Sequence[Expected]) -> int:
    """Return how many runs agree from here on."""
    count = 0
    for run, token in zip(runs, wanted, strict=False):
        if token.run not in ("", run):
            break
        count += 1
    return count


def _starts(tree: Tree, texts: Sequence[str]) -> dict[str, set[int]]:
    """Return the pages on which each listed heading can stand, by its words."""
    pages = [re.sub(r"[\s\u200b]+", "", text) for text in texts]
    found: dict[str, set[int]] = {}
    for block in walk(tree.blocks):
        if isinstance(block, Heading) and block.name:
            words = re.sub(r"[\s\u200b]+", "", block.number + plain(block.content))
            found[block.name] = {n for n, text in enumerate(pages, 1) if words in text}
    return found


def _references(
    shown: Sequence[Shown], wanted: Sequence[Expected], starts: dict[str, set[int]], name: str
) -> Iterator[Finding]:
    """Check the pages that the contents and references name."""
    known: dict[str, int] = {}
    for seen, due in zip(shown, wanted, strict=True):
        if due.anchor:
            known.setdefault(due.anchor, int(seen.place.removeprefix("page ")))
    for seen, due in zip(shown, wanted, strict=True):
        if not due.target or due.run:
            continue
        can = {known[due.target]} if due.target in known else starts.get(due.target, set())
        if can and seen.run.isascii() and int(seen.run) not in can:
            yield _finding(f"{name}, {seen.place}", f"{due.place}: a reference names another page",
                           str(min(can)), seen.run)  # fmt: skip


def _finding(subject: str, message: str, due: str, got: str) -> Finding:
    return Finding(
        rule="page-number",
        severity="error",
        subject=subject,
        message=message,
        suggestion=REMEDY,
        expected=due,
        got=got,
    )
