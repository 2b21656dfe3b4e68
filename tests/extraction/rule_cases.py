"""For every rule: values that it must find, and near misses that it must let pass."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.extraction.building import At, quoted

from tamis.domain.values import Value

Rows = tuple[tuple[Value, ...], ...]

R = At("trial/remission/m6/drug")
RD = At("trial/remission/m6/drug", denominator="81")
C = At("trial/remission/m6/drug-vs-placebo", unit="RR")
D = At("trial/proteinuria/m6/drug-vs-placebo", unit="MD")
S = At("trial/sledai/m6/drug")
P = At("trial/proteinuria/m6/drug", unit="g/24h")


@dataclass(frozen=True)
class Case:
    rule: str
    name: str
    rows: Rows
    severity: str | None
    expected: str = ""
    arms: dict[str, tuple[str, ...]] = field(default_factory=dict)


def found(rule: str, severity: str, name: str, *rows: tuple[Value, ...], expected: str = "",
          arms: dict[str, tuple[str, ...]] | None = None) -> Case:  # fmt: skip
    return Case(rule, name, rows, severity, expected, arms or {})


def passes(rule: str, name: str, *rows: tuple[Value, ...],
           arms: dict[str, tuple[str, ...]] | None = None) -> Case:  # fmt: skip
    return Case(rule, name, rows, None, "", arms or {})


def people(study: str, **arms: str) -> Rows:
    return tuple(At(f"{study}/participants/baseline/{arm}").row(n=n) for arm, n in arms.items())


PERCENT = (
    found("pct.count", "error", "a digit changed", R.row(events="49", n="81", percent="65.0"),
          expected="percent 60.5"),
    found("pct.count", "error", "another row's percent", R.row(events="9", n="12", percent="83"),
          expected="percent 75"),
    found("pct.count", "error", "denominator in its column",
          At("trial/flare/m12/all", denominator="81").row(events="11", percent="22.4"),
          expected="percent 13.6"),
    found("pct.count", "warning", "cut off instead of rounded",
          R.row(events="15", n="81", percent="18"), expected="19"),
    found("pct.count", "error", "decimal point lost", R.row(events="1", n="8", percent="125")),
    passes("pct.count", "rounds half up", R.row(events="1", n="8", percent="12.5")),
    passes("pct.count", "half to even is allowed", R.row(events="1", n="8", percent="12")),
    passes("pct.count", "half up is allowed", R.row(events="1", n="8", percent="13")),
    passes("pct.count", "no people known", R.row(events="49", percent="65")),
    passes("pct.count", "a bound has no digits", R.row(events="1", n="81", percent="<5")),
    passes("pct.count", "a change is no share",
           At("trial/x/m6/drug", estimand="change").row(events="4", n="9", percent="80")),
    found("pct.grim", "warning", "18 % of 81", R.row(n="81", percent="18"), expected="14/81"),
    found("pct.grim", "warning", "45 % of 81", RD.row(percent="45"), expected="37/81"),
    found("pct.grim", "warning", "one decimal", R.row(n="12", percent="24.8")),
    passes("pct.grim", "44 % of 81 is 36", R.row(n="81", percent="44")),
    passes("pct.grim", "no power from n = 100 on", R.row(n="137", percent="18")),
    passes("pct.grim", "a count is there, another rule asks",
           R.row(n="81", percent="18", events="15")),
    passes("pct.grim", "no people known", R.row(percent="18")),
    found("pct.denominator", "warning", "fits the responders",
          At("trial/flare/m12/all").row(events="11", n="81", percent="22.4"),
          At("trial/remission/m12/all").row(events="49"), expected="49"),
    found("pct.denominator", "warning", "fits the treated, not the randomised",
          At("trial/remission/m6/drug").row(events="28", percent="41.2"),
          At("trial/participants/baseline/drug").row(n="81"),
          At("trial/treated/baseline/drug").row(n="68"), expected="68"),
    found("pct.denominator", "note", "two denominators for one question",
          At("trial/flare/m12/all", definition="of-remitters").row(
              events="11", n="49", percent="22.4"),
          At("trial/flare/m12/all", definition="of-all", n=2).row(
              events="11", n="81", percent="14")),
    passes("pct.denominator", "fits its own",
           At("trial/flare/m12/all").row(events="11", n="81", percent="13.6"),
           At("trial/remission/m12/all").row(events="49")),
    passes("pct.denominator", "nothing else fits either",
           At("trial/flare/m12/all").row(events="11", n="81", percent="99"),
           At("trial/remission/m12/all").row(events="49")),
    passes("pct.denominator", "the other arm's people are no candidate",
           At("trial/flare/m12/drug").row(events="9", n="12", percent="83"),
           At("trial/remission/m12/placebo").row(n="6")),
    passes("pct.denominator", "arms may differ in size",
           At("trial/flare/m12/drug").row(events="5", n="12", percent="42"),
           At("trial/flare/m12/placebo").row(events="5", n="6", percent="83")),
)  # fmt: skip

COUNTS = (
    found("events.n", "error", "more events than people", R.row(events="13", n="12"),
          expected="0 to 12"),
    found("events.n", "error", "half a person", R.row(events="9.5", n="12")),
    found("events.n", "error", "more than the denominator", RD.row(events="82")),
    passes("events.n", "everybody", R.row(events="12", n="12")),
    passes("events.n", "nobody", R.row(events="0", n="12")),
    passes("events.n", "a whole number with decimals", R.row(events="9.0", n="12")),
    passes("events.n", "no people known", R.row(events="13")),
    found("arms.total", "error", "participants", *people("t", drug="12", placebo="6", all="19"),
          expected="18"),
    found("arms.total", "error", "events", *people("t", drug="12", placebo="6"),
          At("t/flare/m6/drug").row(events="3"), At("t/flare/m6/placebo").row(events="2"),
          At("t/flare/m6/all").row(events="6"), expected="5"),
    found("arms.total", "error", "declared arms",
          At("t/flare/m6/a").row(n="10"), At("t/flare/m6/b").row(n="11"),
          At("t/flare/m6/all").row(n="20"), arms={"t": ("a", "b")}),
    found("arms.total", "warning", "arms only seen",
          At("t/flare/m6/a").row(n="10"), At("t/flare/m6/b").row(n="11"),
          At("t/flare/m6/all").row(n="20")),
    passes("arms.total", "adds up", *people("t", drug="12", placebo="6", all="18")),
    passes("arms.total", "one arm is not known", *people("t", drug="12", placebo="6"),
           At("t/flare/m6/drug").row(events="3"), At("t/flare/m6/all").row(events="6")),
    passes("arms.total", "another definition is another cell",
           *people("t", drug="12", placebo="6"),
           At("t/flare/m6/drug", definition="a").row(events="3"),
           At("t/flare/m6/placebo", definition="a").row(events="2"),
           At("t/flare/m6/all", definition="b").row(events="6")),
    passes("arms.total", "one arm and its total", *people("t", all="19", drug="12")),
    passes("arms.total", "a third arm declared and not given",
           At("t/flare/m6/a").row(n="10"), At("t/flare/m6/b").row(n="11"),
           At("t/flare/m6/all").row(n="30"), arms={"t": ("a", "b", "c")}),
)  # fmt: skip

SCR = At("trial/creatinine/m6/drug", unit="µmol/L")
SCR_MG = At("trial/creatinine/m6/drug", unit="mg/dL")
SCR_2 = At("trial/creatinine/m6/drug", unit="µmol/L", n=2)
SCR_MG_2 = At("trial/creatinine/m6/drug", unit="mg/dL", n=2)

FIELDS = (
    found("range.field", "error", "percent above 100", R.row(percent="104"), expected="0 to 100"),
    found("range.field", "error", "p above 1", C.row(p="1.3")),
    found("range.field", "error", "SLEDAI above its scale", S.row(mean="112"),
          expected="0 to 105"),
    found("range.field", "error", "a negative SD", S.row(sd="-2.1")),
    found("range.field", "warning", "proteinuria of 210 g",
          P.row(mean="210"), expected="0 to 30 g/24h"),
    passes("range.field", "just 100 %", R.row(percent="100")),
    passes("range.field", "p of 1.0", C.row(p="1.0")),
    passes("range.field", "a change may be negative",
           At("trial/sledai/m6/drug", estimand="change").row(mean="-8.2")),
    passes("range.field", "a percentage difference may be negative",
           At("trial/x/m6/a-vs-b").row(percent="-12")),
    passes("range.field", "an unknown field", At("trial/zeal/m6/drug").row(mean="1e9")),
    passes("range.field", "explained by its unit", SCR.row(mean="0.9")),
    found("unit.convert", "warning", "creatinine 0.9 as µmol/L", SCR.row(mean="0.9"),
          expected="0.9 mg/dl"),
    found("unit.convert", "warning", "C3 of 90 g/L",
          At("t/c3/m6/drug", unit="g/L").row(mean="90")),
    found("unit.convert", "warning", "albumin of 3.4 g/L",
          At("t/serum-albumin/m6/drug", unit="g/L").row(median="3.4")),
    found("unit.convert", "error", "two sources, one number in two units' clothes",
          SCR.row(mean="80"), SCR_2.row(mean="0.9")),
    found("unit.convert", "error", "the same digits under two units",
          SCR.row(mean="80"), SCR_MG_2.row(mean="80")),
    found("unit.convert", "error", "urea by its factor",
          At("t/urea/m6/drug", unit="mmol/L").row(mean="7.1"),
          At("t/urea/m6/drug", unit="mmol/L", n=2).row(mean="19.9")),
    found("unit.convert", "error", "complement C4 by its factor",
          At("t/c4/m6/drug", unit="g/L").row(mean="0.18"),
          At("t/c4/m6/drug", unit="g/L", n=2).row(mean="18")),
    passes("unit.convert", "rightly converted", SCR.row(mean="80"), SCR_MG_2.row(mean="0.9")),
    passes("unit.convert", "two numbers that differ otherwise",
           SCR.row(mean="80"), SCR_2.row(mean="95")),
    passes("unit.convert", "low but possible", SCR.row(mean="24")),
    passes("unit.convert", "a small change is no small level",
           At("t/creatinine/m6/drug", unit="µmol/L", estimand="change").row(mean="0.9")),
    passes("unit.convert", "urea that both units allow",
           At("t/urea/m6/drug", unit="mmol/L").row(mean="7.1")),
    passes("unit.convert", "two visits are no two sources",
           At("t/urea/m6/drug", unit="mmol/L").row(mean="7.1"),
           At("t/urea/m12/drug", unit="mmol/L", n=2).row(mean="19.9")),
    found("report.report", "warning", "abstract and table", R.row(events="9"),
          At("trial/remission/m6/drug", n=2, status="secondary source").row(events="10")),
    found("report.report", "warning", "beyond rounding", P.row(mean="2.1"),
          At("trial/proteinuria/m6/drug", unit="g/24h", n=2).row(mean="2.25")),
    found("report.report", "warning", "a lost sign", D.row(estimate="-0.7"),
          At("trial/proteinuria/m6/drug-vs-placebo", unit="MD", n=2).row(estimate="0.7")),
    passes("report.report", "within rounding", P.row(mean="2.1"),
           At("trial/proteinuria/m6/drug", unit="g/24h", n=2).row(mean="2.14")),
    passes("report.report", "explained by the unit", SCR.row(mean="80"), SCR_2.row(mean="0.9")),
    passes("report.report", "another definition",
           At("t/r/m6/drug", definition="a").row(events="9"),
           At("t/r/m6/drug", definition="b", n=2).row(events="10")),
    passes("report.report", "words are not compared",
           R.row(text="improved"), At("trial/remission/m6/drug", n=2).row(text="better")),
)  # fmt: skip

TOTAL = At("barbado/tidier-dose-total/baseline/drug", unit="cells")
TOTAL_2 = At("barbado/tidier-dose-total/baseline/drug", unit="cells", n=2)
PER_KG = At("barbado/tidier-dose-per-kg/baseline/drug", unit="cells/kg")

DOSES = (
    found("dose.power", "error", "9e7 in the paper, 9e8 in a review",
          TOTAL.row(n="9e7"), TOTAL_2.row(n="9e8"), expected="9e7 or 9e8"),
    found("dose.power", "error", "in words", TOTAL.row(text="9 × 10^7 cells"),
          TOTAL_2.row(text="900 million cells")),
    found("dose.power", "warning", "a flat exponent is only inferred",
          PER_KG.row(text="1 × 106 cells per kg"),
          At("barbado/tidier-dose-per-kg/baseline/drug", unit="cells/kg", n=2).row(n="1e8")),
    found("dose.power", "warning", "out of range", PER_KG.row(n="1e12")),
    found("dose.power", "error", "three powers", TOTAL.row(n="2e8"), TOTAL_2.row(n="2e5")),
    passes("dose.power", "twice the dose", TOTAL.row(n="9e7"), TOTAL_2.row(n="1.8e8")),
    passes("dose.power", "five times is no power", TOTAL.row(n="9e7"), TOTAL_2.row(n="4.5e8")),
    passes("dose.power", "another arm", TOTAL.row(n="9e7"),
           At("barbado/tidier-dose-total/baseline/placebo", unit="cells", n=2).row(n="9e8")),
    passes("dose.power", "per kg and in all", TOTAL.row(n="6e7"), PER_KG.row(n="1e6")),
    passes("dose.power", "no dose", At("t/cells/baseline/drug").row(n="9e7"),
           At("t/cells/baseline/drug", n=2).row(n="9e8")),
    found("dose.perkg", "warning", "a body of 6 kg", TOTAL.row(n="6e6"), PER_KG.row(n="1e6"),
          expected="30 to 120 kg"),
    found("dose.perkg", "warning", "a body of 200 kg", TOTAL.row(n="2e8"), PER_KG.row(n="1e6")),
    found("dose.perkg", "warning", "in words", TOTAL.row(text="9 × 10⁷"),
          PER_KG.row(text="9 × 10⁶ per kg")),
    passes("dose.perkg", "a body of 60 kg", TOTAL.row(n="6e7"), PER_KG.row(n="1e6")),
    passes("dose.perkg", "another study", TOTAL.row(n="6e6"),
           At("other/tidier-dose-per-kg/baseline/drug", unit="cells/kg").row(n="1e6")),
    passes("dose.perkg", "only one of the two", TOTAL.row(n="6e6")),
)  # fmt: skip

SPREAD = (
    found("sd.range", "error", "q1 above the median", S.row(q1="7.5", median="6", q3="9")),
    found("sd.range", "error", "maximum below q3", S.row(q3="9.8", max="9")),
    found("sd.range", "error", "mean outside the range", S.row(mean="12", min="3", max="9")),
    found("sd.range", "error", "SD larger than any", S.row(sd="9", min="3", max="9", n="12")),
    found("sd.range", "error", "SD smaller than any", S.row(sd="0.1", min="3", max="9", n="12")),
    passes("sd.range", "in order", S.row(min="1", q1="3", median="5.5", q3="9", max="20")),
    passes("sd.range", "equal within rounding", S.row(q1="6", median="5.6")),
    passes("sd.range", "the largest SD of two people",
           S.row(sd="4.24", min="3", max="9", n="2")),
    passes("sd.range", "no people known", S.row(sd="9", min="3", max="9")),
    passes("sd.range", "a wide but possible SD", S.row(sd="3.1", min="3", max="9", n="12")),
    found("sd.max", "error", "SLEDAI 4 with SD 40", S.row(mean="4", sd="40", n="12")),
    found("sd.max", "error", "age 0.2 with SD 9",
          At("t/age/baseline/drug", unit="years").row(mean="0.2", sd="9", n="30")),
    found("sd.max", "error", "near the ceiling", S.row(mean="104.5", sd="12", n="20")),
    passes("sd.max", "a wide but possible SD", S.row(mean="4", sd="19", n="12")),
    passes("sd.max", "a change has no floor",
           At("t/sledai/m6/drug", estimand="change").row(mean="-4", sd="40", n="12")),
    passes("sd.max", "no ceiling known", P.row(mean="4", sd="40", n="12")),
    passes("sd.max", "no people known", S.row(mean="4", sd="40")),
    found("sd.zero-mean", "note", "proteinuria 2.1 (2.7)", P.row(mean="2.1", sd="2.7")),
    found("sd.zero-mean", "note", "SLEDAI 3 (5)", S.row(mean="3", sd="5")),
    found("sd.zero-mean", "note", "creatinine", SCR.row(mean="90", sd="140")),
    passes("sd.zero-mean", "equal within rounding", P.row(mean="1.0", sd="1.0")),
    passes("sd.zero-mean", "a change", At("t/proteinuria/m6/drug", unit="g/24h",
           estimand="change").row(mean="1.0", sd="2.7")),
    passes("sd.zero-mean", "a field that may be negative", At("t/zeal/m6/drug").row(
        mean="1.0", sd="2.7")),
)  # fmt: skip

INTERVALS = (
    found("ci.order", "error", "limits swapped",
          C.row(estimate="0.9", ci_low="1.46", ci_high="0.55")),
    found("ci.order", "error", "estimate below", C.row(estimate="0.26", ci_low="0.7",
          ci_high="0.89"), expected="between 0.7 and 0.89"),
    found("ci.order", "error", "a lost minus", D.row(estimate="-0.7", ci_low="0.2",
          ci_high="1.2")),
    found("ci.order", "error", "percent outside", R.row(percent="60.5", ci_low="33",
          ci_high="55")),
    passes("ci.order", "in order", C.row(estimate="0.9", ci_low="0.55", ci_high="1.46")),
    passes("ci.order", "on the limit within rounding",
           C.row(estimate="0.9", ci_low="0.92", ci_high="1.46")),
    passes("ci.order", "one limit", C.row(estimate="0.9", ci_low="0.55")),
    passes("ci.order", "a bound", C.row(estimate="0.9", ci_low="<0.95", ci_high="1.46")),
    found("ci.centre", "warning", "a ratio off its log centre",
          C.row(estimate="0.90", ci_low="0.55", ci_high="2.46"), expected="about 1.163"),
    found("ci.centre", "warning", "a difference off its centre",
          D.row(estimate="-0.7", ci_low="-0.9", ci_high="0.9")),
    found("ci.centre", "warning", "centred on neither scale",
          At("t/x/m6/a-vs-b").row(estimate="1.10", ci_low="1.00", ci_high="4.00")),
    passes("ci.centre", "the trial's ratio",
           C.row(estimate="0.90", ci_low="0.55", ci_high="1.46")),
    passes("ci.centre", "coarse rounding", C.row(estimate="0.3", ci_low="0.1", ci_high="0.9")),
    passes("ci.centre", "a difference", D.row(estimate="-0.70", ci_low="-1.60",
           ci_high="0.20")),
    passes("ci.centre", "one arm's exact interval",
           R.row(estimate="0.83", ci_low="0.359", ci_high="0.996")),
    passes("ci.centre", "unknown scale, centred on the log",
           At("t/x/m6/a-vs-b").row(estimate="0.90", ci_low="0.55", ci_high="1.46")),
    found("ci.scale", "error", "a negative odds ratio",
          At("t/x/m6/a-vs-b", unit="OR").row(estimate="-2.1")),
    found("ci.scale", "error", "a negative lower limit", C.row(estimate="0.9", ci_low="-0.2",
          ci_high="2.0")),
    found("ci.scale", "error", "a hazard ratio", At("t/x/m6/a-vs-b", unit="HR").row(
          ci_high="-0.4")),
    passes("ci.scale", "a ratio printed 0.00", C.row(ci_low="0.00")),
    passes("ci.scale", "a difference", D.row(estimate="-0.7")),
    passes("ci.scale", "an unknown unit", At("t/x/m6/a-vs-b").row(estimate="-0.7")),
)  # fmt: skip

BASE = At("trial/proteinuria/baseline/drug", unit="g/24h")
BASE_P = At("trial/proteinuria/baseline/placebo", unit="g/24h")
CHANGE = At("trial/proteinuria/m6/drug", unit="g/24h", estimand="change")
EVER = At("t/remission/m12/all", estimand="ever")
POINT = At("t/remission/m12/all")
BEST = At("u/remission/m3/all", estimand="best-by")

ESTIMANDS = (
    found("mix.change-followup", "warning", "both in one study", P.row(mean="2.1"),
          CHANGE.row(mean="-0.7")),
    found("mix.change-followup", "warning", "change here, level there", CHANGE.row(mean="-0.7"),
          At("other/proteinuria/m6/drug", estimand="follow-up").row(mean="1.9")),
    found("mix.change-followup", "warning", "baselines far apart",
          BASE.row(mean="3.1", sd="1.8"), BASE_P.row(mean="4.5", sd="2.0")),
    passes("mix.change-followup", "two visits", P.row(mean="2.1"),
           At("trial/proteinuria/m12/drug", estimand="change").row(mean="-0.7")),
    passes("mix.change-followup", "baseline and change", BASE.row(mean="3.1"),
           CHANGE.row(mean="-0.7")),
    passes("mix.change-followup", "baselines alike",
           BASE.row(mean="3.1", sd="1.8"), BASE_P.row(mean="3.9", sd="2.0")),
    passes("mix.change-followup", "baselines of two studies", BASE.row(mean="3.1", sd="1.8"),
           At("other/proteinuria/baseline/placebo").row(mean="9", sd="2.0")),
    found("estimand.mix", "note", "ever and at 12 months", EVER.row(percent="60.5"),
          POINT.row(percent="44")),
    found("estimand.mix", "note", "best and point", BEST.row(events="7"), POINT.row(events="36")),
    found("estimand.mix", "note", "all three", EVER.row(events="49"), POINT.row(events="36"),
          BEST.row(events="7")),
    passes("estimand.mix", "two visits of one estimand", POINT.row(events="36"),
           At("t/remission/m6/all").row(events="33")),
    passes("estimand.mix", "another outcome", EVER.row(events="49"),
           At("t/relapse/m12/all").row(events="11")),
    passes("estimand.mix", "a change is another rule's", POINT.row(events="36"),
           At("t/remission/m12/all", estimand="change").row(percent="4")),
)  # fmt: skip


def _read(quote: str, note: str = "") -> At:
    return At("trial/remission/m6/drug", source=quoted(quote), note=note)


ANCHORS = (
    found("anchor.number", "warning", "another number",
          _read("in 48 of 81 patients").row(events="49")),
    found("anchor.number", "warning", "a lost sign", _read("fell by −2.1 g").row(mean="2.1")),
    found("anchor.number", "note", "converted, and said so",
          _read("0.9 mg/dL", "converted to µmol/L").row(mean="80")),
    found("anchor.number", "warning", "a part of the number",
          _read("in 149 patients").row(events="49")),
    passes("anchor.number", "it is there", _read("in 49 of 81 patients").row(events="49")),
    passes("anchor.number", "in words", _read("Twelve patients were given").row(n="12")),
    passes("anchor.number", "a bound", _read("p < 0.001").row(p="<0.001")),
    passes("anchor.number", "a power of ten", _read("1 × 106 cells").row(n="1e6")),
    passes("anchor.number", "a minus sign", _read("by −2.1 g").row(mean="-2.1")),
    passes("anchor.number", "words need no number", _read("refractory").row(text="refractory")),
)  # fmt: skip

CASES = (*PERCENT, *COUNTS, *FIELDS, *DOSES, *SPREAD, *INTERVALS, *ESTIMANDS, *ANCHORS)
