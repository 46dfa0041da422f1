"""Messages -> the model's text as it comes, within limits of time and length.

The model runs on an event loop in a thread of its own, so that an answer that nobody waits for any
more is cancelled at once: the connection is closed and the model stops. What can pass by itself
(too many requests, an error of the server, no connection) is tried again, with growing pauses, as
long as no text has come.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import aclosing, suppress
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import BaseMessage
    from tenacity import RetryCallState

# How often a waiting thread looks whether it is still wanted, in seconds.
LOOKS_UP = 0.1
# What is cancelled has so long to close its connection, in seconds.
CLOSING = 0.2
# Pauses between attempts, in seconds: the first at most so long, then twice as long each, up to the last.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0

Kind = Literal[
    "late", "refused", "unknown", "busy", "broken", "rejected", "redirected", "unreachable",
    "unreadable", "empty",
]  # fmt: skip
# What a reader is told; never the words of a server, which could be anything.
FAILURES: dict[Kind, str] = {
    "late": "did not finish in time",
    "refused": "refused the key",
    "unknown": "is not known at its address",
    "busy": "turned the question away: too many requests",
    "broken": "failed with an error of its server",
    "rejected": "did not accept the request",
    "redirected": "pointed to another address, which is not followed",
    "unreachable": "could not be reached, or the connection broke",
    "unreadable": "sent something that cannot be read",
    "empty": "sent no usable text",
}
PASSING: tuple[Kind, ...] = ("busy", "broken", "unreachable")


class ChatFailed(Exception):
    """The model gave no (whole) reply; `kind` is a key of FAILURES."""

    def __init__(self, kind: Kind, pause: float | None = None) -> None:
        super().__init__(f"The language model {FAILURES[kind]}.")
        self.kind = kind
        self.pause = pause


class Stopped(Exception):
    """Nobody waits for the answer any more."""


class Chat:
    """A language model, asked by many threads at once; `host` is where it is.

    `seconds` limits a whole reply with its retries, `characters` its length.
    """

    def __init__(
        self,
        model: BaseChatModel,
        *,
        name: str,
        host: str,
        local: bool,
        seconds: float = 120,
        characters: int = 6400,
        retries: int = 2,
    ) -> None:
        self.name = name
        self.host = host
        self.local = local
        self._model = model
        self._seconds = seconds
        self._characters = characters
        self._retries = retries
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()

    def stream(
        self, messages: Sequence[BaseMessage], stop: threading.Event | None = None
    ) -> Generator[str]:
        """Pieces of the reply's text as they come; closing the iterator cancels the model.

        Raises ChatFailed, also after some pieces, and Stopped soon after `stop` is set.
        """
        pieces: SimpleQueue[str | None] = SimpleQueue()
        asked = asyncio.run_coroutine_threadsafe(self._asked(messages, pieces), self._running())
        asked.add_done_callback(lambda _: pieces.put(None))
        try:
            while (piece := _next(pieces, stop)) is not None:
                yield piece
            with suppress(CancelledError):
                asked.result()
        finally:
            asked.cancel()

    def text(self, messages: Sequence[BaseMessage], stop: threading.Event | None = None) -> str:
        """The whole reply. Raises what `stream` raises."""
        return "".join(self.stream(messages, stop))

    def close(self) -> None:
        """Cancels what is being asked and ends the thread; nothing can be asked after it."""
        with self._lock:
            if self._loop is not None:
                self._loop.call_soon_threadsafe(_end, self._loop)

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="chat", daemon=True).start()
            return self._loop

    async def _asked(
        self, messages: Sequence[BaseMessage], pieces: SimpleQueue[str | None]
    ) -> None:
        from langsmith.run_helpers import tracing_context
        from tenacity import AsyncRetrying, retry_if_exception, stop_after_attempt

        begun = False
        deadline = asyncio.get_running_loop().time() + self._seconds

        def may_pass(error: BaseException) -> bool:
            if begun or not isinstance(error, ChatFailed) or error.kind not in PASSING:
                return False
            return asyncio.get_running_loop().time() + (error.pause or 0) < deadline

        try:
            # Tracing that environment variables ask for would send everything elsewhere.
            with tracing_context(enabled=False):
                async with asyncio.timeout_at(deadline):
                    async for attempt in AsyncRetrying(
                        retry=retry_if_exception(may_pass),
                        stop=stop_after_attempt(self._retries + 1),
                        wait=_pause,
                        reraise=True,
                    ):
                        with attempt:
                            async for piece in self._attempt(messages):
                                begun = True
                                pieces.put(piece)
        except TimeoutError:
            raise ChatFailed("late") from None
        if not begun:
            raise ChatFailed("empty")

    async def _attempt(self, messages: Sequence[BaseMessage]) -> Any:
        """The text of one attempt; calls of tools are passed over, there are none."""
        left = self._characters
        try:
            async with aclosing(self._model.astream(list(messages))) as chunks:  # type: ignore[type-var]
                async for chunk in chunks:
                    if text := str(chunk.text)[:left]:
                        yield text
                        left -= len(text)
                    if left <= 0:
                        return
        except Exception as error:
            raise failure_of(error) from error


def _end(loop: asyncio.AbstractEventLoop) -> None:
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.call_later(CLOSING, loop.stop)  # so that connections are closed first


def failure_of(error: BaseException) -> ChatFailed:
    """What any client's exception means, by its HTTP status, else by what lies under it."""
    if isinstance(status := getattr(error, "status_code", None), int) and status >= 300:
        return ChatFailed(_kind_of(status), _asked_pause(error))
    under = list(_chain(error))
    if any("Timeout" in type(one).__name__ for one in under):
        return ChatFailed("late")
    networked = ("TransportError", "NetworkError", "ProtocolError", "APIConnectionError")
    names = {kind.__name__ for one in under for kind in type(one).__mro__}
    if any(isinstance(one, OSError) for one in under) or names & set(networked):
        return ChatFailed("unreachable")
    return ChatFailed("unreadable")


def _kind_of(status: int) -> Kind:
    if status < 400:
        return "redirected"
    known: dict[int, Kind] = {401: "refused", 403: "refused", 404: "unknown", 429: "busy"}
    if status in known:
        return known[status]
    return "broken" if status >= 500 or status in (408, 409, 425) else "rejected"


def _asked_pause(error: BaseException) -> float | None:
    """The seconds that a server asks to wait, where it says so."""
    headers = getattr(getattr(error, "response", None), "headers", {})
    try:
        return float(headers.get("retry-after", ""))
    except ValueError:
        return None


def _pause(state: RetryCallState) -> float:
    from tenacity import wait_random_exponential

    failed = state.outcome.exception() if state.outcome else None
    own = wait_random_exponential(multiplier=FIRST_PAUSE, max=LONGEST_PAUSE)(state)
    return max(own, getattr(failed, "pause", None) or 0.0)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def _next(pieces: SimpleQueue[str | None], stop: threading.Event | None) -> str | None:
    """The next piece; None at the end."""
    while True:
        if stop is not None and stop.is_set():
            raise Stopped
        with suppress(Empty):
            return pieces.get(timeout=LOOKS_UP)
