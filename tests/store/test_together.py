"""Several files are written together: all new, or all as they were."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.domain.errors import StorageFailed
from tamis.store import Fault, FaultyFiles, write_together

OLD = {
    "page.html": b"old page",
    "basis.json": b"old basis",
    "data/a.csv": b"old",
    "data/b.csv": b"b",
}
NEW = {"page.html": b"new page", "basis.json": b"new basis", "data/a.csv": b"new"}


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_is_no_part_of_it_goes_and_what_a_person_put_there_stays(tmp_path: Path) -> None:
    folder, staged = tmp_path / "report", tmp_path / "staged"
    write_together(folder, OLD, staged=staged, last="basis.json")
    (folder / "my-notes.txt").write_bytes(b"mine")
    write_together(folder, NEW, staged=staged, last="basis.json")
    assert tree(folder) == {**NEW, "my-notes.txt": b"mine"}
    assert not staged.exists()


@pytest.mark.parametrize(
    ("op", "kind"), [("write", "short"), ("write", "full"), ("replace", "full")]
)
@pytest.mark.parametrize("nth", [1, 2, 3])
def test_a_disk_that_fails_leaves_the_old_files(
    tmp_path: Path, op: str, kind: str, nth: int
) -> None:
    folder, staged = tmp_path / "report", tmp_path / "staged"
    write_together(folder, OLD, staged=staged, last="basis.json")
    files = FaultyFiles([Fault(op=op, nth=nth, kind=kind)])
    with pytest.raises(StorageFailed):
        write_together(folder, NEW, staged=staged, last="basis.json", files=files)
    assert tree(folder) == OLD
    assert not staged.exists()


def test_stopped_among_the_moves_the_last_file_is_not_there(tmp_path: Path) -> None:
    folder, staged = tmp_path / "report", tmp_path / "staged"
    write_together(folder, OLD, staged=staged, last="basis.json")
    (folder / "page.html").unlink()
    (folder / "page.html").mkdir()  # the move of this file cannot succeed
    with pytest.raises(StorageFailed):
        write_together(folder, NEW, staged=staged, last="basis.json")
    assert not (folder / "basis.json").exists()
