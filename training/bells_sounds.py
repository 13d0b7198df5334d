"""Tracks to learn bells from: parts of songs, played by soundfonts or sung by formants, then kept.

Chords and tunes are POP909's and drums Groove MIDI's, of the songs that one may learn from. What is
played goes through a room, a compressor and a converter as chance has it, for few tracks are as dry
and as silent in their rests as a soundfont.
"""

from __future__ import annotations

import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, lfilter, sosfilt

from assistant.material import Note, Samples, Score
from bench.mix_scores import DRUM_KEYS, SECONDS, Piece, part

__all__ = ["RATE", "Signal", "Sounds", "grooves"]

Dice: TypeAlias = np.random.Generator
Signal: TypeAlias = NDArray[np.float64]
"""Shape (channels, frames)."""
Font: TypeAlias = Callable[[Score, int], Samples]

DRUMMERS = {"train": (1, 2, 3, 4, 10), "valid": (9,)}  # others play in the songs of the mix bench
RATE = 44_100
RMS_DB = (-38.0, -22.0)  # of a track where it sounds
DRUMS, SUNG, NOISES = 0.25, 0.12, 0.06  # share of the tracks
KITS = (0, 8, 16, 24, 25, 32, 40, 48)
PROGRAMS = {
    "bass": (*range(32, 40),),
    "guitar": (*range(24, 32), *range(104, 108), 15, 46),
    "keys": (*range(24),),
    "pad": (*range(16, 24), *range(40, 56), *range(88, 96), 61, 62, 63),
    "synth": (*range(16), *range(80, 104), 46, 108, 109, 11),
    "lead": (*range(40, 47), *range(56, 88), 22, 21, 110, 111, 52, 53),
}
HIGHPASS_HZ = {"bass": (25.0, 50.0), "kick": (25.0, 40.0), "drums": (25.0, 40.0)}
VOWELS_HZ = np.array([
    (310.0, 2_020.0, 2_960.0, 3_700.0), (430.0, 1_890.0, 2_700.0, 3_600.0),
    (640.0, 1_650.0, 2_550.0, 3_550.0), (760.0, 1_250.0, 2_500.0, 3_500.0),
    (560.0, 980.0, 2_500.0, 3_450.0), (400.0, 800.0, 2_450.0, 3_400.0),
    (330.0, 950.0, 2_400.0, 3_350.0), (500.0, 1_450.0, 2_450.0, 3_450.0),
])  # fmt: skip
"""Formants of the vowels of a man, about as they are told in textbooks."""


def grooves(packed: Path, half: str) -> list[str]:
    """List the takes of Groove MIDI in 4/4, of one half of the drummers.

    Parameters
    ----------
    packed : Path
        ``groove-midi.tar.gz``.
    half : {"train", "valid"}
        Which half.

    Returns
    -------
    list of str
        Such as ``"drummer1/session1/1_funk_80_beat_4-4"``.
    """
    folders = tuple(f"groove/drummer{n}/session" for n in DRUMMERS[half])
    with tarfile.open(packed) as file:
        names = [name for name in file.getnames() if name.startswith(folders)]
    taken = [name for name in names if name.endswith("beat_4-4.mid")]
    return sorted(name.removeprefix("groove/").removesuffix(".mid") for name in taken)


@dataclass(frozen=True)
class Sounds:
    """An endless row of tracks.

    Parameters
    ----------
    fonts : sequence of callable
        Soundfonts, of a licence that allows to learn from how they sound: score and rate in Hz in,
        samples of two channels out.
    tunes : sequence of str
        Songs of POP909.
    grooves : sequence of str
        Takes of Groove MIDI.
    """

    fonts: Sequence[Font]
    tunes: Sequence[str]
    grooves: Sequence[str]

    def __call__(self, seed: int) -> Iterator[Signal]:
        """Yield tracks of 24 s without end, the same for the same seed."""
        dice = np.random.default_rng([11, seed])
        while True:
            made = self._track(dice, self.fonts[int(dice.integers(len(self.fonts)))])
            if np.abs(made).max(initial=0.0) > 1e-4:
                yield _kept(made, dice)

    def _track(self, dice: Dice, font: Font) -> Signal:
        kind = dice.random()
        if kind > 1.0 - NOISES:
            return _noise(dice)
        tune, groove = str(dice.choice(self.tunes)), str(dice.choice(self.grooves))
        piece = Piece("", tune, groove, {}, int(dice.integers(1 << 30)))
        if kind < DRUMS:
            return _drummed(piece, dice, font)
        name = "lead" if kind < DRUMS + SUNG else str(dice.choice(list(PROGRAMS)))
        program = int(dice.choice(PROGRAMS[name]))
        score = _moved(part(replace(piece, programs={name: program}), name), dice)
        if kind < DRUMS + SUNG:
            return _sung(score, dice)
        lowest_hz = dice.uniform(*HIGHPASS_HZ.get(name, (60.0, 150.0)))
        return _filtered(_played(score, font), lowest_hz)


def _drummed(piece: Piece, dice: Dice, font: Font) -> Signal:
    """Play one drum, or three times in ten the whole set."""
    whole = dice.random() < 0.3
    names = list(DRUM_KEYS) if whole else [str(dice.choice(list(DRUM_KEYS)))]
    notes = [note for name in names for note in part(piece, name).tracks[0].notes]
    score = part(piece, names[0])
    track = replace(
        score.tracks[0],
        notes=tuple(sorted(notes, key=lambda note: (note.start, note.pitch))),
        program=int(dice.choice(KITS)),
    )
    if not notes:
        return np.zeros((1, 1))
    lowest_hz = dice.uniform(*HIGHPASS_HZ.get("drums" if whole else names[0], (60.0, 250.0)))
    return _filtered(_played(replace(score, tracks=(track,)), font), lowest_hz)


def _noise(dice: Dice) -> Signal:
    """Make wind, rain or a synthesiser's noise: of any slope and roundness, gated or not."""
    frames = round(SECONDS * RATE)
    octaves = np.log2(np.maximum(np.fft.rfftfreq(frames, 1.0 / RATE), 20.0) / 1_000.0)
    shape_db = dice.uniform(-6.0, 1.0) * octaves - dice.uniform(0.0, 0.4) * np.square(octaves)
    channels = int(dice.integers(1, 3))
    lines = np.fft.rfft(dice.standard_normal((channels, frames))) * 10.0 ** (shape_db / 20.0)
    noise = np.fft.irfft(lines, frames)
    if dice.random() < 0.5:
        gates = np.repeat(dice.random(round(2.0 * SECONDS)) < 0.6, round(0.5 * RATE))[:frames]
        noise = noise * lfilter([0.002], [1.0, -0.998], gates.astype(np.float64))
    return np.asarray(noise / np.abs(noise).max())


def _moved(score: Score, dice: Dice) -> Score:
    """Play higher or lower, and louder or softer."""
    steps, louder = int(dice.integers(-7, 13)), dice.uniform(0.6, 1.25)
    track = score.tracks[0]
    notes = [
        Note(
            int(np.clip(note.pitch + steps, 21, 108)),
            note.start,
            note.length,
            int(np.clip(note.velocity * louder, 20, 127)),
        )
        for note in track.notes
    ]
    return replace(score, tracks=(replace(track, notes=tuple(notes)),))


def _played(score: Score, font: Font) -> Signal:
    if not score.tracks[0].notes:
        return np.zeros((1, 1))
    made = font(score, RATE)[:, : round(SECONDS * RATE)].astype(np.float64)
    return made if made.size else np.zeros((1, 1))


def _filtered(sound: Signal, lowest_hz: float) -> Signal:
    return np.asarray(sosfilt(butter(2, lowest_hz, "highpass", output="sos", fs=RATE), sound))


def _sung(score: Score, dice: Dice) -> Signal:
    """Sing a tune: harmonics of a gliding f0 through formants that move with the vowels."""
    frames = round(SECONDS * RATE)
    hop = 64
    times = np.arange(0, frames, hop) / RATE
    f0_hz, loud, formants = _line(score, times, dice)
    full = np.arange(frames) / hop
    phase = 2.0 * np.pi * np.cumsum(np.interp(full, np.arange(len(times)), f0_hz)) / RATE
    slope = dice.uniform(0.5, 1.1)  # of the source, as a power of the number of the harmonic
    widths = dice.uniform(1.0, 2.0) * np.array([70.0, 90.0, 130.0, 180.0])
    sound = np.zeros(frames)
    for n in range(1, int(11_000.0 / max(f0_hz.min(), 60.0)) + 1):
        hertz = n * f0_hz
        level = loud * n**-slope * _formed(hertz, formants, widths) * (hertz < 0.45 * RATE)
        sound += np.interp(full, np.arange(len(times)), level) * np.sin(n * phase)
    breath = sosfilt(butter(2, (2_000.0, 9_000.0), "bandpass", output="sos", fs=RATE),
                     dice.standard_normal(frames))  # fmt: skip
    starts = np.clip(np.diff(loud, prepend=0.0), 0.0, None)
    hisses = lfilter([1.0], [1.0, -0.985], starts) + dice.uniform(0.0, 0.04) * loud
    level = np.interp(full, np.arange(len(times)), hisses) * np.std(sound)
    return np.asarray((sound + dice.uniform(0.1, 1.5) * level * breath)[None])


def _line(score: Score, times: Signal, dice: Dice) -> tuple[Signal, Signal, Signal]:
    """Tell f0 in Hz, loudness and formants in Hz (times, 4) of a sung line."""
    seconds = 60.0 / score.tempos[0].bpm
    f0 = np.full(len(times), np.nan)
    loud = np.zeros(len(times))
    vowels = np.full((len(times), 4), np.nan)
    size = dice.uniform(0.95, 1.25)  # of a singer's head: the smaller, the higher
    down = 12 * int(dice.integers(0, 3))
    for note in score.tracks[0].notes:
        first, last = np.searchsorted(
            times, (note.start * seconds, (note.start + 0.92 * note.length) * seconds)
        )
        f0[first:last] = 440.0 * 2.0 ** ((note.pitch - down - 69) / 12)
        loud[first:last] = (note.velocity / 100.0) ** 2
        vowels[first:last] = size * VOWELS_HZ[int(dice.integers(len(VOWELS_HZ)))]
    if np.isnan(f0).all():
        return np.full(len(times), 200.0), loud, np.full((len(times), 4), 500.0)
    vowels = np.stack([_held(row) for row in vowels.T], axis=1)
    glide = np.ones(27) / 27.0
    vibrato = 0.012 * dice.random() * np.sin(2.0 * np.pi * dice.uniform(4.5, 6.5) * times)
    smooth = [np.convolve(row, glide, "same") for row in (_held(f0), loud, *vowels.T)]
    return smooth[0] * (1.0 + vibrato), smooth[1], np.stack(smooth[2:], axis=1)


def _held(row: Signal) -> Signal:
    """Hold the last value where there is none."""
    known = np.flatnonzero(~np.isnan(row))
    places = np.clip(np.searchsorted(known, np.arange(len(row)), "right") - 1, 0, None)
    return np.asarray(row[known[places]])


def _formed(hertz: Signal, formants: Signal, widths: Signal) -> Signal:
    """Tell how formants side by side pass a frequency, one per time; higher ones are fainter."""
    level = np.zeros(len(hertz))
    for n, (centre, width) in enumerate(zip(formants.T, widths, strict=True)):
        level += 0.6**n / np.hypot(1.0, (hertz - centre) / (0.5 * width))
    return level


def _kept(sound: Signal, dice: Dice) -> Signal:
    """Stand in a room, go through a compressor and a converter, as chance has it."""
    if dice.random() < 0.4:
        sound = sound.mean(axis=0, keepdims=True)
    sound = sound / np.sqrt(np.mean(np.square(sound)))
    if dice.random() < 0.5:
        sound = _in_room(sound, dice)
    if dice.random() < 0.3:
        sound = _compressed(sound, dice)
    if dice.random() < 0.2:
        drive = dice.uniform(0.1, 0.6)
        sound = np.tanh(drive * sound) / drive
    if dice.random() < 0.5:
        sound = sound + _hiss(sound.shape, dice)
    sounding = np.sqrt(np.mean(np.square(sound[np.abs(sound) > 1e-3])))
    return np.asarray(sound * 10.0 ** (dice.uniform(*RMS_DB) / 20.0) / sounding)


def _in_room(sound: Signal, dice: Dice) -> Signal:
    """Add what comes back from the walls: noise that decays, the high parts sooner."""
    seconds, highest_hz = dice.uniform(0.08, 1.0), dice.uniform(2_500.0, 12_000.0)
    after = np.arange(round(seconds * RATE)) / RATE
    tail = dice.standard_normal((len(sound), len(after))) * 10.0 ** (-3.0 * after / seconds)
    tail = sosfilt(butter(1, (120.0, highest_hz), "bandpass", output="sos", fs=RATE), tail)
    tail /= np.sqrt(np.sum(np.square(tail), axis=1, keepdims=True))
    wet = fftconvolve(sound, tail, axes=1)[:, : sound.shape[1]]
    return np.asarray(sound + 10.0 ** (dice.uniform(-24.0, -3.0) / 20.0) * wet)


def _compressed(sound: Signal, dice: Dice) -> Signal:
    keep = np.exp(-1.0 / (dice.uniform(0.01, 0.15) * RATE))
    power = lfilter([1.0 - keep], [1.0, -keep], np.square(sound).mean(axis=0))
    over = np.maximum(10.0 * np.log10(np.maximum(power, 1e-12)) - dice.uniform(-15.0, 0.0), 0.0)
    return np.asarray(sound * 10.0 ** (-(1.0 - 1.0 / dice.uniform(1.5, 6.0)) * over / 20.0))


def _hiss(shape: tuple[int, ...], dice: Dice) -> Signal:
    """Add the noise of a converter or of an amplifier, 45 to 95 dB under the track."""
    noise = dice.standard_normal(shape)
    if dice.random() < 0.4:
        noise = lfilter([1.0], [1.0, -dice.uniform(0.2, 0.9)], noise)
    return np.asarray(10.0 ** (dice.uniform(-95.0, -45.0) / 20.0) * noise / np.std(noise))
