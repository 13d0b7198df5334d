"""What a song's melody has sung before: for each note, the earlier places that resemble here.

Wherever the last notes, intervals or rhythms stood before, and wherever a part of the song comes
again at the same distance in time, an earlier note speaks for its own pitch, or for its pitch moved
as far as the melody has moved. How loudly it speaks is learned from how it resembles: for how many
notes on end (as in prediction by partial matching, Cleary and Witten, 1984), for how many of the
last ones though not all, how long ago, and whether anything else resembles more. The voices are
then weighed against the network by odds that depend on how sure each is (as in the logistic mixing
of PAQ, Mahoney, 2005).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.models.layers import Floats, Weights, dense, log_softmax, part
from assistant.models.melodies import PITCHES, Ints, Melodies, tokens
from assistant.models.melody import MelodyNet

__all__ = ["Echoes", "blend", "echoes", "recall"]

_NEVER = 200
_FADES = 0.8, 0.95
_LAG_FADES = 0.7, 0.93
_SCALES = np.array([1, 1, 1, 1, 5, 10, 3, 10], dtype=np.float32)
_RANKED, _SUMMED = [0, 4, 7, 2], [0, 2, 4, 6, 7]
_LOUDNESS = -12, 10


@dataclass(frozen=True)
class Echoes:
    """The earlier places that resemble each note, one row for each pair of a note and a place.

    Parameters
    ----------
    notes : ndarray of shape (pairs,)
        Which note it is about, ascending.
    same : ndarray of shape (pairs,)
        The pitch that the earlier place speaks for, as `tokens` number it.
    moved : ndarray of shape (pairs,)
        That pitch moved with the melody, -1 where it is no other.
    likeness : ndarray of shape (pairs, 19)
        How the places resemble, each figure about 0 to 1.
    summary : ndarray of shape (notes, 8)
        The greatest likeness for each note, and how much there is.
    fresh : ndarray of shape (notes,), bool
        Whether the two pitches before the note have not stood together before in the song.
    """

    notes: Ints
    same: Ints
    moved: Ints
    likeness: Floats
    summary: Floats
    fresh: NDArray[np.bool_]


def echoes(song: Melodies) -> Echoes:
    """Find the echoes in one melody, each note's among the notes before it.

    Parameters
    ----------
    song : Melodies
        One melody; chords are not looked at.

    Returns
    -------
    Echoes
        For all of its notes.

    Notes
    -----
    Takes some 100 bytes for each pair of notes: 10 MB for 300 notes, 100 MB for 1,000.
    """
    pitch, starts = tokens(song)[0], np.asarray(song.starts)[0]
    lag = starts[:, None] - starts
    steps = np.diff(pitch, prepend=-PITCHES)
    maps = _maps(pitch, steps, starts)
    close = _close(maps, same_place=lag % song.bar == 0)
    notes, places = np.nonzero(np.tril(close, -1))
    unlike = (maps[0, notes, places] == 0) & (places > 0)
    moved = np.where(unlike, (pitch[notes - 1] + steps[places]).clip(0, PITCHES - 1), -1)
    likeness, summary = _figures(song, maps / _SCALES[:, None, None], notes, places, lag)
    fresh = maps[0].max(axis=1, initial=0) < np.log1p(1.5)
    return Echoes(notes, pitch[places], moved, likeness, summary, fresh)


def _maps(pitch: Ints, steps: Ints, starts: Ints) -> Floats:
    """Lay out how each note's past resembles each place's: (kinds, notes, places).

    How many pitches, intervals, pitches with their rhythm and distances of starts are the same on
    end, in logarithms; how many pitches are the same though not all, of the last few and of the
    last dozen; and how many stood at the same distance in time, again of few and of more.
    """
    apart = np.diff(starts, append=starts[-1:]).clip(0, _NEVER)
    on_end = (pitch, steps, pitch * (_NEVER + 1) + apart, apart)
    return np.stack(
        [np.log1p(_diagonals(_equal(symbols))) for symbols in on_end]
        + [_diagonals(_equal(pitch), fade) for fade in _FADES]
        + [_lags(pitch, starts, fade) for fade in _LAG_FADES]
    )


def _equal(symbols: Ints) -> NDArray[np.bool_]:
    equal: NDArray[np.bool_] = symbols[:, None] == symbols
    return equal


def _diagonals(equal: NDArray[np.bool_], fade: float | None = None) -> Floats:
    """Count along diagonals what was equal before: until the last difference, or fading."""
    counts = np.zeros(equal.shape, dtype=np.float32)
    for note in range(1, len(equal)):
        known, come = counts[note - 1, : note - 1], equal[note - 1, : note - 1]
        counts[note, 1:note] = (known + 1) * come if fade is None else known * fade + come
    return counts


def _lags(pitch: Ints, starts: Ints, fade: float) -> Floats:
    """Count, fading, which distances in time have led to the same pitch."""
    counts = np.zeros((len(pitch), len(pitch)), dtype=np.float32)
    led = np.zeros(int(starts.max(initial=0) - starts.min(initial=0)) + 1, dtype=np.float32)
    for note, start in enumerate(starts):
        lags = start - starts[:note]
        counts[note, :note] = led[lags]
        led *= np.float32(fade)
        led[lags[pitch[:note] == pitch[note]]] += 1
    return counts


def _close(maps: Floats, same_place: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Choose the places that are worth hearing: a few dozen for each note."""
    pitches, intervals, _, rhythm, most, _, lags, _ = maps
    close = (pitches > 0) | (intervals > np.log1p(1.5)) | (most > 1) | (lags > 0.5)
    chosen: NDArray[np.bool_] = close | ((rhythm > np.log1p(2.5)) & same_place)
    return chosen


def _figures(
    song: Melodies, maps: Floats, notes: Ints, places: Ints, lag: Ints
) -> tuple[Floats, Floats]:
    """Gather the likeness of each pair, and the summary for each note."""
    lengths = np.asarray(song.lengths)[0]
    rests = song.rests[0]
    peaks = maps.max(axis=2, initial=0)
    pairs = maps[:, notes, places]
    far = lag[notes, places]
    likeness = [
        *pairs,
        *(far % (song.bar * bars) == 0 for bars in (1, 4, 8)),
        np.log(notes - places) / 3,
        pairs[0] > 0,
        rests[notes] == rests[places],
        lengths[notes - 1] == lengths[np.maximum(places - 1, 0)],
        *(pairs[kind] - peaks[kind, notes] for kind in _RANKED),
    ]
    count = np.bincount(notes, minlength=len(rests))
    summary = [
        *peaks[_SUMMED],
        np.log1p(count) / 5,
        np.log1p(np.arange(len(rests))) / 5,
        np.log1p(rests) / 2,
    ]
    return _columns(likeness), _columns(summary)


def _columns(figures: list[NDArray[Any]]) -> Floats:
    return np.stack(figures, axis=1).astype(np.float32)


def blend(found: Echoes, logs: Floats, weights: Weights) -> Floats:
    """Weigh the echoes of a song against the network.

    Parameters
    ----------
    found : Echoes
        Of the song.
    logs : ndarray of shape (notes, 66)
        What the network says of it: logarithms of probabilities.
    weights : mapping
        ``voices.0``, ``voices.2`` and ``voices.4``, from likeness to the loudness of ``same`` and
        ``moved`` in as many voices; ``odds.0`` and ``odds.2``, from what is known to the power of
        each voice.

    Returns
    -------
    ndarray of shape (notes, 66)
        Logarithms of probabilities again.
    """
    loud = np.maximum(dense(found.likeness, part(weights, "voices.0")), 0)
    loud = np.maximum(dense(loud, part(weights, "voices.2")), 0)
    loud = np.exp(dense(loud, part(weights, "voices.4")).clip(*_LOUDNESS))
    same, moved = np.split(loud, 2, axis=1)
    heard = np.stack(
        [_poll(found, *voice, len(logs)) for voice in zip(same.T, moved.T, strict=True)], axis=-1
    )
    odds = np.exp(logs)
    total = np.log1p(heard.sum(axis=1))
    sure = np.stack([-(odds * logs).sum(axis=1), logs.max(axis=1)], axis=1)
    known = np.concatenate([found.summary, sure, total], axis=1)
    powers = dense(np.tanh(dense(known, part(weights, "odds.0"))), part(weights, "odds.2"))
    voices = np.log(odds[..., None] + heard) - total[:, None]
    return log_softmax(powers[:, :1] * logs + (powers[:, None, 1:] * voices).sum(axis=-1))


def recall(song: Melodies, weights: Weights) -> Floats:
    """Say how likely each pitch is for each note of one song, by the network and by the song.

    Parameters
    ----------
    song : Melodies
        One melody, with or without chords.
    weights : mapping
        As in ``presets/models/melody-pop.safetensors``.

    Returns
    -------
    ndarray of shape (notes, 66)
        Logarithms of probabilities, in the order of `tokens`.
    """
    return blend(echoes(song), MelodyNet(weights).predict(song)[0], weights)


def _poll(found: Echoes, same: Floats, moved: Floats, notes: int) -> Floats:
    """Add up how loudly each pitch is spoken for: (notes, 66)."""
    other = found.moved >= 0
    where = np.concatenate([found.notes, found.notes[other]]) * PITCHES
    where += np.concatenate([found.same, found.moved[other]])
    counts = np.bincount(where, np.concatenate([same, moved[other]]), notes * PITCHES)
    return counts.reshape(notes, PITCHES).astype(np.float32)
