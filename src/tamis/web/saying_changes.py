"""What a change of the report says, in the visitor's language: counts, roles, levels, results."""

from __future__ import annotations

from tamis.app.building.changes import Change
from tamis.web.retelling import retold
from tamis.web.words import words

__all__ = ["about", "told"]

#: Levels of certainty as a report writes them, by the key of their words.
_LEVELS = {"high": "level_4", "moderate": "level_3", "low": "level_2", "very low": "level_1"}


def about(change: Change, language: str) -> str:
    """Return what a change is about.

    Examples
    --------
    >>> about(Change(kind="count", about="full-text: in", before="1", after="2"), "zh")
    '全文筛选：纳入'
    >>> about(Change(kind="study", about="Alder 2019", before="", after="included"), "zh")
    'Alder 2019'
    """
    if change.kind != "count":
        return change.about
    known = words(language)
    stage, _, state = change.about.partition(": ")
    if not state:
        return known.get(f"overview.count_{stage}", stage)
    place = known.get(f"screening.title_{stage.replace('-', '_')}", stage)
    name = known.get(f"screening.state_{state.replace('-', '_')}", state)
    return f"{place}：{name}" if language == "zh" else f"{place}: {name}"


def told(change: Change, text: str, language: str) -> str:
    """Return what was or is told of it; what people wrote stays as it is.

    Examples
    --------
    >>> change = Change(kind="certainty", about="death", before="", after="very low")
    >>> told(change, change.after, "zh"), told(change, "not judged", "en")
    ('极低', 'not judged')
    """
    known = words(language)
    if change.kind == "study":
        return known.get(f"studies.role_{text.replace('-', '_')}", text)
    if change.kind == "certainty":
        return known.get(f"certainty.{_LEVELS.get(text, '')}", retold(text, language))
    if change.kind == "result":
        return "; ".join(retold(part, language) for part in text.split("; "))
    return text
