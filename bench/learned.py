"""Learned models beside n-grams: next chord, melody, and chords for a melody.

``python -m bench.learned [--write]``. The models are those on the shelf, run as a request runs
them. The peers are counted here on the ``train`` part of the same corpora: the naive Markov chain
that tutorials build with music21, and Kneser-Ney smoothed n-grams. All are measured on ``valid``,
from which nothing was learned but on which sizes and decode settings were chosen; the corpora lie
in the folder named by BANDMATE_TEST_DATA.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bench.ngram import KneserNey, Markov
from bench.report import publish, table
from training import harmonise, melody, next_chord
from training.corpora import Corpus, Song, load
from training.next_chord_score import new_contexts

CORPORA = {
    "POP909": "pop909-train-valid.json.gz",
    "Billboard": "billboard-train-valid.json.gz",
}


class Teller(Protocol):
    """What tells how likely each chord comes next."""

    def odds(self, history: Sequence[str], /) -> NDArray[np.float64]:
        """Return a share for each chord of the vocabulary."""


def folder() -> Path:
    """Return the folder of the corpora."""
    return Path(os.environ["BANDMATE_TEST_DATA"]) / "corpora"


def tell(teller: Teller, vocabulary: Sequence[str], songs: Sequence[Song]) -> list[list[float]]:
    """Measure a peer: top-1, top-3, top-5 (%) and perplexity, over all contexts, then new ones."""
    place = {label: at for at, label in enumerate(vocabulary)}
    rows: list[tuple[bool, int, float]] = []
    for song in songs:
        new = [False, *new_contexts(song.chords)]
        for at in range(1, len(song.chords)):
            odds = teller.odds(song.chords[:at])
            own = place.get(song.chords[at])
            mine = odds[own] if own is not None else odds.min()
            rank = int((odds > mine).sum()) if own is not None else len(odds)
            rows.append((new[at], rank, float(-np.log(max(mine, 1e-9)))))
    told = np.array(rows)
    return [figures(told), figures(told[told[:, 0] > 0])]


def figures(told: NDArray[np.float64]) -> list[float]:
    """Sum up ranks and nats."""
    shares = [100.0 * float((told[:, 1] < most).mean()) for most in (1, 3, 5)]
    return [*shares, float(np.exp(told[:, 2].mean()))]


def ours(told: dict[str, dict[str, float]]) -> list[list[float]]:
    """Put the figures of a model in the same order."""
    return [
        [100.0 * told[part][name] for name in ("top1", "top3", "top5")] + [told[part]["perplexity"]]
        for part in ("all", "new")
    ]


def next_chord_rows(name: str, corpus: Corpus) -> list[list[object]]:
    """Measure the next chord of one corpus."""
    train, valid = list(corpus.part("train")), list(corpus.part("valid"))
    vocabulary = sorted({label for song in train for label in song.chords})
    learned = [song.chords for song in train]
    told: dict[str, Any] = next_chord.evaluate(valid)
    ways = {
        "naive Markov chain": tell(Markov(learned, vocabulary), vocabulary, valid),
        "Kneser-Ney, three chords": tell(KneserNey(learned, vocabulary), vocabulary, valid),
        "bandmate, the style alone": ours(told["style_alone"]),
        "bandmate, with the song's memory": ours(told["memory"]),
    }
    return [[name, by, *everywhere, new[0]] for by, (everywhere, new) in ways.items()]


def main() -> None:
    """Measure and publish."""
    corpora = {name: load(folder() / file) for name, file in CORPORA.items()}
    rows = [row for name, corpus in corpora.items() for row in next_chord_rows(name, corpus)]
    chords = table(
        ["songs", "by", "top-1 (%)", "top-3", "top-5", "perplexity", "top-1, new contexts"], rows
    )
    pop = list(corpora["POP909"].part("valid"))
    sung: dict[str, Any] = melody.evaluate(pop)
    carried: dict[str, Any] = harmonise.evaluate(pop)
    meaning = "a context is new where the last two chords have not stood together in this song"
    parts = (
        f"Next chord; {meaning} before:\n\n{chords}",
        melody_table(sung, corpora["POP909"]),
        harmony_table(carried),
    )
    publish("Learned models", "\n\n".join(parts))


def melody_table(told: dict[str, Any], corpus: Corpus) -> str:
    """Say how well the next pitch of a melody is told."""
    sung = {part: [steps(song) for song in corpus.part(part)] for part in ("train", "valid")}
    vocabulary = sorted({step for song in sung["train"] for step in song})
    rows: list[list[object]] = [
        [name, bits_of(peer(sung["train"], vocabulary), vocabulary, sung["valid"]), "-", "-"]
        for name, peer in (("naive Markov chain", Markov), ("Kneser-Ney, three notes", KneserNey))
    ]
    ways = {
        "bandmate, the style alone": told["without_memory"],
        "bandmate, with the song's memory": told,
        "bandmate, with memory and the chords": told["with_chords"],
    }
    rows += [
        [by, each["bits"], 100.0 * each["top1"], 100.0 * each["top3"]] for by, each in ways.items()
    ]
    return "Next pitch of a melody:\n\n" + table(["by", "bits a note", "top-1 (%)", "top-3"], rows)


def steps(song: Song) -> list[str]:
    """List the notes of a melody, from the tonic."""
    return [str(pitch - song.tonic) for pitch, _ in song.melody if pitch]


def bits_of(teller: Teller, vocabulary: Sequence[str], songs: Sequence[Sequence[str]]) -> float:
    """Measure bits a note; one that was never heard costs as much as the least likely."""
    place = {step: at for at, step in enumerate(vocabulary)}
    bits: list[float] = []
    for song in songs:
        for at, step in enumerate(song):
            odds = teller.odds(song[:at])
            own = place.get(step)
            bits.append(-float(np.log2(max(1e-9, odds.min() if own is None else odds[own]))))
    return float(np.mean(bits))


def harmony_table(told: dict[str, Any]) -> str:
    """Say how well chords are found for a melody."""
    rows = [
        ["full chord (%)", 100.0 * told["full"], "-"],
        ["root and triad (%)", 100.0 * told["root_triad"], "-"],
        ["root (%)", 100.0 * told["root"], "-"],
        *([name.replace("_", " "), told["ours"][name], told["human"][name]]
          for name in ("chord_tone_ratio", "distinct_chords", "chord_entropy", "changes")),
    ]  # fmt: skip
    return "Chords for the half-bars of a melody:\n\n" + table(["", "bandmate", "people"], rows)


if __name__ == "__main__":
    main()
