"""What kind of thing a question asks for: symptoms, imaging, how many and the like.

`aspects(question)` names the kinds; a sentence that shows the same kind answers better.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache


@dataclass(frozen=True)
class Aspect:
    """How a question asks for something, and how a sentence that says it looks."""

    name: str
    asked: str
    shown: str

    @cached_property
    def in_question(self) -> re.Pattern[str]:
        return re.compile(self.asked, re.IGNORECASE)

    @cached_property
    def in_sentence(self) -> re.Pattern[str]:
        return re.compile(self.shown, re.IGNORECASE)


# A figure that answers "how many" or "how much"; a bare digit may be a stage or a grade, and 95% the
# width of an interval.
SHARE = r"(?<![\d.])(?!9[059] ?% ?(CI|confidence))\d[\d.]* ?%|\b\d[\d,]* of \d|\bper 1[\d,]*0\b"
NUMBER = (
    rf"{SHARE}|\b(OR|RR|HR|MD|SMD)\b|\b\d+\.\d|"
    r"\d ?(mg|Gy|mm|cm|years?|months?|weeks?|days?|hips?|patients?|per)\b"
)

ASPECTS = (
    Aspect(
        "definition",
        r"^\W*(what('s| is| are| does)\b(?!.*\b(cause|symptom|sign|treat|risk|dose|rate|chance|best|"
        r"prognosis|role|evidence|first|difference|success|complication|outcome|result)).*|define\b.*|"
        r".*\b(definition|meaning) of\b.*)",
        r"\b(refers? to|(is|are) (defined as|called|classified|termed)|denotes?|means)\b|"
        r"\b(is|are) (an?|the) ([\w-]+ ){0,4}(deposition|formation|condition|disorder|disease|form|kind|"
        r"type|process|death|production|reaction|complication)\b|\b(is|are) (true|normal) bone\b|"
        r"\bhappens? when\b",
    ),
    Aspect(
        "difference",
        r"\b(differ\w*|distinguish\w*|versus|vs\.?|compared?|unlike|tell .* apart|same as|rather than)\b",
        r"\b(unlike|differ\w*|distinguish\w*|whereas|without one|in contrast|than|versus|"
        rf"not the same|similar\w*)\b|(?:{SHARE})[^.;]*(?:{SHARE})",
    ),
    Aspect(
        "cause",
        r"\b(caus\w+|why|reason|trigger\w*|lead(s|ing)? to|due to|come from|get it|bring\w* on)\b",
        r"\b(caus\w+|because|trigger\w*|due to|result\w* from|follow\w*|lead\w* to|risk factor|aetiolog\w+|"
        r"etiolog\w+|associated with|arise\w*|secondary to|after)\b",
    ),
    Aspect(
        "risk",
        r"\b(at risk|risk factors?|who (gets|develops|has|is)|likel(y|ihood)|predict\w*|more prone)\b",
        r"\b(raise[sd]?|increase[sd]?|higher|lower(s|ed)?|reduce[sd]?|more|less) (the )?(risk|odds)\b|"
        r"\b(OR|RR|HR)\b ?\d|\brisk factors? (include|were|for)\b|\b(not|significant) risk factors?\b|"
        r"\b(associated with|predict\w*|at (high|higher|increased) risk)\b|"
        r"\bmore (common|often|likely|frequent)\b",
    ),
    Aspect(
        "symptom",
        r"\b(symptom\w*|sign|signs|feel|feels|present(s|ation|ing)?|hurt\w*|complain\w*|look like|"
        r"notice)\b",
        r"\b(pain(?! (medic|relie|kill))|painful|stiff\w*|symptoms (of|are|include)|limp\w*|swelling|"
        r"range of motion|grinding|motion|present\w*|tender\w*|asymptomatic)\b",
    ),
    Aspect(
        "site",
        r"\b(where\b.*\b(pain\w*|hurt\w*|ache\w*|felt|feel)|(location|site) of (the )?pain|pain location)\b",
        r"\b(groin|buttocks?|thigh|felt (mostly|in|at|over)|radiat\w+ (to|into)|outer (hip|thigh|side)|"
        r"front of)\b",
    ),
    Aspect(
        "imaging",
        r"\b(imag\w+|x-?rays?|radiograph\w*|ct|mri|scans?|ultraso\w+|diagnos\w*|detect\w*|seen on|"
        r"show(s|n)? up|test|tests)\b",
        r"\b(imag\w+|x-?rays?|radiograph\w*|CT|MRI|scans?|scintigraph\w*|ultraso\w+|tomograph\w+)\b",
    ),
    Aspect(
        "treatment",
        r"\b(treat\w*|therap\w+|manag\w+|help|helps|cure\w*|first[- ]line|options?|relie\w+|"
        r"get rid|do about|medic(ine|ation)\w*|drugs?)\b",
        r"\b(treat\w*|therap\w+|manag\w+|first[- ]line|conservative\w*|NSAIDs?|injection\w*|"
        r"physiotherapy|physical therapy|recommend\w*|effective|improve\w*|relie\w+)\b",
    ),
    Aspect(
        "surgery",
        r"\b(surg\w+|operat\w+|excis\w+|remov\w+|replac\w+|arthroplasty)\b",
        r"\b(surg\w+|operat\w+|excis\w+|remov\w+|replac\w+|arthroplasty|resection|debridement)\b",
    ),
    Aspect(
        "timing",
        r"\b(when|timing|how (long|soon|early|late)|how many (days|weeks|months|years)|window|early)\b",
        r"\b(day|days|week|weeks|month|months|year|years|hours?|early|earlier|late|later|before|after|"
        r"within|timing|window|until|fail\w*|severe|persist\w*|refractory)\b",
    ),
    Aspect(
        "frequency",
        r"\b(how (common|often|frequent\w*|likely|rare)|rates?|percent\w*|proportion|incidence|"
        r"prevalence|frequen\w+|odds|chance\w*)\b",
        SHARE,
    ),
    Aspect(
        "quantity",
        r"\b(how (many|much|successful|effective)|numbers?|results?|outcomes?|success\w*|dose|doses|"
        r"survival)\b",
        NUMBER,
    ),
    Aspect(
        "outcome",
        r"\b(results?|outcomes?|success\w*|effective\w*|efficacy|work|works|help|helps|survival|fail\w*|"
        r"role|benefits?)\b",
        r"\b(success\w*|succeed\w*|surviv\w*|fail\w*|conver(ted|sion)|collaps\w*|improv\w*|effective|"
        r"recur\w*|better|worse|no (significant )?(difference|effect|benefit)|reduc\w*|preserv\w*|"
        r"prevent(s|ed)?|block(s|ed)?|halt(s|ed)?)\b",
    ),
    Aspect(
        "prevention",
        r"\b(prevent\w*|prophyla\w+|avoid\w*|stop .* (from )?(coming|forming))\b",
        r"\b(prevent\w*|prophyla\w+|reduc\w+|lower\w*|avoid\w*|fewer)\b",
    ),
    Aspect(
        "prognosis",
        r"\b(prognos\w+|outlook|go away|disappear\w*|resolve\w*|get (worse|better)|progress\w*|"
        r"natural (history|course)|long[- ]term|future)\b",
        r"\b(prognos\w+|resolv\w+|resorb\w*|resorption|disappear\w*|progress\w*|collaps\w+|recur\w*|"
        r"self-limit\w+|natural (history|course))\b",
    ),
    Aspect(
        "laboratory",
        r"\b(blood|lab\w*|serum|phosphat\w*|level|levels|normal)\b",
        r"\b(serum|blood|normal|levels?|phosphat\w+|laborator\w+|CRP|ESR|ioni[sz]ed|parathyroid hormone|"
        r"PTH)\b",
    ),
    Aspect(
        "safety",
        r"\b(side[- ]effects?|safe|safety|harm\w*|danger\w*|complication\w*|adverse|risks of)\b",
        r"\b(adverse|complication\w*|safe\w*|harm\w*|bleeding|side effects?|fractures?|infection)\b",
    ),
)


def aspects(question: str) -> tuple[Aspect, ...]:
    """The kinds of thing that a question asks for; often more than one, or none."""
    return tuple(aspect for aspect in ASPECTS if aspect.in_question.search(question))


def share_shown(asked: Sequence[Aspect], text: str) -> float:
    """The share of the asked aspects that a sentence shows, 0 to 1; 1 when none was asked."""
    return sum(shows(aspect, text) for aspect in asked) / len(asked) if asked else 1.0


# Of one question each sentence is looked at twice, and of the next ones many of them again.
@lru_cache(maxsize=50_000)
def shows(aspect: Aspect, text: str) -> bool:
    """Whether a sentence says that kind of thing."""
    return aspect.in_sentence.search(text) is not None
