"""Long work in a thread, told step by step: for handlers that show progress."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
Progress = Callable[[str, int, int], None]
# The page is told no oftener than this many times a second, whatever the work says.
EVERY = 0.2


@dataclass(frozen=True, slots=True)
class Step:
    """How far a stage has come."""

    stage: str
    done: int
    total: int


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What the work gave."""

    result: T


def steps(work: Callable[[Progress], T]) -> Iterator[Step | Done[T]]:
    """The newest step a few times a second, last what the work gave. Raises what the work raises.

    The work goes on to its end though nobody listens any more.
    """
    told: queue.SimpleQueue[Step] = queue.SimpleQueue()
    result: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            result.append(work(lambda stage, done, total: told.put(Step(stage, done, total))))
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="long work", daemon=True)
    thread.start()
    while thread.is_alive():
        thread.join(EVERY)
        newest = None
        while not told.empty():
            newest = told.get()
        if newest is not None:
            yield newest
    if failure:
        raise failure[0]
    yield Done(result[0])
