"""What a sentence takes from its document, or from the passages that it rests on when it names some."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from assistant.evidence import is_withdrawn, mark_of, rank_of, same_data_pairs
from assistant.index.reader import Index
from assistant.types import Passage


class Support:
    """Evidence level, marks, withdrawal and origin of the passages of `index`."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._same: dict[str, set[str]] = defaultdict(set)
        for document_id, metadata in index.documents.items():
            for one, other in same_data_pairs(document_id, metadata):
                self._same[one].add(other)
                self._same[other].add(one)

    def passages(self, passage: Passage) -> list[Passage]:
        """The passages that a passage rests on; an index is not built when one is missing."""
        return [self._index.passages[self._index.row_of[key]] for key in passage.rests_on]

    def same_data(self, passage: Passage) -> list[Passage]:
        """The passages that report the data of a passage, or of those that it rests on."""
        ids = {
            other for own in (passage.id, *passage.rests_on) for other in self._same.get(own, ())
        }
        return [self._index.passages[self._index.row_of[key]] for key in sorted(ids)]

    def rank(self, passage: Passage) -> int:
        """Place on the evidence scale, 0 for the strongest, of the best work behind a passage."""
        return min(rank_of(metadata) for metadata in self._works(passage))

    def withdrawn(self, passage: Passage) -> bool:
        """True when every work behind a passage was retracted or superseded."""
        return all(is_withdrawn(metadata) for metadata in self._works(passage))

    def mark(self, passage: Passage, text: str) -> str | None:
        """The mark of a sentence; of one that rests on others, the mark that they all have."""
        marks = {mark_of(metadata, text) for metadata in self._works(passage)}
        return marks.pop() if len(marks) == 1 else None

    def _works(self, passage: Passage) -> list[Mapping[str, Any]]:
        behind = self.passages(passage) or [passage]
        return [self._index.documents[member.document_id] for member in behind]
