"""Drawings of the page as SVG files of their own: real text, the page's styles written into them.

A drawing in the page takes its looks from the page's style sheet. Taken out, it must bring them
along. ``Styles`` reads the sheet and says which declarations hold for an element; ``picture``
writes them as plain attributes, which every reader of SVG understands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lxml import etree
from lxml import html as lxml_html

from tamis.report.documents.tree import Picture, Run

__all__ = ["FAMILIES", "Styles", "picture"]

#: Font families of drawings: the one that the typesetter brings along comes first.
FAMILIES = "Libertinus Serif, Cambria, Times New Roman, Noto Serif CJK SC, SimSun, serif"

NAMESPACE = "http://www.w3.org/2000/svg"

#: Properties that are also attributes of SVG. The rest of the sheet is for the page.
PROPERTIES = frozenset(
    {"fill", "fill-opacity", "stroke", "stroke-width", "stroke-dasharray", "stroke-linecap",
     "stroke-opacity", "opacity", "font-size", "font-weight", "font-style", "text-anchor",
     "dominant-baseline", "letter-spacing"}
)  # fmt: skip

#: Names that an HTML parser writes small and SVG does not.
CAMEL: Mapping[str, str] = {
    name.lower(): name
    for name in ("viewBox", "markerWidth", "markerHeight", "refX", "refY", "markerUnits",
                 "preserveAspectRatio", "patternUnits", "patternTransform", "gradientUnits",
                 "clipPathUnits", "textLength", "lengthAdjust", "linearGradient", "clipPath")
}  # fmt: skip

#: Attributes of the page that mean nothing in a file of its own.
OF_THE_PAGE = frozenset(
    {"class", "style", "focusable", "tabindex", "href", "lang", "width", "height"}
)

_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_VAR = re.compile(r"var\(\s*(--[\w-]+)\s*(?:,[^)]*)?\)")
_STEP = re.compile(r"^(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<classes>(?:\.[\w-]+)*)$")


@dataclass(frozen=True, slots=True)
class _Rule:
    """One selector with its declarations; ``steps`` from the outermost to the element itself."""

    steps: tuple[tuple[str, frozenset[str]], ...]
    declared: tuple[tuple[str, str], ...]
    weight: tuple[int, int, int]


@dataclass(slots=True)
class Styles:
    """The rules of a page's style sheet that matter to drawings.

    Selectors of tags, classes and descent are understood; all others are passed over, and so is
    what stands in ``@media``.
    """

    rules: tuple[_Rule, ...] = ()
    seen: dict[tuple[tuple[str, frozenset[str]], ...], Mapping[str, str]] = field(
        default_factory=dict
    )

    @classmethod
    def of(cls, root: lxml_html.HtmlElement) -> Styles:
        """Read the ``style`` elements of a page."""
        sheet = "\n".join(element.text or "" for element in root.iter("style"))
        return cls(rules=tuple(_rules(sheet)))

    def declared(self, path: tuple[tuple[str, frozenset[str]], ...]) -> Mapping[str, str]:
        """Return what holds for an element, given the tags and classes from the root to it."""
        if path not in self.seen:
            found: dict[str, str] = {}
            for rule in self.rules:  # sorted by weight: the last one wins
                if _matches(rule.steps, path):
                    found.update(rule.declared)
            self.seen[path] = found
        return self.seen[path]


def _rules(sheet: str) -> Iterator[_Rule]:
    text = _without_at_rules(_COMMENT.sub("", sheet))
    found: list[_Rule] = []
    variables: dict[str, str] = {}
    for place, (selectors, body) in enumerate(_RULE.findall(text)):
        pairs = [
            (name.strip(), value.replace("!important", "").strip())
            for name, colon, value in (part.partition(":") for part in body.split(";"))
            if colon
        ]
        if selectors.strip() == ":root":
            variables.update((n, v) for n, v in pairs if n.startswith("--"))
        wanted = tuple(
            (n, _VAR.sub(lambda m: variables.get(m[1], "#000"), v))
            for n, v in pairs
            if n in PROPERTIES
        )
        if wanted:
            found += filter(None, (_rule(s, wanted, place) for s in selectors.split(",")))
    return iter(sorted(found, key=lambda rule: rule.weight))


def _rule(selector: str, declared: tuple[tuple[str, str], ...], place: int) -> _Rule | None:
    steps = []
    for part in selector.replace(">", " ").split():
        match = _STEP.match(part)
        if match is None:
            return None
        tag = match["tag"] or "*"
        steps.append((tag.lower(), frozenset(filter(None, match["classes"].split(".")))))
    if not steps:
        return None
    classes = sum(len(names) for _, names in steps)
    tags = sum(tag != "*" for tag, _ in steps)
    return _Rule(tuple(steps), declared, (classes, tags, place))


def _without_at_rules(sheet: str) -> str:
    """Return a sheet without ``@media`` and the like, which nest their rules."""
    kept: list[str] = []
    at = 0
    while (start := sheet.find("@", at)) >= 0:
        kept.append(sheet[at:start])
        depth, at = 0, start
        while at < len(sheet):
            depth += {"{": 1, "}": -1}.get(sheet[at], 0)
            at += 1
            if depth == 0 and sheet[at - 1] in "};":
                break
    return "".join((*kept, sheet[at:]))


def _matches(
    steps: tuple[tuple[str, frozenset[str]], ...], path: tuple[tuple[str, frozenset[str]], ...]
) -> bool:
    """Tell whether a selector fits an element; steps need not follow one another closely."""
    if not path or not _fits(steps[-1], path[-1]):
        return False
    wanted = len(steps) - 2
    for here in reversed(path[:-1]):
        if wanted < 0:
            break
        if _fits(steps[wanted], here):
            wanted -= 1
    return wanted < 0


def _fits(step: tuple[str, frozenset[str]], here: tuple[str, frozenset[str]]) -> bool:
    return step[0] in ("*", here[0]) and step[1] <= here[1]


def _path(element: lxml_html.HtmlElement) -> tuple[tuple[str, frozenset[str]], ...]:
    line = [element, *element.iterancestors()]
    return tuple((str(e.tag), frozenset((e.get("class") or "").split())) for e in reversed(line))


def picture(
    svg: lxml_html.HtmlElement, styles: Styles, words: Iterable[tuple[Run, ...]]
) -> Picture:
    """Return a drawing of the page as one that stands alone.

    Parameters
    ----------
    svg
        The ``svg`` element, in its page.
    styles
        The page's style sheet.
    words
        The texts of the drawing.
    """
    box = [float(n) for n in (svg.get("viewbox") or svg.get("viewBox") or "0 0 100 100").split()]
    made = etree.Element("svg", nsmap={None: NAMESPACE})
    made.set("viewBox", " ".join(f"{n:g}" for n in box))
    made.set("width", f"{box[2]:g}")
    made.set("height", f"{box[3]:g}")
    made.set("font-family", FAMILIES)
    _copy_attributes(svg, made, styles.declared(_path(svg)), skip={"viewbox", "viewBox"})
    _children(svg, made, styles)
    text = etree.tostring(made, encoding="unicode")
    return Picture(
        svg=text, width=box[2], height=box[3], alt=_alt(svg), words=tuple(w for w in words if w)
    )


def _children(source: lxml_html.HtmlElement, target: etree._Element, styles: Styles) -> None:
    target.text = source.text
    for child in source:
        if not isinstance(child.tag, str):
            continue
        tag = CAMEL.get(child.tag, child.tag)
        made = etree.SubElement(target, "tspan" if tag in ("a", "span") else tag)
        _copy_attributes(child, made, styles.declared(_path(child)))
        made.tail = child.tail
        _children(child, made, styles)


def _copy_attributes(
    source: lxml_html.HtmlElement,
    target: etree._Element,
    declared: Mapping[str, str],
    skip: Iterable[str] = (),
) -> None:
    keep_size = source.tag not in ("svg", "text", "tspan", "a", "g")
    for name, value in source.attrib.items():
        size = name in ("width", "height") and keep_size
        if name in skip or name.startswith(("data-", "aria-", "role")):
            continue
        if size or name not in OF_THE_PAGE:
            target.set(CAMEL.get(name, name), value)
    for name, value in declared.items():
        target.set(name, _plain_size(name, value))
    for part in (source.get("style") or "").split(";"):
        name, colon, value = part.partition(":")
        if colon and name.strip() in PROPERTIES:
            target.set(name.strip(), value.strip())


def _plain_size(name: str, value: str) -> str:
    """Return a size in pixels: relative ones are taken of the page's sixteen."""
    if name == "font-size" and value.endswith("rem"):
        return f"{float(value[:-3]) * 16:g}"
    return value.removesuffix("px") if name in ("font-size", "stroke-width") else value


def _alt(svg: lxml_html.HtmlElement) -> str:
    said = [svg.get("aria-label") or ""]
    said += [(svg.findtext(tag) or "").strip() for tag in ("title", "desc")]
    for name in (svg.get("aria-labelledby") or "").split() if not any(said) else ():
        named = svg.getroottree().getroot().get_element_by_id(name, None)
        said.append("" if named is None else named.text_content().strip())
    return ". ".join(dict.fromkeys(part.rstrip(".") for part in said if part))
