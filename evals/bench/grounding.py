"""Our own true and false sentences before the grounding check: `python -m evals.bench.grounding`.

Prints, by part of the data and by kind, how many false sentences are caught and how many true ones refused:
first of those that a program made false, then of those in free words that nobody mended anything on.
With --wrong every sentence that is judged wrongly is printed with its passages' ids and the reasons.
"""

from __future__ import annotations

import argparse

from assistant import Assistant
from assistant.crossencoder import CrossEncoder
from evals.grounding.measuring import Counts, checked, checked_written, counts
from evals.grounding.written import TRUE


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="print what is judged wrongly")
    wrong = parser.parse_args().wrong
    carries = CrossEncoder().carries
    with Assistant.open() as assistant:
        found = list(checked(assistant.index, carries))
        free = list(checked_written(assistant.index, carries))
    print(table(counts(found)))
    print(f"\n{table(counts(free))}")
    for one in (*found, *free) if wrong else ():
        if not one.is_right:
            why = ", ".join(one.verdict.reasons) or "carried"
            print(f"\n{one.of.id} ({one.of.part}; {why}): {one.of.text}\n  {one.of.passages}")


def table(found: Counts) -> str:
    """Markdown: a row for each kind, a column for each part, and one for all of several."""
    parts = list(dict.fromkeys(part for part, _ in found))
    every = list(dict.fromkeys(kind for _, kind in found if kind != TRUE))
    columns = [[part] for part in parts] + ([parts] if len(parts) > 1 else [])
    names = [*parts, "all"][: len(columns)]
    lines = [f"| | {' | '.join(names)} |", "|---" * (len(names) + 1) + "|"]
    rows = [(f"{kind}: caught", [kind], False) for kind in every]
    rows += [("all kinds: caught", every, False), ("true sentences: refused", [TRUE], True)]
    for name, kinds, turned in rows:
        cells = [
            _share([found[part, kind] for part in some for kind in kinds], turned=turned)
            for some in columns
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
