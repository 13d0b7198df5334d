"""The table of melodic steps by which pitch correction guesses what was meant.

Which interval follows which degree, counted in ``train``: two notes in a row and no more, so no
tune can be read back. The card says what a step costs in bits on ``valid``, beside the plain
closeness that is used without the table.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file

from assistant.theory.harmony.key import spelled_key
from assistant.theory.intonation.scales import scale_of_key
from assistant.theory.intonation.steps import habit_in
from training.corpora import Song, load

__all__ = ["bits_a_step", "count_steps", "train"]

NAME = "melody-steps-pop"
_OCTAVE = 12
_UNSEEN = 0.02  # counts of a step that was never seen
_MODES = ("maj", "min")
_LOW, _HIGH = 24.0, 108.0  # MIDI numbers


def count_steps(songs: Iterable[Song]) -> NDArray[np.float32]:
    """Count what follows what.

    Parameters
    ----------
    songs : iterable of Song
        With melodies, in major and minor.

    Returns
    -------
    ndarray of float32, shape (2, 12, 25)
        Major and minor; semitones above the tonic; intervals from an octave down to an octave up.
        Shares of the steps from each degree.
    """
    counts = np.full((2, _OCTAVE, 2 * _OCTAVE + 1), _UNSEEN)
    for song in songs:
        pitches = _pitches(song)
        leaps = np.diff(pitches)
        near = np.abs(leaps) <= _OCTAVE
        degrees = (pitches[:-1] - song.tonic) % _OCTAVE
        place = _MODES.index(song.mode)
        np.add.at(counts[place], (degrees[near], leaps[near] + _OCTAVE), 1.0)
    return np.asarray(counts / counts.sum(axis=2, keepdims=True), dtype=np.float32)


def bits_a_step(songs: Iterable[Song], learned: NDArray[np.float32] | None) -> float:
    """Tell how unexpected the steps of some melodies are, in bits a step."""
    bits: list[float] = []
    for song in songs:
        key = spelled_key(song.tonic, "major" if song.mode == "maj" else "minor")
        habit = habit_in(scale_of_key(key), _LOW, _HIGH, learned)
        rungs = np.searchsorted(habit.pitches, _pitches(song))
        bits += (-np.log2(habit.tables[0, rungs[:-1], rungs[1:]])).tolist()
    return float(np.mean(bits))


def train(data: Path, models: Path) -> None:
    """Count the ``train`` part of POP909 and write the table and its card.

    Parameters
    ----------
    data : Path
        Folder of the corpora.
    models : Path
        Where they are written.
    """
    corpus = load(data / "pop909-train-valid.json.gz")
    parts = {name: [song for song in corpus.part(name) if song.melody and song.mode in _MODES]
             for name in ("train", "valid")}  # fmt: skip
    steps = count_steps(parts["train"])
    save_file({"steps": steps}, models / f"{NAME}.safetensors")
    learned, plain = (bits_a_step(parts["valid"], each) for each in (steps, None))
    card = (
        'title = "Which interval follows which degree, in pop melodies"\n'
        'data = "POP909 (Wang et al., 2020), melodies relative to the annotated tonic"\n'
        'licence = "MIT"\n'
        f'split = "train {len(parts["train"])} songs, valid {len(parts["valid"])} songs"\n'
        f'date = "{datetime.now(UTC).date()}"\n'
        'definition = "shares of the intervals from -12 to 12 semitones after each degree, '
        'in major and in minor"\n\n'
        f"[valid]\nbits_a_step = {learned:.4f}\nbits_a_step_without = {plain:.4f}\n"
    )
    (models / f"{NAME}.toml").write_text(card, encoding="utf-8")


def _pitches(song: Song) -> NDArray[np.int64]:
    return np.array([pitch for pitch, _ in song.melody if pitch], dtype=np.int64)
