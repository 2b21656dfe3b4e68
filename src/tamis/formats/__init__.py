"""Room: formats. Citation files in and out: bytes and records, no paths."""

from tamis.formats.readers import READERS
from tamis.formats.reading import fold_citations, one_file, read_citations
from tamis.formats.writing import WRITERS, write_citations

__all__ = [
    "READERS",
    "WRITERS",
    "fold_citations",
    "one_file",
    "read_citations",
    "write_citations",
]
