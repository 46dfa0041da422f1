"""The safety floor: a question, or what is quoted, goes in, fixed notices come out.

An urgent notice when a person reports a dangerous sign as present, in themselves or in someone
they look after; a dose notice when they ask what they should take; and the standing notice.
This module knows nothing of the corpus, of search or of answers. A new sign = one entry in SIGNS.

Two choices where wording leaves doubt. A condition ("what if I get a fever?") asks for knowledge,
unless it names a present time ("today"), asks about itself ("is it bad if I can't feel my foot?")
or tells of tablets already swallowed. The short, verbless line of a worried person ("hot swollen
hip, fever") is a report. Otherwise a false alarm is preferred to a missed emergency.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from assistant.doses import asks_personal_dose as is_personal_dose
from assistant.orders import reads_like_orders
from assistant.sign_words import RELATIVE
from assistant.signs import SIGNS, Sign
from assistant.types import Notice

STANDING = (
    "This is information from publications, not medical advice. It cannot examine you or replace a "
    "doctor, pharmacist or physiotherapist."
)
NO_PERSONAL_DOSE = (
    "I can't recommend a dose or a change of medicine for you: that is for your doctor or "
    "pharmacist. Only what the corpus says about doses in studies can be quoted here."
)
INSTRUCTION_LIKE = (
    "What is quoted here holds text that reads like orders to a program. It is shown as the text that "
    "it is; nothing else was done with it."
)

MAX_CHARACTERS = 4000  # patterns take quadratic time on hostile text

# What kind of sentence is it? A report counts; a question about medicine in general does not.
_MINE = (
    r"\b(?:i|me|my|myself|mine|he|she|(?:his|her) \w+|this patient|the point (?:of|in) living|"
    rf"{RELATIVE})\b"
)
_OPENER = (
    r"^\W*(?:(?:so|and|but|please|hi|hello|ok|okay|also)\W+)*(?:what|which|how|why|when|where|who|"
    r"whose|is|are|was|were|do|does|did|can|could|will|would|should|shall|may|might|has|have|in|"
    r"tell me|explain|describe|list|define|compare|summari[sz]e|give|show|find)\b(?!'t)"
)
_TOPIC = (
    r"\b(?:rates?|incidence|prevalence|percentage|mortality|differential|causes?|presentation|"
    r"prevention|prophylaxis|treatment|management|protocol|guidelines?|evidence|stud(?:y|ies)|"
    r"trials?|papers?|literature|definition|complications?|prodrome|toxicity|mri|suggests?|"
    r"indicates?|(?:should|must|can|may|could) (?:be|cause|mean)|until proven)\b"
)
# The speaker may say "I" or "my" here, but no danger is told of.
_ABSTRACT = (
    r"\b(?:patients|people|children|adults|athletes|runners|how (?:often|common|likely|many)|"
    r"risks?|chances?|odds|likelihood|criteria|checklist|red flags?|ruled out|know (?:if|when|"
    r"whether|that)|how (?:would|will|can|do) i (?:know|tell)|(?:watch|look) (?:out )?for|i (?:was|"
    r"am|'ve been) told|i(?:'ve)? (?:read|heard(?! (?:\w+ ){0,2}?(?:pop|clunk|crack|crunch|snap|click|"
    r"thud|bang))|saw|learned)|asked (?:me )?(?:about|whether|if))\b|"
    r"^(?:will|would|could|can|may|might) (?:i\b|(?:my (?:\w+ )?\w+|it|he|she)\b(?! be\b))"
)
_STATED = (
    rf"(?<!how )(?<!do )(?<!if )\b(?:i|he|she|{RELATIVE})(?:'ve|'m|'s| have| am| has| is| shows?| "
    rf"feel| keep| "
    r"can't| fell| took| got| woke)\b|\b(?:my|his|her) (?:\w+ ){1,3}(?:is|are|has|have|hurts?|"
    r"feels?|looks?|went|can't)\b"
)
_PRESENT = (
    r"\b(?:now|today|tonight|yesterday|last night|at the moment|currently|this (?:morning|"
    r"afternoon|evening)|since (?:last|yesterday|this|\w+day)|\w+ (?:hours?|days?|minutes?) ago)\b"
)
_REASSURE = r"\b(?:normal|ok(?:ay)?|dangerous|serious|bad|worr\w+|concern\w*|urgent|wrong)\b"
_CONDITION = (
    r"(?<!wonder )(?<!wondering )(?<!sure )(?<!ask )(?<!as )\b(?:if|in case|unless|suppose|"
    r"imagine)\b[^,;:]*|^should (?:i|my|he|she) (?:\w+ ){0,2}?(?:get|develop|start|notice|"
    r"experience)\b[^,;:]*"
)
_ABOUT_ITSELF = (
    rf"^(?:is|could|can|does) (?:it|this|that)\b.*\bif (?:i|he|she|(?:my |his |her )?(?:\w+|"
    rf"{RELATIVE}))"
    r"(?:'ve|'m|'s| have| am| has| is| can't| feel| keep)\b"
)
_PAST = (
    r"(?<!since )\b(?:19|20)\d\d\b|\b(?:years?|decades?) (?:ago|back)|\blast year|\bfor (?:\w+ "
    r")?years|\bas a (?:child|kid|teenager)|\bwhen i was|\bused to\b|previous\w*|\bhistory of|"
    r"\bwent away|resolved|\bhealed|\bgone(?: away| now)?$|ruled out|\bexcluded|settled|recovered|"
    r"since birth|congenital"
)
_CLAUSE_END = r"[,;:()]|\b(?:but|and|now|still|again|today|because|so)\b"
_NEGATION = (
    r"\b(?P<word>denie[sd]|denying|no|without|nor|free of|negative for|neither|never had|absence "
    r"of|(?:not|don't|doesn't|didn't|haven't|hasn't) (?:have|had|having|got|any|running|feel|"
    r"a))\b(?! (?:idea|better|longer|matter|doubt|relief|improvement|help|change|appointment|one|"
    r"way))"
)
_NEGATION_ENDS = (
    r"\b(?:but|however|now|only|since|although|i|my|he|she|has|have|is|are|can't|and (?:a|the))\b"
)
_REWRITES = (
    (r"[’‘`´]", "'"),
    (r"\s+", " "),
    (r"\b(can|won|don|isn|doesn|didn|couldn|hasn|haven)t\b", r"\1't"),
    (r"\bi(ve|m)\b", r"i'\1"),
    (
        r"\b(?:cannot|can no(?:t| longer)|could(?:n't| not)|won't|will not|(?:un|(?:not |\w+n't "
        r")(?:been )?)able to|refus(?:es|ed|ing) to)\b",
        "can't",
    ),
    (r"\bwi?e?i?g?ht\b|\bwaight\b", "weight"),
    (r"\btemp(?:e?r[ae]t)[a-z]*", "temperature"),
    (r"\bsw[eo]l+[ei]n\b", "swollen"),
    (r"\bpuss\b", "pus"),
    (r"\bbreth|\bbreahth|\bbraeth", "breath"),
    (r"\bfe+v[ae]r|\bfeaver", "fever"),
    (r"\bdis+l[oa]c+at", "dislocat"),
    (r"\brepl(?:ac|as)e?ment\b", "replacement"),
    (r"\bsu[ir]c+i[cd]", "suicid"),
    (r"\bop+er+ation", "operation"),
    # Angles, distances and body mass indexes are no temperatures.
    (
        r"\b(bmi|angles?|flex\w*|bends?|rotat\w*|abduct\w*|extension|inclination|"
        r"walk)\W+(?:\w+\W+){0,3}?\d+(?:[.,]\d+)?",
        r"\1",
    ),
    (r"\d+ ?(?:°|degrees?) (?:of |in )?((?:flex|rotat|abduct|extens|motion)\w*)", r"\1"),
)


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    """Compiled at first use: together the patterns would cost an import tens of milliseconds."""
    return re.compile(pattern)


def _shortened(text: str) -> str:
    """What is dangerous tends to be said first or last."""
    half = MAX_CHARACTERS // 2
    return text if len(text) <= MAX_CHARACTERS else f"{text[:half]} {text[-half:]}"


def _normalise(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    for pattern, replacement in _REWRITES:
        text = _regex(pattern).sub(replacement, text)
    return text.strip()


def _sentences(text: str) -> list[str]:
    parts = (_normalise(part) for part in _regex(r"(?<=[.?!;])\s+|\n+").split(_shortened(text)))
    return [part.rstrip(".!;") for part in parts if part]


def _reports(sentence: str, *, about_someone: bool) -> bool:
    """Whether the sentence may tell of a present state, rather than ask about medicine."""
    stated = bool(_regex(_STATED).search(sentence))
    if _regex(_ABSTRACT).search(sentence):
        return stated and bool(_regex(_PRESENT).search(sentence))
    if _regex(r"\b(?:signs?|symptoms?|prevent|avoid)\b").search(sentence):
        return stated
    if not _regex(_OPENER).search(sentence):
        return True
    if about_someone and _regex(_REASSURE).search(sentence):
        return True  # "I had my hip done on Monday. Is a swollen calf normal?"
    return bool(_regex(_MINE).search(sentence) or _regex(_PRESENT).search(sentence))


def _clause(sentence: str, start: int, end: int) -> str:
    left = [boundary.end() for boundary in _regex(_CLAUSE_END).finditer(sentence, 0, start)]
    right = _regex(_CLAUSE_END).search(sentence, end)
    return sentence[left[-1] if left else 0 : right.start() if right else None].strip()


def _negated(sentence: str, start: int) -> bool:
    found = list(_regex(_NEGATION).finditer(sentence, 0, start))
    if not found:
        return False
    between = sentence[found[-1].end() : start]
    if _regex(_NEGATION_ENDS).search(between):
        return False
    # "no redness, heat or fever" runs over its commas; "no injury, fever, hot hip" does not.
    runs_on = found[-1]["word"].startswith("den") or " or " in sentence[found[-1].end() :]
    return "," not in between or runs_on


def _holds(idea: str, sentence: str, *, even_if: bool) -> bool:
    """Whether the sentence says the idea of the present: not denied, past, supposed or general."""
    asks = _regex(_OPENER).search
    personal = _regex(_MINE).search(sentence) or _regex(_PRESENT).search(sentence)
    excused = even_if or _regex(_PRESENT).search(sentence) or _regex(_ABOUT_ITSELF).search(sentence)
    supposed = [] if excused else [m.span() for m in _regex(_CONDITION).finditer(sentence)]
    for match in _regex(idea).finditer(sentence):
        clause = _clause(sentence, match.start(), match.end())
        general = _regex(_TOPIC).search(clause) or (asks(clause) and not asks(sentence))
        if not (
            _negated(sentence, match.start())
            or _regex(_PAST).search(clause)
            or (general and not personal)
            or any(start <= match.start() < end for start, end in supposed)
        ):
            return True
    return False


def _sign(question: str, earlier: Sequence[str]) -> Sign | None:
    """The most serious sign that the question reports, if need be completed by earlier ones."""
    now = _sentences(question)
    before = [sentence for text in earlier for sentence in _sentences(text)]
    everything = " ".join(before + now)
    about_someone = any(
        _regex(_MINE).search(s) and not _regex(_OPENER).search(s) for s in before + now
    )
    now = [s for s in now if _reports(s, about_someone=about_someone)]
    before = [s for s in before if _reports(s, about_someone=about_someone)]
    for sign in SIGNS:
        if not _regex(sign.context).search(everything):
            continue
        for ideas in sign.alternatives:
            # One idea must be new: an old report alone does not repeat its notice for ever.
            new = [any(_holds(i, s, even_if=sign.even_if) for s in now) for i in ideas]
            old = [any(_holds(i, s, even_if=sign.even_if) for s in before) for i in ideas]
            if any(new) and all(n or o for n, o in zip(new, old, strict=True)):
                return sign
    return None


def standing() -> Notice:
    """The standing notice: no medical advice."""
    return Notice("not-medical-advice", STANDING)


def instruction_like(quotes: Iterable[str]) -> Iterator[Notice]:
    """A notice when a quote reads like orders to a program."""
    if any(map(reads_like_orders, quotes)):
        yield Notice("instruction-like", INSTRUCTION_LIKE)


def asks_personal_dose(question: str) -> bool:
    """True when a question asks what its own asker, or someone close, shall take."""
    return is_personal_dose(_normalise(_shortened(question)))


def notices(
    question: str,
    *,
    earlier: Sequence[str] = (),
    emergency_number: str = "your local emergency number",
) -> tuple[Notice, ...]:
    """The urgent notice and the dose notice that the question calls for, in this order.

    `earlier` are the earlier questions of the conversation, oldest first: what they report
    completes a sign, but does not raise one alone.
    """
    found: list[Notice] = []
    if sign := _sign(question, earlier):
        found.append(Notice("urgent", sign.template.format(emergency_number=emergency_number)))
    if asks_personal_dose(question):
        found.append(Notice("no-personal-dose", NO_PERSONAL_DOSE))
    return tuple(found)
