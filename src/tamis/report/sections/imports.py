"""What was imported, file by file: format, records, what was mended, what the records hold."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from tamis.domain.quantities import Quantity
from tamis.domain.records import Batch, ParsedFile, Record
from tamis.formats.lexed import DOUBTS
from tamis.report.book import Book
from tamis.report.corpus import literal
from tamis.report.phrase import NBSP, Phrase, Piece, counted, join, say
from tamis.report.sections.plain_summary import languages
from tamis.report.view import Column, Row, Table, columns, row

__all__ = ["FIELDS", "FileCounts", "file_counts", "imports_lead", "imports_table"]

#: Field of a record -> its words, and whether a record holds it.
FIELDS: Mapping[str, tuple[str, Callable[[Record], bool]]] = MappingProxyType(
    {
        "abstract": ("an abstract", lambda r: bool(r.abstract)),
        "doi": ("a DOI", lambda r: bool(r.doi)),
        "year": ("a year", lambda r: r.year is not None),
    }
)

NOT_KNOWN = "not known"

GUESSED = "encoding-guessed"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileCounts:
    """One imported file: the batch, what reading it found (if that is known), its record ids.

    ``filled`` are the ids of the records that hold a field of ``FIELDS``, ``copies`` those of
    records of which the file holds an equal one above.
    """

    batch: Batch
    read: ParsedFile | None
    records: tuple[str, ...]
    filled: Mapping[str, tuple[str, ...]]
    copies: tuple[str, ...]

    @property
    def key(self) -> str:
        """The first twelve digits of the file's hash."""
        return self.batch.sha256[:12]

    @property
    def repaired(self) -> Mapping[str, int]:
        """Repairs by kind, the most frequent first."""
        return _kinds(part.code for part in self.read.repaired) if self.read else {}

    @property
    def set_aside(self) -> Mapping[str, int]:
        """Parts of the file that are no record, by kind."""
        return _kinds(part.code for part in self.read.refused) if self.read else {}


def file_counts(
    batches: Sequence[Batch], files: Sequence[ParsedFile], records: Mapping[str, Record]
) -> tuple[FileCounts, ...]:
    """Return the counts of every imported file, in the order of import.

    Examples
    --------
    >>> batch = Batch(source="a", file="imports/a.ris", sha256="a" * 64, format="ris", records=2,
    ...               at="", event="")
    >>> held = {f"{'a' * 12}:{n}": Record(id=f"{'a' * 12}:{n}", raw=(("TI", "T"),), year=2020)
    ...         for n in (0, 9)}
    >>> one, = file_counts((batch,), (), held)
    >>> len(one.records), len(one.filled["year"]), len(one.filled["doi"]), len(one.copies)
    (2, 2, 0, 1)
    """
    read = {parsed.sha256: parsed for parsed in files}
    held: dict[str, list[Record]] = {batch.sha256[:12]: [] for batch in batches}
    for name in sorted(records, key=lambda name: records[name].offset):
        held.setdefault(records[name].import12, []).append(records[name])
    return tuple(_counts(batch, read.get(batch.sha256), held[batch.sha256[:12]])
                 for batch in batches)  # fmt: skip


def _counts(batch: Batch, read: ParsedFile | None, records: Sequence[Record]) -> FileCounts:
    seen: set[tuple[tuple[str, str], ...]] = set()
    copies: list[str] = []
    for record in records:
        if record.raw in seen:
            copies.append(record.id)
        seen.add(record.raw)
    return FileCounts(
        batch=batch,
        read=read,
        records=tuple(sorted(r.id for r in records)),
        filled={
            name: tuple(sorted(r.id for r in records if holds(r)))
            for name, (_, holds) in FIELDS.items()
        },
        copies=tuple(sorted(copies)),
    )


def _kinds(codes: Iterable[str]) -> Mapping[str, int]:
    return dict(sorted(Counter(codes).items(), key=lambda item: (-item[1], item[0])))


def imports_table(book: Book) -> Table | None:
    """Return one row an imported file; ``None`` where nothing was imported."""
    content = book.content
    files = file_counts(content.batches, content.files, content.records)
    if not files:
        return None
    rows = [_file_row(book, one) for one in files]
    if len(files) > 1:
        rows.append(_total(book, files))
    heads = ("Records", "Mended", "Set aside", f"Abstract,{NBSP}%", f"DOI,{NBSP}%",
             f"Year,{NBSP}%", "Copies")  # fmt: skip
    return Table(
        id="table-imports",
        caption="Imported files, as they were read",
        columns=columns(
            "File",
            "Format",
            *(Column(piece=head, number=True) for head in heads),
            "Notes",
        ),
        rows=tuple(rows),
        notes=(
            "“Mended” counts places of a file that were put right while it was read, “set aside” "
            "parts of it that are no record; every record was kept. “Copies” are records of which "
            "the same file holds an equal one, sign by sign. Shares are of the file’s records, "
            "rounded down.",
        ),
    )


def imports_lead(book: Book) -> tuple[Phrase, Phrase | None]:
    """Return how many files were imported, in English, and in Chinese where somebody wants it."""
    batches = book.content.batches
    if not batches:
        return say("Nothing was imported."), None
    files = book.count("imports:files", [b.sha256 for b in batches], "set of imported files",
                       "imported files")  # fmt: skip
    records = book.count("imports:records", book.content.records, "set of imported records",
                         "imported records")  # fmt: skip
    sources = book.count(
        "imports:sources",
        {b.source for b in batches if book.content.protocol.source(b.source) is not None},
        "set of sources of the protocol from which a file was imported",
        "sources with an imported file",
    )
    english = say(
        "{files} from {sources} gave {records}. The files are kept unchanged, each named by its "
        "hash, and every record can be followed back to its place in its file.",
        files=counted(files, "file", "files"),
        sources=counted(sources, "source", "sources"),
        records=counted(records, "record", "records"),
    )
    if "zh" not in languages(book):
        return english, None
    return english, say(
        "从 {sources} 个来源导入 {files} 个文件，共 {records} 条题录。文件原样保存，以哈希值标识，"
        "每条题录都可追溯到其在文件中的位置。",
        sources=sources, files=files, records=records,
    )  # fmt: skip


def _file_row(book: Book, one: FileCounts) -> Row:
    source = book.content.protocol.source(one.batch.source)
    place: list[Piece] = []
    if source is None or not source.platform.startswith(source.database):
        place.append(book.names.source(one.batch.source))
    if source is not None and source.platform.strip():
        place.append(book.lit(source.platform, "label"))
    name = one.batch.file.rpartition("/")[2]
    return row(
        say("{file} ({place})", file=book.text(name, "identifier", "no name"),
            place=join(place)),
        _format(book, one),
        _records(book, one),
        _parts(book, one, "repaired", one.repaired),
        _parts(book, one, "set-aside", one.set_aside),
        *(_share(book, one, field) for field in FIELDS),
        book.count(f"import:{one.key}/copies", one.copies,
                   "set of records of which the file holds an equal one above",
                   _of(book, one, "exact copies")),
        _notes(book, one),
    )  # fmt: skip


def _of(book: Book, one: FileCounts, what: Piece) -> Phrase:
    name = one.batch.file.rpartition("/")[2]
    return say("{what}, {file}", what=what, file=book.text(name, "identifier", "no name"))


def _format(book: Book, one: FileCounts) -> Piece:
    name = book.text(one.batch.format, "identifier", NOT_KNOWN)
    if one.read is None:
        return name
    letters = book.text(one.read.encoding, "identifier", NOT_KNOWN)
    guessed = any(part.code == GUESSED for part in one.read.repaired)
    return say("{f}, {l}{g}", f=name, l=letters, g=" (guessed)" if guessed else "")


def _records(book: Book, one: FileCounts) -> Quantity:
    return book.count(f"import:{one.key}/records", one.records, "set of records read from the file",
                      _of(book, one, "records read"))  # fmt: skip


def _parts(book: Book, one: FileCounts, part: str, kinds: Mapping[str, int]) -> Piece:
    return book.number(
        f"import:{one.key}/{part}#n",
        sum(kinds.values()) if one.read else None,
        digits=0,
        inputs=(one.batch.sha256,),
        rule=_PARTS[part],
        what=_of(book, one, _WORDS[part]),
        absent=NOT_KNOWN,
    )


_PARTS = {
    "repaired": "number of places mended while the file was read",
    "set-aside": "number of parts of the file that are no record",
}
_WORDS = {"repaired": "places mended", "set-aside": "parts set aside"}


def _share(book: Book, one: FileCounts, field: str) -> Quantity:
    words, _ = FIELDS[field]
    book.count(f"import:{one.key}/{field}", one.filled[field],
               f"set of records of the file with {words}",
               _of(book, one, f"records with {words}"))  # fmt: skip
    _records(book, one)
    return _percent(
        book,
        f"import:{one.key}/{field}",
        len(one.filled[field]),
        len(one.records),
        _of(book, one, f"share of records with {words}"),
        whole=f"import:{one.key}/records#n",
    )


def _percent(book: Book, name: str, part: int, of: int, what: Piece, *, whole: str) -> Quantity:
    return book.number(
        f"{name}#percent",
        part * 100 // of if of else None,
        digits=0,
        unit="%",
        inputs=(f"{name}#n", whole),
        rule="a hundred times the first by the second, rounded down",
        what=what,
        absent="no record",
    )


def _total(book: Book, files: Sequence[FileCounts]) -> Row:
    everything = sorted(name for one in files for name in one.records)
    whole = book.count("import:all/records", everything, "set of records read from all files",
                       "records read from all files")  # fmt: skip
    shares: list[Piece] = []
    for field, (words, _) in FIELDS.items():
        filled = [name for one in files for name in one.filled[field]]
        book.count(f"import:all/{field}", filled, f"set of imported records with {words}",
                   f"imported records with {words}")  # fmt: skip
        shares.append(
            _percent(book, f"import:all/{field}", len(filled), len(everything),
                     f"share of imported records with {words}", whole=whole.id)
        )  # fmt: skip
    copies = [name for one in files for name in one.copies]
    return row(
        "All files",
        "",
        whole,
        _sum(book, files, "repaired"),
        _sum(book, files, "set-aside"),
        *shares,
        book.count("import:all/copies", copies,
                   "set of records of which their file holds an equal one above",
                   "exact copies within the files"),
        "",
        total=True,
    )  # fmt: skip


def _sum(book: Book, files: Sequence[FileCounts], part: str) -> Piece:
    parts = [one.repaired if part == "repaired" else one.set_aside for one in files]
    known = all(one.read is not None for one in files)
    return book.number(
        f"import:all/{part}#n",
        sum(sum(kinds.values()) for kinds in parts) if known else None,
        digits=0,
        inputs=[f"import:{one.key}/{part}#n" for one in files],
        rule="sum",
        what=f"{_WORDS[part]}, all files",
        absent=NOT_KNOWN,
    )


def _notes(book: Book, one: FileCounts) -> Piece:
    """Return what a librarian should know of a file; nothing where there is nothing to say."""
    notes: list[Piece] = []
    if one.read is not None:
        doubts = [p for p in one.read.repaired if p.code in DOUBTS]
        if doubts:
            codes = join([_code(code) for code in dict.fromkeys(p.code for p in doubts)])
            notes.append(say("something may be missing: {c}", c=codes))
        source = book.content.protocol.source(one.batch.source)
        named = one.read.database
        if named and (source is None or named != source.database):
            notes.append(say("names {d} itself", d=book.lit(named, "label")))
        for words, part, kinds in (
            ("mended", "repaired", one.repaired),
            ("set aside", "set-aside", one.set_aside),
        ):
            if kinds:
                notes.append(say("{w}: {k}", w=words, k=_by_kind(book, one, part, kinds)))
    if one.records and not one.filled["abstract"]:
        notes.append("no record has an abstract")
    if not one.records:
        notes.append("no record was found")
    return join(notes, "; ") if notes else ""


def _by_kind(book: Book, one: FileCounts, part: str, kinds: Mapping[str, int]) -> Phrase:
    return join([_kind(book, one, part, code, n) for code, n in kinds.items()])


def _kind(book: Book, one: FileCounts, part: str, code: str, n: int) -> Phrase:
    number = book.number(
        f"import:{one.key}/{part}/{code}#n",
        n,
        digits=0,
        inputs=(one.batch.sha256,),
        rule=_PARTS[part],
        what=_of(book, one, say("{w}, {c}", w=_WORDS[part], c=_code(code))),
    )
    return say("{c} ({n})", c=_code(code), n=number)


def _code(code: str) -> Piece:
    """Return the name of a kind of repair as words."""
    return literal(code.replace("-", " "), "label")
