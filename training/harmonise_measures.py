"""How well chords fit a melody, and how much they are like those of people.

Every half-bar of two beats counts, from beat 0 to the last one begun, with or without melody; its
chord is the one that sounds longest in it (the first of two as long). Those without a chord are
not graded.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.frames import Line, Slots, half_bars
from assistant.models.harmonise import Harmoniser
from assistant.models.labels import NO_CHORD, QUALITIES, Labels, tones
from assistant.models.layers import Floats
from training.corpora import Song

__all__ = ["agreement", "chords_in", "fit", "line", "measure", "slots", "taste"]

_SEED = 20261122  # of the draws that tell how many chords a song has

_NEXT = 2  # semitones to the following note by which a tone outside the chord resolves


def line(song: Song, late: float = 0.0) -> Line:
    """Take the melody of a song as notes, later by some beats."""
    notes = np.array(song.melody, np.int64).reshape(-1, 2)
    starts = (np.cumsum(notes[:, 1]) - notes[:, 1]) / 4.0
    sung = notes[:, 0] > 0
    return Line(notes[sung, 0], starts[sung] + late, notes[sung, 1] / 4.0)


def slots(song: Song, skipped: float = 0.0) -> Slots:
    """Lay half-bars of two beats over a song, from some beat on."""
    beats = sum(length for _, length in song.spans) - skipped
    laid = half_bars(beats)
    return Slots(laid.starts + skipped, laid.lengths)


def chords_in(song: Song, places: Slots) -> list[tuple[str, str]]:
    """Tell the chord that sounds longest in each slot, and the next longest (the same if none)."""
    ends = np.cumsum([length for _, length in song.spans])
    found = []
    for start, length in zip(places.starts, places.lengths, strict=True):
        sounds: Counter[str] = Counter()
        for number in range(int(np.searchsorted(ends, start, side="right")), len(ends)):
            label, lasts = song.spans[number]
            begins = float(ends[number]) - lasts
            if begins >= start + length:
                break
            sounds[label] += min(float(ends[number]), start + length) - max(begins, start)
        ranked = [label for label, _ in sounds.most_common(2)] or [NO_CHORD]
        found.append((ranked[0], ranked[-1]))
    return found


def agreement(given: Sequence[str], wanted: Sequence[str]) -> NDArray[np.int64]:
    """Count half-bars that agree.

    Parameters
    ----------
    given, wanted : sequence of str
        Labels, one a half-bar.

    Returns
    -------
    ndarray of shape (4,)
        How many are graded, and in how many chord, root and triad, and root agree.
    """
    counts = np.zeros(4, np.int64)
    for ours, theirs in zip(given, wanted, strict=True):
        if theirs != NO_CHORD:
            counts += (
                1,
                ours == theirs,
                _triad(ours) == _triad(theirs),
                _root(ours) == _root(theirs),
            )
    return counts


def _root(label: str) -> str:
    return label.partition(":")[0]


def _triad(label: str) -> tuple[str, tuple[int, ...]]:
    root, _, quality = label.partition(":")
    return root, QUALITIES.get(quality, ())[:3]


def fit(chords: Sequence[str], song: Song) -> tuple[float, float]:
    """Measure how far a melody is made of chord tones, chords standing for two beats each.

    Parameters
    ----------
    chords : sequence of str
        Labels, one a half-bar.
    song : Song
        With its melody.

    Returns
    -------
    tuple of (float, float)
        Chord tones and tones that resolve by two semitones or less, among all notes (CTnCTR of
        Yeh et al., 2021, by where notes start); and the share of sung time on chord tones.
    """
    sung = line(song)
    classes = {label: tones(label) for label in set(chords)}
    good = notes = inside = time = 0.0
    following = [*sung.pitches[1:], None]
    for pitch, start, length, then in zip(
        sung.pitches, sung.starts, sung.lengths, following, strict=True
    ):
        first = int(start // 2.0)
        if first >= len(chords) or chords[first] == NO_CHORD:
            continue
        tone = int(pitch - song.tonic) % 12
        notes += 1
        good += tone in classes[chords[first]] or (then is not None and abs(then - pitch) <= _NEXT)
        for place in range(first, min(len(chords), int(np.ceil((start + length) / 2.0)))):
            lasts = min(start + length, 2.0 * place + 2.0) - max(start, 2.0 * place)
            time += lasts
            inside += lasts * (tone in classes[chords[place]])
    return good / max(notes, 1.0), inside / max(time, 1e-9)


def taste(chords: Sequence[str], song: Song) -> dict[str, float]:
    """Describe the chords of one song.

    Parameters
    ----------
    chords : sequence of str
        Labels, one a half-bar.
    song : Song
        With its melody.

    Returns
    -------
    dict
        ``chord_tone_ratio`` (CTnCTR), ``chord_tone_time``, ``distinct_chords`` (chord coverage,
        CC), ``chord_entropy`` (of their histogram, CHE, nats) and ``changes`` (share of half-bars
        with a new chord).
    """
    ratio, time = fit(chords, song)
    heard = Counter(label for label in chords if label != NO_CHORD)
    shares = np.array(list(heard.values())) / max(heard.total(), 1)
    changes = [before != after for before, after in pairwise(chords)]
    return {
        "chord_tone_ratio": ratio,
        "chord_tone_time": time,
        "distinct_chords": float(len(heard)),
        "chord_entropy": float(-(shares * np.log(shares)).sum()),
        "changes": sum(changes) / max(len(changes), 1),
    }


def measure(model: Harmoniser, songs: Sequence[Song]) -> dict[str, Any]:
    """Measure a harmoniser on half-bars of two beats.

    Parameters
    ----------
    model : Harmoniser
        What gives the chords.
    songs : sequence of Song
        With spans and melody; others are left out.

    Returns
    -------
    dict
        ``top_1``, ``top_3``, ``top_5`` and ``bits`` of the odds; ``full``, ``root_triad`` and
        ``root`` of the first path and, as ``likeliest``, of what is likeliest at each place; and
        how the chords are, on average over songs, in ``ours``, ``human`` and their ``ratio``.
    """
    ranks: list[NDArray[np.float64]] = []
    agreed = np.zeros((2, 4), np.int64)
    tastes: dict[str, list[dict[str, float]]] = {"ours": [], "human": []}
    for song in songs:
        if song.spans and song.melody:
            wanted = [first for first, _ in chords_in(song, slots(song))]
            odds = model.odds(model.frames(line(song), song.tonic, song.mode, slots(song)))
            path = model.paths(odds, 1, np.random.default_rng(_SEED))[0].chords
            plain = [model.vocabulary[chord] for chord in odds.argmax(axis=1)]
            ranks += _ranks(odds, wanted, model.labels)
            agreed += (agreement(path, wanted), agreement(plain, wanted))
            tastes["ours"].append(taste(path, song))
            tastes["human"].append(taste(wanted, song))
    return _told(np.array(ranks), agreed, tastes)


def _ranks(odds: Floats, wanted: Sequence[str], labels: Labels) -> Iterator[NDArray[np.float64]]:
    """Tell the rank from 0 on and the bits of each chord; those never learned are last."""
    for place, label in enumerate(wanted):
        if label != NO_CHORD:
            chord = labels.number.get(label)
            if chord is None:
                yield np.array([len(labels.names), np.nan])
            else:
                here = odds[place]
                yield np.array([np.sum(here > here[chord]), -here[chord] / np.log(2.0)])


def _told(
    ranks: NDArray[np.float64],
    agreed: NDArray[np.int64],
    tastes: Mapping[str, Sequence[Mapping[str, float]]],
) -> dict[str, Any]:
    kinds = ("full", "root_triad", "root")
    shares = [dict(zip(kinds, row[1:] / row[0], strict=True)) for row in agreed]
    means = {
        who: {key: float(np.mean([each[key] for each in rows])) for key in rows[0]}
        for who, rows in tastes.items()
    }
    means["ratio"] = {key: means["ours"][key] / means["human"][key] for key in means["ours"]}
    told = {
        "half_bars": len(ranks),
        **{f"top_{n}": float(np.mean(ranks[:, 0] < n)) for n in (1, 3, 5)},
        "bits": float(np.nanmean(ranks[:, 1])),
        "unknown": float(np.mean(np.isnan(ranks[:, 1]))),
        **shares[0], "likeliest": shares[1], **means,
    }  # fmt: skip
    rounded: dict[str, Any] = json.loads(
        json.dumps(told), parse_float=lambda text: round(float(text), 4)
    )
    return rounded
