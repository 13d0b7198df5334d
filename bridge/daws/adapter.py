"""What every DAW adapter says and understands: words only, no sockets.

A DAW is a folder beside this file. Its ``words.py`` is a module that keeps `Adapter`; nobody lists
them, `found` looks. What a DAW told is folded into one `Song`, message by message, so that an
adapter is tested with messages alone.
"""

from __future__ import annotations

import importlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple, Protocol, TypeAlias, cast

from assistant.errors import UnknownName
from assistant.material import Note, Score
from assistant.moves import Move

__all__ = [
    "NOTES_FILE",
    "Adapter",
    "Clip",
    "Said",
    "Song",
    "Track",
    "Value",
    "adapter",
    "called",
    "found",
]

Value: TypeAlias = str | int | float | bool | None

NOTES_FILE = "\0notes.mid"
"""Among what `Adapter.notes` says: the absolute path of the notes as a MIDI file.

Words write no files: who sends them puts the path in its place. No path holds a NUL.
"""


_NO_WORD = re.compile(r"[^\w\s]")


class Said(NamedTuple):
    """One OSC message, to a DAW or from it."""

    address: str
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Track:
    """A channel strip, as the DAW told it; what it did not tell is None.

    `index` is how the DAW counts it, `pan` goes from -1 (left) to 1 (right).
    """

    index: int
    name: str
    gain_db: float | None = None
    pan: float | None = None
    devices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Clip:
    """The selected clip: a range of a file, or notes, at a place of the song.

    Parameters
    ----------
    track : int
        Index of its track.
    name : str
        As the DAW shows it.
    start_beats, length_beats : float
        Place in the song, in quarter notes.
    path : str
        The sound file; ``""`` for a clip of notes.
    offset_seconds, length_seconds : float
        The range of the file that sounds.
    notes : tuple of Note
        Starts are in beats from the start of the clip.
    """

    track: int
    name: str
    start_beats: float = 0.0
    length_beats: float = 0.0
    path: str = ""
    offset_seconds: float = 0.0
    length_seconds: float = 0.0
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Song:
    """What is known of the session so far; what was not told is None or empty."""

    tempo_bpm: float | None = None
    meter: tuple[int, int] | None = None
    key: str = ""
    tracks: Mapping[int, Track] = field(default_factory=dict)
    clip: Clip | None = None
    selected_track: int | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    """Values of devices as they were told, by a name of the adapter's own."""
    trouble: str = ""
    """The last error the DAW told."""


class Adapter(Protocol):
    """What ``words.py`` of a DAW holds. All of it is pure.

    `DawError` is that of `assistant.errors`.
    """

    TITLE: str
    """What people call it."""
    LISTENS: int
    """UDP port of 127.0.0.1 that it hears on."""
    HEARS: int
    """UDP port that its answers go to; 0 where it answers the port that asked."""

    def ask(self, song: Song) -> tuple[Said, ...]:
        """Ask for what is not known yet, for everything of `Song()`; empty where all is known."""
        ...

    def hear(self, song: Song, said: Said) -> Song:
        """Fold what the DAW said into what is known; what is not understood changes nothing."""
        ...

    def move(self, song: Song, move: Move) -> tuple[Said, ...]:
        """Say a move; raises `DawError` where this DAW cannot do it."""
        ...

    def standing(self, song: Song, move: Move) -> float | None:
        """Tell where the parameter of a move stands, in the move's unit; None where unknown."""
        ...

    def notes(self, song: Song, score: Score, at_beats: float) -> tuple[Said, ...]:
        """Put notes into the session; raises `DawError` where it cannot.

        A DAW that takes them as a file only is told `NOTES_FILE`.
        """
        ...

    def audio(self, song: Song, path: str, at_beats: float) -> tuple[Said, ...]:
        """Put a sound file beside the old one; raises `DawError` where it cannot."""
        ...

    def progress(self, fraction: float, doing: str) -> tuple[Said, ...]:
        """Show how far a job is, where the musician sees it; empty where the DAW cannot."""
        ...


def called(tracks: Iterable[Track], name: str) -> list[Track]:
    """Find the tracks of a name: just so, else as a file of it may be called.

    Some systems write an umlaut of a file's name as two characters, and DAWs take it over or not;
    they write ``_`` for what a file's name may not hold, and put that of the session before the
    track's, as in ``session_Lead_Vox``. Of ``Guitar`` and ``Bass Guitar`` the longer is meant.
    """
    every = list(tracks)
    exact = [track for track in every if track.name == name]
    same = exact or [track for track in every if _plain(track.name) == _plain(name)]
    if same:
        return same
    wanted = _as_file(name)
    ends = [(track, _as_file(track.name)) for track in every]
    fits = [(track, end) for track, end in ends if _ends(wanted, end)]
    longest = max((len(end) for _, end in fits), default=0)
    return [track for track, end in fits if len(end) == longest]


def _plain(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _as_file(name: str) -> str:
    return _NO_WORD.sub("_", _plain(name))


def _ends(name: str, end: str) -> bool:
    """Tell whether a name is another, or ends with it after a gap."""
    before = name.removesuffix(end)
    return bool(end) and name.endswith(end) and (not before or before[-1] in "_ ")


def found() -> tuple[str, ...]:
    """Return the names of the DAWs there are."""
    here = Path(__file__).parent
    return tuple(sorted(folder.parent.name for folder in here.glob("*/words.py")))


def adapter(name: str) -> Adapter:
    """Return one DAW's words.

    Raises
    ------
    UnknownName
        Where there is no such DAW.
    """
    if name not in found():
        raise UnknownName("DAW", name, found())
    return cast("Adapter", importlib.import_module(f"bridge.daws.{name}.words"))
