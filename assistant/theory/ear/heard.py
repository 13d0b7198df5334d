"""What was heard in a score or a sound, and how to say it so that the musician can correct it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.material import Meter, Note, Tempo, note_name
from assistant.theory.ear.chord_hearing import HeardChord
from assistant.theory.ear.grid import bars_in
from assistant.theory.harmony.key import Key

__all__ = ["KEY_FLOOR", "Heard"]

KEY_FLOOR = 0.3
"""Confidence under which no key was heard."""

_SURE = 0.995
_BARS_SHOWN = 24
_HELD = "%"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a score or a sound tells.

    Parameters
    ----------
    key : Key
        Major or minor.
    confidence : float
        How sure the key is, 0.0 to 1.0; under `KEY_FLOOR` none was heard.
    second : Key
        The key it might be instead.
    bpm : float
        Quarter notes a minute, for most of it.
    meter : Meter
        The metre of most of it.
    notes : int
        Pitched notes that were listened to; 0 where it is sound.
    beats : float
        Length, in beats (quarter notes).
    chords : tuple of HeardChord
        In order; spelled in the key; none where only a melody or drums were heard.
    melody : tuple of Note
        The tune, in order of start; none where there is none.
    melody_track : str
        Name of the track that the tune is in.
    melody_confidence : float
        How sure the tune is, 0.0 to 1.0.
    tempos : tuple of Tempo
        Tempo map, the first at beat 0.
    meters : tuple of Meter
        Metre map, the first at beat 0; a bar starts where each stands.
    tempo_confidence, meter_confidence : float
        How sure those are: 1.0 where a score says so.
    other_bpm : tuple of float
        Tempos that it might be instead, the likeliest first.
    start_seconds : float
        Where in the sound beat 0 lies; may be negative, where the sound starts within a bar.
    remarks : tuple of str
        What else the musician should know: what was left out, what was not heard.
    origin : {"score", "sound"}
        What was listened to.
    """

    key: Key
    confidence: float
    second: Key
    bpm: float
    meter: Meter
    notes: int
    beats: float = 0.0
    chords: tuple[HeardChord, ...] = ()
    melody: tuple[Note, ...] = ()
    melody_track: str = ""
    melody_confidence: float = 0.0
    tempos: tuple[Tempo, ...] = ()
    meters: tuple[Meter, ...] = ()
    tempo_confidence: float = 1.0
    meter_confidence: float = 1.0
    other_bpm: tuple[float, ...] = ()
    start_seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    origin: Literal["score", "sound"] = "score"

    @property
    def key_heard(self) -> bool:
        """Whether the key is sure enough to be followed."""
        return self.confidence >= KEY_FLOOR

    @property
    def bars(self) -> float:
        """Length in bars."""
        return bars_in(self.meters or (self.meter,), self.beats)

    @property
    def report(self) -> tuple[str, ...]:
        """Sentences that say what was heard and how sure it is, one a thing."""
        said = [_say_key(self), _say_tempo(self), _say_meter(self), _say_chords(self)]
        return (*said, _say_melody(self), *self.remarks)


def _percent(share: float) -> str:
    return f"{100.0 * share:.0f} % sure"


def _say_key(heard: Heard) -> str:
    if not heard.key_heard:
        return f"Key: none was heard ({heard.key} at best); say the key."
    return f"Key: {heard.key} ({_percent(heard.confidence)}; might be {heard.second})."


def _say_tempo(heard: Heard) -> str:
    sure = "" if heard.tempo_confidence >= _SURE else f" ({_percent(heard.tempo_confidence)})"
    text = f"Tempo: {heard.bpm:.4g} BPM{sure}"
    if len(heard.tempos) > 1:
        slow, quick = (end(tempo.bpm for tempo in heard.tempos) for end in (min, max))
        text += f" for most of it, {slow:.4g} to {quick:.4g} BPM in all"
    if heard.other_bpm:
        text += ", might be " + " or ".join(f"{bpm:.4g}" for bpm in heard.other_bpm)
    return text + "."


def _say_meter(heard: Heard) -> str:
    sure = "" if heard.meter_confidence >= _SURE else f" ({_percent(heard.meter_confidence)})"
    text = f"Metre: {heard.meter.numerator}/{heard.meter.denominator}{sure}"
    if len(heard.meters) > 1:
        changes = len(heard.meters) - 1
        text += f" for most of it, {changes} change{'' if changes == 1 else 's'}"
    bars = round(heard.bars, 1)
    return f"{text}, {bars:g} bar{'' if bars == 1 else 's'}."


def _say_chords(heard: Heard) -> str:
    if not heard.chords:
        return "Chords: none were heard."
    lasts = sum(chord.length for chord in heard.chords)
    sure = sum(chord.confidence * chord.length for chord in heard.chords) / lasts
    bars = list(_chart(heard))
    more = f" ... ({len(bars)} bars in all)" if len(bars) > _BARS_SHOWN else ""
    return f"Chords ({_percent(sure)}): {' | '.join(bars[:_BARS_SHOWN])}{more}."


def _chart(heard: Heard) -> Iterator[str]:
    """Write the chords bar by bar, as on a lead sheet."""
    starts = _bar_lines(heard.meters or (heard.meter,), heard.chords[-1])
    chords = list(heard.chords)
    for stop in [*starts[1:], math.inf]:
        here: list[str] = []
        while chords and chords[0].start < stop - 1e-6:
            here.append(chords.pop(0).chord.symbol)
        yield " ".join(here) or _HELD


def _bar_lines(meters: Sequence[Meter], last: HeardChord) -> list[float]:
    lines: list[float] = []
    stops = [meter.beat for meter in meters[1:]] + [last.start + last.length]
    for meter, stop in zip(meters, stops, strict=True):
        bar = meter.beat
        while bar < min(stop, stops[-1]) - 1e-6:
            lines.append(bar)
            bar += meter.bar_beats
    return lines or [0.0]


def _say_melody(heard: Heard) -> str:
    if not heard.melody:
        return "Melody: none was heard."
    low, high = (end(round(note.pitch) for note in heard.melody) for end in (min, max))
    where = f" in {heard.melody_track!r}" if heard.melody_track else ""
    return (
        f"Melody: {len(heard.melody)} notes{where}, {note_name(low)} to {note_name(high)}"
        f" ({_percent(heard.melody_confidence)})."
    )
