"""The page "Bring your own review" is followed, block by block and table by table.

Rules of the page: a ``toml`` block is a part of the protocol; a ``text`` block is the file named in
the line before it; a bare block holds commands; "Fill in `x`:" stands before a table whose bold
columns are filled in wherever the others agree, and "as `y`, but" takes over what `y` got.
"""

from __future__ import annotations

import csv
import io
import re
import shlex
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.cli.conftest import Ran, Tamis, tamis

from tamis.app.review import open_review
from tamis.certainty.thresholds import KNOWN, RISK_UNITS

__all__ = ["tamis"]

PAGE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "bring-your-own-review.md"

#: Columns to find a row by, and columns to fill in.
Filled = list[tuple[dict[str, str], dict[str, str]]]

PIECE = re.compile(
    r"^```(?P<language>[\w-]*)\n(?P<block>[\s\S]*?)^```$"
    r"|^(?P<filling>Fill in `.*?`.*?[:.])\n\n(?P<table>(?:\|.*\n)*)",
    re.M,
)
FILE = re.compile(r"`([\w./-]+)`:\s*\Z")


class Reader:
    """Somebody who does what the page says, in a folder of their own."""

    def __init__(self, tamis: Tamis, folder: Path) -> None:
        self.tamis, self.folder = tamis, folder
        self.filled: dict[str, Filled] = defaultdict(list)
        self.ran: dict[str, Ran] = {}
        self.protocol: list[str] = []

    def follow(self, page: str) -> None:
        for piece in PIECE.finditer(page):
            if piece["filling"]:
                self.fill(piece["filling"], piece["table"])
            elif piece["language"] == "toml":
                self.protocol.append(piece["block"])
                self.write("my-review/review.toml", "\n".join(self.protocol))
            elif piece["language"] == "toml-claims":
                self.write("my-review/claims.toml", piece["block"])
            elif piece["language"] == "text":
                named = FILE.search(page[: piece.start()])
                assert named is not None, piece["block"]
                self.write(named[1], piece["block"])
            else:
                for line in piece["block"].splitlines():
                    self.run(line)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    def run(self, line: str) -> None:
        program, *words = shlex.split(line)
        assert program == "tamis", line
        done = self.tamis(*words)
        self.ran[line] = done
        assert done.code == (1 if words[0] == "check" else 0), f"{line}\n{done.out}{done.err}"

    def fill(self, words: str, table: str) -> None:
        name, *other = re.findall(r"`([\w.-]+)`", words)
        self.filled[name] += self.filled[other[0]] if other else []
        self.filled[name] += list(entries(table))
        path = self.folder / name
        rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"), newline="")))
        for keys, cells in self.filled[name]:
            found = [row for row in rows if keys.items() <= row.items()]
            assert found, f"{name}: no row for {keys}"
            assert set(cells) <= set(found[0]), f"{name}: {set(cells) - set(found[0])}"
            for row in found:
                row.update(cells)
        out = io.StringIO(newline="")
        writer = csv.DictWriter(out, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
        path.write_text(out.getvalue(), "utf-8-sig", newline="")


def entries(table: str) -> Iterator[tuple[dict[str, str], dict[str, str]]]:
    lines = [[c.strip() for c in line.strip("|\n").split("|")] for line in table.splitlines()]
    if not lines:
        return
    header, _, *rows = lines
    for row in rows:
        cells = dict(zip(header, row, strict=True))
        yield (
            {name: text for name, text in cells.items() if not name.startswith("**")},
            {name.strip("*"): text for name, text in cells.items() if name.startswith("**")},
        )


@pytest.fixture
def reader(tamis: Tamis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TAMIS_ACTOR", "p-ann")
    return Reader(tamis, tmp_path)


def test_the_page_can_be_followed_to_the_end(reader: Reader) -> None:
    reader.follow(PAGE.read_text("utf-8"))
    root = reader.folder / "my-review"
    state = open_review(root).state
    assert {link.study for link in state.links.values()} == {"north2018", "south2020"}
    assert {v.reviewer for v in state.votes.values()} == {"p-ann", "p-bob"}
    assert [s.by for s in state.settlements.values()] == ["p-cat"]
    assert (len(state.values), len(state.looked_for)) == (10, 1)
    assert {s.question for s in state.appraisal_settlements.values()} == {"5.1", "D5", "overall"}
    assert len(state.certainty) == 8
    assert "taken for one report" in reader.ran["tamis import scopus.ris --review my-review"].out
    assert "title-abstract conflicts" in reader.ran["tamis status my-review"].out
    built = reader.ran["tamis build my-review"].out
    assert "5 from 2 files are 4 reports; 1 duplicate kept beside them" in built
    assert not re.search(r"\b1 (files|duplicates|warnings|notes|errors)\b", built)
    checked = reader.ran["tamis check my-review --text abstract.txt"].out
    assert "verb-too-strong" in checked
    assert "nothing wrong" in reader.ran["tamis verify my-review"].out
    for name in ("report.html", "report.docx", "report.pdf", "data/records.csv"):
        assert list((root / "report").glob(name)), name
    # the claim at the end stands in the folder; the next build takes it in
    assert reader.tamis("build", "my-review", "--only", "html").code == 0
    assert reader.tamis("status", "my-review", "--json").json["stage"] == "done"


def test_every_table_has_its_place_on_the_page() -> None:
    page = PAGE.read_text("utf-8")
    for table in ("pairs", "votes", "consensus", "links", "values", "appraisals",
                  "appraisal-consensus", "grades", "documents"):  # fmt: skip
        assert re.search(rf"tamis sheet {table} my-review", page), table
        if table != "pairs":
            assert re.search(rf"tamis\s+record {table} ", page), table


# ------------------------------------------------------------------ what contracts say of it
def contracts(heading: str) -> str:
    text = (PAGE.parents[1] / "reference" / "contracts.md").read_text("utf-8")
    _, _, rest = text.partition(f"\n{heading}\n")
    assert rest, heading
    return re.split(r"^#+ ", rest, maxsplit=1, flags=re.M)[0]


def test_thresholds_are_documented_with_their_sizes_and_units() -> None:
    said = contracts("### Thresholds")
    for unit in RISK_UNITS:
        assert f"`{unit}`" in said, unit
    (row,) = re.findall(r"^\| `\[\[outcome\.threshold\]\]` .*$", contracts("## review.toml"), re.M)
    for size in KNOWN:
        assert size in row, size


def test_kinds_of_reports_in_use_are_documented() -> None:
    said = contracts("## Tables that people edit")
    examples = PAGE.parents[2] / "src" / "tamis" / "examples"
    found = set()
    for path in examples.glob("*/inputs/links.csv"):
        rows = csv.DictReader(io.StringIO(path.read_text("utf-8"), newline=""))
        found |= {row["kind"] for row in rows}
    assert found
    for kind in found:
        assert f"`{kind}`" in said, kind
