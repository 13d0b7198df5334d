"""The melody of one voice: its notes and their places on the beat, beside a peer; false alarms."""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from assistant.dsp.beats import ONSETS_PER_SECOND
from assistant.dsp.listening import Listened, listen
from assistant.dsp.one_voice import follow_voice
from assistant.material import Audio, Meter, Samples, Score
from assistant.theory.ear.heard import Heard
from assistant.theory.ear.listening import hear_sound
from assistant.theory.ear.singing_heard import find_notes
from assistant.theory.harmony.key import spelled_key
from bench.hearing_cases import cases
from bench.report import table
from bench.singing_cases import TIMBRES, Take, Timbre, takes

Onset = tuple[float, float]  # when (seconds or beats), and MIDI number

SEEDS = range(7_000, 7_010)
MIX_SEEDS = range(7_200, 7_212)
RATE_HZ = 44_100


def listened(audio: Audio, bpm: float | None = None, meter: Meter | None = None) -> Listened:
    """Listen to a sound."""
    work = listen(audio, bpm=bpm, meter=meter)
    while True:
        try:
            next(work)
        except StopIteration as done:
            found: Listened = done.value
            return found


def heard(audio: Audio, bpm: float | None = None, meter: Meter | None = None) -> Heard:
    """Hear what a sound is in."""
    return hear_sound(listened(audio, bpm, meter), bpm=bpm, meter=meter)


def matched(
    truth: Sequence[Onset], found: Sequence[Onset], near: float, cents: float = 50.0
) -> int:
    """Count notes found at their place with their pitch, each once."""
    free = list(found)
    hits = 0
    for at, pitch in truth:
        right = [
            each
            for each in free
            if abs(each[0] - at) <= near and 100.0 * abs(each[1] - pitch) <= cents
        ]
        if right:
            free.remove(min(right, key=lambda each: abs(each[0] - at)))
            hits += 1
    return hits


def shares(hits: int, truth: int, found: int) -> tuple[float, float, float]:
    """Return precision, recall and their harmonic mean in percent."""
    precision, recall = 100.0 * hits / max(found, 1), 100.0 * hits / max(truth, 1)
    return precision, recall, 200.0 * hits / max(truth + found, 1)


def sung_in(take: Take) -> list[Onset]:
    """List the notes of a take as they were sung: seconds, MIDI number with cents."""
    return [
        (note.onset, note.pitch + off) for note, off in zip(take.notes, take.tuning, strict=True)
    ]


def by_bandmate(take: Take) -> list[Onset]:
    """Find notes with the tracker and the model of this project alone."""
    work = follow_voice(take.audio, take.audio.seconds, _strength(take.audio))
    while True:
        try:
            next(work)
        except StopIteration as done:
            voice = done.value
            break
    notes = find_notes(voice.track, voice.onsets)
    return [(note.start, note.pitch + note.tuning + note.cents / 100.0) for note in notes]


def _strength(audio: Audio) -> Any:
    from assistant.dsp import beats
    from assistant.dsp.mono import resampled_mono

    edge = np.zeros(beats.WINDOW // 2, dtype=np.float32)
    blocks = resampled_mono(audio, 22_050)
    whole = np.concatenate([edge, *(block for _, block in blocks), edge])
    frames = np.lib.stride_tricks.sliding_window_view(whole, beats.WINDOW)[:: beats.HOP]
    assert abs(frames.shape[0] / ONSETS_PER_SECOND - audio.seconds) < 0.1
    return beats.onsets(beats.onset_bands(frames))[0]


def by_pyin(take: Take) -> list[Onset]:
    """Round the frames of librosa's pYIN to semitones, and call what lasts 80 ms a note."""
    librosa: Any = importlib.import_module("librosa")
    hz, voiced, _ = librosa.pyin(take.audio.samples[0], fmin=65.0, fmax=2_000.0, sr=take.audio.rate)
    hop = 512 / take.audio.rate
    pitch = np.where(voiced, 69.0 + 12.0 * np.log2(np.where(voiced, hz, 440.0) / 440.0), 0.0)
    numbers = np.round(pitch).astype(int)
    edges = [0, *(np.flatnonzero(np.diff(numbers)) + 1).tolist(), numbers.size]
    return [
        (first * hop, float(np.median(pitch[first:last])))
        for first, last in pairwise(edges)
        if numbers[first] and (last - first) * hop >= 0.08
    ]


def sung_table(seeds: Sequence[int] = SEEDS) -> str:
    """Measure notes in seconds and cents."""
    rows: list[list[object]] = []
    ways: dict[str, Callable[[Take], list[Onset]]] = {
        "bandmate": by_bandmate, "librosa pYIN, frames rounded": by_pyin,
    }  # fmt: skip
    for timbre in TIMBRES:
        made = list(takes(timbre, seeds))
        for name, way in ways.items():
            hits = truth = count = 0
            spent = seconds = 0.0
            for take in made:
                before = time.process_time()
                found = way(take)
                spent += time.process_time() - before
                seconds += take.audio.seconds
                hits += matched(sung_in(take), found, 0.05)
                truth, count = truth + len(take.notes), count + len(found)
            rows.append([timbre, name, *shares(hits, truth, count), 60.0 * spent / seconds])
    return table(["sung by", "heard by", "precision (%)", "recall (%)", "F (%)",
                  "CPU s a minute"], rows)  # fmt: skip


def on_grid(take: Take, told: Heard, *, fixed: bool) -> int:
    """Count notes on the right sixteenth with the right name.

    Where it is not `fixed`, beats may be counted from another bar line or beat.
    """
    truth = [(note.start, float(note.pitch)) for note in take.notes]
    found = [(note.start, note.pitch) for note in told.melody]
    timed = Score((), told.tempos)
    at = told.start_seconds
    moved = {
        round((take.first_beat + 60.0 / take.bpm * beat - at) * told.bpm / 60.0)
        for beat in range(-4, 5)
    }
    assert timed.tempos
    shifts = [0] if fixed else sorted(moved)
    return max(
        matched([(start + shift, pitch) for start, pitch in truth], found, 0.13) for shift in shifts
    )


def grid_table(seeds: Sequence[int] = SEEDS) -> str:
    """Measure notes on the beat, tempo, bar lines and key: the tempo found, and said."""
    rows = [
        [timbre, "said" if said else "found", *_on_grid(timbre, seeds, said)]
        for timbre in TIMBRES
        for said in (False, True)
    ]
    head = ["sung by", "tempo", "notes on the grid, F (%)", "tempo right (%)",
            "bar line right (%)", "key signature right (%)", "heard as a melody (%)"]  # fmt: skip
    return table(head, rows)


def _on_grid(timbre: Timbre, seeds: Sequence[int], said: bool) -> list[float]:
    hits = truth = count = 0
    right: list[tuple[bool, ...]] = []
    for take in takes(timbre, seeds, count_in=0.0 if said else 0.35):
        meter = Meter(0.0, take.beats_a_bar, 4) if said else None
        told = heard(take.audio, take.bpm if said else None, meter)
        hits += on_grid(take, told, fixed=said) if told.melody else 0
        truth, count = truth + len(take.notes), count + len(told.melody)
        bars = (take.first_beat - told.start_seconds) * told.bpm / 60.0 / take.beats_a_bar
        key = spelled_key(take.tonic, "major" if take.mode == "major" else "minor")
        tempo = abs(told.bpm / take.bpm - 1.0) < 0.02
        lines = told.meter.numerator == take.beats_a_bar and abs(bars - round(bars)) < 0.1
        same = {*told.key.pitch_classes} == {*key.pitch_classes}
        right.append((tempo, lines, same, bool(told.melody)))
    return [shares(hits, truth, count)[2], *(100.0 * np.mean(right, axis=0)).tolist()]


def others(play: Callable[[Score], Samples]) -> Iterator[tuple[str, Audio]]:
    """Play what is no melody of one voice: chords, mixes, noise; speech where it can be had."""
    rng = np.random.default_rng(71)
    for texture in ("block", "comping", "arpeggio", "melody on top", "one piano"):
        for case in cases(texture, MIX_SEEDS, drums=texture in {"comping", "melody on top"}):
            yield (
                f"{texture}{' with drums' if texture in {'comping', 'melody on top'} else ''}",
                (Audio(play(case.score)[:, : 40 * RATE_HZ], RATE_HZ)),
            )
    for fall in (0.0, 0.5, 1.0):
        bins = np.fft.rfft(rng.standard_normal(10 * RATE_HZ))
        noise = np.fft.irfft(bins / np.maximum(np.arange(bins.size), 20.0) ** fall)
        loud = 0.1 * noise[None, :] / noise.std()
        yield "noise: white, pink, brown", Audio(loud.astype(np.float32), RATE_HZ)
    yield from recordings()


def recordings() -> Iterator[tuple[str, Audio]]:
    """Read real mixes, drums, chords, speech and backgrounds where they are at hand."""
    import soundfile

    named = os.environ.get("BANDMATE_TEST_DATA")
    kinds = {"music": "finished mixes", "speech": "read speech", "noise": "recorded backgrounds",
             "instruments": "chords and drums, recorded",
             "stems/potassium": "drums and effects of a song"}  # fmt: skip
    for folder, kind in kinds.items() if named else ():
        for path in sorted(Path(str(named), folder).glob("*.*")):
            if path.stem == "vox_lead":
                continue
            samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
            yield kind, Audio(np.ascontiguousarray(samples.T[:, : 60 * rate]), rate)


def alarms_table(play: Callable[[Score], Samples]) -> str:
    """Count the sounds in which a melody of one voice is heard though there is none."""
    from assistant.errors import MaterialError

    told: dict[str, list[bool]] = {}
    for kind, audio in others(play):
        try:
            wrong = bool(heard(audio).melody)
        except MaterialError:  # too few beats
            wrong = False
        told.setdefault(kind, []).append(wrong)
    rows = [[kind, len(wrong), sum(wrong)] for kind, wrong in told.items()]
    return table(["no melody of one voice", "pieces", "wrongly heard as one"], rows)
