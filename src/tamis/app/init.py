"""Start a review: its folder, its protocol file, its first two events."""

from __future__ import annotations

from pathlib import Path

from tamis.app.identity import person
from tamis.app.protocol.amend import adopt
from tamis.app.protocol.protocol import FILE, parse_protocol
from tamis.app.review import Review, create_review
from tamis.domain.errors import BadInput, Conflict, Place
from tamis.domain.events import Draft
from tamis.domain.ids import slugify
from tamis.store.names import is_device

__all__ = ["IGNORED", "UNCHANGED", "init_review"]

_TEMPLATE = """# The protocol of this review. Every change of it is recorded with its full text.
# Take away the '#' of an example and write your own words; repeat a block as often as you need it.
# Every key is explained on the page "Contracts" of the documentation of Tamis. A key that is
# mistyped is refused with its line.
[review]
id = "{id}"
title = "{title}"
language = "{language}"

[question]
population = ""
intervention = ""
comparator = ""
outcomes = ""
designs = ""
# concepts = {{ population = "disease-b", intervention = "drug-a", comparator = "placebo" }}

# The names that a text may use for them: 'tamis check' reads texts by these, and the words of the
# report are made of them. The first name of a language is the one that is printed.
# [[concept]]
# id = "disease-b"
# kind = "population"
# names = {{ en = ["disease B"] }}

# [[concept]]
# id = "drug-a"
# kind = "intervention"
# names = {{ en = ["drug A"] }}

# [[concept]]
# id = "placebo"
# kind = "comparator"
# names = {{ en = ["placebo"] }}

[screening]
reviewers_per_record = 2

# The people. Without them a report prints their ids, and has no authors.
# [[team]]
# id = "p-ann"
# name = "Ann Example"
# roles = ["screening", "extraction", "appraisal", "certainty"]

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

# One [[visit]] a time point, with its months from the beginning.
# [[visit]]
# id = "m6"
# label = "month 6"
# months = "6"

# One [[outcome]] an outcome. 'harm' marks what a conclusion may not leave out.
# [[outcome]]
# id = "remission"
# name = "remission"
# importance = "critical"
# kind = "binary"
# better = "higher"
# estimand = "point"
# visits = ["m6"]
# harm = false

# From which difference on an effect is small, moderate and large: all three, or "mid" alone. The
# unit of counts is "per 1,000", of means it is the unit of the outcome.
# [[outcome.threshold]]
# size = "small"
# value = "50"
# unit = "per 1,000"
# source = "where this number comes from"

# [[outcome.threshold]]
# size = "moderate"
# value = "100"
# unit = "per 1,000"
# source = "where this number comes from"

# [[outcome.threshold]]
# size = "large"
# value = "200"
# unit = "per 1,000"
# source = "where this number comes from"

# What is done with the values: one [[synthesis]] a result. 'arms' are the arms of values.csv.
# [[synthesis]]
# id = "remission-trials"
# title = "Remission at month 6"
# outcome = "remission"
# estimand = "point"
# visit = "m6"
# designs = ["randomised"]
# measure = "RR"
# method = "REML"
# kind = "controlled"
# arms = ["drug", "placebo"]

# What is rated by GRADE: one [[body]] an outcome and kind of design.
# [[body]]
# id = "remission-trials"
# outcome = "remission"
# designs = ["randomised"]
# start_level = 4
# synthesis = "remission-trials"

# Which tool appraises the risk of bias of which design.
# [tools]
# randomised = "rob2:assignment"
"""

#: What git leaves alone in a review folder: full texts are not ours to share, the rest is derived.
IGNORED = "documents/\nreport/\n.tamis/\nlog/.append.json*\nlog/.*.tmp\n"

#: Record ids and hashes hang on the very bytes: git must not turn line ends over.
UNCHANGED = "* -text\n"

FOLDERS = ("search", "imports", "log", "decisions", "documents")


def init_review(
    folder: Path,
    *,
    title: str = "",
    language: str = "en",
    by: str = "",
    at: str = "",
    database: str = "",
) -> Review:
    """Make a review in ``folder``; a ``review.toml`` that lies there already is kept and used.

    ``database`` is the address of the database that holds the log on a team server.

    Raises
    ------
    Conflict
        When the folder holds a review.
    BadInput
        When the ``review.toml`` that lies there is wrong, or the folder has a name that no folder
        can have on Windows.
    """
    actor = person(by)
    if is_device(folder.resolve().name):
        raise BadInput(
            f"{folder.resolve().name!r} is the name of a device on Windows",
            "choose another name for the folder",
            where=Place(file=str(folder)),
        )
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
        text = _TEMPLATE.format(id=slugify(name), title=quoted, language=language)
    protocol = parse_protocol(text, name=str(existing))
    review = create_review(folder, FOLDERS, database=database)
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
