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
from math import exp, log1p
from pathlib import Path
from typing import Any

import numpy as np

from assistant.embeddings import Vectors
from assistant.grounding.carrying import uncovered, wrong_quantities
from assistant.grounding.denials import wrong_denials
from assistant.grounding.directions import compared
from assistant.grounding.everyday import rarity
from assistant.grounding.reading import Reading, read

# What each feature is, in the order of the weights. Shares are from 0 to 1.
FEATURES = {
    "coverage": "share of the naming words that some sentence names, by rarity",
    "coverage of one": "the same for the best single sentence",
    "coverage of two": "the same for the best sentence and one other",
    "words": "share of all words that stand in the passages",
    "new words": "log of 1 + words that do not",
    "pairs": "share of neighbouring words that are neighbours there",
    "triples": "share of three words in a row that are in a row there",
    "run": "longest stretch of words that stands there, as a share of the sentence",
    "rarest": "rarity of the rarest naming word that no sentence has",
    "names": "share of names inside the sentence that stand there",
    "numbers": "share of quantities that some passage carries",
    "denial": "1 when the best sentence denies otherwise",
    "direction": "1 when the best sentence goes the other way",
    "unsaid": "directions that the best sentence does not have",
    "length": "log of 1 + words",
    "passages": "log of 1 + sentences in the passages",
    "question": "1 for a question",
    "talk": "1 for a sentence that says I or you",
    "nearest": "cosine of the nearest sentence",
    "second": "cosine of the second nearest",
    "near": "mean cosine of the three nearest",
}
OF_VECTORS = ("nearest", "second", "near")

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
    sentence: str,
    spans: Sequence[str],
    vector: Vectors | None = None,
    vectors: Vectors | None = None,
) -> dict[str, float]:
    """The features of a sentence over the sentences of its passages.

    `vector`, of shape (dimension,), and `vectors`, of shape (len(spans), dimension), have length 1; without
    them the features of OF_VECTORS are left out. Raises ValueError without spans.
    """
    if not spans:
        raise ValueError("features need at least one sentence of a passage")
    reading, windows = read(sentence), [read(span) for span in spans]
    found = _of_words(reading, windows) | _of_text(sentence, spans)
    if vector is not None and vectors is not None:
        cosines = np.sort(vectors @ vector)[::-1]
        found["nearest"] = float(cosines[0])
        found["second"] = float(cosines[min(1, len(cosines) - 1)])
        found["near"] = float(cosines[:3].mean())
    return found


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
        "rarest": max((rare[stem] for stem in nowhere), default=0.0),
        "numbers": 1 - len(numbers) / count if count else 1.0,
        "denial": float(wrong_denials(reading, windows[best])),
        "direction": float(clash),
        "unsaid": float(unsaid),
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
    longest, ending = 0, {}
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
