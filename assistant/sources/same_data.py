"""Notes of two works may report the same data: `same_data_as` in front matter says so, note by note.

    same_data_as:
      findings/2: scire-ho#findings/5

An answer quotes only one of the two, and nothing in the corpus may count them as two sources.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

from langchain_core.documents import Document

from assistant.evidence import same_data_pairs
from assistant.types import Passage


def same_data_problems(
    documents: Sequence[Document],
    passages: Sequence[Passage],
    judgements: Mapping[str, Sequence[Mapping[str, Any]]],
) -> Iterator[str]:
    """A line for each pair that is not there, and wherever a pair stands as two sources."""
    by_id = {passage.id for passage in passages}
    known: set[frozenset[str]] = set()
    for document in documents:
        source = document.metadata["source"]
        if not isinstance(document.metadata.get("same_data_as", {}), dict):
            yield f"{source}: same_data_as is not a mapping of notes to ids of notes"
            continue
        for pair in same_data_pairs(str(document.id), document.metadata):
            known.add(frozenset(pair))
            yield from (
                f"{source}: same_data_as names {name}, which does not exist"
                for name in pair
                if name not in by_id
            )
    together: dict[str, Sequence[str]]
    together = {f"the sentence {p.id}": p.rests_on for p in passages if p.rests_on}
    for disagreement in judgements["disagreements"]:
        for side in disagreement["sides"]:
            name = f"disagreements.yaml: {disagreement['id']}, a side of it,"
            together[f"{name} {side['position'][:40]!r}"] = [fact[0] for fact in side["facts"]]
    for name, ids in together.items():
        for pair in combinations(ids, 2):
            if frozenset(pair) in known:
                yield f"{name} rests on {' and '.join(pair)}, which report the same data; name one"
