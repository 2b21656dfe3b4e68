"""Newcombe 1998, Statistics in Medicine 17:873, Table II: method 10 on its eight examples."""

from __future__ import annotations

import pytest

from tamis.synthesis import newcombe

#: a/m against c/n with the limits as printed (four decimals).
TABLE_II = [
    (56, 70, 48, 80, 0.0524, 0.3339),
    (9, 10, 3, 10, 0.1705, 0.8090),
    (6, 7, 2, 7, 0.0582, 0.8062),
    (5, 56, 0, 29, -0.0381, 0.1926),
    (0, 10, 0, 20, -0.1611, 0.2775),
    (0, 10, 0, 10, -0.2775, 0.2775),
    (10, 10, 0, 20, 0.6791, 1.0000),
    (10, 10, 0, 10, 0.6075, 1.0000),
]


@pytest.mark.parametrize(("a", "m", "c", "n", "low", "high"), TABLE_II)
def test_method_ten(a: int, m: int, c: int, n: int, low: float, high: float) -> None:
    found = newcombe(a, m, c, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=6e-5)
