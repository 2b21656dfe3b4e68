"""Links between records as a table, the same bytes for the same links."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from tamis.dedupe.related import Link

__all__ = ["LINK_COLUMNS", "write_links"]

LINK_COLUMNS = ("a", "b", "kind", "one", "rule", "stated_by", "words")


def write_links(links: Iterable[Link]) -> bytes:
    r"""Return links as CSV: UTF-8, LF, sorted by the two ids.

    ``one`` is the record that the kind speaks of (the erratum of an erratum and its paper), empty
    where that is not known. ``stated_by`` are the records that state the link, ``;`` between them,
    and ``words`` what they say, ``|`` between.

    Examples
    --------
    >>> link = Link(a="x:1", b="x:2", kind="erratum", rule="erratum-once", one="x:2")
    >>> write_links([link])
    b'a,b,kind,one,rule,stated_by,words\nx:1,x:2,erratum,x:2,erratum-once,,\n'
    """
    text = io.StringIO(newline="")
    table = csv.writer(text, lineterminator="\n")
    table.writerow(LINK_COLUMNS)
    for link in sorted(links, key=lambda link: (link.a, link.b)):
        by = ";".join(dict.fromkeys(record for record, _ in link.said))
        words = " | ".join(dict.fromkeys(words for _, words in link.said if words))
        table.writerow((link.a, link.b, link.kind, link.one, link.rule, by, _plain(words)))
    return text.getvalue().encode("utf-8")


def _plain(words: str) -> str:
    """Return words on one line."""
    return " ".join(words.split())
