"""A text as its sentences, each with its exact place, its section and its part.

Offsets are code points of the text as given: ``text[s.start:s.end] == s.text``, always.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = ["CHECKED", "SECTIONS", "Sentence", "language_of", "section_named", "sentences_of"]

#: Kind of section -> words that open it, as a heading or before a colon. Read aloud.
SECTIONS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "lead": ("导语", "摘要", "引言", "提要", "abstract", "lead", "highlights",
                 "key points"),
        "aims": ("目的", "研究目的", "背景与目的", "目标", "aim", "aims", "objective", "objectives",
                 "purpose", "background and aims"),
        "methods": ("方法", "研究方法", "材料与方法", "材料和方法", "资料与方法", "methods",
                    "method", "materials and methods", "data sources", "eligibility criteria",
                    "search strategy", "patients and methods"),
        "results": ("结果", "研究结果", "results", "findings", "main results"),
        "conclusion": ("结论", "研究结论", "讨论", "conclusion", "conclusions", "discussion",
                       "interpretation", "authors' conclusions", "authors’ conclusions"),
        "summary": ("总结", "小结", "结语", "综上", "summary", "in summary",
                    "plain-language summary", "plain language summary"),
        "references": ("参考资料", "参考文献", "文献", "references", "bibliography", "sources",
                       "works cited"),
        "disclaimer": ("免责声明", "免责说明", "版权说明", "版权声明", "声明", "温馨提示",
                       "disclaimer", "copyright", "conflict of interest",
                       "conflicts of interest", "funding", "利益冲突", "资助"),
    }
)  # fmt: skip

#: Sections in which every rule speaks; results, methods and the rest are checked for numbers,
#: citations and notation.
CHECKED = frozenset({"title", "lead", "conclusion", "summary", "body", "mechanism"})

_MECHANISM = re.compile(r"机制|机理|mechanism", re.IGNORECASE)
_OPENS = {word: kind for kind, words in SECTIONS.items() for word in words}
_LABEL = re.compile(
    r"\s*(?:[#>*\-•·]+\s*)?(?P<label>[^\W\d_][^:：。.!?！？,，;；《》]{0,28}?)\s*[:：]"
)
_ITEM = re.compile(r"\s*(?:[-–•·*]|\d{1,2}[.)、]|[(（]\d{1,2}[)）])\s*\S")
_CJK = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]")
_LATIN = re.compile(r"[A-Za-z]+")
_STOPS = "。！？!?…"
_CLOSERS = "\"'”’」』）)》】]"
#: Words before which a full stop ends no sentence.
_ABBREVIATED = re.compile(
    r"(?:\b(?:e\.g|i\.e|et al|vs|cf|approx|no|nos|fig|figs|dr|prof|st|mr|mrs|ms|ref|refs|eq|p|n|"
    r"vol|ed|eds|inc|ltd|co|resp|incl|max|min|ca|wk|mo|yr)|\b[A-Z])$",
    re.IGNORECASE,
)
_HEADING = 70


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence: code points ``[start, end)`` of the text, section, heading and part.

    ``part`` counts the headings above it (0 before the first); ``item`` marks an item of a list.
    """

    text: str
    start: int
    end: int
    section: str
    heading: str
    part: int
    item: bool = False
    lang: str = "en"


def language_of(text: str) -> str:
    """Tell Chinese from English by the share of characters.

    Examples
    --------
    >>> language_of("MSC 可降低尿蛋白")
    'zh'
    """
    chinese = len(_CJK.findall(text))
    return "zh" if chinese * 2 > len(_LATIN.findall(text)) else "en"


def section_named(name: str) -> str:
    """Return the kind of section that a word names; ``body`` for any other word.

    Examples
    --------
    >>> section_named("Results"), section_named("page 3")
    ('results', 'body')
    """
    word = name.strip().lower()
    return word if word in SECTIONS else _OPENS.get(word, "body")


def sentences_of(text: str, lang: str | None = None) -> tuple[Sentence, ...]:
    r"""Split a text into sentences with their sections.

    Parameters
    ----------
    text
        Plain text or Markdown; one paragraph, heading or list item a line.
    lang
        ``en`` or ``zh`` for every sentence; ``None`` decides sentence by sentence.

    Examples
    --------
    >>> text = "Results\nPain fell. It may help.\n"
    >>> [(s.section, s.text) for s in sentences_of(text)]
    [('results', 'Results'), ('results', 'Pain fell.'), ('results', 'It may help.')]
    """
    return tuple(_Reader(text, lang).read())


class _Reader:
    def __init__(self, text: str, lang: str | None) -> None:
        self.text = text
        self.lang = lang
        self.section = "body"
        self.heading = ""
        self.part = 0
        self.only = sum(1 for line in text.splitlines() if line.strip()) == 1

    def read(self) -> Iterator[Sentence]:
        offset = 0
        for line in self.text.splitlines(keepends=True):
            if line.strip():
                yield from self._line(line, offset)
            offset += len(line)

    def _line(self, line: str, offset: int) -> Iterator[Sentence]:
        body = line.rstrip()
        label = _label(body)
        if self._is_heading(body, label):
            if body.strip().lstrip("#").strip():
                yield self._opened(body, offset)
            return
        at = 0
        if label is not None:
            kind, at = label
            if kind == "references" or self.section in ("references", "disclaimer"):
                self.part += 1
            self.section = kind
        item = bool(_ITEM.match(body))
        for start, end in _split(body, at, whole=self.section == "references"):
            yield self._sentence(body, start, end, offset, item=item)

    def _is_heading(self, body: str, label: tuple[str, int] | None) -> bool:
        stripped = body.strip()
        if stripped.startswith("#"):
            return True
        if label is not None and stripped[label[1] - (len(body) - len(body.lstrip())) :].strip():
            return False
        if stripped.strip(" :：").lower() in _OPENS:
            return True
        if self.only or self.section in ("references", "disclaimer") or _ITEM.match(body):
            return False
        short = len(stripped) <= _HEADING and stripped[-1] not in "。.!！?？;；,，…”\"'"
        return short and "。" not in stripped

    def _opened(self, body: str, offset: int) -> Sentence:
        stripped = body.strip().lstrip("#").strip()
        key = stripped.strip(" :：").lower()
        self.part += 1
        self.heading = stripped
        self.section = _OPENS.get(key, "mechanism" if _MECHANISM.search(stripped) else "body")
        kind = self.section if key in _OPENS else "title"
        start = body.index(stripped) if stripped else 0
        made = self._sentence(body, start, start + len(stripped), offset, item=False)
        return Sentence(
            text=made.text,
            start=made.start,
            end=made.end,
            section=kind,
            heading=made.heading,
            part=made.part,
            lang=made.lang,
        )

    def _sentence(self, body: str, start: int, end: int, offset: int, *, item: bool) -> Sentence:
        text = body[start:end]
        return Sentence(
            text=text,
            start=offset + start,
            end=offset + end,
            section=self.section,
            heading=self.heading,
            part=self.part,
            item=item,
            lang=self.lang or language_of(text),
        )


def _label(body: str) -> tuple[str, int] | None:
    """Return the kind of section that a line opens before a colon, and where its text begins."""
    found = _LABEL.match(body)
    if found is None:
        return None
    kind = _OPENS.get(found["label"].strip().strip("*_").lower())
    return None if kind is None else (kind, found.end())


def _split(body: str, at: int, *, whole: bool) -> Iterator[tuple[int, int]]:
    """Yield the spans of the sentences of a line, without the space around them."""
    start = at
    if not whole:
        for i in range(at, len(body)):
            if i < start or not _ends(body, i):
                continue
            end = i + 1
            while end < len(body) and body[end] in _CLOSERS + _STOPS + ".":
                end += 1
            yield from _trimmed(body, start, end)
            start = end
    yield from _trimmed(body, start, len(body))


def _trimmed(body: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and body[start].isspace():
        start += 1
    while end > start and body[end - 1].isspace():
        end -= 1
    if start < end:
        yield start, end


def _ends(body: str, i: int) -> bool:
    char = body[i]
    if char in _STOPS:
        return True
    if char != ".":
        return False
    rest = body[i + 1 :].lstrip(_CLOSERS)
    if not rest.strip():
        return True
    if not rest[0].isspace():
        return bool(_CJK.match(rest[0])) and bool(_CJK.match(body[i - 1 : i] or " "))
    following = rest.lstrip()[0]
    if not (following.isupper() or following.isdigit() or _CJK.match(following)
            or following in "\"'“‘《(（["):  # fmt: skip
        return False
    return _ABBREVIATED.search(body[max(0, i - 12) : i]) is None
