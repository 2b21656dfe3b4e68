"""Gather what others may read of a review into one archive: ``report/bundle.zip``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tamis.app.review import Review
from tamis.report import Report, ReportContent
from tamis.report.bundle_crate import METADATA, SHARED, bundle_zip, crate, shareable

__all__ = ["BUNDLE_ZIP", "make_bundle"]

#: Where the bundle stands in the review's folder.
BUNDLE_ZIP = "report/bundle.zip"

#: The folder of what a build makes: taken from the build itself, never from an older one.
DERIVED = "report/"


def make_bundle(
    review: Review,
    report: Report,
    content: ReportContent,
    documents: Mapping[str, bytes] | None = None,
) -> bytes:
    """Return the bundle: the review's text form, the report, its data, and their description.

    Parameters
    ----------
    documents
        Name under ``report/`` -> bytes of what was made beside the page: Word file, PDF, figures.

    Raises
    ------
    BadInput
        When a number of the report rests on nothing that the review has.
    """
    files = dict(_text_form(review))
    files[f"{DERIVED}report.html"] = report.html
    files |= {f"{DERIVED}data/{name}": data for name, data in report.bundle.items()}
    files |= {f"{DERIVED}{name}": data for name, data in (documents or {}).items()}
    files = {path: data for path, data in files.items() if shareable(path)}
    return bundle_zip({**files, METADATA: crate(files, content, report.quantities)})


def _text_form(review: Review) -> Iterator[tuple[str, bytes]]:
    """Yield the files of the folder that may be shared; of the log what the review knows of it."""
    for part in SHARED:
        place = review.root / part
        if part == DERIVED:
            continue
        paths = sorted(place.rglob("*")) if place.is_dir() else [place]
        for path in paths:
            name = path.relative_to(review.root).as_posix()
            hidden = any(bit.startswith(".") or bit.endswith("~") for bit in name.split("/"))
            if path.is_file() and not path.is_symlink() and not hidden:
                data = review.read_bytes(name)
                if path.suffix == ".jsonl":
                    data = _known(review, path.stem, data)
                if data or path.suffix != ".jsonl":
                    yield name, data


def _known(review: Review, chain: str, data: bytes) -> bytes:
    """Return the lines of a chain that the review has read: others may be writing on."""
    seq, _ = review.state.heads.get(chain, (0, ""))
    return b"".join(line + b"\n" for line in data.split(b"\n")[:seq])
