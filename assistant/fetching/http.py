"""GET with manners: paced, retried with back-off, bounded in time and size, no redirect elsewhere."""

from __future__ import annotations

import asyncio
import random
import threading
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import tenacity

from assistant.errors import FetchFailed

T = TypeVar("T")

# What one response may take and hold: a long article with its tables has less than 5 MB of XML.
SECONDS, MAX_BYTES = 60.0, 50_000_000
ATTEMPTS, MAX_REDIRECTS, LONGEST_WAIT = 4, 3, 60.0
# NCBI asks for no more than three requests a second without a key.
PAUSE = 0.35


class _Passing(Exception):
    """A failure that may pass: worth another try, after `wait` seconds where the service says so."""

    def __init__(self, reason: str, wait: float | None = None) -> None:
        super().__init__(reason)
        self.wait = wait


class Service:
    """One web service at `base`; its answers are read by functions that raise ValueError."""

    def __init__(
        self,
        name: str,
        base: str,
        *,
        seconds: float = SECONDS,
        pause: float = PAUSE,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self.name = name
        self._base = base.rstrip("/")
        self._seconds = seconds
        self._pause = pause
        self._sleep = sleep
        self._last = 0.0
        # httpx bounds each read alone, so headers that trickle would go on for ever; asyncio ends all.
        # Its loop has a thread of its own, for the caller's may run one already, as a notebook's does.
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client = httpx.AsyncClient(
            timeout=min(seconds, 20.0), headers={"User-Agent": "hip-assistant"}
        )

    def close(self) -> None:
        self._run(self._client.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def get(self, path: str, params: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        """What `read` makes of the body. Raises FetchFailed, in words, when no try succeeds.

        Tried again: 429 (after the time that the service names), 5xx, a broken or slow connection,
        and a body that `read` refuses, which is how a truncated one shows.
        """

        def wait(state: tenacity.RetryCallState) -> float:
            error = state.outcome.exception() if state.outcome else None
            named = error.wait if isinstance(error, _Passing) else None
            backed_off = 2.0 ** (state.attempt_number - 1) * random.uniform(0.5, 1.0)
            return min(named if named is not None else backed_off, LONGEST_WAIT)

        attempts = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Passing),
            stop=tenacity.stop_after_attempt(ATTEMPTS),
            wait=wait,
            sleep=self._sleep,
            reraise=True,
        )
        try:
            found: T = attempts(self._once, f"{self._base}/{path}", params, read)
        except _Passing as problem:
            raise FetchFailed(
                f"{self.name} {problem} ({ATTEMPTS} tries). Try again later with the same command: "
                "what has arrived is kept."
            ) from None
        return found

    def _once(self, url: str, params: Mapping[str, str], read: Callable[[bytes], T]) -> T:
        body = self._body(url, params)
        try:
            return read(body)
        except ValueError as error:
            raise _Passing(f"sent what cannot be read: {error}") from None

    def _body(self, url: str, params: Mapping[str, str] | None) -> bytes:
        for _ in range(MAX_REDIRECTS + 1):
            self._rest()
            try:
                found = self._run(self._response(url, params))
            except TimeoutError:
                raise _Passing(f"was slower than {self._seconds:g} s") from None
            except httpx.HTTPError as error:
                raise _Passing(f"could not be reached ({type(error).__name__})") from None
            if isinstance(found, bytes):
                return found
            url, params = found, None
        raise FetchFailed(f"{self.name} redirected more than {MAX_REDIRECTS} times.")

    async def _response(self, url: str, params: Mapping[str, str] | None) -> bytes | str:
        """The body, or the address that the service redirects to.

        Raises TimeoutError when all of it, from the connection on, takes longer than it may.
        """
        parts: list[bytes] = []
        size = 0
        async with (
            asyncio.timeout(self._seconds),
            self._client.stream("GET", url, params=params) as response,
        ):
            if response.is_redirect:
                return self._onward(response)
            self._accepted(response)
            async for part in response.aiter_bytes():
                parts.append(part)
                size += len(part)
                if size > MAX_BYTES:
                    raise FetchFailed(
                        f"{self.name} sent more than {MAX_BYTES // 1_000_000} MB, the most "
                        "that is taken; fetch that work by hand and add it with: "
                        "hip-assistant corpus add FILE"
                    )
        return b"".join(parts)

    def _rest(self) -> None:
        """Leave a pause between requests."""
        due = self._last + self._pause - time.monotonic()
        if due > 0:
            self._sleep(due)
        self._last = time.monotonic()

    def _onward(self, response: httpx.Response) -> str:
        target = response.next_request.url if response.next_request else response.url
        own, other = urlsplit(self._base), urlsplit(str(target))
        if (own.scheme, own.netloc) != (other.scheme, other.netloc):
            raise FetchFailed(
                f"{self.name} redirects to {other.scheme}://{other.netloc}, which is not followed. "
                "Check the address of the service in the settings."
            )
        return str(target)

    def _accepted(self, response: httpx.Response) -> None:
        status = response.status_code
        if status == 429 or status >= 500:
            named = response.headers.get("Retry-After", "")
            raise _Passing(f"answered {status}", float(named) if named.isdigit() else None)
        if status != 200:
            raise FetchFailed(f"{self.name} answered {status} for {response.request.url.path}.")


def json_object(body: bytes) -> dict[str, Any]:
    """A JSON object. Raises ValueError for anything else."""
    import json

    try:
        found = json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if not isinstance(found, dict):
        raise ValueError("no JSON object")
    return found
