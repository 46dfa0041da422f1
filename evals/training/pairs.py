"""Labelled pairs of texts: what a cross-encoder learns from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Pair:
    """`label` is 1 where `second` answers the question `first`, or carries the sentence, by the task."""

    first: str
    second: str
    task: int
    label: int
    weight: float = 1.0
