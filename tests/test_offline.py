"""After set-up nothing leaves the machine, whatever tracing the environment asks for."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from assistant import Assistant
from tests.conftest import free_port

# Turns every connection to another machine into an error that names it, in Python and below it.
GUARD = """
import socket
LOOPBACK = ("127.", "::1", "localhost")

def outside(address):
    return isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK)

def refuse(name):
    def guarded(self, address, *rest):
        if outside(address):
            print("CONNECTION", name, address, flush=True)
            raise OSError("no network in this test")
        return original(self, address, *rest)
    original = getattr(socket.socket, name)
    return guarded

for name in ("connect", "connect_ex", "sendto"):
    setattr(socket.socket, name, refuse(name))
look_up = socket.getaddrinfo
def getaddrinfo(host, *rest, **options):
    if host and not str(host).startswith(LOOPBACK + ("0.0.0.0",)):
        print("LOOK-UP", host, flush=True)
        raise OSError("no network in this test")
    return look_up(host, *rest, **options)
socket.getaddrinfo = getaddrinfo
"""

WORK = """
from assistant import Assistant, HybridRetriever, Turn, build_index
from assistant.settings import Settings
print(build_index().unchanged)
assistant = Assistant.open()
answer = assistant.ask("What is it?")
assistant.ask("and how is it treated?", [Turn(answer.question, answer.text)])
assert HybridRetriever.open().invoke("calcification")
assert HybridRetriever.open().batch(["calcification"])
from assistant.history.history import History
from assistant.web.server import start
from assistant.web.service import Service
import json, tempfile, urllib.request
history = History.open(f"sqlite:///{tempfile.mkdtemp()}/history.sqlite")
running = start(Service(assistant, history), port=PORT)
fetch = urllib.request.build_opener(urllib.request.ProxyHandler({})).open
for path in ("", "docs", "metrics", "v1/health"):
    assert fetch(running.url + path).status == 200
asked = json.dumps({"question": "What is it?"}).encode()
form = {"Content-Type": "application/json"}
assert fetch(urllib.request.Request(running.url + "v1/ask", asked, form)).status == 200
running.close()
import time; time.sleep(2)
print("DONE")
"""

TRACING = {
    "FASTAPI_OTEL_AUTO_CONFIGURE": "true",
    "OTEL_EXPORTER_OTLP_ENDPOINT": "http://192.0.2.1:4318",
    "LANGSMITH_TRACING": "true",
    "LANGCHAIN_TRACING_V2": "true",
    "LANGSMITH_API_KEY": "a key",
    "LANGCHAIN_API_KEY": "a key",
}


def work() -> str:
    return WORK.replace("PORT", str(free_port()))


@pytest.mark.parametrize("environment", [{}, TRACING], ids=["plain", "tracing asked for"])
def test_indexing_asking_and_the_page_connect_to_nothing_outside(
    assistant: Assistant, environment: dict[str, str]
) -> None:
    result = subprocess.run(
        [sys.executable, "-c", GUARD + work()],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=180,
        check=False,
    )
    assert "DONE" in result.stdout, result.stderr
    assert "CONNECTION" not in result.stdout and "LOOK-UP" not in result.stdout
    # FastAPI says so where it would send traces and lacks a package for it, as it does here.
    assert "telemetry" not in result.stderr


def test_the_guard_itself_sees_an_attempt() -> None:
    code = GUARD + "import urllib.request\nurllib.request.urlopen('http://192.0.2.1/')"
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False
    )
    assert result.returncode == 1
    assert "LOOK-UP 192.0.2.1" in result.stdout


def can_cut_network() -> bool:
    try:
        return subprocess.run(["unshare", "-n", "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_cut_network(), reason="no right to cut the network off")
def test_everything_works_with_the_network_cut_off(assistant: Assistant) -> None:
    loopback = (
        "import fcntl, socket, struct\n"
        "with socket.socket() as s:\n"
        "    fcntl.ioctl(s, 0x8914, struct.pack('16sh', b'lo', 1))\n"  # SIOCSIFFLAGS, IFF_UP
    )
    result = subprocess.run(
        ["unshare", "-n", sys.executable, "-c", loopback + work()],
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert "DONE" in result.stdout, result.stderr
