"""LaTeX in values: accents, letters, symbols and quotation marks as Unicode; markup left out.

Source: the accents and symbols of LaTeX2e (Lamport, tables 3.1 to 3.3) and what databases write.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from unicodedata import normalize

__all__ = ["plain"]

#: Accent command → combining character.
ACCENTS: Mapping[str, str] = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", "=": "\u0304", "u": "\u0306",
    ".": "\u0307", '"': "\u0308", "r": "\u030a", "H": "\u030b", "v": "\u030c", "d": "\u0323",
    "c": "\u0327", "k": "\u0328", "b": "\u0331",
}  # fmt: skip

#: Command → what it prints.
SYMBOLS: Mapping[str, str] = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø",
    "l": "ł", "L": "Ł", "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ",
    "DJ": "Đ", "ng": "ŋ", "textendash": "–", "textemdash": "—", "textquoteright": "’",
    "textquoteleft": "‘", "textquotedblleft": "“", "textquotedblright": "”", "textquotesingle": "'",
    "textasciitilde": "\ue003", "textasciicircum": "^", "textbackslash": "\\", "backslash": "\\",
    "textbar": "|", "textless": "<", "textgreater": ">", "textdegree": "°", "degree": "°",
    "textregistered": "®", "texttrademark": "™", "textcopyright": "©", "copyright": "©", "S": "§",
    "P": "¶", "dag": "†", "ddag": "‡", "pounds": "£", "euro": "€", "dots": "…", "ldots": "…",
    "textellipsis": "…", "pm": "±", "textpm": "±", "times": "×", "texttimes": "×", "cdot": "·",
    "textperiodcentered": "·", "leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠",
    "approx": "≈", "sim": "∼", "infty": "∞", "rightarrow": "→", "leftarrow": "←", "to": "→",
    "alpha": "α",
    "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "textmu": "μ",
    "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ",
    "phi": "φ", "varphi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ",
    "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ",
    "Omega": "Ω",
}  # fmt: skip

ACCENT = re.compile(
    r"\\(?:([`'^~=.\"])|([ucvHkdbr])(?![A-Za-z]))\s*"
    r"(?:\{\s*(?:\\([ij])|([A-Za-z]))\s*\}|\\([ij])(?![A-Za-z])|([A-Za-z]))"
)
SYMBOL = re.compile(r"\\([A-Za-z]+)(?:\{\}|\s+(?=\S)|(?![A-Za-z]))")
ESCAPED = re.compile(r"\\([&%$#_{}])")
MARKUP = re.compile(
    r"\\(?:emph|text(?:it|bf|sc|rm|sf|tt|sl|up|md|superscript|subscript)?|math(?:rm|it|bf|cal|sf)"
    r"|mbox|hbox|url|uppercase|lowercase|ensuremath|noopsort|it|bf|em|rm|sc)\b\s*"
)
HREF = re.compile(r"\\href\s*\{[^{}]*\}")
#: A tilde that is printed: alone in its command, or in an address.
TILDE = re.compile(r"\\~\s*(?:\{\s*\}|(?=[/}]))")
ADDRESS = re.compile(r"\b\w+://[^\s{}]*")
BLANKS = re.compile(r"\\[,;:> ]")
NOTHING = re.compile(r"\\[-!/]")
#: Anything that LaTeX writes otherwise than it prints.
SPECIAL = re.compile(r"[\\$~{}]|--|``|''")
QUOTES = (("``", "“"), ("''", "”"), ("---", "—"), ("--", "–"))
PROTECTED = "\ue000", "\ue001"  # escaped braces, while the others are dropped


def plain(text: str) -> str:
    r"""Return a value as it prints; a command that is not known stays as it is.

    Examples
    --------
    >>> plain(r"{\"O}nnud{\'o}ttir and B\'{u}s\'ah, Stra{\ss}e, \O stergaard \& {DNA}")
    'Önnudóttir and Búsáh, Straße, Østergaard & DNA'
    >>> plain(r"$\alpha$-globin, \emph{in vivo}, 5\% -- \unknown{x}")
    'α-globin, in vivo, 5% – \\unknownx'
    """
    if SPECIAL.search(text) is None:
        return text
    if "\\" in text:
        text = ESCAPED.sub(_escaped, HREF.sub("", text))
        text = NOTHING.sub("", BLANKS.sub(" ", text))
        text = ACCENT.sub(_accented, TILDE.sub("\ue003", text))
        text = MARKUP.sub("", text)
        text = SYMBOL.sub(lambda found: SYMBOLS.get(found[1], found[0]), text)
    if "$" in text:
        text = re.sub(r"\$([^$]*)\$", r"\1", text)
    for written, printed in QUOTES:
        text = text.replace(written, printed)
    if "~" in text:
        text = ADDRESS.sub(lambda found: found[0].replace("~", "\ue003"), text)
    text = text.replace("~", " ").replace("{", "").replace("}", "")
    return (
        text.replace(PROTECTED[0], "{")
        .replace(PROTECTED[1], "}")
        .replace("\ue002", "$")
        .replace("\ue003", "~")
    )


def _escaped(found: re.Match[str]) -> str:
    return {"{": PROTECTED[0], "}": PROTECTED[1], "$": "\ue002"}.get(found[1], found[1])


def _accented(found: re.Match[str]) -> str:
    mark = ACCENTS[found[1] or found[2]]
    letter = found[3] or found[4] or found[5] or found[6]
    return normalize("NFC", letter + mark)
