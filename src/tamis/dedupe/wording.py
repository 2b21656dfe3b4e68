"""Words that make two look-alike titles two documents: one table, read row by row."""

from __future__ import annotations

import re

__all__ = [
    "COLUMN_WORDS",
    "GENERIC_TITLES",
    "KINDS",
    "MARKERS",
    "is_preprint",
    "kind_of",
    "markers_in",
    "parts_in",
]

#: Marker; how it stands in a folded title; a case. A marker on one side only is a veto.
MARKERS: tuple[tuple[str, re.Pattern[str], str], ...] = tuple(
    (name, re.compile(pattern), case)
    for name, pattern, case in (
        ("erratum",
         r"^\W*(?:(?:author|publisher|editorial|published)\W+)?(?:corrections?(?: notice)?\b\s*"
         r"(?:to\b|[-:.]|for\b.*\bet al|$)|corrigend|errat(?:um|a)\b|addendum\b"
         r"|expression of concern\b|department of error)|\b(?:corrigend(?:um|a)|errat(?:um|a))\W*$",
         "the correction of a paper repeats its title behind 'Author Correction:'"),
        ("retraction", r"^\W*(?:retract(?:ion|ed)(?:\s+(?:notice|article|note))?\b|withdrawn\b)",
         "a retraction notice repeats the title of what it retracts"),
        ("reply",
         r"^\W*(?:(?:the\s+)?authors?\W*s?\W*(?:reply|response)\b|reply\b|re\s*:|response\s+to\b"
         r"|in\s+reply\b|letter\s+to\s+the\s+editor\b.*\b(?:re|regarding)\b)"
         r"|[\W](?:(?:the\s+)?authors?\W*s?\W*(?:reply|response)|reply)\W*$"
         r"|\b(?:response|reply|rejoinder) to (?:an?|the|our) "
         r"(?:response|reply|comments?|critique|critics|letter|commentary)\b",
         "a letter and the reply to it stand on one page under one title"),
        ("comment",
         r"^\W*(?:comments?|commentary|invited commentary|editorial comment(?:ary)?|discussion"
         r"|journal club|in brief|perspective)\b\s*(?:on\b|of\b|[-:.]|$)",
         "a comment repeats the title of the paper it comments on"),
        ("protocol", r"\bstudy protocol\b|\bprotocol\W*$|\bprotocol for an? \b|^\W*protocol\b",
         "the protocol of a trial and its results share a title"),
    )
)  # fmt: skip

_ORDER = "one|two|three|four|five|six|i{1,3}|iv|vi{0,3}|ix|x|\\d{1,3}"
_NTH = "first|second|third|fourth|fifth|sixth|1st|2nd|3rd|4th|5th|6th"
_PARTS = (
    re.compile(rf"\b(?:part|pt|report no|report|chapter|paper|no|number)\W{{0,3}}({_ORDER})\b"),
    re.compile(r"\bpart\s+([a-e])\b"),
    re.compile(r"\bcase\s+([a-e])\W*\Z"),
    re.compile(r"\(([a-e])\)\W*\Z"),
    re.compile(rf"\b({_NTH})\s+(?:report|part|interim)\b"),
    re.compile(r"[\s.:,(]+(ii|iii|iv|vi{1,3})\W*\Z"),
    re.compile(r"\(([iv]{1,4}|\d{1,2})\)\W*\Z"),
    re.compile(r"[(（]([一二三四五上下])[)）]\W*\Z"),
    re.compile(r"第([一二三四五])(?:部分|报|篇)"),
    re.compile(r"之([一二三四五])\W*\Z"),
)
_CHINESE = {"一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "上": "1", "下": "2"}
_PART_NUMBER = _CHINESE | {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "i": "1",
    "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9",
    "x": "10", "a": "1", "b": "2", "c": "3", "d": "4", "e": "5", "first": "1", "second": "2",
    "third": "3", "fourth": "4", "fifth": "5", "sixth": "6", "1st": "1", "2nd": "2", "3rd": "3",
    "4th": "4", "5th": "5", "6th": "6",
}  # fmt: skip

#: Titles that name a kind of column, not a report: they need volume, issue and page to agree.
GENERIC_TITLES = re.compile(
    r"(?:the\s+)?(?:guest\s+)?(?:editor\w*(?:\W+s)?|editorial)?\W*"
    r"(?:introduction|comments?|notes?|preface|foreword|letters?|announcements?|perspectives?"
    r"|editorial|editorials|reply|response|authors?\W*(?:reply|response)|discussion|abstracts?"
    r"|book reviews?|news|erratum|corrigendum|correction|obituary|contents|index|commentary"
    r"|in this issue|in memoriam|correspondence|conclusions?|summary|review"
    r"|special issue|guidelines?|case reports?|case \d+|letters? to the editor|from the editor)"
    r"(?:\s+(?:to|on|from|of|for|by)\s+(?:the\s+)?(?:special|issue|section|editor).*)?\W*\Z"
)

#: The same, anywhere in a title.
COLUMN_WORDS = re.compile(
    r"\beditor(?:ial)?s?\W{0,2}s?\W+(?:comments?|introduction|notes?|remarks?|preface|statement"
    r"|corner|page|choice|foreword)\b|\bremarks?\b.*\beditor|\bspecial (?:issue|section|edition)\b"
    r"|\bguest editor|\b(?:from|message from) the editor"
    r"|\bthis (?:issue|month|week)\b|\bbook reviews?\b|\bproceedings of the\b"
    r"|^abstracts? (?:of|from)\b"
)

#: Kind of document; how databases word it (folded). The first row that matches counts.
KINDS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("erratum", r"errat|corrigend|retract|^correction"),
        ("registration", r"registry|registration|trial register|trial record|^ctgov|^ictrp"),
        ("preprint", r"preprint|posted.?content|^unpb$"),
        ("meeting abstract",
         r"(?:conference|meeting|congress).*(?:abstract|review)|^(?:abst|abstract|congress)$"),
        ("proceedings",
         r"^(?!(?:journal )?article\b).*(?:conference|proceeding)|^(?:cpaper|conf)$"),
        ("thesis", r"thes[ie]s|dissertation|^thes$"),
        ("book", r"book|chapter|incollection|^chap$"),
        ("article", r"article|^jour$|^jfull$|^ejour$|review|trial|letter|editorial|comment|^note$"
                    r"|journal|case report|study"),
    )
)  # fmt: skip


#: Servers of preprints: how a record names them in place of a journal (folded), and their DOIs.
PREPRINT_SERVERS = re.compile(
    r"\W*(?:\w*rxiv\b|research square\b|ssrn\b|social science research network|preprints?\b"
    r"|authorea\b|jmir preprints|scielo preprints|(?:osf|lancet|cell) preprints)"
)
PREPRINT_DOIS = re.compile(
    r"10\.(?:1101|64898)/(?:\d{6}|\d{4}\.\d\d\.\d\d\.\d+)(?:v\d+)?\Z|10\.21203/rs\.|10\.20944/preprints"
    r"|10\.2139/ssrn|10\.48550/arxiv|10\.31234/osf|10\.31219/osf|10\.26434/chemrxiv|10\.22541/au\."
    r"|10\.2196/preprints|10\.1590/scielopreprints|10\.36227/techrxiv"
)


def is_preprint(folded_journal: str, doi: str) -> bool:
    """Tell whether a journal or a DOI, both folded, is that of a server of preprints.

    Examples
    --------
    >>> is_preprint("medrxiv : the preprint server for health sciences", "")
    True
    >>> is_preprint("", "10.1101/2020.03.22.20040758"), is_preprint("", "10.1101/gr.094052.109")
    (True, False)
    """
    return bool(PREPRINT_SERVERS.match(folded_journal) or PREPRINT_DOIS.match(doi))


def markers_in(folded_title: str) -> frozenset[str]:
    """Return the names of the markers a folded title carries.

    Examples
    --------
    >>> sorted(markers_in("author correction: anti-cd19 car t cell therapy"))
    ['erratum']
    >>> sorted(markers_in("correction of anaemia in lupus nephritis"))
    []
    """
    return frozenset(name for name, pattern, _ in MARKERS if pattern.search(folded_title))


def parts_in(folded_title: str) -> frozenset[str]:
    """Return the part numbers a folded title names: part II and second report are both ``2``.

    Examples
    --------
    >>> parts_in("advances in lupus. part ii: treatment"), parts_in("a phase ii trial of talc")
    (frozenset({'2'}), frozenset())
    """
    found = (match for pattern in _PARTS for match in pattern.findall(folded_title))
    return frozenset(_PART_NUMBER.get(part, part.lstrip("0")) for part in found)


def kind_of(folded_type: str) -> str:
    """Return the kind of document a type field names, or an empty text when it says nothing.

    Examples
    --------
    >>> kind_of("conference abstract"), kind_of("journal article"), kind_of("")
    ('meeting abstract', 'article', '')
    """
    if not folded_type:
        return ""
    return next((name for name, pattern in KINDS if pattern.search(folded_type)), "")
