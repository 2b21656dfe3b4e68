"""Bad input gets one clear message with its place and what to do, code 2, and changes nothing."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from tests.cli.conftest import RIS, VALUES, Tamis, snapshot


def refused(tamis: Tamis, root: Path, *arguments: str | Path) -> str:
    """Run a command that must be refused; return its one message."""
    before = snapshot(root)
    done = tamis(*arguments)
    assert done.code == 2, done.out + done.err
    assert snapshot(root) == before
    lines = done.err.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("tamis: ")
    assert "To do: " in lines[0]
    return lines[0]


def write(folder: Path, name: str, data: str | bytes) -> Path:
    """Write one input file."""
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return path


def test_a_file_that_is_no_citation_file(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    path = write(tmp_path, "2026-01-31-pubmed.ris", b"\x00\x01\x02\x03" * 100)
    assert "2026-01-31-pubmed.ris" in refused(tamis, small, "import", path, "--review", small)


CUT = RIS[: RIS.index("JO  - Journal of Examples\nER", 120)]
NUMBERED = "Record #1 of 29\n" + RIS
GARBLED = RIS.encode().replace(b"drug", b"dr\x81g")


@pytest.mark.parametrize(
    ("data", "says", "rule"),
    [
        (CUT, "it may be cut", "import-cut-off"),
        (NUMBERED, "the platform numbers 29 records", "import-count-differs"),
        (GARBLED, "neither UTF-8 nor Windows-1252", "import-undefined-bytes"),
    ],
)
def test_a_file_that_lost_something_is_refused_unless_a_person_takes_it_as_it_is(
    tamis: Tamis, small: Path, tmp_path: Path, data: str | bytes, says: str, rule: str
) -> None:
    path = write(tmp_path, "doubtful-pubmed.ris", data)
    message = refused(tamis, small, "import", path, "--review", small)
    assert says in message
    assert re.search(r"doubtful-pubmed\.ris:\d+: ", message)
    assert "--as-is" in message
    done = tamis("import", path, "--review", small, "--as-is", "--json")
    assert done.code == 0
    (file,) = done.json["files"]
    assert file["records"] == 2
    assert file["repaired"]
    assert tamis("build", small, "--only", "html").code == 0
    found = tamis("verify", small, "--json").json["findings"]
    assert [f for f in found if f["rule"] == rule and "doubtful" not in f["message"]]


def test_one_bad_file_among_good_ones_changes_nothing(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    good = write(tmp_path, "a-pubmed.ris", RIS.replace("2020", "2021"))
    bad = write(tmp_path, "b-pubmed.ris", b"")
    assert "b-pubmed.ris" in refused(tamis, small, "import", good, bad, "--review", small)


@pytest.mark.parametrize(
    ("table", "data", "says"),
    [
        ("values", VALUES.replace("visit,", "", 1), "values.csv:1: the column 'visit' is missing"),
        ("values", VALUES.replace(",9,", ",nine,"), "values.csv:2: 'nine' is no number"),
        ("values", VALUES.replace("writer2020,drug", "nobody,drug", 1), "values.csv:2: the study"),
        (
            "values",
            VALUES.replace(",patients,citation,", ",patients,,", 1),
            "values.csv:2: '' is no kind of anchor",
        ),
        ("values", VALUES.replace("point", "pont", 1), "values.csv:2: 'pont' is no estimand"),
        ("values", VALUES.replace("Table 2", "Tab\xe9lle").encode("latin-1"), "values.csv:2: byte"),
        ("votes", "stage,record_id,reviewer,decision\ntitle-abstract,ffffffffffff:0,p-a,include\n",
         "votes.csv:2: the record 'ffffffffffff:0' is not in this review"),
        ("votes", "stage,record_id,reviewer,descision\n", "did you mean 'decision'"),
        ("votes", "stage,record_id,reviewer,decision\n", "the table has no filled-in rows"),
    ],
)  # fmt: skip
def test_a_bad_table_names_its_line(
    tamis: Tamis, small: Path, tmp_path: Path, table: str, data: str | bytes, says: str
) -> None:
    path = write(tmp_path, f"{table}.csv", data)
    assert says in refused(tamis, small, "record", table, path, small)


def test_a_typo_in_the_protocol(tamis: Tamis, small: Path) -> None:
    toml = small / "review.toml"
    toml.write_text(toml.read_text().replace("[[outcome]]\nid", "[[outcome]]\nnmae = 1\nid"))
    message = refused(tamis, small, "build", small)
    assert "review.toml:" in message
    assert "did you mean 'name'" in message


def test_a_broken_chain(tamis: Tamis, small: Path) -> None:
    (log,) = (small / "log").glob("p-*.jsonl")
    log.write_bytes(log.read_bytes().replace(b"Does the drug help?", b"Does the drug harm?", 1))
    assert f"{log.name}:1" in refused(tamis, small, "build", small)


def test_a_percent_that_disagrees_with_its_count_is_a_finding(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    rows = VALUES.splitlines()
    percent = rows[1].replace(",events,9,patients", ",percent,65.0,percent")
    path = write(tmp_path, "values.csv", "\n".join([*rows[:3], percent]) + "\n")
    said = tamis("record", "values", path, small)
    assert said.code == 0
    assert re.search(r"error: pct\.count: .*values\.csv:4: ", said.out)
    done = tamis("build", small, "--only", "html", "--json")
    assert done.code == 0
    assert "pct.count" in {f["rule"] for f in done.json["findings"] if f["severity"] == "error"}
    assert tamis("verify", small).code == 1


@contextmanager
def disk(folder: Path, *, kilobytes: int) -> Iterator[None]:
    """Mount a disk of that size on a folder (needs root; skips visibly without)."""
    mount = shutil.which("mount")
    made = (
        mount is not None
        and not subprocess.run(
            [mount, "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", str(folder)],
            check=False,
            capture_output=True,
        ).returncode
    )
    if not made:
        pytest.skip("mounting a small disk needs root: run the tests as root to cover this")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_one_file_counts_for_one_source(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    protocol = (small / "review.toml").read_text(encoding="utf-8")
    second = protocol + '\n[[source]]\nid = "embase"\ndatabase = "Embase"\nplatform = "Ovid"\n'
    (small / "review.toml").write_text(second, encoding="utf-8")
    first = write(tmp_path, "a-pubmed.ris", RIS.replace("2020", "2021"))
    copy = write(tmp_path, "copy.ris", RIS.replace("2020", "2021"))
    assert tamis("import", first, "--review", small).code == 0
    message = refused(tamis, small, "import", copy, "--source", "embase", "--review", small)
    assert "imported already, from the source pubmed" in message
    again = tamis("import", copy, "--source", "pubmed", "--review", small)
    assert (again.code, "nothing changed" in again.out) == (0, True)


def test_a_read_only_disk(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    with disk(place, kilobytes=8192):
        root = Path(shutil.copytree(small, place / "review"))
        subprocess.run(["mount", "-o", "remount,ro", str(place)], check=True)
        message = refused(tamis, root, "build", root)
    assert "Read-only file system" in message
    assert "copy the review" in message


def test_a_full_disk(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    place = tmp_path / "disk"
    place.mkdir()
    with disk(place, kilobytes=1024):
        root = Path(shutil.copytree(small, place / "review"))
        with contextlib.suppress(OSError), (place / "filler").open("wb", buffering=0) as filler:
            while filler.write(b"x" * 4096):
                pass
        message = refused(tamis, root, "build", root)
        assert "No space left" in message
        (place / "filler").unlink()
        assert tamis("status", root).code == 0


def as_anybody() -> list[str]:
    """Return what makes a command keep to the permissions of files, also when root runs it."""
    if os.name == "nt":
        pytest.skip("permissions of folders are another matter on Windows")
    if os.geteuid() != 0:
        return []
    if shutil.which("setpriv") is None:
        pytest.skip("root may write everywhere, and there is no setpriv to give that up")
    return ["setpriv", "--bounding-set", "-dac_override,-dac_read_search"]


def test_a_read_only_folder(small: Path) -> None:
    start = as_anybody()
    folders = [small, *(p for p in small.rglob("*") if p.is_dir())]
    before = snapshot(small)
    for folder in folders:
        folder.chmod(0o555)
    try:
        done = subprocess.run(
            [*start, sys.executable, "-m", "tamis", "build", str(small)],
            capture_output=True,
            text=True,
            check=False,
        )
    finally:
        for folder in folders:
            folder.chmod(0o755)
    assert done.returncode == 2, done.stdout + done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert "permission" in done.stderr.lower()
    assert "To do: " in done.stderr
    assert snapshot(small) == before


def test_two_processes_building_at_once(tamis: Tamis, small: Path) -> None:
    hold = (
        "import sys, pathlib; from tamis.app.review import open_review\n"
        "with open_review(pathlib.Path(sys.argv[1])).exclusively('build'):\n"
        "    print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(small)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == "held"
        message = refused(tamis, small, "build", small)
        other.communicate("")
    assert "another process" in message
    assert str(other.pid) in message


def test_a_folder_without_a_review(tamis: Tamis, tmp_path: Path) -> None:
    for command in ("status", "build"):
        assert "no review" in refused(tamis, tmp_path, command, tmp_path)


def test_init_never_overwrites(tamis: Tamis, small: Path) -> None:
    assert "already holds a review" in refused(tamis, small, "init", small)
