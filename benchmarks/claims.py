"""How well the claim check finds what is wrong with a real text, and leaves alone what is right.

``python benchmarks/claims.py [--quick] [--json FILE] [--review DIR]`` runs ``tamis check --json``
on the lay article of the evidence against the worked review (the one in the package, or
``--review``) and scores the answer by the labels beside it. Both are read from ``TAMIS_EVIDENCE``
(default ``../shared/evidence`` beside the repository): ``lay-article.zh.txt``, ``claims.json``.
There is no peer: no other program checks claims against a review. ``--quick`` changes nothing.

Scored as ``claims.json`` says under ``meta.scoring``: a positive is found when an error or warning
of a rule of its list stands at its level (overlapping its fragment, or naming its subject); a
negative is missed when an error or warning overlaps its fragment and is not expected for a claim it
shares its words with. Rows and the silent list are those of the method's page on grading (B4).

One line a metric: ``metric ours peer ratio target holds|short``; exit 1 when one falls short.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
EVIDENCE = Path(os.environ.get("TAMIS_EVIDENCE", ROOT.parent / "shared" / "evidence"))

#: Least sensitivity and specificity, each at its level.
BAR = 0.9

Json = Mapping[str, Any]
Span = tuple[int, int]

#: Rows of expected findings: name, fragment or subject of the text, rules of which one must fire.
#: A fragment that stands several times must be found every time.
ROWS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("lead, three times", "治疗狼疮的效果良好",
     ("verb-too-strong", "selective-outcomes", "scope-wider", "caveat-missing")),
    ("lead, can be used", "可用于治疗自身免疫性疾病",
     ("verb-too-strong", "scope-wider", "recommendation")),
    ("journal 1", "《Journal of Rheumatology》", ("citation-differs",)),
    ("journal 2", "《Contemporary Translational Medical Research》", ("citation-differs",)),
    ("journal 3", "《Sage Journals》", ("citation-differs",)),
    ("search date", "检索持续到 2023 年 4 月", ("citation-differs",)),
    ("reference list", "text:review", ("citation-differs",)),
    ("dose, total", "2×10 8细胞", ("unit-or-notation-lost",)),
    ("dose, per kg", "2 × 10 6个", ("unit-or-notation-lost",)),
    ("mixed", "证实间充质干细胞可作为", ("verb-too-strong", "no-comparator")),
    ("leads to", "导致活动性狼疮性肾炎患者", ("verb-too-strong", "no-comparator")),
    ("ever", "text:gu2014", ("number-differs", "selective-outcomes")),
    ("function", "text:review", ("selective-outcomes",)),
    ("flares and deaths", "text:gu2014", ("selective-outcomes",)),
    ("design and overlap", "text:gu2014", ("caveat-missing",)),
    ("trial, harms", "text:deng2017", ("selective-outcomes",)),
    ("trial, stopped", "text:deng2017", ("caveat-missing",)),
    ("potential, n = 3", "具有治疗狼疮性肾炎的潜力", ("no-comparator", "caveat-missing")),
    ("effectively lowers", "可有效减少尿蛋白排泄量和疾病活动性",
     ("verb-too-strong", "no-comparator", "surrogate", "number-differs")),
    ("good safety", "良好的安全性", ("verb-too-strong", "no-comparator")),
    ("registration", "text:ranjbar2022", ("caveat-missing",)),
    ("four rates, counted", "text:review", ("number-differs",)),
    ("four rates, defined; coverage", "text:review", ("caveat-missing",)),
    ("all studies proved", "所有研究都成功地证明",
     ("verb-too-strong", "interval-disagrees", "no-comparator", "surrogate", "number-differs")),
    ("especially", "特别是在对标准免疫抑制疗法有抵抗力的病例中",
     ("subgroup-headline", "scope-wider")),
    ("potential effect", "具有潜在作用", ("caveat-missing",)),
)  # fmt: skip

#: What must stay silent: no error and no warning of a rule that judges wording overlaps it.
SILENT = (
    "经活检证实", "概念证明", "对常规疗法无效", "评估人脐带间充质干细胞", "有效性的证据",
    "《异基因间充质干细胞移植治疗", "狼疮性肾炎是指", "免疫调节作用:", "组织修复作用:",
    "CXCL12/CXCR4轴的作用:", "可能的不良事件", "相应调整", "可能促进了",
    "不构成任何临床诊断建议", "专业建议", "支持完成针对系统性红斑狼疮的随机对照",
    "除了标准免疫抑制之外没有明显的附加作用",
)  # fmt: skip

#: Rules about wording; numbers, citations and notation may be wrong in a silent sentence.
_WORDING = frozenset({"verb-too-strong", "interval-disagrees", "selective-outcomes", "scope-wider",
                      "no-comparator", "subgroup-headline", "recommendation", "caveat-missing",
                      "surrogate"})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scored:
    """The article, its labels and the program's answer."""

    text: str
    labels: Json
    answer: Json

    def loud(self, spans: Sequence[Span]) -> Iterator[tuple[str, Json]]:
        """Yield rule and finding of every error or warning that overlaps one of the spans."""
        for claim in self.answer["claims"]:
            if any(claim["start"] < end and start < claim["end"] for start, end in spans):
                for finding in claim["findings"]:
                    if finding["severity"] != "note":
                        yield finding["rule"], finding

    def text_rules(self, subjects: Sequence[str]) -> set[str]:
        """Return the rules of errors and warnings about the text that name one of the subjects."""
        return {
            finding["rule"]
            for finding in self.answer["text_findings"]
            if finding["subject"] in subjects and finding["severity"] != "note"
        }


def spans_of(text: str, fragment: str) -> list[Span]:
    """Return where a labelled fragment stands: parts by ``;``, gaps by ``...``, every time."""
    found: list[Span] = []
    for part in fragment.split(";"):
        pieces = [re.escape(p.strip()) for p in re.split(r"\.\.\.", part) if p.strip()]
        gap = r"[^。\n]{0,120}?"
        pattern = re.compile(gap.join(piece.replace(r"\ ", r"\s*") for piece in pieces))
        found += [m.span() for m in pattern.finditer(text)]
    return found


def run_check(article: Path, review: Path) -> Json:
    """Run the program on a copy of the article, as a person would."""
    done = subprocess.run(
        [sys.executable, "-m", "tamis", "check", str(review), "--text", str(article), "--json"],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    if done.returncode not in (0, 1):
        raise SystemExit(f"tamis check failed:\n{done.stdout}{done.stderr}")
    answer: Json = json.loads(done.stdout)
    return answer


def measure(scored: Scored) -> list[dict[str, Any]]:
    """Return one row a metric."""
    claims = [c for c in scored.labels["claims"] if c["expected"]["scored"]]
    by_id = {c["id"]: c for c in scored.labels["claims"]}
    hits = {c["id"]: hit(c, scored) for c in claims if kind(c) == "positive"}
    clean = {c["id"]: not alarms(c, scored, by_id) for c in claims if kind(c) == "negative"}
    told = {c["id"]: cannot_tell(c, scored, by_id) for c in claims if kind(c) == "cannot-tell"}
    level = {c["id"]: c["expected"]["level"] for c in claims}
    rows = [
        share("sensitivity", hits, BAR),
        share("sensitivity_sentence", pick(hits, level, "sentence"), BAR),
        share("sensitivity_text", pick(hits, level, "text"), BAR),
        share("specificity", clean, BAR),
        share("specificity_sentence", pick(clean, level, "sentence"), BAR),
        share("cannot_tell", told, BAR),
        share("expected_rows", {name: row_found(f, r, scored) for name, f, r in ROWS}, 1.0),
        share("silent_list", {f: silent(f, scored) for f in SILENT}, 1.0),
        share("offsets", {c["id"] + str(c["start"]): offset(c, scored.text)
                          for c in scored.answer["claims"]}, 1.0),
        share("suggestions_in_chinese", in_chinese(scored.answer), 1.0),
        share("number_answers", number_answers(claims, scored), BAR),
    ]  # fmt: skip
    return rows


def kind(claim: Json) -> str:
    """Return whether a claim is a positive, a negative or cannot be told."""
    expected = claim["expected"]
    if expected["number"] == "contradicted" or expected["reading"] == "flag":
        return "positive"
    return "negative" if expected["reading"] == "ok" else "cannot-tell"


def pick(found: Mapping[str, bool], level: Mapping[str, str], wanted: str) -> dict[str, bool]:
    """Return the claims of one level."""
    return {name: yes for name, yes in found.items() if level[name] == wanted}


def hit(claim: Json, scored: Scored) -> bool:
    """Tell whether a positive was found at its level."""
    rules = set(claim["expected"]["rules"])
    if claim["expected"]["level"] == "text":
        return bool(scored.text_rules([claim["subject"]]) & rules)
    spans = spans_of(scored.text, claim["fragment_zh"])
    return bool({rule for rule, _ in scored.loud(spans)} & rules)


def alarms(claim: Json, scored: Scored, by_id: Mapping[str, Json]) -> set[str]:
    """Return the rules that fired on a negative and are expected of no claim it shares with."""
    shared = {r for other in claim.get("shares_with", ())
              for r in by_id[other]["expected"]["rules"]}  # fmt: skip
    spans = spans_of(scored.text, claim["fragment_zh"])
    if not spans:
        raise SystemExit(f"the fragment of {claim['id']} stands nowhere in the article")
    return {rule for rule, _ in scored.loud(spans)} - shared


def cannot_tell(claim: Json, scored: Scored, by_id: Mapping[str, Json]) -> bool:
    """Tell whether a claim was answered "cannot tell" without error or warning."""
    spans = spans_of(scored.text, claim["fragment_zh"])
    said = any(
        "cannot-tell" in (c["number"], c["reading"])
        for c in scored.answer["claims"]
        if any(c["start"] < end and start < c["end"] for start, end in spans)
    )
    return said and not alarms(claim, scored, by_id)


def row_found(fragment: str, rules: Sequence[str], scored: Scored) -> bool:
    """Tell whether an expected row was found, at every place of its fragment."""
    if fragment.startswith("text:"):
        return bool(scored.text_rules([fragment.partition(":")[2]]) & set(rules))
    places = [m.span() for m in re.finditer(re.escape(fragment), scored.text)]
    return bool(places) and all(
        {rule for rule, _ in scored.loud([place])} & set(rules) for place in places
    )


def silent(fragment: str, scored: Scored) -> bool:
    """Tell whether nothing is said against the wording of a fragment."""
    places = [m.span() for m in re.finditer(re.escape(fragment), scored.text)]
    if not places:
        raise SystemExit(f"{fragment} stands nowhere in the article")
    return not any(rule in _WORDING for rule, _ in scored.loud(places))


def offset(claim: Json, text: str) -> bool:
    """Tell whether the offsets of a claim point at its words."""
    return text[claim["start"] : claim["end"]] == claim["text"]


def in_chinese(answer: Json) -> dict[str, bool]:
    """Tell for each suggestion whether it is in Chinese."""
    every = [f for claim in answer["claims"] for f in claim["findings"]]
    every += list(answer["text_findings"])
    return {
        f"{i}": bool(re.search(r"[\u4e00-\u9fff]", f["suggestion"]))
        for i, f in enumerate(every)
        if f["suggestion"]
    }


def number_answers(claims: Sequence[Json], scored: Scored) -> dict[str, bool]:
    """Tell for each labelled sentence whether some claim on it gives the expected number."""
    found = {}
    for claim in claims:
        expected = claim["expected"]
        if expected["level"] != "sentence" or expected["number"] == "none":
            continue
        spans = spans_of(scored.text, claim["fragment_zh"])
        given = {
            c["number"]
            for c in scored.answer["claims"]
            if any(c["start"] < end and start < c["end"] for start, end in spans)
        }
        found[claim["id"]] = expected["number"] in given
    return found


def share(metric: str, found: Mapping[str, bool], target: float) -> dict[str, Any]:
    """Return one row: the share of what holds, and the names of what does not."""
    value = sum(found.values()) / len(found) if found else 0.0
    return {
        "metric": metric,
        "ours": round(value, 3),
        "peer": None,
        "ratio": None,
        "target": target,
        "of": len(found),
        "not": sorted(name for name, yes in found.items() if not yes),
        "holds": value >= target,
    }


def worked_review(folder: Path) -> Path:
    """Copy the worked review out of the package."""
    review = folder / "worked"
    subprocess.run(
        [sys.executable, "-m", "tamis", "demo", str(review)], check=True, capture_output=True
    )
    return review


def main() -> int:
    """Run, print, and tell by the exit code whether every target holds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--review", type=Path)
    asked = parser.parse_args()
    article = EVIDENCE / "lay-article.zh.txt"
    if not article.is_file():
        print(f"skipped: {article} is not here; name its folder with TAMIS_EVIDENCE")
        return 0
    with tempfile.TemporaryDirectory() as there:
        copied = Path(there) / "article.txt"
        copied.write_bytes(article.read_bytes())
        review = asked.review or worked_review(Path(there))
        scored = Scored(
            text=article.read_text("utf-8"),
            labels=json.loads((EVIDENCE / "claims.json").read_text("utf-8")),
            answer=run_check(copied, review),
        )
    rows = measure(scored)
    for row in rows:
        holds = "holds" if row["holds"] else "short"
        print(row["metric"], row["ours"], "-", "-", row["target"], holds,
              f"of {row['of']}", *row["not"], sep="  ")  # fmt: skip
    if asked.json:
        body = {"unit": "share", "rows": rows}
        asked.json.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return 0 if all(row["holds"] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
