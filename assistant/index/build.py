"""Corpus folder -> a published generation: load, split, embed, write aside, verify, publish, prune."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from filelock import FileLock, Timeout
from langchain_core.documents import Document

from assistant.embeddings import EmbeddingModel, OnnxEmbeddings, prepare_embeddings
from assistant.errors import (
    AssistantError,
    IndexBusy,
    IndexDamaged,
    IndexNotWritable,
)
from assistant.index import layout
from assistant.index.cache import embed_cached
from assistant.index.layout import Manifest
from assistant.index.lexical import LexicalIndex
from assistant.index.reader import Index
from assistant.index.store import ChromaStore
from assistant.index.texts import indexed_text, sentence_text
from assistant.index.tokens import TokenStore
from assistant.scorer.tokens import TokenEncoder
from assistant.settings import Settings
from assistant.sources.check import checked_corpus
from assistant.splitting import SPLITTING_VERSION, sentences
from assistant.types import Passage

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; `embedded` counts the texts whose vectors were not in the cache."""

    generation: str
    documents: int
    passages: int
    embedded: int
    unchanged: bool


def build_index(
    corpus: Path | None = None,
    *,
    index: str | None = None,
    force: bool = False,
    settings: Settings | None = None,
    progress: Progress = lambda stage, done, total: None,
) -> BuildReport:
    """Build the index of a corpus folder and put it into use; does nothing when nothing changed.

    Without `corpus`, an index is refreshed from the folder that it was built from. Raises
    CorpusInvalid (all problems together), IndexBusy, IndexNotWritable or ModelUnavailable; the
    index in use stays in use then.
    """
    settings = settings or Settings.load(index=index)
    name = index or settings.index
    home = settings.indexes / name
    try:
        home.mkdir(parents=True, exist_ok=True)
        with FileLock(home / ".lock", timeout=0):
            return _build(corpus, name, force, settings, progress)
    except Timeout:
        raise IndexBusy(
            f"Another process is building the index {name!r}. Wait for it, then run: "
            f"hip-assistant index --index {name}"
        ) from None
    except OSError as error:
        raise IndexNotWritable(
            f"The folder for indexes {settings.indexes} cannot be written "
            f"({error.strerror or type(error).__name__}). Name one that can be with: "
            "ASSISTANT_INDEXES_DIR=DIR hip-assistant index"
        ) from error


def _build(
    corpus: Path | None, name: str, force: bool, settings: Settings, progress: Progress
) -> BuildReport:
    home = settings.indexes / name
    previous = _in_use(settings.indexes, name)
    folder = corpus or _known_corpus(previous, settings)
    documents, passages, judgements = checked_corpus(
        folder, lambda done, total: progress("reading", done, total)
    )
    model = prepare_embeddings(
        settings.embedding_model, settings.indexes / "models", threads=os.cpu_count() or 1
    )
    fingerprint = _fingerprint(documents, judgements, model)
    if previous and previous.manifest.fingerprint == fingerprint and not force:
        _ensure_store(previous)
        m = previous.manifest
        return BuildReport(m.generation, m.documents, m.passages, embedded=0, unchanged=True)

    for leftover in home.glob(".building-*"):
        shutil.rmtree(leftover, ignore_errors=True)
    draft = Path(tempfile.mkdtemp(dir=home, prefix=".building-"))
    draft.chmod(0o755)
    generation = _free_name(home, fingerprint)
    embedded = _write(
        draft,
        generation,
        fingerprint,
        folder,
        documents,
        passages,
        judgements,
        model,
        settings,
        progress,
    )
    _verify(draft, settings.indexes / "models")
    target = home / generation
    draft.rename(target)
    layout.sync_folder(home)
    ChromaStore.build(home / "chroma" / generation, np.load(target / layout.VECTORS))
    layout.publish(target)
    _prune(home, keep={generation, previous.manifest.generation if previous else ""})
    return BuildReport(generation, len(documents), len(passages), embedded, unchanged=False)


def _in_use(indexes: Path, name: str) -> Index | None:
    """The published generation if it is whole; a damaged one is simply built again."""
    try:
        index = Index.open(indexes, name)
    except AssistantError:
        return None
    return None if layout.damaged_files(index.folder, index.manifest) else index


def _known_corpus(previous: Index | None, settings: Settings) -> Path:
    if settings.corpus_dir is None and previous and Path(previous.manifest.corpus).is_dir():
        return Path(previous.manifest.corpus)
    return settings.corpus


def _fingerprint(
    documents: Iterable[Document], judgements: dict[str, Any], model: EmbeddingModel
) -> str:
    digest = hashlib.sha256(f"{layout.FORMAT} {SPLITTING_VERSION} {model.fingerprint}".encode())
    for document in documents:
        # Metadata may hold what the text does not, as in formats other than Markdown.
        fields = json.dumps([document.id, document.metadata], sort_keys=True, default=str)
        for part in (fields, document.page_content):
            digest.update(hashlib.sha256(part.encode("utf-8", "surrogatepass")).digest())
    digest.update(json.dumps(judgements, sort_keys=True).encode())
    return digest.hexdigest()


def _free_name(home: Path, fingerprint: str) -> str:
    name, count = fingerprint[:12], 2
    while (home / name).exists():
        name, count = f"{fingerprint[:12]}-{count}", count + 1
    return name


def _write(
    draft: Path,
    generation: str,
    fingerprint: str,
    corpus: Path,
    documents: Sequence[Document],
    passages: Sequence[Passage],
    judgements: dict[str, Any],
    model: EmbeddingModel,
    settings: Settings,
    progress: Progress,
) -> int:
    metadata = {str(d.id): d.metadata for d in documents}
    texts = [indexed_text(p, metadata[p.document_id]) for p in passages]
    spans = [(row, *span) for row, p in enumerate(passages) for span in sentences(p.text)]
    shown = [
        sentence_text(passages[row], start, end, metadata[passages[row].document_id])
        for row, start, end in spans
    ]
    asked = [disagreement["question"] for disagreement in judgements["disagreements"]]
    vectors, embedded = embed_cached(
        texts + shown + asked,
        model,
        settings.indexes,
        progress=lambda done, total: progress("embedding", done, total),
    )
    _write_lines(
        draft / layout.DOCUMENTS, ({"id": d.id, "metadata": d.metadata} for d in documents)
    )
    _write_lines(draft / layout.TEXTS, ({"id": d.id, "text": d.page_content} for d in documents))
    _write_lines(
        draft / layout.PASSAGES,
        (asdict(passage) for passage in passages),
    )
    np.save(draft / layout.VECTORS, vectors[: len(texts)])
    np.save(draft / layout.SENTENCES, np.array(spans, dtype=np.int32).reshape(-1, 3))
    last = len(texts) + len(shown)
    np.save(draft / layout.SENTENCE_VECTORS, vectors[len(texts) : last])
    np.save(draft / layout.JUDGEMENT_VECTORS, vectors[last:])
    (draft / layout.JUDGEMENTS).write_text(
        json.dumps(judgements, ensure_ascii=False), encoding="utf-8"
    )
    LexicalIndex.build(texts).save(draft / layout.LEXICAL)
    if isinstance(model, OnnxEmbeddings):
        TokenStore.build(
            texts,
            [len(text) - len(p.text) for text, p in zip(texts, passages, strict=True)],
            np.array(spans, dtype=np.int32).reshape(-1, 3),
            TokenEncoder(model),
            settings.indexes,
            progress=lambda done, total: progress("encoding word pieces", done, total),
        ).save(draft / layout.TOKENS)
    years = [d.metadata["year"] for d in documents if d.metadata.get("year")]
    Manifest(
        format=layout.FORMAT,
        generation=generation,
        fingerprint=fingerprint,
        corpus=str(corpus.resolve()),
        model=settings.embedding_model,
        model_fingerprint=model.fingerprint,
        dimension=model.dimension,
        documents=len(documents),
        passages=len(passages),
        sentences=len(spans),
        literature_as_of=str(max(years)) if years else "unknown",
        subject=next((d.metadata["subject"] for d in documents if d.metadata.get("subject")), None),
        files=layout.checksums(draft),
    ).write(draft)
    return embedded


def _write_lines(path: Path, rows: Iterable[dict[str, Any]]) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, default=str) + "\n")


def _verify(draft: Path, models: Path) -> None:
    """A fresh process must be able to use what was written; else nothing is published."""
    check = subprocess.run(
        [sys.executable, "-m", "assistant.index.verify", str(draft), str(models)],
        capture_output=True,
        text=True,
        check=False,
    )
    if check.returncode:
        shutil.rmtree(draft, ignore_errors=True)
        raise IndexDamaged(
            f"The index that was built does not verify: {(check.stdout or check.stderr)[-500:]!r}. "
            "The one in use is unchanged. Try again with: hip-assistant index --force"
        )


def _ensure_store(index: Index) -> None:
    if index.store is None:
        ChromaStore.build(
            index.folder.parent / "chroma" / index.manifest.generation, np.array(index.vectors)
        )


def _prune(home: Path, keep: set[str]) -> None:
    """Remove generations that are neither in use nor the one before, which stays for rollback."""
    for folder in [*home.iterdir(), *(home / "chroma").iterdir()]:
        if folder.is_dir() and folder.name not in keep | {"chroma"}:
            shutil.rmtree(folder, ignore_errors=True)
