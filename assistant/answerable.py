"""Whether the corpus answers a question that leans on the turns before it, or that asks several things.

The scorer judges one question by itself. A follow-up and its subject, or two questions in one sentence,
are judged by what they are made of.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from assistant.conversation import Query
from assistant.parts import clauses_of, told_in
from assistant.ranking import Found

# A follow-up that is less likely to be answered with what it leans on speaks of something else than the
# corpus. Of the suite's 29 unlocked follow-ups 28 have more; of 36 such as "is there an app for it?" 17 do.
LEANING = 0.65
# So likely to be answered is what asks for a dose that only studies of other people give.
ON_SUBJECT = 0.5


def judged(
    found: Found, query: Query, find: Callable[[str], Found], *, enough: float | None = None
) -> Found:
    """`found` for a query, answered also where a question that it is made of is; `find` asks one.

    So is one that is as likely to be answered as is `enough` for its kind.
    """
    if found.answered is not False:
        return found
    if enough is not None and (found.probability or 0.0) >= enough:
        return replace(found, answered=True)
    if query.carried:
        if (found.probability or 0.0) < LEANING:
            return found
        others = [query.text]
    else:
        clauses = clauses_of(query.question)
        told = told_in(query.question)
        others = [told + clause for clause in clauses] if len(clauses) > 1 else []
    best = max(map(find, others), key=lambda one: one.probability or 0.0, default=found)
    if not best.answered:
        return found
    return replace(found, probability=best.probability, answered=True)
