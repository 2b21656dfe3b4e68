"""The asymmetry test that fits a planned synthesis: which one, and when none is made."""

from __future__ import annotations

from collections.abc import Sequence

from tamis.domain.results import BinaryRow, Refusal, Synthesis
from tamis.synthesis.effect_sizes import effect_rows
from tamis.synthesis.small_study.asymmetry import (
    AsymmetryTest,
    asymmetry,
    asymmetry_of_tables,
)

__all__ = ["asymmetry_of_synthesis"]


def asymmetry_of_synthesis(done: Synthesis) -> AsymmetryTest | Refusal:
    """Test the asymmetry of a pool: Harbord for odds ratios, Peters for other ratios, else Egger.

    The standard error of a ratio of counts hangs together with the ratio itself, so that Egger's
    test would find asymmetry where there is none; Harbord's and Peters' tests do not have that.

    Returns
    -------
    AsymmetryTest or Refusal
        Refused below ten studies (``too-few-for-asymmetry``), and without a pool
        (``no-pool-to-test``).

    References
    ----------
    Cochrane Handbook, chapter 13; Harbord 2006; Peters 2006; Egger 1997.
    """
    if done.pooled is None:
        return Refusal(
            rule="no-pool-to-test",
            message="Asymmetry is a question about the studies of a pool, and nothing is pooled.",
        )
    tables = _tables(done)
    if tables and done.plan.measure in ("OR", "PETO"):
        return asymmetry_of_tables(tables, test="Harbord")
    if tables and done.plan.measure == "RR":
        return asymmetry_of_tables(tables, test="Peters")
    return asymmetry(effect_rows(done.effects))


def _tables(done: Synthesis) -> Sequence[BinaryRow]:
    tables = [row for row in done.rows if isinstance(row, BinaryRow)]
    return tables if len(tables) == len(done.rows) else ()
