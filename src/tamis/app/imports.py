"""Import export files of sources, and read the records of a review back from them.

The imported bytes are the truth: records are parsed from them whenever they are needed, and a file
that is missing or was changed is an error, never a shorter list.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from tamis.app.protocol.amend import adopt, read_protocol
from tamis.app.review import Review, read_outside
from tamis.domain.canonical import sha256_hex
from tamis.domain.errors import BadInput, Place
from tamis.domain.events import Draft
from tamis.domain.question import Protocol, Source
from tamis.domain.records import ParsedFile, Record, Strategy
from tamis.domain.results import Finding
from tamis.formats import read_citations
from tamis.formats.lexed import DOUBTS
from tamis.query import read_strategy

__all__ = [
    "Duplicates",
    "Imported",
    "Incoming",
    "Library",
    "import_doubts",
    "import_files",
    "import_incoming",
    "load_library",
    "load_strategies",
    "refuse_doubtful",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What importing one file did; ``new`` is false when the very file was already imported."""

    path: str
    source: str
    parsed: ParsedFile
    new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Incoming:
    """A file about to be imported: where it was, its bytes, and what it holds if that is known."""

    path: Path
    data: bytes = field(repr=False)
    parsed: ParsedFile | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duplicates:
    """What de-duplication makes of newly imported records; nothing is dropped.

    ``merged`` are the groups of records that are one report from now on, ``doubtful`` the pairs
    that may be one and that a person has to look at.
    """

    merged: tuple[tuple[Record, ...], ...] = ()
    doubtful: tuple[tuple[Record, Record], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """Every imported file, parsed, and its records by id in import order."""

    files: tuple[ParsedFile, ...]
    records: Mapping[str, Record]


def import_files(
    review: Review,
    paths: Sequence[Path],
    *,
    source: str = "",
    by: str,
    at: str = "",
    as_is: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[Imported, ...]:
    """Import export files, all or none.

    Every file is read and checked before the first is copied, so a broken one changes nothing.
    The source is ``source``, else the id that stands in the file's name, else the one whose
    database the file names. ``as_is`` imports also a file that looks cut or garbled. ``tell`` is
    told each step as it begins: a file that is read, and the import of all.

    Raises
    ------
    BadInput
        Naming file and line, for a file that is none, whose source is not clear, or in which
        records or letters seem to be missing.
    """
    files = []
    for path in paths:
        tell(f"reading {path.name}")
        data = read_outside(path)
        files.append(Incoming(path=path, data=data, parsed=read_citations(data, name=path.name)))
    tell("importing")
    return import_incoming(review, files, source=source, by=by, at=at, as_is=as_is)


def import_incoming(
    review: Review,
    files: Sequence[Incoming],
    *,
    source: str = "",
    by: str,
    at: str = "",
    as_is: bool = False,
) -> tuple[Imported, ...]:
    """Import files whose bytes are in memory; otherwise as ``import_files``."""
    protocol = read_protocol(review)
    known = {sha256: batch.source for sha256, batch in review.state.batches.items()}
    plan: list[tuple[Path, bytes, Imported]] = []
    for file in files:
        path, data = file.path, file.data
        parsed = file.parsed or read_citations(data, name=path.name)
        if not as_is:
            refuse_doubtful(parsed, path)
        owner = _source(protocol, source, path, parsed)
        new = parsed.sha256 not in known
        held = known.setdefault(parsed.sha256, owner.id)
        if held != owner.id:
            raise BadInput(
                f"this very file is imported already, from the source {held}",
                f"export the records of {owner.id} again: one file counts for one source",
                where=Place(file=str(path)),
            )
        plan.append((path, data, Imported(path=path.name, source=owner.id, parsed=parsed, new=new)))
    drafts = [*_searches(review, protocol, plan, by=by, at=at)]
    adopt(review, by=by, at=at)
    for _, data, item in plan:
        if not item.new:
            continue
        name = f"imports/{_free_name(review, item, protocol)}"
        review.write(name, data)
        drafts.append(_batch(name, item, by=by, at=at))
    review.record(drafts)
    return tuple(item for _, _, item in plan)


def refuse_doubtful(parsed: ParsedFile, path: Path) -> None:
    """Refuse a file in which records or letters seem to be missing."""
    for doubt in parsed.repaired:
        if doubt.code in DOUBTS:
            raise BadInput(
                doubt.message,
                "export the file again; if it is whole as it is, import it with --as-is",
                where=Place(file=str(path), line=doubt.line),
            )


def import_doubts(library: Library) -> tuple[Finding, ...]:
    """Return what is doubtful about the imported files: it stands until the file is replaced."""
    return tuple(
        Finding(
            rule=f"import-{doubt.code}",
            severity="warning" if doubt.code in DOUBTS else "note",
            subject=f"{parsed.name}:{doubt.line}",
            message=doubt.message,
            suggestion="compare with the database's own count, and export again if they differ",
        )
        for parsed in library.files
        for doubt in parsed.repaired
        if doubt.code in (*DOUBTS, "encoding-guessed")
    )


def load_library(review: Review) -> Library:
    """Parse every imported file of the review, checking each against its recorded hash."""
    files: list[ParsedFile] = []
    records: dict[str, Record] = {}
    for batch in review.state.batches.values():
        data = review.read_bytes(batch.file)
        if sha256_hex(data) != batch.sha256:
            raise BadInput(
                "this import was changed after it was imported",
                "put the original file back; raw exports are never edited",
                where=Place(file=batch.file),
            )
        parsed = read_citations(data, name=batch.file)
        files.append(parsed)
        records |= {record.id: record for record in parsed.records}
    return Library(files=tuple(files), records=MappingProxyType(records))


def load_strategies(review: Review, protocol: Protocol) -> Mapping[str, Strategy]:
    """Read the strategy file of every source that names one."""
    return {
        source.id: read_strategy(
            review.read_bytes(source.strategy_file), source=source.id, name=source.strategy_file
        )
        for source in protocol.sources
        if source.strategy_file
    }


def _source(protocol: Protocol, wanted: str, path: Path, parsed: ParsedFile) -> Source:
    ids = {source.id: source for source in protocol.sources}
    if wanted:
        if wanted not in ids:
            raise BadInput(
                f"{wanted!r} is no source of this review",
                f"use one of {', '.join(ids) or 'none yet: add [[source]] to review.toml'}",
            )
        return ids[wanted]
    stem = path.stem.lower()
    named = [s for s in ids.values() if stem == s.id or stem.endswith(f"-{s.id}")]
    told = [s for s in ids.values() if parsed.database and s.database == parsed.database]
    for found in (named, told):
        if len(found) == 1:
            return found[0]
    raise BadInput(
        "it is not clear which source this file comes from",
        f"say it with --source ({', '.join(ids) or 'add [[source]] to review.toml'})",
        where=Place(file=str(path)),
    )


def _searches(
    review: Review,
    protocol: Protocol,
    plan: Sequence[tuple[Path, bytes, Imported]],
    *,
    by: str,
    at: str,
) -> list[Draft]:
    drafts = []
    strategies = load_strategies(review, protocol)
    for source_id in dict.fromkeys(item.source for _, _, item in plan):
        source = protocol.source(source_id)
        if source is None or source_id in review.state.searched:
            continue
        strategy = strategies.get(source_id)
        body: dict[str, object] = {
            "source": source.id,
            "database": source.database,
            "platform": source.platform,
            "strategy_file": source.strategy_file,
            "strategy_sha256": strategy.sha256 if strategy else "",
            "searched_on": source.searched_on,
            "hits": source.hits,
            "run": source.run,
            "limits": source.limits,
        }
        drafts.append(
            Draft(actor=by, kind="source_searched.v1", subject=source.id, body=body, at=at)
        )
    return drafts


def _batch(name: str, item: Imported, *, by: str, at: str) -> Draft:
    parsed = item.parsed
    body = {
        "source": item.source,
        "file": name,
        "sha256": parsed.sha256,
        "format": parsed.format,
        "database": parsed.database,
        "encoding": parsed.encoding,
        "records": len(parsed.records),
        "repaired": [
            {"line": r.line, "code": r.code, "message": r.message} for r in parsed.repaired
        ],
        "refused": [{"line": r.line, "code": r.code, "message": r.message} for r in parsed.refused],
    }
    return Draft(actor=by, kind="batch_imported.v1", subject=item.source, body=body, at=at)


def _free_name(review: Review, item: Imported, protocol: Protocol) -> str:
    """Return ``<date>-<source>.<ext>``, with a number when that name is taken by other bytes."""
    suffix = Path(item.path).suffix.lower()
    source = protocol.source(item.source)
    date = source.searched_on if source and source.searched_on else protocol.head.as_of
    stem = f"{date or 'undated'}-{item.source}"
    if Path(item.path).stem == stem or not (review.root / "imports" / item.path).exists():
        candidate = item.path if item.path.startswith(stem) else f"{stem}{suffix}"
    else:
        candidate = f"{stem}{suffix}"
    n = 1
    while (review.root / "imports" / candidate).exists() and not _same(review, candidate, item):
        n += 1
        candidate = f"{stem}-{n}{suffix}"
    return candidate


def _same(review: Review, name: str, item: Imported) -> bool:
    return sha256_hex((review.root / "imports" / name).read_bytes()) == item.parsed.sha256
