"""The practice review, opened live in a folder of its own, with one process for its PDFs."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import tamis.examples
from tamis.app.extract.extraction import ExtractionDesk
from tamis.app.extract.views import Passage, Reading
from tamis.app.full_text.page_process import PageProcesses
from tamis.app.full_text.pages import Pages
from tamis.app.live import LiveReview
from tamis.extraction import Layer, locate, read_layer

PRACTICE = Path(tamis.examples.__file__).parent / "practice"
DOCUMENTS = PRACTICE / "inputs" / "documents"

#: The response at month 6 of those given velorimab: 27 of 48.
EVENTS = Reading(
    study="alder2019",
    arm="velorimab",
    outcome="response",
    visit="m6",
    estimand="point",
    statistic="events",
    number="27",
    unit="participants",
    denominator="48",
)
N = replace(EVENTS, statistic="n", number="48", denominator="")


@cache
def _template() -> Path:
    """Return a copy of the practice review that was opened once, so that its index is there."""
    root = Path(mkdtemp(prefix="tamis-desk-")) / "review"
    atexit.register(shutil.rmtree, root.parent, ignore_errors=True)
    shutil.copytree(PRACTICE / "review", root)
    shutil.copytree(DOCUMENTS, root / "documents")
    LiveReview(root)
    return root


def copy_practice(root: Path) -> Path:
    shutil.copytree(_template(), root, dirs_exist_ok=True)
    return root


@cache
def processes() -> PageProcesses:
    """Return the one process that reads the PDFs of all tests of a run."""
    made = PageProcesses(size=1)
    atexit.register(made.close)
    return made


@contextmanager
def opened(root: Path) -> Iterator[tuple[LiveReview, Pages]]:
    live = LiveReview(root)
    yield live, Pages(live.review, processes())


def desk_of(live: LiveReview, pages: Pages) -> ExtractionDesk:
    return ExtractionDesk(live, pages)


@cache
def layer(name: str) -> Layer:
    return read_layer((DOCUMENTS / f"{name}.pdf").read_bytes())


def passage(name: str, quote: str, page: int | None = None) -> Passage:
    anchor = locate(layer(name), quote, page=page)
    return Passage(document=anchor.document, page=anchor.page, start=anchor.start, end=anchor.end)


RESPONSE = passage("alder2019", "27 of 48 participants (56.3%)")
