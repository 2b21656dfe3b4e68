"""Formulas of a regression: ``~ dose + design``, read into the terms that ``design_of`` takes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from tamis.domain.errors import BadInput
from tamis.synthesis.regression.design import Term

__all__ = ["SYNTAX", "Formula", "read_formula"]

#: What is understood, and what it means.
SYNTAX = (
    ("~", "may stand in front"),
    ("a + b", "the columns a and b"),
    ("a:b", "the product of two columns alone"),
    ("a * b", "a + b + a:b, for three or more columns every product"),
    ("0 + a", "no intercept: the first column of categories gives one mean a level"),
    ("1 + a", "an intercept, which is there anyway"),
    ("`my column`", "a name with spaces or signs"),
)

_TOKEN = re.compile(r"\s*(?:`([^`]+)`|([^\W\d][\w.]*)|([01])(?![\w.])|([~+:*])|(\S))")


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """Terms in the order in which they stand, lower products first, and the intercept."""

    terms: tuple[Term, ...]
    intercept: bool = True


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    at: int


def read_formula(text: str) -> Formula:
    """Read a formula.

    Parameters
    ----------
    text
        As in ``SYNTAX``. Functions, powers, brackets and minus signs are not understood.

    Raises
    ------
    BadInput
        With the position of the first character that is not understood, counted from 1.

    Examples
    --------
    >>> read_formula("~ dose * design").terms
    (('dose',), ('design',), ('dose', 'design'))
    >>> read_formula("0 + design").intercept
    False
    """
    tokens = _tokens(text)
    if tokens and tokens[0].text == "~" and tokens[0].kind == "sign":
        tokens = tokens[1:]
    terms: list[Term] = []
    intercept = True
    for part in _split(tokens, len(text)):
        if part[0].kind == "digit":
            if len(part) > 1:
                raise _error(text, part[1].at, "a number stands alone")
            intercept = part[0].text == "1"
            continue
        terms += _products(part, text)
    if not terms:
        raise _error(text, len(text), "the formula names no column")
    unique = dict.fromkeys(terms)
    return Formula(terms=tuple(sorted(unique, key=len)), intercept=intercept)


def _tokens(text: str) -> list[_Token]:
    found = []
    for match in _TOKEN.finditer(text):
        at = match.start(match.lastindex or 0)
        kind = {1: "name", 2: "name", 3: "digit", 4: "sign"}.get(match.lastindex or 0)
        if kind is None:
            raise _error(text, at, f"{match[5]!r} is not understood here")
        found.append(_Token(kind, match[match.lastindex or 0], at))
    return found


def _split(tokens: Sequence[_Token], end: int) -> list[list[_Token]]:
    """Return the parts between plus signs; none is empty."""
    parts: list[list[_Token]] = [[]]
    for token in tokens:
        if token.kind == "sign" and token.text == "+":
            if not parts[-1]:
                raise _error("", token.at, "a column is missing before '+'")
            parts.append([])
        else:
            parts[-1].append(token)
    if not parts[-1]:
        raise _error("", end, "a column is missing at the end")
    return parts


def _products(part: Sequence[_Token], text: str) -> list[Term]:
    """Return the terms of ``a``, ``a:b``, ``a * b`` and their mixtures (``:`` binds first)."""
    factors: list[Term] = [()]
    for place, token in enumerate(part):
        if (token.kind == "name") != (place % 2 == 0) or token.text == "~":
            raise _error(text, token.at, f"{token.text!r} cannot stand here")
        if token.kind == "name":
            factors[-1] = (*factors[-1], token.text)
        elif token.text == "*":
            factors.append(())
    if len(part) % 2 == 0:
        raise _error(text, part[-1].at, f"a column is missing after {part[-1].text!r}")
    return [
        tuple(dict.fromkeys(name for factor in chosen for name in factor))
        for size in range(1, len(factors) + 1)
        for chosen in combinations(factors, size)
    ]


def _error(text: str, at: int, problem: str) -> BadInput:
    known = ", ".join(syntax for syntax, _ in SYNTAX[1:5])
    shown = f" of {text!r}" if text else ""
    return BadInput(f"formula, character {at + 1}{shown}: {problem}", f"write it as {known}")
