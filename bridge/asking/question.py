"""The words of the command line -> what is asked of the daemon, and how it is to be answered."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import NamedTuple

from bridge.asking.failure import Failure
from bridge.asking.terminal import is_watched

__all__ = ["ABOUT_A_JOB", "OF_THEIR_OWN", "Question", "Words", "split", "understood"]

PORT = 9510
MAX_SECONDS = 7 * 24 * 3600.0

ABOUT_A_JOB = frozenset({"accept", "again", "cancel", "play", "reject", "taken", "undo"})
"""Words of the message table whose id names a job that was asked before."""
OF_THEIR_OWN = frozenset(
    {"capture", "context", "daw", "presets", "stages", "status", "stop", "unlink"}
)
"""Words of the table whose id is as good as any. Said again here: to load the table takes long."""

_OWN = {"answer": "", "json": "", "port": str(PORT), "quiet": "", "start": ""}
_SWITCHES_OF_OURS = frozenset({"json", "quiet", "start"})
_NEEDS_A_VALUE = frozenset({"answer", "port", "timeout"})
_SWITCHES = frozenset({"report", "dawproject"})
_PATHS = frozenset({"out", "right"})
_STAGES = "`bandmate ask stages` lists the stages."
_YES_NO = frozenset({"1", "true", "yes", "on", "0", "false", "no", "off"})


class Words(NamedTuple):
    """The words, sorted: what stands alone, settings, and options of the client itself.

    `bare` are those options that need a value and have none.
    """

    names: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    own: dict[str, str]
    bare: tuple[str, ...] = ()

    @property
    def answer(self) -> str:
        """The file to answer in, ``""`` where none was named."""
        return absolute(self.own["answer"]) if self.own["answer"] else ""


class Question(NamedTuple):
    """What is asked.

    Parameters
    ----------
    word : str
        A stage, or a word of the message table.
    names : tuple of str
        What follows: at most one file for a stage.
    settings : tuple of (str, str)
        Of a stage; paths are absolute.
    quiet, start : bool
        Whether no progress is drawn, and whether a daemon is started where there is none.
    port : int
        Where the daemon listens.
    timeout : float
        Seconds.
    """

    word: str
    names: tuple[str, ...]
    settings: tuple[tuple[str, str], ...]
    quiet: bool
    start: bool
    port: int
    timeout: float

    @property
    def is_stage(self) -> bool:
        """Whether a stage is asked."""
        return self.word not in ABOUT_A_JOB | OF_THEIR_OWN

    @property
    def path(self) -> str:
        """The file for a stage, as it was written."""
        return "".join(self.names[:1])

    @property
    def whole_path(self) -> str:
        """The file for a stage, from the root on."""
        return absolute(self.path) if self.path else ""


def split(argv: Sequence[str]) -> Words:
    """Sort the words that follow ``bandmate ask``; nothing is refused yet."""
    words = list(argv)
    names: list[str] = []
    settings: list[tuple[str, str]] = []
    own = {**_OWN, "timeout": str(MAX_SECONDS)}
    bare: list[str] = []
    while words:
        word = words.pop(0)
        if not word.startswith("--"):
            names.append(word)
            continue
        name, equals, value = word[2:].partition("=")
        if not equals:
            alone = not words or words[0].startswith("--") or _is_switch(name, words[0])
            value = _alone(name) if alone else words.pop(0)
        if name == "start" and value != "yes":  # of a stage: where in the take to begin
            settings.append((name, value))
        elif name.removeprefix("osc-") in own:  # serve calls the port so
            own[name.removeprefix("osc-")] = value
            if not value:
                bare.append(name)
        else:
            settings.append((name, value))
    return Words(tuple(names), tuple(settings), own, tuple(bare))


def understood(words: Words) -> Question:
    """See that the words make a question.

    Parameters
    ----------
    words : Words
        From `split`.

    Returns
    -------
    Question
        To be asked.

    Raises
    ------
    Failure
        With what would be right.
    """
    names, own = words.names, words.own
    if words.bare:
        raise Failure("words", f"--{words.bare[0]} needs a value after it.")
    if not names:
        raise Failure("words", "0 names were given; ask takes a stage and one file.")
    port = int(_number("port", own["port"], 65_535))
    timeout = _number("timeout", own["timeout"], MAX_SECONDS)
    quiet = bool(own["quiet"] or own["json"] or own["answer"]) or not is_watched()
    settings = tuple((name, _placed(name, value)) for name, value in words.settings)
    question = Question(names[0], names[1:], settings, quiet, bool(own["start"]), port, timeout)
    _check(question)
    return question


def absolute(path: str) -> str:
    """Make a path absolute; raises `Failure` where there is no folder that it stands in."""
    try:
        return os.path.abspath(path)  # noqa: PTH100 - to load pathlib takes as long as to ask
    except FileNotFoundError:
        text = f"{path!r} lies in a folder that is not there any more; say its whole path."
        raise Failure("file", text) from None


def _check(question: Question) -> None:
    count = 1 + len(question.names)
    if " " in question.word.strip():
        raise Failure("words", f"ask takes a stage and one file, not a sentence; {_STAGES}")
    if question.is_stage and count > 2:
        text = f"{count} names were given; ask takes a stage and one file."
        raise Failure("words", text + (_meant(question.word) or f" {_STAGES}"))
    if question.is_stage:
        _ = question.whole_path  # refused before anybody is asked
    elif question.settings:
        raise Failure("words", f"{question.word} takes no --{question.settings[0][0]}.")


def _meant(word: str) -> str:
    """Say which word was probably meant; a stage it cannot be, with so many names."""
    from assistant.errors import did_you_mean

    guess = did_you_mean(word, ABOUT_A_JOB | OF_THEIR_OWN)
    return guess if guess.startswith(" Did") else ""


def _alone(name: str) -> str:
    """Say what an option means that has no value."""
    return "" if name.removeprefix("osc-") in _NEEDS_A_VALUE else "yes"


def _is_switch(name: str, following: str) -> bool:
    """Tell whether an option stands alone before a word that might be its value."""
    if name == "start":
        return not following.replace(".", "", 1).isdecimal()
    if name in _SWITCHES_OF_OURS:
        return True
    return name in _SWITCHES and following.lower() not in _YES_NO


def _number(name: str, value: str, high: float) -> float:
    try:
        number = float(value)
    except ValueError:
        number = -1.0
    if not 0 < number <= high:
        raise Failure("setting", f"--{name} is {value!r}; it takes a number up to {high:g}.")
    return number


def _placed(name: str, value: str) -> str:
    """Make the value of a setting absolute where it plainly is a path of this folder."""
    plainly = (os.sep in value or "." in value) and os.path.exists(value)  # noqa: PTH110 - slow
    return absolute(value) if name in _PATHS or plainly else value
