"""The command line: a DAW without a DAW.

``bandmate <stage>`` works in its own process; ``bandmate ask <stage>`` asks the running daemon.
What is heavy is imported by the command that needs it, so that ``ask`` starts at once.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper

from bridge.threads import ONE_THREAD

__all__ = ["COMMANDS", "main"]

COMMANDS = (
    "serve",
    "batch",
    "live",
    "mcp",
    "meter",
    "stages",
    "presets",
    "allow",
    "demo",
    "doctor",
    "install",
    "uninstall",
    "warm",
)
"""Each is a file in `bridge.commands`."""

_LOOKED_THROUGH_AFTER = 10_000  # new objects, where Python says 700: what is loaded stays anyway

USAGE = """\
bandmate: a local, private assistant beside your DAW

  bandmate serve                 start the daemon that the DAW talks to
  bandmate <stage> [FILE]        do one stage here: {stages}
  bandmate batch <stage> FOLDER  do it with every file of a folder
  bandmate ask <stage> [FILE]    ask the running daemon
  bandmate live pitch            correct a voice while it is sung, through JACK
  bandmate mcp                   the door for assistants that speak MCP
  bandmate meter FILE...         loudness and true peak of files
  bandmate stages                what bandmate can do
  bandmate presets [STAGE]       the shelf
  bandmate allow FOLDER          let the daemon read and write there
  bandmate demo [TRACK]          a walk through, played over OSC on this machine
  bandmate doctor                what is installed, and how to mend what is missing
  bandmate install [DAW]         put bandmate into a DAW, or let it start with the session
  bandmate uninstall DAW         take it out again
  bandmate warm                  compile now what would be compiled in the background

bandmate <command> --help tells the options of each.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    argv : sequence of str, optional
        Words after ``bandmate``; those of the process where not given.

    Returns
    -------
    int
        0 done, 2 the user's mistake, 1 our bug.
    """
    words = list(sys.argv[1:] if argv is None else argv)
    if words[:1] == ["ask"]:
        from bridge import ask

        return ask.main(words[1:])
    os.environ.update(ONE_THREAD)
    gc.set_threshold(_LOOKED_THROUGH_AFTER)
    _print_any_name()
    from assistant.errors import MusicianError

    try:
        return _command(words)
    except MusicianError as error:
        return _say_error(error.code, str(error), words)
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:
        return 0


def _print_any_name() -> None:
    """Let names be printed that the encoding of the terminal, or any, cannot say."""
    if isinstance(sys.stdout, TextIOWrapper) and sys.stdout.errors == "strict":
        sys.stdout.reconfigure(errors="backslashreplace")


def _say_error(code: str, text: str, words: Sequence[str]) -> int:
    """Say a mistake: one line on stderr, or one object on stdout where ``--json`` was asked."""
    if "--json" in words:
        import json

        print(json.dumps({"error": {"code": code, "text": text}}))
    print(f"bandmate: {text}", file=sys.stderr)
    return 2


def _command(words: list[str]) -> int:
    """Find the command and hand it its words."""
    from assistant import engine
    from assistant.errors import UnknownName

    if not words or words[0] in {"-h", "--help", "help"}:
        print(USAGE.format(stages=", ".join(engine.stage_names())), end="")
        return 0
    name, rest = words[0], words[1:]
    if name in {"--version", "version"}:
        from bridge.version import VERSION

        print(VERSION)
        return 0
    if name in COMMANDS:
        module = importlib.import_module(f"bridge.commands.{name}")
        return int(module.main(rest))
    if name in engine.stage_names():
        from bridge.commands import perform

        return perform.main(name, rest)
    raise UnknownName("command", name, [*COMMANDS, "ask", *engine.stage_names()])
