"""How facts are shown beside a number that differs: measure, sign, unit, in either language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from tamis.certainty.claims.fact import Fact

__all__ = ["held_against", "power", "shown"]

_SUPER = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_TO = {"en": " to ", "zh": " 至 "}
_UNITS = {
    ("percentage points", "zh"): " 个百分点",
    ("points", "zh"): " 分",
    ("patients", "zh"): " 人",
    ("percent", "zh"): " %",
    ("percent", "en"): " %",
}
_INTERVAL = {"en": "95 % CI", "zh": "95 % CI"}
_PEOPLE = {"en": " people", "zh": " 人"}
_MOST = 4


def held_against(facts: Iterable[Fact], lang: str) -> str:
    """Return what the evidence holds: one measure, named; the main method's where there is one."""
    facts = tuple(facts)
    measure = next((f.measure for f in facts if f.measure), "")
    of_one = [f for f in facts if f.measure == measure] if measure else list(facts)
    unit = of_one[0].unit if of_one and measure else ""
    same = [f for f in of_one if not measure or f.unit == unit]
    main = [f for f in same if not f.method] or same[:1]
    between = "；" if lang == "zh" else "; "
    return between.join(tuple(dict.fromkeys(shown(f, lang) for f in main))[:_MOST])


def shown(fact: Fact, lang: str = "en") -> str:
    """Return one fact as a text would give it.

    Examples
    --------
    >>> limits = Fact(kind="interval", value=Decimal("-9.79"), high=Decimal("3.79"), ids=(),
    ...               measure="MD", unit="points", method="z")
    >>> shown(limits), shown(limits, "zh")
    ('MD 95 % CI −9.79 to 3.79 points (z)', 'MD 95 % CI −9.79 至 3.79 分 (z)')
    """
    of_kind = _BY_KIND.get(fact.kind)
    if of_kind is not None:
        return of_kind(fact, lang)
    if fact.whole is not None:
        return f"{_plain(fact.value)}/{fact.whole:f}"
    percent = fact.measure in ("RR", "OR", "HR", "RD") and fact.kind == "level"
    if percent:
        return f"{fact.measure} {_rounded(fact.value, 1)} %"
    measure = f"{fact.measure} " if fact.measure else ""
    if fact.high is not None:
        interval = f"{_INTERVAL[lang]} " if fact.kind == "interval" else ""
        limits = f"{_limit(fact, fact.value)}{_TO[lang]}{_limit(fact, fact.high)}"
        method = f" ({fact.method or fact.by})" if fact.method or fact.by else ""
        return f"{measure}{interval}{limits}{_unit(fact, lang)}{method}"
    return f"{measure}{_plain(fact.value)}{_unit(fact, lang)}"


def _dose(fact: Fact, lang: str) -> str:
    return power(fact.value) + ("/kg" if fact.per_kg else "")


def _p(fact: Fact, lang: str) -> str:
    return f"p = {float(fact.value):.2g}"


_DESIGNS_ZH = {"randomised": "随机试验", "non-randomised": "非随机研究", "single-arm": "单臂研究",
               "case-series": "病例系列研究"}  # fmt: skip


def _works(fact: Fact, lang: str) -> str:
    """Return a count of studies with their design."""
    if lang == "zh":
        return f"{_plain(fact.value)} 项{_DESIGNS_ZH.get(fact.unit, '研究')}"
    design = f"{fact.unit} " if fact.unit in _DESIGNS_ZH else ""
    return f"{_plain(fact.value)} {design}{'study' if fact.value == 1 else 'studies'}"


_BY_KIND: Mapping[str, Callable[[Fact, str], str]] = {"dose": _dose, "p": _p, "works": _works}


def _unit(fact: Fact, lang: str) -> str:
    if fact.kind == "percent":
        return " %"
    if fact.kind == "people":
        return _PEOPLE[lang]
    if fact.measure in ("RR", "OR", "HR") or not fact.unit:
        return ""
    return _UNITS.get((fact.unit, lang), f" {fact.unit}")


def _limit(fact: Fact, value: Decimal) -> str:
    if fact.kind != "interval" or abs(value) >= 100:
        return _plain(value)
    return f"{value:.2f}".replace("-", "−")


def _plain(value: Decimal) -> str:
    """Return a value with at most two decimals and a proper minus."""
    return _rounded(value, 0 if abs(value) >= 100 or value == value.to_integral_value() else 2)


def _rounded(value: Decimal, digits: int) -> str:
    text = f"{value:.{digits}f}"
    text = text.rstrip("0").rstrip(".") if digits > 1 and "." in text else text
    return "0" if text in ("-0", "-0.0") else text.replace("-", "−")


def power(value: Decimal) -> str:
    """Return a value as people write doses.

    Examples
    --------
    >>> power(Decimal("2e8"))
    '2×10⁸'
    """
    exponent = value.adjusted()
    digits = f"{value.scaleb(-exponent).normalize():f}"
    return f"{digits}×10{str(exponent).translate(_SUPER)}"
