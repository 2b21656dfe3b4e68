from __future__ import annotations

from pathlib import Path

import pytest
from tests.certainty.claims.invented import review

import tamis
from tamis.certainty.claims import KEYS, check_claims, check_names, read_claims
from tamis.certainty.claims.written import FILE
from tamis.domain.claims import Claim, ClaimNumber
from tamis.domain.errors import BadInput

GOOD = """
[[claim]]
id = "c1"
lang = "en"
text = "Velatrin reduces pain."
source = { kind = "abstract", ref = "conclusion", span = [10, 32] }
outcome = "pain"
direction = "benefit"
strength = 4
numbers = [{ value = 60.5, unit = "%", result = "x" }]
step = "study"

[[claim]]
id = "c2"
lang = "zh"
text = "维拉曲林可能降低疼痛评分。"
"""


def test_a_good_file() -> None:
    first, second = read_claims(GOOD)
    assert (first.source_kind, first.source_ref, first.span) == ("abstract", "conclusion", (10, 32))
    assert first.numbers == (ClaimNumber(value="60.5", unit="%", result="x"),)
    assert first.strength == 4
    assert second.strength is None
    assert second.outcome == "unspecified"


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ('outcome = "pain"', 'outcom = "pain"', 7, "did you mean 'outcome'"),
        ('lang = "en"', 'lang = "fr"', 4, "use en, zh"),
        ("strength = 4", "strength = 9", 9, "0 (no claim) to 5"),
        ('direction = "benefit"', 'direction = "good"', 8, "no-difference"),
        ('id = "c1"', 'id = "C 1"', 3, "slug"),
        ('id = "c2"', 'id = "c1"', 14, "twice"),
        ('kind = "abstract"', 'kind = "poster"', 6, "report, abstract, lay, external"),
        ("span = [10, 32]", "span = [10]", 6, "span = [start, end]"),
        ('text = "Velatrin reduces pain."', 'text = ""', 5, "text"),
        ("[[claim]]", "[[claims]]", 2, "did you mean 'claim'"),
        ('lang = "en"', "lang = en", 4, "double quotes"),
        ('[{ value = 60.5, unit = "%", result = "x" }]', "[60.5]", 10, "value"),
        ("value = 60.5", 'value = "abc"', 10, "'abc' is no number"),
        ("value = 60.5", "value = true", 10, "is no number"),
        ("value = 60.5", "value = nan", 10, "is no number"),
        ("span = [10, 32]", "span = [50, 1]", 6, "the end behind the start"),
        ("span = [10, 32]", "span = [-4, 1]", 6, "the end behind the start"),
        ("strength = 4", "strength = 4\ncertainty_required = 5", 10, "4 (high)"),
    ],
)
def test_bad_files_name_line_and_remedy(old: str, new: str, line: int, words: str) -> None:
    with pytest.raises(BadInput) as caught:
        read_claims(GOOD.replace(old, new, 1), name=FILE)
    assert caught.value.where is not None
    assert caught.value.where.file == FILE
    assert caught.value.where.line == line
    assert words in str(caught.value)


def test_names_that_the_protocol_does_not_have() -> None:
    text = GOOD.replace('outcome = "pain"', 'outcome = "pian"')
    with pytest.raises(BadInput, match="did you mean 'pain'") as caught:
        check_names(read_claims(text), review().protocol, text=text)
    assert caught.value.where is not None
    assert caught.value.where.line == 7


def test_a_time_that_is_none_is_refused_with_its_line() -> None:
    for time in ("99 moons", "someday"):
        text = GOOD.replace('direction = "benefit"', f'time = "{time}"')
        with pytest.raises(BadInput, match="12 months") as caught:
            check_names(read_claims(text), review().protocol, text=text)
        assert caught.value.where is not None
        assert caught.value.where.line == 8
    for time in (
        "12 months",
        "6mo",
        "within 12 months",
        "12 个月",
        "month 3",
        "baseline",
        "m12",
        "",
    ):
        text = GOOD.replace('direction = "benefit"', f'time = "{time}"')
        check_names(read_claims(text), review().protocol, text=text)


def test_a_study_a_result_and_a_unit_that_the_review_has_not_are_errors_of_the_claim() -> None:
    """What a review holds comes and goes, so the file is not refused for it."""
    number = ClaimNumber(value="30", unit="bananas", result="nothing")
    named = claim("Thirty had it.", study="corly2020", numbers=(number,), outcome="remission")
    found = {f.rule: f for f in check_claims([named], review()).findings if f.severity == "error"}
    assert "did you mean 'corley2020'" in found["scope-wider"].suggestion
    assert "'nothing'" in found["number-differs"].message
    assert "'bananas'" in found["unit-or-notation-lost"].message


def test_the_certainty_that_a_strength_requires_may_be_written_down() -> None:
    text = GOOD.replace("strength = 4", "strength = 4\ncertainty_required = 4")
    assert read_claims(text)[0].certainty_required == 4

    def notes(level: int) -> list[str]:
        one = claim("It may help.", outcome="relapse", strength=2, certainty_required=level)
        found = check_claims([one], review()).findings
        return [f.message for f in found if "certainty_required" in f.message]

    assert notes(2) == []
    assert notes(4) == [
        "certainty_required is 4, and a wording of strength 2 is allowed from certainty 2"
    ]


def test_every_key_is_explained() -> None:
    fields = {name for name in Claim.__dataclass_fields__ if not name.startswith("source_")}
    assert set(KEYS) == (fields - {"span", "interest"}) | {"source"}


def claim(text: str, **more: object) -> Claim:
    return Claim(id="c", lang="en", text=text, **more)  # type: ignore[arg-type]


def test_declared_claims_are_checked_by_the_same_rules() -> None:
    done = tamis.check_claims([claim("Velatrin reduces pain.", outcome="pain")], review())
    assert [f.rule for f in done.findings] == ["verb-too-strong"]
    assert done.claims[0].id == "c"


def test_what_a_person_declares_stands_before_what_is_read() -> None:
    silent = check_claims([claim("Velatrin reduces pain.", outcome="pain", strength=3)], review())
    assert not silent.findings
    loud = check_claims([claim("Something about it.", outcome="pain", strength=5,
                               direction="benefit")], review())  # fmt: skip
    assert "verb-too-strong" in {f.rule for f in loud.findings}


def test_a_declared_population_counts_where_the_words_name_none() -> None:
    wide = claim("It lowers relapse.", outcome="relapse", population="joint-disease")
    right = claim("It lowers relapse.", outcome="relapse", population="merrow")
    found = [{f.rule for f in check_claims([c], review()).findings} for c in (wide, right)]
    assert found == [{"scope-wider"}, set()]


def test_an_unknown_outcome_is_a_finding_with_a_remedy() -> None:
    done = check_claims([claim("Velatrin cures baldness.", outcome="baldness")], review())
    (finding,) = done.findings
    assert (finding.rule, finding.severity) == ("scope-wider", "error")
    assert "protocol" in finding.suggestion


def test_numbers_that_name_their_value() -> None:
    name = "v:corley2020/remission/m12.ever/all/events"
    right = claim("Thirty.", numbers=(ClaimNumber(value="30", result=name),), outcome="remission")
    wrong = claim("Forty.", numbers=(ClaimNumber(value="40", result=name),), outcome="remission")
    nobody = claim("Fifty.", numbers=(ClaimNumber(value="50", result="v:x"),))
    answers = [check_claims([c], review()).claims[0].number for c in (right, wrong, nobody)]
    assert answers == ["faithful", "contradicted", "cannot-tell"]


def test_a_whole_text_of_claims_is_asked_what_it_leaves_out() -> None:
    claims = [claim("Relapse was less frequent.", voice="study", study="birch2018",
                    source_ref="results")]  # fmt: skip
    assert not check_claims(claims, review()).text_findings
    found = check_claims(claims, review(), whole=True).text_findings
    assert ("birch2018", "selective-outcomes") in {(f.subject, f.rule) for f in found}


def test_the_shipped_claims_are_short_fragments() -> None:
    path = Path(tamis.__file__).parent / "examples" / "worked" / "inputs" / FILE
    claims = read_claims(path.read_text("utf-8"))
    assert len(claims) > 20
    assert max(len(c.text) for c in claims) <= 70
    assert {c.source_kind for c in claims} == {"abstract", "lay"}
    assert {c.step for c in claims} >= {"review", "lay"}
