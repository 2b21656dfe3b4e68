"""The score by case: a case agrees when every number that both sides have agrees.

Each case stands in exactly one column of the table:

``agree``
    every number agrees at the family's tolerance;
``ended``
    what differs is an iteration that the oracle ended early or a search that it cut off, shown for
    every number of the case (``causes.py``); it agrees once that is brought to its end.
    ``metafor/tighten.py`` has the engine itself go on, and holds each such case to it;
``typed``
    every number that differs has another cause that is computed, or the product refuses the data
    with a named rule;
``unexplained``
    a number differs and no cause could be computed;
``absent``
    the product does not offer this method of a family that it has;
``later``
    families and models outside this room's issue (``LATER``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from validation.causes import ENDED, UNEXPLAINED
from validation.compare import Tally

#: Network, multilevel and multivariate models, robust variance, selection and scale models.
LATER = frozenset({"nma", "nma.gls", "rve", "rma.mv", "location-scale"})

#: Methods of families that the product has which belong to the same later work.
LATER_METHODS = frozenset({"selection models"})

COLUMNS = ("agree", "ended", "typed", "unexplained", "absent", "later")


def verdicts(family: str, tally: Tally) -> Counter[str]:
    """Count the cases of a family by what came of them."""
    found: Counter[str] = Counter(verdict(causes) for causes in tally.by_case().values())
    found["agree"] = tally.cases - found.total()
    found["typed"] += len(tally.refused)
    for method, count in tally.not_covered.items():
        later = family in LATER or method in LATER_METHODS
        found["later" if later else "absent"] += count
    return found


def verdict(causes: list[str]) -> str:
    """Return the column of a case that has differences, by their causes."""
    if UNEXPLAINED in causes:
        return UNEXPLAINED
    return "ended" if set(causes) <= ENDED else "typed"


def score(found: Mapping[str, Tally]) -> str:
    """Return the table, with its sum and the shares that count."""
    lines = [f"{'cases by family':16}" + "".join(f"{name:>12}" for name in COLUMNS)]
    total: Counter[str] = Counter()
    failed = 0
    for family, tally in sorted(found.items()):
        one = verdicts(family, tally)
        lines.append(f"{family:16}" + "".join(f"{one[name]:12}" for name in COLUMNS))
        total, failed = total + one, failed + tally.failed
    lines.append(f"{'all':16}" + "".join(f"{total[name]:12}" for name in COLUMNS))
    held = total.total() - total["later"]
    if held:
        same = total["agree"] + total["ended"]
        lines += [
            "",
            f"{held} cases of these methods were answered by the oracle "
            f"({failed} more failed there, {total['later']} are of later methods).",
            f"As printed {total['agree']} agree ({total['agree'] / held:.2%}); where the oracle's "
            f"iterations are brought to their end {same} do ({same / held:.2%}).",
            f"The others: {total['typed']} typed, {total['absent']} not offered, "
            f"{total['unexplained']} without a computed cause "
            f"({1 - same / held:.2%} together).",
        ]
    return "\n".join(lines)
