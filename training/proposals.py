"""Tables by which the melody stage proposes: how tunes turn, lean, fit their chords and move.

They are counted in ``train`` and their mix is chosen on ``valid``; the network ``melody-pop`` is
made before, and how unexpected it finds eight bars of ``valid`` is noted beside them. At most two
notes in a row are counted, so no tune can be read back from the tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import product
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from assistant.models.melodies import Melodies
from assistant.models.melody import MelodyNet
from assistant.theory.harmony import spelling
from assistant.theory.harmony.key import FAMILY_SCALES, Family, Key, spelled_key
from assistant.theory.harmony.labels import numeral_said
from assistant.theory.harmony.roman import realise
from assistant.theory.tune.likeness import FIGURES, figures
from assistant.theory.tune.proposals import LEAST, TURNS, Proposals, kind_of_place, log_odds
from training.corpora import Song, load

BAR = 16
_BREATH = 4  # slots of rest that part phrases
_WINDOW = 8 * BAR
_MIXES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25)
_FEWEST = 12  # notes in a window that is measured


@dataclass(frozen=True, eq=False)
class Line:
    """The melody of a song as arrays, a column a note; the first bar line is at slot 0.

    Parameters
    ----------
    minor : bool
        Family of the key.
    start, length, pitch : ndarray of int, shape (notes,)
        Slots and MIDI numbers.
    step : ndarray of int, shape (notes,)
        Notes of the key from the lowest up; a note that is not in the key takes the one below.
    role : ndarray of int, shape (notes,)
        Letters above the root of the chord.
    fits : ndarray of bool, shape (notes,)
        Whether it belongs to the chord.
    tones : ndarray of bool, shape (notes, 12)
        The pitch classes of the chord.
    root : ndarray of int, shape (notes,)
        Pitch class of its root.
    tonic : int
        Pitch class of the key.
    joined : ndarray of bool, shape (notes,)
        Whether it goes on from the note before without a breath.
    """

    minor: bool
    start: NDArray[np.int64]
    length: NDArray[np.int64]
    pitch: NDArray[np.int64]
    step: NDArray[np.int64]
    role: NDArray[np.int64]
    fits: NDArray[np.bool_]
    tones: NDArray[np.bool_]
    root: NDArray[np.int64]
    tonic: int
    joined: NDArray[np.bool_]


def read_line(song: Song) -> Line:
    """Lay out the melody of a song."""
    family: Family = "minor" if song.mode == "min" else "major"
    key = spelled_key(song.tonic, family)
    shift = _bar_line(song)
    start, length, pitch = _notes(song, shift)
    heights = np.array([7 * fifth % 12 for fifth in FAMILY_SCALES[family]])
    above = pitch - key.root
    degree = np.searchsorted(heights, above % 12, side="right") - 1
    step = above // 12 * 7 + degree
    roots, tones = _harmony(song, key, shift, int(start[-1]) + 1 if len(start) else 1)
    rest = np.diff(start) - length[:-1]
    return Line(
        family == "minor",
        start,
        length,
        pitch,
        step,
        (degree - roots[start]) % 7,
        tones[start, pitch % 12],
        tones[start],
        (key.root + heights[roots[start]]) % 12,
        key.root,
        np.concatenate(([False], rest < _BREATH))[: len(start)],
    )


def _bar_line(song: Song) -> int:
    """Find where bars begin: where most chords change."""
    changes = np.zeros(BAR)
    beat = 0.0
    for _, beats in song.spans:
        changes[int(beat * 4) % BAR] += 1
        beat += beats
    return int(changes.argmax())


def _notes(song: Song, shift: int) -> tuple[NDArray[np.int64], ...]:
    slot, rows = (BAR - shift) % BAR, []
    for pitch, length in song.melody:
        if pitch:
            rows.append((slot, length, pitch))
        slot += length
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    return columns[0], columns[1], columns[2]


def _harmony(
    song: Song, key: Key, shift: int, slots: int
) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Lay out the degree of the root and the notes of the chord at every slot."""
    roots = np.zeros(slots, dtype=np.int64)
    tones = np.zeros((slots, 12), dtype=bool)
    slot = (BAR - shift) % BAR
    for label, beats in song.spans:
        if ":" in label:
            chord = realise(numeral_said(label, key), key)
            roots[slot:] = next(
                place for place, own in enumerate(key.scale) if (chord.root - own) % 7 == 0
            )
            tones[slot:] = np.isin(np.arange(12), [spelling.pitch_class(t) for t in chord.tones])
        slot += round(beats * 4)
    return roots, tones


def onward(line: Line) -> NDArray[np.int64]:
    """Measure from each note to the next, in slots; to its own end where a breath follows."""
    gaps = np.append(np.diff(line.start), line.length[-1:])
    last = ~np.append(line.joined[1:], [False])
    return np.where(last, line.length, gaps)


def count_turns(lines: Iterable[Line]) -> NDArray[np.float64]:
    """Count how a tune goes on: (before a note of the chord, step before, step), clipped."""
    table = np.zeros((2, TURNS, TURNS))
    for line in lines:
        moves = np.clip(np.diff(line.step), -(TURNS // 2), TURNS // 2) + TURNS // 2
        both = line.joined[1:-1] & line.joined[2:]
        np.add.at(table, (line.fits[1:-1][both].astype(int), moves[:-1][both], moves[1:][both]), 1)
    return table


def count_degrees(lines: Iterable[Line]) -> NDArray[np.float64]:
    """Count which degree follows which: (family, before, after)."""
    table = np.zeros((2, 7, 7))
    for line in lines:
        degree = line.step % 7
        on = line.joined[1:]
        np.add.at(table[int(line.minor)], (degree[:-1][on], degree[1:][on]), 1)
    return table


def count_roles(lines: Iterable[Line]) -> NDArray[np.float64]:
    """Count which notes of, and between, a chord are sounded: (kind of place, role)."""
    table = np.zeros((4, 7))
    for line in lines:
        np.add.at(table, (kind_of_place(line.start % 4 == 0, onward(line)), line.role), 1)
    return table


def count_cells(lines: Iterable[Line]) -> NDArray[np.float64]:
    """Count the rhythms of a beat: (beat of the bar, the beat before, the beat), onsets as bits."""
    table = np.zeros((4, 16, 16))
    for line in lines:
        beats = np.zeros(line.start[-1] // 4 + 2, dtype=np.int64)
        np.bitwise_or.at(beats, line.start // 4, 8 >> (line.start % 4))
        alive = np.zeros(len(beats), dtype=bool)
        for before, after in zip(
            line.start[:-1][line.joined[1:]], line.start[1:][line.joined[1:]], strict=True
        ):
            alive[before // 4 + 1 : after // 4 + 1] = True
        for beat in np.flatnonzero(alive):
            table[beat % 4, beats[beat - 1], beats[beat]] += 1
    return table


def usual(lines: Iterable[Line]) -> NDArray[np.float32]:
    """Measure mean and standard deviation of the figures of tunes over eight bars."""
    rows: list[NDArray[np.float32]] = []
    for line, here in windows(lines):
        there = np.ones((1, int(here.sum())), dtype=bool)
        pitch, start, length = (_row(side[here]) for side in (line.pitch, line.start, line.length))
        start = start - start[:, :1]
        rows.append(figures(pitch, start, length, line.fits[here][None], there))
    table = np.concatenate(rows)
    return np.stack([table.mean(axis=0), table.std(axis=0)]).astype(np.float32)


def windows(lines: Iterable[Line]) -> Iterator[tuple[Line, NDArray[np.bool_]]]:
    """Walk through stretches of eight bars that hold a tune."""
    for line in lines:
        for begin in range(0, int(line.start[-1]), _WINDOW):
            here = (line.start >= begin) & (line.start < begin + _WINDOW)
            if int(here.sum()) >= _FEWEST:
                yield line, here


def _row(values: NDArray[np.int64]) -> NDArray[np.int16]:
    return values.astype(np.int16)[None]


def heard_by(net: MelodyNet, lines: Iterable[Line]) -> NDArray[np.float32]:
    """Measure mean and standard deviation of the bits a note that a network hears in eight bars."""
    bits = [
        float(net.bits(Melodies(
            line.pitch[here][None],
            line.length[here][None],
            line.start[here][None] % _WINDOW,
            line.tonic,
            "min" if line.minor else "maj",
            line.root[here][None],
            line.tones[here][None].astype(np.float32),
        ))[0])
        for line, here in windows(lines)
    ]  # fmt: skip
    return np.array([np.mean(bits), np.std(bits)], dtype=np.float32)


def bits(lines: Sequence[Line], proposals: Proposals) -> float:
    """Measure how well the tables foresee the next step of a tune, bits a note."""
    cost, notes = 0.0, 0
    for line in lines:
        both = np.flatnonzero(line.joined[1:-1] & line.joined[2:]) + 2
        moves = np.diff(line.step)
        kinds = kind_of_place(line.start % 4 == 0, onward(line))
        logs = proposals.log_steps(
            line.minor,
            line.fits[both - 1],
            moves[both - 2],
            line.step[both - 1] % 7,
            kinds[both],
            (line.step[both - 1] % 7 - line.role[both] + line.step[both]
             - line.step[both - 1]) % 7,
        )  # fmt: skip
        taken = np.clip(moves[both - 1], -(TURNS // 2), TURNS // 2) + TURNS // 2
        cost -= float(logs[np.arange(len(both)), taken].sum()) / np.log(2.0)
        notes += len(both)
    return cost / max(1, notes)


def make(
    train: Sequence[Line], valid: Sequence[Line]
) -> tuple[dict[str, NDArray[np.float32]], float]:
    """Count the tables and choose their mix.

    Returns
    -------
    dict of str to ndarray
        What ships.
    float
        Bits a note on `valid`.
    """
    tables = {
        "turn": log_odds(count_turns(train)),
        "degree": log_odds(count_degrees(train), against=True),
        "role": log_odds(count_roles(train), against=True),
        "cell": count_cells(train).astype(np.float32),
        "usual": usual(train),
    }
    mixes = [np.array(mix, dtype=np.float32) for mix in product(_MIXES, repeat=2)]
    costs = [bits(valid, Proposals.read({**tables, "mix": mix})) for mix in mixes]
    best = int(np.argmin(costs))
    tables["mix"] = mixes[best]
    tables["spread"] = spread(train, Proposals.read(tables))
    return tables, costs[best]


def spread(lines: Sequence[Line], proposals: Proposals) -> NDArray[np.float32]:
    """Measure mean and standard deviation of bits a note over the songs."""
    each = [bits([line], proposals) for line in lines]
    return np.array([np.mean(each), np.std(each)], dtype=np.float32)


def train(data: Path, models: Path) -> None:
    """Write the tables and their card; the network of melodies is there already.

    Parameters
    ----------
    data : Path
        Folder of corpora.
    models : Path
        Where weights and cards lie.
    """
    corpus = load(data / "pop909-train-valid.json.gz")
    learned, chosen_on = (
        [read_line(song) for song in corpus.part(part) if len(song.melody) > _FEWEST]
        for part in ("train", "valid")
    )
    tables, cost = make(learned, chosen_on)
    net = MelodyNet(load_file(models / "melody-pop.safetensors"))
    tables["heard"] = heard_by(net, chosen_on)
    path = models / "proposals-pop.safetensors"
    save_file(tables, path)
    path.chmod(0o644)
    told = card(len(learned), len(chosen_on), cost, tables["usual"])
    path.with_suffix(".toml").write_text(told)
    print(f"{cost:.3f} bits a note on valid, mix {tables['mix'].tolist()}")


def card(train: int, valid: int, cost: float, told: NDArray[np.float32]) -> str:
    """Write the card of the tables."""
    shown = ", ".join(
        f"{name} {mean:.2f}" for name, mean in zip(FIGURES, told[0].tolist(), strict=True)
    )
    today = datetime.now(UTC).date().isoformat()
    about = (
        "Counts by which melodies are proposed: how a line goes on after a step, which degree"
        " follows which,\nwhich notes of a chord are sounded where, and the rhythm of a beat after"
        " the beat before. At most two notes\nin a row are counted. What people sing over eight"
        f" bars:\n{shown}."
    )
    return f'''title = "Proposals, pop"
about = """
{about}
"""
source = "POP909 (Wang et al., 2020), melodies and chords; MIT"
licence = "MIT"
checked = {today}
split = "{train} songs to learn from, {valid} to choose the mix on"
made_by = "python -m training --task proposals"

[metrics]
valid_bits_a_note = {cost:.3f}
least_count = {LEAST}
'''
