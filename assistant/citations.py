"""Numbers for the works that an answer cites, in the order in which they are first cited."""

from __future__ import annotations

from assistant.engines import Pick
from assistant.index.reader import Index
from assistant.types import Citation, Passage, Reference, Sentence


class Numbering:
    """Gives each document one number; `references` holds those that were cited and no other."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._numbers: dict[str, int] = {}

    def cite(self, passage: Passage, start: int, end: int) -> Citation:
        """A citation of characters `start:end` of the passage's document."""
        number = self._numbers.setdefault(passage.document_id, len(self._numbers) + 1)
        return Citation(number, passage, start, end)

    def sentence(self, pick: Pick) -> Sentence:
        """The picked quote as a sentence; a model's wording of it keeps the quote as its citation."""
        first = self.cite(pick.passage, pick.start, pick.end)
        return Sentence(
            text=first.quote if pick.text is None else pick.text,
            citations=(first, *(self.cite(*place) for place in pick.also)),
            lead=pick.lead,
            mark=pick.mark,
            support=pick.support,
        )

    @property
    def references(self) -> tuple[Reference, ...]:
        return tuple(self._reference(number, key) for key, number in self._numbers.items())

    def _reference(self, number: int, document_id: str) -> Reference:
        metadata = self._index.documents[document_id]
        return Reference(
            number=number,
            document_id=document_id,
            title=str(metadata.get("title", document_id)),
            authors=tuple(metadata.get("authors", ())),
            year=metadata.get("year"),
            journal=_text(metadata.get("journal")),
            doi=_text(metadata.get("doi")),
            pmid=_text(metadata.get("pmid")),
            url=_text(metadata.get("url")),
            type=str(metadata.get("type", "document")),
            evidence_level=str(metadata.get("evidence_level", "not graded")),
            basis=str(metadata.get("basis", "full text")),
        )


def _text(value: object) -> str | None:
    return None if value is None else str(value)
