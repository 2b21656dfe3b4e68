"""The statements that make candidate pairs, in the SQL that DuckDB and Spark share."""

from __future__ import annotations

from collections.abc import Iterator

__all__ = ["CANDIDATES", "CAPPED", "statements"]

#: What is read at the end: pairs with the first key that joins them; how many groups were capped.
CANDIDATES = "SELECT i, j, k FROM candidates ORDER BY i, j"
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
SELECT s.id, s.k, s.v, p.s, p.part,
  count(*) OVER (PARTITION BY s.k, s.v, p.s, p.part) AS m,
  row_number() OVER (PARTITION BY s.k, s.v, p.s, p.part ORDER BY p.title, s.id) AS rn
FROM sized s JOIN parts p ON p.id = s.id WHERE s.n > {cap}
"""

_PAIRS = """
SELECT i, j, min(k) AS k FROM (
  SELECT a.id AS i, b.id AS j, a.k FROM sized a
  JOIN sized b ON a.k = b.k AND a.v = b.v AND a.id < b.id
  WHERE a.n <= {cap} AND b.n <= {cap} AND a.n > 1
  UNION ALL
  SELECT a.id AS i, b.id AS j, a.k FROM cut a
  JOIN cut b ON a.k = b.k AND a.v = b.v AND a.s = b.s AND a.part = b.part
    AND a.id < b.id WHERE a.m <= {cap} AND b.m <= {cap}
  UNION ALL
  SELECT least(a.id, b.id) AS i, greatest(a.id, b.id) AS j, a.k
  FROM (SELECT cut.*, step, rn + step AS next FROM cut CROSS JOIN ({steps}) t) a
  JOIN cut b ON a.k = b.k AND a.v = b.v AND a.s = b.s AND a.part = b.part
    AND b.rn = a.next WHERE a.m > {cap}
) every_pair GROUP BY i, j
"""


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
    ['rare', 'sized', 'cut', 'candidates']
    """
    steps = " UNION ALL ".join(f"SELECT {n} AS step" for n in range(1, window + 1))
    yield "rare", _RARE.format(rare=rare)
    yield "sized", _SIZED
    yield "cut", _CUT.format(cap=cap)
    yield "candidates", _PAIRS.format(cap=cap, steps=steps)
