"""What an engine is given: the keys of records, as tables of text files it can read by itself.

An engine never sees a citation, only positions and hashed keys; it answers with pairs of
positions. So every engine finds the same pairs, and the rules of the house decide about them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

__all__ = ["COLUMNS", "FeatureRow", "Features", "Written", "hashed", "write_features"]

#: Table -> its columns, each with the type that DuckDB and Spark share.
COLUMNS = {
    "keys": (("id", "bigint"), ("k", "int"), ("v", "string")),
    "parts": (("id", "bigint"), ("s", "int"), ("part", "string"), ("title", "string")),
    "words": (("id", "bigint"), ("word", "string")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureRow:
    """One record: the values of its keys (empty: none), by what large groups are split, words."""

    keys: Sequence[str]
    parts: Sequence[str]
    title: str
    words: Iterable[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Features:
    """Records in the order of their positions, and the two limits on groups.

    ``cap`` is the largest group that is compared all with all; ``window`` the neighbours of a
    record in what stays larger after every split.
    """

    rows: Iterable[FeatureRow]
    cap: int
    window: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The tables of a run, by name, and how many records and keys they are made of."""

    files: dict[str, Path]
    records: int
    keys: int


def hashed(value: str) -> str:
    """Return 16 hexadecimal digits for a key: free of quotes, and of what the citation says.

    Examples
    --------
    >>> len(hashed("10.1000/x")), hashed("a") == hashed("a")
    (16, True)
    """
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest()


def write_features(features: Features, folder: Path) -> Written:
    """Write the tables as CSV without header, a record at a time; memory does not grow with them.

    Words and titles get a letter in front, so that none is empty and their order stays.
    """
    files = {name: folder / f"{name}.csv" for name in COLUMNS}
    count = width = 0
    with (
        files["keys"].open("w", encoding="utf-8", newline="\n") as keys,
        files["parts"].open("w", encoding="utf-8", newline="\n") as parts,
        files["words"].open("w", encoding="utf-8", newline="\n") as words,
    ):
        for n, row in enumerate(features.rows):
            count, width = n + 1, len(row.keys)
            keys.writelines(f"{n},{k},{hashed(v)}\n" for k, v in enumerate(row.keys) if v)
            parts.writelines(
                f"{n},{s},{hashed(part)},t{row.title}\n" for s, part in enumerate(row.parts)
            )
            words.writelines(f"{n},w{word}\n" for word in sorted(set(row.words)))
    return Written(files=files, records=count, keys=width)
