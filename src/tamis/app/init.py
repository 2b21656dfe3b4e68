"""Start a review: its folder, its protocol file, its first two events."""

from __future__ import annotations

from pathlib import Path

from tamis.app.amend import adopt
from tamis.app.identity import person
from tamis.app.protocol import FILE, parse_protocol
from tamis.app.review import Review, create_review
from tamis.domain.errors import Conflict, Place
from tamis.domain.events import Draft
from tamis.domain.ids import slugify

__all__ = ["IGNORED", "UNCHANGED", "init_review"]

_TEMPLATE = """# The protocol of this review. Every change of it is recorded with its full text.
[review]
id = "{id}"
title = "{title}"
language = "en"

[question]
population = ""
intervention = ""
comparator = ""
outcomes = ""
designs = ""

[screening]
reviewers_per_record = 2

# One [[criterion]] a rule; 'order' ranks exclusion reasons, the first deciding reason first.
# [[criterion]]
# id = "population"
# version = 1
# stage = "both"
# kind = "exclude"
# text = "people without the condition"
# order = 1

# One [[source]] a database or register; the strategy stands in search/, exactly as run.
# [[source]]
# id = "pubmed"
# database = "PubMed"
# platform = "NCBI"
# strategy_file = "search/pubmed.txt"
# searched_on = "2026-01-31"

# [[visit]], [[outcome]], [[synthesis]] and [[body]]: see docs/reference/contracts.md
"""

#: What git leaves alone in a review folder: full texts are not ours to share, the rest is derived.
IGNORED = "documents/\nreport/\n.tamis/\nlog/.append.json*\nlog/.*.tmp\n"

#: Record ids and hashes hang on the very bytes: git must not turn line ends over.
UNCHANGED = "* -text\n"

FOLDERS = ("search", "imports", "log", "decisions", "documents")


def init_review(folder: Path, *, title: str = "", by: str = "", at: str = "") -> Review:
    """Make a review in ``folder``; a ``review.toml`` that lies there already is kept and used.

    Raises
    ------
    Conflict
        When the folder holds a review.
    BadInput
        When the ``review.toml`` that lies there is wrong.
    """
    actor = person(by)
    existing = folder / FILE
    if (folder / "log").exists() and any((folder / "log").glob("*.jsonl")):
        raise Conflict(
            "this folder already holds a review",
            "choose another folder, or run 'tamis status' here",
            where=Place(file=str(folder)),
        )
    name = title or folder.resolve().name
    if existing.exists():
        text = existing.read_text(encoding="utf-8")
    else:
        quoted = name.replace("\\", "\\\\").replace('"', '\\"')
        text = _TEMPLATE.format(id=slugify(name), title=quoted)
    protocol = parse_protocol(text, name=str(existing))
    review = create_review(folder, FOLDERS)
    if not existing.exists():
        review.write(FILE, text.encode())
    if not (folder / ".gitignore").exists():
        review.write(".gitignore", IGNORED.encode())
    if not (folder / ".gitattributes").exists():
        review.write(".gitattributes", UNCHANGED.encode())
    head = protocol.head
    body = {"id": head.id, "title": head.title}
    review.record([Draft(actor=actor, kind="review_created.v1", subject=head.id, body=body, at=at)])
    adopt(review, by=actor, at=at)
    return review
