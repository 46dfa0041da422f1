"""Files in, LangChain `Document`s out: `load_corpus` reads a folder and reports every problem at once.

A document's `page_content` is the text that its offsets count in: for .md and .txt the file's whole
text, else the text extracted from it. A loader gives one Document for each work in a file, with
its metadata, and `markup` when the text has headings (markdown; or outline: `## ` lines, a
paragraph a line), or a LeftOut for a work that cannot be quoted. A new format is one function and
one line in LOADERS. Metadata that a file cannot hold stands beside it: `paper.pdf.meta.yaml`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

from langchain_core.documents import Document

from assistant.errors import CorpusInvalid
from assistant.sources.html import load_html
from assistant.sources.markdown import load_markdown
from assistant.sources.pdf import load_pdf
from assistant.sources.problem import LeftOut, SourceProblem
from assistant.sources.records import load_bibtex, load_nbib, load_ris
from assistant.sources.sidecar import beside
from assistant.sources.text import load_text
from assistant.sources.xml import load_xml

LOADERS: dict[str, Callable[[Path], Iterable[Document | LeftOut]]] = {
    ".bib": load_bibtex,
    ".htm": load_html,
    ".html": load_html,
    ".md": load_markdown,
    ".nbib": load_nbib,
    ".nxml": load_xml,
    ".pdf": load_pdf,
    ".ris": load_ris,
    ".txt": load_text,
    ".xml": load_xml,
}


def load_corpus(
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    left_out: Callable[[str], None] = lambda line: None,
) -> list[Document]:
    """Every readable file below `folder`, sorted by id; raises CorpusInvalid with all problems.

    `progress` is told, after each file, how many of how many are read; `left_out` gets a line for
    each work that was passed over.
    """
    if not folder.is_dir():
        raise CorpusInvalid(
            [f"{folder}: no such folder"], "Name the folder with: hip-assistant index --corpus DIR"
        )
    paths = [path for path in sorted(folder.rglob("*")) if _readable(path, folder)]
    documents, problems = [], []
    stems = Counter(path.stem for path in paths)
    taken: dict[str, Path] = {}
    for done, path in enumerate(paths):
        progress(done, len(paths))
        relative = path.relative_to(folder)
        document_id = path.stem if stems[path.stem] == 1 else relative.with_suffix("").as_posix()
        if document_id in taken:
            problems.append(f"{relative}: has the same key as {taken[document_id]}; rename one")
            continue
        taken[document_id] = relative
        try:
            works = works_of(path, left_out, relative)
        except SourceProblem as problem:
            problems.extend(f"{relative}: {line}" for line in problem.lines)
            continue
        for number, document in enumerate(works, start=1):
            # Several works of one file are told apart by their own keys, or by their numbers.
            document.id = (
                f"{document_id}/{document.id or number}" if len(works) > 1 else document_id
            )
            document.metadata["source"] = relative.as_posix()
            documents.append(document)
    progress(len(paths), len(paths))
    if not paths:
        accepted = ", ".join(LOADERS)
        problems.append(f"{folder}: no file to read; accepted are {accepted}")
    if problems:
        raise CorpusInvalid(problems, "Mend the files named above, then run: hip-assistant index")
    return sorted(documents, key=lambda document: document.id or "")


def works_of(
    path: Path, left_out: Callable[[str], None] = lambda line: None, name: Path | None = None
) -> list[Document]:
    """The works of one file, with what stands beside it. Raises SourceProblem."""
    works = []
    for item in LOADERS[path.suffix.lower()](path):
        if isinstance(item, Document):
            works.append(item)
        else:
            left_out(f"{name or path}: {item}")
    if fields := beside(path):
        if len(works) > 1:
            raise SourceProblem("holds several works, so no metadata can stand beside it")
        works[0].metadata |= fields
    return works


def _readable(path: Path, folder: Path) -> bool:
    if path.suffix.lower() not in LOADERS or path.is_dir():
        return False
    return not any(part.startswith(".") for part in path.relative_to(folder).parts)
