"""A corpus folder -> its documents, passages, judgements and glossary, or every problem of it at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from langchain_core.documents import Document

from assistant.errors import CorpusInvalid
from assistant.sources import load_corpus
from assistant.sources.glossary import load_glossary
from assistant.sources.judgements import load_judgements
from assistant.sources.rests import rests_problems
from assistant.sources.same_data import same_data_problems
from assistant.sources.topics import topic_problems
from assistant.splitting import split
from assistant.types import Passage

REMEDY = "Mend the files named above, then run: hip-assistant index"


def checked_corpus(
    folder: Path,
    progress: Callable[[int, int], None] = lambda done, total: None,
    left_out: Callable[[str], None] = lambda line: None,
) -> tuple[list[Document], list[Passage], dict[str, list[dict[str, Any]]]]:
    """All that an index is made of. Raises CorpusInvalid.

    Files that cannot be read are reported first: what else is wrong often follows from them.
    """
    documents = load_corpus(folder, progress, left_out)
    passages = [passage for document in documents for passage in split(document)]
    judgements, problems = load_judgements(folder, passages)
    judgements["glossary"], wrong = load_glossary(folder, passages)
    problems += wrong
    problems += rests_problems(documents, passages)
    problems += topic_problems(folder, documents)
    problems += same_data_problems(documents, passages, judgements)
    covered = {passage.document_id for passage in passages}
    problems += [
        f"{document.metadata['source']}: has no sentence to index"
        for document in documents
        if document.id not in covered
    ]
    subjects = [d.metadata["source"] for d in documents if d.metadata.get("subject")]
    if len(subjects) > 1:
        problems.append(f"{', '.join(subjects)}: only one document may name the corpus's subject")
    if problems:
        raise CorpusInvalid(problems, REMEDY)
    return documents, passages, judgements
