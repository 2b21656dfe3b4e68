"""English words of the claim check: role, strength, sense, words. See ``lexicon`` for the signs.

Roles: ``proof`` (asserted as settled, takes a complement), ``settled``, ``shows`` (plain, takes a
complement), ``assert``, ``likely``, ``may``, ``promise`` (a hedge that stands alone), ``adverb``
(a hedge for its whole clause), ``unsure``, ``transparent`` (the complement decides), ``capped``
(the complement is at most 2), ``recommend``, ``same`` (no difference), and those that cover what
stands inside them: ``trap`` (nothing is claimed), ``frame`` (a verb used as a noun; its sense
stays), ``aim``, ``need`` (for research), ``define``, ``question``.

Sense: ``up``, ``down`` (of a level), ``good``, ``bad``, ``safe``, ``same``, ``cause``.
"""

from __future__ import annotations

__all__ = ["BREAKS_EN", "CERTAINTY_EN", "ROWS_EN"]

_VERBS = (
    "reduc|increas|improv|prevent|lower|treat|reliev|decreas|rais|prolong|shorten|induc|"
    "enhanc|protect|avoid|alleviat|lessen|achiev|maintain|promot|halv|doubl|eliminat|abolish|slow|"
    "halt|eas|stabili[sz]|normali[sz]"
)

#: What stands before a word that is a verb only there ("may lower", "the lower limit").
_AS_VERB = "(?:" + "|".join(
    rf"(?<=\b{word} )" for word in ("to", "may", "can", "will", "might", "could", "would", "not",
                                    "likely", "probably", "possibly", "potentially", "and",
                                    "they", "does")
) + r"|(?<=\x01 ))\b"  # fmt: skip

_STUDY = r"(?:trial|trials|study|studies|research|investigation|evaluation|work|data|evidence)"

_BE = r"(?:is|are|was|were|be|been|being|remains?|proves?|proved|proven|seen\s+as)"

#: Words that may stand between "is" and what it is.
_BETWEEN = (
    r"(?:(?:a|an|the|also|both|very|more|most|quite|\w+ly|safe|effective|simple|novel|new)\s+"
    r"(?:and\s+|,\s*)?)*"
)

_GOOD = r"(?:effective|efficacious|beneficial|superior|better|successful|helpful|useful)"

ROWS_EN: tuple[tuple[str, int, str, str], ...] = (
    # 5: proof
    ("proof", 5, "", "prove | confirm | establish | verify | =successfully demonstrate"
     " | =successfully demonstrates | =successfully demonstrated"),
    ("settled", 5, "good", "cure"),
    ("settled", 5, "", "=conclusively | =definitively | =undoubtedly | =unquestionably"
     r" | ~\bleave[sd]?\s+no\s+doubt\b | ~\bleft\s+no\s+doubt\b"
     r" | ~\bwithout\s+(?:a\s+|any\s+)?doubt\b | ~\bbeyond\s+(?:any\s+)?doubt\b"),
    # 4: plain assertion of effect
    ("shows", 4, "", "demonstrate"),
    ("assert", 4, "down", "reduce | decrease | diminish | lessen | shorten | cut"
     rf" | =lowers | =lowered | =lowering | ~{_AS_VERB}lower\b(?!\s+(?:than|limit|dose|level))"),
    ("assert", 4, "up", "increase | raise | prolong | extend | enhance"),
    ("assert", 4, "good", "improve | prevent | avoid | protect | relieve | alleviate | ameliorate"
     " | reverse | restore | eliminate | heal | help | outperform | =effectively"
     r" | ~\bbenefit(?:s|ed)\b(?!\s+(?:of|and|or|in|for|were|was|are|is)\b)"
     r" | ~\bbenefit\s+from\b | ~\bbenefits?\s+outweigh\w*\b"
     r" | ~(?<!previous )(?<!future )(?<!further )(?<!our )(?<!this )"
     r"\bworks?\b(?!\s+(?:is|was|in\s+progress))"
     rf" | ~\b{_BE}\s+{_BETWEEN}{_GOOD}\b"
     r" | ~\bgood\s+(?:efficacy|effect|results)\b"
     r" | ~\b(?:offer|provide|bring|confer|yield|deliver)(?:s|ed)?\s+"
     r"(?:(?!no\b|little\b|evidence\b)[\w-]+\s+){0,3}?(?:relief|benefits?|protection|"
     r"improvements?|efficacy)\b"
     r" | ~\b(?:offer|provide|bring|confer|yield|deliver|achieve|produce)(?:s|ed)?\s+(?:a\s+)?"
     r"(?:long[\s-](?:term|lasting)|lasting|durable|permanent|lifelong|better|substantial|marked|"
     r"clear|superior|excellent)\s+\x01"),
    ("assert", 4, "safe", rf"~\b{_BE}\s+{_BETWEEN}"
     r"(?:safe|harmless|well[\s-]tolerated)\b | ~\b(?:good|excellent|favou?rable)\s+safety\b"
     r" | ~\bwell[\s-]tolerated\b"),
    ("assert", 4, "bad", "worsen | aggravate | exacerbate | impair"
     rf" | =harmed | ~{_AS_VERB}harm\b | ~\bharms\s+(?:people|patients|those|them)\b"),
    ("assert", 4, "cause", "=lead to | =leads to | =led to | =leading to | result in | cause"
     " | induce | =be associated with | =is associated with | =are associated with"
     " | =was associated with | =were associated with"),
    ("assert", 4, "down", r"~\b(?:lower|less|fewer|shorter|rarer|smaller)\b[^.;]{0,60}?\bthan\b"),
    ("assert", 4, "up", r"~\b(?:higher|more|greater|longer|larger)\b"
     r"(?!\s+than\s+(?:\d|one|two|half))[^.;]{0,60}?\bthan\b"),
    ("assert", 4, "good", r"~\bbetter\b[^.;]{0,60}?\bthan\b"),
    ("assert", 4, "bad", r"~\bworse\b[^.;]{0,60}?\bthan\b"),
    # no difference: a claim too
    ("same", 4, "same", r"~\blittle\s+(?:to|or)\s+no\s+(?:difference|effect|benefit)\b"
     r" | ~\bno\s+(?:(?:clear|significant|statistically\s+significant|apparent|important|added|"
     r"additional|relevant|meaningful|measurable|real)\s+)*(?:difference|effect|benefit|impact|"
     r"advantage|influence|increase|decrease|reduction|improvement|change)s?\b(?!\s+(?:could|"
     r"can)\b)"
     r" | ~\b(?:did|does|do)\s+not\s+(?:differ|work|help|affect|influence)\b"
     rf" | ~\b{_BE}\s+(?:not|no)\s+(?:\w+\s+)?(?:effective|superior|better|beneficial|different)\b"
     r" | ~\bineffective\b | ~\b(?:is|are|was|were)\s+(?:broadly\s+|very\s+)?"
     r"(?:similar|comparable|equal)\b | ~\bsimilar(?:ly)?\s+(?:in|between|with)\b"),
    # 3
    ("likely", 3, "", "=likely | =probably"),
    ("adverb", 3, "", r"~\bin\s+all\s+(?:likelihood|probability)\b | =presumably"),
    ("likely", 3, "not", "=unlikely"),
    # 2
    ("may", 2, "", r"~\bmay\b(?!\s+(?:\d|(?:of\s+)?20\d\d)) | =might | =could"
     r" | ~\bcan\s+potentially\b | appear | seem | =possibly | =perhaps | =potentially"),
    ("promise", 2, "good", "=potential | =promising | =promise | hint | =encouraging"),
    # 1
    ("unsure", 1, "", r"~\b(?:very\s+|highly\s+)?uncertain(?:ty)?\b"
     r" | ~\b(?:is|are|was|were|has|have)?\s*not\s+(?:yet\s+)?(?:been\s+)?(?:clearly\s+)?"
     r"(?:established|proven|proved|confirmed|demonstrated|shown|verified|known|clear)\b"
     r" | =unproven | =unclear | =unknown | ~\binsufficient\s+(?:evidence|data)\b"
     r" | ~\b(?:cannot|can\s+not|could\s+not)\s+be\s+(?:\w+\s+)?(?:determined|judged|"
     r"assessed|excluded|established|confirmed|proven)\b"
     r" | ~\bcannot\s+(?:determine|tell|judge|say)\b"
     r" | ~\bremains?\s+to\s+be\s+(?:\w+\s+)?"
     r"(?:established|seen|proven|confirmed|shown|determined)\b"
     r" | ~\bno\s+(?:\w+\s+)?evidence\s+(?:that|for)\b"
     r" | ~\bsays?\s+nothing\s+(?:\w+\s+)?about\b"),
    # the complement decides
    ("transparent", 0, "", "show | find | report | =report that | conclude | observe"),
    ("capped", 2, "", "suggest | indicate | imply"),
    # recommendations
    ("recommend", 0, "", "=should | recommend | advise"
     r" | ~(?<!as )(?<!if )\bmust\b(?!\s+be\s+(?:noted|interpreted|read|seen|considered\s+with))"
     r" | ~\b(?:is|are)\s+indicated\b(?!\s+(?:by|in|with)\b)"),
    ("recommend", 4, "good", r"~\bcan\s+be\s+used\s+(?:to\s+treat|for\s+(?:the\s+)?treat\w+)\b"
     r" | ~\b(?:treatment|therapy|drug|option)\s+of\s+choice\b | ~\bfirst[\s-]line\s+choice\b"),
    # nothing is claimed
    ("trap", 0, "", r"~\b(?:biopsy|laborator\w+|histolog\w+|microscop\w+|patholog\w+)[\s-]+"
     r"(?:proven|confirmed|verified)\b"
     r" | ~\b(?:confirmed|proven|verified|established)\s+(?:by|on|at|with|using)\s+(?:\w+\s+)?"
     r"(?:biopsy|histology|microscopy|pathology|imaging|serology|PCR|culture)\b"
     r" | ~\bproof[\s-]of[\s-](?:concept|principle)\b"
     r" | ~\b(?:established|confirmed|proven|verified)\s+(?:diagnos\w+|cases?|disease|standard|"
     r"criteria|therapy|treatment)\b"
     r" | ~\bstatistically\s+significant(?:ly)?\b"
     r" | ~\b(?:fell|fall|dropped|declined|decreased|rose|increased|improved|changed|went)\b"
     r"[^.;]{0,50}?\bfrom\s+[-−]?\d[^.;]{0,30}?\bto\s+[-−]?\d"
     r" | ~\b(?:median|mean)\s+(?:increase|decrease|reduction|improvement)\b"
     r" | ~\b(?:increased|reduced|raised|lower|higher|elevated)\s+(?:risk|dose|level)s?\s+"
     r"(?:group|arm|category|of\s+(?:the\s+)?(?:drug|infusion))\b"
     r" | ~\bto\s+the\s+(?:left|right)\s+of\b[^.;]* | ~\b(?:left|right)\s+(?:side\s+)?favou?rs\b"
     r" | ~\b(?:any|all|the|a|no|other|unknown|specific)[\s-]causes?\b"
     r" | ~\bsearch\w*\b[^.;]{0,40}?\bestablish\w*\b"
     r" | ~\b(?:adverse|side)\s+(?:events?|effects?|reactions?)\b"
     r" | ~\bno\s+evidence\s+(?:on|of|about)\b | ~\bcould\s+not\s+be\s+estimated\b"
     r" | ~\binterval\b(?:[^.;]|\.(?=\d))*?\bincludes?\b[^.;(]*"
     r" | ~\bshould\s+(?:not\s+)?be\s+"
     r"(?:interpreted|read|seen|viewed|treated\s+with|noted|weighed)\b"
     r" | ~\bmust\s+not\s+replace\b | ~\bno\s+(?:medical|clinical|professional)\s+advice\b"
     r" | ~\badvice\b"),
    ("frame", 0, "", rf"~\b(?:in|for|of|at|by|with|after|towards?|without)\s+(?:\w+ly\s+)?"
     rf"(?:{_VERBS})ing\b"
     rf" | ~(?<!be )\b(?:given|used|designed|intended|order|administered|prescribed|"
     r"taken|tested)\s+to\s+"
     rf"(?:{_VERBS})\w*\b"),
    ("aim", 0, "", r"~\b(?:aim|aims|aimed|objective|objectives|purpose|goal)\b"
     r" | ~\bto\s+(?:assess|evaluate|investigate|examine|explore|determine|compare|study|test|"
     r"review|analyse|analyze|estimate|describe|summari[sz]e)\b"
     r" | ~\bhow\s+(?:effective|safe|well)\b | ~\b(?:we|this\s+\w+)\s+(?:assess|evaluat|examin|"
     r"investigat|review|compar|explor)\w*\b"),
    ("need", 0, "", r"~\b(?:needed|required|necessary)\s+to\s+(?:establish|confirm|prove|verify|"
     r"determine|show|demonstrate)\b"
     rf" | ~\b(?:need|needs|needed|required|requires?|warrants?|warranted|necessary)\b"
     rf"(?=[^.;]*\b{_STUDY}\b)"
     rf" | ~\b{_STUDY}\b[^.;]{{0,40}}?"
     r"\b(?:needed|required|warranted|necessary|should|must|awaited)\b"
     rf" | ~\b(?:support|supports|supporting|justify|justifies|call|calls|recommend|recommends|"
     rf"suggest|suggests)\b\s+(?:for\s+)?(?:\w+[\s-]+){{0,6}}?{_STUDY}\b"
     r"(?!\s+(?:show|that|demonstrat|prov))"),
    ("define", 0, "", r"~\b(?:is|are|was|were)\s+defined\s+as\b | ~\bdefined\s+as\b"),
    ("question", 0, "", r"=whether | ~\b(?:see|unclear|unknown|ask(?:ed)?|determine)\s+if\b"),
    ("negation", 0, "", r"~\b(?:not|never|nor|neither|cannot|n't|fails?\s+to|failed\s+to|without|"
     r"no\s+longer)\b"),
)  # fmt: skip

#: Breaks between clauses; a comma or full stop between digits breaks nothing.
BREAKS_EN = r"(?<!\d),|,(?!\d)|[;:()\[\]]|\b(?:but|although|though|while|whereas|however|because)\b"

#: Certainty as it is said in a sentence: pattern, level.
CERTAINTY_EN: tuple[tuple[str, int], ...] = (
    (
        r"\bvery[\s-]low[\s-](?:certainty|quality|confidence)\b|\b(?:certainty|"
        r"confidence)\b[^.;,]{0,50}?"
        r"\b(?:is|was|as|be|remains?|to)\s+very\s+low\b|⊕◯◯◯|\+---",
        1,
    ),
    (r"(?<!very )(?<!very-)\blow[\s-](?:certainty|quality|confidence)\b|⊕⊕◯◯|\+\+--", 2),
    (r"\bmoderate[\s-](?:certainty|quality|confidence)\b|⊕⊕⊕◯|\+\+\+-", 3),
    (r"\bhigh[\s-](?:certainty|quality|confidence)\b|⊕⊕⊕⊕|\+\+\+\+", 4),
)
