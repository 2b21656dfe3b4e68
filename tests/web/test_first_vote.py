"""The way from `pip install .` to the first vote on one's own export file, as README tells it.

What is asserted is what a person does and has to read: pages, keys, words. How long that takes a
person follows from the keystroke-level model (Card, Moran, Newell 1980): a key 0.28 s (K), pointing
1.1 s (P), a hand between keyboard and mouse 0.4 s (H), making up one's mind 1.35 s (M), and every
word down to the one primary button of a page read once, at 250 words a minute (R). It is a model:
nobody was timed. The English pages, without the machine's own time:

=====================================  ===================  =======
step                                   made of              seconds
=====================================  ===================  =======
README: how to install, four steps     R 85                 20.4
``pip install .`` and Enter            M + 14 K             5.3
``tamis serve`` and Enter              M + 12 K             4.7
the list of reviews                    R 60                 14.4
``a``, a title of 13 letters           M + 14 K             5.3
``f``, a file in the system's window   2 M + 2 H + P + 3 K  5.4
*Start the review* (Enter)             M + K                1.6
what was read from the file            R 73                 17.5
``i``: import                          M + K                1.6
what came in                           R 21                 5.0
``n``: on to titles and abstracts      M + K                1.6
the desk with a first record           R 92                 22.1
``i``: include                         M + K                1.6
together                                                    106.5
=====================================  ===================  =======
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from tests.web.conftest import Look
from tests.web.fresh_review import ris
from tests.web.hands import Hands

from tamis.app.live import LiveReview
from tamis.web.words import words

#: An export as PubMed's are: each record tells where it is from.
MINE = ris(
    "TI=Talc for relief of itch: a randomised trial|AU=Alder, A|PY=2020|AB=Talc was given to 40 "
    "people with itch, and placebo to 41. After six months 21 and 12 felt relief.|"
    "UR=https://pubmed.ncbi.nlm.nih.gov/1",
    "TI=Placebo and nothing else|AU=Cedar, C|PY=2019|UR=https://pubmed.ncbi.nlm.nih.gov/2",
)

#: One that says nothing of its database.
NAMELESS = ris("TI=Talc for relief of itch|AU=Alder, A|PY=2020")


#: The text of a page from its beginning to its one primary button: what has to be read there.
_READ = """() => {
    const main = document.querySelector("main");
    const last = [...main.querySelectorAll(".primary")].find((one) => one.checkVisibility());
    const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const after = last.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING;
        if (after && !last.contains(node)) break;
        const at = node.parentElement;
        if (at.checkVisibility() && !at.closest(".sr")) found.push(node.data);
    }
    return found.join(" ");
}"""


def words_to_read(hands: Hands) -> int:
    """Count the words of a page down to its primary button."""
    return len(hands.asked(_READ, None).split())


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_four_pages_and_four_keys_lead_to_the_first_vote(
    tmp_path: Path, serve_folder: Callable[[Path], str], look: Callable[..., Look], language: str
) -> None:
    export = tmp_path / "export.ris"
    export.write_bytes(MINE)
    reviews = tmp_path / "reviews"
    reviews.mkdir()
    hands = Hands(look(serve_folder(reviews), language=language), "p-rev-a")
    pages = ["/"]
    hands.go("/")
    hands.press("a")
    hands.write("Talc for itch")
    hands.files("#first-files", export)
    read = [words_to_read(hands)]
    with hands.turning():
        hands.press("Enter")
    pages.append(hands.address)
    assert hands.address.endswith("/r/talc-for-itch/imports#waiting")
    assert hands.count("main .primary:visible") == 1
    assert hands.value("#waiting input[list]") == "PubMed"
    read.append(words_to_read(hands))
    with hands.turning():
        hands.press("i")
    pages.append(hands.address)
    assert hands.count("main .primary:visible") == 1
    assert hands.text("#said") == ""
    read.append(words_to_read(hands))
    with hands.turning():
        hands.press("n")
    pages.append(hands.address)
    assert hands.address.endswith("/r/talc-for-itch/screen/title-abstract")
    read.append(len(hands.text("main").split()))
    with hands.swapping():
        hands.press("i")
    live = LiveReview(reviews / "talc-for-itch")
    (vote,) = live.state.votes.values()
    assert (vote.reviewer, vote.decision) == ("p-rev-a", "include")
    assert len(pages) == 4
    if language == "en":
        assert sum(read) <= 250, read
    assert [source.database for source in live.protocol.sources] == ["PubMed"]
    assert hands.complaints == []


@pytest.mark.needs("chromium")
def test_a_file_that_does_not_say_its_database_costs_one_word_more(
    tmp_path: Path, serve_folder: Callable[[Path], str], look: Callable[..., Look]
) -> None:
    """The browser asks for the name (it is ``required``); the date of the search may wait."""
    hands = Hands(look(serve_folder(tmp_path)), "p-rev-a")
    export = tmp_path / "my-references.ris"
    export.write_bytes(NAMELESS)
    hands.go("/")
    hands.press("a")
    hands.write("Talc for itch")
    with hands.turning():
        hands.press("Enter")
    hands.files("#files", export)
    hands.shown("#waiting-title")
    hands.press("i")
    hands.sees("() => document.activeElement.matches('#waiting input[list]')")
    hands.write("PubMed")
    with hands.turning():
        hands.press("Enter")
    assert words("en")["imports.not_known"] in hands.text("#sources-title ~ .table")
    with hands.turning():
        hands.press("n")
    with hands.swapping():
        hands.press("e")
    live = LiveReview(tmp_path / "talc-for-itch")
    assert [vote.decision for vote in live.state.votes.values()] == ["exclude"]
    assert hands.complaints == []
