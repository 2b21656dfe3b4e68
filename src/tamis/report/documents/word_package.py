"""The package around the text of a Word file: head and foot, properties, and the archive."""

from __future__ import annotations

import io
import zipfile
from datetime import datetime

from docx.document import Document as DocumentType
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from tamis.report.documents.pdf import running_title
from tamis.report.documents.tree import Tree
from tamis.report.documents.typesetting import Imprint

__all__ = ["describe", "furnish", "packed"]

#: Every entry of the archive bears this time.
_EPOCH = (1980, 1, 1, 0, 0, 0)


def furnish(document: DocumentType, tree: Tree) -> None:
    """Set the head and foot of every page: the short title, and the number of the page."""
    first = document.sections[0]
    first.header.paragraphs[0].text = running_title(tree)
    first.header.paragraphs[0].style = document.styles["Header"]
    foot = first.footer.paragraphs[0]
    foot.style = document.styles["Footer"]
    foot.alignment = 1
    page = f'<w:fldSimple {nsdecls("w")} w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    foot._p.append(parse_xml(page))


def describe(document: DocumentType, imprint: Imprint) -> None:
    """Write what the file says of itself; the picture of python-docx's template goes."""
    at = datetime.fromisoformat(imprint.date.replace("Z", "+00:00")).replace(
        tzinfo=None, microsecond=0
    )
    core = document.core_properties
    core.title, core.author = imprint.title[:255], "; ".join(imprint.authors)[:255]
    core.created = core.modified = at
    core.last_modified_by = core.author
    core.language, core.revision = imprint.language, 1
    core.comments = core.keywords = core.subject = core.category = ""
    package = document.part.package
    if package is not None:
        for name, relation in list(package.rels.items()):
            if relation.reltype.endswith("/thumbnail"):
                del package.rels[name]


def packed(document: DocumentType) -> bytes:
    """Return the file with every entry at the same time and in the same order."""
    raw, made = io.BytesIO(), io.BytesIO()
    document.save(raw)
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(made, "w") as target:
        names = sorted(source.namelist(), key=lambda n: (n != "[Content_Types].xml", n))
        for name in names:
            entry = zipfile.ZipInfo(name, date_time=_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            entry.create_system = 3
            target.writestr(entry, source.read(name))
    return made.getvalue()
