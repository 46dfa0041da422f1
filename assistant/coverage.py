"""What an answer leaves open: words that the corpus does not use, things, people and parts not spoken of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from assistant.conversation import Query
from assistant.engines import Composition, Pick
from assistant.engines.terms import stems_of
from assistant.grounding.reading import read
from assistant.index.lexical import words
from assistant.index.reader import Index
from assistant.parts import wants_of
from assistant.people import people_in
from assistant.synonyms import alternatives
from assistant.topics import GENERAL, content_words, topic_words
from assistant.types import Notice, Passage

UNSPOKEN = "None of the sentences quoted here speaks of"
# Endings under which a rare word may be an everyday one.
INFLECTED = re.compile(r"(?:'s|s|es|est|ed|ing)$")
INNER_CAPITAL = re.compile(r"\B[A-Z]")


def not_covered(
    query: Query, composition: Composition, index: Index, is_common: Callable[[str], bool]
) -> Iterator[Notice]:
    """Notices that stand before the sentences; none when they cover what was asked.

    `is_common` tells everyday words.
    """
    missing = composition.missing
    if missing:
        listed = ", ".join(f"“{word}”" for word in missing)
        yield Notice("not-covered", f"The corpus does not use the word {listed}.")
    said = [_with_headings(passage, index) for pick in composition.picks for passage in _of(pick)]
    together = " ".join(said)
    people = [name for name in query.filters.populations if name not in people_in(together)]
    parts = [
        want.name
        for want in wants_of(query.question)
        if not any(word.lower() in want.name.lower() for word in missing)
        and not any(map(want.is_met, said))
    ]
    things = [
        word
        for word in _unnamed(query.question, together, is_common)
        if word not in missing and not people_in(word) and not any(word in part for part in parts)
    ]
    for name in people:
        yield Notice("not-covered", f"{UNSPOKEN} {name}.")
    for part in parts:
        yield Notice("not-covered", f"{UNSPOKEN} this: “{part}”.")
    if things:
        listed = " or ".join(f"“{word}”" for word in things)
        yield Notice("not-covered", f"{UNSPOKEN} {listed}.")


def unspoken(question: str, picks: Sequence[Pick], index: Index) -> tuple[str, ...]:
    """What a question names where no quoted sentence speaks of any of it; empty where one does.

    Everyday words count, too, other than those of joining and reporting: "is it covered by insurance?"
    """
    own = [word for word in read(question).content if topic_words(word.text)]
    said = " ".join(_with_headings(passage, index) for pick in picks for passage in _of(pick))
    stems, canons = stems_of(said), read(said).canons
    for word in own:
        named = (name for _, names in alternatives(tuple(words(word.text))) for name in names)
        if word.canon in canons or any(stems.issuperset(name) for name in named):
            return ()
    return tuple(word.text for word in own)


def _of(pick: Pick) -> list[Passage]:
    return [passage for passage, _, _ in pick.places]


def _with_headings(passage: Passage, index: Index) -> str:
    title = str(index.documents[passage.document_id].get("title", ""))
    return " ".join((title, *passage.section, passage.text))


def _unnamed(question: str, said: str, is_common: Callable[[str], bool]) -> list[str]:
    """What a question names, a medicine or a place mostly, and a text by none of its names."""
    stems = stems_of(said)
    written = {stem: word for word in content_words(question) for stem in words(word)}
    found = []
    for term, names in alternatives(tuple(written)):
        if any(stems.issuperset(name) for name in names):
            continue
        own = [written[stem] for stem in term]
        if not all(GENERAL.match(word) or _is_everyday(word, is_common) for word in own):
            found.append(" ".join(dict.fromkeys(own)))
    return found


def _is_everyday(word: str, is_common: Callable[[str], bool]) -> bool:
    if INNER_CAPITAL.search(word):
        return False
    return all(
        is_common(part) or is_common(INFLECTED.sub("", part))
        for part in word.lower().split("-")
        if part
    )
