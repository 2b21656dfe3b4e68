"""Law 5: every digit in a report's text is a quantity with a trail, or a declared literal.

``account`` reads the finished page. Held to it here: the page as built, the page with any one
digit changed, numbers typed into a template, numbers under another's name, and reviews whose texts
are full of odd digits.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import cycle

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from jinja2 import ChoiceLoader, DictLoader, PackageLoader
from tests.report.pages import sample_report
from tests.report.sample import sample, with_value
from tests.report.test_engine import template

from tamis.domain.values import CitationAnchor, PassageAnchor
from tamis.report import ReportContent, account, build_report, count_digit_runs, engine


def rules(html: bytes) -> list[str]:
    return [finding.rule for finding in account(html, sample_report())]


def test_the_page_as_built_is_accounted_for() -> None:
    report = sample_report()
    assert account(report.html, report) == ()
    assert count_digit_runs(report.html) > 500
    assert len(report.quantities) > 100


DIGITS = [n for n, byte in enumerate(sample_report().html) if 48 <= byte <= 57]


@settings(max_examples=40)
@given(st.sampled_from(DIGITS), st.integers(1, 9))
def test_any_one_digit_changed_anywhere_is_found(place: int, shift: int) -> None:
    html = bytearray(sample_report().html)
    html[place] = 48 + (html[place] - 48 + shift) % 10
    assert rules(bytes(html))


TEXT = [n for n in DIGITS if b'data-q="' in sample_report().html[max(0, n - 200) : n]]


@settings(max_examples=40)
@given(st.sampled_from(TEXT), st.sampled_from(["7", "٣", "²", "Ⅳ", " 12 "]))
def test_any_digit_put_in_anywhere_is_found(place: int, extra: str) -> None:
    html = sample_report().html
    assert rules(html[:place] + extra.encode() + html[place:])


def edited(old: str, new: str) -> bytes:
    html = sample_report().html.decode()
    assert html.count(old) >= 1, old
    return html.replace(old, new, 1).encode()


def test_a_changed_quantity_is_named_with_what_was_expected() -> None:
    name = "syn:remission-rct/rd#estimate"
    html = sample_report().html.decode()
    end = html.index("−8<", html.index(f'data-q="{name}"'))
    changed = html[:end] + "−9" + html[end + 2 :]
    (finding,) = account(changed.encode(), sample_report())
    assert (finding.rule, finding.expected, finding.got) == ("quantity-changed", "−8", "−9")
    assert "/section[1]/" in finding.subject


def test_a_number_typed_into_the_page_is_an_orphan_with_its_place() -> None:
    html = edited("<p>The protocol was adopted", "<p>We saw 7 cases. The protocol was adopted")
    findings = account(html, sample_report())
    assert [f.rule for f in findings] == ["orphan-digit"]
    assert findings[0].subject.endswith("p[1]")
    assert "We saw 7 cases" in findings[0].message


@pytest.mark.parametrize(
    "markup",
    [
        '<i aria-label="Figure 2"></i>',
        '<img alt="12 patients">',
        '<abbr title="95 per cent">CI</abbr>',
        "<svg><text>49</text></svg>",
        "<svg><title>of 81</title></svg>",
        "<b>x<i></i>9</b>",
        "<!-- c --> 9",
        "<table><tr><td>5/6</td></tr></table>",
    ],
)
def test_numbers_in_figures_attributes_and_tails_are_orphans(markup: str) -> None:
    html = edited('<h3 id="question">', f'{markup}<h3 id="question">')
    assert "orphan-digit" in rules(html)


def test_what_no_reader_sees_needs_no_mark() -> None:
    html = edited('<h3 id="question">', '<!-- 12 --><h3 id="question">')
    assert "orphan-digit" not in rules(html)
    assert rules(html) == ["page-changed"]


@pytest.mark.parametrize(
    ("markup", "rule"),
    [
        ('<a class="q" data-q="flow:none#n" href="#t-0">9</a>', "unknown-quantity"),
        ('<span data-lit="label">Trial 2099</span>', "unknown-literal"),
        ('<span data-lit="quote">9 of 12</span>', "unknown-literal"),
        ('<span data-lit="year">49</span>', "unknown-literal"),
        ('<span data-lit="nonsense">2017</span>', "unknown-literal"),
        ('<span data-lit="year">2017</span>', "mark-moved"),
        ('<a class="q" data-q="flow:screened#n" href="#nowhere">7</a>', "trail-broken"),
    ],
)
def test_literals_and_ids_are_no_loophole(markup: str, rule: str) -> None:
    html = edited('<h3 id="question">', f'{markup}<h3 id="question">')
    assert rule in rules(html)


def test_a_number_under_anothers_name_is_found() -> None:
    """Two quantities that read alike change places: every text is right, in a wrong place."""
    report = sample_report()
    alike = [n for n, q in report.quantities.items() if str(q) == "12" and n.startswith("v:")]
    html = report.html.decode().replace(f'data-q="{alike[0]}"', f'data-q="{alike[1]}"', 1)
    assert rules(html.encode()) == ["mark-moved"]


def test_a_moved_point_of_a_figure_is_found() -> None:
    html = sample_report().html.decode()
    start = html.index('<circle class="dot" cx="')
    assert rules((html[: start + 24] + "9" + html[start + 24 :]).encode()) == ["page-changed"]


def test_a_changed_value_shows_in_the_old_page() -> None:
    changed = build_report(with_value(sample(), "v:arm2014/remission/m12.ever/all/events", "48"))
    findings = account(sample_report().html, changed)
    assert ("quantity-changed", "48", "49") in {(f.rule, f.expected, f.got) for f in findings}


def test_a_changed_quote_shows_in_the_old_page() -> None:
    content = sample()
    values = tuple(
        replace(v, source=replace(v.source, quote="Remission in 8 of 12 patients (67 %)"))
        if isinstance(v.source, PassageAnchor) else v
        for v in content.extraction.values
    )  # fmt: skip
    extraction = replace(content.extraction, values=values)
    changed = build_report(replace(content, extraction=extraction))
    assert "unknown-literal" in {f.rule for f in account(sample_report().html, changed)}


def test_a_number_typed_into_a_template_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    name = "discussion.html.j2"
    typed = template(name).replace("</section>", "<p>All 111 people got better.</p></section>")

    class Typed(ChoiceLoader):
        def __init__(self, package: str, folder: str) -> None:
            super().__init__([DictLoader({name: typed}), PackageLoader(package, folder)])

    monkeypatch.setattr(engine, "PackageLoader", Typed)
    report = build_report(sample())
    findings = account(report.html, report)
    assert [f.rule for f in findings] == ["orphan-digit"]
    assert findings[0].got == "111"
    assert "/section" in findings[0].subject


odd = st.text(
    alphabet=st.one_of(st.sampled_from("0123456789 <&>\"'%;,/.-()\n\r\tⅣ²½٣李aB#{}"),
                       st.characters(exclude_categories=("Cs",))),
    min_size=1, max_size=40,
).filter(lambda text: text.strip())  # fmt: skip


def filled(texts: list[str]) -> ReportContent:
    """Put texts where people and papers write: titles, criteria, reasons, quotes, notes."""
    say = cycle(texts).__next__
    content = sample()
    protocol = content.protocol
    protocol = replace(
        protocol,
        head=replace(protocol.head, title=say(), banner=say(), funding=say()),
        question=replace(protocol.question, population=say(), rationale=say()),
        criteria=tuple(replace(c, text=say()) for c in protocol.criteria),
        outcomes=tuple(replace(o, name=say(), definition=say()) for o in protocol.outcomes),
        visits=tuple(replace(v, label=say()) for v in protocol.visits),
        team=tuple(replace(m, name=say()) for m in protocol.team),
    )
    values = []
    for value in content.extraction.values:
        source = value.source
        if isinstance(source, CitationAnchor):
            source = replace(source, citation=say(), location=say())
        printed = say() if value.statistic == "text" else value.printed
        values.append(replace(value, source=source, printed=printed, note=say(), unit=say()))
    return replace(
        content,
        protocol=protocol,
        records={n: replace(r, title=say(), journal=say(), pages=say())
                 for n, r in content.records.items()},
        extraction=replace(content.extraction, values=tuple(values)),
        notes=tuple(replace(n, fields=tuple((k, say()) for k, _ in n.fields))
                    for n in content.notes),
        states=tuple(replace(s, reason=say() if s.reason else "") for s in content.states),
        value_findings=tuple(replace(f, message=say()) for f in content.value_findings),
        strategies=tuple(replace(s, text=say()) for s in content.strategies),
        studies=tuple(replace(s, label=say()) for s in content.studies),
        ratings=tuple(replace(r, domains=tuple(replace(d, reason=say()) for d in r.domains))
                      for r in content.ratings),
        # the trajectories of the sample hold their own copies of values
        syntheses=tuple(s for s in content.syntheses if not s.trajectories),
    )  # fmt: skip


@settings(max_examples=15, phases=[Phase.explicit, Phase.generate])
@given(st.lists(odd, min_size=1, max_size=12))
def test_whatever_people_wrote_is_printed_and_accounted_for(texts: list[str]) -> None:
    report = build_report(filled(texts))
    assert account(report.html, report) == ()
