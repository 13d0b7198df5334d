"""Songs for the mix bench: stems in a good balance, of which roles, places and levels are known.

One is of the data folder, the others are rendered with a soundfont. `BALANCE` is the truth of the
rendered ones: what the stage holds to be a good balance was not taken from here, nor this from it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

import numpy as np
import soundfile
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, lfilter, sosfilt

from assistant.dsp.loudness import measure
from assistant.material import Audio, Session, Stem
from bench.mix_scores import DRUM_KEYS, SECONDS, Piece, part
from bridge.tools.synth import Soundfont, soundfonts

__all__ = ["BALANCE", "POTASSIUM", "Half", "Part", "Song", "names", "song"]

Signal: TypeAlias = NDArray[np.float64]
"""Shape (channels, frames)."""
Half: TypeAlias = Literal["development", "reported"]

RATE = 44_100
MIX_LUFS = -24.0  # leaves a stem room for a gain fault of 12 dB
STRAY_LU = 1.0  # a stem lies within so much of its place
FLOOR_DB = -84.0  # noise of the converters
POTASSIUM = "potassium"
SILENT_LUFS = -60.0
FAR_SECONDS = 0.06  # how long a room is heard in the second microphone
FAR_HIGHEST_HZ = 2_500.0
ROOM = 0.025  # its power is a seventh of what comes straight
TAKE_GAIN = 0.65  # of the far side, of two guitars that stand apart


@dataclass(frozen=True)
class Part:
    """How a part lies in a mix.

    Parameters
    ----------
    role : str
        A value of `assistant.mixing.role_names.Role`.
    loudness : float
        Where it sounds, against the lead, in LU.
    pan : float or None
        -1.0 to 1.0, in constant power; 0.0 makes it mono, None leaves it as wide as it is played.
    lowest_hz : float
        What lies under it was filtered out, 12 dB an octave.
    """

    role: str
    loudness: float
    pan: float | None
    lowest_hz: float


BALANCE: Mapping[str, Part] = {
    "kick": Part("kick", -5.0, 0.0, 30.0),
    "kick out": Part("kick", -10.0, 0.0, 30.0),
    "snare": Part("snare", -5.0, 0.0, 80.0),
    "hats": Part("hats", -14.0, 0.3, 250.0),
    "toms": Part("toms", -8.0, -0.25, 50.0),
    "cymbals": Part("drums", -13.0, None, 250.0),
    "bass": Part("bass", -4.0, 0.0, 30.0),
    "guitar": Part("guitar", -8.0, None, 80.0),
    "keys": Part("keys", -9.0, None, 80.0),
    "pad": Part("pad", -12.0, None, 100.0),
    "synth": Part("keys", -12.0, -0.4, 120.0),
    "lead": Part("other", -1.0, 0.0, 100.0),
    "vocal": Part("lead_vocal", 0.0, 0.0, 80.0),
}
"""Loudness where a part sounds, as one sets it by ear in a dense song; for this bench."""

_POTASSIUM_ROLES = {
    "breakbeat": "drums", "build": "fx", "end_drums": "drums", "hats": "hats",
    "kick_hats": "drums", "mallet": "keys", "microcosm_effect": "fx", "snare": "snare",
    "vox_lead": "lead_vocal",
}  # fmt: skip

_BAND = {"bass": 33, "guitar": 25, "keys": 4, "lead": 65}
_POP = {"bass": 33, "keys": 0, "pad": 48, "synth": 81, "lead": 73}
_ROCK = {"bass": 34, "guitar": 27, "keys": 16}
_FULL = {"bass": 36, "guitar": 26, "keys": 5, "pad": 89}

_DEVELOPMENT = (
    Piece("harbour", "001", "drummer7/session2/8_rock_95_beat_4-4", _BAND, 1),
    Piece("lantern", "002", "drummer7/session3/130_soul_105_beat_4-4", _POP, 2),
    Piece("gravel", "003", "drummer5/session2/12_rock_105_beat_4-4", _ROCK, 3,
          ("singing/vocadito_1.flac", 0.4, 16.0)),
)  # fmt: skip
_REPORTED = (
    Piece("meadow", "017", "drummer6/session3/6_rock_88_beat_4-4", _BAND, 1_001),
    Piece("neon", "044", "drummer7/session2/37_rock_112_beat_4-4", _POP, 1_002),
    Piece("granite", "082", "drummer8/session1/28_rock_102_beat_4-4", _FULL, 1_003,
          ("singing/vocadito_1.flac", 16.5, 33.0)),
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class Song:
    """A good mix.

    Parameters
    ----------
    name : str
        Such as ``"harbour"``.
    session : Session
        Stems that sound well summed as they are.
    roles : mapping of str to str
        Of each stem.
    pairs : tuple of (str, str)
        Stems that are two microphones before one source.
    """

    name: str
    session: Session
    roles: Mapping[str, str]
    pairs: tuple[tuple[str, str], ...] = ()

    @property
    def rate(self) -> int:
        """Frames a second, in Hz."""
        return self.session.stems[0].audio.rate

    def stem(self, name: str) -> Stem:
        """Find a stem by its name."""
        return next(stem for stem in self.session.stems if stem.name == name)

    def of(self, *roles: str) -> list[str]:
        """List the stems of some roles, or all of them where none is said."""
        return [name for name, role in self.roles.items() if not roles or role in roles]


def names(half: Half) -> tuple[str, ...]:
    """List the songs of a half; one has but one part, so that it is in both, with other faults."""
    pieces = _DEVELOPMENT if half == "development" else _REPORTED
    return (POTASSIUM, *(piece.name for piece in pieces))


@lru_cache(maxsize=4)
def song(name: str, floor_db: float = FLOOR_DB) -> Song:
    """Make a song.

    Parameters
    ----------
    name : str
        One of `names`.
    floor_db : float
        Noise of the converters, where it is rendered, in dBFS; -inf for none.

    Returns
    -------
    Song
        24 s, the same each time with the same soundfont.

    Raises
    ------
    ValueError
        Where no song is called so.
    FileNotFoundError
        Where it must be rendered, and there is no soundfont.
    """
    if name == POTASSIUM:
        return _potassium()
    found = [piece for piece in (*_DEVELOPMENT, *_REPORTED) if piece.name == name]
    if not found:
        raise ValueError(f"no song is called {name!r}")
    return _rendered(found[0], floor_db)


def _potassium() -> Song:
    folder = Path(os.environ["BANDMATE_TEST_DATA"]) / "stems" / POTASSIUM
    stems = []
    for name in _POTASSIUM_ROLES:
        samples, rate = soundfile.read(folder / f"{name}.flac", dtype="float32", always_2d=True)
        stems.append(Stem(name, Audio(np.ascontiguousarray(samples.T), rate)))
    return Song(POTASSIUM, Session(tuple(stems)), _POTASSIUM_ROLES)


def _rendered(piece: Piece, floor_db: float) -> Song:
    """Let each part be played, and set it where it belongs."""
    played = {name: _played(piece, name) for name in (*DRUM_KEYS, *piece.programs)}
    if piece.vocal:
        played["vocal"] = _sung(piece.vocal)
    played["kick out"] = _far(played["kick"], piece.dice("room"))
    stems = {}
    for name, sound in played.items():
        filtered = _placed(sound, BALANCE[name])
        if _lufs(filtered) > SILENT_LUFS:
            stray = piece.dice(f"level {name}").uniform(-STRAY_LU, STRAY_LU)
            stems[name] = _at(filtered, BALANCE[name].loudness + stray)
    level = MIX_LUFS - _lufs(np.sum([np.broadcast_to(s, (2, s.shape[1])) for s in stems.values()],
                                    axis=0))  # fmt: skip
    kept = tuple(
        Stem(name, _finished(piece, name, sound * 10.0 ** (level / 20.0), floor_db))
        for name, sound in stems.items()
    )
    roles = {name: BALANCE[name].role for name in stems}
    return Song(piece.name, Session(kept), roles, (("kick", "kick out"),))


def _played(piece: Piece, name: str) -> Signal:
    """Play a part; a guitar twice, on two sides."""
    if name != "guitar":
        return _sound(piece, name)
    takes = []
    for side in range(2):
        take = replace(piece, seed=piece.seed + 7_000 * side)
        takes.append(_sound(take, name).mean(axis=0))
    return np.array([takes[0] + (1.0 - TAKE_GAIN) * takes[1],
                     takes[1] + (1.0 - TAKE_GAIN) * takes[0]])  # fmt: skip


def _sound(piece: Piece, name: str) -> Signal:
    frames = round(SECONDS * RATE)
    score = part(piece, name)
    if not score.tracks[0].notes:
        return np.zeros((2, frames))
    made = _soundfont()(score, RATE)[:, :frames]
    return np.pad(made, ((0, 0), (0, frames - made.shape[1]))).astype(np.float64)


def _sung(vocal: tuple[str, float, float]) -> Signal:
    file, first, last = vocal
    samples, rate = soundfile.read(Path(os.environ["BANDMATE_TEST_DATA"]) / file, always_2d=True)
    mono = samples[round(first * rate) : round(last * rate)].mean(axis=1)
    wanted = mono if rate == RATE else soxr.resample(mono, rate, RATE, "VHQ")
    out = np.zeros((1, round(SECONDS * RATE)))
    late = RATE * 2  # a song does not begin with its singer
    out[0, late : late + wanted.size] = wanted[: out.shape[1] - late]
    return out


def _far(near: Signal, dice: np.random.Generator) -> Signal:
    """Hear a source with a second microphone, set back in time to the first."""
    after = np.arange(round(FAR_SECONDS * RATE))
    room = ROOM * dice.standard_normal(after.size) * np.exp(-6.0 * after / after.size)
    room[0] = 1.0
    dull = lfilter(*butter(1, FAR_HIGHEST_HZ, fs=RATE), near.mean(axis=0))
    spectrum = np.fft.rfft(dull, dull.size + room.size) * np.fft.rfft(room, dull.size + room.size)
    return np.asarray(np.fft.irfft(spectrum, dull.size + room.size)[None, : dull.size])


def _placed(sound: Signal, part: Part) -> Signal:
    """Filter and pan."""
    kept = sosfilt(butter(2, part.lowest_hz, "highpass", output="sos", fs=RATE), sound)
    if part.pan is None:
        return np.asarray(kept)
    mono = kept.mean(axis=0, keepdims=True)
    if part.pan == 0.0:
        return np.asarray(mono)
    angle = (1.0 + part.pan) * np.pi / 4.0
    return np.asarray(np.array([[np.cos(angle)], [np.sin(angle)]]) * mono * np.sqrt(2.0))


def _at(sound: Signal, loudness: float) -> Signal:
    return np.asarray(sound * 10.0 ** ((loudness - _lufs(sound)) / 20.0))


def _lufs(sound: Signal) -> float:
    """Measure a stem as it is heard: a mono one from both sides."""
    both = np.broadcast_to(sound, (2, sound.shape[1])).astype(np.float32)
    return measure(Audio(np.ascontiguousarray(both), RATE)).integrated


def _finished(piece: Piece, name: str, sound: Signal, floor_db: float) -> Audio:
    """Add the noise of the converters."""
    noise = piece.dice(f"floor {name}").standard_normal(sound.shape)
    made = sound + 10.0 ** (floor_db / 20.0) * noise
    return Audio(np.ascontiguousarray(made, dtype=np.float32), RATE)


@lru_cache(maxsize=1)
def _soundfont() -> Soundfont:
    """Find what plays: ``BANDMATE_SOUNDFONT``, or one that is installed."""
    named = os.environ.get("BANDMATE_SOUNDFONT")
    found = [Path(named)] if named else soundfonts()
    found += sorted(Path("/usr/share/sounds/sf2").glob("*.sf2"))
    if not found:
        raise FileNotFoundError("songs are rendered with a soundfont: set BANDMATE_SOUNDFONT")
    return Soundfont(found[0])
