"""The harmoniser: chords for the half-bars of a melody. Made by `train`, measured by `evaluate`."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import pairwise
from multiprocessing import get_context
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.frames import Frames, alike, hear
from assistant.models.harmonise import Harmoniser
from assistant.models.labels import NO_CHORD, Labels, moved
from assistant.models.layers import Floats
from training.corpora import Song, load
from training.harmonise_measures import chords_in, line, measure, slots

__all__ = ["evaluate", "train", "vocabulary"]

NAME = "harmonise-pop"
_SEED = 20261122
_MEMBERS = 4
_EPOCHS = 16
_SONGS = 16  # stretches a batch
_STRETCH = 96  # half-bars
_RATE = 2e-3
_DECAY = 1e-2
_RARE = 6  # half-bars of training below which a chord is not learned
_PRIOR = 20.0  # half-bars of "any chord" added to what was seen after each chord
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_DECODE = {
    "follow": 0.1, "variety": 0.67, "draws": 32, "sharpness": 2.5, "flat": 0.3, "rare": 0.1
}  # fmt: skip
_MEANING = (
    "Half-bars of two beats from beat 0 to the end, with melody or without; the chord is the one "
    "that sounds longest; N is not graded. full, root_triad, root: share of half-bars right, of "
    "the first path with its variety, and (likeliest) of the most probable chord. "
    "chord_tone_ratio: CTnCTR (Yeh et al., 2021), notes on chord tones or resolving by two "
    "semitones or less. chord_tone_time: share of sung time on chord tones. distinct_chords: "
    "chord coverage (CC). chord_entropy: CHE in nats. changes: share of half-bars with a new "
    "chord. The last five are averages over songs."
)
_RELATIVE = {"maj": ("min", 9), "min": ("maj", 3)}  # of a mode: the other, and where its tonic lies


@dataclass(frozen=True)
class _Reading:
    """A way to read a song for training, so that more is learned from each."""

    skipped: float = 0.0  # beats
    late: float = 0.0  # beats by which the melody is moved
    relative: bool = False  # in the relative key


_AS_IT_IS = _Reading()
_READINGS = (
    _AS_IT_IS, _AS_IT_IS, _Reading(skipped=1.0), _Reading(late=0.25), _Reading(late=-0.25),
    _Reading(relative=True),
)  # fmt: skip


@dataclass(frozen=True)
class _Lesson:
    frames: Frames
    chords: NDArray[np.int64]  # (2, slots); -1 where the chord is none that is learned


def vocabulary(songs: Sequence[Song]) -> tuple[str, ...]:
    """List the chords that are learned: those which stand often enough."""
    seen = Counter(first for song in songs for first, _ in chords_in(song, slots(song)))
    return tuple(sorted(name for name, n in seen.items() if n >= _RARE and name != NO_CHORD))


def train(data: Path, models: Path) -> None:
    """Learn from the ``train`` part of POP909 and write weights and card.

    Parameters
    ----------
    data : Path
        Folder of the corpora.
    models : Path
        Folder for ``harmonise-pop.safetensors`` and ``.toml``.
    """
    from safetensors.numpy import load_file, save_file

    began = perf_counter()
    os.environ |= _ONE_THREAD  # for the processes that learn: as many as there are cores
    source = data / "pop909-train-valid.json.gz"
    corpus = load(source)
    labels = Labels(vocabulary(list(corpus.part("train"))))
    weights = _grammar(list(corpus.part("train")), labels)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        members = pool.map(_learn, [source] * _MEMBERS, range(_MEMBERS))
        for number, member in enumerate(members):
            weights |= {f"{number}.{name}": value for name, value in member.items()}
    save_file(weights, models / f"{NAME}.safetensors")
    seconds = perf_counter() - began
    card: dict[str, Any] = {
        "members": _MEMBERS, "vocabulary": list(labels.names), "decode": _DECODE
    }  # fmt: skip
    kept = load_file(models / f"{NAME}.safetensors")
    shipped = {name: value.astype(np.float32) for name, value in kept.items()}
    told = measure(Harmoniser(shipped, card), list(corpus.part("valid")))
    parts = {part: len(names) for part, names in corpus.split.items()}
    (models / f"{NAME}.toml").write_text(_card(card, parts, told, seconds), encoding="utf-8")


def _grammar(songs: Sequence[Song], labels: Labels) -> dict[str, NDArray[np.float16]]:
    """Tell how likely chords are, and how much likelier than that after others, as logarithms."""
    size = len(labels.names)
    after = np.zeros((size, size))
    for song in songs:
        chords = [labels.number.get(first) for first, _ in chords_in(song, slots(song))]
        for one, other in pairwise(chords):
            if one is not None and other is not None:
                after[one, other] += 1.0
    overall = (after.sum(axis=0) + 1.0) / (after.sum() + size)
    odds = (after + _PRIOR * overall) / (after.sum(axis=1, keepdims=True) + _PRIOR)
    told = {"prior": np.log(overall), "moves": np.log(odds / overall)}
    return {name: value.astype(np.float16) for name, value in told.items()}


def _lesson(song: Song, reading: _Reading, labels: Labels) -> _Lesson:
    places = slots(song, reading.skipped)
    mode, up = _RELATIVE[song.mode] if reading.relative else (song.mode, 0)
    frames = hear(line(song, reading.late), (song.tonic + up) % 12, mode, places)
    pairs = chords_in(song, places)
    chords = [[labels.number.get(moved(label, up), -1) for label in pair] for pair in pairs]
    return _Lesson(frames, np.array(chords, np.int64).T)


def _learn(source: Path, member: int) -> Mapping[str, NDArray[np.float16]]:
    """Train one network of the ensemble."""
    import torch

    from training.harmonise_net import Network, loss, shipped

    torch.set_num_threads(1)
    torch.manual_seed(_SEED + member)
    rng = np.random.default_rng(_SEED + member)
    songs = list(load(source).part("train"))
    labels = Labels(vocabulary(songs))
    read = {
        reading: [_lesson(song, reading, labels) for song in songs]
        for reading in dict.fromkeys(_READINGS)
    }
    lessons = [read[reading] for reading in _READINGS]
    network = Network(labels)
    optimiser = torch.optim.AdamW(network.parameters(), _RATE, weight_decay=_DECAY)
    told = sum(lesson.chords.shape[1] for lesson in lessons[0])
    rounds = max(1, told // (_SONGS * _STRETCH))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, _RATE, total_steps=_EPOCHS * rounds, pct_start=0.15
    )
    for step in range(_EPOCHS * rounds):
        wrong = loss(network, _batch(lessons, rng))
        optimiser.zero_grad()
        wrong.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        if (step + 1) % rounds == 0:
            print(f"member {member}, epoch {(step + 1) // rounds}: {wrong.item():.3f}", flush=True)
    return shipped(network)


def _batch(lessons: Sequence[Sequence[_Lesson]], rng: np.random.Generator) -> Any:
    """Draw stretches of songs, longer songs more often, each read in some way."""
    import torch

    from training.harmonise_net import Batch

    lengths = np.array([lesson.chords.shape[1] for lesson in lessons[0]], np.float64)
    stretches = []
    for song in rng.choice(len(lengths), _SONGS, p=lengths / lengths.sum()):
        lesson = lessons[int(rng.integers(len(lessons)))][song]
        spare = max(0, lesson.chords.shape[1] - _STRETCH)
        begin = int(np.clip(rng.integers(-_STRETCH // 2, spare + _STRETCH // 2 + 1), 0, spare))
        stretches.append(_stretch(lesson, begin))
    features, near, outside, chords = map(np.stack, zip(*stretches, strict=True))
    parts = (features, near, outside, np.swapaxes(chords, 0, 1).copy())
    return Batch(*(torch.from_numpy(part) for part in parts))


def _stretch(lesson: _Lesson, begin: int) -> tuple[Floats, Floats, NDArray[Any], NDArray[Any]]:
    heard = lesson.frames.features[begin : begin + _STRETCH]
    count = len(heard)
    features = np.zeros((_STRETCH, heard.shape[1]), np.float32)
    features[:count] = heard
    near = np.zeros((3, _STRETCH, _STRETCH), np.float32)
    near[:, :count, :count] = alike(lesson.frames.steps[begin : begin + _STRETCH])
    chords = np.full((2, _STRETCH), -1, np.int64)
    chords[:, :count] = lesson.chords[:, begin : begin + _STRETCH]
    return features, near, np.arange(_STRETCH) >= count, chords


def evaluate(songs: Sequence[Song], style: str = "") -> dict[str, Any]:  # noqa: ARG001
    """Measure the harmoniser that ships.

    Parameters
    ----------
    songs : sequence of Song
        With spans and melody; others are left out.
    style : str
        Not used: there is one model.

    Returns
    -------
    dict
        As from `training.harmonise_measures.measure`.
    """
    from bridge.presets import data, weights

    return measure(Harmoniser(weights(NAME), data(f"models/{NAME}")), songs)


def _card(
    card: Mapping[str, Any], parts: Mapping[str, int], told: Mapping[str, Any], seconds: float
) -> str:
    """Write the card of the model as TOML."""
    page: dict[str, Any] = {
        "title": "Chords for the half-bars of a melody, pop",
        "data": "POP909 (Wang et al., 2020), melody and chords relative to the annotated tonic",
        "licence": "MIT",
        "split": ", ".join(f"{part} {count} songs" for part, count in parts.items()),
        "seed": _SEED,
        "date": "2026-11-22",
        "training_seconds": round(seconds),
        "epochs": _EPOCHS,
        "metrics_mean": _MEANING,
        **card,
        "valid": told,
    }
    return _toml(page)


def _toml(table: Mapping[str, Any], above: str = "") -> str:
    """Write a table of texts, numbers, lists of them and tables."""
    lines = [
        f"{key} = {json.dumps(value)}"
        for key, value in table.items()
        if not isinstance(value, Mapping)
    ]
    for key, value in table.items():
        if isinstance(value, Mapping):
            lines += ["", f"[{above}{key}]", _toml(value, f"{above}{key}.").rstrip()]
    return "\n".join(lines) + "\n"
