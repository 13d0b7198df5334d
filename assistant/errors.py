"""Everything that can go wrong, in one tree.

::

    BandmateError
    ├── MusicianError            what was asked cannot be done as asked
    │   ├── UnknownName          no stage, preset, setting ... of that name
    │   ├── BrokenStage          the file of a stage cannot be loaded
    │   ├── SettingError         a setting outside its range, with its name and range
    │   ├── MaterialError        audio or notes that cannot be worked on
    │   ├── TargetError          a goal out of reach, with the nearest one within it
    │   ├── FileError            a file that cannot be read or written
    │   │   └── OutsideRoots     a path outside the folders bandmate may touch
    │   ├── NoMidi               there is no MIDI port to play to or to listen to
    │   ├── DawError             the DAW cannot do it, or does not answer
    │   ├── WordsError           a message that is not in the table, or not as the table says
    │   └── Busy                 the queue is full
    └── WorkError                a job ended without an answer
        ├── Cancelled            the musician said so
        ├── Crashed              its worker process died
        ├── TooLong              it ran over its time limit
        └── TooLarge             it ran over its memory limit

`MusicianError` is the musician's mistake (exit code 2, one line); anything outside this tree is
our bug (exit code 1). The ``code`` of a class is the ``code`` of ``/bandmate/error``.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = [
    "BandmateError",
    "BrokenStage",
    "Busy",
    "Cancelled",
    "Crashed",
    "DawError",
    "FileError",
    "MaterialError",
    "MusicianError",
    "NoMidi",
    "OutsideRoots",
    "SettingError",
    "TargetError",
    "TooLarge",
    "TooLong",
    "UnknownName",
    "WordsError",
    "WorkError",
    "did_you_mean",
]


class BandmateError(Exception):
    """The root of all that bandmate raises on purpose."""

    code = "error"


class MusicianError(BandmateError):
    """What was asked cannot be done as asked; the text says what would be right."""


class UnknownName(MusicianError):
    """Nothing has that name.

    Parameters
    ----------
    what : str
        Kind of thing, such as ``"stage"``.
    seen : str
        The name as it was asked for.
    known : iterable of str
        The names there are.
    """

    code = "unknown"

    def __init__(self, what: str, seen: str, known: Iterable[str]) -> None:
        super().__init__(f"There is no {what} {seen[:80]!r}.{did_you_mean(seen, known)}")


class BrokenStage(MusicianError):
    """The file of a stage cannot be loaded; the others go on."""

    code = "stage"


class SettingError(MusicianError):
    """A setting has a value that it cannot have."""

    code = "setting"


class MaterialError(MusicianError):
    """The audio or the notes cannot be worked on."""

    code = "material"


class TargetError(MusicianError):
    """The goal is out of reach; the text names the nearest one that is not."""

    code = "target"


class FileError(MusicianError):
    """A file cannot be read or written."""

    code = "file"


class OutsideRoots(FileError):
    """A path lies outside the folders that bandmate may touch."""

    code = "root"


class NoMidi(MusicianError):
    """There is no MIDI port to play to or to listen to; the text says how to get one."""

    code = "midi"


class DawError(MusicianError):
    """The DAW cannot do it, or does not answer."""

    code = "daw"


class WordsError(MusicianError):
    """A message is not in the table, or not as the table says."""

    code = "words"


class Busy(MusicianError):
    """The queue is full; ask again when a job is done."""

    code = "busy"


class WorkError(BandmateError):
    """A job ended without an answer."""

    code = "work"


class Cancelled(WorkError):
    """The musician cancelled the job."""

    code = "cancelled"


class Crashed(WorkError):
    """The worker process of the job died."""

    code = "crash"


class TooLong(WorkError):
    """The job ran over its time limit."""

    code = "time"


class TooLarge(WorkError):
    """The job ran over its memory limit."""

    code = "memory"


def did_you_mean(seen: str, known: Iterable[str]) -> str:
    """Say which known name was probably meant.

    Parameters
    ----------
    seen : str
        The name as it was asked for.
    known : iterable of str
        The names there are.

    Returns
    -------
    str
        ``" Did you mean 'spotify'?"``, or the whole list where none is close or all are numbers,
        or ``""`` where there is none at all; begins with a space so that it can follow a sentence.
    """
    names = sorted(known)
    if names and all(name.isdecimal() for name in names):
        return f" There are: {', '.join(sorted(names, key=int))}."
    folded = {name.lower(): name for name in names}
    close = get_close_matches(seen.lower()[:80], folded, n=1, cutoff=0.6)
    if close:
        return f" Did you mean {folded[close[0]]!r}?"
    return f" There are: {', '.join(names)}." if names else ""
