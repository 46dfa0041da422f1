"""Writes the weights: three ONNX files, and how scores become probabilities and risks thresholds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.scorer.inputs import logit
from evals.training.examples import Example
from evals.training.fit import Models, Scores, calibration, expected
from evals.training.trees import write

# Accepted risks that have a threshold; between two it lies between theirs.
RISKS = np.round(np.arange(0.01, 0.51, 0.01), 2)


def save(
    models: Models, examples: Sequence[Example], scores: Sequence[Scores], folder: Path
) -> None:
    """Into `folder`, from models and the scores of held-back folds."""
    write(models.passages, folder / "passages.onnx")
    write(models.sentences, folder / "sentences.onnx")
    answers = models.answers
    weights = answers.line.coef_[0] / answers.scaling.scale_
    bias = float(answers.line.intercept_[0] - weights @ answers.scaling.mean_)
    write(answers.trees, folder / "answers.onnx", (weights, bias))
    slope, offset = calibration(examples, scores)
    logits = logit(np.array([score.answer for score in scores]))
    probabilities = 1 / (1 + np.exp(-slope * logits - offset))
    answerable = np.array([example.answerable for example in examples])
    found = thresholds(probabilities, answerable, expected(examples))
    saved = {
        "slope": round(slope, 5),
        "offset": round(offset, 5),
        "risks": RISKS.tolist(),
        "thresholds": [round(float(threshold), 5) for threshold in found],
    }
    text = json.dumps(saved, indent=1) + "\n"
    (folder / "calibration.json").write_text(text, encoding="utf-8")


def thresholds(
    probabilities: NDArray[np.float64], answerable: NDArray[np.bool_], weights: NDArray[np.float32]
) -> NDArray[np.float64]:
    """For each of RISKS the lowest probability from which on so few of the questions are unanswerable."""
    order = np.argsort(-probabilities, kind="stable")
    wrong = np.cumsum(weights[order] * ~answerable[order]) / np.cumsum(weights[order])
    # Questions of one probability are accepted together.
    last = np.append(np.diff(probabilities[order]) != 0, True)
    found = []
    for risk in RISKS:
        kept = np.flatnonzero(last & (wrong <= risk))
        found.append(probabilities[order][kept[-1]] if len(kept) else 1.0)
    return np.array(found)
