"""How long the stages of an answer take."""

from __future__ import annotations

from time import perf_counter


class Clock:
    """Milliseconds between laps, by name."""

    def __init__(self) -> None:
        self._first = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        return self._laps | {"total": round((perf_counter() - self._first) * 1000, 2)}
