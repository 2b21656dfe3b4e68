"""Registers of trials: how their numbers are written, and how they are written one way.

Source: the primary registries of the WHO's network (International Clinical Trials Registry
Platform), ClinicalTrials.gov, and the registers of the European Union.
"""

from __future__ import annotations

import re

__all__ = ["REGISTRIES", "registry_numbers"]

#: Register; how its numbers are written. Letters of either case; blanks and colons are dropped.
REGISTRIES: tuple[tuple[str, str], ...] = (
    ("ClinicalTrials.gov", r"NCT[\s:-]{0,2}\d{8}"),
    ("ISRCTN", r"ISRCTN[\s:-]{0,2}\d{8}"),
    ("EudraCT", r"(?<!\d)(?:19|20)\d\d-\d{6}-\d\d(?!\d|-\d\d)"),
    ("CTIS", r"(?<!\d)20[2-9]\d-5\d{5}-\d\d-\d\d(?!\d)"),
    ("ChiCTR", r"ChiCTR(?:-[A-Z]{2,5})?[\s:-]{0,2}\d{8,10}"),
    ("UMIN", r"(?:JPRN[\s-]?)?UMIN[\s:-]{0,2}\d{9}"),
    ("jRCT", r"(?:JPRN[\s-]?)?jRCTs?\d{9,10}"),
    ("JapicCTI", r"(?:JPRN[\s-]?)?JapicCTI[\s:-]{0,2}\d{6}"),
    ("ANZCTR", r"ACTRN[\s:-]{0,2}\d{14}"),
    ("CTRI", r"CTRI/\d{4}/\d{2,3}/\d{6}"),
    ("DRKS", r"DRKS[\s:-]{0,2}\d{8}"),
    ("NTR", r"NTR[\s:-]{0,2}\d{3,5}(?!\d)"),
    ("LTR", r"NL-OMON\d{4,6}"),
    ("IRCT", r"IRCT[\s:-]{0,2}\d{6,18}N\d{1,3}"),
    ("CRIS", r"KCT[\s:-]{0,2}\d{7}"),
    ("PACTR", r"PACTR[\s:-]{0,2}\d{12,18}"),
    ("SLCTR", r"SLCTR/\d{4}/\d{3}"),
    ("TCTR", r"TCTR[\s:-]{0,2}\d{11}"),
    ("ReBEC", r"RBR-[0-9a-z]{6,8}"),
    ("RPCEC", r"RPCEC[\s:-]{0,2}\d{8}"),
    ("REPEC", r"PER-\d{3}-\d{2}"),
    ("LBCTR", r"LBCTR[\s:-]{0,2}\d{10}"),
)
_NUMBER = re.compile(
    "|".join(rf"(?<![A-Za-z0-9]){p}(?!\d)" if p[0].isalpha() else p for _, p in REGISTRIES), re.I
)


def registry_numbers(text: str) -> frozenset[str]:
    """Return the numbers of trial registers that a text names, each written one way.

    Examples
    --------
    >>> sorted(registry_numbers("NCT 01539902; chictr-trc-12002294 (JPRN-UMIN000012345)"))
    ['CHICTR-TRC-12002294', 'NCT01539902', 'UMIN000012345']
    """
    return frozenset(_plain(found[0]) for found in _NUMBER.finditer(text))


def _plain(number: str) -> str:
    text = re.sub(r"[\s:]", "", number.upper())
    text = re.sub(r"\AJPRN-?", "", text)
    return text if text.startswith("RBR-") else re.sub(r"\A([A-Z]+)-(?=\d+\Z)", r"\1", text)
