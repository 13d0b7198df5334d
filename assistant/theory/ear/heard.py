"""What was heard in a score or a sound, and how to say it so that the musician can correct it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from assistant.material import Meter, Note, Tempo, note_name
from assistant.settings import Bars
from assistant.theory.ear.chord_hearing import HeardChord
from assistant.theory.ear.grid import bar_starts, bars_in, walk_bars
from assistant.theory.harmony.key import Key

__all__ = ["KEY_FLOOR", "Heard", "HeardKey"]

KEY_FLOOR = 0.3
"""Confidence under which no key was heard."""

_SURE = 0.995
_BARS_SHOWN = 24
_HELD = "%"


@dataclass(frozen=True, slots=True)
class HeardKey:
    """A key that was heard: from which beat on, what, how surely (0 to 1), what it might be."""

    start: float
    key: Key
    confidence: float
    second: Key


@dataclass(frozen=True, slots=True)
class Heard:
    """What a score or a sound tells.

    Parameters
    ----------
    key : Key
        Major or minor; the last one where there are several.
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
    no_melody : str
        Why there is none, in a few words; ``""`` where nothing is to be said.
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
    keys : tuple of HeardKey
        In order, where there are several; else none.
    few : str
        What there is too little of to tell a key, such as ``"one note"``; ``""`` where enough.
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
    no_melody: str = ""
    tempos: tuple[Tempo, ...] = ()
    meters: tuple[Meter, ...] = ()
    tempo_confidence: float = 1.0
    meter_confidence: float = 1.0
    other_bpm: tuple[float, ...] = ()
    start_seconds: float = 0.0
    remarks: tuple[str, ...] = ()
    keys: tuple[HeardKey, ...] = ()
    few: str = ""
    origin: Literal["score", "sound"] = "score"

    @property
    def key_heard(self) -> bool:
        """Whether the key is sure enough to be followed."""
        return self.confidence >= KEY_FLOOR

    def within(self, bars: Bars) -> Heard:
        """Take the key that holds where some bars begin, of a song that has several."""
        starts = bar_starts(self.meters or (self.meter,), self.beats)
        if not self.keys or bars.first > len(starts):
            return self
        here = [each for each in self.keys if each.start <= starts[bars.first - 1].beat + 1e-6]
        held = here[-1]
        return replace(self, key=held.key, confidence=held.confidence, second=held.second)

    @property
    def at_best(self) -> str:
        """Say, where no key was heard, why not, what it might be, and what to do."""
        few = f"{self.few} is not enough; " if self.few else ""
        return f"({few}{self.key} at best); say the key"

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
        return f"Key: none was heard {heard.at_best}."
    if heard.keys:
        return f"Key: {_say_keys(heard)}."
    return f"Key: {heard.key} ({_percent(heard.confidence)}; might be {heard.second})."


def _say_keys(heard: Heard) -> str:
    """Say the keys of a song one after the other, each up to the bar before the next."""
    meters = heard.meters or (heard.meter,)
    stops = [round(bars_in(meters, each.start)) for each in heard.keys[1:]]
    said = [
        f"{each.key} ({_percent(each.confidence)}) to bar {stop}"
        for each, stop in zip(heard.keys, stops, strict=False)
    ]
    last = heard.keys[-1]
    said.append(f"{last.key} ({_percent(last.confidence)}; might be {last.second})")
    return ", then ".join(said)


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
    text = f"Metre: {heard.meter.signature}{sure}"
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
    meters = heard.meters or (heard.meter,)
    last = heard.chords[-1]
    silent = int(bars_in(meters, heard.chords[0].start) + 1e-6)
    count = math.ceil(bars_in(meters, last.start + last.length) - 1e-6) - silent
    shown = islice(_chart(heard), silent, silent + min(count, _BARS_SHOWN))
    begun = f", from bar {silent + 1}" if silent else ""
    more = f" ... ({count} bars in all)" if count > _BARS_SHOWN else ""
    return f"Chords ({_percent(sure)}{begun}): {' | '.join(shown)}{more}."


def _chart(heard: Heard) -> Iterator[str]:
    """Write the chords bar by bar, as on a lead sheet, and on after their end."""
    walked = walk_bars(heard.meters or (heard.meter,))
    next(walked)
    chords, place = heard.chords, 0
    for following in walked:
        here: list[str] = []
        while place < len(chords) and chords[place].start < following.beat - 1e-6:
            here.append(chords[place].chord.symbol)
            place += 1
        yield " ".join(here) or _HELD


def _say_melody(heard: Heard) -> str:
    if not heard.melody:
        why = f" ({heard.no_melody})" if heard.no_melody else ""
        return f"Melody: none was heard{why}."
    low, high = (end(round(note.pitch) for note in heard.melody) for end in (min, max))
    where = f" in {heard.melody_track!r}" if heard.melody_track else ""
    return (
        f"Melody: {len(heard.melody)} notes{where}, {note_name(low)} to {note_name(high)}"
        f" ({_percent(heard.melody_confidence)})."
    )
