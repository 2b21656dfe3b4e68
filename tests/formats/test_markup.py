"""XML: PubMed, EndNote, MODS; records apart, nothing resolved, a broken one does no harm."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.test_parts import in_parts, joined

from tamis.domain.errors import BadInput
from tamis.domain.records import ParsedFile
from tamis.formats import read_citations

ARTICLE = """<PubmedArticle>
<MedlineCitation Status="MEDLINE" Owner="NLM"><PMID Version="1">{0}</PMID>
<Article PubModel="Print"><Journal><ISSN IssnType="Print">0028-3932</ISSN>
<JournalIssue CitedMedium="Print"><Volume>4</Volume><Issue>2</Issue>
<PubDate><MedlineDate>2019 Jan-Feb</MedlineDate></PubDate></JournalIssue>
<Title>Journal of Sieves</Title></Journal>
<ArticleTitle>A <i>fine</i> sieve {0}.</ArticleTitle>
<Pagination><MedlinePgn>436-9</MedlinePgn></Pagination>
<ELocationID EIdType="doi" ValidYN="Y">10.1000/S.{0}</ELocationID>
<Abstract><AbstractText Label="AIM">To count.</AbstractText>
<AbstractText>Done &amp; said.</AbstractText></Abstract>
<AuthorList CompleteYN="Y">
<Author ValidYN="Y"><LastName>Mouse</LastName><ForeName>Minnie</ForeName>
<Initials>M</Initials></Author>
<Author><LastName>Duck</LastName><Initials>DD</Initials></Author>
<Author><CollectiveName>Sieve Study Group</CollectiveName></Author></AuthorList>
<Language>eng</Language><PublicationTypeList>
<PublicationType UI="D016428">Journal Article</PublicationType></PublicationTypeList></Article>
<CommentsCorrectionsList><CommentsCorrections RefType="ErratumIn"><RefSource>J</RefSource>
<PMID Version="1">777</PMID></CommentsCorrections></CommentsCorrectionsList>
<MeshHeadingList><MeshHeading><DescriptorName UI="D1" MajorTopicYN="Y">Sieves</DescriptorName>
</MeshHeading></MeshHeadingList></MedlineCitation>
<PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/other</ArticleId></ArticleIdList>
<ReferenceList><Reference><ArticleIdList><ArticleId IdType="pubmed">555</ArticleId></ArticleIdList>
</Reference></ReferenceList></PubmedData></PubmedArticle>
"""
PUBMED = (
    '<?xml version="1.0"?>\n<!DOCTYPE PubmedArticleSet PUBLIC "-//NLM//DTD" "https://dtd">\n'
    "<PubmedArticleSet>\n" + ARTICLE.format(1) + ARTICLE.format(2) + "<DeleteCitation>"
    '<PMID Version="1">99</PMID></DeleteCitation></PubmedArticleSet>'
)  # fmt: skip

ENDNOTE = (
    "<xml><records><record><database name='a.enl'>a.enl</database><rec-number>1</rec-number>"
    "<ref-type name='Journal Article'>17</ref-type><contributors><authors>"
    "<author><style face='normal'>Mouse, Minnie</style></author><author>Duck, D.</author>"
    "</authors></contributors><titles><title><style>A </style><style face='italic'>fine</style>"
    "<style> sieve</style></title></titles><periodical><full-title>Journal of Sieves</full-title>"
    "</periodical><pages>436-9</pages><volume>4</volume><number>2</number>"
    "<keywords><keyword>Sieves</keyword></keywords><dates><year>2019</year></dates>"
    "<accession-num>123</accession-num><abstract>To count.&#xD;Done.</abstract>"
    "<electronic-resource-num>10.1000/S</electronic-resource-num>"
    "<remote-database-name>PubMed</remote-database-name></record>"
    "<record><titles><title>Second</title></titles></record></records></xml>"
)

MODS = """<m:modsCollection xmlns:m="http://www.loc.gov/mods/v3" xmlns:xlink="http://x"><m:mods>
<m:titleInfo><m:nonSort>The</m:nonSort><m:title>sieve</m:title><m:subTitle>a trial</m:subTitle>
</m:titleInfo><m:titleInfo type="alternative"><m:title>Other</m:title></m:titleInfo>
<m:name type="personal"><m:namePart type="given">Minnie</m:namePart>
<m:namePart type="family">Mouse</m:namePart>
<m:role><m:roleTerm>author</m:roleTerm></m:role></m:name>
<m:name><m:namePart>Editor, E.</m:namePart><m:role><m:roleTerm>edt</m:roleTerm></m:role></m:name>
<m:relatedItem type="host" xlink:href="x"><m:titleInfo><m:title>Journal of Sieves</m:title>
</m:titleInfo><m:identifier type="issn">0028-3932</m:identifier><m:part>
<m:detail type="volume"><m:number>4</m:number></m:detail>
<m:detail type="issue"><m:number>2</m:number></m:detail>
<m:extent unit="page"><m:start>436</m:start><m:end>439</m:end></m:extent><m:date>2019</m:date>
</m:part></m:relatedItem><m:abstract>To count.</m:abstract>
<m:identifier type="doi">10.1000/S</m:identifier></m:mods></m:modsCollection>"""


def read(text: str) -> ParsedFile:
    return read_citations(text.encode(), name="a.xml")


def test_pubmed() -> None:
    parsed = read(PUBMED)
    first, second = parsed.records
    assert parsed.format == "pubmed-xml"
    assert first.title == "A fine sieve 1"
    assert first.authors == ("Mouse, Minnie", "Duck, DD", "Sieve Study Group")
    assert (first.year, first.volume, first.issue, first.pages) == (2019, "4", "2", "436-439")
    assert (first.pmid, first.doi, first.issn) == ("1", "10.1000/s.1", "0028-3932")
    assert first.abstract == "AIM: To count.\nDone & said."
    assert (first.database, first.type, first.keywords) == (
        "PubMed",
        "journal article",
        ("Sieves",),
    )
    assert second.pmid == "2"
    assert ("MedlineCitation/PMID@Version=1", "1") in first.raw
    assert any("CommentsCorrections" in tag and text == "777" for tag, text in first.raw)
    assert [part.code for part in parsed.refused] == ["withdrawn"]
    assert "99" in parsed.refused[0].message


def test_endnote_on_one_line() -> None:
    parsed = read(ENDNOTE)
    first, second = parsed.records
    assert parsed.format == "endnote-xml"
    assert (first.title, first.authors) == ("A fine sieve", ("Mouse, Minnie", "Duck, D."))
    assert (first.year, first.volume, first.issue, first.pages) == (2019, "4", "2", "436-439")
    assert (first.doi, first.pmid, first.journal) == ("10.1000/s", "123", "Journal of Sieves")
    assert first.abstract == "To count.\nDone."
    assert ENDNOTE.encode()[second.offset :].startswith(b"<record>")


def test_mods_with_a_prefix_of_its_own() -> None:
    (record,) = read(MODS).records
    assert record.title == "The sieve: a trial"
    assert record.authors == ("Mouse, Minnie",)
    assert (record.journal, record.issn) == ("Journal of Sieves", "0028-3932")
    assert (record.year, record.volume, record.issue, record.pages) == (2019, "4", "2", "436-439")
    assert (record.doi, record.type) == ("10.1000/s", "journal article")


def test_a_file_in_one_line_or_in_many_gives_the_same() -> None:
    flat = [r.title for r in read(PUBMED.replace("\n", " ")).records]
    assert flat == [r.title for r in read(PUBMED).records]


@pytest.mark.parametrize("block", [300, 2000])
def test_parts_say_what_the_whole_says(block: int) -> None:
    data = PUBMED.replace("</PubmedArticleSet>", "").encode() + b"".join(
        ARTICLE.format(n).encode() for n in range(3, 12)
    )
    found = in_parts(data, block)
    assert joined(found) == joined([read_citations(data, name="a")])
    assert len(found) > 2


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE x [<!ENTITY a "b">]>',
        '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        "<!doctype x [\n]>",
        '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>',
    ],
)
def test_entities_of_the_files_own_are_refused(head: str) -> None:
    for text in (PUBMED.replace("<!DOCTYPE", f"{head}<!DOCTYPE", 1), head + ENDNOTE):
        with pytest.raises(BadInput, match="declares entities") as caught:
            read(text)
        assert caught.value.where is not None
        assert caught.value.where.file == "a.xml"


def test_an_entity_that_nobody_declares_stays_text() -> None:
    parsed = read(PUBMED.replace("To count.", "To &nosuch; count &eacute;.", 1))
    assert "To &nosuch; count é." in parsed.records[0].abstract
    assert [mended.code for mended in parsed.repaired] == ["mended-element"]


@pytest.mark.parametrize("cut", ["</MedlineCitation>", "</PubmedArticle>", "</AuthorList>"])
def test_a_broken_record_is_mended_or_shown_and_its_neighbour_is_whole(cut: str) -> None:
    parsed = read(PUBMED.replace(cut, "", 1))
    assert parsed.records[-1].pmid == "2"
    assert parsed.records[-1].doi == "10.1000/s.2"
    said = [m.code for m in parsed.repaired] + [r.code for r in parsed.refused]
    assert {"mended-element", "broken-element"} & set(said)


@settings(max_examples=150)
@given(
    text=st.sampled_from([PUBMED, ENDNOTE, MODS]),
    at=st.integers(0, 1_500),
    put=st.sampled_from(
        ["", "<", ">", "&", "]]>", "<record>", "</m:mods>", "\x00", "é", '"', "<!--"]
    ),
    drop=st.integers(0, 40),
)
def test_whatever_is_changed_only_our_own_error_is_raised(
    text: str, at: int, put: str, drop: int
) -> None:
    data = (text[:at] + put + text[at + drop :]).encode()
    try:
        parsed = read_citations(data, name="a")
    except BadInput:
        return
    if text is PUBMED and put not in ("<!--",):  # the change lies within the first record
        assert "2" in [record.pmid for record in parsed.records]


def test_a_file_of_withdrawals_alone_says_which() -> None:
    parsed = read(
        "<PubmedArticleSet><DeleteCitation><PMID>99</PMID></DeleteCitation></PubmedArticleSet>"
    )
    assert (parsed.format, parsed.records) == ("pubmed-xml", ())
    assert "99" in parsed.refused[0].message
