"""Products of sounds, octave by octave."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.dsp.band_products import EDGES_HZ, MOST_WINDOWS, band_products
from assistant.material import Audio
from assistant.steps import result

RATE = 8_000


def tone(hertz: float, seconds: float = 4.0) -> Audio:
    time = np.arange(round(seconds * RATE)) / RATE
    return Audio(np.sin(2.0 * np.pi * hertz * time)[None].astype(np.float32), RATE)


def test_each_octave_holds_what_lies_in_it() -> None:
    made = result(band_products([tone(350.0), tone(1_500.0)], [0, 0]))
    assert made.products.shape == (len(EDGES_HZ) - 1, 2, 2)
    energies = np.diagonal(made.products, axis1=1, axis2=2)
    assert energies.argmax(axis=0).tolist() == [2, 4]
    assert (energies.max(axis=0) / energies.sum(axis=0) > 0.99).all()


def test_channels_know_whose_they_are() -> None:
    wide = Audio(np.repeat(tone(350.0).samples, 2, axis=0), RATE)
    many = Audio(np.repeat(tone(350.0).samples, 6, axis=0), RATE)
    made = result(band_products([wide, tone(350.0), many], [0, 0, 0]))
    assert made.owners.tolist() == [0, 0, 1, 2, 2]


def test_what_starts_later_is_held_against_what_is_there_then() -> None:
    sound = np.random.default_rng(1).normal(0.0, 0.1, (1, 3 * RATE)).astype(np.float32)
    whole, end = Audio(sound, RATE), Audio(sound[:, RATE:], RATE)
    for start, same in ((RATE, True), (0, False)):
        products = result(band_products([whole, end], [0, start])).products.sum(axis=0)
        likeness = products[0, 1] / products[1, 1]
        assert likeness == pytest.approx(1.0 if same else 0.0, abs=0.15)


def test_a_long_song_is_not_read_as_a_whole() -> None:
    ones = np.broadcast_to(np.float32(0.1), (1, 100_000 * MOST_WINDOWS))
    steps = list(band_products([Audio(ones, RATE)] * 2, [0, 0]))
    assert len(steps) == MOST_WINDOWS
    assert steps[-1] == 1.0


def test_nothing_has_no_products() -> None:
    assert result(band_products([], [])).products.size == 0
