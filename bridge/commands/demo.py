"""``bandmate demo``: plays the DAW against a daemon of its own, over OSC on this machine.

Asks for chord ideas, has them rendered, and masters the first; or masters a track that is named.
Everything it makes lies in one folder, and everything said is printed.
"""

from __future__ import annotations

import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from rich.console import Console
from rich.markup import escape

from assistant.errors import FileError, MusicianError
from bridge.commands.parser import Parser
from bridge.interpreter import running
from bridge.osc.gather import Suggestions, add
from bridge.osc.thin import pack, unpack

__all__ = ["main"]

READY_SECONDS = 30.0
ANSWER_SECONDS = 300.0

console = Console(highlight=False, soft_wrap=True)


class Daw:
    """A DAW as small as can be: asks over UDP and listens.

    Parameters
    ----------
    port : int
        Where the daemon listens.
    """

    def __init__(self, port: int) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.connect(("127.0.0.1", port))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._socket.close()

    def ask(self, stage: str, job: str, path: str, **settings: object) -> list[dict[str, Any]]:
        """Ask a stage, print what is said, and return the suggestions."""
        words = [str(word) for pair in settings.items() for word in pair]
        shown = " ".join(repr(word) if " " in word or not word else word for word in words)
        asked = escape(f"/bandmate/{stage} {job} {path or repr('')} {shown}")
        console.print(f"\n[bold]->[/bold] {asked}")
        self._socket.send(pack(f"/bandmate/{stage}", job, path, *words))
        found: Suggestions = {}
        deadline = time.monotonic() + ANSWER_SECONDS
        while time.monotonic() < deadline:
            self._socket.settimeout(deadline - time.monotonic())
            for address, said in unpack(self._socket.recv(65_536)):
                word = address.rpartition("/")[2]
                add(found, word, said)
                _print(word, said)
                if word == "error":
                    raise MusicianError(f"The daemon said: {said[2]}")
                if word == "done":
                    return list(found.values())
        raise MusicianError(f"The daemon did not answer within {ANSWER_SECONDS:g} s.")


def main(words: Sequence[str]) -> int:
    """Play the DAW: ask a daemon on this machine for chords, and master them for Spotify."""
    parser = Parser("demo", main.__doc__)
    parser.add_argument("track", nargs="?", help="master this file instead")
    parser.add_argument("--prompt", default="hopeful, jazzy", help="words for the chords")
    parser.add_argument("--preset", default="spotify", help="platform to master for")
    parser.add_argument("--out", default="demo", help="folder for what is made (demo)")
    told = parser.read(words)
    out = Path(told.out).resolve()
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise FileError(f"The folder {str(out)!r} cannot be made: {error.strerror}.") from None
    track = Path(told.track).resolve() if told.track else None
    with _daemon([out, *([track.parent] if track else [])]) as port, Daw(port) as daw:
        if track is None:
            asked = {"prompt": told.prompt, "bars": 8, "count": 3, "render": "yes", "out": out}
            ideas = daw.ask("chords", "ideas", "", **asked)
            _show(ideas)
            track = Path(ideas[0]["files"]["audio"])
        masters = daw.ask("master", "final", str(track), preset=told.preset, count=1, out=out)
    _show(masters)
    console.print("\nThis is what a DAW says and hears; nothing of yours was changed.")
    console.print("Next: bandmate serve, and the message table in README.md")
    return 0


@contextmanager
def _daemon(roots: Sequence[Path]) -> Iterator[int]:
    """Run a daemon on a free port, and end it afterwards."""
    allowed = [word for root in roots for word in ("--root", str(root))]
    command = running("bridge", "serve", "--osc-port", "0", "--no-midi", *allowed)
    began = time.monotonic()
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)  # noqa: S603
    try:
        line = daemon.stdout.readline().strip() if daemon.stdout else ""
        if not line:
            raise MusicianError("The daemon did not start; bandmate doctor may tell why.")
        console.print(f"{line} (after {time.monotonic() - began:.2f} s)")
        yield int(line.rpartition(":")[2])
    finally:
        daemon.terminate()
        daemon.wait(READY_SECONDS)


def _print(word: str, said: Sequence[object]) -> None:
    """Print a reply; notes are only counted, and progress is left out."""
    if word in {"note", "progress"}:
        return
    text = " ".join(f"{one:.4g}" if isinstance(one, float) else str(one) for one in said)
    console.print(f"   <- /bandmate/{word} {text}", style="dim", markup=False)


def _show(suggestions: Sequence[dict[str, Any]]) -> None:
    """Say what came of it, and where the files lie."""
    for one in suggestions:
        console.print(f"\n[bold]{one['n']}. {escape(one['title'])}[/bold]")
        console.print(f"   {one['why']}", markup=False)
        if one["chords"]:
            chords = "  ".join(chord["symbol"] for chord in one["chords"])
            console.print(f"   {chords}", markup=False)
        for role, path in {"main": one["file"], **one["files"]}.items():
            console.print(f"   {role}: {path}", markup=False)
