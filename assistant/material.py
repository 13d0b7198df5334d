"""What a stage works on: `Audio`, `Score` (of `Track` of `Note`), `Session`, `Temperament`; frozen.

Shapes and units are said once, here. Time in a score is in *beats*, and a beat is a quarter note
whatever the metre (as in MIDI files); pitch is a MIDI number that may have a fraction, so that
one cent is 0.01.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias, overload

from assistant.errors import MaterialError

__all__ = [
    "Audio",
    "Bend",
    "Material",
    "Meter",
    "Note",
    "Samples",
    "Score",
    "Scratch",
    "Session",
    "Stem",
    "Temperament",
    "Tempo",
    "Track",
    "note_hz",
    "note_name",
    "note_number",
]

if (
    TYPE_CHECKING
):  # numpy is loaded by who makes samples: the daemon, which makes none, starts sooner
    import numpy as np
    from numpy.typing import NDArray

Samples: TypeAlias = "NDArray[np.float32]"
Scratch: TypeAlias = "Callable[[tuple[int, ...]], Samples]"
"""Makes a float32 array of zeros of a given shape, memory-mapped where it is large."""

MAX_CHANNELS = 8
RATE_RANGE_HZ = (8_000, 192_000)

_SHARPS = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
_NOTE = re.compile(r"([A-Ga-g])(##|#|bb|b)?(-?\d)")
_ACCIDENTALS = {None: 0, "": 0, "#": 1, "##": 2, "b": -1, "bb": -2}


@dataclass(frozen=True, eq=False)
class Audio:
    """Sound.

    Parameters
    ----------
    samples : ndarray of float32, shape (channels, frames)
        Full scale is 1.0. Kept as a read-only view: no stage can change its input. May be
        memory-mapped, so work through it in `blocks`.
    rate : int
        Frames a second, 8000 to 192000.

    Raises
    ------
    MaterialError
        Where the shape, the type or the rate is another.
    """

    samples: Samples
    rate: int

    def __post_init__(self) -> None:
        """Check the shape and the rate, and close the samples to writing."""
        if self.samples.ndim != 2 or self.samples.dtype != "float32":
            seen = f"{self.samples.dtype} of shape {self.samples.shape}"
            raise MaterialError(f"Audio is float32 of shape (channels, frames), not {seen}.")
        if not 1 <= self.channels <= MAX_CHANNELS:
            raise MaterialError(f"Audio has 1 to {MAX_CHANNELS} channels, not {self.channels}.")
        low, high = RATE_RANGE_HZ
        if not low <= self.rate <= high:
            raise MaterialError(f"Audio runs at {low} to {high} Hz, not at {self.rate} Hz.")
        closed = self.samples.view()
        closed.flags.writeable = False
        object.__setattr__(self, "samples", closed)

    @property
    def channels(self) -> int:
        """Number of channels."""
        return int(self.samples.shape[0])

    @property
    def frames(self) -> int:
        """Number of samples a channel."""
        return int(self.samples.shape[1])

    @property
    def seconds(self) -> float:
        """Length in seconds."""
        return self.frames / self.rate

    def blocks(self, frames: int) -> Iterator[tuple[int, Samples]]:
        """Walk through the samples.

        Parameters
        ----------
        frames : int
            Length of a block; the last one may be shorter.

        Yields
        ------
        tuple of (int, ndarray of shape (channels, <= frames))
            The first frame of the block, and the block.
        """
        for start in range(0, self.frames, frames):
            yield start, self.samples[:, start : start + frames]


@dataclass(frozen=True, slots=True)
class Note:
    """One note.

    Parameters
    ----------
    pitch : float
        MIDI number with a fraction for cents: 60.0 is middle C, 60.5 a quarter tone above.
    start, length : float
        In beats (quarter notes).
    velocity : int
        1 to 127.
    """

    pitch: float
    start: float
    length: float
    velocity: int = 80

    @property
    def end(self) -> float:
        """Where the note ends, in beats."""
        return self.start + self.length


@dataclass(frozen=True, slots=True)
class Bend:
    """From `beat` on, until the next one or the end of the note, the voice is at `pitch`."""

    beat: float
    pitch: float


@dataclass(frozen=True, slots=True)
class Track:
    """Notes of one player.

    Parameters
    ----------
    name : str
        As the musician calls it.
    notes : tuple of Note
        In order of start.
    program : int
        General MIDI program, 0 to 127.
    drums : bool
        True where pitches are General MIDI drum keys.
    lyrics : tuple of str
        What is sung on each note, where anything is: ``"hel-"`` where the word goes on, ``"_"``
        where the syllable before is held, ``""`` for nothing.
    """

    name: str
    notes: tuple[Note, ...]
    program: int = 0
    drums: bool = False
    lyrics: tuple[str, ...] = ()
    bends: tuple[Bend, ...] = ()


@dataclass(frozen=True, slots=True)
class Tempo:
    """From `beat` on, `bpm` quarter notes a minute."""

    beat: float
    bpm: float


@dataclass(frozen=True, slots=True)
class Meter:
    """From `beat` on, bars of `numerator`/`denominator`."""

    beat: float
    numerator: int
    denominator: int

    @property
    def signature(self) -> str:
        """As it is written: ``"6/8"``."""
        return f"{self.numerator}/{self.denominator}"

    @property
    def bar_beats(self) -> float:
        """Length of a bar in beats (quarter notes): 3.0 for 3/4 and for 6/8."""
        return self.numerator * 4.0 / self.denominator

    @property
    def pulse_beats(self) -> float:
        """Length of what one taps, in beats: 1.0 in 3/4, 1.5 in 6/8, 0.5 in 7/8."""
        unit = 4.0 / self.denominator
        dotted = self.denominator >= 8 and self.numerator % 3 == 0
        return 3.0 * unit if dotted else unit


@dataclass(frozen=True, slots=True)
class Score:
    """Written music.

    Parameters
    ----------
    tracks : tuple of Track
        The players.
    tempos : tuple of Tempo
        In order of beat, the first at beat 0.
    meters : tuple of Meter
        In order of beat, the first at beat 0.
    """

    tracks: tuple[Track, ...]
    tempos: tuple[Tempo, ...] = (Tempo(0.0, 120.0),)
    meters: tuple[Meter, ...] = (Meter(0.0, 4, 4),)

    @property
    def beats(self) -> float:
        """Where the last note ends, in beats; 0.0 where there is none."""
        return max((note.end for track in self.tracks for note in track.notes), default=0.0)

    def seconds_at(self, beat: float) -> float:
        """Turn a place in beats into one in seconds, by the tempo map.

        Parameters
        ----------
        beat : float
            Beats from the start, at least 0.

        Returns
        -------
        float
            Seconds from the start.
        """
        seconds = 0.0
        for tempo, following in zip(self.tempos, (*self.tempos[1:], None), strict=True):
            end = beat if following is None else min(beat, following.beat)
            seconds += max(0.0, end - tempo.beat) * 60.0 / tempo.bpm
        return seconds


@dataclass(frozen=True, eq=False)
class Stem:
    """One track of a mix: its name, its sound, and where in the song it starts (frames)."""

    name: str
    audio: Audio
    start: int = 0


@dataclass(frozen=True, eq=False)
class Session:
    """The stems of one song, all at one rate."""

    stems: tuple[Stem, ...] = field(default=())

    def __post_init__(self) -> None:
        """Check that all stems run at one rate."""
        rates = sorted({stem.audio.rate for stem in self.stems})
        if len(rates) > 1:
            raise MaterialError(f"The stems of a session share one rate; these have {rates} Hz.")


@dataclass(frozen=True, slots=True)
class Temperament:
    """How an octave, or another period, is divided: equally or not, in however many steps.

    Parameters
    ----------
    name : str
        As it describes itself.
    cents : tuple of float
        Each step above the first note, ascending from above 0; the last is the period, where it
        all begins anew, most often 1200.

    Raises
    ------
    MaterialError
        Where the steps do not ascend.
    """

    name: str
    cents: tuple[float, ...]

    def __post_init__(self) -> None:
        """Check that the steps ascend."""
        ascending = all(low < high for low, high in pairwise((0.0, *self.cents)))
        if not self.cents or not ascending or not math.isfinite(self.cents[-1]):
            raise MaterialError("The steps of a temperament ascend from above 0 cents.")

    @property
    def period_cents(self) -> float:
        """Where it begins anew."""
        return self.cents[-1]


Material: TypeAlias = Audio | Score | Session | Temperament


def note_number(name: str) -> float:
    """Read a note name.

    Parameters
    ----------
    name : str
        Such as ``"C4"`` (middle C), ``"f#3"``, ``"Bb-1"``, or a MIDI number such as ``"60.5"``.

    Returns
    -------
    float
        MIDI number.

    Raises
    ------
    ValueError
        Where it is neither, or outside 0 to 127.
    """
    match = _NOTE.fullmatch(name.strip())
    if match is None:
        number = float(name)
    else:
        letter, accidental, octave = match.groups()
        number = float(_STEPS[letter.upper()] + _ACCIDENTALS[accidental] + 12 * (int(octave) + 1))
    if not 0.0 <= number <= 127.0:
        raise ValueError(f"{name!r} is outside the 128 MIDI notes")
    return number


def note_name(number: float) -> str:
    """Name a MIDI number.

    Parameters
    ----------
    number : float
        MIDI number.

    Returns
    -------
    str
        Sharps only, cents where there are any: ``"C4"``, ``"C#4+25"``.
    """
    nearest = round(number)
    cents = round((number - nearest) * 100)
    name = f"{_SHARPS[nearest % 12]}{nearest // 12 - 1}"
    return f"{name}{cents:+d}" if cents else name


@overload
def note_hz(number: float) -> float: ...
@overload
def note_hz(number: NDArray[np.float64]) -> NDArray[np.float64]: ...
def note_hz(number: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Tell the frequency of a MIDI number, or of each of several, where A4 is 440 Hz."""
    hz: float | NDArray[np.float64] = 440.0 * 2.0 ** ((number - 69.0) / 12.0)
    return hz
