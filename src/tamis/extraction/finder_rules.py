"""What numbers look like in papers, as one table: every row has an example and a counter-example.

Patterns are written over the reading text (``reading_text``): dashes are ``-``, superscripts stand
behind ``^``, brackets and digits are half-width. ``{N}`` is a number, ``{S}`` one that may have a
sign, ``{R}`` the second of a range, ``{I}`` a whole one, ``{SEP}`` what stands between the two ends
of a range, ``{U}`` an optional unit, ``{LEVEL}`` the words "95% CI". No pattern repeats a
repetition, so the time is linear in the length of a page.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["EFFECTS", "KINDS", "RULES", "FinderRule", "pattern_of"]

#: Kind of candidate -> what it is.
KINDS = {
    "count": "people with an event, of how many, in per cent",
    "percent": "a share in per cent alone",
    "n": "a number of people",
    "mean": "a mean with its spread",
    "median": "a median with quartiles or range",
    "effect": "an effect, with its interval where printed",
    "interval": "a confidence interval alone",
    "p": "a p value",
    "time": "a time or a duration",
    "dose": "a dose",
}

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+\.\d+|\d+|\.\d+)"
_LEFT = r"(?<![A-Za-z0-9_.,^/\-])"
_RIGHT = r"(?![\d^]|[.,]\d|(?:st|nd|rd|th)(?![A-Za-z]))"
_WHOLE = r"(?:\d{1,3}(?:,\d{3})+|\d+)"

UNITS = (
    "g/24 ?h", "mg/24 ?h", "g/day", "mg/day", "g/d", "mg/d[lL]", "g/d[lL]", "[µμu]mol/[lL]",
    "mmol/[lL]", "mg/mmol", "mg/mg", "mg/g", "g/[lL]", "ng/m[lL]", "pg/m[lL]", "mg/[lL]",
    r"m[lL]/min(?:/1\.73 ?m\^?2)?", "mm ?Hg", "kg/m\\^?2", "kg", "mg", "cm", "points", "years?",
    "months?", "weeks?", "days?", "hours?", "%", "岁", "个月", "年", "周", "天", "分",
)  # fmt: skip
_UNIT = rf"(?:[ -]?(?P<unit>{'|'.join(UNITS)}))?"

_PEOPLE = (
    r"(?:patients|participants|people|persons|subjects|individuals|women|men|adults|children|cases"
    r"|pregnancies|kidneys|volunteers)"
)

_WORDS = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen"
    "|sixteen|seventeen|eighteen|nineteen|twenty"
)

#: Up to two words between a number and the people that it counts.
_ADJECTIVES = r"(?:(?!(?:and|or|of|in|to|with|per) )[a-z]{2,14} ){0,2}"

#: What is done to people when they are counted.
_DONE = (
    r"(?:randomi[sz]ed|assigned|allocated|enrolled|recruited|screened|included|analy[sz]ed|treated"
    r"|measured|evaluated|given|completed)"
)

#: Names of effects, longest first, and the measure that each stands for ("" where it is unsure).
EFFECTS = {
    "standardised mean difference": "SMD", "standardized mean difference": "SMD",
    "weighted mean difference": "WMD", "mean difference": "MD", "risk difference": "RD",
    "hazard ratio": "HR", "odds ratio": "OR", "risk ratio": "RR", "relative risk": "RR",
    "rate ratio": "RR", "aHR": "HR", "aOR": "OR", "aRR": "RR", "HR": "HR", "OR": "OR", "RR": "RR",
    "SMD": "SMD", "WMD": "WMD", "MD": "MD", "RD": "RD",
    "标准化均数差": "SMD", "加权均数差": "WMD", "均数差": "MD", "风险差": "RD", "比值比": "OR",
    "优势比": "OR", "相对危险度": "RR", "危险比": "", "风险比": "",
}  # fmt: skip
_EFFECT = (
    r"(?<![A-Za-z])(?P<name>"
    + "|".join(
        re.escape(name) if name.isupper() or not name.isascii() else f"(?i:{re.escape(name)})"
        for name in EFFECTS
    )
    + r")(?![A-Za-z])"
)

_LEVEL = (
    r"(?P<level>\d{2}(?:\.\d)?) ?% ?(?:C\.?I\.?(?![A-Za-z])|CrI|HPD|confidence interval"
    r"|credible interval|confidence limits|可信区间|置信区间|可信限|区间)[ :,=]{0,2}(?:为|of "
    r"|was )?"
)

_MACROS = {
    "{N}": rf"{_LEFT}{_NUMBER}{_RIGHT}",
    "{S}": rf"{_LEFT}(?:(?<![)\]%])[-+])?{_NUMBER}{_RIGHT}",
    "{R}": rf"[-+]?{_NUMBER}{_RIGHT}",
    "{I}": rf"{_LEFT}{_WHOLE}{_RIGHT}",
    "{J}": rf"{_WHOLE}{_RIGHT}",
    "{SEP}": r"(?: ?- ?| to | ?~ ?| ?至 ?|, ?|; ?| and )",
    "{U}": _UNIT,
    "{LEVEL}": _LEVEL,
    "{EFFECT}": _EFFECT,
    "{PEOPLE}": _PEOPLE,
    "{W}": rf"(?:{_LEFT}{_WHOLE}{_RIGHT}|(?<![A-Za-z-])(?i:{_WORDS})(?![A-Za-z-]))",
    "{SAID}": r"(?:[A-Za-z ,%:\u4e00-\u9fff]{0,32}?(?:25\D{1,6}75\D{0,12}?|[PQ]1\D{1,3}[PQ]3\D"
    r"{0,3}?)?)[ :,=]{0,2}",
    "{WIDE}": rf"(?:[,;] ?(?:range|范围)[ :,=]{{0,2}}(?P<min>{_LEFT}[-+]?{_NUMBER}{_RIGHT})"
    rf"(?: ?- ?| to | ?~ ?| ?至 ?|, | and )(?P<max>[-+]?{_NUMBER}{_RIGHT})(?: [a-z]+)?)?",
    "{WORDS}": _WORDS,
    "{ADJ}": _ADJECTIVES,
    "{DONE}": _DONE,
    "{TIME}": r"(?P<unit>months?|weeks?|days?|years?|hours?|mo|wks?|yrs?)(?![A-Za-z])",
    "{SPAN}": r"(?P<unit>个月|月|周|年|天|小时)",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FinderRule:
    """One row: named groups of ``pattern`` are parts of the candidate, named by statistic.

    ``sure`` is the confidence class of a candidate that no check lowers: ``sure``, ``likely`` or
    ``unsure``. ``hint`` is a literal without which the pattern cannot match. ``example`` gives a
    text and the parts found in it; in ``counter`` the rule finds nothing.
    """

    id: str
    lang: str
    kind: str
    pattern: str
    sure: str
    example: tuple[str, str]
    counter: str
    hint: str = ""


def _rule(
    name: str, kind: str, pattern: str, *, sure: str = "sure", hint: str = "",
    example: tuple[str, str], counter: str,
) -> FinderRule:  # fmt: skip
    lang = "zh" if name.endswith(".zh") else "any"
    return FinderRule(
        id=name, lang=lang, kind=kind, pattern=pattern, sure=sure, hint=hint, example=example,
        counter=counter,
    )  # fmt: skip


def pattern_of(rule: FinderRule) -> re.Pattern[str]:
    """Return the compiled pattern of a rule."""
    text = rule.pattern
    for name, macro in _MACROS.items():
        text = text.replace(name, macro)
    return re.compile(text)


RULES: tuple[FinderRule, ...] = (
    # ------------------------------------------------------------ counts
    _rule("count.of", "count",
          r"(?P<events>{W}) (?:out )?of (?:the |all )?(?P<n>{I})(?: (?:evaluable |treated )?"
          r"{PEOPLE})?"
          r"(?: ?[(\[](?P<percent>{N}) ?%[)\]])?", hint="of",
          example=("in 27 of 48 participants (56.3%) it", "events 27, n 48, percent 56.3"),
          counter="page 3 of the 12th chapter"),
    _rule("count.slash", "count",
          r"(?P<events>{I}) ?/ ?(?P<n>{J})(?!/)(?: ?[(\[](?P<percent>{N}) ?%?[)\]])?", hint="/",
          example=("remission 49/81 (60.5%)", "events 49, n 81, percent 60.5"),
          counter="on 12/05/2019 at 3/4/20"),
    _rule("count.percent-first", "count",
          r"(?P<percent>{N}) ?% ?[(\[](?:n ?= ?)?(?P<events>{I})(?: of | ?/ ?)(?P<n>{J})(?!/)[^"
          r"()]{0,14}[)\]]",
          hint="%", example=("60.5% (49/81)", "events 49, n 81, percent 60.5"),
          counter="60.5% (49 to 81)"),
    _rule("count.percent-n", "count", r"(?P<percent>{N}) ?% ?[(\[](?:n ?= ?)(?P<events>{I})[)\]]",
          hint="%", example=("60.5% (n = 49)", "events 49, percent 60.5"),
          counter="60.5% (49.5)"),
    _rule("count.percent", "count",
          r"(?P<events>{W})(?: {ADJ}{PEOPLE})? ?[(\[](?P<percent>{N}) ?%[)\]]", hint="%",
          example=("49 patients (60.5%)", "events 49, percent 60.5"),
          counter="2.1 (60.5%) by 12.5(3%)"),
    _rule("count.bare", "count", r"(?P<events>{I}) ?[(\[](?P<percent>{N})[)\]]", sure="likely",
          hint="(", example=("Women, n (%) 29 (60.4)", "events 29, percent 60.4"),
          counter="Age, mean (SD) 44 (12.8)"),
    _rule("count.zh", "count",
          r"(?P<n>{I}) ?例(?:患者|病人)?中[,]? ?(?:有)?(?P<events>{I}) ?例(?:患者)?[^\d.;。,]{0,8}"
          r"(?:[,]? ?[(]?(?P<percent>{N}) ?%[)]?)?",
          hint="例", example=("81例中49例(60.5%)缓解", "events 49, n 81, percent 60.5"),
          counter="81例, 49岁"),
    _rule("count.slash.zh", "count",
          r"(?P<events>{I}) ?/ ?(?P<n>{J}) ?例(?: ?[(](?P<percent>{N}) ?%?[)])?", hint="例",
          example=("缓解49/81例", "events 49, n 81"), counter="缓解49/81"),
    _rule("count.percent.zh", "count", r"(?P<events>{I}) ?例(?:患者)? ?[(](?P<percent>{N}) ?%[)]",
          hint="例", example=("缓解49例(60.5%)", "events 49, percent 60.5"),
          counter="缓解49例(见表2)"),
    _rule("percent", "percent",
          r"(?P<percent>{S}) ?(?:%|per cent(?![a-z])|percent(?![a-z]))(?! ?[A-Z]*CI|[ -]conf|["
          r" -]cred)",
          example=("in 60.5% of them", "percent 60.5"), counter="95% CI and 95%CI"),
    # ------------------------------------------------------------ people
    _rule("n.equals", "n", r"(?<![A-Za-z])[nN] ?= ?(?P<n>{I})", hint="=",
          example=("velorimab (n = 81)", "n 81"), counter="min = 81, n = 8.1"),
    _rule("n.people", "n", r"(?P<n>{I}) {ADJ}{PEOPLE}(?![A-Za-z])", sure="likely",
          example=("of 95 participants", "n 95"), counter="1.5 participants"),
    _rule("n.word", "n", r"(?P<n>(?<![A-Za-z-])(?i:{WORDS})) {ADJ}{PEOPLE}(?![A-Za-z])",
          sure="likely", example=("Twelve patients died", "n 12"), counter="twelve centres"),
    _rule("n.done", "n", r"(?P<n>{I}) (?:were |was )?(?:randomly )?{DONE}(?![A-Za-z])",
          sure="likely", example=("118 were randomised", "n 118"), counter="2.1 given"),
    _rule("n.to", "n", r"(?:(?<=, )|(?<=: )|(?<=and ))(?P<n>{I}) to (?:the )?(?=[a-z]{4})",
          sure="likely", hint=" to ", example=("and 58 to placebo", "n 58"),
          counter="and 58 to 60 weeks"),
    _rule("n.zh", "n",
          r"(?:共|纳入|入组|计)?(?P<n>{I}) ?(?:例|名(?=患者|病人|受试者))", sure="likely",
          hint="", example=("共18例患者", "n 18"), counter="18岁"),
    _rule("n.word.zh", "n",
          r"(?P<n>[一二三四五六七八九十百两]{1,5})(?:例|名患者)", sure="likely", hint="例",
          example=("十二例患者", "n 12"), counter="第十二章"),
    # ------------------------------------------------------------ means
    _rule("mean.plus-minus", "mean", r"(?P<mean>{S}){U} ?± ?(?P<spread>{R}){V}", hint="±",
          example=("2.1 ± 1.8", "mean 2.1, spread 1.8"), counter="± 1.8 alone"),
    _rule("mean.sd", "mean",
          r"(?P<mean>{S}){U} ?[(\[](?:SD|s\.d\.|standard deviation|标准差)[ :=,]{0,3}±? ?"
          r"(?P<sd>{R})[)\]]",
          example=("1.42 g/24 h (SD 0.88)", "mean 1.42, sd 0.88"), counter="(SD 0.88)"),
    _rule("mean.m-sd", "mean",
          r"(?<![A-Za-z])(?:M|[Mm]ean|均数)[ :=,]{1,3}(?P<mean>{S}){U}[,;] ?(?:SD|标准差)[ :=]"
          r"{0,3}(?P<sd>{R})",
          example=("M = 2.1, SD = 1.8", "mean 2.1, sd 1.8"), counter="M = 2.1, n = 18"),
    _rule("mean.se", "mean",
          r"(?P<mean>{S}){U} ?[(\[](?:SEM?|s\.e\.m?\.?|standard error|标准误)[ :=,]{0,3}±? ?"
          r"(?P<se>{R})[)\]]",
          example=("1.42 (SE 0.13)", "mean 1.42, se 0.13"), counter="1.42 (SD 0.13)"),
    _rule("mean.bare", "mean", r"(?P<mean>{S}) ?[(\[](?P<spread>{N})[)\]]", sure="likely", hint="(",
          example=("Age, mean (SD) 44.2 (12.8)", "mean 44.2, sd 12.8"),
          counter="Women, n (%) 29 (60.4)"),
    # ------------------------------------------------------------ medians
    _rule("median.said", "median",
          r"(?:[Mm]edian|中位数|中位)[^\d()\[\].;]{0,40}?(?P<median>{S}){U}[,]? ?[(\[](?P<said>"
          r"{SAID})"
          r"(?P<low>{S}){U2}{SEP}(?P<high>{R}){U2}{WIDE}[)\]]",
          example=("median follow-up 28 months (range 6-43)", "median 28, min 6, max 43"),
          counter="mean 28 (6-43)"),
    _rule("median.iqr", "median",
          r"(?P<median>{S}){U} ?[(\[](?P<said>IQR|interquartile range|quartiles|range"
          r"|四分位数间距|四分位间距"
          r"|范围)[ :,=]{0,3}(?P<low>{S}){U2}{SEP}(?P<high>{R}){U2}{WIDE}[)\]]",
          example=("5.5 (IQR 3, 9; range 1-14)", "median 5.5, q1 3, q3 9, min 1, max 14"),
          counter="5.5 (95% CI 3, 9)"),
    _rule("median.iqr-one", "median",
          r"(?P<median>{S}){U} ?[(\[](?:IQR|interquartile range|四分位数间距|四分位间距)[ :,=]"
          r"{0,3}(?P<iqr>{N})[)\]]",
          sure="likely", example=("5.5 (IQR 6)", "median 5.5, iqr 6"), counter="5.5 (IQR 3-9)"),
    _rule("median.bare", "median", r"(?P<median>{S}) ?[(\[](?P<low>{S}){SEP}(?P<high>{R})[)\]]",
          sure="likely", example=("Duration, median [IQR] 5.5 [3-9]", "median 5.5, q1 3, q3 9"),
          counter="OR 5.5 (3-9)"),
    # ------------------------------------------------------------ effects and intervals
    _rule("effect.interval", "effect",
          r"{EFFECT}[^\d%.;()\[\]-]{0,24}?[(\[]?(?P<estimate>{S}){U} ?[,;:(\[]{0,2} ?{LEVEL}["
          r"(\[]? ?(?P<ci_low>{S})"
          r"{U2}{SEP}(?P<ci_high>{R})", hint="%",
          example=("risk ratio 1.65, 95% CI 1.03 to 2.64",
                   "estimate 1.65, ci_low 1.03, ci_high 2.64"),
          counter="risk ratio with 95% CI"),
    _rule("effect.brackets", "effect",
          r"{EFFECT}[ :=,]{1,3}(?:of |was |为)?(?P<estimate>{S}){U} ?[(\[](?P<ci_low>{S}){SEP}"
          r"(?P<ci_high>{R})[)\]]",
          sure="likely", example=("HR 0.26 (0.07-0.89)",
          "estimate 0.26, ci_low 0.07, ci_high 0.89"),
          counter="HR 0.26 (n = 12)"),
    _rule("effect.alone", "effect", r"{EFFECT}[ :=,]{1,3}(?:of |was |为)?(?P<estimate>{S}){U}",
          sure="likely", example=("OR = 0.47, p = .02", "estimate 0.47"), counter="OR more"),
    _rule("interval.estimate", "effect",
          r"(?P<estimate>{S}){U} ?[(\[,;] ?{LEVEL}[(\[]? ?(?P<ci_low>{S}){U2}{SEP}(?P<ci_high>{R})",
          hint="%", sure="likely",
          example=("was -0.63 (95% CI -1.04 to -0.22)",
                   "estimate -0.63, ci_low -1.04, ci_high -0.22"),
          counter="a 95% CI -1.04 to -0.22"),
    _rule("interval", "interval",
          r"{LEVEL}[(\[]? ?(?P<ci_low>{S}){U2}{SEP}(?P<ci_high>{R})", hint="%",
          example=("95% CI 0.07-0.89", "ci_low 0.07, ci_high 0.89"), counter="95% of 0.07-0.89"),
    # ------------------------------------------------------------ p values
    _rule("p", "p",
          r"(?<![A-Za-z])[Pp](?:[- ]?values?|值)?(?: for [a-z]{4,12}| ?\([a-z ]{3,14}\))? ?"
          r"(?P<sign>[<>=≤≥]) ?"
          r"(?P<p>\d(?:\.\d+)? ?[×x] ?10\^?-\d{1,2}|0?\.\d+|[01](?:\.0+)?(?![\d.])|(?i:ns)(?!"
          r"[a-z]))",
          example=("(p < 0.001)", "p <0.001"), counter="cap = 0.03, P = 3"),
    # ------------------------------------------------------------ times
    _rule("time.at", "time",
          r"(?<![A-Za-z])(?P<unit>(?i:month|week|day|year)s?) (?P<time>{I})(?! ?(?:{PEOPLE}|%))",
          sure="likely", example=("at month 6", "time 6"), counter="the months 6.5"),
    _rule("time.for", "time", r"(?P<time>{N})[- ]?{TIME}", sure="likely",
          example=("a 12-month course", "time 12"), counter="12 moles"),
    _rule("time.zh", "time", r"(?:第|随访|术后|治疗|平均随访)?(?P<time>{N}) ?{SPAN}", sure="likely",
          example=("随访12个月", "time 12"), counter="12例"),
    # ------------------------------------------------------------ doses
    _rule("dose.power", "dose",
          r"(?P<dose>{N} ?[×x*] ?10 ?(?:\^|\( ?)-?\d{1,2}\)?)(?: ?(?P<unit>cells?(?:/kg)?|/kg"
          r"|个(?:细胞)?/kg|个|/L|/l|"
          r"per (?:litre|liter|kg)))?", hint="10",
          example=("1 × 10^6 cells/kg", "dose 1e6"), counter="1 × 106"),
    _rule("dose.flat", "dose",
          r"(?P<dose>{N} ?[×x*] ?10\d{1,2})(?!\d|\.\d)(?: ?(?P<unit>cells?(?:/kg)?|/kg|个"
          r"(?:细胞)?/kg|个|/L|/l))?",
          sure="unsure", hint="10", example=("1 × 106 cells/kg", "dose 1e6"),
          counter="a plain 106, and 3 × 10 rows"),
    _rule("dose.e", "dose",
          r"(?P<dose>{LEFT}\d(?:\.\d+)?[eE]\d{1,2})(?![\d.])(?: ?(?P<unit>cells?(?:/kg)?|/kg))?",
          example=("1e6 cells/kg", "dose 1e6"), counter="grade 1e and 2E"),
    _rule("dose.words", "dose",
          r"(?P<dose>{N} (?:million|billion))(?: ?(?P<unit>(?:[A-Za-z]{2,12} )?cells?(?:/kg|"
          r" per kg)?|/kg|IU))",
          example=("1 million cells/kg", "dose 1e6"), counter="1 million people"),
    _rule("dose.weight", "dose",
          r"(?P<dose>{N}) ?(?P<unit>(?:mg|µg|μg|mcg|g|IU|ml|mL)(?:/kg|/m\^?2|/ ?(?:day|d|wk"
          r"|week))?(?:/(?:day|d))?)"
          r"(?![A-Za-z/]| ?/ ?2?4?h)", sure="likely",
          example=("velorimab 300 mg every 4 weeks", "dose 300"), counter="0.5 g/24 h"),
    _rule("dose.zh", "dose",
          r"(?P<dose>{N} ?[万亿])(?P<unit>(?:个)?(?:细胞)?/kg|个(?:细胞)?|单位|U)",
          example=("100万/kg", "dose 1e6"), counter="100万元"),
)  # fmt: skip

_MACROS["{LEFT}"] = _LEFT
_MACROS["{V}"] = rf"(?:[ -]?(?P<unit2>{'|'.join(UNITS)}))?"
_MACROS["{U2}"] = rf"(?:[ -]?(?:{'|'.join(UNITS)}))?"
