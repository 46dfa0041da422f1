"""What form of answer a question calls for, and how well a sentence has that form.

`form_of(question)` names the form; `Form.fit(text)` says from 0 to 1 how well a sentence opens an
answer of that form. This module knows English, not the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from assistant.aspects import NUMBER, SHARE, aspects, shows
from assistant.parts import AUXILIARY, LISTED, clauses_of, is_named, sides_of
from assistant.rows import stages_in
from assistant.treatments import TREATMENTS

FormName = Literal["stages", "comparison", "figure", "list", "yes or no", "definition", "open"]

YES_NO = re.compile(
    rf"(?:^\W*(?:(?:and|but|so|then|ok)\W+)?|[,;:.?!] +){AUXILIARY}\b", re.IGNORECASE
)
ASKS = re.compile(
    rf"\?|^\W*(?:{AUXILIARY}|what|which|who|whose|whom|when|where|why|how|tell|explain|describe|define|list)\b",
    re.IGNORECASE,
)
STAGES = re.compile(
    r"(?<!early )(?<!late )(?<!later )(?<!advanced )(?<!all )(?<!between )\b(?:stages|staging|staged|grades|"
    r"grading|graded|classif\w+|classes|phases|(?:stage|grade|class) system)\b",
    re.IGNORECASE,
)
LIST = re.compile(
    rf"\b(?:what|which|list|name|tell)\b.*\b(?:{LISTED})\b|\bwho (?:is|are) (?:most |more )?(?:at risk|"
    rf"likely)\b|^\W*what (?:can |could |may |might )?(?:cause|trigger|mimic)s?\b|^\W*list\b|"
    rf"^\W*(?:the |common |main )?(?:{LISTED}) (?:of|for)\b",
    re.IGNORECASE,
)
# Of the enumeration's items none is a figure: "5.1%, 8% and 13%" lists results.
ENUMERATION = re.compile(
    r"[^\W\d][\w)-]*, [^.;:\d]+?,? (?:and|or) [^\W\d]|:\n|\n[-*] |\b(?:such as|include[sd]?|are|:) "
    r"[^.;:,\d]+ (?:and|or) [^\W\d]"
)

_NUMERAL = (
    r"(?:\d[\d.,]*|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fifteen|twenty|thirty)"
)
_OF_TIME = rf"{_NUMERAL}(?: ?(?:-|–|to|or|and) ?{_NUMERAL})?[ -](?:hour|day|week|month|year)s?"
# "At 12 months" and "after five years" say when something was read, not how long it lasts.
DURATION = re.compile(
    rf"(?<!\bat )(?<!\bAt )(?<!\bafter )(?<!\bAfter )\b{_OF_TIME}\b", re.IGNORECASE
)
# What a question asks to be counted, and the figure that counts it; the first that matches holds.
FIGURES: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...] = tuple(
    (re.compile(asked, re.IGNORECASE), re.compile(given, re.IGNORECASE))
    for asked, given in (
        (
            r"\bhow (?:long|soon|quickly|fast|early|late)\b|\bhow many (?:days|weeks|months|years)\b",
            DURATION.pattern,
        ),
        (
            r"\b(?:what|which|how much|how many) (?:\w+ )?(?:dose|doses|mg|milligrams?|grays?|gy)\b|"
            r"\bdos(?:e|age) of\b",
            r"\d ?(?:mg|g|Gy|cGy|IU|units?|ml)\b|\b(?:single|low|high) dose of \d",
        ),
        (
            r"\bhow (?:large|big|small|thick|wide|deep)\b",
            r"\d ?(?:mm|cm|millimet\w+|centimet\w+)|\d ?%",
        ),
        (
            r"\bhow (?:accurate|reliable|sensitive|specific|good)\b|\b(?:sensitivity|specificity|accuracy)\b",
            r"\b(?:sensitiv|specific|accura|predictive|detect)\w*\b.*\d|\d.*\b(?:sensitiv|specific|accura)",
        ),
        (
            r"\bhow (?:common|often|frequent\w*|likely|rare|usual)\b|\b(?:rates?|percent\w*|proportion|"
            r"incidence|prevalence|frequency|odds|chances?|mortality|likelihood) of\b",
            SHARE + r"|\b\d[\d.,]* per\b|\b\d+-fold\b",
        ),
        (r"\bhow many\b", rf"{SHARE}|\b{_NUMERAL}(?: to {_NUMERAL}| of \d+)? [^\W\d]"),
        (
            r"\bhow (?:much|successful|effective|high|low|old)\b|\bsurvival\b|\bsuccess rate\b",
            NUMBER,
        ),
    )
)

# What a finding says of the thing asked: that something follows it, or that nothing does.
EFFECT = re.compile(
    r"\b(?:reduc\w+|lower(?:s|ed|ing)|rais(?:e|es|ed)|increas(?:e|es|ed)|decreas(?:e|es|ed)|improv(?:e|es|ed)|"
    r"prevent(?:s|ed)?|reliev(?:e|es|ed)|eas(?:es|ed)|halt(?:s|ed)?|block(?:s|ed)?|slow(?:s|ed)|"
    r"protect(?:s|ed|ive)?|succeed(?:s|ed)|successful(?:ly)?|effective|help(?:s|ed)?|better|worse|superior|inferior|"
    r"more (?:often|frequent|common|likely)|less (?:often|frequent|common|likely)|commoner|rarer|"
    r"(?:higher|lower) (?:risk|odds|rates?|incidence)|(?:associated|linked) (?:with|to)|predict(?:s|ed)|"
    r"risk factors? for|causes?|caused|leads? to|led to|result(?:s|ed) in|resolve[sd]?|disappear(?:s|ed)?|"
    r"recommends?|recommended|advise[sd]?|should|safe|well tolerated|similar|equal(?:ly)?)\b",
    re.IGNORECASE,
)
# What is asked for where a denial belongs to the list.
DENYING = re.compile(r"contra-?indicat|\bavoid|\bnot\b|n't\b|\bwithout\b", re.IGNORECASE)
# What a sentence is worth that names the sides and does not set them against each other.
OF_BOTH = 0.3
# What sets two things against each other.
COMPARES = re.compile(
    r"\b(?:than|versus|vs|compared|whereas|unlike|against placebo|differ\w*|same|similar\w*|equal\w*|matched|"
    r"superior|inferior|better|worse|outperform\w*|while)\b",
    re.IGNORECASE,
)
OPEN = re.compile(
    r"\b(?:conflicting|controversial|inconclusive|uncertain|unclear|inconsistent|disputed|not known|unknown|"
    r"debated|contradict\w+)\b",
    re.IGNORECASE,
)
# What is not a finding: what a thing is called or said to be, and how a study was done.
DESCRIBED = re.compile(
    r"\b(?:(?:is|are) (?:defined|described|called|named|classified|divided|termed|listed|reported) |"
    r"refers? to|means\b|(?:is|are) (?:an?|the) (?:[\w-]+ ){0,4}(?:deposition|formation|condition|"
    r"disorder|disease|form|kind|type|process|death|reaction|complication)\b|"
    r"(?:review|study|trial|analysis|survey|series) (?:\w+ ){0,6}(?:included|covered|covers|reviewed|"
    r"randomi[sz]ed|compared|examined|pooled|used)\b)",
    re.IGNORECASE,
)
DENIED = re.compile(
    r"\b(?:do(?:es)?|did|was|were|is|are|had|has|have|can|could|may|but|and|should) not\b[^,;:.]*|"
    r"\bcannot\b[^,;:.]*|\b(?:nor|neither|failed to|rarely|without)\b[^,;:.]*|"
    r"\bno (?:\w+ ){0,3}(?:difference|effect|benefit|evidence|increase|reduction|improvement|change|"
    r"association|link|relation|recurrence|advantage|treatment|trial|proof|support|need)\b[^,;:.]*|"
    r"\bnone of\b[^,;:.]*",
    re.IGNORECASE,
)

Direction = Literal["effect", "no effect", "mixed"]


@lru_cache(maxsize=20_000)
def direction(text: str) -> Direction | None:
    """What a sentence finds: an effect, none, or both in turn; None where it finds nothing.

    Words alone decide: whether the effect is good or bad, or on what, is not read.
    """
    if OPEN.search(text):
        return "mixed"
    denied = DENIED.search(text) is not None
    asserted = EFFECT.search(DENIED.sub(" ", text)) is not None
    if denied:
        return "mixed" if asserted else "no effect"
    return "effect" if asserted else None


DEFINED = re.compile(
    r"^\W*(?:what (?:is|are|does)|define) (?:meant by )?(?:an? |the )?(?P<subject>[\w-]+(?: [\w-]+){0,3}?)"
    r"(?: mean)?(?: (?:of|in|at) the hip)?\W*$",
    re.IGNORECASE,
)
SAYS = re.compile(
    r"\b(?:(?:is|are) (?:defined|described|an?|the (?!most|commonest|main|first|only|same)|true|normal|bone|"
    r"mineral|arthritis)|means?|refers? to|denotes?|consists? of|occurs?|happens?|results? from)\b"
)


@dataclass(frozen=True, slots=True)
class Form:
    """A form of answer, and how well a sentence fits it, 0 to 1; `strict` where no other answers."""

    name: FormName
    fit: Callable[[str], float]
    strict: bool = False


def form_of(question: str) -> Form:
    """The form of answer that a question, or its first clause, calls for."""
    if len(clauses := clauses_of(question)) > 1:
        return form_of(clauses[0])
    if asks_for_stages(question):
        return Form("stages", _any)
    for asked, given in FIGURES:
        if asked.search(question):
            return Form("figure", _matching(given))
    if sides := sides_of(question):
        return Form("comparison", _naming(sides), strict=True)
    if LIST.search(question):
        return Form("list", _listing(question))
    if asks_yes_or_no(question):
        return Form("yes or no", _finds)
    if subject := DEFINED.match(question):
        return Form("definition", _defining(subject["subject"]))
    return Form("open", _any)


def asks_for_stages(question: str) -> bool:
    """True for the stages of a system, or for what one of them is: then a table answers."""
    kinds = {aspect.name for aspect in aspects(question)}
    if stages_in(question):
        return kinds == {"definition"}
    return STAGES.search(question) is not None and not asks_yes_or_no(question)


def asks_yes_or_no(question: str) -> bool:
    """True when a question, or a clause of it, opens with its verb."""
    return YES_NO.search(question) is not None


def asks(text: str) -> bool:
    """True for a question that is worded as one; claims and mere keywords are not."""
    return ASKS.search(text) is not None


def _any(text: str) -> float:
    return 1.0


def _finds(text: str) -> float:
    """1 for a finding that goes one way or the other, 0 for a description, between them the rest."""
    if DESCRIBED.search(text):
        return 0.0
    return 1.0 if direction(text) else 0.8


def _matching(pattern: re.Pattern[str]) -> Callable[[str], float]:
    return lambda text: 1.0 if pattern.search(text) else 0.0


def _naming(sides: Sequence[str]) -> Callable[[str], float]:
    """1 for a sentence that sets both sides against each other, a quarter for one of them."""

    def fit(text: str) -> float:
        named = sum(_is_spoken_of(side, text) for side in sides) / len(sides)
        compares = COMPARES.search(text) or len(re.findall(SHARE, text)) > 1
        return named**2 * (1.0 if compares else OF_BOTH)

    return fit


def _is_spoken_of(side: str, text: str) -> bool:
    """A thing is spoken of with its class, too: indomethacin with NSAIDs."""
    return is_named(side, text) or any(
        re.search(shown, side, re.IGNORECASE)
        and re.search(rf"\b(?:{asked})\b", text, re.IGNORECASE)
        for asked, shown in TREATMENTS.values()
    )


def _defining(subject: str) -> Callable[[str], float]:
    """1 when the subject stands before the first verb of a sentence that says what it is."""

    def fit(text: str) -> float:
        says = SAYS.search(text)
        return 1.0 if says and is_named(subject, text[: says.start()]) else 0.0

    return fit


def _listing(question: str) -> Callable[[str], float]:
    """Half for an enumeration, half for the kind of thing asked for; none for what is said not to be it."""
    asked = aspects(question)

    def fit(text: str) -> float:
        if direction(text) == "no effect" and not DENYING.search(question):
            return 0.0
        kind = not asked or any(shows(aspect, text) for aspect in asked)
        return 0.5 * (ENUMERATION.search(text) is not None) + 0.5 * kind

    return fit
