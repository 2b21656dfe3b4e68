"""Registers of trials: how their numbers are written, and how they are written one way.

Source: the primary registries of the WHO's network and its universal trial number (International
Clinical Trials Registry Platform), ClinicalTrials.gov, and the registers of the European Union and
of China's drug authority.
"""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["REGISTRIES", "Registry", "registry_numbers"]


class Registry(NamedTuple):
    """A register, the pattern of its numbers, one as it is printed, and as it is written here.

    Letters are of either case; blanks and colons are dropped; every dash is a hyphen.
    """

    name: str
    pattern: str
    printed: str
    written: str


REGISTRIES: tuple[Registry, ...] = tuple(Registry(*row) for row in (
    ("ClinicalTrials.gov", r"NCT[\s:-]{0,2}\d{8}", "NCT 01539902", "NCT01539902"),
    ("ISRCTN", r"ISRCTN[\s:-]{0,2}\d{8}", "isrctn-12345678", "ISRCTN12345678"),
    ("EudraCT", r"(?<!\d)20\d\d-\d{6}-\d\d(?!\d|-\d\d)", "2009–012345–11", "2009-012345-11"),
    ("CTIS", r"(?<!\d)20[2-9]\d-5\d{5}-\d\d-\d\d(?!\d)", "2022-501234-12-00", "2022-501234-12-00"),
    ("UTN", r"U1111-\d{4}-\d{4}", "U1111-1234-5678", "U1111-1234-5678"),
    ("ChiCTR", r"ChiCTR(?:-[A-Z]{2,5})?[\s:-]{0,2}\d{8,10}", "chictr-trc-12002294",
     "CHICTR-TRC-12002294"),
    ("ITMCTR", r"ITMCTR[\s:-]{0,2}\d{10}", "ITMCTR2022000032", "ITMCTR2022000032"),
    ("ChinaDrugTrials", r"CTR20\d{6}", "CTR20131234", "CTR20131234"),
    ("UMIN", r"(?:JPRN[\s-]?)?UMIN[\s:-]{0,2}\d{9}", "JPRN-UMIN000012345", "UMIN000012345"),
    ("jRCT", r"(?:JPRN[\s-]?)?jRCTs?\d{9,10}", "jRCTs031180123", "JRCTS031180123"),
    ("JapicCTI", r"(?:JPRN[\s-]?)?JapicCTI[\s:-]{0,2}\d{6}", "JapicCTI-132345", "JAPICCTI132345"),
    ("JMACCT", r"(?:JPRN[\s-]?)?JMA[\s-]?IIA\d{5}", "JPRN-JMA-IIA00123", "JMA-IIA00123"),
    ("ANZCTR", r"ACTRN[\s:-]{0,2}\d{14}", "ACTRN: 12605000123456", "ACTRN12605000123456"),
    ("CTRI", r"CTRI/\d{4}/\d{2,3}/\d{6}", "CTRI/2019/05/012345", "CTRI/2019/05/012345"),
    ("DRKS", r"DRKS[\s:-]{0,2}\d{8}", "DRKS-00012345", "DRKS00012345"),
    ("NTR", r"NTR[\s:-]{0,2}\d{3,5}(?!\d)", "NTR 1234", "NTR1234"),
    ("LTR", r"NL-OMON\d{4,6}|(?-i:NL)\d{4}(?!\d)", "NL7456", "NL7456"),
    ("IRCT", r"IRCT[\s:-]{0,2}\d{6,18}N\d{1,3}", "IRCT2016010112345N1", "IRCT2016010112345N1"),
    ("CRIS", r"KCT[\s:-]{0,2}\d{7}", "KCT0001234", "KCT0001234"),
    ("PACTR", r"PACTR[\s:-]{0,2}\d{12,18}", "PACTR201501001234567", "PACTR201501001234567"),
    ("SLCTR", r"SLCTR/\d{4}/\d{3}", "SLCTR/2019/012", "SLCTR/2019/012"),
    ("TCTR", r"TCTR[\s:-]{0,2}\d{11}", "TCTR20190101001", "TCTR20190101001"),
    ("ReBEC", r"RBR-[0-9a-z]{6,8}", "RBR-2a3b4c", "RBR-2A3B4C"),
    ("RPCEC", r"RPCEC[\s:-]{0,2}\d{8}", "RPCEC00000123", "RPCEC00000123"),
    ("REPEC", r"PER-\d{3}-\d{2}", "PER-012-15", "PER-012-15"),
    ("LBCTR", r"LBCTR[\s:-]{0,2}\d{10}", "LBCTR2019012345", "LBCTR2019012345"),
))  # fmt: skip
_NUMBER = re.compile(
    "|".join(
        rf"(?<![A-Za-z0-9])(?:{one.pattern})(?!\d)" if one.pattern[0].isalpha() else one.pattern
        for one in REGISTRIES
    ),
    re.I,
)
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d"), "-")
#: What stands before a number of this shape that no register gave.
_FUNDED = re.compile(
    r"\b(?:grants?|awards?|contracts?|funding)\b(?:(?!eudract)[^;,]){0,20}\Z", re.I
)
_BEFORE = 40


def registry_numbers(text: str) -> frozenset[str]:
    """Return the numbers of trial registers that a text names, each written one way.

    Examples
    --------
    >>> sorted(registry_numbers("NCT 01539902; chictr-trc-12002294 (JPRN-UMIN000012345)"))
    ['CHICTR-TRC-12002294', 'NCT01539902', 'UMIN000012345']
    >>> registry_numbers("grant no. 2017-001400-29")
    frozenset()
    """
    if not text.isascii():
        text = text.translate(_DASHES)
    return frozenset(
        _plain(found[0])
        for found in _NUMBER.finditer(text)
        if not (found[0][0] == "2" and _is_funding(text, found.start()))
    )


def _is_funding(text: str, start: int) -> bool:
    return _FUNDED.search(text, max(0, start - _BEFORE), start) is not None


def _plain(number: str) -> str:
    text = re.sub(r"[\s:]", "", number.upper())
    text = re.sub(r"\AJPRN-?", "", text)
    text = re.sub(r"\AJMA-?IIA", "JMA-IIA", text)
    return text if text.startswith("RBR-") else re.sub(r"\A([A-Z]+)-(?=\d+\Z)", r"\1", text)
