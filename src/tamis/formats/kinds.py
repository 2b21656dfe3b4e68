"""What kind of document a citation describes, from reference types and publication types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

__all__ = ["BIBTEX_TYPES", "RIS_TYPES", "TYPE_WORDS", "kind_of", "ris_type"]

#: Kinds in order of precedence (a record may carry several words; the most specific kind wins),
#: each with the words of databases that mean it, compared without case.
TYPE_WORDS: Mapping[str, tuple[str, ...]] = {
    "retraction": ("retraction", "retraction of publication", "retraction notice"),
    "erratum": ("erratum", "published erratum", "corrigendum", "correction", "author correction"),
    "registration": (
        "registration",
        "trial registry record",
        "registry entry",
        "clinical trial registration",
    ),
    "preprint": ("preprint",),
    "conference abstract": (
        "conference abstract",
        "meeting abstract",
        "meeting abstracts",
        "congress",
        "abst",
    ),
    "conference paper": (
        "conference paper",
        "proceedings paper",
        "conference proceeding",
        "cpaper",
        "conf",
        "inproceedings",
        "中国会议",
        "国际会议",
        "会议",
        "会议论文",
    ),
    "editorial": ("editorial", "editorial material"),
    "comment": ("comment", "letter", "reply", "comment/reply"),
    "review": (
        "review",
        "systematic review",
        "meta-analysis",
        "short survey",
        "review article",
        "综述",
    ),
    "thesis": (
        "thesis",
        "dissertation",
        "dissertation/thesis",
        "thes",
        "phdthesis",
        "硕士",
        "博士",
        "学位论文",
        "硕士论文",
        "博士论文",
    ),
    "book chapter": ("book chapter", "chapter", "chap", "echap", "incollection", "booksection"),
    "book": ("book", "edbook", "ebook"),
    "report": ("report", "technical report", "rprt", "govdoc"),
    "dataset": ("dataset", "data set", "data", "aggr"),
    "journal article": (
        "journal article",
        "article",
        "article in press",
        "journal articles",
        "original article",
        "jour",
        "ejour",
        "jfull",
        "inpr",
        "mgzn",
        "journalarticle",
        "期刊",
        "期刊论文",
        "期刊文章",
        "学术期刊",
    ),
    "other": ("other", "gen", "elec", "blog", "news", "pat", "unpb", "web"),
}

KIND_BY_WORD = {word: kind for kind, words in TYPE_WORDS.items() for word in words}
RANK = {kind: rank for rank, kind in enumerate(TYPE_WORDS)}

#: The RIS reference type that a kind is written as; every kind not named is a journal article.
RIS_TYPES: Mapping[str, str] = {
    "conference abstract": "ABST",
    "conference paper": "CPAPER",
    "preprint": "UNPB",
    "thesis": "THES",
    "book chapter": "CHAP",
    "book": "BOOK",
    "report": "RPRT",
    "dataset": "DATA",
    "registration": "GEN",
    "other": "GEN",
    "": "GEN",
}

#: The BibTeX entry type of a kind; every kind not named is an ``article``.
BIBTEX_TYPES: Mapping[str, str] = {
    "conference paper": "inproceedings",
    "conference abstract": "inproceedings",
    "book chapter": "incollection",
    "book": "book",
    "thesis": "phdthesis",
    "report": "techreport",
    "preprint": "misc",
    "dataset": "misc",
    "registration": "misc",
    "other": "misc",
    "": "misc",
}


def kind_of(words: Iterable[str]) -> str:
    """Return the most specific kind that the words mean, or ``""`` when none is known.

    Examples
    --------
    >>> kind_of(["JOUR", "Conference Abstract"]), kind_of(["JOUR"]), kind_of(["Ed.D."])
    ('conference abstract', 'journal article', '')
    """
    found = (KIND_BY_WORD.get(" ".join(word.split()).lower(), "") for word in words)
    return min((kind for kind in found if kind), key=RANK.__getitem__, default="")


def ris_type(kind: str) -> str:
    """Return the reference type that a kind is written as in RIS.

    Examples
    --------
    >>> ris_type("thesis"), ris_type("erratum"), ris_type("")
    ('THES', 'JOUR', 'GEN')
    """
    return RIS_TYPES.get(kind, "JOUR")
