"""The rankers as LangChain retrievers, to drop into any chain: a query in, Documents out.

RerankedRetriever.open("default", k=5).invoke("Do bisphosphonates help?")
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np
from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.embeddings import Embeddings
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableConfig
from pydantic import Field, PrivateAttr

from assistant.embeddings import open_embeddings
from assistant.index.reader import Index
from assistant.ranking import Finder
from assistant.scorer.ranker import FINDERS
from assistant.settings import Settings
from assistant.synonyms import spelt_out


class IndexRetriever(BaseRetriever):
    """Passages of an index as Documents, best first; `ranker` is a name in FINDERS.

    A Document's id is the passage id; its metadata is that of the passage's document with rank,
    score (0 to 1), section and character offsets beside it.
    """

    ranker: ClassVar[str]
    index: Any  # an Index: its arrays are not pydantic's to copy or validate
    embeddings: Embeddings
    k: int = Field(10, ge=1)
    _find: Finder = PrivateAttr()

    def model_post_init(self, context: Any, /) -> None:
        risk = Settings.model_fields["accepted_risk"].default
        self._find = FINDERS[self.ranker](self.index, self.embeddings, risk)

    @classmethod
    def open(cls, index: str | None = None, *, k: int = 10) -> Self:
        """Over the index of that name. Raises IndexMissing, IndexDamaged or ModelUnavailable."""
        settings = Settings.load(index=index)
        opened = Index.open(settings.indexes, settings.index)
        embeddings = open_embeddings(
            opened.manifest.model,
            opened.manifest.model_fingerprint,
            settings.indexes / "models",
            threads=settings.threads,
        )
        return cls(index=opened, embeddings=embeddings, k=k)

    def invoke(
        self, input: str, config: RunnableConfig | None = None, **kwargs: Any
    ) -> list[Document]:
        """LangChain's `invoke`, without the tracing that environment variables may ask for."""
        from langsmith.run_helpers import tracing_context

        with tracing_context(enabled=False):
            return super().invoke(input, config, **kwargs)

    async def ainvoke(
        self, input: str, config: RunnableConfig | None = None, **kwargs: Any
    ) -> list[Document]:
        from langsmith.run_helpers import tracing_context

        with tracing_context(enabled=False):
            return await super().ainvoke(input, config, **kwargs)

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        full = spelt_out(query, self.index.lexical.document_frequency)
        vector = np.array(self.embeddings.embed_query(full), dtype=np.float32)
        return [
            Document(
                id=hit.passage.id,
                page_content=hit.passage.text,
                metadata=self.index.documents[hit.passage.document_id]
                | {key: value for key, value in hit.to_dict().items() if key != "text"},
            )
            for hit in self._find([(query, 1.0)], vector, self.k, None).hits
        ]


class DenseRetriever(IndexRetriever):
    """By cosine of embedding vectors, from Chroma."""

    ranker: ClassVar[str] = "dense"


class LexicalRetriever(IndexRetriever):
    """By BM25 over stemmed words."""

    ranker: ClassVar[str] = "lexical"


class HybridRetriever(IndexRetriever):
    """By the weighted sum of both."""

    ranker: ClassVar[str] = "hybrid"


class RerankedRetriever(IndexRetriever):
    """By the learned scorer over what the hybrid proposes, as the assistant ranks by default."""

    ranker: ClassVar[str] = "reranked"


RETRIEVERS: dict[str, type[IndexRetriever]] = {
    retriever.ranker: retriever
    for retriever in (DenseRetriever, LexicalRetriever, HybridRetriever, RerankedRetriever)
}
