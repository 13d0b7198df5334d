"""Hearing the context: keys, chords, tempo and metre found in notes and in sound, beside peers.

``python -m bench.hearing [--write]``. Pieces are made from the progressions of the shelf in random
keys, styles, metres and textures, from seeds that nothing was tuned on; sound is played by a
soundfont where symusic is installed and one is found (``BANDMATE_SOUNDFONT`` or the usual folders),
else by the built-in voices, with drums and noise. A chord is right for as long as root and quality
(or root and third) are those that were played. Peers are measured where they are installed: music21
(its key analysis, and its chordify), librosa (chroma against triads beat by beat, as in its
tutorials, and its beat tracker) and libsonare.
"""

from __future__ import annotations

import importlib
import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from assistant.dsp.listening import listen
from assistant.dsp.voices import render
from assistant.material import Audio, Note, Samples, Score, Track
from assistant.theory.ear.heard import Heard
from assistant.theory.ear.hearing import hear
from assistant.theory.ear.listening import hear_sound
from assistant.theory.harmony.chord import Chord
from bench.hearing_cases import TEXTURES, Case, cases, truth
from bench.report import publish, table
from bench.singing_heard import MIX_SEEDS, SEEDS, alarms_table, grid_table, sung_table
from bridge.tools.synth import Soundfont, soundfonts

Span = tuple[float, float, Chord]

NOTE_SEEDS = range(5_000, 5_060)
SOUND_SEEDS = range(6_000, 6_012)
SOUND_TEXTURES = ("block", "comping", "arpeggio", "melody on top")
RATE_HZ = 44_100
NOISE = 0.003
PEER_PIECES = 12
_THIRD = 1


def overlap(played: Iterable[Span], found: Sequence[Span]) -> tuple[float, float, float]:
    """Measure for which share of the time root and quality, root and third, and root are right."""
    total = quality = third = root = 0.0
    for start, end, chord in played:
        total += end - start
        for low, high, other in found:
            shared = min(end, high) - max(start, low)
            if shared <= 0.0 or chord.pitch_classes[0] != other.pitch_classes[0]:
                continue
            root += shared
            third += shared * (chord.pitch_classes[_THIRD] == other.pitch_classes[_THIRD])
            quality += shared * (chord.kind == other.kind)
    return quality / total, third / total, root / total


def spans(heard: Heard) -> list[Span]:
    """List the chords that were heard: start, end (beats), chord."""
    return [(each.start, each.start + each.length, each.chord) for each in heard.chords]


def right_key(heard: Heard, case: Case) -> bool:
    """Tell whether the key is the one that the numerals were read in."""
    return heard.key.root == case.key.root and heard.key.family == case.key.family


def notes_table() -> str:
    """Measure chords in notes, texture by texture."""
    rows: list[list[object]] = []
    for texture in TEXTURES:
        scores: list[tuple[float, float, float]] = []
        keys: list[bool] = []
        spent: list[float] = []
        for case in cases(texture, NOTE_SEEDS):
            before = time.process_time()
            heard = hear(case.score)
            spent.append(1_000.0 * (time.process_time() - before))
            scores.append(overlap(truth(case), spans(heard)))
            keys.append(right_key(heard, case))
        rows.append([texture, *percent(scores), 100.0 * float(np.mean(keys)),
                     float(np.median(spent))])  # fmt: skip
    return table(
        ["texture", "root and quality (%)", "root and third (%)", "root (%)",
         "key of the numerals (%)", "CPU ms"],
        rows,
    )  # fmt: skip


def percent(scores: Sequence[tuple[float, float, float]]) -> list[float]:
    """Average shares as percentages."""
    return [float(100.0 * value) for value in np.mean(scores, axis=0)]


def large_table() -> str:
    """Time scores that are far larger than songs."""
    rng = np.random.default_rng(1)
    pitches, starts = rng.integers(40, 80, (10_000, 100)), rng.uniform(0.0, 4e3, (10_000, 100))
    many = tuple(
        Track(f"Track {place}", tuple(map(Note, row.astype(float), start, [0.5] * 100)))
        for place, (row, start) in enumerate(zip(pitches, starts, strict=True))
    )
    few = tuple(Track(track.name, track.notes[:1]) for track in many)
    scores = {"10,000 tracks, 10,000 notes": few, "10,000 tracks, 1,000,000 notes": many}
    rows: list[list[object]] = []
    for name, score in ((name, Score(tracks)) for name, tracks in scores.items()):
        before = time.process_time()
        hear(score)
        rows.append([name, time.process_time() - before])
    return table(["score", "CPU s"], rows)


def by_chordify(music21: Any, score: Score) -> list[Span]:
    """Let music21 reduce a score to its sonorities and name them."""
    stream = music21.stream.Score()
    for track in score.tracks:
        part = music21.stream.Part()
        for note in track.notes:
            written = music21.note.Note(round(note.pitch), quarterLength=round(note.length * 4) / 4)
            part.insert(round(note.start * 4) / 4, written)
        stream.insert(0.0, part.makeVoices(inPlace=False) or part)
    found: list[Span] = []
    kinds = {"major": "maj", "minor": "min", "diminished": "dim", "augmented": "aug"}
    for chord in stream.chordify().recurse().getElementsByClass(music21.chord.Chord):
        start = float(chord.getOffsetInHierarchy(stream) if chord.activeSite else chord.offset)
        plain = chord.simplifyEnharmonics()
        kind = "7" if plain.isDominantSeventh() else kinds.get(plain.quality, "maj")
        root = plain.root().pitchClass * 7 % 12
        found.append((start, start + float(chord.quarterLength), Chord(root, kind)))
    return found


def music21_table() -> str:
    """Compare with music21 on the same scores."""
    music21 = peer("music21")
    rows: list[list[object]] = []
    ways: dict[str, Callable[[Score], list[Span]]] = {"bandmate": lambda score: spans(hear(score))}
    if music21:
        ways["music21 chordify"] = lambda score: by_chordify(music21, score)
    for name, way in ways.items():
        scores: list[tuple[float, float, float]] = []
        before = time.process_time()
        for texture in ("block", "comping", "melody on top"):
            chosen = cases(texture, NOTE_SEEDS[: PEER_PIECES // 3])
            scores += [overlap(truth(case), way(case.score)) for case in chosen]
        rows.append(
            [name, *percent(scores), 1_000.0 * (time.process_time() - before) / PEER_PIECES]
        )
    return table(["chords in notes by", "root and quality (%)", "root and third (%)", "root (%)",
                  "CPU ms a piece"], rows)  # fmt: skip


def heard_in(audio: Audio) -> Heard:
    """Listen to a sound."""
    work = listen(audio)
    while True:
        try:
            next(work)
        except StopIteration as done:
            return hear_sound(done.value)


def in_seconds(heard: Heard) -> list[Span]:
    """List the chords that were heard in a sound: start, end (seconds), chord."""
    timed = Score((), heard.tempos)
    return [(heard.start_seconds + timed.seconds_at(start), heard.start_seconds
             + timed.seconds_at(end), chord) for start, end, chord in spans(heard)]  # fmt: skip


def player() -> tuple[str, Callable[[Score], Samples]]:
    """Find who plays: a soundfont, or the built-in voices."""
    named = os.environ.get("BANDMATE_SOUNDFONT")
    found = [Path(named)] if named else soundfonts()
    if found and peer("symusic"):
        font = Soundfont(found[0])
        return font.name, lambda score: font(score, RATE_HZ)
    return "the built-in voices", lambda score: render(score, RATE_HZ)


def in_tune(play: Callable[[Score], Samples], program: int) -> bool:
    """Tell whether A4 sounds as an A, or as its third partial: some soundfonts play some not so."""
    track = Track("", (Note(69.0, 0.0, 4.0),), program)
    heard = play(Score((track,)))[0, RATE_HZ // 4 : RATE_HZ + RATE_HZ // 4]
    peak_hz = int(np.abs(np.fft.rfft(heard * np.hanning(heard.size))).argmax())
    semitones = 12.0 * float(np.log2(max(peak_hz, 1) / 440.0))
    return round(semitones) % 12 in {0, 7} and abs(semitones - round(semitones)) < 0.2


def sounds(play: Callable[[Score], Samples]) -> list[tuple[str, Case, Audio]]:
    """Play the pieces, with drums (but not for held blocks) and noise.

    Pieces for an instrument that the player has out of tune are left out.
    """
    made: list[tuple[str, Case, Audio]] = []
    tuned: dict[int, bool] = {}
    for texture in SOUND_TEXTURES:
        for seed, case in zip(
            SOUND_SEEDS, cases(texture, SOUND_SEEDS, drums=texture != "block"), strict=True
        ):
            programs = {track.program for track in case.score.tracks if not track.drums}
            tuned.update({each: in_tune(play, each) for each in programs - set(tuned)})
            if not all(tuned[each] for each in programs):
                continue
            clean = play(case.score)
            noise = np.random.default_rng(seed).standard_normal(clean.shape).astype(np.float32)
            made.append((texture, case, Audio(clean + NOISE * noise, RATE_HZ)))
    return made


def tempo_error(bpm: float, case: Case) -> str:
    """Tell whether a tempo is right, an octave away, or wrong; beats are dotted in 6/8."""
    beat = 1.5 if case.meter.denominator == 8 and case.meter.numerator % 3 == 0 else 1.0
    ratio = bpm * beat / case.bpm
    if abs(ratio - 1.0) < 0.02:
        return "right"
    return "octave" if min(abs(ratio - 2.0), abs(2.0 * ratio - 1.0)) < 0.04 else "wrong"


def sound_table(made: Sequence[tuple[str, Case, Audio]]) -> str:
    """Measure chords, key, tempo and metre in sound."""
    rows: list[list[object]] = []
    for texture in SOUND_TEXTURES:
        scores: list[tuple[float, float, float]] = []
        keys: list[bool] = []
        tempos: list[str] = []
        meters: list[bool] = []
        spent = seconds = 0.0
        for _, case, audio in (each for each in made if each[0] == texture):
            before = time.process_time()
            heard = heard_in(audio)
            spent += time.process_time() - before
            seconds += audio.seconds
            timed = [(case.score.seconds_at(start), case.score.seconds_at(end), chord)
                     for start, end, chord in truth(case)]  # fmt: skip
            scores.append(overlap(timed, in_seconds(heard)))
            keys.append(heard.key == hear(case.score).key)
            tempos.append(tempo_error(heard.bpm, case))
            meters.append(heard.meter.numerator == case.meter.numerator)
        share = [100.0 * tempos.count(each) / len(tempos) for each in ("right", "octave")]
        rows.append([texture, *percent(scores), 100.0 * float(np.mean(keys)), *share,
                     100.0 * float(np.mean(meters)), 60.0 * spent / seconds])  # fmt: skip
    return table(
        ["texture", "root and quality (%)", "root and third (%)", "root (%)",
         "key as in its notes (%)", "tempo (%)", "its octave (%)", "metre (%)", "CPU s a minute"],
        rows,
    )  # fmt: skip


def by_librosa(librosa: Any, audio: Audio) -> tuple[float, list[Span]]:
    """Track beats with librosa, and take the triad nearest to the chroma of each."""
    mono = audio.samples.mean(axis=0)
    tempo, beats = librosa.beat.beat_track(y=mono, sr=audio.rate)
    chroma = librosa.feature.chroma_cqt(y=mono, sr=audio.rate)
    synced = librosa.util.sync(chroma, beats, aggregate=np.median)
    times = librosa.frames_to_time(beats, sr=audio.rate)
    edges = np.concatenate(([0.0], times, [audio.seconds]))
    chords = [Chord(root * 7 % 12, kind) for root in range(12) for kind in ("maj", "min")]
    patterns = np.zeros((24, 12))
    for row, chord in zip(patterns, chords, strict=True):
        row[list(chord.pitch_classes)] = 1.0
    best = (patterns @ synced).argmax(axis=0)
    count = min(best.size, edges.size - 1)
    found = [(float(edges[at]), float(edges[at + 1]), chords[best[at]]) for at in range(count)]
    return float(np.atleast_1d(tempo)[0]), found


def by_libsonare(libsonare: Any, audio: Audio) -> tuple[float, list[Span]]:
    """Let libsonare find tempo and chords."""
    mono = np.ascontiguousarray(audio.samples.mean(axis=0))
    tempo = float(libsonare.detect_bpm(mono, audio.rate))
    names = {"major": "maj", "minor": "min", "diminished": "dim", "augmented": "aug",
             "dominant7": "7", "major7": "maj7", "minor7": "m7", "sus2": "sus2",
             "sus4": "sus4"}  # fmt: skip
    found: list[Span] = []
    for each in libsonare.detect_chords(mono, audio.rate).chords:
        kind = names.get(str(getattr(each.quality, "name", each.quality)).lower(), "maj")
        root = int(each.root) * 7 % 12
        found.append((float(each.start), float(each.end), Chord(root, kind)))
    return tempo, found


def peers_table(made: Sequence[tuple[str, Case, Audio]]) -> str:
    """Compare with peers on the same sounds."""

    def ours(audio: Audio) -> tuple[float, list[Span]]:
        heard = heard_in(audio)
        return heard.bpm, in_seconds(heard)

    ways: dict[str, Callable[[Audio], tuple[float, list[Span]]]] = {"bandmate": ours}
    if librosa := peer("librosa"):
        ways["librosa, triads by beat"] = lambda audio: by_librosa(librosa, audio)
    if libsonare := peer("libsonare"):
        ways["libsonare"] = lambda audio: by_libsonare(libsonare, audio)
    rows: list[list[object]] = []
    for name, way in ways.items():
        way(made[0][2])
        scores: list[tuple[float, float, float]] = []
        tempos: list[str] = []
        spent = 0.0
        for _, case, audio in made:
            before = time.process_time()
            bpm, found = way(audio)
            spent += time.process_time() - before
            timed = [(case.score.seconds_at(start), case.score.seconds_at(end), chord)
                     for start, end, chord in truth(case)]  # fmt: skip
            scores.append(overlap(timed, found))
            tempos.append(tempo_error(bpm, case))
        seconds = sum(audio.seconds for _, _, audio in made)
        share = [100.0 * tempos.count(each) / len(tempos) for each in ("right", "octave")]
        rows.append([name, *percent(scores), *share, 60.0 * spent / seconds])
    return table(["by", "root and quality (%)", "root and third (%)", "root (%)", "tempo (%)",
                  "its octave (%)", "CPU s a minute, warm"], rows)  # fmt: skip


def peer(name: str) -> Any:
    """Import a peer, or return None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def main() -> None:
    """Measure and publish."""
    name, play = player()
    made = sounds(play)
    publish(
        "Hearing the context",
        f"Notes ({len(NOTE_SEEDS)} pieces a texture; the key of the numerals is one of several that"
        f" fit many loops):\n\n{notes_table()}\n\n{music21_table()}\n\n{large_table()}\n\n"
        f"Sound, played by {name} ({len(made)} pieces; those for instruments that it has out of"
        f" tune are left out):\n\n{sound_table(made)}\n\n"
        f"The same sounds, all textures together:\n\n{peers_table(made)}",
    )
    publish(
        "Melody of one voice",
        f"{len(SEEDS)} takes for each kind of voice, made with scoops, vibrato, drift, consonants,"
        " breath and room noise from seeds that nothing was tuned on. A note is right where it"
        " begins within 50 ms and was sung within 50 cents of where it is heard:"
        f"\n\n{sung_table()}\n\n"
        "The same takes on the beat: a note is right on the right sixteenth with the right name."
        " A tempo that is said goes with its metre, and with a take that is cut on the bar line;"
        " where it is found, beats may be counted from another one:"
        f"\n\n{grid_table()}\n\n"
        f"False alarms, in {len(MIX_SEEDS)} pieces a texture played by {name}, in noise, and in"
        " recordings where BANDMATE_TEST_DATA names them (these were at hand when the limits were"
        f" set):\n\n{alarms_table(play)}",
    )


if __name__ == "__main__":
    main()
