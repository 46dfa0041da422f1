"""The machine-readable answer (DESIGN's contract): exact fields, quotes that stand in the files."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant import Assistant

# Fifty questions of every kind: plain, lay, telegraphic, abbreviated, misspelt, near and far.
QUESTIONS = """
What is dystrophic mineralization of the hip?
How does it differ from metastatic calcification?
What causes it?
What are the symptoms?
Which imaging shows it?
What is the first-line treatment?
When is surgery needed?
What is the role of bisphosphonates and their timing?
What are the results of core decompression, with numbers?
Who is at risk of heterotopic ossification after hip replacement?
How is heterotopic ossification prevented?
Does indomethacin prevent heterotopic bone?
Is radiotherapy or an NSAID better against HO?
What is the Brooker classification?
How common is calcific tendinitis of the hip?
Do shock waves help calcific tendinopathy?
Does barbotage work at the hip?
What is calciphylaxis?
How is tumoral calcinosis treated?
calcinosis in scleroderma treatment
Does sodium thiosulfate help calcinosis cutis?
What does ENPP1 deficiency do?
role of pyrophosphate
What is fetuin-A?
Is MRI or a radiograph better for early AVN?
ARCO staging
What is the Ficat classification?
Can steroids kill the bone of the hip?
How much alcohol is dangerous for the femoral head?
osteonecrosis in sickle cell disease
Does a cane unload the hip?
Which exercises help hip osteoarthritis?
Does acupuncture help hip osteoarthritis?
How long does a hip replacement last?
What are the red flags in hip pain?
How is septic arthritis of the hip recognised in children?
What is Perthes disease?
slipped capital femoral epiphysis symptoms
Can NSAIDs cause bleeding?
Are NSAIDs safe with kidney disease?
Is colchicine used in CPPD?
What is pseudogout?
Does hyperbaric oxygen help osteonecrosis?
Do stem cells help in femoral head necrosis?
When should heterotopic bone be excised?
How often does heterotopic ossification come back after surgery?
What is myositis ossificans?
Does pregnancy raise the risk of osteonecrosis?
calcium lumps in the buttock after injections
What is the capital of France?
""".strip().splitlines()

ANSWER = {
    "schema", "question", "query", "engine", "abstained", "reason", "probability", "sentences",
    "notices", "references", "hits", "index", "timings_ms",
}  # fmt: skip
SENTENCE = {"text", "lead", "mark", "citations", "support"}
CITATION = {"number", "document_id", "passage_id", "quote", "start", "end"}
NOTICE = {"kind", "text", "citations", "sides"}
REFERENCE = {
    "number", "document_id", "title", "authors", "year", "journal", "doi", "pmid", "url", "type",
    "evidence_level", "basis",
}  # fmt: skip
HIT = {"rank", "passage_id", "document_id", "section", "text", "score", "start", "end"}


def file_of(assistant: Assistant, document_id: str) -> Path:
    source = assistant.index.documents[document_id]["source"]
    return Path(assistant.index.manifest.corpus) / source


def test_there_are_fifty_different_questions() -> None:
    assert len(set(QUESTIONS)) == 50


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_stands_at_its_offsets_in_the_file_on_disk(
    assistant: Assistant, question: str
) -> None:
    answer = json.loads(json.dumps(assistant.ask(question).to_dict()))
    assert set(answer) == ANSWER
    assert answer["schema"] == 1 and answer["question"] == question
    assert answer["abstained"] is not bool(answer["sentences"])
    assert bool(answer["reason"]) is answer["abstained"]
    sides = [side for notice in answer["notices"] for side in notice["sides"] or []]
    sentences = [*answer["sentences"], *(s for side in sides for s in side["sentences"])]
    cited = [c for part in [*sentences, *answer["notices"]] for c in part["citations"]]
    for place in [*cited, *answer["hits"]]:
        text = file_of(assistant, place["document_id"]).read_text(encoding="utf-8")
        assert text[place["start"] : place["end"]] == place.get("quote", place.get("text"))
    for sentence in sentences:
        assert set(sentence) == SENTENCE
        assert sentence["text"] == sentence["citations"][0]["quote"]
        assert all(set(citation) == CITATION for citation in sentence["citations"])
    assert all(set(notice) == NOTICE for notice in answer["notices"])
    assert all(set(reference) == REFERENCE for reference in answer["references"])
    assert {r["number"] for r in answer["references"]} == {c["number"] for c in cited}
    assert {r["document_id"] for r in answer["references"]} == {c["document_id"] for c in cited}
    assert all(set(hit) == HIT for hit in answer["hits"])
    assert [hit["rank"] for hit in answer["hits"]] == list(range(1, len(answer["hits"]) + 1))
    assert len(answer["hits"]) >= 10


def test_most_of_the_questions_about_the_hip_are_answered_in_2_to_7_sentences(
    assistant: Assistant,
) -> None:
    counts = [len(assistant.ask(question).sentences) for question in QUESTIONS[:-1]]
    assert sum(2 <= count <= 7 for count in counts) >= 45
    assert max(counts) <= 7


def test_a_foreign_question_is_not_answered(assistant: Assistant) -> None:
    answer = assistant.ask("What is the capital of France?")
    assert answer.sentences == () and answer.references == ()
    assert (
        answer.reason == "The corpus says nothing on “France”, so it does not answer this question."
    )
    assert answer.text == answer.reason


def test_two_processes_give_the_same_bytes_timings_aside() -> None:
    command = [sys.executable, "-m", "assistant", "ask", "--json", "Do bisphosphonates help?"]
    first, second = (
        re.sub(
            r'"timings_ms": \{[^}]*\}',
            "",
            subprocess.run(command, capture_output=True, text=True, check=True).stdout,
        )
        for _ in range(2)
    )
    assert first == second and '"sentences"' in first


def test_stream_gives_notices_then_sentences_then_the_answer_that_ask_gives(
    assistant: Assistant,
) -> None:
    parts = list(assistant.stream("Do bisphosphonates help?"))
    answer = assistant.ask("Do bisphosphonates help?")
    assert tuple(parts) == (*answer.notices, *answer.sentences, answer)


def test_threads_that_share_an_assistant_get_the_answers_of_one(assistant: Assistant) -> None:
    expected = [assistant.ask(question) for question in QUESTIONS[:8]]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(assistant.ask, QUESTIONS[:8] * 4))
    assert answers == expected * 4
