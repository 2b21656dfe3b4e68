"""Strategies for export files and records; all content is made up."""

from __future__ import annotations

from hypothesis import strategies as st

from tamis.domain.records import Record
from tamis.formats import fields
from tamis.formats.cleaning import clean, clean_abstract, clean_title
from tamis.formats.kinds import TYPE_WORDS
from tamis.formats.names import people

WORDS = st.text(
    alphabet=st.characters(blacklist_categories=("Cs", "Cc"), max_codepoint=0x2FFF),
    max_size=12,
)
LINE_ENDS = st.sampled_from(["\n", "\r\n", "\r", "\r\r\n"])
CODECS = st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "cp1252"])

#: Lines an RIS file may hold, whole or broken; {} becomes a word.
RIS_LINES = st.sampled_from(
    [
        "TY  - JOUR",
        "TY - JOUR",
        "\ufeffTY  - {}",
        "ER  - ",
        "ER  -",
        "ER  - {}",
        "ER then {}",
        "AU  - {}",
        "A1  -{}",
        "TI  - {}",
        "  TI  - {}",
        "IL - 6 {}",
        "AB  - {}",
        "KW  - a; {}",
        "C1  - {}",
        "PMID  - 123",
        "{}",
        "   {}",
        "",
        "",
        "12. ",
        "Record #1 of 2",
        "Link to the Ovid Full Text {}",
        "TY  - a\rAU  - {}",
        "PMID- 77",
        "title,{}",
    ]
)

NBIB_LINES = st.sampled_from(
    [
        "PMID- 123",
        "OWN - NLM",
        "OWN - ERIC",
        "TI  - {}",
        "AB  - {}",
        "AID - 10.1234/{} [doi]",
        "      {}",
        "{}",
        "",
        "",
        "SO  - {}",
    ]
)

CELLS = st.one_of(
    WORDS,
    st.text(alphabet='a",;\t\n\r =|', max_size=8),
    st.sampled_from(['="01"', '"quoted"', "'=1", "NA", ""]),
)


@st.composite
def tagged_files(draw: st.DrawFn, lines: st.SearchStrategy[str], first: str) -> bytes:
    """Lines in any order, with any line ends, in any encoding that can hold them."""
    ends = draw(st.lists(LINE_ENDS, min_size=1, max_size=2))
    picked = [first, *draw(st.lists(lines, max_size=25))]
    at = draw(st.integers(0, len(picked)))
    picked = [*picked[at:], *picked[:at]]
    text = "".join(
        line.replace("{}", draw(WORDS)) + ends[number % len(ends)]
        for number, line in enumerate(picked)
    )
    return text.encode(draw(CODECS), "ignore")


@st.composite
def table_files(draw: st.DrawFn) -> bytes:
    """A header and rows of any cells, quoted or not, well or not."""
    mark = draw(st.sampled_from([",", ";", "\t"]))
    end = draw(LINE_ENDS)
    rows = draw(st.lists(st.lists(CELLS, max_size=5), max_size=8))
    text = mark.join(["title", "year", "doi", "x"]) + end
    for row in rows:
        cells = [
            '"' + cell.replace('"', '""') + '"' if draw(st.booleans()) else cell for cell in row
        ]
        text += mark.join(cells) + end
    return text.encode(draw(CODECS), "ignore")


def steady(value: str, rule: object) -> bool:
    return callable(rule) and rule(value) == value


def text_for(rule: object) -> st.SearchStrategy[str]:
    """Texts that a cleaning rule leaves as they are: what a reader may hand on."""
    plain = st.lists(WORDS, max_size=5).map(" ".join)
    return plain.map(rule).filter(lambda text: steady(text, rule))


def one_name(text: str) -> str:
    found = people([text])
    return found[0] if len(found) == 1 else ""


@st.composite
def canonical_records(draw: st.DrawFn) -> Record:
    """A record as a reader hands it on."""
    word = text_for(clean).filter(lambda text: ";" not in text and "*" not in text)
    names = word.map(one_name).filter(lambda name: name and people([name]) == (name,))
    offset = draw(st.integers(0, 10**6))
    paragraphs = st.lists(text_for(clean), max_size=3).map("\n".join).map(clean_abstract)
    return Record(
        id=f"0123456789ab:{offset}",
        raw=(),
        source_id=draw(text_for(clean).filter(lambda text: "cn-" not in text.lower())),
        type=draw(st.sampled_from(["", *TYPE_WORDS])),
        title=draw(text_for(clean_title)),
        authors=tuple(draw(st.lists(names, max_size=4))),
        year=draw(st.none() | st.integers(1800, 2099)),
        journal=draw(text_for(clean)),
        volume=draw(text_for(fields.volume)),
        issue=draw(text_for(fields.issue)),
        pages=draw(st.sampled_from(["", "1436-1439", "e12", "S33-S38", "1-2, 5-9", "xi + 3"])),
        doi=draw(st.sampled_from(["", "10.1234/a", "10.1002/(sici)1:1<1::a-b>3.0.co;2-2"])),
        pmid=draw(st.just("") | st.integers(1, 99_999_999).map(str)),
        issn=draw(st.sampled_from(["", "9999-9994"])),
        abstract=draw(paragraphs.filter(lambda text: steady(text, clean_abstract))),
        language=draw(text_for(clean)),
        keywords=tuple(dict.fromkeys(draw(st.lists(word.filter(bool), max_size=4)))),
        urls=draw(
            st.sampled_from([(), ("https://example.org/a;b",), ("http://a.b", "http://c.d")])
        ),
    )
