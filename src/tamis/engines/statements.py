"""The statements that make the columns to join on, in the SQL that DuckDB and Spark share.

A group of records above the cap is split by further keys, and what stays too large is walked in
order of title. All this becomes columns that are equal for two records exactly when they are worth
comparing, and rules that name the columns: what a join needs, and nothing that is learnt.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

__all__ = ["CAPPED", "COLUMNS", "USED", "WIDE", "rules", "statements", "wide"]

#: Name of the table with one row a record, on which the rules join.
WIDE = "wide"
#: The columns that some record fills: kind of column, key, split (-1: none).
USED = "SELECT DISTINCT kind, k, s FROM links"
#: How many groups were too large to compare all with all.
CAPPED = "SELECT count(*) FROM (SELECT DISTINCT k, v FROM sized WHERE n > {cap}) x"

_RARE = """
SELECT id, {rare} AS k, min(word) || ' ' || max(word) AS v FROM (
  SELECT w.id, w.word, row_number() OVER (PARTITION BY w.id ORDER BY d.c, w.word) AS rn
  FROM words w JOIN (
    SELECT word, count(*) AS c FROM words GROUP BY word HAVING count(*) > 1
  ) d ON w.word = d.word
) r WHERE rn <= 2 GROUP BY id
"""

_SIZED = """
SELECT id, k, v, count(*) OVER (PARTITION BY k, v) AS n FROM (
  SELECT id, k, v FROM keys UNION ALL SELECT id, k, v FROM rare
) every_key
"""

_CUT = """
SELECT s.id, s.k, p.s, s.v || '|' || p.part AS v,
  count(*) OVER (PARTITION BY s.k, s.v, p.s, p.part) AS m,
  row_number() OVER (PARTITION BY s.k, s.v, p.s, p.part ORDER BY p.title, s.id) AS rn
FROM sized s JOIN parts p ON p.id = s.id WHERE s.n > {cap}
"""

#: A group that is small enough, a part of one that is, a walk; the walk in strides of the window.
_LINKS = """
SELECT id, 'same' AS kind, k, -1 AS s, v, 0 AS rn, 0 AS stride FROM sized
WHERE n > 1 AND n <= {cap}
UNION ALL
SELECT id, 'part' AS kind, k, s, v, 0 AS rn, 0 AS stride FROM cut WHERE m > 1 AND m <= {cap}
UNION ALL
SELECT id, 'walk' AS kind, k, s, v, rn, (rn - 1 - (rn - 1) % {window}) / {window} AS stride
FROM cut WHERE m > {cap}
"""

#: Kind of column -> its columns: suffix, and what stands in it.
COLUMNS = {
    "same": (("", "v"),),
    "part": (("", "v"),),
    "walk": (("_here", "v || '|' || CAST(stride AS INT)"),
             ("_next", "v || '|' || CAST(stride + 1 AS INT)"), ("_rn", "rn")),
}  # fmt: skip


def statements(*, cap: int, window: int, rare: int) -> Iterator[tuple[str, str]]:
    """Yield name and query of each table, in the order in which they stand on each other.

    Parameters
    ----------
    cap, window
        See ``Features``.
    rare
        Number of the key made of the two rarest words, behind the others.

    Examples
    --------
    >>> [name for name, _ in statements(cap=200, window=10, rare=14)]
    ['rare', 'sized', 'cut', 'links']
    """
    yield "rare", _RARE.format(rare=rare)
    yield "sized", _SIZED
    yield "cut", _CUT.format(cap=cap)
    yield "links", _LINKS.format(cap=cap, window=window)


def wide(used: Iterable[tuple[str, int, int]]) -> str:
    """Return the query of the table to join on: one row a record, a column for each of ``used``.

    Examples
    --------
    >>> wide([("same", 0, -1)]).partition(", ")[2].partition(" FROM ")[0]
    "max(CASE WHEN kind = 'same' AND k = 0 AND s = -1 THEN v END) AS same_0"
    """
    columns = (
        f"max(CASE WHEN kind = '{kind}' AND k = {k} AND s = {s} THEN {what} END)"
        f" AS {_name(kind, k, s)}{suffix}"
        for kind, k, s in used
        for suffix, what in COLUMNS[kind]
    )
    return f"SELECT id, {', '.join(columns)} FROM links GROUP BY id"  # noqa: S608 - our own names


def rules(used: Iterable[tuple[str, int, int]], *, window: int) -> tuple[str, ...]:
    """Return when two records ``l`` and ``r`` are worth comparing: conditions of which one holds.

    Examples
    --------
    >>> rules([("same", 0, -1)], window=10)
    ('l.same_0 = r.same_0',)
    >>> rules([("walk", 1, 2)], window=10)[1]
    'l.walk_1_2_next = r.walk_1_2_here AND r.walk_1_2_rn - l.walk_1_2_rn <= 10'
    """
    found: list[str] = []
    for kind, k, s in used:
        name = _name(kind, k, s)
        if kind != "walk":
            found.append(f"l.{name} = r.{name}")
            continue
        found.append(f"l.{name}_here = r.{name}_here")
        for one, other in (("l", "r"), ("r", "l")):
            near = f"{other}.{name}_rn - {one}.{name}_rn <= {window}"
            found.append(f"{one}.{name}_next = {other}.{name}_here AND {near}")
    return tuple(found)


def _name(kind: str, k: int, s: int) -> str:
    return f"{kind}_{k}" if s < 0 else f"{kind}_{k}_{s}"
