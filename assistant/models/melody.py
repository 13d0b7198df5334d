"""How likely a melody is in a style: a small network over notes, with or without chords.

The network reads a melody note by note. Before each note it knows the notes and rests until then
with their lengths, where in the bar the note starts, the key, and, where they are given, the root
and the tones of the chord that sounds. It says how likely each pitch is, and then how likely each
length and each rest after it.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.models.layers import Floats, Weights, dense, gru, gru_step, log_softmax, part
from assistant.models.melodies import (
    LOWEST,
    PITCHES,
    Ints,
    Melodies,
    contexts,
    length_class,
    tokens,
)

__all__ = ["Melodies", "MelodyNet"]

_WIDEST = 25


class MelodyNet:
    """The network.

    Parameters
    ----------
    weights : mapping
        As in ``presets/models/melody-pop.safetensors``; a stage builds it with
        ``MelodyNet(context.weights("melody-pop"))``.
    """

    def __init__(self, weights: Weights) -> None:
        self._weights = weights

    def bits(self, melodies: Melodies, heard: Melodies | None = None) -> Floats:
        """Measure how surprising the pitches are.

        Parameters
        ----------
        melodies : Melodies
            Candidates, a few hundred at a time.
        heard : Melodies, optional
            One melody that comes before all of them, on the same clock and in the same key.

        Returns
        -------
        ndarray of shape (melodies,)
            Bits a note; less is likelier. Melodies of the style have about 2.
        """
        logs = self.predict(melodies, heard)
        told = np.take_along_axis(logs, tokens(melodies)[..., None], axis=-1)
        bits: Floats = -told[..., 0].mean(axis=1) / np.log(np.float32(2))
        return bits

    def rhythm_bits(self, melodies: Melodies, heard: Melodies | None = None) -> Floats:
        """Measure how surprising lengths and rests are; else as `bits`.

        The rest after the last note is not told, and not counted.
        """
        states = self._states(melodies, heard)
        lengths = length_class(np.asarray(melodies.lengths))
        rests = length_class(melodies.rests)[:, 1:]
        length_logs = log_softmax(dense(states, part(self._weights, "length")))
        after = dense(states, part(self._weights, "rest")) + self._weights["rest_after"][lengths]
        told = np.take_along_axis(length_logs, lengths[..., None], axis=-1).sum(axis=(1, 2))
        rest_logs = log_softmax(after[:, :-1])
        told += np.take_along_axis(rest_logs, rests[..., None], axis=-1).sum(axis=(1, 2))
        bits: Floats = -told / np.float32(lengths.shape[1] * np.log(2))
        return bits

    def predict(self, melodies: Melodies, heard: Melodies | None = None) -> Floats:
        """Say how likely each pitch is for each note.

        Parameters
        ----------
        melodies, heard : Melodies
            As for `bits`.

        Returns
        -------
        ndarray of shape (melodies, notes, 66)
            Logarithms of probabilities, in the order of `tokens`.
        """
        before = contexts(melodies, heard)[..., 0]
        return self._pitch_logs(self._states(melodies, heard), before)

    def draw(
        self,
        rhythm: Melodies,
        random: np.random.Generator,
        heard: Melodies | None = None,
        *,
        temperature: float = 1.0,
        span: tuple[int, int] = (0, 127),
    ) -> Melodies:
        """Draw pitches for a rhythm, note by note.

        Parameters
        ----------
        rhythm : Melodies
            Lengths, starts, key and chords; its pitches are not looked at.
        random : Generator
            Where chance comes from: the same state draws the same pitches.
        heard : Melodies, optional
            As for `bits`.
        temperature : float
            Above 0: 1 draws as often as in the style, less takes what is likeliest.
        span : (int, int)
            The lowest and the highest MIDI pitch.

        Returns
        -------
        Melodies
            The rhythm with pitches.

        Raises
        ------
        ValueError
            Where no pitch that the network knows lies in the span.
        """
        pitches = np.zeros_like(rhythm.pitches)
        keys = np.arange(PITCHES) + LOWEST + rhythm.tonic
        inside = (keys >= span[0]) & (keys <= span[1])
        if not inside.any():
            raise ValueError(f"no pitch from {keys[0]} to {keys[-1]} lies in {span}")
        allowed = np.where(inside, 0, -np.inf).astype(np.float32)
        state = np.repeat(self._heard(heard), len(pitches), axis=0)
        for note in range(pitches.shape[1]):
            here = replace(rhythm, pitches=pitches).notes(max(note - 2, 0), note + 1)
            rows = contexts(here, heard if note < 2 else None)[:, -1:]
            entering = self._entering(rows, rhythm.notes(note, note + 1))[:, 0]
            state = gru_step(entering, state, part(self._weights, "gru"))
            logs = self._pitch_logs(state[:, None], rows[..., 0])[:, 0]
            chance = random.gumbel(size=logs.shape)
            pitches[:, note] = keys[(logs / temperature + allowed + chance).argmax(axis=1)]
        return replace(rhythm, pitches=pitches)

    def _pitch_logs(self, states: Floats, before: Ints) -> Floats:
        # One large product is several times faster than one for each melody.
        scores = dense(states.reshape(-1, states.shape[-1]), part(self._weights, "pitch"))
        scores = scores.reshape(*states.shape[:2], -1)
        own, rest = scores[..., :PITCHES], scores[..., PITCHES:]
        steps, classes = rest[..., : 2 * _WIDEST + 1], rest[..., 2 * _WIDEST + 1 :]
        return log_softmax(own + _by_interval(steps, before) + _by_class(classes))

    def _states(self, melodies: Melodies, heard: Melodies | None) -> Floats:
        """Run the unit over the melodies: (melodies, notes, hidden)."""
        entering = self._entering(contexts(melodies, heard), melodies)
        start = np.repeat(self._heard(heard), len(entering), axis=0)
        steps = np.ascontiguousarray(entering.swapaxes(0, 1))
        return gru(steps, start, part(self._weights, "gru")).swapaxes(0, 1)

    def _heard(self, heard: Melodies | None) -> Floats:
        """Tell the state of the unit after what was heard: (1, hidden)."""
        if heard is None or not np.shape(heard.pitches)[1]:
            return np.zeros((1, self._weights["gru.weight_hh"].shape[1]), dtype=np.float32)
        return self._states(heard, None)[:, -1]

    def _entering(self, rows: Ints, melodies: Melodies) -> Floats:
        table = self._weights["table"]
        entering = table[rows[..., 0]]
        for column in range(1, rows.shape[-1]):
            entering += table[rows[..., column]]
        if melodies.tones is not None:
            tones = np.roll(melodies.tones, -melodies.tonic, axis=-1)
            entering += np.asarray(tones, np.float32) @ self._weights["tones"].T
        return entering


def _by_interval(steps: Floats, before: Ints) -> Floats:
    """Lay scores of intervals out as scores of pitches, counted from the pitch before."""
    intervals = np.arange(PITCHES) - before[..., None]
    scores = np.take_along_axis(steps, intervals.clip(-_WIDEST, _WIDEST) + _WIDEST, axis=-1)
    return np.where(before[..., None] < PITCHES, scores, np.float32(0))


def _by_class(classes: Floats) -> Floats:
    scores: Floats = classes[..., (np.arange(PITCHES) + LOWEST) % 12]
    return scores
