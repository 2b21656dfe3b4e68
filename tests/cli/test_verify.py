"""``tamis verify`` on the practice set: whatever is tampered with is found, with its place."""

from __future__ import annotations

import random
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import settings
from tests.cli.conftest import Ran, Tamis

from tamis import examples
from tamis.domain.canonical import sha256_hex

EXAMPLE = Path(examples.__file__).parent / "practice"

#: Places that are tampered with, drawn by their number: a sweep draws fifty times as many.
DRAWN = settings.default.max_examples // 10


@pytest.fixture(scope="module")
def practice_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the practice set once: the page alone, since its documents have tests of their own."""
    from tamis.app.building.build import build_review
    from tamis.app.review import open_review

    root = tmp_path_factory.mktemp("once") / "practice"
    shutil.copytree(EXAMPLE / "review", root)
    shutil.copytree(EXAMPLE / "inputs" / "documents", root / "documents")
    build_review(open_review(root), by="p-tester", only="html")
    return root


@pytest.fixture
def practice(practice_once: Path, tmp_path: Path) -> Path:
    """Return a copy to tamper with."""
    return Path(shutil.copytree(practice_once, tmp_path / "practice"))


def rules(done: Ran) -> set[str]:
    """Return the rules of the errors that were found."""
    return {f["rule"] for f in done.json["findings"] if f["severity"] == "error"}


def test_the_practice_set_verifies(tamis: Tamis, practice: Path) -> None:
    done = tamis("verify", practice, "--json")
    assert done.code == 0, done.out
    assert done.json["quantities"] > 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(DRAWN))
def test_any_flipped_byte_of_the_log_is_found(tamis: Tamis, practice: Path, seed: int) -> None:
    chosen = random.Random(seed)
    log = chosen.choice(sorted((practice / "log").glob("*.jsonl")))
    data = bytearray(log.read_bytes())
    at = chosen.randrange(len(data))
    data[at] ^= 1 << chosen.randrange(8)
    log.write_bytes(data)
    done = tamis("verify", practice, "--json")
    assert done.code == 1
    line = bytes(data[:at]).count(b"\n") + 1
    places = [f["path"] for f in done.json["findings"] if f["severity"] == "error"]
    assert any(log.name in place for place in places), places
    numbers = [int(n) for place in places for n in re.findall(rf"{log.name}:(\d+)", place)]
    assert any(abs(n - line) <= 1 for n in numbers), (line, places)


def test_a_changed_quote_in_a_document_is_found(tamis: Tamis, practice: Path) -> None:
    """Typeset the paper again with another number, as a corrected version would have."""
    import typst

    sources = Path("src/tamis/examples/practice/inputs/papers")
    if not sources.is_dir():
        sources = next(Path("src/tamis/examples/practice").rglob("*.typ")).parent
    from tamis.app.review import open_review

    review = open_review(practice)
    value = next(
        v for v in review.state.values.values() if getattr(v.source, "document", "") and v.number
    )
    document = value.source.document  # type: ignore[union-attr]
    pdf = next(
        p for p in (practice / "documents").iterdir() if sha256_hex(p.read_bytes()) == document
    )
    source = (sources / pdf.with_suffix(".typ").name).read_text(encoding="utf-8")
    changed = source.replace(value.printed, "9" + value.printed)
    assert changed != source
    folder = sources.resolve()
    temporary = practice / "changed.typ"
    temporary.write_text(changed, encoding="utf-8")
    for helper in folder.glob("*.typ"):
        if helper.name != pdf.with_suffix(".typ").name:
            shutil.copy(helper, practice)
    pdf.write_bytes(typst.compile(str(temporary)))
    done = tamis("verify", practice, "--json")
    assert done.code == 1
    assert "document-changed" in rules(done)
    assert rules(done) & {"anchor-changed", "anchor-lost"}
    assert any(value.id in f["path"] for f in done.json["findings"])


@pytest.mark.slow
def test_an_absent_document_is_said_and_changes_no_byte_of_the_report(
    tamis: Tamis, practice: Path
) -> None:
    page = practice / "report" / "report.html"
    before = page.read_bytes()
    shutil.rmtree(practice / "documents")
    done = tamis("verify", practice, "--json")
    assert done.code == 0
    absent = [f for f in done.json["findings"] if f["rule"] == "document-absent"]
    assert absent
    assert all("unchecked" in f["message"] for f in absent)
    assert tamis("build", practice, "--only", "html").code == 0
    assert page.read_bytes() == before


@pytest.mark.slow
def test_a_document_that_was_only_saved_again_is_a_warning(tamis: Tamis, practice: Path) -> None:
    pdf = min((practice / "documents").glob("*.pdf"))
    pdf.write_bytes(pdf.read_bytes() + b"\n% saved again\n")
    done = tamis("verify", practice, "--json")
    assert done.code == 0
    (found,) = [f for f in done.json["findings"] if f["rule"] == "document-changed"]
    assert found["severity"] == "warning"
    assert "every quote is found again" in found["message"]


def test_a_changed_import_is_found(tamis: Tamis, practice: Path) -> None:
    export = min((practice / "imports").iterdir())
    export.write_bytes(export.read_bytes().replace(b"20", b"21", 1))
    done = tamis("verify", practice, "--json")
    assert done.code == 1
    assert any(export.name in f["path"] for f in done.json["findings"])


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(DRAWN // 2))
def test_any_changed_digit_of_the_report_is_found(tamis: Tamis, practice: Path, seed: int) -> None:
    path = practice / "report" / "report.html"
    html = path.read_text(encoding="utf-8")
    places = [m.start() for m in re.finditer(r">[^<>]*\d", html)]
    chosen = random.Random(seed)
    at = chosen.choice(places)
    digit = next(i for i in range(at, len(html)) if html[i].isdigit())
    other = str((int(html[digit]) + 1 + chosen.randrange(9)) % 10)
    path.write_text(html[:digit] + other + html[digit + 1 :], encoding="utf-8")
    done = tamis("verify", practice, "--json")
    assert done.code == 1
    assert rules(done) & {
        "mark-moved",
        "orphan-digit",
        "quantity-changed",
        "report-stale",
        "unknown-literal",
        "unknown-quantity",
    }


@pytest.mark.slow
def test_a_number_typed_into_the_report_is_an_orphan(tamis: Tamis, practice: Path) -> None:
    path = practice / "report" / "report.html"
    html = path.read_text(encoding="utf-8")
    path.write_text(html.replace("</p>", " in 42 people</p>", 1), encoding="utf-8")
    done = tamis("verify", practice, "--json")
    assert done.code == 1
    assert "orphan-digit" in rules(done)
    assert done.json["orphans"]


@pytest.mark.slow
def test_a_changed_table_of_the_bundle_is_found(tamis: Tamis, practice: Path) -> None:
    table = practice / "report" / "data" / "values.csv"
    table.write_bytes(table.read_bytes().replace(b"1", b"2", 1))
    assert "bundle-stale" in rules(tamis("verify", practice, "--json"))


@pytest.mark.slow
def test_verify_writes_nothing(tamis: Tamis, practice: Path) -> None:
    before = {p: p.stat().st_mtime_ns for p in practice.rglob("*") if p.is_file()}
    tamis("verify", practice)
    after = {p: p.stat().st_mtime_ns for p in practice.rglob("*") if p.is_file()}
    assert {p for p in after if ".tamis" not in p.parts} == {
        p for p in before if ".tamis" not in p.parts
    }
    assert all(after[p] == t for p, t in before.items() if ".tamis" not in p.parts)


@pytest.mark.slow
@pytest.mark.parametrize(("gone", "rule"), [(False, "decision-changed"), (True, "decision-absent")])
def test_a_table_that_decisions_rest_on_is_checked(
    tamis: Tamis, practice: Path, gone: bool, rule: str
) -> None:
    (kept,) = (practice / "decisions").glob("*.csv")
    data = kept.read_bytes()
    kept.unlink()
    if not gone:
        kept.write_bytes(data.replace(b"same", b"unsure", 1))
    shutil.rmtree(practice / ".tamis", ignore_errors=True)
    found = tamis("verify", practice, "--json")
    assert found.code == 1
    (finding,) = [f for f in found.json["findings"] if f["rule"] == rule]
    assert finding["path"] == f"decisions/{kept.name}"
