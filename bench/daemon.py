"""The daemon: start, memory, echo, the way of a chord request; beside python-osc's own server.

``python -m bench.daemon [--write]``. Everything runs on 127.0.0.1, bounded in count and time.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from bench.report import publish, table
from bridge.osc.thin import pack, unpack

HOUSE = Path(__file__).parent.parent
ECHOES = 3000
ASKS = 300

PEER = """
import asyncio
from pythonosc.dispatcher import Dispatcher
from pythonosc.osc_server import AsyncIOOSCUDPServer
from pythonosc.udp_client import SimpleUDPClient
from pythonosc.osc_message_builder import OscMessageBuilder

async def main():
    loop = asyncio.get_running_loop()
    dispatcher = Dispatcher()
    def echo(client, address, job):
        builder = OscMessageBuilder("/bandmate/status")
        for value in (job, "idle", 0, 0, 1.5, "0.1.0"):
            builder.add_arg(value)
        transport.sendto(builder.build().dgram, client)
    dispatcher.map("/bandmate/status", echo, needs_reply_address=True)
    server = AsyncIOOSCUDPServer(("127.0.0.1", 0), dispatcher, loop)
    transport, _ = await server.create_serve_endpoint()
    print(transport.get_extra_info("sockname")[1], flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


def main() -> None:
    """Measure, and print the tables."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["BANDMATE_HOME"] = home
        rows = [*starts(), *memory(home), *echo(), *chords(), *first_master(home)]
    publish("Daemon", table(("what", "measured", "goal"), rows))


def serve(*options: str) -> tuple[subprocess.Popen[str], int, float]:
    """Start a daemon; return it, its port, and the seconds to its ready line."""
    began = time.monotonic()
    command = [sys.executable, "-m", "bridge", "serve", "--osc-port", "0", *options]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=HOUSE)
    assert daemon.stdout
    line = daemon.stdout.readline()
    return daemon, int(line.rpartition(":")[2]), time.monotonic() - began


def stop(daemon: subprocess.Popen[str]) -> None:
    """End a process of ours."""
    daemon.terminate()
    daemon.wait(20)


def ear(port: int) -> socket.socket:
    """Open a socket that talks to a port."""
    opened = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    opened.connect(("127.0.0.1", port))
    opened.settimeout(60)
    return opened


def starts() -> list[tuple[str, str, str]]:
    """Time the ready line of seven starts."""
    seconds = []
    for _ in range(7):
        daemon, _, ready = serve("--no-midi")
        seconds.append(ready)
        stop(daemon)
    seen = f"{statistics.median(seconds):.2f} s ({min(seconds):.2f} to {max(seconds):.2f})"
    return [("ready line after start, median", seen, "0.6 s")]


def memory(home: str) -> list[tuple[str, str, str]]:
    """Add up the resident memory of an idle daemon, and after a job that was heavy."""
    daemon, port, _ = serve("--root", home)
    time.sleep(15)
    own, everything = resident(daemon.pid), family(daemon.pid)
    code = (
        "from pathlib import Path; import sys; "
        f"maps = Path('/proc/{daemon.pid}/maps').read_text(); "
        "print([n for n in ('torch', 'librosa', 'scipy', 'numba') if f'/{n}/' in maps])"
    )
    heavy = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    path = Path(home) / "long.wav"
    noise = np.random.default_rng(0).normal(0, 0.1, (48_000 * 120, 2))
    soundfile.write(path, noise, 48_000, subtype="PCM_24")
    with ear(port) as here:
        here.send(pack("/bandmate/master", "m", str(path), "count", "1"))
        hear(here, lambda word: word in {"done", "error"})
    time.sleep(70)
    after = family(daemon.pid)
    stop(daemon)
    return [
        (
            "daemon process, idle",
            f"{own:.0f} MB, of the heavy ones {heavy.stdout.strip()}",
            "60 MB, none",
        ),
        ("all processes, idle", f"{everything:.0f} MB", "400 MB"),
        ("all processes, 70 s after two minutes were mastered", f"{after:.0f} MB", "500 MB"),
    ]


def resident(pid: int) -> float:
    """Return the resident MB of a process."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def family(pid: int) -> float:
    """Return the resident MB of a process and its children."""
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False
    )
    return resident(pid) + sum(resident(int(child)) for child in found.stdout.split())


def hear(here: socket.socket, until: Callable[[str], bool]) -> str:
    """Listen until a message comes that `until` wants; return its name."""
    while True:
        for address, _ in unpack(here.recv(65_536)):
            word = address.rpartition("/")[2]
            if until(word):
                return word


def trips(port: int, count: int) -> list[float]:
    """Time round trips of /bandmate/status, in microseconds."""
    times = []
    with ear(port) as here:
        for n in range(count):
            packet = pack("/bandmate/status", f"job{n}")
            began = time.perf_counter()
            here.send(packet)
            here.recv(9000)
            times.append((time.perf_counter() - began) * 1e6)
    return times


def echo() -> list[tuple[str, str, str]]:
    """Time /bandmate/status in turn with the same words from python-osc's asyncio server."""
    daemon, port, _ = serve("--no-midi")
    peer = subprocess.Popen([sys.executable, "-c", PEER], stdout=subprocess.PIPE, text=True)
    assert peer.stdout
    peer_port = int(peer.stdout.readline())
    time.sleep(4)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(6):
        ours += trips(port, ECHOES // 6)
        theirs += trips(peer_port, ECHOES // 6)
    stop(daemon)
    stop(peer)
    ratio = statistics.median(ours) / statistics.median(theirs)
    seen = f"{spread(ours)} us; python-osc {spread(theirs)} us; ratio {ratio:.2f}"
    return [("OSC echo p50 / p99", seen, "p50 within 2 x")]


def spread(times: list[float]) -> str:
    """Say the median and the 99th percentile."""
    ordered = sorted(times)
    return f"{statistics.median(ordered):.0f} / {ordered[int(len(ordered) * 0.99)]:.0f}"


def chords() -> list[tuple[str, str, str]]:
    """Time a chord request to its first suggestion, when warm."""
    daemon, port, _ = serve("--no-midi")
    time.sleep(6)
    times = []
    with ear(port) as here:
        for n in range(ASKS):
            began = time.perf_counter()
            prompt = ("hopeful", "sad", "jazzy, rainy night", "dark")[n % 4]
            here.send(pack("/bandmate/chords", f"c{n}", "", "prompt", prompt, "seed", str(n)))
            hear(here, lambda word: word == "suggestion")
            if n >= 10:
                times.append((time.perf_counter() - began) * 1e3)
            hear(here, lambda word: word == "done")
    stop(daemon)
    ordered = sorted(times)
    p99 = ordered[int(len(ordered) * 0.99)]
    seen = f"{statistics.median(ordered):.1f} / {p99:.1f} ms"
    return [("chords, request to first suggestion p50 / p99", seen, "p99 25 ms")]


def first_master(home: str) -> list[tuple[str, str, str]]:
    """Time the very first request of a fresh start: ten seconds of noise to be mastered."""
    path = Path(home) / "short.wav"
    noise = np.random.default_rng(0).normal(0, 0.1, (480_000, 2))
    soundfile.write(path, noise, 48_000, subtype="PCM_24")
    waits = []
    for _ in range(3):
        daemon, port, _ = serve("--no-midi", "--root", home)
        with ear(port) as here:
            began = time.monotonic()
            here.send(pack("/bandmate/master", "m", str(path), "count", "1"))
            hear(here, lambda word: word in {"suggestion", "error"})
            waits.append(time.monotonic() - began)
        stop(daemon)
    seen = f"{statistics.median(waits):.2f} s"
    return [("first master of a fresh start, 10 s of audio", seen, "2 s")]


if __name__ == "__main__":
    main()
