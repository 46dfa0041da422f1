"""True and false sentences with their evidence: what the cross-encoder learns of carrying."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.crossencoder import CARRIES
from assistant.index.reader import Index
from evals.grounding import corruptions, sentences
from evals.grounding.sentences import TrueSentence, true_sentences
from evals.grounding.written import Written, is_held_back
from evals.statistics import SEED
from evals.training.pairs import Pair

# The fifth is left out: nobody who mends the check has read it.
LEARNED = (
    sentences.DATA,
    sentences.SECOND,
    sentences.THIRD,
    sentences.FOURTH,
    sentences.DEVELOPMENT,
)
LISTS = (corruptions.FOURTH, corruptions.THIRD, corruptions.SECOND, corruptions.DATA)
# What the program makes false of one sentence that has false ones written for it, and of one that has none.
OF_WRITTEN, OF_OTHERS = 2, 5
# Notes that carry themselves, of at most so many words.
VERBATIM, WORDS = 500, 70


def carried_pairs(index: Index, sentences_written: Sequence[Written]) -> list[Pair]:
    """Sentences with their notes, of no document that is held back or of the fifth part.

    True and false ones weigh the same together, and the mean weight is 1.
    """
    pairs = list(_pairs(index, sentences_written))
    true = sum(pair.label for pair in pairs)
    more = (len(pairs) - true) / true
    mean = 2 * (len(pairs) - true) / len(pairs)
    return [replace(pair, weight=(more if pair.label else 1.0) / mean) for pair in pairs]


def evidence(passages: Sequence[str], texts: Mapping[str, str]) -> str:
    """The notes together."""
    return " ".join(texts[passage] for passage in passages)


def _pairs(index: Index, sentences_written: Sequence[Written]) -> Iterator[Pair]:
    texts = {passage.id: passage.text for passage in index.passages}
    maker = corruptions.Maker(index, LISTS)

    def labelled(text: str, passages: Sequence[str], label: int) -> Pair:
        return Pair(text, evidence(passages, texts), CARRIES, label)

    def made_false(true: TrueSentence, most: int) -> Iterator[Pair]:
        """At most so many, of different kinds."""
        chance = random.Random(f"{SEED}|{true.id}")
        found = []
        for kind in corruptions.KINDS:
            made = [one for one in maker.made(kind, true) if texts.keys() >= {*one.passages}]
            found += [chance.choice(made)] if made else []
        for one in chance.sample(found, min(most, len(found))):
            yield labelled(one.text, one.passages, 0)

    for path in LEARNED:
        for true in true_sentences(texts, path):
            if not is_held_back(true.passages[0]):
                yield labelled(true.text, true.passages, 1)
                yield from made_false(true, OF_OTHERS)
    for number, row in enumerate(sentences_written):
        if row.held_back:
            continue
        yield labelled(row.text, row.passages, int(row.true))
        if row.true:
            name, own = f"written-{number}", [*row.passages]
            true = TrueSentence(
                id=name, kind="rephrased", part="fourth", text=row.text, passages=own
            )
            yield from made_false(true, OF_WRITTEN)
    unseen = {
        p.partition("#")[0] for t in true_sentences(texts, sentences.FIFTH) for p in t.passages
    }
    short = [
        passage.id
        for passage in index.passages
        if passage.document_id not in unseen
        and not is_held_back(passage.id)
        and len(passage.text.split()) < WORDS
    ]
    for name in random.Random(SEED).sample(short, min(VERBATIM, len(short))):
        yield labelled(texts[name], [name], 1)
