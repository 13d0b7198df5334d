"""``bandmate serve``: the daemon that the DAW talks to."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

from assistant.errors import SettingError
from bridge import daemon, places
from bridge.commands.parser import Parser
from bridge.daws.adapter import adapter
from bridge.jobs import Limits
from bridge.ports import link
from bridge.version import VERSION

__all__ = ["check", "main"]


def main(words: Sequence[str]) -> int:
    """Run the daemon until it is told to stop."""
    told = _parser().read(words)
    logging.basicConfig(level=told.log.upper(), format="%(name)s %(levelname)s %(message)s")
    if told.link:
        link.check()
    limits = Limits(told.slots, told.queue, told.time_limit, told.memory_limit)
    config = daemon.Config(
        port=told.osc_port,
        http_port=told.http_port,
        roots=tuple(told.root),
        limits=limits,
        stages=tuple(str(folder.resolve()) for folder in told.stages),
        midi=told.midi,
        midi_in=told.midi_in,
        midi_out=told.midi_out,
        link=told.link,
        daws=tuple(map(_daw, told.daw)),
        journal=places.journal(),
        version=VERSION,
    )
    return asyncio.run(daemon.serve(config))


def check(words: Sequence[str]) -> None:
    """Refuse words that `main` would refuse before it opens anything."""
    told = _parser().read(words)
    tuple(map(_daw, told.daw))


def _parser() -> Parser:
    parser = Parser("serve", main.__doc__)
    limits = Limits()
    add = parser.add_argument
    add("--osc-port", type=int, default=9510, help="UDP and TCP port on 127.0.0.1 (9510)")
    add("--http-port", type=int, default=9511, help="tells the messages (9511); 0: none")
    add("--root", type=Path, action="append", default=[], help="folder to use (home); repeatable")
    add("--slots", type=int, default=limits.slots, help="jobs that run at once (2)")
    add("--queue", type=int, default=limits.queue, help="jobs that may wait (32)")
    add("--time-limit", type=float, default=limits.seconds, help="seconds a job may take (3600)")
    add("--memory-limit", type=int, default=limits.memory_mb, help="MB a job may take (4096)")
    add("--stages", type=Path, action="append", default=[], help="folder of stages of your own")
    add("--no-midi", dest="midi", action="store_false", help="open no MIDI ports")
    add("--midi-in", default="", help="name of a MIDI input, where there are no virtual ports")
    add("--midi-out", default="", help="name of a MIDI output, where there are no virtual ports")
    add("--daw", action="append", default=[], help="DAW to link, NAME or NAME:PORT; repeatable")
    add("--link", action="store_true", help="tempo from Ableton Link; needs aalink (GPL) beside it")
    add("--log", default="warning", choices=("debug", "info", "warning", "error"))
    return parser


def _daw(word: str) -> tuple[str, int]:
    """Read ``live`` or ``live:11000``; a DAW that bandmate does not know is refused at once."""
    name, colon, port = word.partition(":")
    adapter(name)
    if colon and not (port.isascii() and port.isdecimal() and 0 < int(port) < 65_536):
        raise SettingError(f"--daw is {word!r}; it takes NAME or NAME:PORT, such as live:11000.")
    return name, int(port or 0)
