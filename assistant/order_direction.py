"""How near a sentence's vector lies to orders: what wordings miss, meaning may tell.

The direction was learned by `python -m evals.bench.orders` for the default embedding model; for another
model there is none, and wordings alone decide.
"""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

DIRECTION = Path(__file__).with_name("orders.json")
# From these scores on a sentence counts as an order; the examples lie at +1 and -1. Of thirty orders that
# are in no example (tests/test_orders.py) 25 have 0.25, of the hip corpus no sentence, and of other medical
# texts (SciFact, PubMedQA, MedQuAD) 0.5 to 1.5 % of the sentences.
ORDER_SCORE, QUESTION_SCORE = 0.25, 0.5


def order_scores(vectors: NDArray[np.float32], fingerprint: str) -> NDArray[np.float32]:
    """A score for each vector, shape (n, dimension) -> (n,); all below ORDER_SCORE for another model."""
    known = _direction()
    if known is None or known["model"] != fingerprint:
        return np.full(len(vectors), -1, dtype=np.float32)
    weights = np.array(known["weights"], dtype=np.float32)
    return np.asarray(vectors @ weights + np.float32(known["bias"]), dtype=np.float32)


@lru_cache(maxsize=1)
def _direction() -> dict[str, Any] | None:
    if not DIRECTION.is_file():
        return None
    found: dict[str, Any] = json.loads(DIRECTION.read_text(encoding="utf-8"))
    return found
