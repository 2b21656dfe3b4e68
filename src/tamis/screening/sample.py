"""A sample that everybody screens, drawn by the seed and stratified."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tamis.screening.allocation import draw_number

__all__ = ["draw_sample"]


def draw_sample(strata: Mapping[str, Sequence[str]], size: int, *, seed: int) -> tuple[str, ...]:
    """Draw reports from strata in proportion to their sizes (largest remainders).

    Parameters
    ----------
    strata
        Stratum to its reports; a report stands in one stratum.
    size
        How many; all of them where there are fewer.

    Returns
    -------
    tuple of str
        In the order in which they were drawn.

    Examples
    --------
    >>> drawn = draw_sample({"a": ["a1", "a2", "a3", "a4"], "b": ["b1", "b2"]}, 3, seed=1)
    >>> sorted(name[0] for name in drawn)
    ['a', 'a', 'b']
    """
    total = sum(len(reports) for reports in strata.values())
    size = max(0, min(size, total))
    if not size:
        return ()
    shares = {name: divmod(size * len(strata[name]), total) for name in sorted(strata)}
    taken = {name: whole for name, (whole, _) in shares.items()}
    rest = sorted(shares, key=lambda name: (-shares[name][1], name))
    for name in rest[: size - sum(taken.values())]:
        taken[name] += 1
    drawn = [
        report
        for name, count in taken.items()
        for report in sorted(strata[name], key=lambda r: (draw_number(seed, r), r))[:count]
    ]
    return tuple(sorted(drawn, key=lambda report: (draw_number(seed, report), report)))
