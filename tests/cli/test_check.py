"""``tamis check``: exit codes, JSON, acceptance, bad input."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import PROTOCOL, Tamis

CLAIMS = """\
[[claim]]
id = "c1"
lang = "en"
text = "The drug increases remission."
source = { kind = "report", ref = "conclusion" }
outcome = "remission"
"""


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "abstract.txt"
    path.write_text(
        "Conclusion: The drug increases remission. 药物可能提高缓解率。\n", encoding="utf-8"
    )
    return path


def test_an_error_gives_code_1_and_the_shape_of_the_contract(
    tamis: Tamis, small: Path, text: Path
) -> None:
    done = tamis("check", small, "--text", text, "--json")
    assert done.code == 1
    assert set(done.json) == {"tamis", "ok", "texts", "claims", "text_findings"}
    claim = done.json["claims"][0]
    words = text.read_text("utf-8")
    assert words[claim["start"] : claim["end"]] == claim["text"] == "The drug increases remission."
    assert (claim["lang"], claim["strength"], claim["number"]) == ("en", 4, "none")
    assert claim["reading"] == "flag"
    finding = claim["findings"][0]
    assert {"rule", "severity", "because", "suggestion"} <= set(finding)
    assert finding["rule"] == "verb-too-strong"


def test_people_are_told_the_sentence_the_rule_and_what_may_be_said(
    tamis: Tamis, small: Path, text: Path
) -> None:
    done = tamis("check", small, "--text", text)
    assert done.code == 1
    assert "abstract.txt" in done.out
    assert "error: verb-too-strong" in done.out
    assert "→" in done.out


def test_a_text_without_an_error_gives_code_0(tamis: Tamis, small: Path, tmp_path: Path) -> None:
    quiet = tmp_path / "quiet.txt"
    quiet.write_text("We looked at remission in people.\n", encoding="utf-8")
    assert tamis("check", small, "--text", quiet).code == 0


FRENCH = "Le médicament réduit la mortalité et il est efficace chez les patients.\n"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (FRENCH, "it reads like French"),
        ("Das Mittel senkt die Sterblichkeit und ist sicher.\n", "it reads like German"),
        ("この薬は死亡率を下げることが証明された。\n", "it reads like Japanese"),
        ("Препарат снижает смертность.\n", "Cyrillic"),
        ("", "nothing to check"),
        (" \n\n12 %\n", "nothing to check"),
    ],
)
def test_what_the_check_cannot_read_does_not_pass_in_silence(
    tamis: Tamis, small: Path, tmp_path: Path, words: str, says: str
) -> None:
    path = tmp_path / "text.txt"
    path.write_text(words, encoding="utf-8")
    done = tamis("check", small, "--text", path)
    assert done.code == 2
    assert "text.txt" in done.err
    assert says in done.err


def test_a_sentence_in_another_language_is_told_of(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    path = tmp_path / "mixed.txt"
    path.write_text(
        "We looked at remission in the people who took part in it.\n"
        "This was a trial of the drug against placebo, and it was small.\n" + FRENCH,
        encoding="utf-8",
    )
    done = tamis("check", small, "--text", path, "--json")
    (text,) = done.json["texts"]
    assert any("1 sentence" in note and "French" in note for note in text["notes"])
    forced = tmp_path / "forced.txt"
    forced.write_text(FRENCH, encoding="utf-8")
    told = tamis("check", small, "--text", forced, "--lang", "en", "--json")
    assert any("French" in note for note in told.json["texts"][0]["notes"])


def test_an_accepted_claim_stays_listed_with_its_reason(
    tamis: Tamis, small: Path, text: Path
) -> None:
    found = tamis("check", small, "--text", text, "--json").json["claims"]
    claim = next(c["id"] for c in found if c["findings"])
    done = tamis("check", small, "--text", text, "--accept", claim, "--reason", "quoted", "--json")
    accepted = [f["accepted"] for c in done.json["claims"] if c["id"] == claim
                for f in c["findings"]]  # fmt: skip
    assert accepted
    assert set(accepted) == {"quoted"}
    again = tamis("check", small, "--text", text, "--json")
    assert [c["findings"] for c in again.json["claims"]] == [
        c["findings"] for c in done.json["claims"]
    ]


def test_claims_of_the_folder_and_the_built_report(tamis: Tamis, small: Path) -> None:
    (small / "claims.toml").write_text(CLAIMS, encoding="utf-8")
    done = tamis("check", small, "--json")
    assert done.code == 1
    assert [c["id"] for c in done.json["claims"]] == ["c1"]
    (small / "claims.toml").unlink()
    built = tamis("build", small, "--only", "html")
    assert built.code == 0, built.err
    own = tamis("check", small, "--json")
    assert own.code == 0, own.out
    assert [t["name"] for t in own.json["texts"]] == ["report/report.html"]
    assert len(own.json["claims"]) > 20


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('outcome = "remission"', 'outcome = "remision"', "did you mean 'remission'"),
        ('lang = "en"', 'langue = "en"', "did you mean 'lang'"),
        ("[[claim]]", "[[claim", "claims.toml:1"),
    ],
)
def test_a_wrong_claims_file_is_bad_input(
    tamis: Tamis, small: Path, old: str, new: str, words: str
) -> None:
    (small / "claims.toml").write_text(CLAIMS.replace(old, new), encoding="utf-8")
    done = tamis("check", small)
    assert done.code == 2
    assert words in done.err
    assert "claims.toml:" in done.err


def test_other_bad_input(tamis: Tamis, small: Path, text: Path, tmp_path: Path) -> None:
    broken = tmp_path / "latin.txt"
    broken.write_bytes("caf\xe9 is good".encode("latin-1"))
    cases = [
        (("check", small), "nothing to check"),
        (("check", small, "--text", tmp_path / "absent.txt"), "does not exist"),
        (("check", small, "--text", broken), "not UTF-8"),
        (("check", small, "--text", text, "--lang", "fr"), "no language"),
        (("check", small, "--text", text, "--accept", "s-1"), "without a reason"),
        (("check", small, "--text", text, "--accept", "x:y", "--reason", "z"), "names no finding"),
        (("check", tmp_path), "no review"),
    ]
    for arguments, words in cases:
        done = tamis(*arguments)
        assert done.code == 2, arguments
        assert words in done.err, done.err


def test_a_claim_about_an_outcome_nobody_rated_is_found(
    tamis: Tamis, small: Path, tmp_path: Path
) -> None:
    """An unrated outcome in an abstract: at most "uncertain" may be said of it."""
    assert "[[body]]" not in PROTOCOL
    abstract = tmp_path / "abstract.md"
    abstract.write_text("## Conclusions\n\nThe drug may increase remission.\n", encoding="utf-8")
    done = tamis("check", small, "--text", abstract, "--json")
    rules = {f["rule"] for c in done.json["claims"] for f in c["findings"]}
    assert rules == {"caveat-missing"}


def test_each_suggestion_of_a_sentence_is_printed_once(
    tamis: Tamis, small: Path, text: Path
) -> None:
    done = tamis("check", "--text", str(text), str(small))
    blocks = [block for block in done.out.split("\n\n") if "→" in block]
    assert blocks
    for block in blocks:
        told = [line for line in block.splitlines() if "→" in line]
        assert len(set(told)) == len(told)
