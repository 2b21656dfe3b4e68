"""Copy an example review out of the package, build it, and say where its report is."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

from tamis.app.building.assemble import Tell
from tamis.app.building.build import Built, build_review
from tamis.app.init import IGNORED, UNCHANGED
from tamis.app.review import open_review, write_outside
from tamis.domain.errors import Conflict, NotFound, Place

__all__ = ["Demo", "run_demo"]

#: Who builds an example: nothing is decided, so the person never appears in its log.
BUILDER = "p-reader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    """Where the example was put, and what its build made."""

    folder: Path
    built: Built


def run_demo(folder: Path, *, practice: bool = False, tell: Tell = lambda _: None) -> Demo:
    """Copy the worked review (or the practice set) to ``folder`` and build it.

    A folder that holds the same example is built again; anything else in it is refused.

    Raises
    ------
    Conflict
        When the folder holds something else.
    """
    name = "practice" if practice else "worked"
    with as_file(files("tamis.examples") / name) as example:
        if not (example / "review").is_dir():
            raise NotFound(f"the example {name!r} is not in this package", "install tamis again")
        _copy(_contents(example), folder)
    return Demo(folder=folder, built=build_review(open_review(folder), by=BUILDER, tell=tell))


def _contents(example: Path) -> dict[str, bytes]:
    """Return the example's review by name; its full texts stand beside its inputs."""
    found = {
        path.relative_to(root).as_posix(): path.read_bytes()
        for root in (example / "review", example / "inputs")
        for path in sorted(root.rglob("*"))
        if path.is_file() and (root.name == "review" or path.parent.name == "documents")
    }
    return found | {".gitignore": IGNORED.encode(), ".gitattributes": UNCHANGED.encode()}


def _copy(wanted: dict[str, bytes], folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise Conflict("this is a file", "choose a folder", where=Place(file=str(folder)))
    if folder.is_dir() and any(folder.iterdir()):
        if _holds(folder, wanted):
            return
        raise Conflict(
            "this folder is not empty and holds something else",
            "choose another: tamis demo NEW-FOLDER",
            where=Place(file=str(folder)),
        )
    for name, data in wanted.items():
        write_outside(folder / name, data)


def _holds(folder: Path, wanted: dict[str, bytes]) -> bool:
    """Tell whether the folder holds this example; what was added to it since is left alone."""
    imports = [name for name in wanted if name.startswith(("imports/", "log/"))]
    return (folder / "review.toml").is_file() and all(
        (folder / name).is_file() and (folder / name).read_bytes().startswith(wanted[name])
        for name in imports
    )
