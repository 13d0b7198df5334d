"""Next chord with song memory: learned from POP909 (pop) and McGill Billboard (rock)."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from assistant.models.next_chord import NextChord
from assistant.models.vocabulary import Vocabulary
from training.corpora import Corpus, Song, load
from training.next_chord_score import changes, evaluate, measure
from training.salami import with_spans

__all__ = ["STYLES", "Style", "evaluate", "recount", "train"]

SEED = 20261122
QUALITIES = (
    "maj", "min", "7", "maj7", "min7", "maj6", "min6", "sus2", "sus4", "5",
    "dim", "dim7", "hdim7", "aug", "minmaj7",
)  # fmt: skip


@dataclass(frozen=True)
class Style:
    """Where a style is learned from.

    Parameters
    ----------
    title : str
        What the model is.
    corpus : str
        File in the folder of corpora.
    source, licence : str
        Whose songs, and on what terms.
    spans : str
        File with the lengths of the chords, where the corpus has none.
    untimed : float
        How often lengths are hidden while learning, 0..1: more where songs mostly lack them.
    dropout : float
        How much the network hides from itself while learning, 0..1.
    """

    title: str
    corpus: str
    source: str
    licence: str
    spans: str = ""
    untimed: float = 0.25
    dropout: float = 0.4


STYLES = {
    "pop": Style(
        "Next chord in pop",
        "pop909-train-valid.json.gz",
        "POP909 (Wang et al., 2020): chords, lengths in beats and keys of Chinese pop songs",
        "MIT",
    ),
    "rock": Style(
        "Next chord in rock, soul and pop",
        "billboard-train-valid.json.gz",
        "McGill Billboard (Burgoyne, Wild and Fujinaga, 2011): chords of the US charts, 1958-1991",
        "CC0",
        "billboard-salami-train-valid.tar.gz",
        untimed=0.75,
        dropout=0.5,
    ),
}


def train(data: Path, models: Path) -> None:
    """Learn every style.

    Parameters
    ----------
    data : Path
        Folder of corpora.
    models : Path
        Where weights and cards are written.
    """
    for name, style in STYLES.items():
        corpus = load(data / style.corpus)
        if style.spans:
            corpus = with_spans(corpus, data / style.spans)
        _train(style, corpus, models / f"chords-{name}")


def _train(style: Style, corpus: Corpus, place: Path) -> None:
    from training import next_chord_net

    begun = time.monotonic()
    songs, chosen_on = list(corpus.part("train")), list(corpus.part("valid"))
    vocabulary = Vocabulary(QUALITIES)
    lessons = [
        next_chord_net.lesson(vocabulary, song.chords, changes(song), _mode(song)) for song in songs
    ]
    epochs = next_chord_net.EPOCHS
    net = next_chord_net.fit(vocabulary, lessons, style.untimed, SEED, epochs, style.dropout)
    weights = {**_written(net), **_counts(vocabulary, songs)}
    save_file(weights, place.with_suffix(".safetensors"))
    seconds = round(time.monotonic() - begun)
    card: dict[str, Any] = {"qualities": list(vocabulary.qualities)}
    model = NextChord(_read(load_file(place.with_suffix(".safetensors"))), card)
    if style.spans:  # which files of this corpus do not tell
        chosen_on = [replace(song, spans=()) for song in chosen_on]
    measured = measure(model, chosen_on)
    place.with_suffix(".toml").write_text(_card(style, corpus, vocabulary, seconds, measured))
    print(f"{place.name}: {seconds} s, {measured['memory']}", flush=True)


def _mode(song: Song) -> int:
    """Tell 1 for major, 2 for minor: as the corpus says, else by the chords on the tonic."""
    if song.mode in {"maj", "min"}:
        return 1 + (song.mode == "min")
    minor = sum(label.startswith("I:min") for label in song.chords)
    return 1 + (2 * minor > sum(label.startswith("I:") for label in song.chords))


def _written(net: Any) -> dict[str, NDArray[Any]]:
    """Give the weights of a network as `assistant.models.next_chord` reads them."""
    told = {name: value.detach().numpy() for name, value in net.state_dict().items()}
    written = {
        "label": net.labels().detach().numpy(),
        "out.weight": net.outputs().detach().numpy(),
        **{f"unit.{name.removesuffix('_l0')}": net.unit.get_parameter(name).detach().numpy()
           for name, _ in net.unit.named_parameters()},
    }  # fmt: skip
    tables = ("length", "place", "bar", "gate_longest", "beats_label")
    written |= {name: told[f"{name}.weight"] for name in tables}
    layers = ("gate_in", "gate_out", "beats_state", "beats_out")
    plain = [f"{layer}.{kind}" for layer in layers for kind in ("weight", "bias")]
    written |= {name: told[name] for name in ("likeness", "beats_memory", "out.bias", *plain)}
    return {name: np.ascontiguousarray(value.astype(np.float16)) for name, value in written.items()}


def _counts(vocabulary: Vocabulary, songs: Iterable[Song]) -> dict[str, NDArray[Any]]:
    """Count the changes from chord to chord, and the songs that have them.

    ``steps`` counts them in major songs and in minor ones, by root and third alone.
    """
    size = len(vocabulary.labels)
    times, songs_with = (np.zeros((size, size), dtype=np.uint16) for _ in range(2))
    within = np.zeros(size, dtype=np.uint16)
    kinds = int(vocabulary.thirds.max()) + 1
    steps = np.zeros((2, kinds, kinds), dtype=np.uint16)
    for song in songs:
        numbers = vocabulary.numbers(song.chords)
        np.add.at(times, (numbers[:-1], numbers[1:]), 1)
        pairs = np.unique(np.stack([numbers[:-1], numbers[1:]]), axis=1)
        songs_with[pairs[0], pairs[1]] += 1
        within[np.unique(numbers[:-1])] += 1
        plain = vocabulary.thirds[numbers]
        moves = plain[:-1] != plain[1:]
        np.add.at(steps[_mode(song) - 1], (plain[:-1][moves], plain[1:][moves]), 1)
    return {
        "counts.times": times, "counts.songs": songs_with, "counts.within": within,
        "counts.steps": steps,
    }  # fmt: skip


def recount(data: Path, models: Path) -> None:
    """Count anew what follows what, and leave the networks as they are.

    Parameters
    ----------
    data : Path
        Folder of corpora; the ``train`` parts are counted.
    models : Path
        Where the weights lie.
    """
    for name, style in STYLES.items():
        place = (models / f"chords-{name}").with_suffix(".safetensors")
        songs = list(load(data / style.corpus).part("train"))
        save_file({**load_file(place), **_counts(Vocabulary(QUALITIES), songs)}, place)


def _read(told: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """Take weights as stages are given them: halves as singles."""
    return {
        name: value.astype(np.float32) if value.dtype == np.float16 else value
        for name, value in told.items()
    }


def _card(
    style: Style,
    corpus: Corpus,
    vocabulary: Vocabulary,
    seconds: int,
    measured: Mapping[str, Mapping[str, Mapping[str, float]]],
) -> str:
    qualities = ", ".join(f'"{quality}"' for quality in vocabulary.qualities)
    parts = {name: len(songs) for name, songs in corpus.split.items()}
    lines = [
        f'title = "{style.title}"',
        f'data = "{style.source}"',
        f'licence = "{style.licence}"',
        f'split = "learned from {parts["train"]} songs, chosen on {parts["valid"]} others"',
        f"songs = {parts['train']}",
        'takes = "chords relative to the tonic; where known, their lengths in beats and the mode"',
        'gives = "how likely each chord comes next and how long it lasts"',
        'counts = "changes in the songs learned from; in major and in minor by root and third"',
        f"qualities = [{qualities}]",
        f"seed = {SEED}",
        f"training_seconds = {seconds}",
        "date = 2026-11-22",
    ]
    for kind, contexts in measured.items():
        for context, figures in contexts.items():
            lines += ["", f"[valid.{kind}.{context}]"]
            lines += [f"{name} = {value}" for name, value in figures.items()]
    return "\n".join(lines) + "\n"
