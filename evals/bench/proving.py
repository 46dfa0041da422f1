"""How long the proof of a language model's answer takes: `python -m evals.bench.proving`.

Answers of seven true sentences of our own, each over ten passages that no answer before it had, so
that nothing is remembered. The time is that from a whole draft to picks with their quotes.
"""

from __future__ import annotations

from statistics import median
from time import perf_counter

from assistant import Assistant
from assistant.conversation import Query
from assistant.engines.drafting import Draft
from assistant.engines.llm import PASSAGES
from assistant.engines.proving import Prover
from evals.grounding import sentences
from evals.grounding.measuring import SETS

SENTENCES = 7


def main() -> None:
    with Assistant.open() as assistant:
        index = assistant.index
        known = {passage.id: passage for passage in index.passages}
        of_works = [passage for passage in index.passages if not passage.rests_on]
        prover = Prover(index)
        times = []
        true = [one for path, _ in SETS for one in sentences.true_sentences(known, path)]
        for number in range(len(true) // SENTENCES):
            answer = true[number * SENTENCES : (number + 1) * SENTENCES]
            cited = dict.fromkeys(p for one in answer for p in one.passages)
            others = (of_works[(31 * number + step) % len(of_works)].id for step in range(PASSAGES))
            ids = list(dict.fromkeys([*cited, *others]))[: max(PASSAGES, len(cited))]
            passages = [known[name] for name in ids]
            start = perf_counter()
            for one in answer:
                draft = Draft(one.text, tuple(ids.index(p) + 1 for p in one.passages))
                prover.proved(draft, passages, Query("hip"))
            times.append((perf_counter() - start) * 1000)
    print(
        f"{len(times)} answers of {SENTENCES} sentences: median {median(times):.0f} ms, "
        f"longest {max(times):.0f} ms"
    )


if __name__ == "__main__":
    main()
