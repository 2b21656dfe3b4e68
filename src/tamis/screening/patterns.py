"""Regular expressions that people write: a subset that cannot run away.

A backtracking matcher can take for ever on an innocent-looking pattern. Here a pattern is read by
a small grammar that has no backward reference and no look-around; repeats apply to one character,
end at 50, and the number of ways in which a pattern can try one place of a text is bounded.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from tamis.domain.errors import BadInput

__all__ = ["LONGEST_REPEAT", "MOST_WAYS", "tame"]

#: What ``*`` and ``+`` mean at most.
LONGEST_REPEAT = 50

#: In how many ways a pattern may try to match at one place.
MOST_WAYS = 3000

_LONGEST = 200
_DEEPEST = 20
_CLASSES = "dDwWsS"
_REPEAT = re.compile(r"\{(\d{1,3})(?:(,)(\d{0,3}))?\}")


def tame(pattern: str, fold: Callable[[str], str]) -> str:
    r"""Return a pattern for ``re`` that matches folded text and cannot run away.

    Parameters
    ----------
    pattern
        Letters, ``.``, ``[…]``, ``(…)``, ``|``, ``?``, ``*``, ``+``, ``{m,n}``, ``\d \w \s \b``
        and their opposites, and punctuation behind a backslash.
    fold
        How the text was folded; applied to the letters of the pattern.

    Raises
    ------
    BadInput
        For anything else, and for a pattern with too many ways to match.

    Examples
    --------
    >>> tame("Lupus|SLE", str.lower)
    'lupus|sle'
    >>> tame("a+", str.lower)
    'a{1,50}'
    """
    if not 0 < len(pattern) <= _LONGEST:
        raise _refuse(pattern, f"has {len(pattern)} characters", f"use 1 to {_LONGEST}")
    reader = _Reader(pattern, fold)
    text, ways = reader.either(0)
    if reader.at < len(pattern):
        raise _refuse(pattern, "closes a bracket that is not open", "write \\) for the character")
    if ways > MOST_WAYS:
        raise _refuse(
            pattern, "could take very long to match", "use fewer *, + and {…}, or shorter ones"
        )
    try:
        re.compile(text)
    except re.error as error:
        raise _refuse(pattern, f"cannot be read: {error.msg}", "mend it") from error
    return text


@dataclass(slots=True)
class _Reader:
    """Reads a pattern from the left; every method returns its text and its number of ways."""

    pattern: str
    fold: Callable[[str], str]
    at: int = 0

    def either(self, depth: int) -> tuple[str, int]:
        if depth > _DEEPEST:
            raise _refuse(self.pattern, "is nested too deeply", "use fewer brackets")
        text, ways = self._sequence(depth)
        while self._takes("|"):
            more, others = self._sequence(depth)
            text, ways = f"{text}|{more}", ways + others
        return text, ways

    def _sequence(self, depth: int) -> tuple[str, int]:
        text, ways = "", 1
        while self.at < len(self.pattern) and self.pattern[self.at] not in "|)":
            atom, inside, single = self._atom(depth)
            repeat, times = self._repeat(single=single)
            text, ways = text + atom + repeat, min(ways * inside * times, MOST_WAYS + 1)
        return text, ways

    def _atom(self, depth: int) -> tuple[str, int, bool]:
        """Return an atom, its ways, and whether it is one character, which may repeat."""
        letter = self.pattern[self.at]
        self.at += 1
        if letter == "(":
            if self._takes("?") and not self._takes(":"):
                raise _refuse(self.pattern, "has a (?…) that is not (?:…)", "use plain brackets")
            inner, ways = self.either(depth + 1)
            if not self._takes(")"):
                raise _refuse(self.pattern, "has an open bracket", "close it with )")
            return f"(?:{inner})", ways, False
        if letter == "[":
            return self._set(), 1, True
        if letter == "\\":
            return self._escaped()
        if letter == ".":
            return ".", 1, True
        if letter in "*+?{^$":
            raise _refuse(self.pattern, f"has {letter!r} where nothing stands", f"write \\{letter}")
        return self._letter(letter)

    def _letter(self, letter: str) -> tuple[str, int, bool]:
        folded = self.fold(letter)
        if len(folded) == 1:
            return re.escape(folded), 1, True
        return f"(?:{re.escape(folded)})", 1, False

    def _escaped(self) -> tuple[str, int, bool]:
        letter = self.pattern[self.at : self.at + 1]
        self.at += 1
        if letter and letter in _CLASSES:
            return f"\\{letter}", 1, True
        if letter == "b":
            return r"\b", 1, False
        if not letter or letter.isalnum():
            raise _refuse(
                self.pattern, f"has \\{letter}, which is not known here", r"use \d \w \s \b"
            )
        return re.escape(letter), 1, True

    def _set(self) -> str:
        text = "[^" if self._takes("^") else "["
        first = True
        while first or not self._takes("]"):
            first = False
            if self.at >= len(self.pattern):
                raise _refuse(self.pattern, "has an open [", "close it with ]")
            text += self._member()
            if self.pattern[self.at : self.at + 1] == "-" and (
                self.pattern[self.at + 1 : self.at + 2] not in ("]", "")
            ):
                self.at += 1
                text += f"-{self._member()}"
        return f"{text}]"

    def _member(self) -> str:
        letter = self.pattern[self.at]
        self.at += 1
        if letter == "\\":
            return self._escaped()[0]
        folded = self.fold(letter)
        return re.escape(folded if len(folded) == 1 else letter)

    def _repeat(self, *, single: bool) -> tuple[str, int]:
        least, most = self._times()
        if (least, most) == (1, 1):
            return "", 1
        if not single and (least, most) != (0, 1):
            raise _refuse(
                self.pattern, "repeats more than one character", "repeat single characters only"
            )
        lazy = "?" if self._takes("?") else ""
        if self.pattern[self.at : self.at + 1] in ("*", "+", "{"):
            raise _refuse(self.pattern, "repeats a repeat", "use one *, + or {…}")
        return f"{{{least},{most}}}{lazy}", most - least + 1

    def _times(self) -> tuple[int, int]:
        for sign, times in (("*", (0, LONGEST_REPEAT)), ("+", (1, LONGEST_REPEAT)), ("?", (0, 1))):
            if self._takes(sign):
                return times
        found = _REPEAT.match(self.pattern, self.at)
        if found is None:
            return 1, 1
        self.at = found.end()
        least = int(found[1])
        most = least if not found[2] else int(found[3]) if found[3] else LONGEST_REPEAT
        if not least <= most <= LONGEST_REPEAT or not most:
            raise _refuse(
                self.pattern, f"repeats {found[0]}", f"use {{m,n}} with m ≤ n ≤ {LONGEST_REPEAT}"
            )
        return least, most

    def _takes(self, letter: str) -> bool:
        if self.pattern[self.at : self.at + 1] == letter:
            self.at += 1
            return True
        return False


def _refuse(pattern: str, problem: str, remedy: str) -> BadInput:
    return BadInput(f"the pattern /{pattern[:60]}/ {problem}", remedy)
