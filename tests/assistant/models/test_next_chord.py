from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assistant.errors import UnknownName
from assistant.models.next_chord import Listening, NextChord
from assistant.models.recall import ROWS, WORTHS
from assistant.models.steps import Step
from assistant.models.vocabulary import BARS, BEATS, LENGTHS, PLACES
from bridge import presets

QUALITIES = ("maj", "min", "7")
SIZE, EMBEDDING, HIDDEN, GATE, HEADS = 36, 6, 8, 5, 2
LOOP = ("I:maj", "V:maj", "VI:min", "IV:maj")


def weights() -> dict[str, NDArray[Any]]:
    rng = np.random.default_rng(5)
    shapes = {
        "label": (SIZE + 3, EMBEDDING), "length": (LENGTHS, EMBEDDING),
        "place": (PLACES + 1, EMBEDDING), "bar": (BARS + 1, EMBEDDING),
        "unit.weight_ih": (3 * HIDDEN, EMBEDDING), "unit.weight_hh": (3 * HIDDEN, HIDDEN),
        "unit.bias_ih": (3 * HIDDEN,), "unit.bias_hh": (3 * HIDDEN,),
        "out.weight": (SIZE, HIDDEN), "out.bias": (SIZE,), "likeness": (ROWS, HEADS),
        "gate_in.weight": (GATE, 2 * HEADS + 1), "gate_in.bias": (GATE,),
        "gate_longest": (WORTHS, GATE),
        "gate_out.weight": (HEADS + 1, GATE), "gate_out.bias": (HEADS + 1,),
        "beats_state.weight": (GATE, HIDDEN), "beats_state.bias": (GATE,),
        "beats_label": (SIZE, GATE), "beats_memory": (HEADS,),
        "beats_out.weight": (len(BEATS), GATE), "beats_out.bias": (len(BEATS),),
    }  # fmt: skip
    told: dict[str, NDArray[Any]] = {
        name: rng.normal(0, 0.5, shape).astype(np.float32) for name, shape in shapes.items()
    }
    times = np.zeros((SIZE, SIZE), dtype=np.uint16)
    times[0, [3, 7]] = 3, 1
    songs = np.minimum(times, 2)
    within = np.zeros(SIZE, dtype=np.uint16)
    within[0] = 2
    steps = np.zeros((2, 36, 36), dtype=np.uint16)
    steps[:, 21, [0, 1]] = (30, 10), (6, 84)  # from V to I and to i
    return told | {
        "counts.times": times, "counts.songs": songs, "counts.within": within,
        "counts.steps": steps,
    }  # fmt: skip


MODEL = NextChord(weights(), {"qualities": QUALITIES})
SONGS = st.lists(
    st.tuples(st.sampled_from(MODEL.vocabulary), st.sampled_from([1.0, 2.0, 4.0])), max_size=12
)


@given(SONGS, st.booleans(), st.sampled_from(["", "maj", "min"]))
@settings(max_examples=30)
def test_odds_add_up_wherever_a_song_stands(
    song: list[tuple[str, float]], timed: bool, mode: str
) -> None:
    labels = [label for label, _ in song]
    hearing = MODEL.listen(labels, [beats for _, beats in song] if timed else None, mode)
    for odds in (hearing.odds(), hearing.odds(memory=False), hearing.beats_odds("I:maj")):
        assert odds.sum() == pytest.approx(1, abs=1e-5)
        assert (odds > 0).all()


@given(SONGS)
@settings(max_examples=20)
def test_hearing_chord_by_chord_is_hearing_at_once(song: list[tuple[str, float]]) -> None:
    whole = MODEL.listen([label for label, _ in song], [beats for _, beats in song])
    step = MODEL.listen(beats=[])
    for label, beats in song:
        step.push(label, beats)
    assert step.labels == whole.labels == tuple(label for label, _ in song)
    assert step.odds().tobytes() == whole.odds().tobytes()


def test_a_chord_it_does_not_know_is_named() -> None:
    with pytest.raises(UnknownName, match="V:maj9"):
        MODEL.listen(["I:maj", "V:maj9"])
    with pytest.raises(UnknownName, match="X"):
        MODEL.followers("X")


def test_a_copy_goes_its_own_way() -> None:
    hearing = MODEL.listen(LOOP)
    before = hearing.odds().tobytes()
    other = hearing.copy()
    other.push("I:min")
    assert hearing.odds().tobytes() == before
    assert hearing.labels == LOOP
    assert other.labels == (*LOOP, "I:min")


def test_memory_says_what_followed_here() -> None:
    hearing = MODEL.listen((*LOOP, *LOOP, "I:maj", "IV:maj", "I:maj"))
    assert hearing.memory_says(1).followers == {"V:maj": 2, "IV:maj": 1}
    told = hearing.memory_says()
    assert told.after == ("IV:maj", "I:maj")
    assert list(told.followers.items()) == [("IV:maj", 1), ("V:maj", 1)]
    assert MODEL.listen(["I:maj"]).memory_says().followers == {}


def test_followers_are_shares_of_changes_and_of_songs() -> None:
    told = MODEL.followers(MODEL.vocabulary[0])
    assert list(told) == [MODEL.vocabulary[3], MODEL.vocabulary[7]]
    assert [(one.times, one.songs) for one in told.values()] == [(0.75, 1.0), (0.25, 0.5)]
    assert MODEL.followers(MODEL.vocabulary[1]) == {}


def test_steps_are_counted_by_mode_whatever_the_colour() -> None:
    assert MODEL.step("V:7", "I:min", "min") == Step(84 / 90, 90)
    assert MODEL.step("V:maj", "I:min", "maj") == Step(0.25, 40)
    assert MODEL.step("IV:maj", "I:maj", "maj") == Step(0.0, 0)
    assert MODEL.step("V:7", "V:maj", "maj") is None
    assert MODEL.step("X", "V:maj", "maj") is None


def test_bits_are_those_of_the_odds() -> None:
    song = MODEL.listen(LOOP[:3])
    wanted = -np.log2(song.odds()[MODEL.vocabulary.index(LOOP[3])])
    assert MODEL.bits(LOOP)[3] == pytest.approx(wanted)
    assert MODEL.bits(LOOP, memory=False)[3] != pytest.approx(wanted)


def continued(model: NextChord, hearing: Listening, timed: bool) -> None:
    """Check that drawn continuations cost what hearing them chord by chord costs."""
    told = model.sample(hearing, 5, 6, np.random.default_rng(2))
    assert told.chords.shape == told.beats.shape == told.bits.shape == (5, 6)
    for chords, beats, bits, style in zip(
        told.chords, told.beats, told.bits, told.style_bits, strict=True
    ):
        alone = hearing.copy()
        for at, chord in enumerate(chords):
            assert bits[at] == pytest.approx(-np.log2(alone.odds()[chord]), abs=1e-3)
            assert style[at] == pytest.approx(-np.log2(alone.odds(memory=False)[chord]), abs=1e-3)
            alone.push(model.vocabulary[chord], float(beats[at]) if timed else None)


@pytest.mark.parametrize("timed", [True, False])
def test_what_is_drawn_at_once_costs_what_it_costs_alone(timed: bool) -> None:
    lengths = [4.0, 2.0, 2.0, 8.0]
    continued(MODEL, MODEL.listen(LOOP, lengths if timed else None), timed)


def test_same_seed_same_continuations() -> None:
    hearing = MODEL.listen(LOOP)
    one, other = (MODEL.sample(hearing, 9, 4, np.random.default_rng(8)) for _ in range(2))
    assert one.chords.tobytes() == other.chords.tobytes()
    assert one.beats.tobytes() == other.beats.tobytes()
    assert hearing.labels == LOOP


@given(st.integers(0, 2**32 - 1), st.floats(0.2, 3.0))
@settings(max_examples=15)
def test_no_chord_is_drawn_after_itself_nor_one_that_may_not_stand(seed: int, heat: float) -> None:
    may = np.zeros(SIZE, dtype=bool)
    may[[0, 3, 8]] = True
    rng = np.random.default_rng(seed)
    told = MODEL.sample(MODEL.listen(["I:maj"]), 40, 5, rng, heat=heat, allowed=may)
    assert set(np.unique(told.chords)) <= {0, 3, 8}
    assert (told.chords[:, 0] != 0).all()
    assert (told.chords[:, 1:] != told.chords[:, :-1]).all()


def test_a_place_may_be_locked_even_to_the_chord_before() -> None:
    may = np.ones((3, SIZE), dtype=bool)
    may[1] = may[2] = False
    may[1:, 4] = True
    told = MODEL.sample(MODEL.listen(), 20, 3, np.random.default_rng(0), allowed=may)
    assert (told.chords[:, 1:] == 4).all()


def test_heat_spreads_what_is_drawn() -> None:
    hearing = MODEL.listen(LOOP)
    cold, hot = (
        MODEL.sample(hearing, 400, 1, np.random.default_rng(1), heat=heat) for heat in (0.3, 3.0)
    )
    assert cold.bits.mean() < hot.bits.mean()


@pytest.mark.parametrize("style", ["pop", "rock"])
def test_the_models_on_the_shelf_follow_the_song(style: str) -> None:
    name = f"chords-{style}"
    model = NextChord(presets.weights(name), presets.data(f"models/{name}"))
    turn = ("I:maj", "bVI:maj", "IV:min", "bVII:maj")
    hearing = model.listen((*turn * 3, *turn[:2]))
    wanted = model.vocabulary.index("IV:min")
    assert hearing.odds()[wanted] > 0.75 > hearing.odds(memory=False)[wanted]
    once = model.listen((*turn, *turn[:2]))
    assert once.odds()[wanted] > 0.25 > once.odds(memory=False)[wanted]
    assert model.followers("V:maj")["I:maj"].songs > 0.5
    continued(model, model.listen(turn, [4.0] * 4), timed=True)


def test_the_pop_model_keeps_a_harmonic_rhythm() -> None:
    model = NextChord(presets.weights("chords-pop"), presets.data("models/chords-pop"))
    for beats in (2.0, 4.0):
        hearing = model.listen(LOOP * 3, [beats] * 12)
        assert BEATS[int(hearing.beats_odds("I:maj").argmax())] == beats
