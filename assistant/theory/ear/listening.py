"""From what was heard in a sound to key, metre, bar lines and chords."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.material import Meter, Tempo
from assistant.theory.ear.chord_hearing import FOR_SOUND, find_chords, respelled
from assistant.theory.ear.grid import Sounding, grid_of
from assistant.theory.ear.heard import KEY_FLOOR, Heard
from assistant.theory.ear.key_finding import key_fits, key_from, key_with_chords

__all__ = ["PulseHeard", "SoundHeard", "hear_sound"]

Array = NDArray[np.float64]

_METERS = {4: 0.25, 3: 0.0, 5: -0.35, 7: -0.6}
"""Beats a bar, and how much likelier such bars are, in the units of the leads below."""

_START = 0.15  # how much likelier a bar line is on the first beat
_METER_SURE = (0.3, 3.0)  # logistic in the lead over the other metre
_ACCENTS = (0.15, 0.25)  # weights of onsets and of low onsets beside chord changes
_TONAL = (0.09, 70.0)  # where half is music, and how sharply: see `SoundHeard.tonal`
_TEMPO_SURE = (-2.0, 4.0, 3.0)  # logistic in the lead over other tempos and in clarity
_OTHERS_SHOWN, _OTHER_FIT = 2, 0.5
_TUNED_CENTS = 8.0
_QUIET = 0.2  # share of the loudest beats below which a beat is silent


class PulseHeard(Protocol):
    """The beat of a sound: see `assistant.dsp.beats.Pulse`."""

    @property
    def beats(self) -> Array:
        """When each beat comes, seconds."""

    @property
    def bpm(self) -> float:
        """Beats a minute."""

    @property
    def others(self) -> tuple[tuple[float, float], ...]:
        """Other tempos, and how well each fits, 1.0 as well as `bpm`."""

    @property
    def clarity(self) -> float:
        """0.0 to 1.0."""

    @property
    def steady(self) -> bool:
        """Whether it keeps to one tempo."""


class SoundHeard(Protocol):
    """What was heard in a sound: see `assistant.dsp.listening.Listened`."""

    @property
    def seconds(self) -> float:
        """Length of the sound."""

    @property
    def heard_seconds(self) -> float:
        """How much of it was listened to."""

    @property
    def pulse(self) -> PulseHeard:
        """Its beat."""

    @property
    def treble(self) -> NDArray[np.float32]:
        """Pitch classes of the chords, shape (beats - 1, 12)."""

    @property
    def bass(self) -> NDArray[np.float32]:
        """Pitch classes of the bass, shape (beats - 1, 12)."""

    @property
    def accents(self) -> Array:
        """Onset strengths, of all and of low ones, shape (beats - 1, 2)."""

    @property
    def tuning_cents(self) -> float:
        """Above 440 Hz."""

    @property
    def tonal(self) -> float:
        """0.0 noise to 1.0."""


@dataclass(frozen=True, slots=True)
class _Bars:
    """A metre, the place of the first bar line among the beats, and how sure that is."""

    count: int
    first: int
    confidence: float


def hear_sound(sound: SoundHeard) -> Heard:
    """Tell what a sound is in.

    Parameters
    ----------
    sound : SoundHeard
        At least some beats.

    Returns
    -------
    Heard
        Beat 0 is the bar line at or before the first beat. The key has a confidence under
        `KEY_FLOOR`, and there are no chords, where nothing tonal was heard.
    """
    treble, bass = _even(sound.treble), _even(sound.bass)
    bars = _bars(treble, bass, sound.accents)
    meter = Meter(0.0, bars.count, 4)
    lead = (bars.count - bars.first) % bars.count
    grid = grid_of((meter,), float(lead + treble.shape[0]))
    sounding = Sounding(_led(treble, lead), _led(_shares(bass), lead))
    fits = key_fits(_weights(treble, bass))
    tonal = float(1.0 / (1.0 + np.exp(-_TONAL[1] * (sound.tonal - _TONAL[0]))))
    chords = find_chords(sounding, grid, key_from(fits)[0], FOR_SOUND)
    key, second, sure = key_with_chords(fits, chords)
    sure *= tonal
    heard = sure >= KEY_FLOOR
    tempo_sure, others = _tempo_sure(sound.pulse)
    tempos, start = _tempos(sound.pulse, bars, lead)
    return Heard(
        key,
        sure,
        second,
        sound.pulse.bpm,
        meter,
        0,
        beats=float(lead + treble.shape[0]),
        chords=respelled(chords, key) if heard else (),
        tempos=tempos,
        meters=(meter,),
        tempo_confidence=tempo_sure,
        meter_confidence=bars.confidence,
        other_bpm=others,
        start_seconds=start,
        remarks=tuple(_remarks(sound, heard)),
        origin="sound",
    )


def _even(rows: NDArray[np.float32]) -> Array:
    """Bring each beat to its own strongest pitch class; silent beats stay silent."""
    values = np.sqrt(rows.astype(np.float64))
    top = values.max(axis=1, keepdims=True)
    loud = top >= _QUIET * np.quantile(top, 0.9)
    return np.asarray(np.where(loud, values / np.maximum(top, 1e-9), 0.0), dtype=np.float64)


def _shares(rows: Array) -> Array:
    squared = rows**4
    return np.asarray(squared / np.maximum(squared.sum(axis=1, keepdims=True), 1e-9))


def _led(rows: Array, lead: int) -> Array:
    return np.concatenate((np.zeros((lead, 12)), rows))


def _weights(treble: Array, bass: Array) -> Array:
    weights = (treble**2).sum(axis=0) + (bass**2).sum(axis=0)
    return np.asarray(weights / max(float(weights.sum()), 1e-9), dtype=np.float64)


def _bars(treble: Array, bass: Array, accents: Array) -> _Bars:
    """Find metre and bar line: where chords change and where it is struck low and loud."""
    news = _standard(_news(treble) + _news(bass))
    strength = news + sum(
        weight * _standard(column) for weight, column in zip(_ACCENTS, accents.T, strict=True)
    )
    leads: dict[int, tuple[float, int]] = {}
    for count, prior in _METERS.items():
        if strength.size < 2 * count:
            continue
        phases = np.array([strength[first::count].mean() for first in range(count)])
        phases[0] += _START
        first = int(phases.argmax())
        leads[count] = (float(phases[first]) * float(np.sqrt(count - 1)) + prior, first)
    if not leads:
        return _Bars(4, 0, 0.0)
    best, *others = sorted(leads, key=lambda count: -leads[count][0])
    offset, slope = _METER_SURE
    ahead = leads[best][0] - leads[others[0]][0] if others else 0.0
    few = min(1.0, strength.size / (4.0 * best))
    sure = float(1.0 / (1.0 + np.exp(-offset - slope * ahead))) * few
    return _Bars(best, leads[best][1], sure)


def _news(rows: Array) -> Array:
    """Tell how much each beat differs from the one before."""
    length = np.maximum(np.sqrt((rows**2).sum(axis=1)), 1e-9)
    alike = (rows[1:] * rows[:-1]).sum(axis=1) / (length[1:] * length[:-1])
    return np.concatenate(([0.0], 1.0 - alike))


def _standard(values: Array) -> Array:
    return np.asarray((values - values.mean()) / max(float(values.std()), 1e-9))


def _tempo_sure(pulse: PulseHeard) -> tuple[float, tuple[float, ...]]:
    """Tell how sure the tempo is, and which others it might be."""
    rival = pulse.others[0][1] if pulse.others else 0.0
    offset, lead, clear = _TEMPO_SURE
    sure = float(1.0 / (1.0 + np.exp(-offset - lead * (1.0 - rival) - clear * pulse.clarity)))
    likely = [bpm for bpm, fit in pulse.others if fit >= _OTHER_FIT]
    return sure, tuple(likely[:_OTHERS_SHOWN])


def _tempos(pulse: PulseHeard, bars: _Bars, lead: int) -> tuple[tuple[Tempo, ...], float]:
    """Write the tempo map, and when its beat 0 comes (seconds)."""
    beats = pulse.beats
    if pulse.steady:
        period = 60.0 / pulse.bpm
        first = float(np.median(beats - period * np.arange(beats.size)))
        return (Tempo(0.0, pulse.bpm),), first - lead * period
    lines = [0, *range(bars.first or bars.count, beats.size - 1, bars.count)]
    tempos: list[Tempo] = []
    for at, following in zip(lines, [*lines[1:], beats.size - 1], strict=True):
        bpm = 60.0 * (following - at) / float(beats[following] - beats[at])
        tempos.append(Tempo(0.0 if at == 0 else float(at + lead), round(bpm, 3)))
    return tuple(tempos), float(beats[0]) - lead * 60.0 / tempos[0].bpm


def _remarks(sound: SoundHeard, heard: bool) -> Iterator[str]:
    if not heard:
        yield (
            "No key was heard: the sound is noise, speech or drums, or keeps to no scale; say the"
            " key, or give the chords."
        )
    if sound.heard_seconds < sound.seconds:
        yield (
            f"Only the first {sound.heard_seconds / 60.0:.0f} of"
            f" {sound.seconds / 60.0:.0f} minutes were listened to."
        )
    if not sound.pulse.steady:
        yield "The tempo moves; the tempo map follows it bar by bar."
    if heard and abs(sound.tuning_cents) >= _TUNED_CENTS:
        yield f"The music is tuned {sound.tuning_cents:+.0f} cents from A = 440 Hz."
