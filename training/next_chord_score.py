"""How well the next chord is told.

A chord is scored where something stood before it: the first of each song is not. A context is new
when the last two chords have not stood together earlier in the song; the second chord of a song,
which has only one before it, counts as new.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.next_chord import NextChord
from bridge import presets
from training.corpora import Song

__all__ = ["changes", "evaluate", "measure", "new_contexts"]


def evaluate(songs: Sequence[Song], style: str = "") -> dict[str, Any]:
    """Measure the model on the shelf.

    Parameters
    ----------
    songs : sequence of Song
        Not learned from, if the figures are to mean anything.
    style : str
        ``"pop"`` or ``"rock"``; where left out, songs that tell lengths are pop.

    Returns
    -------
    dict
        ``style``, and by kind (``memory``, ``style_alone``) and context (``all``, ``new``,
        ``known``): ``scored`` chords and, where there are any, ``top1``, ``top3``, ``top5``
        (shares) and ``perplexity``.
    """
    asked = style or ("pop" if any(song.spans for song in songs) else "rock")
    name = f"chords-{asked}"
    model = NextChord(presets.weights(name), presets.data(f"models/{name}"))
    return {"style": asked, **measure(model, songs)}


def measure(model: NextChord, songs: Iterable[Song]) -> dict[str, dict[str, dict[str, float]]]:
    """Measure a model on songs, as `evaluate` does."""
    told = np.array([row for song in songs for row in _scored(model, song)])
    new = told[:, 0] > 0
    contexts = {"all": np.ones_like(new), "new": new, "known": ~new}
    return {
        kind: {name: _figures(told[which, at : at + 2]) for name, which in contexts.items()}
        for kind, at in (("memory", 1), ("style_alone", 3))
    }


def changes(song: Song) -> list[float]:
    """Tell how long each chord of a song lasts, in beats.

    Parameters
    ----------
    song : Song
        With or without spans. A rest lengthens the chord before it; before the first, it is left.

    Returns
    -------
    list of float
        One for each of ``song.chords``; empty where the song does not say.
    """
    merged: list[tuple[str, float]] = []
    for label, beats in song.spans:
        if merged and label in {"N", merged[-1][0]}:
            merged[-1] = (merged[-1][0], merged[-1][1] + beats)
        elif label != "N":
            merged.append((label, beats))
    return [beats for _, beats in merged]


def new_contexts(labels: Sequence[str]) -> Iterator[bool]:
    """Tell for each chord but the first whether the two before it stand together first here."""
    seen = set()
    for at in range(1, len(labels)):
        context = labels[max(at - 2, 0) : at]
        yield context not in seen
        seen.add(context)


def _scored(model: NextChord, song: Song) -> Iterator[tuple[float, ...]]:
    """Give (new context, rank, bits with memory, rank, bits without) for each chord scored."""
    told = changes(song)
    beats: list[float | None] = [*told] if told else [None] * len(song.chords)
    known = set(model.vocabulary)
    new = [False, *new_contexts(song.chords)]
    hearing = model.listen(beats=() if told else None)
    for at, label in enumerate(song.chords):
        if at:
            yield (new[at], *_score(model, hearing.odds(), label),
                   *_score(model, hearing.odds(memory=False), label))  # fmt: skip
        heard = label if label in known else f"{label.split(':')[0]}:maj"
        hearing.push(heard, beats[at])


def _score(model: NextChord, odds: NDArray[np.float32], label: str) -> tuple[int, float]:
    """Tell how many chords were likelier, and the bits; one that has no name is the last of all."""
    if label not in model.vocabulary:
        return len(odds), float(-np.log2(odds.min()))
    right = odds[model.vocabulary.index(label)]
    return int((odds > right).sum()), float(-np.log2(right))


def _figures(scored: NDArray[np.float64]) -> dict[str, float]:
    if not len(scored):
        return {"scored": 0}
    ranks, bits = scored.T
    top = {f"top{best}": round(float((ranks < best).mean()), 4) for best in (1, 3, 5)}
    return {"scored": len(ranks), **top, "perplexity": round(float(2 ** bits.mean()), 3)}
