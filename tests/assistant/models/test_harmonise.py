from __future__ import annotations

import tracemalloc
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import MaterialError
from assistant.models.frames import FEATURES, Frames, Line, half_bars
from assistant.models.harmonise import Harmoniser, normalise
from assistant.models.layers import Floats

NAMES = ("I:maj", "II:min", "IV:maj", "V:maj", "V:7", "VI:min", "bVII:maj")
CARD: dict[str, Any] = {
    "members": 2,
    "vocabulary": list(NAMES),
    "decode": {
        "follow": 0.2, "variety": 0.7, "draws": 16, "sharpness": 2.5, "flat": 0.3, "rare": 0.1
    },
}  # fmt: skip
WIDTH, HEADS, TAPS = 8, 2, 3


def weights(seed: int = 4) -> dict[str, Floats]:
    """Make networks of two blocks that know nothing, the second attending."""
    rng = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {"prior": (len(NAMES),), "moves": (len(NAMES),) * 2}
    for member in "01":
        layers = {"enter": (WIDTH, FEATURES), "out": (len(NAMES), WIDTH)}
        for block in ("block.0", "block.1"):
            layers[f"{block}.conv.enter"] = (2 * WIDTH, TAPS * WIDTH)
            layers[f"{block}.conv.leave"] = (WIDTH, WIDTH)
        layers |= {"block.1.attend.enter": (3 * WIDTH, WIDTH)}
        layers |= {"block.1.attend.leave": (WIDTH, WIDTH)}
        for name, shape in layers.items():
            shapes |= {f"{member}.{name}.weight": shape, f"{member}.{name}.bias": shape[:1]}
        for name in ("norm", "block.0.norm", "block.1.norm", "block.1.attend.norm"):
            shapes |= {f"{member}.{name}.{kind}": (WIDTH,) for kind in ("weight", "bias")}
        shapes |= {f"{member}.block.1.attend.far": (HEADS, 9)}
        shapes |= {f"{member}.block.1.attend.likeness": (HEADS, 3)}
    made = {name: rng.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}
    for member in "01":
        for number in (0, 1):
            made[f"{member}.block.{number}.conv.taps"] = np.array([TAPS, number + 1], np.float32)
    return made


MODEL = Harmoniser(weights(), CARD)
TUNE = Line(
    np.array([60, 64, 67, 72, 71, 69, 67, 65, 64, 62, 60, 59]),
    np.arange(12, dtype=np.float64) * 1.5,
    np.full(12, 1.5),
)


def odds_of(bars: float = 4.0, bar: float = 4.0) -> Floats:
    places = half_bars(bars * bar, bar)
    return MODEL.odds(MODEL.frames(TUNE, 0, "maj", places))


ODDS = odds_of()


def rng() -> np.random.Generator:
    return np.random.default_rng(7)


def test_odds_are_probabilities_and_come_again() -> None:
    assert ODDS.shape == (8, len(NAMES))
    np.testing.assert_allclose(np.exp(ODDS).sum(axis=1), 1.0, atol=1e-5)
    np.testing.assert_array_equal(ODDS, odds_of())


def test_all_members_are_asked() -> None:
    one = Harmoniser(weights(), {**CARD, "members": 1})
    frames = MODEL.frames(TUNE, 0, "maj", half_bars(16.0))
    assert np.abs(one.odds(frames) - ODDS).max() > 0.01


def test_the_whole_song_is_looked_at() -> None:
    frames = MODEL.frames(TUNE, 0, "maj", half_bars(64.0))
    changed = Frames(frames.features.copy(), frames.steps)
    changed.features[-1] += 1.0
    assert np.abs(MODEL.odds(changed)[0] - MODEL.odds(frames)[0]).max() > 1e-5


def test_of_a_song_without_end_a_window_is_looked_at_and_no_more() -> None:
    line = Line(
        np.resize(TUNE.pitches, 1200),
        np.arange(1200, dtype=np.float64) * 1.5,
        np.full(1200, 1.5),
    )
    frames = MODEL.frames(line, 0, "maj", half_bars(1800.0))
    plain = MODEL.odds(frames)
    np.testing.assert_allclose(np.exp(plain).sum(axis=1), 1.0, atol=1e-5)
    changed = Frames(frames.features.copy(), frames.steps)
    changed.features[-1] += 1.0
    moved = np.abs(MODEL.odds(changed) - plain).max(axis=1)
    assert not moved[:256].any()
    assert moved[-1] > 1e-5


def test_memory_does_not_grow_with_the_square_of_the_length() -> None:
    def most(slots: int) -> int:
        frames = MODEL.frames(TUNE, 0, "maj", half_bars(2.0 * slots))
        tracemalloc.start()
        MODEL.odds(frames)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return peak

    assert most(8_000) < 2 * most(2_000)


@pytest.mark.parametrize(("bars", "bar"), [(0.5, 4.0), (1, 3.0), (3, 3.0), (2, 2.5), (50, 4.0)])
def test_any_length_and_metre_is_harmonised(bars: float, bar: float) -> None:
    odds = odds_of(bars, bar)
    best = MODEL.paths(odds, 3, rng())[0]
    assert len(best.chords) == len(odds) == max(1, round(2 * bars))
    assert set(best.chords) <= set(NAMES)
    assert best.likelihood <= 1e-9


def test_paths_come_again_and_differ() -> None:
    paths = MODEL.paths(ODDS, 6, rng())
    assert paths == MODEL.paths(ODDS, 6, rng())
    assert len({path.chords for path in paths}) == 6
    rest = [path.likelihood for path in paths[1:]]
    assert rest == sorted(rest, reverse=True)
    assert MODEL.paths(ODDS, 1, rng())[0] == paths[0]


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.floats(0.0, 1.0))
def test_locks_hold(seed: int, surprise: float) -> None:
    chance = np.random.default_rng(seed)
    allowed = chance.random(ODDS.shape) < 0.4
    allowed[np.arange(len(ODDS)), chance.integers(len(NAMES), size=len(ODDS))] = True
    for path in MODEL.paths(ODDS, 4, rng(), allowed=allowed, surprise=surprise):
        assert all(allowed[place, NAMES.index(chord)] for place, chord in enumerate(path.chords))


def test_a_locked_song_has_one_path() -> None:
    allowed = np.zeros(ODDS.shape, bool)
    allowed[:, 3] = True
    paths = MODEL.paths(ODDS, 5, rng(), allowed=allowed)
    assert [path.chords for path in paths] == [("V:maj",) * len(ODDS)]
    assert paths[0].likelihood == pytest.approx(0.0, abs=1e-9)


def test_locks_that_leave_nothing_are_named() -> None:
    allowed = np.ones(ODDS.shape, bool)
    allowed[2] = False
    with pytest.raises(MaterialError, match="place 3 of 8"):
        MODEL.paths(ODDS, 1, rng(), allowed=allowed)


def test_one_chord_a_bar() -> None:
    joined = np.arange(len(ODDS)) % 2 == 1
    for path in MODEL.paths(ODDS, 4, rng(), joined=joined):
        assert path.chords[::2] == path.chords[1::2]


def test_a_lock_holds_for_the_whole_bar() -> None:
    allowed = np.ones(ODDS.shape, bool)
    allowed[3] = np.arange(len(NAMES)) == 6
    joined = np.arange(len(ODDS)) % 2 == 1
    path = MODEL.paths(ODDS, 1, rng(), allowed=allowed, joined=joined)[0]
    assert path.chords[2:4] == ("bVII:maj", "bVII:maj")


def test_surprise_dares_more() -> None:
    long = odds_of(40.0)
    tame, bold = (MODEL.paths(long, 1, rng(), surprise=value)[0].chords for value in (0.0, 1.0))
    likelihood = [
        sum(float(long[place, NAMES.index(chord)]) for place, chord in enumerate(path))
        for path in (tame, bold)
    ]
    assert likelihood[1] < likelihood[0]


def test_rows_are_brought_to_one_scale() -> None:
    rows = np.array([[1.0, 3.0], [10.0, 30.0]], np.float32)
    plain = {"weight": np.ones(2, np.float32), "bias": np.zeros(2, np.float32)}
    np.testing.assert_allclose(normalise(rows, plain), [[-1, 1], [-1, 1]], atol=1e-4)
