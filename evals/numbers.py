"""Numbers as people write them, in reports, comparisons and tables."""

from __future__ import annotations

from collections.abc import Sequence


def number(value: float | None) -> str:
    """Three decimals for a share, one for what is larger; a dash for none."""
    if value is None:
        return "–"
    return f"{value:.1f}" if abs(value) > 2 else f"{value:.3f}"


def span(interval: Sequence[float] | None) -> str:
    """An interval as people write it."""
    return "–" if interval is None else f"{number(interval[0])} to {number(interval[1])}"
