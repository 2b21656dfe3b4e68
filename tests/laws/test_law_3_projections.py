"""Law 3: every projection can be dropped and rebuilt to the same rows."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from tests.store.indexes import NewIndex
from tests.store.logs import NewLogs
from tests.store.making import Step, play, worlds

from tamis.domain.state import fold
from tamis.store import Index
from tamis.store.dialects import writing
from tamis.store.projections import rows_of
from tamis.store.schema import INDEX_TABLES


def emptied(index: Index) -> Index:
    with writing(index.engine, "index") as connection:
        for table in INDEX_TABLES.sorted_tables:
            connection.execute(delete(table))
    return index


@given(steps=worlds(copies=2, size=12), looks=st.data())
@settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
def test_rows_do_not_depend_on_when_one_looked(
    new_logs: NewLogs, new_index: NewIndex, steps: list[Step], looks: st.DataObject
) -> None:
    """Looked at after every step, or once at the end, or dropped and made again."""
    index = _kept.setdefault(new_index, None) or new_index()
    _kept[new_index] = index
    emptied(index)
    logs = new_logs(2)
    for step in steps:
        play([step], logs)
        if looks.draw(st.booleans()):
            index.ingest(logs[0])
            if looks.draw(st.booleans()):
                index.project()
    if logs[0].heads() and looks.draw(st.booleans()):
        first = min(event.id for event in logs[0].read() if event.kind != "redacted.v1")
        logs[0].redact(first, why="a name", by="p-chair")
    index.ingest(logs[0])
    bit_by_bit = index.tables()
    index.rebuild()
    assert index.tables() == bit_by_bit
    emptied(index).ingest(logs[0])
    assert index.tables() == bit_by_bit
    state = fold(logs[0].read())
    assert {p.table.name: found for p, found in rows_of(state)} == bit_by_bit
    assert index.state() == state


_kept: dict[NewIndex, Index | None] = {}
