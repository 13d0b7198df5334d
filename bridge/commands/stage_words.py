"""The words that a stage is asked with on the command line, made of what it declares."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

from assistant.contract import RESERVED, Knob, Stage
from assistant.material import Audio
from bridge.commands.parser import Parser

__all__ = ["add_stage", "add_switch", "asked", "spelled_out"]


def add_stage(parser: Parser, stage: Stage, *, shows: int) -> None:
    """Let a parser read the settings of a stage, the reserved words, and how to answer.

    Parameters
    ----------
    parser : Parser
        Of the command.
    stage : Stage
        What is asked.
    shows : int
        How many suggestions there are unless asked.
    """
    for knob in stage.knobs:
        _add(parser, knob)
    parser.add_argument("--preset", metavar="NAME", help="settings from the shelf; a,b,c: each")
    parser.add_argument("--seed", metavar="N", help="same seed, same answer (0)")
    parser.add_argument("--count", metavar="N", help=f"how many suggestions ({shows})")
    parser.add_argument("--out", metavar="DIR", help="folder for what is made")
    if Audio in stage.takes:
        parser.add_argument("--cut", metavar="FROM-TO", help="only these seconds of the file")
        parser.add_argument("--right", metavar="FILE", help="right channel; FILE is the left one")
    drawn = "a page that shows each suggestion [yes or no; no]"
    drawn = drawn if stage.draws else argparse.SUPPRESS  # where it is refused, not advertised
    add_switch(parser, "report", drawn)
    add_switch(parser, "dawproject", "each suggestion as a DAWproject, too [yes or no; no]")
    parser.add_argument("--json", action="store_true", help="one object on stdout")
    parser.add_argument("--quiet", action="store_true", help="no progress")


def add_switch(parser: Parser, name: str, about: str) -> None:
    """Let a parser read ``--name``, ``--name yes`` and ``--name no``."""
    names = dict.fromkeys((f"--{name.replace('_', '-')}", f"--{name}"))
    parser.add_argument(*names, nargs="?", const="yes", metavar="yes|no", help=about)


def _add(parser: Parser, knob: Knob) -> None:
    usual = f"; {knob.usual}" if knob.usual else ""
    about = f"{knob.about} [{knob.span}{usual}]".replace("%", "%%")
    if knob.kind == "flag":
        add_switch(parser, knob.name, about)
    else:
        names = dict.fromkeys((f"--{knob.name.replace('_', '-')}", f"--{knob.name}"))
        parser.add_argument(*names, metavar=knob.kind.upper(), help=about)


def asked(told: argparse.Namespace, stage: Stage) -> dict[str, object]:
    """Pick the settings and reserved words that were said."""
    names = {knob.name for knob in stage.knobs} | RESERVED
    return {key: value for key, value in vars(told).items() if key in names and value is not None}


def spelled_out(words: Sequence[str], stage: Stage, *others: str) -> Iterator[str]:
    """Write ``--report take.wav`` as ``--report=yes take.wav``: a file does not answer a switch.

    Parameters
    ----------
    words : sequence of str
        As they were said.
    stage : Stage
        Its flags are switches.
    *others : str
        Further switches, such as ``"recursive"``.
    """
    flags = (knob.name for knob in stage.knobs if knob.kind == "flag")
    switches = {
        f"--{form}"
        for name in ("report", "dawproject", *others, *flags)
        for form in (name, name.replace("_", "-"))
    }
    for word, following in zip(words, (*words[1:], "--"), strict=False):
        named = bool(Path(following).suffix) or os.path.lexists(following)
        yield f"{word}=yes" if word in switches and named else word
