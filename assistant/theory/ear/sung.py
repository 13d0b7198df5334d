"""The melody of one voice: its notes on the beats of a tempo map, and the key they are in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.material import Meter, Note, Tempo
from assistant.theory.ear.bar_lines import OF_A_TUNE, Bars, find_bars, standard
from assistant.theory.ear.heard import Heard
from assistant.theory.ear.key_finding import key_of
from assistant.theory.ear.rhythm_heard import TICKS, Placed, place_at, place_notes
from assistant.theory.ear.singing_heard import SungNote

__all__ = ["Said", "hear_sung"]

Array = NDArray[np.float64]

_SAID_LEAD = 1.2  # how much likelier a bar line is where a recording at a said tempo begins
_LATE = 0.3  # of a pulse: the first bar line is no later than this into the recording
_STEADY_SECONDS = 0.04  # a take that strays less from one tempo has one
_ROUND = 0.004  # share of the tempo within which it is a whole number
_SHORTEST = 3  # ticks
_CLOSE = 5  # ticks: a note that ends so close to the next is held until it
_SOFT_DB = 30.0  # under the loudest note: played softest
_TUNED_CENTS, _DRIFT_CENTS = 8.0, 30.0
_OTHERS, _COUNTED = (0.5, 2.0), (40.0, 240.0)  # times the tempo; BPM
_METER_SURE = 0.85  # a tune alone does not tell more
_TEMPO_SURE = 0.9  # where every note stands on the grid


@dataclass(frozen=True, slots=True)
class Said:
    """What the musician says: quarter notes a minute, and the metre; None where nothing."""

    bpm: float | None = None
    meter: Meter | None = None

    @property
    def pulse_beats(self) -> float:
        """Length of a pulse in beats: a dotted quarter in 6/8, an eighth in 7/8."""
        return self.meter.pulse_beats if self.meter else 1.0


def hear_sung(
    notes: Sequence[SungNote], sure: float, said: Said, hints: tuple[float, ...] = ()
) -> Heard:
    """Put the notes of a voice on beats, and tell what they are in.

    Parameters
    ----------
    notes : sequence of SungNote
        In order; four or more.
    sure : float
        How surely they are a melody, 0.0 to 1.0.
    said : Said
        Where the tempo is said, the grid runs at exactly this tempo, and a recording that can
        begin on a bar line is taken to.
    hints : tuple of float
        Tempos that the sound repeats with, pulses a minute.

    Returns
    -------
    Heard
        Beat 0 is the bar line at or before the first note; there are no chords.
    """
    onsets = np.array([note.start for note in notes])
    dotted = said.pulse_beats == 1.5
    if said.bpm:
        placed = place_at(onsets, 60.0 / said.bpm * said.pulse_beats, dotted=dotted)
    else:
        placed = place_notes(onsets, hints, dotted=dotted)
    bars = _bars(placed, notes, said)
    lead = (bars.first - bars.count) if bars.first > placed.ticks[0] // TICKS else bars.first
    lead += bars.count * ((int(placed.ticks[0]) // TICKS - lead) // bars.count)
    ticks = placed.ticks - lead * TICKS
    meter = said.meter or Meter(0.0, bars.count, 4)
    tempos, start = _tempos(placed, ticks, onsets, said, bars.count)
    melody = _melody(notes, ticks, placed, said.pulse_beats)
    key, second, key_sure = key_of(melody)
    end = melody[-1].end
    bpm = said.bpm or _rounded(60.0 * said.pulse_beats / float(np.median(placed.seconds_a_pulse)))
    close = float(np.mean([1.0 - min(1.0, abs(note.cents) / 100.0) for note in notes]))
    return Heard(
        key,
        key_sure,
        second,
        bpm,
        meter,
        0,
        beats=float(np.ceil(end / meter.bar_beats - 1e-6) * meter.bar_beats),
        melody=melody,
        melody_confidence=min(0.98, sure * close),
        tempos=tempos,
        meters=(meter,),
        tempo_confidence=1.0 if said.bpm else _TEMPO_SURE * placed.fit,
        meter_confidence=1.0 if said.meter else min(_METER_SURE, bars.confidence),
        other_bpm=() if said.bpm else tuple(_others(bpm)),
        start_seconds=start,
        remarks=tuple(_remarks(notes)),
        origin="sound",
    )


def _bars(placed: Placed, notes: Sequence[SungNote], said: Said) -> Bars:
    """Find the bar lines: long notes begin on them; counted from tick 0, may be before it."""
    pulses = int(placed.ticks[-1]) // TICKS + 2
    strength = np.zeros(pulses)
    lengths = np.array([note.end - note.start for note in notes]) / placed.seconds_a_pulse
    on = placed.ticks % TICKS == 0
    np.maximum.at(strength, placed.ticks[on] // TICKS, np.sqrt(np.minimum(lengths[on], 4.0)))
    count = round(said.meter.bar_beats / said.pulse_beats) if said.meter else None
    if said.bpm:
        began = round(-placed.origin / float(placed.seconds_a_pulse[0]) + 0.5 - _LATE)
        return find_bars(standard(strength), count, start=began, lead=_SAID_LEAD, usual=OF_A_TUNE)
    first = int(placed.ticks[0]) // TICKS
    return find_bars(standard(strength), count, start=first, usual=OF_A_TUNE)


def _melody(
    notes: Sequence[SungNote], ticks: NDArray[np.int64], placed: Placed, pulse_beats: float
) -> tuple[Note, ...]:
    """Write the notes down in beats; where two fall on one tick the longer stays."""
    loudest = max(note.level_db for note in notes)
    longs = np.array([note.end - note.start for note in notes]) / placed.seconds_a_pulse * TICKS
    kept: list[tuple[int, float, int]] = []
    for place, (tick, long) in enumerate(zip(ticks.tolist(), longs.tolist(), strict=True)):
        if kept and kept[-1][0] >= tick:
            if long > kept[-1][1]:
                kept[-1] = (tick, long, place)
            continue
        kept.append((tick, long, place))
    melody: list[Note] = []
    for at, (tick, long, place) in enumerate(kept):
        room = kept[at + 1][0] - tick if at + 1 < len(kept) else 4 * TICKS * TICKS
        length = max(_SHORTEST, _SHORTEST * round(long / _SHORTEST))
        length = room if room - length < _CLOSE else length
        softer = min(1.0, (loudest - notes[place].level_db) / _SOFT_DB)
        beats = (tick * pulse_beats / TICKS, length * pulse_beats / TICKS)
        melody.append(Note(float(notes[place].pitch), *beats, round(100 - 50 * softer)))
    return tuple(melody)


def _tempos(
    placed: Placed, ticks: NDArray[np.int64], onsets: Array, said: Said, count: int
) -> tuple[tuple[Tempo, ...], float]:
    """Write the tempo map, and when its beat 0 comes (seconds)."""
    pulses = ticks / TICKS
    if said.bpm:
        period = float(placed.seconds_a_pulse[0])
        first = placed.origin + float(placed.ticks[0] - ticks[0]) / TICKS * period
        return (Tempo(0.0, said.bpm),), first
    period, first = np.polyfit(pulses, onsets, 1)
    away = np.abs(onsets - first - period * pulses)
    if float(np.median(away)) < _STEADY_SECONDS:
        bpm = _rounded(60.0 * said.pulse_beats / float(period))
        period = 60.0 * said.pulse_beats / bpm
        return (Tempo(0.0, bpm),), float(np.median(onsets - period * pulses))
    lines = np.arange(0.0, pulses[-1] + 1e-6, count)
    times = np.interp(lines, *_through(pulses, onsets, placed))
    spans = np.diff(times, append=2.0 * times[-1] - times[-2])
    tempos = [
        Tempo(float(line) * said.pulse_beats, round(60.0 * count * said.pulse_beats / span, 3))
        for line, span in zip(lines, spans, strict=True)
        if span > 0.0
    ]  # fmt: skip
    return tuple(tempos), float(times[0])


def _through(pulses: Array, onsets: Array, placed: Placed) -> tuple[Array, Array]:
    """Lay out when pulses come, from a bar before the first note to a bar after the last."""
    around = 16.0
    low, high = pulses[0] - around, pulses[-1] + around
    first = onsets[0] - around * placed.seconds_a_pulse[0]
    last = onsets[-1] + around * placed.seconds_a_pulse[-1]
    return np.concatenate(([low], pulses, [high])), np.concatenate(([first], onsets, [last]))


def _rounded(bpm: float) -> float:
    """Take a tempo that is almost a whole number as that number."""
    whole = round(bpm)
    return float(whole) if abs(bpm - whole) < _ROUND * bpm else round(bpm, 2)


def _others(bpm: float) -> Iterator[float]:
    """List the tempos that one might count as well."""
    low, high = _COUNTED
    yield from (_rounded(bpm * each) for each in _OTHERS if low <= bpm * each <= high)


def _remarks(notes: Sequence[SungNote]) -> Iterator[str]:
    yield "The sound is one voice without chords; chords can be put under it."
    tuning = 100.0 * np.array([note.tuning for note in notes])
    drift = float(tuning[-1] - tuning[0])
    if abs(drift) >= _DRIFT_CENTS:
        way = "up" if drift > 0.0 else "down"
        yield f"The voice drifts {way} by {abs(drift):.0f} cents; its notes were heard with it."
    elif abs(float(np.median(tuning))) >= _TUNED_CENTS:
        yield f"The voice is tuned {float(np.median(tuning)):+.0f} cents from A = 440 Hz."
