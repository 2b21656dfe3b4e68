"""An example is copied out of the package and built; what else stands in a folder is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from tamis.app import demo
from tamis.app.demo import run_demo
from tamis.domain.errors import Conflict


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Note which folders would be built: the build itself has tests of its own."""
    found: list[Path] = []
    monkeypatch.setattr(demo, "build_review", lambda review, **_: found.append(review.root))
    return found


@pytest.mark.parametrize(("practice", "name"), [(True, "practice"), (False, "worked")])
def test_an_example_is_copied_and_built(
    tmp_path: Path, built: list[Path], practice: bool, name: str
) -> None:
    folder = tmp_path / "new"
    assert run_demo(folder, practice=practice).folder == folder
    assert built == [folder]
    example = Path(demo.__file__).parents[1] / "examples" / name
    for path in (example / "review").rglob("*"):
        if path.is_file():
            copy = folder / path.relative_to(example / "review")
            assert copy.read_bytes() == path.read_bytes(), path.name
    papers = sorted(p.name for p in (example / "inputs").glob("documents/*"))
    assert sorted(p.name for p in folder.glob("documents/*")) == papers
    assert (folder / ".gitignore").is_file()


def test_the_same_example_is_built_again_with_what_was_added_to_it(
    tmp_path: Path, built: list[Path]
) -> None:
    run_demo(tmp_path, practice=True)
    protocol = tmp_path / "review.toml"
    protocol.write_text(protocol.read_text(encoding="utf-8") + "\n# mine\n", encoding="utf-8")
    run_demo(tmp_path, practice=True)
    assert len(built) == 2
    assert protocol.read_text(encoding="utf-8").endswith("# mine\n")


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(
    tmp_path: Path, built: list[Path]
) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(Conflict, match="holds something else"):
        run_demo(tmp_path, practice=True)
    assert [p.name for p in tmp_path.iterdir()] == ["mine.txt"]
    with pytest.raises(Conflict, match="this is a file"):
        run_demo(tmp_path / "mine.txt", practice=True)
    run_demo(tmp_path / "worked")
    with pytest.raises(Conflict, match="holds something else"):
        run_demo(tmp_path / "worked", practice=True)
    assert built == [tmp_path / "worked"]
