"""Is a sentence carried by passages? `check` proves it part by part and says what fails.

A sentence is first held against one passage as a whole. Where it merges notes it is cut at a joining word
or more, and each part must be carried by one passage with everything exact in it: a number from one note
and people from another carry nothing. How near the wording is, `carries` says, or without it `scoring`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations, pairwise, permutations
from math import exp

from assistant.grounding.amounts import outcome
from assistant.grounding.carrying import Judgement, coverage, judge, wrong_quantities
from assistant.grounding.quantities import Quantity
from assistant.grounding.reading import Reading, Word, read
from assistant.grounding.scoring import features, weights
from assistant.grounding.spans import spans_of, texts_of
from assistant.grounding.things import places_in

# Of a sentence and its evidence, the log odds that the one carries the other.
Carries = Callable[[str, str], float]

# Where a sentence that merges notes may be cut.
_JOINT = re.compile(
    r"[;:] |,? (?:and|but|while|whereas|yet|although|though|or|however)(?= )|,? (?=nor )|"
    r", (?=against |compared |versus )",
    re.IGNORECASE,
)
# What frames every part: "In children, ...", "After spinal cord injury ...".
_FRAME = re.compile(
    r"^(?:in|after|among|for|with|under|following|during|on|at|within|of)\b"
    r"(?:(?!\b(?:was|were|is|are|had|has|have|did|do|does|can|could|may)\b)[^,;:\d]){3,90},",
    re.IGNORECASE,
)
_WORKS = re.compile(r" (?:studies|trials|reports|series|cohorts|reviews|analyses|publications)\b")
MOST_CUTS, MOST_JOINTS = 2, 8
# The least score by words of a supported sentence: a floor under the exact checks, far below nearly every
# true sentence of the development half.
LEAST = 0.05
# The least log odds of a sentence that is carried: in words that are near, and in words that are not. Chosen
# so that of the parts that the check was mended on no more than a twentieth of the true ones is refused.
NEAR_ODDS, FAR_ODDS = -2.0, 0.0
# Words of evidence that are read together with a sentence.
SHORT = 100
# Windows of a long passage that are looked at closely, the best covered first.
WINDOWS = 3
# What another passage of the same work may lend: names, denials and directions it may not.
LENDABLE = {"number", "unit", "comparison", "meaning"}
# Everyday words and directions that a sentence may have and its passages not: so many, and one more for
# so many words that name something.
LOOSE, LOOSE_FOR = 2, 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found. `passage` is the place of the carrying passage in the list that was given.

    `start` and `end` are the offsets of the supporting quote in it; all three are None where nothing comes
    near. `score` is from 0 to 1; `reasons` names every failure and is empty for a supported sentence.
    """

    supported: bool
    score: float
    passage: int | None = None
    start: int | None = None
    end: int | None = None
    reasons: tuple[str, ...] = ()


def check(
    sentence: str,
    passages: Sequence[str],
    works: Sequence[str] | None = None,
    carries: Carries | None = None,
) -> Verdict:
    """Whether the passages carry the sentence, with everything that is wrong where they do not.

    `works` names for each passage the publication that it speaks of: passages of one may be read together.
    `carries` judges whether the wording says the same, see `CrossEncoder`, and the score is then its
    probability; without it, the new words alone are counted. A sentence that a passage holds verbatim is
    supported with score 1; one without passages is not, for the reason "citation".
    """
    if found := _verbatim(sentence, passages):
        place, start, end = found
        return Verdict(True, 1.0, place, start, end)
    proof = prove(sentence, passages, works)
    if proof is None:
        return Verdict(False, 0.0, reasons=("citation",))
    _, window = max(proof.carried, key=lambda found: len(found[0].reading.content))
    score, reasons = _by_words(sentence, passages, proof)
    if carries and set(reasons) <= {"meaning"}:
        # The wording is judged last, of a sentence that has everything exact.
        odds = carries(sentence, _evidence(passages, proof))
        score = round(1 / (1 + exp(-odds)), 4)
        reasons = () if odds >= (FAR_ODDS if reasons else NEAR_ODDS) else ("meaning",)
    return Verdict(not reasons, score, window.passage, window.start, window.end, reasons)


def _by_words(
    sentence: str, passages: Sequence[str], proof: Proof
) -> tuple[float, tuple[str, ...]]:
    """Score and reasons; the wording is too far off with too many new words or too low a score."""
    spans = [span for text in passages for span in texts_of(text)]
    score = weights("words only").score(features([sentence], spans))
    if score < LEAST and "meaning" not in proof.reasons:
        return score, (*proof.reasons, "meaning")
    return score, proof.reasons


def _evidence(passages: Sequence[str], proof: Proof) -> str:
    """All of the passages where they are short, else the stretches that carry the sentence."""
    whole = " ".join(passages)
    if len(whole.split()) <= SHORT:
        return whole
    windows = dict.fromkeys((window.passage, window.reading.text) for _, window in proof.carried)
    return " ".join(text for _, text in windows)


def support(sentence: str, passages: Sequence[str]) -> float:
    """The score of `check` by words: 1 for a sentence that a passage holds verbatim, 0 without passages."""
    return check(sentence, passages).score


def is_supported(sentence: str, passages: Sequence[str]) -> bool:
    """Whether `check` by words finds nothing wrong."""
    return check(sentence, passages).supported


def prepare() -> None:
    """Reads the lists of words now, which takes a second or two, and not with the first sentence."""
    check("Bees fly.", ["A bee flies."])


def _verbatim(sentence: str, passages: Sequence[str]) -> tuple[int, int, int] | None:
    """The passage that holds the sentence word for word, and where; spaces may differ."""
    pattern = r"\s+".join(re.escape(word) for word in sentence.split())
    if not pattern:
        return None
    for place, text in enumerate(passages):
        if match := re.search(pattern, text):
            return place, match.start(), match.end()
    return None


@dataclass(frozen=True, slots=True)
class Window:
    """One sentence of a passage, or two that follow each other."""

    passage: int
    start: int
    end: int
    reading: Reading


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of the sentence with the words that frame it."""

    reading: Reading
    frame: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Proof:
    """Each part with the window that carries it best, and what fails."""

    carried: tuple[tuple[Part, Window], ...]
    reasons: tuple[str, ...]
    loose: int = 0


def prove(
    sentence: str, passages: Sequence[str], works: Sequence[str] | None = None
) -> Proof | None:
    """The proof with the fewest failures and then the fewest cuts; None without passages or words."""
    whole = Part(read(sentence))
    windows = {place: _windows(place, text) for place, text in enumerate(passages) if text.strip()}
    if not windows or not whole.reading.words:
        return None
    best = _proof((whole,), windows)
    if best.reasons and len(windows) > 1:
        best = _joint_numbers(whole, windows) or best
        for parts in _plans(sentence, len(windows)):
            if not best.reasons:
                break
            cut = _proof(parts, windows)
            if len(cut.reasons) < len(best.reasons):
                best = cut
        if best.reasons:
            best = _of_one_work(whole, windows, works or ()) or best
    return best


def _proof(parts: tuple[Part, ...], windows: dict[int, tuple[Window, ...]]) -> Proof:
    carried: list[tuple[Part, Window]] = []
    reasons: list[str] = []
    loose = 0
    for part in parts:
        window, judged = min(
            (_best(part, some) for some in windows.values()),
            key=lambda found: (
                _weight(found[1]),
                -coverage(part.reading, found[0].reading),
            ),
        )
        carried.append((part, window))
        reasons += judged.reasons
        loose += judged.loose
        short = (len(part.reading.content) + 5) // LOOSE_FOR
        if len(parts) > 1 and judged.loose + judged.unsaid > short:
            reasons.append("meaning")
    if loose > allowed(parts):
        reasons.append("meaning")
    return Proof(tuple(carried), tuple(dict.fromkeys(reasons)), loose)


def allowed(parts: Sequence[Part]) -> int:
    """How many everyday words a paraphrase may add."""
    return LOOSE + sum(len(part.reading.content) for part in parts) // LOOSE_FOR


def _weight(judged: Judgement) -> float:
    """A failure outweighs every loose word."""
    return len(judged.reasons) + judged.loose / 100


def _best(part: Part, windows: tuple[Window, ...]) -> tuple[Window, Judgement]:
    nearest = sorted(windows, key=lambda window: -coverage(part.reading, window.reading))[:WINDOWS]
    judged = [(window, judge(part.reading, window.reading, part.frame)) for window in nearest]
    return min(judged, key=lambda found: (_weight(found[1]), len(found[0].reading.text)))


def _joint_numbers(whole: Part, windows: dict[int, tuple[Window, ...]]) -> Proof | None:
    """Where several passages each name all that a sentence names, its numbers may be from all of them."""
    holders = []
    for some in windows.values():
        window, judged = _best(whole, some)
        if set(judged.reasons) <= {"number", "unit", "comparison"} and judged.loose <= allowed(
            (whole,)
        ):
            holders.append(window)
    if len(holders) < 2:
        return None
    reasons = []
    for wanted, wrong in wrong_quantities(whole.reading, holders[0].reading):
        if wanted and _counts_works(wanted, whole.reading, len(holders)):
            continue
        held = [outcome(wanted, window.reading.quantities) for window in holders if wanted]
        if "carried" not in held:
            reasons.append(wrong)
    return Proof(tuple((whole, window) for window in holders), tuple(dict.fromkeys(reasons)))


def _counts_works(wanted: Quantity, claim: Reading, works: int) -> bool:
    """ "In two studies", each of which is cited."""
    return wanted.value == works and _WORKS.match(claim.text, wanted.end) is not None


def _of_one_work(
    whole: Part, windows: dict[int, tuple[Window, ...]], works: Sequence[str]
) -> Proof | None:
    """A sentence that one passage carries but for numbers and plain words, which another of its work has."""
    for first, second in permutations(windows if works else (), 2):
        if works[first] != works[second]:
            continue
        one, judged = _best(whole, windows[first])
        other, _ = _best(whole, windows[second])
        elsewhere = places_in(whole.reading.text) - places_in(one.reading.text)
        if not set(judged.reasons) <= LENDABLE or other.reading.denials or elsewhere:
            continue
        joined = judge(whole.reading, read(f"{one.reading.text} {other.reading.text}"))
        if not joined.reasons and joined.loose <= allowed((whole,)):
            return Proof(((whole, one), (whole, other)), (), joined.loose)
    return None


def _plans(sentence: str, passages: int) -> Iterator[tuple[Part, ...]]:
    """The sentence cut at one joint, then at two; what frames it frames every part."""
    whole = read(sentence)
    frame = _FRAME.match(sentence)
    framing = read(frame[0]).content if frame else ()
    first = frame.end() if frame else 0
    joints = [match for match in _JOINT.finditer(sentence) if match.start() >= first]
    for cuts in range(1, min(MOST_CUTS, passages - 1, len(joints)) + 1):
        for chosen in combinations(joints[:MOST_JOINTS], cuts):
            edges = [0, *(edge for match in chosen for edge in match.span()), len(sentence)]
            spans = list(zip(edges[::2], edges[1::2], strict=True))
            if all(len(sentence[a:b].split()) > 1 for a, b in spans):
                yield tuple(
                    Part(whole.part(a, b), framing if number else ())
                    for number, (a, b) in enumerate(spans)
                )


@lru_cache(maxsize=2000)
def _windows(place: int, text: str) -> tuple[Window, ...]:
    spans = spans_of(text)
    if len(spans) == 1:
        start, end = spans[0]
        return (Window(place, start, end, read(text[start:end])),)
    pairs = [(one[0], other[1]) for one, other in pairwise(spans)]
    return tuple(Window(place, a, b, read(text[a:b])) for a, b in (*spans, *pairs))
