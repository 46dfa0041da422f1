"""Many people chatting at once: `python -m evals.bench.load`, from a second process over loopback.

Each has a browser's cookie and a session of the page, and asks through what the page's own script
speaks to. After every answer the conversation that came back must hold that person's questions, in
their order, and nobody else's; at the end so must the file that the page gives away.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import socket
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from html import unescape
from statistics import median, quantiles
from time import monotonic
from typing import Any

import httpx

from evals.bench.served import questions, served

# Between an answer and the next question of the same person, in seconds.
THINKING = (4.0, 12.0)
ASKED = re.compile(r'<h2 class="question">(.*?)</h2>', re.DOTALL)
KEY = re.compile(r"page/export/([\w-]+)/")


@dataclass
class Seen:
    """What all of them have seen; seconds from question to first sentence and to the whole answer."""

    first: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)


class Person:
    """One browser with one conversation."""

    def __init__(self, address: str, config: dict[str, Any], seen: Seen) -> None:
        self._client = httpx.AsyncClient(base_url=address, timeout=60)
        self._session = uuid.uuid4().hex
        self._prefix = str(config["api_prefix"]).strip("/")
        named = {part["props"].get("elem_id"): part["id"] for part in config["components"]}
        self._box, self._shown = named["question"], named["conversation"]
        self._event = next(
            event for event in config["dependencies"] if [self._box, "submit"] in event["targets"]
        )
        self._asked: list[str] = []
        self._seen = seen
        self._key = ""

    async def chat(self, until: float, pick: random.Random, known: list[str]) -> None:
        """Asks, waits, thinks, asks again."""
        async with self._client:
            await self._client.get("/")
            await asyncio.sleep(pick.uniform(0, THINKING[1]))
            while monotonic() < until:
                try:
                    await self._ask(pick.choice(known))
                except (httpx.HTTPError, RuntimeError, KeyError) as error:
                    self._seen.errors.append(f"{type(error).__name__}: {error}")
                await asyncio.sleep(pick.uniform(*THINKING))
            await self._check_file()

    async def _ask(self, question: str) -> None:
        start = monotonic()
        self._asked.append(question)
        place = self._event["outputs"].index(self._shown)
        joined = await self._client.post(
            f"{self._prefix}/queue/join",
            json={
                "data": [question, *[None] * (len(self._event["inputs"]) - 1)],
                "fn_index": self._event["id"],
                "session_hash": self._session,
                "trigger_id": self._box,
            },
        )
        joined.raise_for_status()
        first, shown = None, ""
        async for message in self._messages():
            output = message.get("output") or {}
            if message["msg"] == "process_generating" and message["success"]:
                shown = _changed(shown, output["data"][place])
                # Of the newest exchange: those before it hold sentences, too.
                newest = shown.rpartition("<article")[2]
                if first is None and ("quoted" in newest or "No answer" in newest):
                    first = monotonic() - start
            if message["msg"] == "process_completed":
                if not message["success"]:
                    raise RuntimeError(output.get("error") or "no answer")
                self._check(shown, question)
                self._seen.whole.append(monotonic() - start)
                self._seen.first.append(first if first is not None else monotonic() - start)
                return
        raise RuntimeError("the stream ended before the answer")

    async def _messages(self) -> AsyncIterator[dict[str, Any]]:
        parameters = {"session_hash": self._session}
        address = f"{self._prefix}/queue/data"
        async with self._client.stream("GET", address, params=parameters) as stream:
            async for line in stream.aiter_lines():
                if line.startswith("data:"):
                    yield json.loads(line[5:])

    def _check(self, html: str, question: str) -> None:
        if 'class="error"' in html:
            self._asked.pop()
            self._seen.errors.append(f"an error on the page for {question!r}")
            return
        shown = [_folded(unescape(text)) for text in ASKED.findall(html)]
        if shown != [_folded(text) for text in self._asked]:
            self._seen.mixed.append(f"{shown} is not {self._asked}")
        found = KEY.search(html)
        self._key = found[1] if found else ""

    async def _check_file(self) -> None:
        if not self._key:
            return
        file = await self._client.get(f"/page/export/{self._key}/all?as=json")
        answers = [_folded(answer["question"]) for answer in file.json()["answers"]]
        if answers != [_folded(text) for text in self._asked]:
            self._seen.mixed.append(f"file: {answers} is not {self._asked}")


def _changed(shown: str, change: Any) -> str:
    """The HTML after a message of Gradio's: the whole, what changes it, or an update of nothing."""
    if isinstance(change, str):
        return change
    if isinstance(change, list):
        for kind, path, value in change:
            if path == [] and isinstance(value, str):
                shown = shown + value if kind == "append" else value
    return shown


def _folded(text: str) -> str:
    return " ".join(text.split())


async def _crowd(address: str, people: int, seconds: float, seed: int) -> Seen:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        config = (await client.get("/config")).json()
    seen, known = Seen(), questions()
    until = monotonic() + seconds
    persons = [Person(address, config, seen) for _ in range(people)]
    await asyncio.gather(
        *(person.chat(until, random.Random(seed + n), known) for n, person in enumerate(persons))
    )
    return seen


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--seconds", type=float, default=180)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with served(port) as address:
        seen = asyncio.run(_crowd(address, given.people, given.seconds, given.seed))
    print(
        f"{given.people} people, {given.seconds:.0f} s: {len(seen.whole)} answers, "
        f"{len(seen.errors)} errors, {len(seen.mixed)} in the wrong conversation"
    )
    for line in (*seen.errors[:5], *seen.mixed[:5]):
        print(f"  {line}")
    for name, times in (("first sentence", seen.first), ("all, suggestions too", seen.whole)):
        if len(times) > 1:
            p95 = quantiles(times, n=20)[-1]
            print(
                f"{name}: median {median(times):.2f} s, p95 {p95:.2f} s, longest {max(times):.2f} s"
            )


if __name__ == "__main__":
    main()
