"""What is seen of a question -> the columns that each of the three models takes."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.scorer.features import PASSAGE, Floats, Seen
from assistant.scorer.windows import WINDOWS

# How much the hybrid's score counts beside a passage's, in logits from the middle of its range: of 0 to 6
# the best on the training parts, where the trees alone overrate what matches word for word.
HYBRID, MIDDLE = 2.0, 0.5
# The passages, best first, that tell whether a question is answered at all.
TOP = 5
# The logit of a window where there is none.
NOTHING_READ = -6.0
# What a passage gains, in logits, for each of the log odds above these that its best window answers: of 0.1
# to 0.5, from -5 to -2, the best on the questions of the training parts.
GAINED, ANSWERING = 0.3, -2.0
# Features that mean the same in any corpus; ranks within the candidates say nothing of an answer.
ABSOLUTE = tuple(
    place
    for place, name in enumerate(PASSAGE)
    if name not in ("dense", "lexical", "hybrid", "document", "document 3", "neighbour", "terms")
)


def passage_inputs(seen: Seen) -> Floats:
    """Of each passage its features, and how far each is behind the best; shape (rows, 2 PASSAGE)."""
    return _beside_best(seen.passages)


def blended(passages: Floats, seen: Seen) -> Floats:
    """The scores of passages, shape (rows,), with the hybrid's beside them."""
    hybrid = seen.passages[:, PASSAGE.index("hybrid")]
    return np.asarray(1 / (1 + np.exp(-logit(passages) - HYBRID * (hybrid - MIDDLE))))


def reread(
    passages: Floats, seen: Seen, windows: Sequence[tuple[int, int]], read: Floats
) -> Floats:
    """The scores of passages, shape (rows,), dealt anew with what the cross-encoder says of their windows.

    A stretch that does not answer says little of the passage around it, so that only gains count. The best
    passage gets the best score that there was: a score that grew would leave little to the others.
    """
    gained = np.zeros(len(passages), dtype=np.float32)
    for (first, _), odds in zip(windows, read.tolist(), strict=True):
        owner = int(seen.owners[first])
        gained[owner] = max(gained[owner], odds - ANSWERING)
    order = np.argsort(-(logit(passages) + GAINED * gained), kind="stable")
    dealt = np.empty_like(passages)
    dealt[order] = np.sort(passages)[::-1]
    return dealt


def sentence_inputs(seen: Seen, passages: Floats) -> Floats:
    """Of each sentence the same, and the score of its passage, of shape (rows,)."""
    own = passages[seen.owners][:, None]
    return np.hstack([_beside_best(seen.sentences), own, own - passages.max(initial=0.0)])


def answer_inputs(seen: Seen, passages: Floats, sentences: Floats, read: Floats) -> Floats:
    """Of the question: the scores of its best passages and sentences, shape (1, columns).

    `read` are the cross-encoder's logits of its windows, those of the best sentences first.
    """
    order = np.argsort(-passages, kind="stable")[:TOP]
    best = np.sort(sentences)[::-1] if len(sentences) else np.zeros(1, dtype=np.float32)
    aligned = seen.alignment
    together = aligned.passages[:, order].max(axis=1)
    columns = [
        *_padded(logit(passages[order]), TOP),
        *_padded(logit(best), 3),
        *seen.passages[order[0], ABSOLUTE],
        *seen.passages[order][:, ABSOLUTE].max(axis=0),
        float(aligned.weights @ together),
        *_padded(np.sort(together), 2),
        float(seen.sentences[:, 1].max(initial=0.0)),
        float(seen.sentences[:, 4].max(initial=0.0)),
        float(seen.sentences[:, 5].max(initial=0.0)),
        float(seen.sentences[:, 6].max(initial=0.0)),
        seen.unknown,
        len(together),
        *_of_windows(read),
    ]
    return np.array([columns], dtype=np.float32)


def _of_windows(read: Floats) -> list[float]:
    """The logit of the best sentence's window, all from high to low, and that of any of them."""
    if not len(read):
        return [NOTHING_READ] * (WINDOWS + 2)
    padded = np.append(read, [read.min()] * (WINDOWS - len(read)))
    return [float(read[0]), *np.sort(padded)[::-1].tolist(), float(np.logaddexp.reduce(padded))]


def _beside_best(features: Floats) -> Floats:
    best = features.max(axis=0, initial=-np.inf) if len(features) else 0.0
    return np.hstack([features, features - best])


def logit(probabilities: NDArray[np.float32]) -> Floats:
    """Of probabilities, kept off 0 and 1."""
    clipped = np.clip(probabilities, 1e-5, 1 - 1e-5)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _padded(values: Floats, count: int) -> list[float]:
    found = [float(value) for value in values[:count]]
    return found + [found[-1] if found else 0.0] * (count - len(found))
