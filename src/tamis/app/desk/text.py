"""Free text of records, folded and kept in memory, and the search over it.

Letters are compared without case and accents, and width (``Ｌupus`` is found by ``lupus``); words
of a query are found anywhere inside, so that Chinese needs no word boundaries. Quotation marks
keep words together. A query asks for all of its parts.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import accumulate

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_array

from tamis.domain.records import Record

__all__ = ["Mask", "Texts", "fold_text", "parts_of"]

Mask = npt.NDArray[np.bool_]

_PART = re.compile(r'"([^"]*)"?|(\S+)')

#: Answers that are kept: a person turns pages and chooses facets under one query.
_KEPT = 64


def fold_text(text: str) -> str:
    """Return a text without case, accents and width.

    Examples
    --------
    >>> fold_text("Néphrite LUPIQUE ２４")
    'nephrite lupique 24'
    """
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def parts_of(query: str) -> tuple[str, ...]:
    """Return the parts that a query asks for, folded.

    Examples
    --------
    >>> parts_of('Stem "lupus  nephritis"')
    ('stem', 'lupus nephritis')
    """
    found = _PART.finditer(fold_text(query))
    parts = (" ".join((one[1] or one[2] or "").split()) for one in found)
    return tuple(dict.fromkeys(part for part in parts if part.strip('"')))


class Texts:
    """The texts of records, with an index of their words.

    A part without a space lies inside one word of the text (a word is what stands between
    spaces), so the words that hold it give the records that hold it, exactly. For several words
    together these records are looked through.

    Parameters
    ----------
    records
        Position *i* of a mask is the record that comes *i*-th.
    """

    def __init__(self, records: Mapping[str, Record]) -> None:
        self.records = records
        self._texts: list[bytes] = []
        numbers: defaultdict[str, int] = defaultdict()
        numbers.default_factory = numbers.__len__
        told, lengths = array("i"), array("i")
        for record in records.values():
            words = _words(record)
            self._texts.append(" ".join(words).encode("utf-8", "replace"))
            before = len(told)
            told.extend(map(numbers.__getitem__, set(words)))
            lengths.append(len(told) - before)
        by_record = csr_array(
            (np.ones(len(told), dtype=np.int8), np.array(told), np.cumsum([0, *lengths])),
            shape=(len(records), len(numbers)),
        )
        by_word = by_record.tocsc()
        self._places, self._ends = by_word.indices, by_word.indptr
        known = [word.encode("utf-8", "replace") for word in numbers]
        self._joined = b" ".join(known)
        self._starts = [0, *accumulate(len(word) + 1 for word in known)][: len(known)]
        self._kept: dict[str, Mask] = {}

    def holding(self, part: str) -> Mask:
        """Return which records hold a part of a query (see ``parts_of``)."""
        known = self._kept.pop(part, None)
        if known is None:
            known = self._together(part) if " " in part else self._inside(part)
        self._kept[part] = known  # the newest last
        while len(self._kept) > _KEPT:
            del self._kept[next(iter(self._kept))]
        return known

    def _together(self, part: str) -> Mask:
        """Return which records hold several words as they stand."""
        mask = np.ones(len(self._texts), dtype=bool)
        for word in part.split():
            mask &= self.holding(word)
        needle = part.encode("utf-8", "replace")
        for place in np.flatnonzero(mask).tolist():
            mask[place] = needle in self._texts[place]
        return mask

    def _inside(self, part: str) -> Mask:
        """Return which records have a word that holds this part."""
        mask = np.zeros(len(self._texts), dtype=bool)
        for word in self._holding(part.encode("utf-8", "replace")):
            mask[self._places[self._ends[word] : self._ends[word + 1]]] = True
        return mask

    def _holding(self, needle: bytes) -> Iterable[int]:
        """Yield the numbers of the words that hold some letters."""
        at = self._joined.find(needle)
        while at >= 0:
            word = bisect_right(self._starts, at) - 1
            yield word
            if word + 1 == len(self._starts):
                break
            at = self._joined.find(needle, self._starts[word + 1])


def _words(record: Record) -> list[str]:
    """Return the words of the fields that are searched, a NUL between two fields."""
    words: list[str] = []
    for text in (record.title, record.abstract, "; ".join(record.authors), record.doi, record.pmid):
        if text:
            words += [*fold_text(text).replace("\0", " ").split(), "\0"]
    return words
