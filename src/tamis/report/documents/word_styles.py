"""Styles, numbering and page set-up of the Word file: named, so that a person can change them."""

from __future__ import annotations

from collections.abc import Mapping

from docx.document import Document as DocumentType
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor
from docx.styles.style import CharacterStyle, ParagraphStyle

__all__ = ["BULLETS", "HEADINGS", "TABLE_STYLE", "new_list", "prepare"]

TEXT, HEAD, EAST, FIXED = "Times New Roman", "Arial", "SimSun", "Consolas"

TABLE_STYLE = "ReportTable"

#: Ids of the numbering definitions, and of the lists that need none of their own.
HEADINGS, BULLETS = 90, 91
_DECIMAL = 92

#: Paragraph styles: what each is based on, its font, size, and space before and after (points).
STYLES: Mapping[str, tuple[str, str, float, float, float]] = {
    "Normal": ("", TEXT, 10.5, 0, 6),
    "Title": ("Normal", HEAD, 20, 0, 10),
    "Subtitle": ("Normal", HEAD, 9, 0, 4),
    "Heading 1": ("Normal", HEAD, 15, 22, 8),
    "Heading 2": ("Normal", HEAD, 12, 16, 6),
    "Heading 3": ("Normal", HEAD, 10.5, 12, 4),
    "Run-in Heading": ("Normal", HEAD, 9.5, 8, 2),
    "Caption": ("Normal", HEAD, 8.5, 10, 4),
    "Callout": ("Normal", TEXT, 10, 4, 8),
    "Scope": ("Normal", TEXT, 9.5, 0, 6),
    "Quote": ("Normal", TEXT, 10, 2, 6),
    "Definition": ("Normal", TEXT, 10, 0, 3),
    "Report List": ("Normal", TEXT, 10.5, 0, 3),
    "Report List Small": ("Normal", TEXT, 9, 0, 2),
    "Table Text": ("Normal", HEAD, 7.5, 0, 0),
    "Table Text Small": ("Normal", HEAD, 6.5, 0, 0),
    "Table Note": ("Normal", HEAD, 7.5, 3, 3),
    "Strategy": ("Normal", FIXED, 7.5, 0, 6),
    "TOC Title": ("Normal", HEAD, 11, 12, 6),
    "toc 1": ("Normal", HEAD, 9.5, 4, 1),
    "toc 2": ("Normal", HEAD, 9, 0, 1),
    "Header": ("Normal", HEAD, 7.5, 0, 0),
    "Footer": ("Normal", HEAD, 8, 0, 0),
}

_BOLD = frozenset({"Title", "Heading 1", "Heading 2", "Heading 3", "Run-in Heading", "TOC Title"})
_WITH_NEXT = frozenset({"Heading 1", "Heading 2", "Heading 3", "Run-in Heading", "Caption"})
_GREY = frozenset({"Scope", "Table Note", "Header", "Footer", "Subtitle"})


def prepare(document: DocumentType, language: str) -> None:
    """Give a new document the styles, lists and settings of a report."""
    for name, (parent, font, size, before, after) in STYLES.items():
        style = _style(document, name)
        if parent:
            style.base_style = document.styles[parent]
        _font(style, font, size)
        style.font.bold = name in _BOLD
        style.font.italic = False
        style.font.color.rgb = RGBColor(0x55, 0x53, 0x4F) if name in _GREY else RGBColor(0, 0, 0)
        form = style.paragraph_format
        form.space_before, form.space_after = Pt(before), Pt(after)
        form.line_spacing = 1.0 if name.startswith("Table") else 1.12
        form.keep_with_next = name in _WITH_NEXT
        form.widow_control = True
    _shapes(document)
    for name in ("Number", "Hyperlink"):
        _character(document, name)
    _table_style(document)
    _numbering(document)
    _language(document, language)


def _style(document: DocumentType, name: str) -> ParagraphStyle:
    styles = document.styles
    known = {style.name: style for style in styles}
    found = known.get(name) or styles.add_style(
        name, WD_STYLE_TYPE.PARAGRAPH, builtin=name[:3] == "toc"
    )
    found.element.set(qn("w:styleId"), name.replace(" ", "").replace("toc", "TOC"))
    if not isinstance(found, ParagraphStyle):  # names of this module are names of paragraphs
        raise TypeError(name)
    for border in found.element.iter(qn("w:pBdr")):
        border.getparent().remove(border)
    return found


def _font(style: ParagraphStyle | CharacterStyle, font: str, size: float) -> None:
    style.font.name = font
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[theme]
    for kind in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(kind), font)
    fonts.set(qn("w:eastAsia"), EAST)


def _shapes(document: DocumentType) -> None:
    """Indents, tabs, bars and shades."""
    bar = '<w:pBdr {}><w:left w:val="single" w:sz="18" w:space="6" w:color="{}"/></w:pBdr>'
    shade = '<w:shd {} w:val="clear" w:color="auto" w:fill="{}"/>'
    for name, color, fill in (("Callout", "B07D00", "FFF4D6"), ("Quote", "C9C5BC", "FFFFFF")):
        p_pr = document.styles[name].element.get_or_add_pPr()
        p_pr.insert_element_before(
            parse_xml(bar.format(nsdecls("w"), color)), "w:shd", "w:tabs", "w:spacing", "w:ind"
        )
        p_pr.insert_element_before(
            parse_xml(shade.format(nsdecls("w"), fill)), "w:tabs", "w:spacing", "w:ind"
        )
    for name, left, hanging in (
        ("Definition", 100, -100), ("Report List", 16, -12), ("Report List Small", 16, -12),
        ("toc 2", 14, 0),
    ):  # fmt: skip
        form = _style(document, name).paragraph_format
        form.left_indent, form.first_line_indent = Pt(left), Pt(hanging)
    _style(document, "Definition").paragraph_format.tab_stops.add_tab_stop(Pt(100))


def _character(document: DocumentType, name: str) -> None:
    known = {style.name for style in document.styles}
    if name in known:
        return
    style = document.styles.add_style(name, WD_STYLE_TYPE.CHARACTER)
    if name == "Hyperlink" and isinstance(style, CharacterStyle):
        style.font.color.rgb = RGBColor(0x1C, 0x4A, 0x7D)


def _table_style(document: DocumentType) -> None:
    line = '<w:{0} w:val="single" w:sz="{1}" w:space="0" w:color="{2}"/>'
    borders = line.format("top", 10, "1B1B1A") + line.format("bottom", 10, "1B1B1A")
    inside = line.format("insideH", 2, "D9D5CC")
    head = line.format("top", 10, "1B1B1A") + line.format("bottom", 5, "1B1B1A")
    document.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="{TABLE_STYLE}">'
            '<w:name w:val="Report Table"/><w:basedOn w:val="TableNormal"/>'
            '<w:uiPriority w:val="99"/>'
            f"<w:tblPr><w:tblBorders>{borders}{inside}</w:tblBorders><w:tblCellMar>"
            '<w:top w:w="30" w:type="dxa"/><w:left w:w="50" w:type="dxa"/>'
            '<w:bottom w:w="30" w:type="dxa"/><w:right w:w="50" w:type="dxa"/>'
            "</w:tblCellMar></w:tblPr>"
            '<w:tblStylePr w:type="firstRow"><w:rPr><w:b/></w:rPr><w:tcPr><w:tcBorders>'
            f"{head}</w:tcBorders></w:tcPr></w:tblStylePr></w:style>"
        )
    )


def _numbering(document: DocumentType) -> None:
    """Add the numbers of headings, the bullet and the form of ordered lists."""
    root = document.part.numbering_part.element
    for child in list(root):
        root.remove(child)
    level = (
        '<w:lvl w:ilvl="{0}"><w:start w:val="1"/><w:numFmt w:val="{1}"/>{2}'
        '<w:lvlText w:val="{3}"/><w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{4}" '
        'w:hanging="{5}"/></w:pPr></w:lvl>'
    )
    styled = '<w:pStyle w:val="Heading{}"/>'.format
    forms = {
        HEADINGS: level.format(0, "decimal", styled(1), "%1", 480, 480)
        + level.format(1, "decimal", styled(2), "%1.%2", 600, 600),
        BULLETS: level.format(0, "bullet", "", "•", 320, 240),
        _DECIMAL: level.format(0, "decimal", "", "%1.", 480, 400),
    }
    for number, levels in forms.items():
        root.append(
            parse_xml(
                f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
                f'<w:multiLevelType w:val="multilevel"/>{levels}</w:abstractNum>'
            )
        )
    for number in (HEADINGS, BULLETS):
        root.append(
            parse_xml(
                f'<w:num {nsdecls("w")} w:numId="{number}">'
                f'<w:abstractNumId w:val="{number}"/></w:num>'
            )
        )


def new_list(document: DocumentType, number: int) -> int:
    """Add an ordered list that begins at one; return its id."""
    made = 100 + number
    document.part.numbering_part.element.append(
        parse_xml(
            f'<w:num {nsdecls("w")} w:numId="{made}"><w:abstractNumId w:val="{_DECIMAL}"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    return made


def _language(document: DocumentType, language: str) -> None:
    r_pr = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    if r_pr is None:
        return
    for old in r_pr.findall(qn("w:lang")):
        r_pr.remove(old)
    lang = OxmlElement("w:lang")
    lang.set(qn("w:val"), {"en": "en-GB", "zh": "zh-CN"}.get(language[:2], language))
    lang.set(qn("w:eastAsia"), "zh-CN")
    r_pr.append(lang)
