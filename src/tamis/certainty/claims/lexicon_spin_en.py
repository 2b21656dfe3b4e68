"""English words of overstatement, by family: press releases, abstracts, advice. See ``lexicon_en``.

Families: multiples of an effect, effects that are complete, value words, effects that last, lower
and higher as a predicate, trends and near misses, equivalence, advice, absence of evidence.
"""

from __future__ import annotations

__all__ = ["SPIN_EN"]

#: What stands before a word that is a verb only there ("may ease", "the ease of use").
_AS_VERB = "(?:" + "|".join(
    rf"(?<=\b{word} )" for word in ("to", "may", "can", "will", "might", "could", "would", "not",
                                    "likely", "probably", "possibly", "potentially", "and",
                                    "they", "does", "that", "cells", "infusions")
) + r"|(?<=\x01 ))\b"  # fmt: skip

_PREDICATE = (
    r"\b(?:is|are|was|were|be|been|being|remains?|remained|became|becomes?|stay(?:s|ed)?|proved)\s+"
    r"(?:\w+ly\s+|much\s+|far\s+|somewhat\s+)?"
)

#: "A trend towards higher", "tended to be higher", "numerically higher".
_TREND = (
    r"(?:(?<!no )(?<!clear )\btrend(?:s|ed|ing)?\s+(?:towards?|in\s+favou?r\s+of|for|to)\s+"
    r"(?:an?\s+|the\s+)?(?:\w+ly\s+)?|\btend(?:s|ed)?\s+(?:to\s+(?:be\s+)?|towards?\s+)"
    r"(?:\w+ly\s+)?|"
    r"\bnumerical(?:ly)?\s+)"
)

_DOSED = r"\bdos(?:e|es|age|ages|ing)\b"
_TIMES = r"(?:halv|doubl|tripl|trebl|quadrupl)(?:e|es|ed|ing)"

_VALUE = r"(?:efficacy|effectiveness|benefits?|improvements?|responses?|efficiency|potency)"
_EFFECT = r"(?:effects?|impact|benefits?|influence|results|efficacy|improvements?|responses?)"

_DOCTORS = (
    r"(?:\w+ologists?|\w+iatricians?|physicians?|doctors?|clinicians?|surgeons?|practitioners?|"
    r"patients?|"
    r"people|you|teams?|cent(?:er|re)s?|hospitals?|nurses?|prescribers?|GPs|parents)"
)
_GIVE = (
    r"(?:consider|use|offer|prescribe|give|try|choose|add|adopt|turn\s+to|opt\s+for|rely\s+on|"
    r"ask\s+for)"
)

SPIN_EN: tuple[tuple[str, int, str, str], ...] = (
    # multiples of an effect, and effects that are complete
    ("assert", 4, "down", "halve | slash | abolish | eradicate | curb | quell | =slows | =slowed"
     rf" | ~{_AS_VERB}slow\b | ~\bwip(?:e|es|ed|ing)\s+(?:out|away)\b"
     r" | ~\bhalf\s+as\s+(?:likely|many|high|often|common)\b"
     r" | ~\b(?:bring|brings|brought|bringing|drive|drives|drove|push|pushes|pushed)\s+"
     r"(?:[\w\x01-]+\s+){0,5}?down\b | ~\bgets?\s+rid\s+of\b | ~\bgot\s+rid\s+of\b"),
    ("assert", 4, "up", "=doubles | =doubled | =doubling | =triples | =tripled | =tripling"
     " | =trebles | =trebled | =trebling | =quadruples | =quadrupled | boost"
     rf" | ~{_AS_VERB}(?:double|triple|treble|quadruple)\b"
     r" | ~\b(?:twice|(?:two|three|four|five|ten)\s+times)\s+as\s+(?:likely|many|high|often|"
     r"common)\b"
     r" | ~\b(?:two|three|four|five|ten)[\s-]?fold\s+(?:more|higher|greater|increase|rise)\b"),
    ("assert", 4, "good", "stabilise | stabilize | normalise | normalize | soothe | =eases"
     rf" | =eased | =easing | ~{_AS_VERB}ease\b | =halts | ~{_AS_VERB}halt\b | =rescues"
     r" | ~\bsav(?:e|es|ed|ing)\s+(?:[\w\x01-]+\s+){0,3}?(?:lives|life|kidneys?|patients|limbs?|"
     r"organs?|"
     r"hearts?)\b | ~\blife[\s-]sav(?:ing|er)\b"
     r" | ~\bspar(?:e|es|ed|ing)\s+(?:\w+\s+)?(?:patients|people|them|children|women|men)\b"
     r" | ~\b(?:puts?|brings?|brought|sends?|sent)\s+(?:[\w\x01-]+\s+){0,4}?into\s+\x01"
     r" | ~\btransform(?:s|ed|ing)?\s+(?:the\s+|how\s+)?(?:\w+\s+)?(?:lives|care|treatment|outlook|"
     r"management|"
     r"prognosis|practice|doctors)\b"),
    ("assert", 4, "good", r"~\bkeep(?:s|ing)?\s+(?:[\w\x01'-]+\s+){1,5}?at\s+bay\b"
     r" | ~\b(?:ward|stav|fend)(?:e?s|ed|ing|e)?\s+off\b | ~\bguards?\s+against\b | "
     r"~\bputs?\s+an\s+end\s+to\b"
     r" | ~\b(?:spell|mark|mean)(?:s|ed|t)?\s+the\s+end\s+of\b | rejuvenate | revitalise | "
     r"revitalize"
     r" | ~\brespond(?:s|ed)?\s+(?:\w+ly\s+)?(?:well|better|favou?rably|dramatically)\s+to\b"
     r" | ~\bno\s+(?:patients?|one|child|woman|man)\s+(?:needs?|needed|requires?|required)\b"
     r" | =conquers | =conquered | =defeats | =defeated | =overcomes | =overcame"
     r" | ~\bfre(?:es|ed)\s+(?:\w+\s+)?(?:patients|people|them|children|women|men)\b"
     r" | ~\b(?:is|are|be|offers?|provides?|holds?)\s+(?:\w+ly\s+)?the\s+(?:\w+\s+)?(?:answer|"
     r"solution|key|"
     r"way\s+forward|future)\b(?!\s+(?:question|study|trial))"),
    # value words
    ("assert", 4, "good", r"~\bbreakthroughs?\b(?!\s+(?:pain|bleeding|seizures?|infections?|"
     r"symptoms?))"
     r" | ~\bgame[\s-]chang(?:er|ers|ing)\b | ~\bmirac(?:le|les|ulous|ulously)\b"
     r" | ~\b(?:a|major|true|new|historic|important)\s+milestone\b | ~\brevolution(?:ary|"
     r"i[sz]e[sd]?)\b"
     r" | ~\bground[\s-]?breaking\b | ~\bwonder\s+(?:drug|cure|cells?)\b | ~\bmagic\s+bullet\b | "
     r"=panacea"
     r" | ~\bparadigm\s+shift\b | ~\bturning\s+point\b | ~\bnew\s+(?:era|dawn)\b | "
     r"~\bleap\s+forward\b"
     r" | ~\b(?:new|second)\s+lease\s+(?:of|on)\s+life\b | ~\blife[\s-]changing\b"
     r" | ~\b(?:remarkable|excellent|outstanding|impressive|striking|unparalleled|superb|"
     r"undeniable|"
     r"unmatched|unprecedented|dramatic|profound|spectacular|astonishing|amazing|powerful|potent)"
     r"\s+"
     rf"(?:clinical\s+|therapeutic\s+)?(?:{_VALUE}|therapeutic\s+effects?|clinical\s+effects?|"
     rf"results)\b"
     r" | ~\b(?:has|have|had)\s+(?:an?\s+)?(?:very\s+|highly\s+|clearly\s+)?(?:durable|lasting|"
     r"long[\s-]lasting|sustained|persistent|prolonged|enduring|beneficial|positive|favou?rable|"
     r"strong|"
     rf"profound|substantial|powerful|protective|curative|clear|marked)\s+(?:\w+\s+)?{_EFFECT}\b"
     r" | ~\b(?:exert|produce|show|achieve|deliver|provide|offer|yield|bring)(?:s|ed)"
     r"?\s+(?:an?\s+)?"
     r"(?:durable|lasting|long[\s-](?:lasting|term)|sustained|persistent|prolonged|enduring|"
     r"beneficial|"
     rf"favou?rable|protective|curative)\s+(?:\w+\s+)?{_EFFECT}\b"),
    ("settled", 5, "", r"~\bbeyond\s+(?:all\s+|any\s+)?(?:dispute|question|debate)\b | =undeniably"
     " | =indisputably | =irrefutably | =unequivocally"
     r" | ~\bonce\s+and\s+for\s+all\b"),
    ("promise", 2, "good", r"~\b(?:new|real|great|fresh)\s+hopes?\b"),
    # what a body of studies "shows", said with a noun
    ("assert", 4, "good", r"~\b(?:show|shows|showed|found|report|reports|reported|observed|"
     r"reveals?|"
     r"revealed|saw|documented)\s+(?:an?\s+|the\s+|some\s+)?(?:(?:clear|marked|significant|"
     r"substantial|"
     r"consistent|notable|overall|clinical|renal|\w+ly|major|great|good)\s+)*"
     r"(?:improvements?|benefits?|efficacy|effectiveness|relief|superiority)\b"
     r" | ~\b(?:improvements?|benefits?)\b[^.;,]{0,40}?\b(?:was|were|has\s+been|have\s+been)\s+"
     r"(?:\w+ly\s+)?(?:seen|observed|shown|demonstrated|achieved|found)\b"),
    ("assert", 4, "down", r"~\b(?:show|shows|showed|reveals?|revealed|documented)\s+"
     r"(?:an?\s+|the\s+)?(?:(?:clear|marked|significant|substantial|consistent|\w+ly|major)\s+)*"
     r"(?:reductions?|decreases?|drops?|declines?|lowering)\b(?!\s+from\s+\d)"),
    # lower and higher as a predicate; levels that fall "with" a treatment
    ("assert", 4, "down", rf"~{_PREDICATE}(?:lower|fewer|shorter|rarer|smaller|less\s+(?:frequent|"
     rf"common|"
     r"likely|severe|often))\b(?!\s+(?:limit|bound|dose|than\s+expected))"
     r" | ~(?<!patients )(?<!people )(?<!those )(?<!participants )(?<!adults )(?<!children )"
     r"\b(?:fell|falls|dropped|drops|declined|declines|sank|plummeted|plunged|shrank)"
     r"(?:\s+\w+ly)?"
     r"(?=\s+(?:with|under|on|thanks\s+to|owing\s+to|because\s+of|due\s+to)\s+(?:the\s+)?\x01)"),
    ("assert", 4, "up", rf"~{_PREDICATE}(?:higher|greater|longer|larger|more\s+(?:frequent|common|"
     rf"likely|"
     r"often))\b(?!\s+than\s+(?:expected|\d|one|two|half))"
     r" | ~\b(?:rose|rises|climbed|soared|jumped)(?:\s+\w+ly)?"
     r"(?=\s+(?:with|under|on|thanks\s+to|owing\s+to|because\s+of|due\s+to)\s+(?:the\s+)?\x01)"),
    # a test result said of a change: "fell significantly"
    ("assert", 4, "down", r"~\b(?:fell|dropped|declined|sank)\s+(?:\w+\s+)?significantly\b"
     r" | ~(?<!statistically )\bsignificantly\s+(?:fell|dropped|declined)\b"),
    ("assert", 4, "up", r"~\b(?:rose|climbed|went\s+up)\s+(?:\w+\s+)?significantly\b"
     r" | ~(?<!statistically )\bsignificantly\s+rose\b"),
    ("assert", 4, "good", r"~\b(?:disappear|vanish|melt)(?:s|ed)\b(?=(?:\s+\w+ly)?\s+(?:with|"
     r"under|on|after|"
     r"following|thanks\s+to)\s+(?:the\s+)?\x01)"),
    ("assert", 4, "down", r"~\bfewer\s+(?:patients|people|women|men|children|participants|adults)"
     r"\s+"
     r"(?:[\w\x01]+\s+){1,6}?(?=(?:on|with|under|after|given|taking|receiving)\s+\x01)"),
    ("assert", 4, "up", r"~\bmore\s+(?:patients|people|women|men|children|participants|adults)\s+"
     r"(?:[\w\x01]+\s+){1,6}?(?=(?:on|with|under|after|given|taking|receiving)\s+\x01)"),
    # trends and near misses
    ("assert", 3, "good", r"~\bnon-?significant\s+(?:\w+\s+)?(?:benefits?|improvements?|"
     r"advantages?)\b"),
    ("assert", 3, "up", rf"~{_TREND}(?:higher|more|greater|longer|larger|increas\w+|rise|"
     rf"prolong\w+)"
     r"(?:\s+(?:frequent|common|likely|often))?\b"),
    ("assert", 3, "down", rf"~{_TREND}(?:lower|fewer|less|smaller|shorter|reduc\w+|decreas\w+|"
     rf"fall\w*)"
     r"(?:\s+(?:frequent|common|likely|often))?\b"),
    ("assert", 3, "good", rf"~{_TREND}(?:improv\w+|better|benefit\w*|efficacy|favou?r\w*|"
     rf"superior\w*|"
     r"\x01)"
     r" | ~\b(?:approach|near)(?:es|ed|s|ing)?\s+(?=(?:statistical\s+)?significance)"
     r" | ~\b(?:come|comes|came|coming)\s+close\s+to\s+(?=(?:statistical\s+)?significan)"
     r" | ~\b(?:nearly|almost|borderline|marginally)\s+(?=(?:statistically\s+)?significan)"
     r" | ~\bnarrowly\s+(?:miss|fail)\w*\b"
     r" | ~\bfavou?r(?:s|ed|ing)?\s+(?:the\s+)?(?=\x01|treatment\b|intervention\b)"
     r" | ~\bin\s+favou?r\s+of\s+(?:the\s+)?(?=\x01|treatment\b|intervention\b)"),
    # equivalence is a claim too
    ("same", 4, "same", r"~\b(?:as|equally|just\s+as)\s+(?:safe|effective|efficacious|good|"
     r"beneficial|"
     r"potent|likely)\s+(?:as|to|and)\b | ~\bequally\s+(?:effective|safe|good|efficacious)\b"
     r" | ~\bnon[\s-]?inferior(?:ity)?\b | ~\bequivalent\s+(?:to|in|for|with)\b"
     r" | ~\bcomparable\s+(?:to|with|efficacy|effects?|results)\b | ~\bon\s+(?:a\s+)?par\s+with\b"
     r" | ~\bno\s+(?:worse|better|different)\s+than\b"
     r" | ~(?<=\x01 )(?:matches|rivals|equals|rivalled|equalled)\b"
     r" | ~\bno\s+(?:(?:clear|significant|apparent|consistent)\s+)*trends?(?:\s+(?:towards?|for|"
     r"to|in)"
     r"(?:\s+\w+)?)?\b"),
    # advice
    ("recommend", 0, "", r"~\bought\s+(?:\w+\s+)?to\b(?!\s+be\s+(?:noted|interpreted|read|seen|"
     r"viewed))"
     rf" | ~\b{_DOCTORS}\s+(?:can|could|may|might|are\s+free\s+to|would\s+do\s+well\s+to|"
     rf"will\s+want\s+to)\s+"
     rf"(?:\w+ly\s+|now\s+|also\s+)?{_GIVE}\b"
     r" | ~\b(?:can|could|may|might)\s+(?:now\s+|also\s+|safely\s+)?be\s+(?:considered|offered|"
     r"recommended|prescribed)\s+(?:for|in|as|to|when|if|after|by|alongside)\b"
     r" | ~\b(?:is|are|be)\s+(?:strongly\s+)?(?:encouraged|urged)\s+to\b | =advisable | =preferable"
     r" | endorse | ~(?<=\x01 )(?:is|are)\s+(?:now\s+)?indicated\s+(?:in|for|as)\b"
     r" | ~\b(?:we|I|experts|authors|guidelines?|panel)\s+suggest(?:s|ed)?\s+(?:the\s+use\s+of|"
     r"use|using|"
     r"offering|adding|giving|prescribing|starting|considering|treating|that\s+"
     rf"{_DOCTORS})\b"
     r" | ~\b(?:deserves?|merits?|earns?|earned)\s+(?:a|its|their)\s+(?:\w+\s+)?place\b"
     r" | ~\bhas\s+(?:a|its)\s+(?:\w+\s+)?(?:place|role)\s+in\s+(?:the\s+)?(?:\w+\s+)"
     r"?(?:treatment|care|"
     r"management|practice|therapy|routine)\b"
     r" | ~\bworth\s+(?:trying|considering|offering|using|a\s+try)\b"
     r" | ~\btime\s+to\s+(?:use|offer|adopt|start|introduce|switch|give|make|bring)\b"
     r" | ~\b(?:support|supports|supported|supporting|justify|justifies|justified)\s+(?:the\s+)"
     r"?(?:\w+\s+)?"
     r"(?:use|adoption|introduction|uptake)\s+of\b"
     r" | ~\bneeds?\s+to\s+(?:be\s+(?:given|offered|prescribed|used)|receive)\b"),
    ("recommend", 4, "good", r"~\bprefer(?:red|able)\s+(?:\w+\s+)?(?:option|treatment|therapy|"
     r"choice|"
     r"approach|strategy|drug|agent)\b | ~\b(?:best|optimal|ideal)\s+(?:option|choice|treatment|"
     r"therapy)\b"
     r" | ~\b(?:is|are|be|becomes?|became|as|remains?|now)\s+(?:a\s+|an\s+|the\s+|its\s+)"
     r"?(?:\w+\s+)?"
     r"(?:first|front)[\s-]line\b(?!\s+choice)"
     r" | ~\b(?:new|becomes?|is\s+now\s+the|become\s+the)\s+standard\s+of\s+care\b"),
    # nothing is claimed
    ("trap", 0, "", rf"~{_DOSED}[^.;,]{{0,24}}?\b{_TIMES}\b | ~\b{_TIMES}\s+(?:the\s+|of\s+the\s+)"
     rf"?{_DOSED}"
     r" | ~\b(?:double|triple)[\s-](?:blind\w*|dummy|mask\w*|strand\w*|check\w*|data|extract\w*|"
     r"therapy|"
     r"negative|combination)\b | ~\bdoubling\s+(?:time|of)\b"
     r" | ~[\"“‘'](?:a\s+)?(?:breakthrough|miracle|cure|game[\s-]changer|milestone|revolution\w*)"
     r"[\"”’']"
     r" | ~\b(?:should|must|ought\s+to)\s+(?:always\s+|first\s+)?(?:talk|speak)\s+(?:to|with)\b"
     r" | ~\b(?:should|must|ought\s+to)\s+(?:always\s+|first\s+)?(?:ask|consult|contact|see)\s+"
     r"(?:a|an|the|their|your|his|her)\s+(?:\w+\s+)?(?:doctor|physician|pharmacist|nurse|team|"
     r"specialist)s?\b"),
    # levels of knowledge, of interest and of follow-up; caution
    ("trap", 0, "", r"~\b(?:certainty|confidence|uncertainty|quality\s+of\s+(?:the\s+)?evidence)"
     r"\b[^.;,]{0,60}?"
     r"\b(?:lowered|downgraded|reduced|decreased|increased|raised|upgraded|higher|lower)\b"
     r" | ~\b(?:rais|increas|reduc|lower|decreas|limit|improv|enhanc|diminish)\w*\s+(?:\w+\s+)"
     r"{0,3}?"
     r"(?:questions?|concerns?|doubts?|confidence|uncertainty|certainty|understanding|knowledge|"
     r"awareness|precision|bias|expectations?|hopes?|interest)\b"
     r" | ~\b(?:interest|attention|research|popularity|demand|(?:number|numbers)\s+of\s+(?:\w+\s+)"
     r"?(?:trials|"
     r"studies|papers|publications|clinics|reports))\b[^.;,]{0,80}?\b(?:has|have|had|is|are|was|"
     r"were)\s+"
     r"(?:\w+ly\s+)?(?:risen|rising|increas\w+|grown|growing|doubl\w+|tripl\w+)\b"
     r" | ~\b(?:followed|observed|monitored|treated)\s+(?:up\s+)?(?:for\s+)?(?:\w+\s+)?(?:longer|"
     r"shorter)\b[^.;]*"
     r" | ~\b(?:should|must|ought\s+to)\s+(?:be|remain|stay)\s+(?:\w+\s+)?(?:cautious|careful|"
     r"aware|wary|"
     r"sceptical|skeptical|mindful)\b"
     r" | ~\b(?:should|must|ought\s+to)\s+(?:keep|bear)\s+in\s+mind\b"
     r" | ~\b(?:decisions?|choices?|advice|recommendations?)\b[^.;]{0,40}?\b(?:should|must)"
     r"\s+(?:not\s+)?"),
    ("unsure", 1, "", r"~\b(?:wrong|false|incorrect|untrue|misleading|premature|too\s+early|"
     r"unjustified)\s+to\s+"
     r"(?:say|claim|conclude|state|suggest|call|assume)\b"
     r" | ~\b(?:claims?|statements?|suggestions?|ideas?|notion|belief|conclusions?|assertions?|"
     r"promises?)\s+that\b"
     r"[^.;]*?\b(?:(?:not|never)\s+(?:\w+\s+)?(?:supported|true|justified|substantiated|proven|"
     r"correct|"
     r"warranted|backed)|false|wrong|unfounded|misleading|myths?|premature|unsupported|unjustified|"
     r"unproven)\b"),
    # absence of evidence, and what cannot be concluded
    ("unsure", 1, "", r"~\bno\s+(?:\w+\s+){0,3}?(?:evidence|data|results?|findings?|proof)"
     r"\s+(?:that|for|shows?|"
     r"showed|supports?|supported|suggests?|indicates?|proves?|demonstrates?|exists?|to\s+(?:show|"
     r"suggest|"
     r"support|prove|back|indicate))\b"
     r" | ~\b(?:did|do|does|could|can)\s*(?:not|n't)\s+(?:find|see|identify|provide|offer|give)\s+"
     r"(?:any\s+|\w+\s+){0,2}?(?:evidence|data|proof)\b"
     r" | ~\bnothing\s+(?:\w+\s+){0,4}?(?:shows?|suggests?|proves?|indicates?|supports?)\b"
     r" | ~\b(?:little|scant|weak|limited|not\s+enough|too\s+little|lack\s+of|lacking|lacks?|"
     r"absence\s+of|"
     r"without)\s+(?:\w+\s+){0,2}?evidence\s+(?:that|for|to|of)\b"
     r" | ~\bevidence\b[^.;,]{0,24}?\b(?:is|was|remains?)\s+(?:\w+\s+)?(?:lacking|missing|absent|"
     r"insufficient|too\s+\w+)\b"
     r" | ~\b(?:cannot|can\s+not|could\s+not|did\s+not|does\s+not|do\s+not|has\s+not|have\s+not|"
     r"unable\s+to|"
     r"not\s+possible\s+to|impossible\s+to)\s+(?:be\s+(?:said|concluded|claimed)|show(?:n)?|"
     r"prove[nd]?|"
     r"conclude[d]?|establish(?:ed)?|claim(?:ed)?|say|tell|judge|mean|confirm(?:ed)?|"
     r"demonstrate[d]?)\s+"
     r"(?:that|whether|if|which)\b"
     r" | ~\b(?:has|have|is|are)\s+yet\s+to\s+(?:be\s+)?(?:show\w*|prove[nd]?|establish\w*|"
     r"demonstrate\w*|"
     r"confirm\w*|test\w*)\b"
     r" | ~\b(?:has|have|had)\s+not\s+(?:yet\s+|ever\s+)?been\s+(?:\w+\s+)?(?:studied|tested|"
     r"compared|"
     r"examined|investigated|assessed)\b | ~\bnot\s+justified\b | ~\b(?:nobody|no\s+one)\s+(?:can|"
     r"could)\s+"
     r"(?:say|tell|know)\b | ~\b(?:nobody|no\s+one)\s+knows\b | ~\btoo\s+(?:few|small|little|"
     r"short)\b[^.;]{0,40}?"
     r"\bto\s+(?:show|say|judge|tell|conclude|know|decide)\b"),
)  # fmt: skip
