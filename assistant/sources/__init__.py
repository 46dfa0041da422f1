"""Files in, LangChain `Document`s out: `load_corpus` reads a folder and reports every problem at once.

A document's `page_content` is the text that its offsets count in: for .md and .txt the file's whole
text, else the text extracted from it. A loader gives one Document for each work in a file, with
its metadata, and `markup` when the text has headings (markdown; or outline: `## ` lines, a
paragraph a line). A new format is one function and one line in LOADERS.
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
from assistant.sources.problem import SourceProblem
from assistant.sources.text import load_text
from assistant.sources.xml import load_xml

LOADERS: dict[str, Callable[[Path], Iterable[Document]]] = {
    ".htm": load_html,
    ".html": load_html,
    ".md": load_markdown,
    ".nxml": load_xml,
    ".pdf": load_pdf,
    ".txt": load_text,
    ".xml": load_xml,
}


def load_corpus(
    folder: Path, progress: Callable[[int, int], None] = lambda done, total: None
) -> list[Document]:
    """Every readable file below `folder`, sorted by id; raises CorpusInvalid with all problems.

    `progress` is told, after each file, how many of how many are read.
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
            works = list(LOADERS[path.suffix.lower()](path))
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


def _readable(path: Path, folder: Path) -> bool:
    if path.suffix.lower() not in LOADERS or path.is_dir():
        return False
    return not any(part.startswith(".") for part in path.relative_to(folder).parts)
