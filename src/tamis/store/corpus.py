"""The records of a review, kept parsed and found by their words.

A cache like the rest of the index: what it holds was parsed from the files under ``imports/`` and
can be parsed again. It lives beside the projections, in the same database.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from tamis.domain.canonical import canonical
from tamis.domain.errors import NotFound
from tamis.domain.records import ParsedFile, Record, RefusedPart, Repair
from tamis.store.dialects import add_texts, clear_texts, find_texts, reading, writing
from tamis.store.index import Index
from tamis.store.schema import corpus_files, corpus_records
from tamis.store.words import terms_of, words_of

__all__ = ["Corpus"]

_BATCH = 1000

#: The fields of a record that are searched, in this order.
SEARCHED = ("title", "abstract", "authors", "keywords", "journal", "doi", "pmid")


class Corpus:
    """Records by id and by their words.

    Parameters
    ----------
    index
        Where they are kept.
    """

    def __init__(self, index: Index) -> None:
        self._engine = index.engine

    def put(self, parsed: ParsedFile, *, parser: str = "1") -> None:
        """Keep a parsed import file; what another parser made of the same bytes is replaced."""
        with writing(self._engine, "index") as connection:
            self._drop(connection, [parsed.sha256])
            head = {
                "sha256": parsed.sha256,
                "parser": parser,
                "name": parsed.name,
                "format": parsed.format,
                "database": parsed.database,
                "encoding": parsed.encoding,
                "repaired": canonical([asdict(part) for part in parsed.repaired]).decode(),
                "refused": canonical([asdict(part) for part in parsed.refused]).decode(),
            }
            connection.execute(insert(corpus_files), head)
            for start in range(0, len(parsed.records), _BATCH):
                some = parsed.records[start : start + _BATCH]
                rows = [
                    {
                        "id": record.id,
                        "sha256": parsed.sha256,
                        "position": start + at,
                        "record": _written(record),
                    }
                    for at, record in enumerate(some)
                ]
                connection.execute(insert(corpus_records), rows)
                add_texts(connection, [(record.id, _words(record)) for record in some])

    def get(self, sha256: str, *, parser: str = "1") -> ParsedFile | None:
        """Return a parsed file as it was put, or ``None`` when this parser has not read it yet."""
        with reading(self._engine) as connection:
            query = select(corpus_files).where(
                corpus_files.c.sha256 == sha256, corpus_files.c.parser == parser
            )
            head = connection.execute(query).mappings().first()
            if head is None:
                return None
            texts = connection.execute(
                select(corpus_records.c.record)
                .where(corpus_records.c.sha256 == sha256)
                .order_by(corpus_records.c.position)
            ).scalars()
            return ParsedFile(
                name=head["name"],
                sha256=sha256,
                format=head["format"],
                database=head["database"],
                encoding=head["encoding"],
                records=tuple(map(_read, texts)),
                repaired=tuple(Repair(**part) for part in json.loads(head["repaired"])),
                refused=tuple(RefusedPart(**part) for part in json.loads(head["refused"])),
            )

    def missing(self, imports: Iterable[str], *, parser: str = "1") -> tuple[str, ...]:
        """Return those import files (by SHA-256) that must be parsed, in the order given."""
        with reading(self._engine) as connection:
            query = select(corpus_files.c.sha256).where(corpus_files.c.parser == parser)
            known = set(connection.execute(query).scalars())
        return tuple(sha256 for sha256 in imports if sha256 not in known)

    def record(self, record_id: str) -> Record:
        """Return one record.

        Raises
        ------
        NotFound
            When no kept file has it.
        """
        with reading(self._engine) as connection:
            query = select(corpus_records.c.record).where(corpus_records.c.id == record_id)
            text = connection.execute(query).scalar()
        if text is None:
            raise NotFound(f"there is no record {record_id}", "import the file that holds it")
        return _read(text)

    def search(self, text: str) -> tuple[str, ...]:
        """Return the ids of the records that hold every word asked for (see ``words.terms_of``).

        They come by import file and place in it, not by rank.

        Raises
        ------
        BadInput
            When nothing is asked for.
        """
        terms = terms_of(text)
        with reading(self._engine) as connection:
            return tuple(sorted(find_texts(connection, terms), key=_place))

    def rebuild(self) -> None:
        """Drop the index of words and make it again from the records."""
        with writing(self._engine, "index") as connection:
            clear_texts(connection)
            query = select(corpus_records.c.record).order_by(corpus_records.c.id)
            records = [_read(text) for text in connection.execute(query).scalars()]
            for start in range(0, len(records), _BATCH):
                some = records[start : start + _BATCH]
                add_texts(connection, [(record.id, _words(record)) for record in some])

    def drop(self) -> None:
        """Forget everything; ``missing`` then names every import."""
        with writing(self._engine, "index") as connection:
            imports = connection.execute(select(corpus_files.c.sha256)).scalars().all()
            self._drop(connection, imports)

    def _drop(self, connection: Connection, imports: Sequence[str]) -> None:
        for sha256 in imports:
            mine = corpus_records.c.sha256 == sha256
            ids = connection.execute(select(corpus_records.c.id).where(mine)).scalars().all()
            clear_texts(connection, ids)
            connection.execute(delete(corpus_records).where(mine))
            connection.execute(delete(corpus_files).where(corpus_files.c.sha256 == sha256))


def _words(record: Record) -> tuple[str, ...]:
    parts = []
    for name in SEARCHED:
        value: str | tuple[str, ...] = getattr(record, name)
        parts.append(value if isinstance(value, str) else " ".join(value))
    return words_of("\n".join(parts))


def _written(record: Record) -> str:
    return canonical({field.name: getattr(record, field.name) for field in _FIELDS}).decode()


_FIELDS = fields(Record)


def _read(text: str) -> Record:
    told: dict[str, Any] = json.loads(text)
    told = {key: tuple(v) if isinstance(v, list) else v for key, v in told.items()}
    told["raw"] = tuple((name, value) for name, value in told["raw"])
    return Record(**told)


def _place(record_id: str) -> tuple[str, int, str]:
    file, _, offset = record_id.partition(":")
    return file, int(offset) if offset.isdigit() else 0, record_id
