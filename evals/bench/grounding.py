"""Our own true and false sentences before the grounding check: `python -m evals.bench.grounding`.

Prints, by part of the data and by kind, how many false sentences are caught and how many true ones refused.
With --wrong every sentence that is judged wrongly is printed with its passages' ids and the reasons.
"""

from __future__ import annotations

import argparse

from assistant import Assistant
from evals.grounding.corruptions import KINDS
from evals.grounding.measuring import TRUE, Counts, checked, counts


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="print what is judged wrongly")
    wrong = parser.parse_args().wrong
    with Assistant.open() as assistant:
        found = list(checked(assistant.index, assistant.embeddings.embed))
    print(table(counts(found)))
    for one in found if wrong else ():
        if not one.is_right:
            why = ", ".join(one.verdict.reasons) or "carried"
            print(f"\n{one.of.id} ({one.of.part}; {why}): {one.of.text}\n  {one.of.passages}")


def table(found: Counts) -> str:
    """Markdown: a row for each kind, a column for each part and one for all."""
    parts = list(dict.fromkeys(part for part, _ in found))
    lines = [f"| | {' | '.join(parts)} | all |", "|---" * (len(parts) + 2) + "|"]
    rows = [(f"{kind}: caught", [kind], False) for kind in KINDS]
    rows += [("all kinds: caught", list(KINDS), False), ("true sentences: refused", [TRUE], True)]
    for name, kinds, turned in rows:
        cells = [
            _share([found[part, kind] for part in some for kind in kinds], turned=turned)
            for some in (*([part] for part in parts), parts)
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return "\n".join(lines)


def _share(pairs: list[tuple[int, int]], *, turned: bool) -> str:
    total = sum(there for _, there in pairs)
    count = sum(right for right, _ in pairs)
    count = total - count if turned else count
    return f"{count} of {total} ({count / total:.1%})"


if __name__ == "__main__":
    main()
