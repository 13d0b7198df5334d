"""How the takes of the pitch bench are intoned: glides, scoops, drift, vibrato, falls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench.pitch_phrasing import Span, Voice, step, waver
from bench.pitch_voice import CONTROL_HZ

__all__ = ["Curve", "curve_of"]

Array = NDArray[np.float64]

_HELD_LEAST = 0.35  # of a note, in its middle, counts as held whatever leads to it


@dataclass(frozen=True, eq=False)
class Curve:
    """The pitch of a take in its parts, semitones, 1000 steps a second.

    `blend` holds, for each note, the step from which it comes in and its share from there on;
    `inner` is all that moves inside notes (drift, vibrato, scoops, falls, waver), and `bias` its
    mean over the held part of each note, so that centres are met exactly.
    """

    blend: tuple[tuple[int, Array], ...]
    inner: Array
    bias: Array

    def at(self, centres: Array) -> Array:
        """Return the pitch with these centres, MIDI numbers."""
        bases = centres - self.bias
        pitch = np.full(self.inner.size, bases[0])
        for (first, share), base in zip(self.blend, bases, strict=True):
            last = first + share.size
            pitch[first:last] += share * (base - pitch[first:last])
            pitch[last:] = base
        return np.asarray(pitch + self.inner)


def curve_of(
    spans: Sequence[Span], size: int, voice: Voice, rng: np.random.Generator
) -> tuple[Curve, list[tuple[float, float]]]:
    """Draw how notes are intoned.

    Parameters
    ----------
    spans : sequence of Span
        The notes in time.
    size : int
        Steps.
    voice : Voice
        Who sings.
    rng : Generator
        Of this take.

    Returns
    -------
    tuple of (Curve, list of tuple)
        Their pitch, and where each is held, seconds.
    """
    blend = _blend(spans, rng)
    inner, edges = _inner(spans, size, voice, rng)
    held, bias = [], np.zeros(len(spans))
    for place, (span, (lead, leave)) in enumerate(zip(spans, edges, strict=True)):
        first = max(step(span.onset) + lead, blend[place][0] + blend[place][1].size)
        last = step(span.end) - leave
        if place + 1 < len(spans):
            last = min(last, blend[place + 1][0])
        held.append((first / CONTROL_HZ, last / CONTROL_HZ))
        bias[place] = inner[first:last].mean()
    return Curve(blend, inner, bias), held


def _blend(spans: Sequence[Span], rng: np.random.Generator) -> tuple[tuple[int, Array], ...]:
    """Draw how each note comes in: by a glide from the one before, or after a silence."""
    found = []
    for place, span in enumerate(spans):
        wide, middle = 0.02, span.onset - 0.02
        if span.joined:
            before = spans[place - 1]
            most = 0.5 * min(span.end - span.onset, before.end - before.onset)
            wide = min(float(rng.uniform(0.04, 0.13)), most)
            middle = span.onset - 0.5 * span.lead
        steps = max(2, step(wide))
        share = 0.5 - 0.5 * np.cos(np.pi * (np.arange(steps) + 0.5) / steps)
        found.append((step(middle - wide / 2.0), share))
    return tuple(found)


def _inner(
    spans: Sequence[Span], size: int, voice: Voice, rng: np.random.Generator
) -> tuple[Array, list[tuple[int, int]]]:
    """Draw what moves inside notes, and how many steps at both ends are not held."""
    inner, edges = np.zeros(size), []
    for place, span in enumerate(spans):
        last = place + 1 == len(spans) or not spans[place + 1].joined
        first, end = step(span.onset), step(span.end)
        steps = end - first
        since = np.arange(steps) / CONTROL_HZ
        line = rng.normal(0.0, 0.09) * (since / since[-1] - 0.5)
        if since[-1] > 0.4 and rng.random() < voice.vibrato:
            line += _vibrato(since, rng)
        lead, leave = 15, 20
        if not span.joined and rng.random() < voice.scoops:
            tau = rng.uniform(0.012, 0.012 + 0.08 * min(since[-1], 0.5))
            line -= rng.uniform(0.4, 2.2) * np.exp(-since / tau)
            lead = max(lead, step(4.5 * tau))
        elif since[-1] > 0.3 and rng.random() < 0.06:  # a grace note from above
            line[:110] += rng.uniform(0.8, 2.0) * np.hanning(110)
            lead = 125
        if last and since[-1] > 0.3 and rng.random() < 0.2:
            fall = int(rng.integers(60, 130))
            line[-fall:] -= rng.uniform(0.4, 2.5) * np.linspace(0.0, 1.0, fall) ** 2
            leave = max(leave, fall)
        if span.attack == "voiced":
            line -= rng.uniform(0.0, 0.3) * np.exp(-since / 0.012)
            lead = max(lead, 50)
        inner[first:end] = line
        inner[max(0, first - step(span.lead)) : first] = line[0]
        spare = step(_HELD_LEAST * since[-1])
        edges.append((min(lead, steps // 2 - spare // 2), min(leave, steps // 2 - spare // 2)))
    smooth = np.hanning(17) / np.hanning(17).sum()
    stray = waver(size, 4.0, 0.035, rng) + waver(size, 60.0, 0.03, rng)
    return np.convolve(inner, smooth, "same") + stray, edges


def _vibrato(since: Array, rng: np.random.Generator) -> Array:
    """Draw a vibrato that sets in late, and is not quite even in rate and depth."""
    rate = rng.uniform(4.6, 6.8) * (1.0 + 0.08 * rng.standard_normal() * since / since[-1])
    depth = rng.uniform(0.15, 0.9) * (1.0 + 0.3 * rng.standard_normal() * (since - since[-1] / 2))
    starts = rng.uniform(0.05, 0.25)
    swell = np.clip((since - starts) / 0.15, 0.0, 1.0) * np.clip((since[-1] - since) / 0.04, 0, 1)
    phase = 2.0 * np.pi * np.cumsum(rate) / CONTROL_HZ
    return np.asarray(swell * depth * np.sin(phase), dtype=np.float64)
