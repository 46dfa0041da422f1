"""Where the files of an index lie, and the manifest of a generation.

indexes/models/<fingerprint>/          exported embedding models, shared by all indexes
indexes/vectors-<fingerprint>.sqlite   embedding vectors by content hash
indexes/tokens-<fingerprints>.sqlite   vectors of word pieces by content hash
indexes/<name>/CURRENT                 one line: the generation in use
indexes/<name>/<generation>/           complete, immutable, checksummed
indexes/<name>/chroma/<generation>/    the Chroma store, derived from the generation
"""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import IndexDamaged, IndexIncompatible, IndexMissing

FORMAT = 8
MANIFEST = "manifest.json"
PASSAGES = "passages.jsonl"
DOCUMENTS = "documents.jsonl"
TEXTS = "texts.jsonl"
VECTORS = "vectors.npy"
SENTENCES = "sentences.npy"
SENTENCE_VECTORS = "sentence_vectors.npy"
TOKENS = "tokens"
LEXICAL = "lexical"
JUDGEMENTS = "judgements.json"
JUDGEMENT_VECTORS = "judgement_vectors.npy"


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a generation was made of; `files` maps each file to its SHA-256."""

    format: int
    generation: str
    fingerprint: str
    corpus: str
    model: str
    model_fingerprint: str
    dimension: int
    documents: int
    passages: int
    sentences: int
    literature_as_of: str
    subject: str | None
    files: dict[str, str]

    def write(self, folder: Path) -> None:
        text = json.dumps(asdict(self), indent=1, ensure_ascii=False)
        (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path, index: str) -> Manifest:
        """Raises IndexDamaged when it cannot be read, IndexIncompatible for another format."""
        remedy = f"Build it again with: hip-assistant index --index {index} --force"
        try:
            fields = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
            if fields["format"] != FORMAT:
                raise IndexIncompatible(
                    f"The index {index!r} has format {fields['format']}, this version reads "
                    f"format {FORMAT}. {remedy}"
                )
            return cls(**fields)
        except (OSError, ValueError, KeyError, TypeError):
            raise IndexDamaged(
                f"The manifest of the index {index!r} in {folder} cannot be read. {remedy}"
            ) from None


def current_generation(indexes: Path, index: str) -> Path:
    """The folder of the generation in use. Raises IndexMissing, or IndexDamaged."""
    try:
        generation = (indexes / index / "CURRENT").read_text(encoding="ascii").strip()
    except FileNotFoundError:
        raise IndexMissing(
            f"There is no index {index!r} in {indexes}. "
            f"Build it with: hip-assistant index{'' if index == 'default' else ' --index ' + index}"
        ) from None
    except (OSError, ValueError):
        generation = ""
    folder = indexes / index / generation
    if not re.fullmatch(r"[0-9a-z-]+", generation) or not folder.is_dir():
        raise IndexDamaged(
            f"{indexes / index / 'CURRENT'} names no generation that is there. "
            f"Build it again with: hip-assistant index --index {index} --force"
        )
    return folder


def publish(folder: Path) -> None:
    """Make `folder` the generation in use: one atomic replacement, so readers see old or new."""
    draft = folder.parent / f".CURRENT-{os.getpid()}"
    with draft.open("w", encoding="ascii") as file:
        file.write(folder.name + "\n")
        file.flush()
        os.fsync(file.fileno())
    draft.replace(folder.parent / "CURRENT")
    sync_folder(folder.parent)


def sync_folder(folder: Path) -> None:
    """Make renames in `folder` survive a power cut, where the system knows how to."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def checksums(folder: Path) -> dict[str, str]:
    """SHA-256 of every file of a generation but its manifest, by relative path."""
    sums = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.name != MANIFEST):
        with path.open("rb") as file:
            sums[path.relative_to(folder).as_posix()] = hashlib.file_digest(
                file, "sha256"
            ).hexdigest()
    return sums


def damaged_files(folder: Path, manifest: Manifest) -> list[str]:
    """The files of a generation that are missing or differ from the manifest's checksum."""
    found = checksums(folder)
    return [name for name, digest in manifest.files.items() if found.get(name) != digest]
