"""Fits the weights of the grounding score: one logistic regression over third-party rows.

A row's fold is that of its article: rows that share a context or a text, directly or through others, are in
one fold. For each fold there are weights that saw no row of it, and measuring uses those. The settings are
plain ones and were not searched.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from assistant.grounding.scoring import FEATURES, OF_VECTORS

FOLDS = 5
# Of the penalty; larger is looser.
C = 0.1


@dataclass(frozen=True, slots=True)
class Fitted:
    """A set of rows: features by name, whether supported, and the fold of each."""

    name: str
    features: tuple[Mapping[str, float], ...]
    supported: tuple[bool, ...]
    folds: tuple[int, ...]


def folds_of(rows: Sequence[tuple[str, str]]) -> tuple[int, ...]:
    """The fold of each (context, text), by the least hash of all that hang together."""
    parent: dict[str, str] = {}

    def root(key: str) -> str:
        parent.setdefault(key, key)
        while parent[key] != key:
            parent[key] = parent[parent[key]]
            key = parent[key]
        return key

    keys = [(_hash("context", context), _hash("text", text)) for context, text in rows]
    for one, other in keys:
        low, high = sorted((root(one), root(other)))
        parent[high] = low
    return tuple(int(root(one), 16) % FOLDS for one, _ in keys)


def fitted_weights(sets: Sequence[Fitted]) -> dict[str, Any]:
    """What weights.json holds."""
    return {
        "fitted on": {one.name: len(one.supported) for one in sets},
        "features": FEATURES,
        "with vectors": _fit(sets, tuple(FEATURES)),
        "words only": _fit(sets, tuple(name for name in FEATURES if name not in OF_VECTORS)),
        "folds": [_fit(sets, tuple(FEATURES), without=fold) for fold in range(FOLDS)],
    }


def _fit(
    sets: Sequence[Fitted], names: Sequence[str], without: int | None = None
) -> dict[str, Any]:
    """Weights on the features' own scale; a set weighs as the square root of its rows."""
    from sklearn.linear_model import LogisticRegression
    from sklearn.preprocessing import StandardScaler

    table, labels, weights = [], [], []
    for one in sets:
        rows = [place for place, fold in enumerate(one.folds) if fold != without]
        table += [[one.features[place][name] for name in names] for place in rows]
        labels += [one.supported[place] for place in rows]
        weights += [len(rows) ** -0.5] * len(rows)
    scaler = StandardScaler().fit(np.array(table))
    weight = np.array(weights) * len(weights) / np.sum(weights)
    model = LogisticRegression(C=C, max_iter=5000).fit(
        scaler.transform(np.array(table)), np.array(labels), sample_weight=weight
    )
    slopes = model.coef_[0] / scaler.scale_
    intercept = float(model.intercept_[0] - (slopes * scaler.mean_).sum())
    return {
        "intercept": round(intercept, 4),
        "weights": {
            name: round(float(slope), 4) for name, slope in zip(names, slopes, strict=True)
        },
    }


def _hash(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}|{text}".encode()).hexdigest()
