"""A review that has just begun, and export files to put in it: used by tests of the first steps."""

from __future__ import annotations

from pathlib import Path

from tamis.app.init import init_review

PROTOCOL = """# Kept by hand: this line must stand after every edit.
[review]
id = "fresh"
title = "A fresh question"
language = "en"

[question]
population = "people"
intervention = "talc"
comparator = "placebo"
outcomes = "relief"
designs = "trials"

# The two databases.
[[source]]
id = "pubmed"
database = "PubMed"
platform = "NCBI"
searched_on = "2026-01-02"
hits = 3

[[source]]
id = "embase"
database = "Embase"
platform = "Embase.com"
searched_on = "2026-01-03"

[[criterion]]
id = "population"
version = 1
stage = "both"
kind = "exclude"
text = "not people"
order = 1

[[criterion]]
id = "design"
version = 1
stage = "both"
kind = "exclude"
text = "no trial"
order = 2
"""


def start(folder: Path) -> Path:
    """Begin a review in ``folder/fresh``."""
    root = folder / "fresh"
    root.mkdir(parents=True)
    (root / "review.toml").write_text(PROTOCOL, encoding="utf-8", newline="\n")
    init_review(root, by="p-ann")
    return root


def ris(*records: str) -> bytes:
    """Return a RIS file; each record is its lines, ``TI=…`` separated by ``|``."""
    made = []
    for record in records:
        lines = [
            f"{tag}  - {text}" for tag, _, text in (r.partition("=") for r in record.split("|"))
        ]
        made.append("\r\n".join(["TY  - JOUR", *lines, "ER  - ", "", ""]))
    return "".join(made).encode()


#: The first two are in doubt (other pages), the third stands alone, the fourth is a copy of it.
FIRST = "TI=Talc for relief in adults with itch of the skin: a randomised trial|AU=Alder, A|AU=Birch, B|PY=2020|JO=Journal of Talc|VL=3|SP=11|EP=19|AB=Talc was given to 40 people."  # noqa: E501 - a record
SECOND = FIRST.replace("SP=11|EP=19", "SP=211|EP=219").replace("40 people", "41 persons")
THIRD = "TI=Placebo and nothing else in a cohort of volunteers|AU=Cedar, C|PY=2019|JO=Annals of Nothing|VL=7|IS=2|SP=100|EP=107"  # noqa: E501 - a record
PUBMED = ris(FIRST, THIRD)
EMBASE = ris(SECOND, THIRD)
