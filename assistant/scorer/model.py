"""The three trained models: how well a passage answers, how well a sentence does, whether any does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from assistant.scorer.features import Floats, Seen
from assistant.scorer.inputs import answer_inputs, blended, logit, passage_inputs, sentence_inputs
from assistant.scorer.tokens import WEIGHTS

MODELS = ("passages", "sentences", "answers")


class Scorer:
    """Runs the weights in `folder` on ONNX Runtime; safe to share between threads."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._sessions = {
            name: onnxruntime.InferenceSession(
                folder / f"{name}.onnx", options, providers=["CPUExecutionProvider"]
            )
            for name in MODELS
        }
        saved = json.loads((folder / "calibration.json").read_text(encoding="utf-8"))
        self._slope, self._offset = float(saved["slope"]), float(saved["offset"])
        self._risks: list[float] = saved["risks"]
        self._thresholds: list[float] = saved["thresholds"]

    def passages(self, seen: Seen) -> Floats:
        """How likely each passage answers, shape (rows,)."""
        return blended(self._run("passages", passage_inputs(seen)), seen)

    def sentences(self, seen: Seen, passages: Floats) -> Floats:
        """How likely each sentence answers, shape (numbers,), given the scores of the passages."""
        return self._run("sentences", sentence_inputs(seen, passages))

    def answer(self, seen: Seen, passages: Floats, sentences: Floats, read: Floats) -> float:
        """The calibrated probability that the passages answer the question; `read` as in `answer_inputs`."""
        raw = self._run("answers", answer_inputs(seen, passages, sentences, read))[0]
        return float(1 / (1 + np.exp(-self._slope * logit(raw) - self._offset)))

    def threshold(self, risk: float) -> float:
        """From which probability on so large a share of the questions is not answered by the corpus."""
        return float(np.interp(risk, self._risks, self._thresholds))

    def _run(self, name: str, inputs: Floats) -> Floats:
        if not len(inputs):
            return np.zeros(0, dtype=np.float32)
        (found,) = self._sessions[name].run(None, {"features": inputs.astype(np.float32)})
        return np.asarray(found[:, 0])
