"""What must hold for every file that is read, whatever it holds."""

from __future__ import annotations

import re
from collections import Counter

from tamis.domain.records import ParsedFile
from tamis.formats.decoding import decode
from tamis.formats.lexed import REFUSALS, REPAIRS


def lost_words(data: bytes, parsed: ParsedFile) -> Counter[str]:
    """Count the words of the file that stand neither in a record nor in a message."""
    kept: Counter[str] = Counter()
    for record in parsed.records:
        for tag, value in record.raw:
            kept.update(words(value) if parsed.format == "csv" else words(f"{tag} {value}"))
    if parsed.format == "csv":
        names = [tag for tag, _ in parsed.records[0].raw] if parsed.records else []
        kept.update(words(" ".join(names)))
    messages = {**REFUSALS, **REPAIRS}
    for part in (*parsed.refused, *parsed.repaired):
        template = messages.get(part.code, part.message)
        kept.update(Counter(words(part.message)) - Counter(words(template.format("", "", ""))))
    return Counter(words(decode(data, name=parsed.name).text)) - kept


def words(text: str) -> list[str]:
    # a byte-order mark that was read as text is no content
    return re.findall(r"\w+", text.replace("ï»¿", " "))


def check(data: bytes, parsed: ParsedFile) -> None:
    """Check what holds for every file that could be read."""
    offsets = [record.offset for record in parsed.records]
    assert offsets == sorted(set(offsets)), "ids are not distinct and in file order"
    assert all(record.import12 == parsed.sha256[:12] for record in parsed.records)
    assert all(0 <= offset < len(data) for offset in offsets)
    assert not lost_words(data, parsed), "words were lost"
    assert all(part.message and part.line >= 1 for part in (*parsed.repaired, *parsed.refused))
