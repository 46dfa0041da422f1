"""Real HTTP servers on loopback that speak as language models do: OpenAI's wire format and Ollama's.

`ModelServer(reply, ...)` answers the requests one after another with the replies given, the last one
for ever; a reply is a function of the request that writes what it likes to the connection.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Request:
    """What a client sent; replies write their bytes through it."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]
    handler: BaseHTTPRequestHandler
    gone: threading.Event = field(default_factory=threading.Event)

    @property
    def messages(self) -> list[dict[str, str]]:
        found: list[dict[str, str]] = self.body["messages"]
        return found

    @property
    def prompt(self) -> str:
        """All that the model gets to read."""
        return "\n".join(message["content"] for message in self.messages)

    def send(self, status: int, body: bytes, **headers: str) -> None:
        self.handler.send_response(status)
        for name, value in ({"Content-Length": str(len(body))} | headers).items():
            self.handler.send_header(name.replace("_", "-"), value)
        self.handler.end_headers()
        self.handler.wfile.write(body)

    def start(self, kind: str) -> None:
        self.handler.send_response(200)
        self.handler.send_header("Content-Type", kind)
        self.handler.send_header("Transfer-Encoding", "chunked")
        self.handler.end_headers()

    def chunk(self, data: bytes) -> None:
        """One chunk of HTTP; an empty one ends the reply. Notes when the client has gone."""
        try:
            self.handler.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            self.handler.wfile.flush()
        except OSError:
            self.gone.set()
            raise


Reply = Callable[[Request], None]
# The words of a reply, or a function that finds them in the request.
Words = str | Callable[[Request], str]


class ModelServer:
    """A server in a thread; `requests` are those that came, in order."""

    def __init__(self, *replies: Reply) -> None:
        self.requests: list[Request] = []
        self._replies = replies
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", 0))
                body = json.loads(self.rfile.read(length) or b"{}")
                headers = {name.lower(): value for name, value in self.headers.items()}
                request = Request(self.path, headers, body, self)
                server.requests.append(request)
                number = min(len(server.requests), len(server._replies)) - 1
                try:
                    server._replies[number](request)
                except OSError:
                    request.gone.set()
                    self.close_connection = True

            def log_message(self, *arguments: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}"

    def __enter__(self) -> ModelServer:
        self._thread.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._http.shutdown()
        self._http.server_close()


# --- replies in OpenAI's format ---


def event(delta: dict[str, Any], finish: str | None = None) -> bytes:
    """One server-sent event of a streamed chat completion."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    about = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "scripted"}
    return b"data: " + json.dumps(about | {"choices": [choice]}).encode() + b"\n\n"


def events(words: str, size: int = 7) -> Iterator[bytes]:
    """A whole reply in pieces of so many characters."""
    yield event({"role": "assistant", "content": ""})
    for start in range(0, len(words), size):
        yield event({"content": words[start : start + size]})
    yield event({}, "stop")
    yield b"data: [DONE]\n\n"


def said(words: Words, size: int = 7) -> Reply:
    """The reply of a well-behaved server."""

    def reply(request: Request) -> None:
        request.start("text/event-stream")
        for data in events(words if isinstance(words, str) else words(request), size):
            request.chunk(data)
        request.chunk(b"")

    return reply


def chopped(words: str, size: int = 3) -> Reply:
    """The same in chunks of HTTP that break events, and characters of more than one byte, apart."""

    def reply(request: Request) -> None:
        request.start("text/event-stream")
        data = b"".join(events(words))
        for start in range(0, len(data), size):
            request.chunk(data[start : start + size])
        request.chunk(b"")

    return reply


def cut_off(words: str) -> Reply:
    """The connection ends in the middle, without the last chunk."""

    def reply(request: Request) -> None:
        request.start("text/event-stream")
        for data in list(events(words))[:-2]:
            request.chunk(data)
        request.handler.close_connection = True

    return reply


def refused(status: int, body: str = '{"error": {"message": "no"}}', **headers: str) -> Reply:
    return lambda request: request.send(
        status, body.encode(), Content_Type="application/json", **headers
    )


def garbled(body: str, kind: str = "text/event-stream") -> Reply:
    """Status 200, and a body that is no reply of a model's."""
    return lambda request: request.send(200, body.encode(), Content_Type=kind)


def tool_call(request: Request) -> None:
    """A model that wants a tool although none was offered."""
    call = {"name": "search", "arguments": '{"query": "secrets"}'}
    request.start("text/event-stream")
    request.chunk(
        event({"tool_calls": [{"index": 0, "id": "t1", "type": "function", "function": call}]})
    )
    request.chunk(event({}, "tool_calls") + b"data: [DONE]\n\n")
    request.chunk(b"")


def slow(words: str, pause: float, size: int = 7) -> Reply:
    """So many seconds before each piece, until the client goes away."""

    def reply(request: Request) -> None:
        request.start("text/event-stream")
        for data in events(words, size):
            time.sleep(pause)
            request.chunk(data)
        request.chunk(b"")

    return reply


# --- replies in Ollama's format ---


def ollama_said(words: Words, size: int = 7) -> Reply:
    """Lines of JSON, the last one with the reason for the end."""

    def reply(request: Request) -> None:
        request.start("application/x-ndjson")
        text = words if isinstance(words, str) else words(request)
        about = {"model": request.body["model"], "created_at": "2024-01-01T00:00:00Z"}
        for start in range(0, len(text), size):
            message = {"role": "assistant", "content": text[start : start + size]}
            line = about | {"message": message, "done": False}
            request.chunk(json.dumps(line).encode() + b"\n")
        end = {"message": {"role": "assistant", "content": ""}, "done": True, "done_reason": "stop"}
        request.chunk(json.dumps(about | end).encode() + b"\n")
        request.chunk(b"")

    return reply
