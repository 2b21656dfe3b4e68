"""What other defensible analyses would have said: headline, curve, table, trails."""

from __future__ import annotations

import pytest
from lxml import html as lxml_html
from tests.report.multiverse_sample import with_multiverse
from tests.report.pages import words
from tests.report.sample import sample

from tamis.report import account, build_report
from tamis.report.specification_curve import CurvePoint, Line, curve_axis, lay_curve


def test_the_section_says_the_share_and_names_what_was_refused() -> None:
    report = build_report(with_multiverse())
    page = lxml_html.document_fromstring(report.html)
    told = words(page)
    assert "1 of 2 analyses (50 %) come to another statement than the primary one." in told
    assert "Refused, 1: nobody had the event. odds ratio." in told
    assert account(report.html, report) == ()
    assert report.quantities["multiverse:all/bbbb11112222#estimate"].value == pytest.approx(30)
    assert len(page.xpath("//figure[@class='curve']//path[starts-with(@class, 'say')]")) == 2
    assert len(page.xpath("//figure[@class='curve']//path[@class='say ring']")) == 1


def test_a_review_without_multiverse_has_no_such_section() -> None:
    assert b"results-multiverse" not in build_report(sample()).html


def test_the_curve_puts_points_in_order_and_intervals_on_its_axis() -> None:
    lines = (Line(words="measure", head=True), Line(words="RD"), Line(words="RR"))
    points = [
        CurvePoint(estimate=at, low=at - 1, high=at + 1, statement="cannot-tell",
                   primary=at == 1, marked=frozenset({1 + at % 2}))
        for at in (0, 1, 2)
    ]  # fmt: skip
    scale = curve_axis([-1.0, 3.0])
    made = lay_curve(points, lines, scale=scale, marks=["m"] * len(scale.marks), important=0.5)
    places = [float(str(point.x)) for point in made.points]
    assert places == sorted(places)
    assert [point.primary for point in made.points] == [False, True, False]
    assert str(made.points[0].stem) == f"M{places[0]:g} {scale.at(-1):g}V{scale.at(1):g}"
    assert len(made.dots) == 3
    assert made.stripe is not None
    assert made.band is not None
    assert float(str(made.band[1])) == pytest.approx(scale.at(-0.5) - scale.at(0.5), abs=0.02)
    assert scale.at(3.0) < scale.at(-1.0)
