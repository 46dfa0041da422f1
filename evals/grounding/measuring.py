"""What the grounding check says of our own true and false sentences, counted by part and kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.grounding import Carries, Verdict, check
from assistant.index.reader import Index
from assistant.types import Passage
from evals.grounding import corruptions, sentences
from evals.grounding.corruptions import Corruption
from evals.grounding.sentences import TrueSentence
from evals.grounding.written import TRUE, Written, written

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

    of: TrueSentence | Corruption | Written
    verdict: Verdict

    @property
    def kind(self) -> str:
        return TRUE if isinstance(self.of, TrueSentence) else self.of.kind

    @property
    def is_right(self) -> bool:
        return self.verdict.supported == (self.kind == TRUE)


def checked(index: Index, carries: Carries) -> Iterator[Checked]:
    """Every true sentence and every corruption; an unknown passage is no passage."""
    known = {passage.id: passage for passage in index.passages}
    for path, lists in SETS:
        true = sentences.true_sentences(known, path)
        both: list[TrueSentence | Corruption] = [*true]
        both += corruptions.corruptions(true, index, lists)
        yield from (_checked(one, known, carries) for one in both)


def checked_written(index: Index, carries: Carries) -> Iterator[Checked]:
    """The sentences in free words that are held back, true ones and false ones."""
    known = {passage.id: passage for passage in index.passages}
    for one in written(known):
        if one.held_back:
            yield _checked(one, known, carries)


def _checked(
    one: TrueSentence | Corruption | Written, known: Mapping[str, Passage], carries: Carries
) -> Checked:
    passages = [known[passage] for passage in one.passages if passage in known]
    texts, works = [p.text for p in passages], [p.work for p in passages]
    return Checked(one, check(one.text, texts, works=works, carries=carries))


Counts = Mapping[tuple[str, str], tuple[int, int]]


def counts(found: Sequence[Checked]) -> Counts:
    """(part, kind) -> (how many were judged right, how many there are)."""
    total = Counter((one.of.part, one.kind) for one in found)
    right = Counter((one.of.part, one.kind) for one in found if one.is_right)
    return {key: (right[key], total[key]) for key in total}
