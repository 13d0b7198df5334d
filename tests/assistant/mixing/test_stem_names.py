"""Stems that moves cannot take for the sum."""

from __future__ import annotations

import numpy as np

from assistant.material import Audio, Session, Stem
from assistant.mixing.stem_names import apart_from_the_mix

SOUND = Audio(np.zeros((1, 100), np.float32), 8_000)


def session(*names: str) -> Session:
    return Session(tuple(Stem(name, SOUND, n) for n, name in enumerate(names)))


def test_a_stem_called_as_the_sum_is_called_a_track() -> None:
    made, called = apart_from_the_mix(session("kick", "mix"))
    assert [(stem.name, stem.start) for stem in made.stems] == [("kick", 0), ("mix (track)", 1)]
    assert called == {"kick": "kick", "mix": "mix (track)"}


def test_no_two_are_called_alike() -> None:
    made, _ = apart_from_the_mix(session("mix (track)", "mix"))
    assert len({stem.name for stem in made.stems} - {"mix"}) == 2


def test_others_are_left_as_they_came() -> None:
    came = session("kick", "Mix", "mixdown")
    assert apart_from_the_mix(came)[0] is came
