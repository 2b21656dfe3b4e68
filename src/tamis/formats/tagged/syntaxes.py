"""How each family of tagged lines is written, and where in a text it shows itself.

Sources: field tags of Web of Science (Clarivate), Ovid's export field labels, the RefWorks tagged
format, refer (UNIX) as EndNote extended it, NoteExpress and CNKI exports of the Chinese databases,
SinoMed's list of titles; each as real files write them, which is looser than any of the papers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from tamis.formats.lexed import Lexed
from tamis.formats.tagged.blocks import Syntax, lex_blocks
from tamis.formats.tagged.ovid import LABELS

__all__ = ["MARKS", "SYNTAXES", "lexer_of", "marker_of"]

MARK = r"(?:\ufeff|ï»¿)?"


def _tags(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: Tags of Web of Science and the databases it hosts. A wrapped line may begin with two capitals, so
#: only these are tags.
WOS_TAGS = _tags(
    """PT AU AF BA BF CA GP BE ED TI SO SE BS LA DT CT CY CL SP HO DE ID AB C1 C3 RP EM RI OI FU
    FP FX CR NR TC Z9 Z1 Z2 Z3 Z4 Z5 Z6 Z7 Z8 ZA ZB ZR ZS U1 U2 PU PI PA SN EI BN J9 JI PD PY VL
    IS PN SU SI MA BP EP AR DI DL D2 EA EY PG P2 WC WE SC GA PM UT OA HC HP DA AN PS CC CN OR BD
    AE DG PC PL MC MQ EF ER TA TN DS CH GI MI MH NM SS X1 X4 X5 Y1 Y4 Y5 HL Z0 IP CI NT AK PE OP
    OS FS PR RC SD ST TM BC CB CE DN FT GC GE GN GS GT HA IN LS LT MF ME MR NU PX QU RG RN RT SA
    SB SG SK SL TP TR TS TX VN WP XL XP"""
)

REFWORKS_TAGS = _tags(
    """RT SR ID A1 A2 A3 A4 A5 A6 T1 T2 T3 JF JO YR FD VO vo IS SP OP K1 AB NO PB PP ED SN AD AN
    LA CL SF OL OT LK UL DO CN DB DS IP RD ST U1 U2 U3 U4 U5 U6 U7 U8 U9 AV WT WV WP CA"""
)

OVID_LABEL = "|".join(re.escape(label) for label in sorted(LABELS, key=len, reverse=True))

SYNTAXES: Mapping[str, Syntax] = {
    "wos": Syntax(
        line=re.compile(MARK + r"([A-Z][A-Z0-9])(?: |\Z)"),
        first=frozenset({"PT"}),
        last="ER",
        known=WOS_TAGS,
        furniture=re.compile(MARK + r"(?:FN |VR |EF\s*\Z)"),
        providers={
            "Zoological Record": "Zoological Record",
            "Web of": "Web of Science",
            "Thomson": "Web of Science",
            "Clarivate": "Web of Science",
            "ISI": "Web of Science",
        },
    ),
    "ovid": Syntax(
        line=re.compile(
            MARK + rf"(?:\s?([A-Z][A-Z0-9]{{1,5}}) {{1,3}}- ?|({OVID_LABEL})\.?:?\s*\Z)"
        ),
        first=frozenset({"<>"}),
        opener=re.compile(MARK + r"\s?<(\d+)(?:\. ?)?>\s*\Z"),
        furniture=re.compile(r"(?:Database|Search Strategy|-{5,}|Ovid Technologies).*"),
    ),
    "refworks": Syntax(
        line=re.compile(MARK + r"([A-Z][A-Z0-9]|vo)(?: |\Z)"),
        first=frozenset({"RT"}),
        known=REFWORKS_TAGS,
        furniture=re.compile(
            MARK + r"(?:Ref[Ww]orks |Character Set=|Tag legend|Font Attribute|\*{3,}|[A-Z]\w{1,4}="
            r"|(?:Start|End) [A-Za-z]+ =|(?:BEGIN|END) EXPORTED).*"
        ),
    ),
    "refer": Syntax(
        line=re.compile(MARK + r"%([0-9A-Za-z@!#$&(<>*+?^~=]) ?"),
        first=frozenset({"0"}),
        once=frozenset("0TDVNXGR"),
    ),
    "noteexpress": Syntax(
        line=re.compile(MARK + r"\{([A-Za-z][A-Za-z /]{1,30})\} ?: ?"),
        first=frozenset({"Reference Type"}),
        once=frozenset({"Title", "Year"}),
    ),
    "cnki": Syntax(
        line=re.compile(MARK + r"([A-Za-z]{2,20}(?:-[\u4e00-\u9fffA-Z]{1,12})?): ?"),
        first=frozenset({"SrcDatabase-来源库", "DataType"}),
        once=frozenset({"Title-题名"}),
        known=_tags(
            """
            DataType SrcDatabase-来源库 Title-题名 Author-作者 Organ-单位 Organ-机构
            Source-文献来源 Source-刊名 Source-来源 Keyword-关键词 Summary-摘要
            PubTime-发表时间 PubTime-出版时间 FirstDuty-第一责任人 FirstDuty-第一作者
            Fund-基金 Year-年 Volume-卷 Period-期 PageCount-页码 PageCount-页数
            Page-页码 CLC-中图分类号 ISSN-国际标准刊号 URL-网址 Link-链接 DOI-DOI
            Tutor-导师 Degree-学位 Role-责任者
            """
        ),
    ),
    "sinomed": Syntax(
        line=re.compile(MARK + r"(?:\d{1,6}[.、]?\s*)?【\s*([^】\n]{1,16}?)\s*】[::]? ?"),
        first=frozenset({"<>", "流水号", "序号", "序 号"}),
        opener=re.compile(MARK + r"\s?(\d{1,6})[.、]?\s*\Z"),
        once=frozenset({"标题", "标 题", "中文标题"}),
    ),
}

#: Where a family shows itself. The family whose mark stands first in a file reads it.
MARKS: Mapping[str, re.Pattern[str]] = {
    "wos": re.compile(
        rf"(?:\A|[\r\n]){MARK}(?:FN [^\r\n]*[\r\n]+VR |PT [A-Z]\s*[\r\n]+[A-Z][A-Z0-9](?: |[\r\n]))"
    ),
    "ovid": re.compile(
        rf"(?:\A|[\r\n]){MARK}[ \t]?<\d+(?:\. ?)?>\s*[\r\n]+[ \t]?"
        rf"(?:(?!TY )[A-Z][A-Z0-9]{{1,5}} {{1,3}}- |(?:{OVID_LABEL})\.?:?\s*[\r\n])"
    ),
    "refworks": re.compile(rf"(?:\A|[\r\n]){MARK}RT [A-Z][A-Za-z]"),
    "refer": re.compile(rf"(?:\A|[\r\n]){MARK}%(?:0 [A-Z]|[TA] \S)"),
    "noteexpress": re.compile(rf"(?:\A|[\r\n]){MARK}\{{Reference Type\}} ?:"),
    "cnki": re.compile(
        rf"(?:\A|[\r\n]){MARK}(?:SrcDatabase-来源库|Title-题名"
        r"|DataType: ?\d+\s*[\r\n]+Title-题名): ?"
    ),
    "sinomed": re.compile(
        rf"(?:\A|[\r\n]){MARK}(?:\d{{1,6}}[.、]?\s*)?【\s*(?:流水号|序\s*号)\s*】"
    ),
}


def marker_of(name: str) -> Callable[[str], int | None]:
    r"""Return the function that tells where a family shows itself in a text, or ``None``.

    Examples
    --------
    >>> marker_of("refworks")("Tag legend\n\nRT Journal Article\nID 1")
    11
    """

    def mark(text: str) -> int | None:
        found = MARKS[name].search(text)
        return found.start() if found else None

    return mark


def lexer_of(name: str) -> Callable[..., Lexed]:
    r"""Return the function that cuts a text of a family into records.

    Examples
    --------
    >>> lexed = lexer_of("wos")("FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nER\n\nEF")
    >>> lexed.database, [record.fields for record in lexed.records]
    ('Web of Science', [(('PT', 'J'), ('ER', ''))])
    """

    def lex(text: str, line: int = 1) -> Lexed:
        return lex_blocks(text, SYNTAXES[name], line)

    return lex
