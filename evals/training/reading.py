"""What a cross-encoder reads of examples: the windows of their sentences, with labels or to be judged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from assistant.crossencoder import ANSWERS
from assistant.scorer.features import Floats
from assistant.scorer.windows import around, texts, windows
from evals.statistics import SEED
from evals.training.examples import Example
from evals.training.pairs import Pair

# Windows that are looked through for wrong ones, and answering ones that are added where they are not seen.
LOOKED_THROUGH, ADDED = 4, 3
# By kind of question: how many wrong windows are learned from, and what each weighs.
WRONG = {
    "there": (2, 0.5),
    "plain": (1, 0.5),
    "gone": (2, 0.5),
    "adversarial": (2, 0.7),
    "foreign": (1, 0.5),
    "near": (3, 0.6),
    "far": (3, 0.6),
}
# The weight of a question's answering windows together, how many there are at most, and which share of the
# foreign questions is learned from.
RIGHT, MOST_RIGHT, FOREIGN = 1.2, 2, 0.5
# The set whose relevant documents answer as a whole: their best window is taken to.
WHOLE = "scifact"


def to_judge(example: Example, sentences: Floats) -> list[str]:
    """The windows of an example, given the scores of its sentences."""
    found = windows(example.index, example.rows, example.seen, sentences)
    return texts(example.index, example.rows, example.seen, found)


def labelled(examples: Sequence[Example], sentences: Sequence[Floats]) -> list[Pair]:
    """Questions with their right and wrong windows, which weigh the same as far as half more does it.

    The mean weight is 1.
    """
    drawn = np.random.default_rng(SEED)
    pairs = [
        pair
        for example, scores in zip(examples, sentences, strict=True)
        if example.kind != "foreign" or drawn.random() < FOREIGN
        for pair in _of(example, scores)
    ]
    right = sum(pair.weight for pair in pairs if pair.label)
    wrong = sum(pair.weight for pair in pairs if not pair.label)
    more = min(1.5, wrong / right)
    mean = (right * more + wrong) / len(pairs)
    return [
        replace(pair, weight=pair.weight * (more if pair.label else 1.0) / mean) for pair in pairs
    ]


def _of(example: Example, scores: Floats) -> Iterator[Pair]:
    found = windows(example.index, example.rows, example.seen, scores, LOOKED_THROUGH)
    labels = [_label(example, *window) for window in found]
    right = [window for window, label in zip(found, labels, strict=True) if label == 1]
    wrong = [window for window, label in zip(found, labels, strict=True) if label == 0]
    added = (
        around(example.index, example.rows, example.seen, place)
        for place in _answering(example, scores)[:ADDED]
    )
    right = list(dict.fromkeys([*right, *added]))[: 1 if example.kind == "plain" else MOST_RIGHT]
    most, weight = WRONG[example.kind]
    for some, label, each in (
        (right, 1, RIGHT / max(len(right), 1)),
        (wrong[:most], 0, weight),
    ):
        for text in texts(example.index, example.rows, example.seen, some):
            yield Pair(example.question, text, ANSWERS, label, each)


def _label(example: Example, first: int, last: int) -> int | None:
    """1 for a window that answers, 0 for one that does not, None where nobody knows."""
    owner = int(example.seen.owners[first])
    if not example.answerable:
        return 0
    if example.sentences is not None:
        return int(example.sentences[first : last + 1].max())
    if example.known:
        return 1 if owner in example.known else None
    if example.set.startswith(WHOLE):
        return int(example.documents[owner] in example.gold)
    return None


def _answering(example: Example, scores: Floats) -> list[int]:
    """The sentences that are known to answer, or the best ones of what is."""
    if not example.answerable:
        return []
    if example.sentences is not None:
        return np.flatnonzero(example.sentences).tolist()
    owners = example.seen.owners
    if example.known:
        return np.flatnonzero(np.isin(owners, example.known)).tolist()
    best = []
    for document in dict.fromkeys(name for name in example.documents if name in example.gold):
        own = [place for place, o in enumerate(owners) if example.documents[o] == document]
        if own and example.set.startswith(WHOLE):
            best.append(max(own, key=lambda place: scores[place]))
    return best
