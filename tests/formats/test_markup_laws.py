"""Laws of XML: no word is lost, a broken record harms no other, whatever is changed in a file."""

from __future__ import annotations

import csv
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from tests.formats.test_markup import ARTICLE, ENDNOTE, MODS, PUBMED, read

from tamis.domain.errors import BadInput
from tamis.domain.records import ParsedFile
from tamis.formats import read_citations
from tamis.formats.lexed import REFUSALS
from tamis.formats.markup import lines
from tamis.formats.markup.elements import tree_fields
from tamis.formats.markup.lines import Lines
from tamis.formats.markup.plain import plain_fields

FOLDER = Path(os.environ.get("TAMIS_BENCH", Path(__file__).parents[2] / "../shared/bench"))
FOLDER = FOLDER / "formats"
FORMATS = {"pubmed-xml": "pubmed-xml", "mods-xml": "mods", "endnote-xml": "endnote-xml"}
WORD = re.compile(r"\w+")


def rows() -> list[dict[str, str]]:
    if not (FOLDER / "MANIFEST.csv").is_file():
        return []
    lines = (FOLDER / "MANIFEST.csv").read_text("utf-8").splitlines()
    return [row for row in csv.DictReader(lines) if row["format"] in FORMATS]


def kept(parsed: ParsedFile) -> Counter[str]:
    """Count the words that stand in a record's values or in what is refused."""
    found: Counter[str] = Counter()
    for record in parsed.records:
        for _, value in record.raw:
            found.update(WORD.findall(value))
    for part in parsed.refused:
        found.update(WORD.findall(part.message))
        found.subtract(Counter(WORD.findall(REFUSALS[part.code].format(""))))
    return found


def articles(*each: str) -> str:
    return f"<PubmedArticleSet>\n{''.join(each)}</PubmedArticleSet>"


@pytest.mark.needs("bench")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_a_real_file_is_read_whole(row):
    data = (FOLDER / row["file"]).read_bytes()
    parsed = read_citations(data, name="a")
    assert parsed.format == FORMATS[row["format"]]
    assert len(parsed.records) == int(row["expected_count"])
    assert not parsed.repaired
    assert all(data[record.offset : record.offset + 1] == b"<" for record in parsed.records)
    root = etree.fromstring(data, etree.XMLParser(resolve_entities=False, remove_comments=True))
    told = "".join(value for record in parsed.records for _, value in record.raw)
    assert "".join(told.split()) == "".join("".join(root.itertext()).split())


@pytest.mark.needs("bench")
@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_a_spoiled_real_file_is_read_or_refused(data):
    paths = [FOLDER / row["file"] for row in rows() if int(row["bytes"]) < 12_000]
    spoiled = bytearray(data.draw(st.sampled_from(paths)).read_bytes())
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(spoiled)))
        drop = data.draw(st.integers(0, 30))
        spoiled[at : at + drop] = data.draw(
            st.sampled_from(
                [b"", b"<", b">", b"&", b"</", b"<!--", b"]]>", b"<mods>", b'"', b"\xff"]
            )
        )
    try:
        parsed = read_citations(bytes(spoiled), name="a")
    except BadInput:
        return
    offsets = [record.offset for record in parsed.records]
    assert offsets == sorted(set(offsets))


TAGS = sorted(set(re.findall(r"</?\w[^<>]*>", ARTICLE)))


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(ARTICLE)),
    put=st.sampled_from(["", "<", ">", "&", "]]>", "\x00", "<Author>", "</Article>", "<q>", *TAGS]),
    drop=st.integers(0, 60),
)
def test_a_record_that_is_spoiled_harms_no_neighbour(at, put, drop):
    spoiled = ARTICLE.format(2)
    spoiled = spoiled[:at] + put + spoiled[at + drop :]
    parsed = read(articles(ARTICLE.format(1), spoiled, ARTICLE.format(3)))
    whole = read(articles(ARTICLE.format(1), ARTICLE.format(3))).records
    fields = {record.pmid: (record.raw, record.title, record.authors) for record in whole}
    found = {record.pmid: (record.raw, record.title, record.authors) for record in parsed.records}
    assert found["1"][1:] == fields["1"][1:]
    assert found["3"] == fields["3"]


MODS_RECORD = MODS[MODS.index("<m:mods>") : MODS.index("</m:modsCollection>")]
MODS_RECORD = MODS_RECORD.replace("<m:mods>", '<m:mods xmlns:m="m" xmlns:xlink="x" ID="a@b">')
ENDNOTE_RECORD = ENDNOTE[ENDNOTE.index("<record>") : ENDNOTE.index("</record>") + 9]


@settings(max_examples=400, deadline=None)
@given(
    piece=st.sampled_from([ARTICLE.strip(), MODS_RECORD, ENDNOTE_RECORD]),
    part=st.integers(0, 10_000),
    put=st.sampled_from(
        ["", "x", " ", "<i>y</i>", "<b/>", "<q>z</q>", "<q> <i>y</i></q>", "<!-- c -->", "<?p i?>",
         "<![CDATA[<&]]>", "&#233;", "&lt;", "&nbsp;", "\r\n", "\x01", "<q xml:lang='e' a='1\n2'/>",
         "<q xmlns='u'>z</q>", "]]>"]
    ),
)  # fmt: skip
def test_a_record_told_without_a_tree_is_told_as_with_one(piece, part, put):
    places = [found.end() for found in re.finditer("<[^>]*>", piece)][:-1]
    at = places[part % len(places)]
    piece = piece[:at] + put + piece[at:]
    told = plain_fields(piece, frozenset({"Author", "name"}))
    by_lines = Lines(frozenset({"Author", "name"}))
    assert by_lines.fields(piece) in (None, told)
    assert by_lines.fields(piece) in (None, told), "what it remembers changes nothing"
    try:
        tree = etree.fromstring(piece, etree.XMLParser(remove_comments=True, remove_pis=True))
    except etree.XMLSyntaxError:
        assert told is None
        return
    assert told in (None, tree_fields(tree, frozenset({"Author", "name"})))
    assert told is not None or put


PRINTED = re.sub(r">\s*<(?!/?i>)", ">\n<", ARTICLE.format(2).strip())


@settings(max_examples=300, deadline=None)
@given(
    at=st.integers(0, len(PRINTED)),
    put=st.sampled_from(
        ["", "<", ">", "&", "/", " ", "=", '"', "\n", "\n  ", "\r", "\x0b", "</Article>", "<q>",
         "<q/>", "<i>", "<!--", "-->", "]]>", "<![CDATA[", *TAGS]
    ),
    drop=st.integers(0, 60),
    room=st.sampled_from([1, 7, 50_000]),
)  # fmt: skip
def test_lines_tell_what_a_parser_tells_or_nothing(at, put, drop, room):
    groups = frozenset({"Author", "AuthorList"})
    spoiled = PRINTED[:at] + put + PRINTED[at + drop :]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lines, "MOST", room)
        by_lines = Lines(groups)
        for text in (PRINTED, spoiled, spoiled.replace("><", ">\n<"), ARTICLE):
            assert by_lines.fields(text) in (None, plain_fields(text, groups))
        assert by_lines.fields(PRINTED) == plain_fields(PRINTED, groups) != ()


@pytest.mark.needs("bench")
@pytest.mark.parametrize("row", rows(), ids=lambda row: row["file"])
def test_lines_tell_what_a_parser_tells_of_a_real_record(row):
    text = (FOLDER / row["file"]).read_text("utf-8")
    pieces = re.findall(r"<PubmedArticle>.*?</PubmedArticle>", text, re.S)
    by_lines = Lines(frozenset({"Author", "AuthorList"}))
    for piece in pieces:
        told = plain_fields(piece, frozenset({"Author", "AuthorList"}))
        assert by_lines.fields(piece) in (None, told)


@pytest.mark.parametrize(
    ("change", "into"),
    [
        ("</Journal>", "</Journal>STRAY"),
        ("<Journal>", "STRAY<Journal>"),
        ("<PubmedArticle>", "<PubmedArtcle>STRAY"),
        ("</PubmedArticle>", "</PubmedArticle>STRAY"),
        ("To count.", "To <q>STRAY</q> count."),
        ("To count.", "STRAY <b and"),
        ("To count.", "<i>" * 5000 + "STRAY" + "</i>" * 5000),
        ("<Title>", "STRAY "),
        ("To count.", "STRAY <![CDATA[<PubmedArticle> ]]>"),
        ("<PubmedArticle>", "<!-- <PubmedArticle>STRAY --><PubmedArticle>"),
    ],
)
def test_no_word_is_lost(change, into):
    spoiled = ARTICLE.format(1).replace(change, into, 1)
    for text in (articles(spoiled, ARTICLE.format(2)), articles(spoiled)):
        try:
            parsed = read(text)
        except BadInput:
            assert "PubmedArtcle" in text
            assert text.count("<PubmedArticle>") == 0
            continue
        words = kept(parsed)
        for word in ("STRAY", "436", "Minnie", "Duck", "777", "555", "Sieves", "2019"):
            assert words[word] or word not in text


def test_what_a_browser_forgives_is_forgiven_without_loss():
    spoiled = ARTICLE.format(1).replace("To count.", "p < 0.05 &nosuch; R & D&nbsp;&mu;m\x07&#0;")
    parsed = read(articles(spoiled))
    assert parsed.records[0].abstract.startswith("AIM: p < 0.05 &nosuch; R & D μm")
    assert {mended.code for mended in parsed.repaired} == {"control-characters", "mended-element"}


def test_a_prefix_that_nobody_declares_is_no_fault():
    math = "<mml:math><mml:mi>x</mml:mi></mml:math>"
    parsed = read(articles(ARTICLE.format(1).replace("To count.", f"To {math} count.")))
    assert parsed.records[0].abstract.startswith("AIM: To x count.")
    assert not parsed.repaired


def test_a_commented_out_record_is_none_and_a_word_in_cdata_is_text():
    text = articles("<!-- " + ARTICLE.format(7) + " -->", ARTICLE.format(2))
    parsed = read(text)
    assert [record.pmid for record in parsed.records] == ["2"]
    assert "sieve 7" in parsed.refused[0].message
    told = ARTICLE.format(1).replace("To count.", '<![CDATA[write <!ENTITY x "y"> here]]>')
    assert "write <!ENTITY" in " ".join(value for _, value in read(articles(told)).records[0].raw)


def test_every_withdrawn_citation_is_named():
    numbers = [str(number) for number in range(10_000_000, 10_000_900)]
    gone = "".join(f'<PMID Version="1">{number}</PMID>' for number in numbers)
    parsed = read(articles(ARTICLE.format(1), f"\n<DeleteCitation>{gone}</DeleteCitation>"))
    (refused,) = parsed.refused
    assert refused.code == "withdrawn"
    assert set(numbers) <= set(refused.message.split())


def test_lines_and_bytes_are_those_of_the_file():
    text = "\ufeff" + PUBMED.replace("Minnie", "Minné")
    parsed = read(text)
    lines = text.splitlines()
    for record, line in zip(parsed.records, parsed.lines, strict=True):
        assert text.encode()[record.offset :].startswith(b"<PubmedArticle>")
        assert lines[line - 1] == "<PubmedArticle>"
    assert lines[parsed.refused[0].line - 1].endswith("</PubmedArticleSet>")


def test_of_two_dois_the_valid_one_counts_and_those_of_references_never():
    wrong = '<ELocationID EIdType="doi" ValidYN="N">10.1000/wrong</ELocationID>'
    told = ARTICLE.format(1).replace("<ELocationID", wrong + "<ELocationID", 1)
    assert read(articles(told)).records[0].doi == "10.1000/s.1"
    bare = re.sub(r"<ELocationID.*?</ELocationID>", "", told)
    assert read(articles(bare)).records[0].doi == "10.1000/other"
    cited = bare.replace('<ArticleId IdType="doi">10.1000/other</ArticleId>', "")
    cited = cited.replace('IdType="pubmed">555', 'IdType="doi">10.1000/cited')
    assert read(articles(cited)).records[0].doi == ""


BOOK = """<PubmedBookArticle><BookDocument><PMID Version="1">9</PMID>
<Book><Publisher><PublisherName>P</PublisherName></Publisher><BookTitle>Handbook.</BookTitle>
<PubDate><Year>2011</Year></PubDate>{}</Book><Language>eng</Language>
<AuthorList Type="authors"><Author><LastName>Mouse</LastName><ForeName>M</ForeName>
<Suffix>Jr</Suffix></Author></AuthorList><ArticleTitle>A chapter.</ArticleTitle>
<Abstract><AbstractText>Words.</AbstractText></Abstract></BookDocument></PubmedBookArticle>"""
EDITORS = '<AuthorList Type="editors"><Author><LastName>Boss</LastName></Author></AuthorList>'


def test_a_chapter_of_a_book_has_its_authors_and_editors_stand_in():
    parsed = read(articles(BOOK.format(EDITORS)))
    (record,) = parsed.records
    assert (record.title, record.journal, record.year) == ("A chapter", "Handbook.", 2011)
    assert record.authors == ("Mouse, M Jr",)
    alone = re.sub(r'<AuthorList Type="authors">.*?</AuthorList>', "", BOOK, flags=re.S)
    assert read(articles(alone.format(EDITORS))).records[0].authors == ("Boss",)


def test_a_host_lends_no_doi_and_a_date_for_machines_counts_first():
    host = MODS.replace('<m:identifier type="doi">10.1000/S</m:identifier>', "").replace(
        '<m:identifier type="issn">', '<m:identifier type="doi">10.1000/book</m:identifier>'
        '<m:identifier type="issn">',
    )  # fmt: skip
    assert read(host).records[0].doi == ""
    dated = MODS.replace("<m:date>2019</m:date>", "").replace(
        "<m:abstract>", "<m:originInfo><m:dateIssued>-1988</m:dateIssued><m:dateIssued "
        'encoding="marc" point="start">1985</m:dateIssued></m:originInfo><m:abstract>',
    )  # fmt: skip
    assert read(dated).records[0].year == 1985


def test_endnote_with_attributes_above_and_items_parted_inside_a_field():
    text = ENDNOTE.replace("<records>", '<records count="2">').replace(
        "<keyword>Sieves</keyword>", "<keyword>Sieves&#xD;Mesh</keyword>"
    )
    assert read(text).records[0].keywords == ("Sieves", "Mesh")


@pytest.mark.parametrize(
    ("name", "kind"),
    [("Book Section", "book chapter"), ("Conference Proceedings", "conference paper"),
     ("Report", "report"), ("Generic", "other"), ("Thesis", "thesis"), ("Statute", "")],
)  # fmt: skip
def test_endnote_on_many_lines_and_its_own_types(name, kind):
    text = ENDNOTE.replace("Journal Article", name).replace("><", ">\n  <")
    first = read(text.replace("<keywords>", "<periodical/>\n<keywords>")).records[0]
    assert (first.type, first.title, first.pages) == (kind, "A fine sieve", "436-439")
    assert first.authors == ("Mouse, Minnie", "Duck, D.")


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece", ["<PubmedArticle ", "<PubmedArticle>", "<!--", "<!DOCTYPE", "&", "<i>"]
)
def test_a_long_file_of_nothing_comes_to_an_end(piece):
    head = "<PubmedArticleSet><PubmedArticle>"
    for text in (head + piece * 20_000, piece * 5 + head + piece * 20_000):
        try:
            parsed = read(text)
        except BadInput:
            continue
        assert parsed.format == "pubmed-xml"
