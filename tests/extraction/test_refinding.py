from __future__ import annotations

import random
import re
from collections import Counter
from dataclasses import replace
from functools import cache
from io import BytesIO

import pypdfium2 as pdfium
import pytest
from tests.extraction.building import typeset
from tests.extraction.copies import COPIES, Copy, Document, Statement, document

from tamis.domain.errors import BadInput, NotFound
from tamis.domain.values import PassageAnchor
from tamis.extraction import OUTCOMES, Layer, PageText, find_again, locate, read_layer
from tamis.extraction.numbers import number_marks
from tamis.extraction.search_text import search_text

SEEDS = (1, 2)
FIRST = Copy("as published")


@cache
def pdf_of(seed: int, copy: Copy) -> bytes:
    made = document(seed)
    return typeset(made.body(copy), setup=made.setup(copy))


@cache
def layer_of(seed: int, copy: Copy) -> Layer:
    return read_layer(pdf_of(seed, copy))


@cache
def anchors_of(seed: int) -> tuple[PassageAnchor, ...]:
    """Anchors of a document: whole sentences, their number phrases, and table cells with rows."""
    made, layer = document(seed), layer_of(seed, FIRST)
    found = [_one(layer, statement.text) for statement in made.statements]
    found += [_one(layer, _phrase(statement.text)) for statement in made.statements]
    for i, table in enumerate(made.tables):
        for row in table:
            found.append(_cell(layer, f"Outcome {i + 1}", row))
    return tuple(anchor for anchor in found if anchor is not None)


def _one(layer: Layer, typst_text: str) -> PassageAnchor | None:
    try:
        return locate(layer, re.sub(r"#super\[(\d+)\]", r"\1", typst_text))
    except (BadInput, NotFound):
        return None


def _phrase(text: str) -> str:
    """Return the few words around a sentence's first numbers, which may stand more than once."""
    found = re.search(r"\S+ \S*\d\S*(?: \S+){0,3}", re.sub(r"#super\[(\d+)\]", r"\1", text))
    assert found
    return found.group()


def _cell(layer: Layer, head: str, row: tuple[str, str, str]) -> PassageAnchor | None:
    """Return the anchor of the first cell of a row, found by the row's head within its table."""
    for page in layer.pages:
        start = page.text.find(head)
        at = page.text.find(f"{row[0]} {row[1]} {row[2]}", start) if start >= 0 else -1
        if at >= 0:
            begin = at + len(row[0]) + 1
            end = begin + len(row[1])
            return PassageAnchor(
                document=layer.document_sha256,
                page=page.number,
                start=begin,
                end=end,
                quote=page.text[begin:end],
                prefix=page.text[max(0, begin - 32) : begin],
                suffix=page.text[end : end + 32],
                layer=layer.version,
            )
    return None


def resaved(pdf: bytes) -> bytes:
    opened = pdfium.PdfDocument(pdf)
    out = BytesIO()
    opened.save(out)
    return out.getvalue()


def test_the_material_is_what_it_claims_to_be() -> None:
    anchors = anchors_of(1)
    assert len(anchors) >= 60
    quotes = Counter(anchor.quote for anchor in anchors)
    assert max(quotes.values()) > 1, "no table cell repeats"
    text = "".join(page.text for page in layer_of(1, FIRST).pages)
    assert "\u00ad" in text
    assert "𝛼" in text
    assert any(page.raised for page in layer_of(1, FIRST).pages)


def test_a_resaved_copy_gives_every_anchor_back_at_its_place() -> None:
    for seed in SEEDS:
        saved = resaved(pdf_of(seed, FIRST))
        layer = read_layer(saved)
        assert layer.document_sha256 != layer_of(seed, FIRST).document_sha256
        outcomes = Counter(find_again(anchor, layer).outcome for anchor in anchors_of(seed))
        assert set(outcomes) == {"same"}, outcomes


def test_the_same_bytes_need_no_search() -> None:
    for anchor in anchors_of(1):
        found = find_again(anchor, layer_of(1, FIRST))
        assert (found.outcome, found.rule, found.anchor) == ("same", "position", anchor)


@pytest.mark.slow
@pytest.mark.parametrize("copy", COPIES, ids=lambda copy: copy.name)
def test_reset_copies_give_98_percent_back_and_no_wrong_number(copy: Copy) -> None:
    """A passage that the copy breaks over two pages is told to a person and counted apart."""
    tally = refind_tally(copy)
    assert tally["wrong"] == 0
    assert tally["found"] >= 0.98 * (tally["all"] - tally["split"]), tally
    assert tally["split"] <= 0.05 * tally["all"], tally


def refind_tally(copy: Copy) -> Counter[str]:
    tally: Counter[str] = Counter()
    for seed in SEEDS:
        layer = layer_of(seed, copy)
        for anchor in anchors_of(seed):
            found = find_again(anchor, layer)
            tally["all"] += 1
            tally[found.outcome] += 1
            if found.anchor is None:
                tally["split"] += not _on_one_page(anchor.quote, layer)
                continue
            tally["found"] += 1
            tally["wrong"] += not _right(anchor, found.anchor, layer_of(seed, FIRST), layer)
    return tally


def _on_one_page(quote: str, layer: Layer) -> bool:
    wanted = search_text(quote).text
    return any(wanted in search_text(page.text).text for page in layer.pages)


def _right(old: PassageAnchor, new: PassageAnchor, before: Layer, after: Layer) -> bool:
    """Judge by what no anchor holds: the row head or the words around it, numbers left aside."""
    same = number_marks(old.quote) == number_marks(new.quote)
    return same and _owner(old, before) == _owner(new, after)


def _owner(anchor: PassageAnchor, layer: Layer) -> tuple[str, str]:
    """Return the row and the table (or the sentence's first words) that a passage belongs to."""
    text = layer.page(anchor.page).text.replace("\u00ad", "")
    start = anchor.start - layer.page(anchor.page).text[: anchor.start].count("\u00ad")
    rows = re.findall(r"(?:Complete|Partial|Treatment|Infection,|Death,)[a-z ,]*", text[:start])
    whole = "".join(page.text for page in layer.pages[: anchor.page - 1]) + text[:start]
    heads = re.findall(r"Outcome (\d)", whole)
    in_cell = re.fullmatch(r"\d+ \(\d+\)", anchor.quote)
    return (rows[-1][:8], heads[-1]) if in_cell and rows and heads else ("", "")


def changed(made: Document, at: int) -> tuple[Document, str]:
    """Return the document with one digit of one sentence changed."""
    text = made.statements[at].text
    digits = list(re.finditer(r"\d", text))
    where = digits[at % len(digits)]
    other = str((int(where.group()) + 1 + at % 8) % 10)
    new = text[: where.start()] + other + text[where.end() :]
    statements = (*made.statements[:at], Statement(new), *made.statements[at + 1 :])
    return replace(made, statements=statements), new


@pytest.mark.slow
@pytest.mark.parametrize("copy", [FIRST, *COPIES[:3]], ids=lambda copy: copy.name)
def test_a_changed_digit_is_never_repaired(copy: Copy) -> None:
    outcomes: Counter[str] = Counter()
    for seed in SEEDS[:2]:
        made = document(seed)
        for at in range(0, len(made.statements), 3):
            anchor = _one(layer_of(seed, FIRST), made.statements[at].text)
            assert anchor is not None
            other, _ = changed(made, at)
            layer = read_layer(typeset(other.body(copy), setup=other.setup(copy)))
            found = find_again(anchor, layer)
            outcomes[found.outcome] += 1
            assert found.anchor is None, found
    assert set(outcomes) <= {"changed", "needs-person"}, outcomes
    assert outcomes["changed"] >= 0.85 * outcomes.total(), outcomes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("fell by −2.1 g in the treated group", "fell by 2.1 g in the treated group"),
        ("fell by 2.1 g in the treated group", "fell by −2.1 g in the treated group"),
        ("with p < 0.05 for the comparison of arms", "with p > 0.05 for the comparison of arms"),
        ("with p < 0.05 for the comparison of arms", "with p = 0.05 for the comparison of arms"),
        ("a mean of 2.10 points on the scale used", "a mean of 21.0 points on the scale used"),
        ("in 49 of 81 patients (60.5%) at month 6", "in 44 of 81 patients (54.3%) at month 6"),
        ("flares in 22.4 % of those in remission", "flares in 14 % of those in remission"),
        ("the cohort had 3–9 flares in each year", "the cohort had 39 flares in each year"),
    ],
)
def test_a_changed_number_or_sign_is_changed(before: str, after: str) -> None:
    old, new = (
        _page(f"Here is what was seen. {before}. Then more."),
        _page(f"Here is what was seen. {after}. Then more.", sha="1"),
    )
    found = find_again(locate(old, before), new)
    assert found.outcome == "changed", found
    assert found.rule == "numbers-differ"
    assert found.anchor is None
    assert found.candidate is not None
    assert after in found.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a spread of 1.8 (SD 1.8) in the group", "a spread of 1.8 (SE 1.8) in the group"),
        ("a dose of 5 mg in each infusion given", "a dose of 5 g in each infusion given"),
        ("cells were 1 × 10⁶ in each infusion", "cells were 1 × 106 in each infusion"),
        ("cells were 1 × 106 in each infusion", "cells were 1 × 10⁶ in each infusion"),
        ("reached by 60.5% of all the patients", "reached by 60.5 of all the patients"),
        ("given to 12 patients in the first arm", "given to 12 and 3 patients in the first arm"),
    ],
)
def test_a_changed_unit_or_power_needs_a_person(before: str, after: str) -> None:
    old, new = _page(f"Then. {before}. So."), _page(f"Then. {after}. So.", sha="1")
    found = find_again(locate(old, before), new)
    assert found.outcome in ("needs-person", "changed", "lost"), found
    assert found.anchor is None


def test_a_superscript_that_became_plain_is_seen_when_the_old_layer_is_there() -> None:
    raised = read_layer(typeset("Each had 1 × 10#super[6] cells for every kg."))
    plain = read_layer(typeset("Each had 1 × 106 cells for every kg."))
    anchor = locate(raised, "Each had 1 × 106 cells for every kg")
    assert find_again(anchor, plain, old=raised).rule == "superscripts-differ"
    copy = read_layer(resaved(typeset("Each had 1 × 10#super[6] cells for every kg.")))
    assert find_again(anchor, copy, old=raised).outcome == "same"


def test_a_table_cell_that_lost_its_row_is_not_taken_from_another_row() -> None:
    old = _page("Arm n Response\nActive 12 9 (75)\nControl 6 5 (83)\nEnd of the table.")
    anchor = locate(old, "9 (75)")
    new = _page("Arm n Response\nActive 12 8 (67)\nControl 12 9 (75)\nEnd of the table.", sha="1")
    found = find_again(anchor, new)
    assert found.anchor is None
    assert found.outcome in ("changed", "needs-person")


def test_repeated_quotes_are_chosen_by_their_surroundings_or_not_at_all() -> None:
    text = "Infection with fever 9 (75) in all; death of any cause 9 (75) in all; end."
    old, new = _page(text), _page("A new first line.\n" + text, sha="1")
    second = locate(old, "9 (75)", prefix="any cause")
    found = find_again(second, new)
    assert found.outcome == "moved"
    assert found.rule == "in-context"
    assert found.anchor is not None
    assert new.pages[0].text[: found.anchor.start].endswith("any cause ")
    bare = replace(second, prefix="", suffix="")
    assert find_again(bare, new).outcome == "needs-person"


def test_what_is_gone_is_lost_and_an_altered_quote_is_never_moved() -> None:
    old = _page("Remission was reached by 49 of 81 patients who stayed in the cohort.")
    anchor = locate(old, "Remission was reached by 49 of 81 patients")
    gone = find_again(anchor, _page("Nothing of the kind is said on this page.", sha="1"))
    assert (gone.outcome, gone.anchor) == ("lost", None)
    assert find_again(anchor, _page("", sha="1")).outcome == "lost"
    altered = replace(anchor, quote="Remission was achieved by 49 of 81 patients")
    found = find_again(altered, old)
    assert (found.outcome, found.rule) == ("needs-person", "quote-altered")
    digits = replace(anchor, quote="Remission was reached by 48 of 81 patients")
    assert find_again(digits, old).outcome == "changed"


def test_a_new_layer_of_the_same_document_is_searched_on_the_same_page() -> None:
    old = _page("Death of any cause: 9 (75). Later: 5 (83).")
    anchor = replace(locate(old, "9 (75)"), prefix="", suffix="")
    (page,) = old.pages
    newer = replace(old, version="v2", pages=(replace(page, text="\n" + page.text),))
    found = find_again(anchor, newer)
    assert (found.outcome, found.rule) == ("moved", "same-page-once")
    assert found.anchor is not None
    assert found.anchor.layer == "v2"


def test_a_sign_without_a_letter_needs_a_person() -> None:
    old = _page("The score fell by −2.1 points in the active arm.")
    anchor = locate(old, "The score fell by −2.1 points")
    text = "The score fell by −2.1 points in the active arm."
    page = PageText(number=1, text=text, unmapped=(text.index("−"),))
    new = Layer(version="v", document_sha256="1" * 64, pages=(page,))
    assert find_again(anchor, new).rule == "sign-unreadable"


@pytest.mark.needs("cjk")
def test_chinese_passages_are_found_again_after_reflow() -> None:
    body = (
        "结果显示,81例患者中49例(60.5%)在12个月内达到缓解,11例(22.4%)复发。"
        "蛋白尿由4.5±2.0 g/24 h降至2.1±1.8 g/24 h,差异有统计学意义(P\\<0.05)。" * 1
    )
    font = '#set text(size: 10pt, lang: "zh", font: "Noto Serif CJK SC")'
    old = _system(body, f"#set page(width: 150mm, height: 100mm, margin: 1cm)\n{font}")
    new = _system(body, f"#set page(width: 70mm, height: 100mm, margin: 1cm)\n{font}")
    for quote in ("81例患者中49例(60.5%)", "4.5±2.0 g/24 h降至2.1±1.8 g/24 h", "P<0.05"):
        found = find_again(locate(old, quote), new)
        assert found.outcome == "moved", (quote, found)
    worse = _system(body.replace("49例", "44例"), f"#set page(width: 70mm)\n{font}")
    assert find_again(locate(old, "81例患者中49例(60.5%)"), worse).anchor is None


def test_outcomes_are_the_declared_ones() -> None:
    assert set(OUTCOMES) == {"same", "moved", "needs-person", "lost", "changed"}


def _page(text: str, *, sha: str = "0") -> Layer:
    return Layer(
        version=f"v{sha}", document_sha256=sha * 64, pages=(PageText(number=1, text=text),)
    )


def _system(body: str, setup: str) -> Layer:
    import typst

    pdf = typst.compile(f"{setup}\n{body}".encode(), format="pdf")
    assert isinstance(pdf, bytes)
    return read_layer(pdf)


LABELS = (
    "Complete response", "Partial response", "Treatment failure", "Infection", "Death", "Flare",
    "Headache", "Serious adverse event", "Stopped treatment", "Lost to follow-up",
)  # fmt: skip

TableRow = tuple[str, str, str]
Spans = dict[tuple[str, int], tuple[int, int]]


def rendered(rows: list[TableRow], *, front: str = "") -> tuple[str, Spans]:
    """Return a table as a page's text, and where each cell stands."""
    text, spans = f"{front}Table 2. Outcomes\nActive Control\n", {}
    for label, *cells in rows:
        text += f"{label}, n (%)"
        for column, cell in enumerate(cells):
            spans[label, column] = (len(text) + 1, len(text) + 1 + len(cell))
            text += f" {cell}"
        text += "\n"
    return text + "Numbers of participants with percentages of twelve.", spans


def mutated(rows: list[TableRow], draw: random.Random) -> list[TableRow]:
    """Return the rows as a correction might leave them."""
    new, i, j = list(rows), draw.randrange(len(rows)), draw.randrange(len(rows))
    match draw.choice(("digit", "shuffle", "insert", "delete", "arms", "rows")):
        case "digit":
            new[i] = (rows[i][0], _count(draw), rows[i][2])
        case "shuffle":
            draw.shuffle(new)
        case "insert":
            new.insert(i, ("New row", _count(draw), _count(draw)))
        case "delete":
            del new[i]
        case "arms":
            new[i] = (rows[i][0], rows[i][2], rows[i][1])
        case _:
            new[i], new[j] = (rows[i][0], *rows[j][1:]), (rows[j][0], *rows[i][1:])
    return new


def _count(draw: random.Random) -> str:
    events = draw.randint(0, 12)
    return f"{events} ({round(100 * events / 12)})"


@pytest.mark.parametrize("seed", range(6))
def test_a_cell_of_a_corrected_table_is_never_taken_from_another_row(seed: int) -> None:
    draw = random.Random(seed)
    outcomes: Counter[str] = Counter()
    for _ in range(40):
        rows = [(label, _count(draw), _count(draw)) for label in draw.sample(LABELS, 6)]
        text, spans = rendered(rows)
        front = draw.choice(("", "A new first line of words.\n"))
        after, now = rendered(mutated(rows, draw), front=front)
        known = draw.random() < 0.8
        for owner, (start, end) in spans.items():
            anchor = PassageAnchor(
                document="0" * 64,
                page=1,
                start=start,
                end=end,
                quote=text[start:end],
                prefix=text[max(0, start - 32) : start] if known else "",
                suffix=text[end : end + 32] if known else "",
            )
            found = find_again(anchor, _page(after, sha="1"))
            outcomes[found.outcome] += 1
            if found.anchor is not None:
                assert now.get(owner) == (found.anchor.start, found.anchor.end), (anchor, after)
                assert found.anchor.quote == anchor.quote
    assert outcomes["moved"] + outcomes["same"] > 0.3 * outcomes.total(), outcomes
