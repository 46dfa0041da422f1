"""What an answer leaves open: words that the corpus does not use, people and parts not spoken of."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.conversation import Query
from assistant.engines import Composition
from assistant.index.reader import Index
from assistant.parts import wants_of
from assistant.people import people_in
from assistant.types import Notice


def not_covered(query: Query, composition: Composition, index: Index) -> Iterator[Notice]:
    """Notices that stand before the sentences; none when they cover what was asked."""
    if composition.missing:
        listed = ", ".join(f"“{word}”" for word in composition.missing)
        yield Notice("not-covered", f"The corpus does not use the word {listed}.")
    quoted = " ".join(
        f"{pick.passage.text} {index.documents[pick.passage.document_id].get('title', '')}"
        for pick in composition.picks
    )
    for name in query.filters.populations:
        if name not in people_in(quoted):
            yield Notice("not-covered", f"None of the sentences quoted here speaks of {name}.")
    said = [
        f"{passage.text} {index.documents[passage.document_id].get('title', '')}"
        for pick in composition.picks
        for passage, _, _ in pick.places
    ]
    for want in wants_of(query.question):
        unknown = any(word.lower() in want.name.lower() for word in composition.missing)
        if not unknown and not any(want.is_met(text) for text in said):
            yield Notice(
                "not-covered", f"None of the sentences quoted here speaks of this: “{want.name}”."
            )
