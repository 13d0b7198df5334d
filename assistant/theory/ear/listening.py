"""From what was heard in a sound to key, metre, bar lines and chords."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol, TypedDict

import numpy as np
from numpy.typing import NDArray

from assistant.material import Meter, Tempo
from assistant.theory.ear.bar_lines import Bars, find_bars, standard
from assistant.theory.ear.chord_hearing import FOR_SOUND, find_chords, respelled
from assistant.theory.ear.grid import Sounding, grid_of
from assistant.theory.ear.heard import KEY_FLOOR, Heard
from assistant.theory.ear.key_finding import key_fits, key_from, key_with_chords
from assistant.theory.ear.singing_heard import SungNote, find_notes
from assistant.theory.ear.sung import Said, hear_sung
from assistant.theory.ear.voice_judging import SEVERAL, VoiceHeard, judge

__all__ = ["PulseHeard", "SoundHeard", "hear_sound"]

Array = NDArray[np.float64]

_ACCENTS = (0.15, 0.25)  # weights of onsets and of low onsets beside chord changes
_CUT_LEAD = 0.6  # how much likelier a bar line is where a sound at a said tempo begins
_TONAL = (0.09, 70.0)  # where half is music, and how sharply: see `SoundHeard.tonal`
_TEMPO_SURE = (-2.0, 4.0, 3.0)  # logistic in the lead over other tempos and in clarity
_OTHERS_SHOWN, _OTHER_FIT = 2, 0.5
_TUNED_CENTS = 8.0
_QUIET = 0.2  # share of the loudest beats below which a beat is silent


class _BarPrior(TypedDict, total=False):
    """Where a bar line is likelier, and by how much: see `find_bars`."""

    start: int
    lead: float


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

    @property
    def voice(self) -> VoiceHeard | None:
        """One voice that may be all of it."""


def hear_sound(sound: SoundHeard, *, bpm: float | None = None, meter: Meter | None = None) -> Heard:
    """Tell what a sound is in.

    Parameters
    ----------
    sound : SoundHeard
        At least some beats.
    bpm : float, optional
        Quarter notes a minute, where the musician says so; its beats must come at this tempo.
    meter : Meter, optional
        Where the musician says so.

    Returns
    -------
    Heard
        Beat 0 is the bar line at or before the first beat. The key has a confidence under
        `KEY_FLOOR`, and there are no chords, where nothing tonal was heard. Where the sound is one
        voice there is its melody, and there are no chords.
    """
    said = Said(bpm, meter)
    against = ""
    if sound.voice is not None:
        notes = find_notes(sound.voice.track, sound.voice.onsets)
        verdict = judge(sound.voice, notes)
        if verdict.melody:
            return _remarked(_hear_one(sound, notes, verdict.sure, said), sound, said)
        against = verdict.against
    return _hear_many(sound, said, against or SEVERAL)


def _hear_one(sound: SoundHeard, notes: Sequence[SungNote], sure: float, said: Said) -> Heard:
    """Hear a melody; the tempo its sound repeats with is a hint, no more."""
    others = [bpm for bpm, _ in sound.pulse.others[:1]]
    return hear_sung(notes, sure, said, (sound.pulse.bpm, *others))


def _remarked(heard: Heard, sound: SoundHeard, said: Said) -> Heard:
    """Say how much of the sound was listened to, and what speaks against the tempo."""
    return replace(
        heard, remarks=(*heard.remarks, *_against(sound.pulse, said), *_cut_short(sound))
    )


def _hear_many(sound: SoundHeard, said: Said, against: str) -> Heard:
    """Hear chords."""
    treble, bass = _even(sound.treble), _even(sound.bass)
    strength = _strength(treble, bass, sound.accents)
    pulses = round(said.meter.bar_beats / said.pulse_beats) if said.meter else None
    bars = find_bars(strength, pulses, **_bar_prior(sound.pulse, said))
    meter = said.meter or Meter(0.0, bars.count, 4)
    lead = (bars.count - bars.first) % bars.count
    beats = (lead + treble.shape[0]) * said.pulse_beats
    grid = grid_of((meter,), beats)
    sounding = Sounding(_led(treble, lead), _led(_shares(bass), lead))
    fits = key_fits(_weights(treble, bass))
    tonal = float(1.0 / (1.0 + np.exp(-_TONAL[1] * (sound.tonal - _TONAL[0]))))
    chords = find_chords(sounding, grid, key_from(fits)[0], FOR_SOUND)
    key, second, sure = key_with_chords(fits, chords)
    sure *= tonal
    heard = sure >= KEY_FLOOR
    tempo_sure, others = (1.0, ()) if said.bpm else _tempo_sure(sound.pulse, said.pulse_beats)
    tempos, start = _tempos(sound.pulse, bars, lead, said.pulse_beats)
    return Heard(
        key,
        sure,
        second,
        said.bpm or sound.pulse.bpm * said.pulse_beats,
        meter,
        0,
        beats=beats,
        chords=respelled(chords, key) if heard else (),
        no_melody=against if heard or against != SEVERAL else "",
        tempos=tempos,
        meters=(meter,),
        tempo_confidence=tempo_sure,
        meter_confidence=bars.confidence,
        other_bpm=others,
        start_seconds=start,
        remarks=(*_against(sound.pulse, said), *_remarks(sound, heard)),
        origin="sound",
    )


def _bar_prior(pulse: PulseHeard, said: Said) -> _BarPrior:
    """Expect a bar line on the first beat, more so where a sound is cut at a said tempo."""
    if said.bpm is None or not pulse.beats.size:
        return {}
    began = round(-float(pulse.beats[0]) * pulse.bpm / 60.0)
    return {"start": began, "lead": _CUT_LEAD}


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


def _strength(treble: Array, bass: Array, accents: Array) -> Array:
    """Tell how much begins on each beat: chords that change, and strokes that are low and loud."""
    news = standard(_news(treble) + _news(bass))
    strokes = (
        weight * standard(column) for weight, column in zip(_ACCENTS, accents.T, strict=True)
    )
    return np.asarray(news + sum(strokes), dtype=np.float64)


def _news(rows: Array) -> Array:
    """Tell how much each beat differs from the one before."""
    length = np.maximum(np.sqrt((rows**2).sum(axis=1)), 1e-9)
    alike = (rows[1:] * rows[:-1]).sum(axis=1) / (length[1:] * length[:-1])
    return np.concatenate(([0.0], 1.0 - alike))


def _tempo_sure(pulse: PulseHeard, pulse_beats: float) -> tuple[float, tuple[float, ...]]:
    """Tell how sure the tempo is, and which others it might be."""
    rival = pulse.others[0][1] if pulse.others else 0.0
    offset, lead, clear = _TEMPO_SURE
    sure = float(1.0 / (1.0 + np.exp(-offset - lead * (1.0 - rival) - clear * pulse.clarity)))
    likely = [bpm * pulse_beats for bpm, fit in pulse.others if fit >= _OTHER_FIT]
    return sure, tuple(likely[:_OTHERS_SHOWN])


def _tempos(
    pulse: PulseHeard, bars: Bars, lead: int, pulse_beats: float
) -> tuple[tuple[Tempo, ...], float]:
    """Write the tempo map, and when its beat 0 comes (seconds)."""
    beats = pulse.beats
    if pulse.steady:
        period = 60.0 / pulse.bpm
        first = float(np.median(beats - period * np.arange(beats.size)))
        return (Tempo(0.0, pulse.bpm * pulse_beats),), first - lead * period
    lines = [0, *range(bars.first or bars.count, beats.size - 1, bars.count)]
    tempos: list[Tempo] = []
    for at, following in zip(lines, [*lines[1:], beats.size - 1], strict=True):
        bpm = 60.0 * pulse_beats * (following - at) / float(beats[following] - beats[at])
        tempos.append(Tempo(0.0 if at == 0 else (at + lead) * pulse_beats, round(bpm, 3)))
    return tuple(tempos), float(beats[0]) - lead * pulse_beats * 60.0 / tempos[0].bpm


def _remarks(sound: SoundHeard, heard: bool) -> Iterator[str]:
    if not heard:
        yield (
            "No key was heard: the sound is noise, speech or drums, or keeps to no scale; say the"
            " key, or give the chords."
        )
    yield from _cut_short(sound)
    if not sound.pulse.steady:
        yield "The tempo moves; the tempo map follows it bar by bar."
    if heard and abs(sound.tuning_cents) >= _TUNED_CENTS:
        yield f"The music is tuned {sound.tuning_cents:+.0f} cents from A = 440 Hz."


def _against(pulse: PulseHeard, said: Said) -> Iterator[str]:
    """Say so where the beat that was found has another tempo than the one that is said."""
    if said.bpm and pulse.others:
        found = pulse.others[0][0] * said.pulse_beats
        yield f"You say {said.bpm:.4g} BPM; by itself it sounds like {found:.4g}."


def _cut_short(sound: SoundHeard) -> Iterator[str]:
    if sound.heard_seconds < sound.seconds:
        yield (
            f"Only the first {sound.heard_seconds / 60.0:.0f} of"
            f" {sound.seconds / 60.0:.0f} minutes were listened to."
        )
