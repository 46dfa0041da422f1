"""Technical words in plain English: each explanation rests on notes, and is found where its word stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import CorpusInvalid
from assistant.glossary import Glossary, Term
from assistant.index.reader import Index
from assistant.sources.check import checked_corpus
from assistant.sources.glossary import MAX_CHARACTERS

Tiny = Callable[..., Assistant]
BEES = "# Bees\n\nA swarm is 20,000 bees that fly off. Propolis seals the hive, as ARCO says."
SWARM = """
glossary:
  - term: swarm
    also: [swarming colony]
    plain: 20,000 bees that fly off.
    rests_on: [bees#bees/1]
"""


def problems(folder: Path, glossary: str) -> str:
    """What the corpus check says of a corpus with this glossary."""
    (folder / "bees.md").write_text(BEES, encoding="utf-8")
    (folder / "glossary.yaml").write_text(glossary, encoding="utf-8")
    with pytest.raises(CorpusInvalid) as caught:
        checked_corpus(folder)
    return "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (("bees#bees/1", "bees#bees/9"), "swarm rests on bees#bees/9, which does not exist"),
        (("20,000 bees", "30,000 bees"), "swarm has a number that none of its notes has: 30000"),
        (("fly off.", "fly off. They sting."), "swarm is not explained in one sentence"),
        (("bees that", "bees " * 40 + "that"), f"more than {MAX_CHARACTERS}"),
        (("term: swarm", "term: drone"), "names 'drone', which stands nowhere in the corpus"),
        (("[swarming colony]", "[SWARM]"), "swarm is explained twice"),
        (("[swarming colony]", "swarm"), "is not a term with plain words"),
        (("rests_on: [bees#bees/1]", "rests_on: []"), "is not a term with plain words"),
        (("rests_on: [bees#bees/1]", "rest_on: [bees#bees/1]"), "is not a term with plain words"),
        (("plain: 20,000 bees that fly off.", "plain: 3"), "is not a term with plain words"),
        (("glossary:", "terms:"), "is not YAML with a list called glossary"),
        (("glossary:", "glossary: ["), "glossary.yaml is not YAML"),
    ],
)
def test_a_glossary_that_rests_on_nothing_is_a_problem_of_the_corpus(
    tmp_path: Path, changed: tuple[str, str], said: str
) -> None:
    whole = SWARM.replace("[swarming colony]", "[bees that fly off]")
    (tmp_path / "bees.md").write_text(BEES, encoding="utf-8")
    (tmp_path / "glossary.yaml").write_text(whole, encoding="utf-8")
    checked_corpus(tmp_path)
    changed_text = SWARM if changed[0] == "[swarming colony]" else whole
    assert changed[0] in changed_text
    assert said in problems(tmp_path, changed_text.replace(*changed))


def test_a_corpus_without_a_glossary_has_none(tiny: Tiny) -> None:
    glossary = Glossary.of(tiny({"bees.md": BEES}).index)
    assert glossary.terms == () and glossary.explained("a swarm") == []


def test_the_index_keeps_the_glossary_that_it_was_built_with(tiny: Tiny) -> None:
    whole = SWARM.replace("[swarming colony]", "[]")
    assistant = tiny({"bees.md": BEES, "glossary.yaml": whole})
    Path(assistant.index.manifest.corpus, "glossary.yaml").unlink()
    opened = Index.open(assistant.settings.indexes)
    assert Glossary.of(opened).terms == (
        Term("swarm", (), "20,000 bees that fly off.", ("bees#bees/1",)),
    )


TERMS = [
    Term(name, also, "x", ())
    for name, also in (
        ("calcification", ()), ("dystrophic calcification", ("dystrophic mineralization",)),
        ("ARCO", ()), ("matrix vesicle", ()), ("C++ & <b>", ()),
    )
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Dystrophic calcification of the hip", ["Dystrophic calcification"]),
        ("Calcifications, and dystrophic\nmineralization", ["Calcifications", "dystrophic\nmineralization"]),
        ("matrix vesicles, matrix-vesicle", ["matrix vesicles", "matrix-vesicle"]),
        ("ARCO stage II, not arco", ["ARCO"]),
        ("microcalcification and Arcos and decalcification", []),
        ("non-calcification, calcification-like", ["calcification"]),
        ("C++ & <b>, C", ["C++ & <b>"]),
        ("", []),
    ],
)  # fmt: skip
def test_terms_are_found_as_whole_words_the_longest_first(text: str, found: list[str]) -> None:
    explained = Glossary(TERMS).explained(text)
    assert [text[it.start : it.end] for it in explained] == found


def test_other_words_for_the_same_have_the_same_explanation() -> None:
    first, second = Glossary(TERMS).explained("dystrophic mineralization, dystrophic calcification")
    assert first.term == second.term == TERMS[1]


def test_the_hip_corpus_explains_its_words(assistant: Assistant) -> None:
    glossary = Glossary.of(assistant.index)
    assert len(glossary.terms) >= 60
    answer = assistant.ask("What are the ARCO stages of osteonecrosis?")
    found = {it.term.name for s in answer.sentences for it in glossary.explained(s.text)}
    assert {"ARCO", "osteonecrosis"} <= found
    shown = [
        passage
        for passage in assistant.index.passages
        if passage.rests_on and glossary.explained(passage.text)
    ]
    topics = [passage for passage in assistant.index.passages if passage.rests_on]
    assert len(shown) > len(topics) / 3  # of the sentences that answers open with


def test_an_explanation_uses_no_word_that_would_need_one(assistant: Assistant) -> None:
    glossary = Glossary.of(assistant.index)
    allowed = {"hydroxyapatite", "pyrophosphate", "calcium pyrophosphate", "tumoral calcinosis"}
    for term in glossary.terms:
        used = {it.term.name for it in glossary.explained(term.plain)} - {term.name}
        assert used <= allowed | {"osteonecrosis", "heterotopic ossification", "mineralization"}, (
            term
        )
