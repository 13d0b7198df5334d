from __future__ import annotations

import numpy as np

from assistant.theory.harmony.key import Key
from assistant.theory.harmony.labels import labels_of
from assistant.theory.harmony.mood import Moods
from assistant.theory.harmony.progression import flat
from assistant.theory.ideas.library import open_library
from bridge.presets import data

LIBRARY = open_library(data)


def test_the_shelf_is_read_back_better_than_by_its_mean() -> None:
    moods = Moods(LIBRARY.progressions, LIBRARY.places)
    read = np.array([
        moods.of(labels_of(flat(each.bars), Key(0, each.family)), each.family)
        for each in LIBRARY.progressions
    ])  # fmt: skip
    left = ((LIBRARY.places - read) ** 2).sum(axis=0)
    spread = ((LIBRARY.places - LIBRARY.places.mean(axis=0)) ** 2).sum(axis=0)
    assert (left / spread < (0.6, 0.8)).all()


def test_progressions_that_were_kept_apart_are_read_too() -> None:
    own, apart = LIBRARY.progressions[::2], LIBRARY.progressions[1::2]
    moods = Moods(own, LIBRARY.places[::2])
    read = [moods.of(labels_of(flat(each.bars), Key(0)), each.family)[0] for each in apart]
    assert np.corrcoef(read, LIBRARY.places[1::2, 0])[0, 1] > 0.5


def test_minor_is_darker_and_several_are_the_mean_of_each() -> None:
    moods = Moods(LIBRARY.progressions, LIBRARY.places)
    bright, dark = moods.of(["I:maj", "IV:maj"], "major"), moods.of(["I:min", "bVI:maj"], "minor")
    assert bright[0] > dark[0] + 0.2
    each = moods.each(["I:maj", "V:7"], "major")
    np.testing.assert_allclose(each.mean(axis=0), moods.of(["I:maj", "V:7"], "major"))
