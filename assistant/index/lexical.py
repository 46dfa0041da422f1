"""BM25 over stemmed words (bm25s, Lucene's variant): texts in, one score per passage out.

k1, b, stemmer and stop words are those of the measured baseline.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from assistant.index.variants import american
from assistant.topics import is_asking

K1, B = 1.5, 0.75
# Words as bm25s itself cuts them.
TOKEN = re.compile(r"\b\w\w+\b")


class LexicalIndex:
    """Scores every passage for a query, and knows how rare a word is."""

    def __init__(self, bm25: Any, count: int) -> None:
        self._bm25 = bm25
        self._count = count

    @classmethod
    def build(cls, texts: Sequence[str], cut: Callable[[str], list[str]] | None = None) -> Self:
        """Over texts that `cut` makes into words, by default `words`."""
        import bm25s

        tokens = [(cut or words)(text) for text in texts]
        if not any(tokens):  # bm25s cannot index a vocabulary of nothing
            tokens[0] = ["empty"]
        bm25 = bm25s.BM25(method="lucene", k1=K1, b=B)
        bm25.index(tokens, show_progress=False)
        return cls(bm25, len(texts))

    @classmethod
    def load(cls, folder: Path, count: int) -> Self:
        import bm25s

        return cls(bm25s.BM25.load(folder, mmap=True, load_corpus=False), count)

    def save(self, folder: Path) -> None:
        self._bm25.save(folder, show_progress=False)

    def scores(self, stems: Sequence[str]) -> NDArray[np.float32]:
        """BM25 of every passage for stemmed words, shape (passages,); 0 where none of them occurs."""
        known = [stem for stem in stems if stem in self._bm25.vocab_dict]
        if not known:
            return np.zeros(self._count, dtype=np.float32)
        return np.asarray(self._bm25.get_scores(known), dtype=np.float32)

    def document_frequency(self, word: str) -> int:
        """How many passages hold a stemmed word."""
        number = self._bm25.vocab_dict.get(word)
        if number is None:
            return 0
        starts = self._bm25.scores["indptr"]
        return int(starts[number + 1] - starts[number])

    def knows(self, word: str) -> bool:
        """True for a word of asking or one that stands in some passage."""
        if is_asking(word):
            return True
        stems = words(word)
        return not stems or any(self.document_frequency(stem) for stem in stems)

    def rarity(self, word: str) -> float:
        """Inverse document frequency of a stemmed word, log(1 + N / (1 + df))."""
        return float(np.log1p(self._count / (1 + self.document_frequency(word))))


def words(text: str) -> list[str]:
    """The stemmed words of a text, in order, without stop words: two characters or more each.

    British spellings are folded into American ones.
    """
    return _stemmed(map(american, _cut(text)))


def words_as_written(text: str) -> list[str]:
    """`words` with spellings as they are, as the measured baseline has them."""
    return _stemmed(_cut(text))


def _cut(text: str) -> list[str]:
    from bm25s.stopwords import STOPWORDS_EN

    return [word for word in TOKEN.findall(text.lower()) if word not in STOPWORDS_EN]


def _stemmed(found: Iterable[str]) -> list[str]:
    stems: list[str] = _stemmer().stemWords(list(found))
    return stems


@lru_cache(maxsize=1)
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")
