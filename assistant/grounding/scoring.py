"""How well passages carry a sentence, as one number: a logistic regression over a few readable features.

The weights in weights.json are fitted by `python -m evals.bench.grounding_weights` and only read here. The
score ranks; whether a sentence is supported, `check` decides with the exact checks first.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import exp, expm1, log1p
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embeddings import Vectors
from assistant.grounding.carrying import uncovered, wrong_quantities
from assistant.grounding.denials import wrong_denials
from assistant.grounding.directions import compared
from assistant.grounding.everyday import rarity
from assistant.grounding.reading import Reading, read
from assistant.index.lexical import words

# What each feature is, in the order of the weights. Shares are from 0 to 1.
FEATURES = {
    "coverage": "share of the naming words that some sentence names, by rarity",
    "coverage of one": "the same for the best single sentence",
    "coverage of two": "the same for the best sentence and one other",
    "words": "share of all words that stand in the passages",
    "new words": "log of 1 + words that do not",
    "stems": "share of stemmed words, without stop words, that stand in the passages",
    "missing": "log of 1 + naming words that no sentence has",
    "pairs": "share of neighbouring words that are neighbours there",
    "triples": "share of three words in a row that are in a row there",
    "run": "longest stretch of words that stands there, as a share of the sentence",
    "rarest": "rarity of the rarest naming word that no sentence has",
    "names": "share of names inside the sentence that stand there",
    "numbers": "share of quantities that some passage carries",
    "denial": "1 when the best sentence denies otherwise",
    "direction": "1 when the best sentence goes the other way",
    "unsaid": "log of 1 + directions that the best sentence does not have",
    "length": "log of 1 + words",
    "passages": "log of 1 + sentences in the passages",
    "question": "1 for a question",
    "talk": "1 for a sentence that says I or you",
    "least coverage": "coverage of the worst covered sentence",
    "least pairs": "pairs of the sentence that has the fewest",
    "sentences": "log of sentences",
    "nearest": "cosine of the nearest sentence",
    "second": "cosine of the second nearest",
    "near": "mean cosine of the three nearest",
}
OF_VECTORS = ("nearest", "second", "near")
# Logs of counts, which add up.
COUNTS = ("new words", "missing", "length")

_TALK = re.compile(
    r"\b(?:i|i'm|i've|i'd|my|me|mine|we|our|you|your|yes|yeah|oh|hi|hello|wow|thanks|thank|sorry)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Weights:
    """`intercept` plus the sum of weight times feature is the log odds of being supported."""

    intercept: float
    weights: Mapping[str, float]

    def score(self, features: Mapping[str, float]) -> float:
        """From 0 to 1, rounded to 4 decimals."""
        total = self.intercept + sum(w * features[name] for name, w in self.weights.items())
        return round(1 / (1 + exp(-max(-60.0, min(60.0, total)))), 4)


def features(
    own: Sequence[str],
    spans: Sequence[str],
    vectors: Vectors | None = None,
    theirs: Vectors | None = None,
) -> dict[str, float]:
    """The features of a text's sentences `own`, most often one, over the sentences of its passages.

    `vectors`, of shape (len(own), dimension), and `theirs`, of shape (len(spans), dimension), have length
    1; without them the features of OF_VECTORS are left out. Of several sentences shares have a mean, the
    longer the more, and counts add up. Raises ValueError without sentences or spans.
    """
    if not own or not spans:
        raise ValueError("features need a sentence, and a sentence of a passage")
    windows = [read(span) for span in spans]
    found = [_of_words(read(text), windows) | _of_text(text, spans) for text in own]
    if vectors is not None and theirs is not None:
        for one, vector in zip(found, vectors, strict=True):
            one |= _of_cosines(np.sort(theirs @ vector)[::-1])
    sizes = np.array([1 + expm1(one["length"]) for one in found])
    together = {
        name: float(np.average([one[name] for one in found], weights=sizes)) for name in found[0]
    }
    for name in COUNTS:
        together[name] = log1p(sum(expm1(one[name]) for one in found))
    stems = frozenset(words(" ".join(own)))
    known = frozenset(words(" ".join(spans)))
    together["stems"] = len(stems & known) / len(stems) if stems else 0.0
    together["least coverage"] = min(one["coverage"] for one in found)
    together["least pairs"] = min(one["pairs"] for one in found)
    together["sentences"] = log1p(len(own) - 1)
    return together


def _of_cosines(cosines: Vectors) -> dict[str, float]:
    return {
        "nearest": float(cosines[0]),
        "second": float(cosines[min(1, len(cosines) - 1)]),
        "near": float(cosines[:3].mean()),
    }


def _of_words(reading: Reading, windows: Sequence[Reading]) -> dict[str, float]:
    rare = {word.stem: rarity(word.stem) for word in reading.content}
    total = sum(rare.values()) or 1.0
    missing = [frozenset(word.stem for word in uncovered(reading, window)) for window in windows]
    best = min(range(len(windows)), key=lambda place: (_sum(missing[place], rare), place))
    nowhere = frozenset.intersection(*missing)
    whole = read(" ".join(window.text for window in windows))
    numbers = [wanted for wanted, _ in wrong_quantities(reading, whole) if wanted is not None]
    clash, unsaid = compared(reading, windows[best])
    count = len(reading.quantities)
    return {
        "coverage": 1 - _sum(nowhere, rare) / total,
        "coverage of one": 1 - _sum(missing[best], rare) / total,
        "coverage of two": 1 - min(_sum(missing[best] & other, rare) for other in missing) / total,
        "missing": log1p(len(nowhere)),
        "rarest": max((rare[stem] for stem in nowhere), default=0.0),
        "numbers": 1 - len(numbers) / count if count else 1.0,
        "denial": float(wrong_denials(reading, windows[best])),
        "direction": float(clash),
        "unsaid": log1p(unsaid),
    }


def _of_text(sentence: str, spans: Sequence[str]) -> dict[str, float]:
    own, theirs = _tokens(sentence), _tokens(" ".join(spans))
    known = set(theirs)
    new = sum(token not in known for token in own)
    names = re.findall(r"(?<=[\w,;:)] )(?:[A-Z]\w+|\w*\d\w*)", sentence)
    return {
        "words": 1 - new / max(len(own), 1),
        "new words": log1p(new),
        "pairs": _in_a_row(own, theirs, 2),
        "triples": _in_a_row(own, theirs, 3),
        "run": _longest_run(own, theirs) / max(len(own), 1),
        "names": sum(name.lower() in known for name in names) / len(names) if names else 1.0,
        "length": log1p(len(own)),
        "passages": log1p(len(spans)),
        "question": float("?" in sentence),
        "talk": float(bool(_TALK.search(sentence))),
    }


def _sum(stems: frozenset[str], rare: Mapping[str, float]) -> float:
    return sum(rare[stem] for stem in stems)


@lru_cache(maxsize=4000)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(token.lower() for token in re.findall(r"\w+", text))


def _in_a_row(own: Sequence[str], theirs: Sequence[str], count: int) -> float:
    rows = list(zip(*(own[place:] for place in range(count)), strict=False))
    held = set(zip(*(theirs[place:] for place in range(count)), strict=False))
    if not rows:
        return float(set(own) <= set(theirs))
    return sum(row in held for row in rows) / len(rows)


def _longest_run(own: Sequence[str], theirs: Sequence[str]) -> int:
    """The length of the longest common stretch of tokens."""
    places: dict[str, list[int]] = {}
    for place, token in enumerate(theirs):
        places.setdefault(token, []).append(place)
    longest = 0
    ending: dict[int, int] = {}
    for token in own:
        ending = {place: ending.get(place - 1, 0) + 1 for place in places.get(token, ())}
        longest = max(longest, *ending.values(), 0)
    return longest


@lru_cache(maxsize=1)
def _file() -> dict[str, Any]:
    text = Path(__file__).with_name("weights.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


@lru_cache(maxsize=4)
def weights(name: str) -> Weights:
    """`with vectors` or `words only`, fitted on every row there was."""
    return _weights(_file()[name])


@lru_cache(maxsize=1)
def fold_weights() -> tuple[Weights, ...]:
    """With vectors; each fitted without one fold of the third-party rows, for measuring on that fold."""
    return tuple(_weights(fold) for fold in _file()["folds"])


def _weights(written: Mapping[str, Any]) -> Weights:
    return Weights(written["intercept"], written["weights"])
