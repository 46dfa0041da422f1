"""The corpus that the project ships: whole, readable, and honest about where it comes from."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import yaml
from langchain_core.documents import Document

from assistant.dependence import needs_neighbour
from assistant.evidence import LEVELS, rank_of
from assistant.sources import load_corpus
from assistant.splitting import split

CORPUS = Path(__file__).parents[1] / "corpus"
SOURCE_TEXT_SHA256 = "644c74dae4a06aad6f0098a03f270be319feb8cc51553c6914306be9301c377a"
BASES = ("abstract", "excerpt", "full text", "summary by others")
REFERENCES = sorted((CORPUS / "references").glob("*.md"))


@pytest.fixture(scope="module")
def documents() -> dict[str, Document]:
    return {str(document.id): document for document in load_corpus(CORPUS)}


def body(document: Document) -> str:
    return document.page_content[document.metadata["body_start"] :]


def test_there_are_446_references_22_topic_pages_and_the_source_text(
    documents: dict[str, Document],
) -> None:
    assert len(REFERENCES) == 446
    assert len(documents) == 446 + 22 + 1


def test_the_source_text_is_word_for_word(documents: dict[str, Document]) -> None:
    text = body(documents["dystrophic-mineralization-of-the-hip"]).strip()
    assert hashlib.sha256(text.encode()).hexdigest() == SOURCE_TEXT_SHA256
    assert text.startswith("From the Research\nDystrophic mineralization of the hip refers to")


def test_the_source_texts_five_citations_are_mapped_with_their_confidence(
    documents: dict[str, Document],
) -> None:
    citations = documents["dystrophic-mineralization-of-the-hip"].metadata["citations"]
    assert {number: (c["references"], c["confidence"]) for number, c in citations.items()} == {
        1: (["lespasio-2019"], "probable, high"),
        2: (["devilder-2015"], "probable, low: two candidates"),
        3: ([], "not identified"),
        4: ([], "not identified"),
        5: (["hua-2019"], "probable, close to certain"),
    }
    for citation in citations.values():
        assert set(citation["references"]) | set(citation.get("rivals", [])) <= set(documents)


def test_every_reference_says_what_was_read_and_how_strong_it_is(
    documents: dict[str, Document],
) -> None:
    for path in REFERENCES:
        metadata = documents[path.stem].metadata
        assert metadata["basis"] in BASES, path.stem
        assert metadata["evidence_level"] in LEVELS, path.stem
        assert metadata["title"] and metadata["type"] and metadata["topics"], path.stem
        assert "note" not in metadata and "gaps" not in metadata


def test_topics_are_at_most_40_and_each_says_what_it_is() -> None:
    topics = yaml.safe_load((CORPUS / "topics.yaml").read_text(encoding="utf-8"))
    assert len(topics) <= 40
    assert all(re.fullmatch(r"[a-z-]+", name) and len(said) > 10 for name, said in topics.items())


def test_what_was_read_through_others_is_not_called_a_guideline_without_saying_so(
    documents: dict[str, Document],
) -> None:
    for document in documents.values():
        design = document.metadata.get("design", "")
        if re.search(r"third-party|secondary|read through|news report", design):
            assert rank_of(document.metadata) >= LEVELS.index("web page"), document.id


def test_every_note_is_one_line_of_a_list(documents: dict[str, Document]) -> None:
    notes = 0
    for path in REFERENCES:
        raw = path.read_bytes()
        assert b"\r" not in raw and raw.endswith(b"\n") and not raw.endswith(b"\n\n")
        for line in body(documents[path.stem]).splitlines():
            assert re.match(r"(- \S|#{2,3} \S|$)", line), f"{path.stem}: {line}"
            notes += line.startswith("- ")
    assert notes == 2121


def test_notes_stand_in_the_four_sections_and_on_their_own(documents: dict[str, Document]) -> None:
    for path in REFERENCES:
        document = documents[path.stem]
        headings = re.findall(r"^#+ .*", body(document), re.MULTILINE)
        order = [f"## {name}" for name in ("Background", "Methods", "Findings", "Limits")]
        assert headings == [heading for heading in order if heading in headings], path.stem
        for passage in split(document):
            assert not needs_neighbour(passage.text), f"{passage.id}: {passage.text}"


def test_spelling_is_british(documents: dict[str, Document]) -> None:
    american = re.compile(
        r"\b(edema|isch?emi[ac]|hemodialysis|hyperphosphatemi\w*|hypercalcemi\w*|uremi[ac]|tumors?\b|"
        r"pediatric\w*|anesthe\w+|hemangioma\w*|leukemia\w*|centers?|fibers?|aluminum|diarrhea|"
        r"hemosiderin|orthopedic\w*|estrogen|color|gray)\b",
        re.IGNORECASE,
    )
    for document in documents.values():
        prose = re.sub(r"\[[^\]]*\]", "", body(document))  # ids keep the spelling of titles
        found = american.findall(prose)
        assert not found, f"{document.id}: {found}"
