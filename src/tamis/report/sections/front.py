"""Title block: the title, the people, the dates and the banner."""

from __future__ import annotations

from collections.abc import Mapping

from tamis.report.book import Book
from tamis.report.phrase import Phrase, Piece, join, say

__all__ = ["title_block", "versions"]


def title_block(book: Book, *, interim: bool) -> Mapping[str, object]:
    """Return the title, the people, the dates and the banner."""
    head, content = book.content.protocol.head, book.content
    people = [
        say(
            "{name} ({roles})",
            name=book.lit(m.name, "label"),
            roles=join([book.lit(r, "label") for r in m.roles]),
        )
        if m.roles
        else book.lit(m.name, "label")
        for m in content.protocol.team
    ]
    dates: list[tuple[str, Piece]] = [("Report dated", book.day(content.date))]
    if head.as_of:
        dates.append(("Evidence as of", book.day(head.as_of)))
    if head.registration:
        dates.append(("Registration", book.lit(head.registration, "identifier")))
    dates.append(("Made with", versions(book)))
    return {
        "title": book.lit(head.title, "label"),
        "banner": book.lit(head.banner, "quote") if head.banner.strip() else None,
        "interim": interim,
        "people": people,
        "dates": dates,
    }


def versions(book: Book) -> Phrase:
    """Return the programs that computed something, with their versions."""
    order = sorted(book.content.versions, key=lambda name: (name != "tamis", name))
    return join(
        say(
            "{name} {version}",
            name=name.capitalize() if name == "tamis" else book.lit(name, "label"),
            version=book.lit(book.content.versions[name], "setting"),
        )
        for name in order
    )
