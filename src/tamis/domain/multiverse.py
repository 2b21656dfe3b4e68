"""What every defensible analysis of one question comes to, as values of the domain."""

from __future__ import annotations

from dataclasses import dataclass

from tamis.domain.question import MultiversePlan, SynthesisPlan

__all__ = ["AxisResult", "MultiverseResult", "SpecificationResult"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecificationResult:
    """One full assignment of options and what it comes to.

    ``estimate``, ``low`` and ``high`` are in the measure of ``options``; ``absolute`` is the same
    as a difference of risks (a share) or of means (units of the outcome), by which the statement
    is judged. ``same_as`` is the id of the first specification that is the same analysis of the
    same rows. ``refused`` says why there is no result.
    """

    id: str
    options: tuple[tuple[str, str], ...]
    statement: str
    k: int
    estimate: float | None = None
    low: float | None = None
    high: float | None = None
    absolute: tuple[float, float, float] | None = None
    refused: str = ""
    same_as: str = ""
    inputs: tuple[str, ...] = ()

    def option(self, axis: str) -> str:
        """Return the option taken on an axis; empty when there is no such axis."""
        return dict(self.options).get(axis, "")


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisResult:
    """One axis: its options, and how many pairs equal but for it make different statements."""

    axis: str
    options: tuple[str, ...]
    turns: int
    pairs: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MultiverseResult:
    """All specifications of one question; ``important`` is the smallest important difference.

    ``distinct`` remain when those that coincide are counted once, ``computed`` of these have a
    result, ``differing`` of these make another statement than the ``primary`` one.
    """

    plan: MultiversePlan
    base: SynthesisPlan
    important: float | None
    specifications: tuple[SpecificationResult, ...]
    primary: str
    asked: int
    distinct: int
    computed: int
    differing: int
    axes: tuple[AxisResult, ...] = ()
    left_out: tuple[tuple[str, str, str], ...] = ()

    @property
    def share(self) -> float | None:
        """Share of the computed specifications with another statement; ``None`` of none."""
        return self.differing / self.computed if self.computed else None

    @property
    def first(self) -> SpecificationResult:
        """The primary specification."""
        return next(one for one in self.specifications if one.id == self.primary)

    @property
    def kept(self) -> tuple[SpecificationResult, ...]:
        """The distinct specifications that have a result, from the lowest estimate."""
        found = [o for o in self.specifications if not o.same_as and o.absolute is not None]
        return tuple(sorted(found, key=lambda o: (o.absolute or (0.0, 0.0, 0.0), o.id)))

    @property
    def refused(self) -> tuple[SpecificationResult, ...]:
        """The distinct specifications that have none."""
        found = (o for o in self.specifications if not o.same_as)
        return tuple(o for o in found if o.statement == "refused")
