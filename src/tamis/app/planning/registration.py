"""The protocol in the order of a registration form such as PROSPERO's, headings in our own words.

Every part of the form is there. A part that the protocol does not fill is named as missing, never
filled with a guess; what a protocol cannot know (an address, a country) is asked of the people.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from tamis.domain.question import Protocol, Source, SynthesisPlan

__all__ = ["Part", "as_json", "as_markdown", "as_text", "registration"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part of the form: its key, heading and text; an empty text is missing."""

    key: str
    heading: str
    text: str

    @property
    def missing(self) -> bool:
        """Whether the protocol says nothing about it."""
        return not self.text


Words = Mapping[str, str]

#: Words of the generated sentences.
_WORDS: Mapping[str, Words] = {
    "en": {
        "missing": "Not in the protocol yet.",
        "title": "Registration form, filled from the protocol",
        "searched": "searched on",
        "limits": "limits:",
        "hits": "records found:",
        "defined": "Defined as:",
        "at": "Measured at:",
        "scale": "unit:",
        "screeners": "people screen each record; blinding:",
        "allocation": "allocation:",
        "tool": "tool:",
        "layer": "layer:",
        "versus": "against",
        "in": "for",
        "include": "included:",
        "exclude": "excluded:",
        "list": "Missing",
        "none": "Nothing is missing.",
    },
    "zh": {
        "missing": "方案中尚未说明。",
        "title": "注册表（由方案填写）",
        "searched": "检索日期",
        "limits": "限制：",
        "hits": "命中：",
        "defined": "定义：",
        "at": "测量时点：",
        "scale": "单位：",
        "screeners": "人筛选每条题录；盲法：",
        "allocation": "分配方式：",
        "tool": "工具：",
        "layer": "层次：",
        "versus": "对比",
        "in": "结局",
        "include": "纳入：",
        "exclude": "排除：",
        "list": "缺少的内容",
        "none": "没有缺少的内容。",
    },
}


def _question(p: Protocol, w: Words) -> str:
    q = p.question
    first = ", ".join(part for part in (q.population, q.intervention) if part)
    told = f"{first} {w['versus']} {q.comparator}" if q.comparator else first
    return f"{told}; {w['in']}: {q.outcomes}" if q.outcomes and told else told


def _searches(p: Protocol, w: Words) -> str:
    def one(s: Source) -> str:
        parts = [f"{s.database} ({s.platform})"]
        parts += [f"{w['searched']} {s.searched_on}"] if s.searched_on else []
        parts += [f"{w['limits']} {s.limits}"] if s.limits else []
        parts += [f"{w['hits']} {s.hits}"] if s.hits is not None else []
        return "; ".join(parts)

    return _list(one(source) for source in p.sources)


def _criteria(p: Protocol, w: Words) -> str:
    newest = {c.id: c for c in sorted(p.criteria, key=lambda c: c.version)}
    ordered = sorted(newest.values(), key=lambda c: (c.order, c.id))
    return _list(f"{w[c.kind]} {c.text} ({c.stage})" for c in ordered)


def _outcomes(*, main: bool) -> Callable[[Protocol, Words], str]:
    def told(p: Protocol, w: Words) -> str:
        labels = {visit.id: visit.label for visit in p.visits}
        found = []
        for o in p.outcomes:
            if (o.importance == "critical") != main:
                continue
            text = f"{o.name} ({o.kind}"
            text += f"; {w['scale']} {o.unit})" if o.unit else ")"
            if o.definition != "not-stated":
                text += f". {w['defined']} {o.definition}"
            if o.visits:
                text += f". {w['at']} {', '.join(labels.get(v, v) for v in o.visits)}"
            found.append(text)
        return _list(found)

    return told


def _selection(p: Protocol, w: Words) -> str:
    s = p.screening
    told = f"{s.reviewers_per_record} {w['screeners']} {s.blinding}; {w['allocation']}"
    return f"{told} {s.allocation}"


def _bias(p: Protocol, w: Words) -> str:
    return _list(f"{design}: {w['tool']} {tool}" for design, tool in p.tools)


def _plan(plan: SynthesisPlan, w: Words) -> str:
    arms = f" {w['versus']} ".join(arm for arm in plan.arms if arm)
    told = (plan.title or plan.id, plan.outcome, plan.measure, plan.method, arms, plan.visit)
    parts = [part for part in told if part and part != "none"]
    told_as = "; ".join([*parts, f"{w['layer']} {plan.layer}"])
    return f"{told_as}. {plan.reason}" if plan.reason else told_as


def _synthesis(p: Protocol, w: Words) -> str:
    return _list(_plan(plan, w) for plan in p.syntheses)


def _subgroups(p: Protocol, w: Words) -> str:
    del w
    told = [(s.title or s.id, (*s.subgroups, *s.sensitivity)) for s in p.syntheses]
    return _list(f"{name}: {', '.join(groups)}" for name, groups in told if groups)


def _team(p: Protocol, w: Words) -> str:
    del w
    return _list(
        f"{m.name} ({', '.join(m.roles)})" if m.roles else m.name for m in p.team if m.name
    )


def _certainty(p: Protocol, w: Words) -> str:
    del w
    return _list(f"GRADE: {b.id} ({b.outcome}; {', '.join(b.designs)})" for b in p.bodies)


def _nothing(p: Protocol, w: Words) -> str:
    del p, w
    return ""


_Row = tuple[str, str, str, Callable[[Protocol, Words], str]]

#: Key, heading in English and in Chinese, and where its text comes from.
_PARTS: Sequence[_Row] = (
    ("title", "Title of the review", "系统评价题目", lambda p, w: p.head.title),
    ("start", "Planned start", "计划开始日期", _nothing),
    ("end", "Planned end", "计划完成日期", _nothing),
    ("team", "Team and roles", "研究团队及分工", _team),
    ("contact", "Contact person and address", "联系人及联系方式", _nothing),
    ("organisation", "Organisation", "所属机构", _nothing),
    ("funding", "Funding and sponsors", "资助来源", lambda p, w: p.head.funding),
    ("interests", "Interests of the team", "利益冲突", lambda p, w: p.head.interests),
    ("question", "Question of the review", "评价问题", _question),
    ("rationale", "Why the review is made", "研究背景与理由", lambda p, w: p.question.rationale),
    ("searches", "Sources and searches", "检索来源", _searches),
    ("strategy", "Where the search strategies are", "检索策略所在文件",
     lambda p, w: _list(f"{s.database}: {s.strategy_file}" for s in p.sources if s.strategy_file)),
    ("condition", "Condition or field", "疾病或研究领域", lambda p, w: p.question.population),
    ("participants", "Participants", "研究对象", lambda p, w: p.question.population),
    ("intervention", "Intervention or exposure", "干预或暴露",
     lambda p, w: p.question.intervention),
    ("comparator", "Comparator", "对照", lambda p, w: p.question.comparator),
    ("designs", "Designs of study", "研究设计", lambda p, w: p.question.designs),
    ("criteria", "Criteria of eligibility", "纳入与排除标准", _criteria),
    ("main-outcomes", "Main outcomes", "主要结局", _outcomes(main=True)),
    ("other-outcomes", "Other outcomes", "次要结局", _outcomes(main=False)),
    ("selection", "Selection of studies and extraction", "文献筛选与数据提取", _selection),
    ("risk-of-bias", "Risk of bias", "偏倚风险评价", _bias),
    ("synthesis", "Plan of synthesis", "数据综合方案", _synthesis),
    ("subgroups", "Subgroups and sensitivity analyses", "亚组分析与敏感性分析", _subgroups),
    ("certainty", "Certainty of the evidence", "证据确定性", _certainty),
    ("language", "Language of the review", "评价语言", lambda p, w: p.head.language),
    ("country", "Country", "国家或地区", _nothing),
    ("registration", "Other registrations", "其他注册信息", lambda p, w: p.head.registration),
    ("dissemination", "How results will be shared", "结果传播计划", _nothing),
)  # fmt: skip


def registration(protocol: Protocol, *, language: str = "en") -> tuple[Part, ...]:
    """Return every part of the form.

    Examples
    --------
    >>> from tamis.domain.question import Question, ReviewHead
    >>> q = Question(population="adults", intervention="talc", comparator="", outcomes="itch",
    ...              designs="trials")
    >>> parts = registration(Protocol(head=ReviewHead(id="r", title="Talc"), question=q))
    >>> [p.text for p in parts if p.key in ("title", "question", "comparator")]
    ['Talc', 'adults, talc; for: itch', '']
    """
    words = _WORDS[language]
    return tuple(
        Part(key=key, heading=zh if language == "zh" else en, text=made(protocol, words).strip())
        for key, en, zh, made in _PARTS
    )


def as_markdown(parts: Sequence[Part], *, language: str = "en") -> str:
    """Return the form as Markdown; what is missing is named where it belongs and at the end."""
    w = _WORDS[language]
    body = [f"## {p.heading}\n\n{p.text or '*' + w['missing'] + '*'}\n" for p in parts]
    gaps = [f"- {p.heading}" for p in parts if p.missing]
    end = "\n".join(gaps) if gaps else w["none"]
    return f"# {w['title']}\n\n" + "\n".join(body) + f"\n## {w['list']}\n\n{end}\n"


def as_text(parts: Sequence[Part], *, language: str = "en") -> str:
    """Return the form as plain text."""
    w = _WORDS[language]
    body = [f"{p.heading.upper()}\n{p.text or '[' + w['missing'] + ']'}\n" for p in parts]
    gaps = [f"- {p.heading}" for p in parts if p.missing]
    end = "\n".join(gaps) if gaps else w["none"]
    return f"{w['title']}\n\n" + "\n".join(body) + f"\n{w['list'].upper()}\n{end}\n"


def as_json(parts: Sequence[Part]) -> str:
    """Return the form as JSON: a list of parts, a missing text is null."""
    told = [{"key": p.key, "heading": p.heading, "text": p.text or None} for p in parts]
    missing = [p.key for p in parts if p.missing]
    return json.dumps({"parts": told, "missing": missing}, ensure_ascii=False, indent=1) + "\n"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)
