"""What the grounding check says of our own true and false sentences, counted by part and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.grounding import Embed, Verdict, check
from assistant.index.reader import Index
from evals.grounding import corruptions, sentences
from evals.grounding.corruptions import Corruption
from evals.grounding.sentences import Part, TrueSentence

# How the count of true sentences is called among the kinds of false ones.
TRUE = "true"
EARLIER = (corruptions.SECOND, corruptions.DATA)
# Each file of sentences with the lists that make them false.
SETS = (
    (sentences.DATA, (corruptions.DATA,)),
    (sentences.SECOND, EARLIER),
    (sentences.THIRD, (corruptions.THIRD, *EARLIER)),
    (sentences.FOURTH, (corruptions.FOURTH, corruptions.THIRD, *EARLIER)),
    (sentences.FIFTH, (corruptions.FIFTH, corruptions.THIRD, *EARLIER)),
)


@dataclass(frozen=True, slots=True)
class Checked:
    """A sentence with what the check found; `is_right` for true ones supported and false ones not."""

    of: TrueSentence | Corruption
    verdict: Verdict

    @property
    def kind(self) -> str:
        return self.of.kind if isinstance(self.of, Corruption) else TRUE

    @property
    def is_right(self) -> bool:
        return self.verdict.supported == (self.kind == TRUE)


def checked(index: Index, embed: Embed) -> Iterator[Checked]:
    """Every true sentence and every corruption; an unknown passage is no passage."""
    known = {passage.id: passage for passage in index.passages}
    embed = _each_text_once(embed)
    for path, lists in SETS:
        true = sentences.true_sentences(known, path)
        both: list[TrueSentence | Corruption] = [*true]
        both += corruptions.corruptions(true, index, lists)
        for one in both:
            passages = [known[passage] for passage in one.passages if passage in known]
            texts, works = [p.text for p in passages], [p.work for p in passages]
            yield Checked(one, check(one.text, texts, embed, works))


def _each_text_once(embed: Embed) -> Embed:
    """The same vectors: a sentence and what is made of it rest on the same passages."""
    known: dict[str, NDArray[np.float32]] = {}

    def embedded(texts: Sequence[str]) -> NDArray[np.float32]:
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, embed(new), strict=True) if new else ())
        return np.array([known[text] for text in texts])

    return embedded


Counts = Mapping[tuple[Part, str], tuple[int, int]]


def counts(found: Sequence[Checked]) -> Counts:
    """(part, kind) -> (how many were judged right, how many there are)."""
    total = Counter((one.of.part, one.kind) for one in found)
    right = Counter((one.of.part, one.kind) for one in found if one.is_right)
    return {key: (right[key], total[key]) for key in total}
