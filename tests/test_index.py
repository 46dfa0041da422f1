"""Generations: built aside, verified, published atomically, rebuilt incrementally, never half seen."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from filelock import FileLock

from assistant.assistant import Assistant
from assistant.errors import (
    CorpusInvalid,
    IndexBusy,
    IndexDamaged,
    IndexIncompatible,
    IndexMissing,
    IndexNotWritable,
)
from assistant.index.build import build_index
from assistant.index.layout import damaged_files
from assistant.index.reader import Index
from assistant.settings import Settings

FILES = {
    "bees.md": "---\ntitle: Bees\nyear: 2020\n---\n\n## Food\n\n- Bees gather nectar from clover.\n",
    "wasps.md": "---\ntitle: Wasps\n---\n\n## Food\n\n- Wasps hunt caterpillars for their brood.\n",
}


@pytest.fixture
def place(tmp_path: Path, models: Path) -> Settings:
    """A corpus of two files and an empty folder for indexes that shares the exported model."""
    corpus, indexes = tmp_path / "corpus", tmp_path / "indexes"
    corpus.mkdir()
    indexes.mkdir()
    (indexes / "models").symlink_to(models)
    for name, text in FILES.items():
        (corpus / name).write_text(text, encoding="utf-8")
    # Indexes are tested here, not what is too unlikely to be answered by two sentences.
    return Settings.load(corpus_dir=corpus, indexes_dir=indexes, accepted_risk=0.5)


def ask(place: Settings, question: str = "What do bees gather?") -> str:
    return Assistant.open(settings=place).ask(question).text


def test_a_second_build_with_nothing_changed_does_nothing(place: Settings) -> None:
    first = build_index(settings=place)
    assert (first.documents, first.passages, first.unchanged) == (2, 2, False)
    before = sorted(p.stat().st_mtime_ns for p in place.indexes.rglob("*") if p.suffix == ".npy")
    second = build_index(settings=place)
    assert second.unchanged and second.generation == first.generation and second.embedded == 0
    assert before == sorted(
        p.stat().st_mtime_ns for p in place.indexes.rglob("*") if p.suffix == ".npy"
    )


def test_one_changed_file_costs_one_file_of_embedding_and_keeps_the_other_ids(
    place: Settings,
) -> None:
    build_index(settings=place)
    ids = [p.id for p in Index.open(place.indexes).passages]
    corpus = place.corpus / "wasps.md"
    corpus.write_text(corpus.read_text() + "- Wasps chew wood into paper.\n", encoding="utf-8")
    report = build_index(settings=place)
    # One new passage, embedded with its title and as a bare sentence.
    assert (report.embedded, report.passages) == (2, 3)
    assert [p.id for p in Index.open(place.indexes).passages] == [*ids, "wasps#food/2"]


def test_the_same_corpus_gives_the_same_generation_in_another_folder(
    place: Settings, tmp_path: Path
) -> None:
    first = build_index(settings=place)
    elsewhere = tmp_path / "elsewhere"
    shutil.copytree(place.corpus, elsewhere)
    second = build_index(elsewhere, index="other", settings=place)
    assert first.generation == second.generation
    one, other = Index.open(place.indexes), Index.open(place.indexes, "other")
    assert one.manifest.files == other.manifest.files


def test_an_index_is_refreshed_from_the_folder_it_was_built_from(
    place: Settings, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "ants.txt").write_text("Ants keep aphids for their honeydew.", encoding="utf-8")
    unset = place.model_copy(update={"corpus_dir": None})
    build_index(own, index="ants", settings=unset)
    (own / "ants.txt").write_text("Ants keep fungi in gardens under ground.", encoding="utf-8")
    report = build_index(index="ants", settings=unset)
    assert (report.unchanged, report.documents) == (False, 1)


def test_the_generation_before_is_kept_and_older_ones_are_removed(place: Settings) -> None:
    generations = []
    for year in (2001, 2002, 2003):
        (place.corpus / "bees.md").write_text(FILES["bees.md"].replace("2020", str(year)))
        generations.append(build_index(settings=place).generation)
    home = place.indexes / "default"
    kept = {p.name for p in home.iterdir() if (p / "manifest.json").is_file()}
    assert kept == set(generations[1:])
    assert {p.name for p in (home / "chroma").iterdir()} == set(generations[1:])


def test_a_corpus_with_problems_leaves_the_index_in_use_as_it_was(place: Settings) -> None:
    build_index(settings=place)
    (place.corpus / "half.md").write_text("---\ntitle: Half")
    (place.corpus / "bees.md").write_text("---\ntitle: [\n---\n\n- Bees.\n")
    with pytest.raises(CorpusInvalid) as caught:
        build_index(settings=place)
    assert len(caught.value.problems) == 2
    assert "nectar" in ask(place)


def test_without_an_index_the_message_names_the_command(place: Settings) -> None:
    with pytest.raises(IndexMissing, match=r"Build it with: hip-assistant index$"):
        Assistant.open(settings=place)


@pytest.mark.parametrize("name", ["vectors.npy", "passages.jsonl", "lexical/vocab.index.json"])
def test_a_truncated_file_is_refused_and_mended_by_the_command_that_is_named(
    place: Settings, name: str
) -> None:
    build_index(settings=place)
    broken = Index.open(place.indexes).folder / name
    broken.write_bytes(broken.read_bytes()[:40])
    with pytest.raises(IndexDamaged, match="hip-assistant index --index default --force"):
        Assistant.open(settings=place)
    build_index(settings=place)
    assert "nectar" in ask(place)


def test_a_changed_byte_is_found_by_the_checksums(place: Settings) -> None:
    build_index(settings=place)
    index = Index.open(place.indexes)
    vectors = index.folder / "vectors.npy"
    data = bytearray(vectors.read_bytes())
    data[-1] ^= 1
    vectors.write_bytes(data)
    assert damaged_files(index.folder, index.manifest) == ["vectors.npy"]


@pytest.mark.parametrize("current", ["", "nonsense", "../..", "abc123def456"])
def test_a_damaged_current_file_is_refused_in_one_sentence(place: Settings, current: str) -> None:
    build_index(settings=place)
    (place.indexes / "default" / "CURRENT").write_text(current)
    with pytest.raises(IndexDamaged, match="names no generation that is there"):
        Assistant.open(settings=place)


def test_an_index_of_another_model_asks_for_a_rebuild(place: Settings) -> None:
    build_index(settings=place)
    other = place.model_copy(update={"embedding_model": "somebody/other-model"})
    with pytest.raises(IndexIncompatible, match="built with the model 'all-MiniLM-L6-v2'"):
        Assistant.open(settings=other)


def test_an_index_of_another_format_asks_for_a_rebuild(place: Settings) -> None:
    build_index(settings=place)
    manifest = Index.open(place.indexes).folder / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"format": 99}))
    with pytest.raises(IndexIncompatible, match="format 99"):
        Assistant.open(settings=place)


def test_a_second_builder_is_turned_away(place: Settings) -> None:
    (place.indexes / "default").mkdir()
    with FileLock(place.indexes / "default" / ".lock"), pytest.raises(IndexBusy):
        build_index(settings=place)


def test_a_folder_that_cannot_be_written_is_named(place: Settings, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    blocked = place.model_copy(update={"indexes_dir": tmp_path / "file"})
    with pytest.raises(IndexNotWritable, match="ASSISTANT_INDEXES_DIR=DIR hip-assistant index"):
        build_index(settings=blocked)


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only root can become nobody")
def test_a_reader_without_write_permission_gets_the_same_answer(place: Settings) -> None:
    build_index(settings=place)
    expected = ask(place)
    code = (
        "import os, sys; os.setgid(65534); os.setuid(65534)\n"
        "from pathlib import Path; from assistant import Assistant, Settings\n"
        f"settings = Settings.load(indexes_dir=Path({str(place.indexes)!r}))\n"
        "assistant = Assistant.open(settings=settings)\n"
        "print(assistant.ask('What do bees gather?').text)\n"
    )
    for folder in [*place.indexes.parents]:
        if folder.stat().st_mode & 0o001 == 0:
            pytest.skip(f"{folder} is closed to other users")
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    if "Permission denied" in result.stderr and "site-packages" in result.stderr:
        pytest.skip("the virtual environment is closed to other users")
    assert result.stdout.strip() == expected, result.stderr


def test_without_its_chroma_store_an_index_answers_the_same(place: Settings) -> None:
    build_index(settings=place)
    with_store = Assistant.open(settings=place).ask("What do bees gather?")
    shutil.rmtree(place.indexes / "default" / "chroma")
    without = Assistant.open(settings=place)
    assert without.index.store is None
    assert without.ask("What do bees gather?") == with_store
    build_index(settings=place)
    assert Index.open(place.indexes).store is not None


def test_a_damaged_chroma_store_is_passed_over(place: Settings) -> None:
    build_index(settings=place)
    for file in (place.indexes / "default" / "chroma").rglob("chroma.sqlite3"):
        file.write_bytes(b"not a database" * 100)
    assert Index.open(place.indexes).store is None
    assert "nectar" in ask(place)


def test_vectors_are_of_length_one_and_sentences_lie_in_their_passages(place: Settings) -> None:
    build_index(settings=place)
    index = Index.open(place.indexes)
    assert np.allclose(np.linalg.norm(index.vectors, axis=1), 1, atol=1e-5)
    for row, start, end in index.sentences:
        assert 0 <= start < end <= len(index.passages[row].text)


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_an_index_that_answers(place: Settings) -> None:
    build_index(settings=place)
    (place.corpus / "bees.md").write_text(FILES["bees.md"] + "- Bees dance to tell the way.\n")
    command = [sys.executable, "-m", "assistant", "index"]
    environment = os.environ | {
        "ASSISTANT_INDEXES_DIR": str(place.indexes),
        "ASSISTANT_CORPUS_DIR": str(place.corpus),
    }
    for seconds in (0.6, 1.2, 1.8, 2.4, 3.0, 3.6):
        build = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
        time.sleep(seconds)
        build.send_signal(signal.SIGKILL)
        build.wait()
        assert "nectar" in ask(place)
    assert build_index(settings=place).documents == 2
    assert "nectar" in ask(place)
    assert not list((place.indexes / "default").glob(".building-*"))
