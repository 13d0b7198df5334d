"""The melody network says of each note what its past allows, and nothing of what comes later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.models.layers import Weights
from assistant.models.melodies import LENGTHS, PITCHES, ROWS, Melodies, contexts, tokens
from assistant.models.melody import MelodyNet
from bridge.presets import weights

INPUTS, HIDDEN = 12, 16


def random_weights() -> Weights:
    random = np.random.default_rng(2)
    shapes = {
        "table": (ROWS, INPUTS), "tones": (INPUTS, 12), "rest_after": (LENGTHS, LENGTHS),
        "gru.weight_ih": (3 * HIDDEN, INPUTS), "gru.weight_hh": (3 * HIDDEN, HIDDEN),
        "gru.bias_ih": (3 * HIDDEN,), "gru.bias_hh": (3 * HIDDEN,),
        "pitch.weight": (PITCHES + 51 + 12, HIDDEN), "pitch.bias": (PITCHES + 51 + 12,),
        "length.weight": (LENGTHS, HIDDEN), "length.bias": (LENGTHS,),
        "rest.weight": (LENGTHS, HIDDEN), "rest.bias": (LENGTHS,),
    }  # fmt: skip
    return {name: random.normal(size=shape).astype(np.float32) for name, shape in shapes.items()}


NET = MelodyNet(random_weights())


def melodies(seed: int, *, count: int = 3, notes: int = 20) -> Melodies:
    """Make random melodies over random chords."""
    random = np.random.default_rng(seed)
    lengths = random.choice([1, 2, 3, 4, 30], (count, notes))
    starts = np.cumsum(lengths + random.choice([0, 0, 1, 20], (count, notes)), axis=1) - lengths
    pitches = 60 + random.integers(-9, 10, (count, notes))
    tones = (random.random((count, notes, 12)) < 0.3).astype(np.float32)
    roots = random.integers(-1, 12, (count, notes))
    return Melodies(pitches, lengths, starts, 2, "min", roots, tones)


def test_what_is_known_before_a_note() -> None:
    line = Melodies(
        pitches=np.array([[62, 66, 57]]), lengths=np.array([[2, 4, 1]]),
        starts=np.array([[30, 36, 80]]), tonic=2, mode="maj", roots=np.array([[2, -1, 9]]),
    )  # fmt: skip
    # Counted from the first row of each: pitch, class, interval, length, rest, place, bar, mode,
    # root, class before.
    first = contexts(replace(line, mode="none")).min(axis=(0, 1)) * 0
    sizes = [67, 13, 28, 19, 19, 16, 4, 3, 13, 14]
    first += np.cumsum([0, *sizes[:-1]]).astype(np.int32)
    assert sum(sizes) == ROWS
    assert (contexts(line)[0] - first).tolist() == [
        [66, 12, 27, 0, 18, 14, 1, 0, 0, 13],
        [30, 0, 27, 2, 4, 4, 2, 0, 12, 13],
        [34, 4, 17, 4, 18, 0, 1, 0, 7, 0],
    ]


@given(st.integers(0, 99), st.integers(0, 19))
def test_nothing_later_is_known(seed: int, note: int) -> None:
    line = melodies(seed)
    assert line.roots is not None
    pitches, lengths, roots = line.pitches.copy(), line.lengths.copy(), line.roots.copy()
    pitches[:, note:] += 1
    lengths[:, note:] = 1
    roots[:, note + 1 :] = 0
    other = replace(line, pitches=pitches, lengths=lengths, roots=roots)
    told, again = (NET.predict(one)[:, : note + 1] for one in (line, other))
    np.testing.assert_array_equal(told, again)


@given(st.integers(0, 99), st.integers(0, 11))
def test_every_key_is_told_alike(seed: int, up: int) -> None:
    line = replace(melodies(seed), tonic=0)
    assert line.roots is not None
    assert line.tones is not None
    moved = replace(
        line,
        pitches=line.pitches + up,
        tonic=up,
        roots=np.where(line.roots < 0, -1, (line.roots + up) % 12),
        tones=np.roll(line.tones, up, axis=-1),
    )
    np.testing.assert_array_equal(NET.predict(line), NET.predict(moved))


def test_odds_add_up_and_bits_are_their_mean() -> None:
    line = melodies(1)
    logs = NET.predict(line)
    np.testing.assert_allclose(np.exp(logs).sum(axis=-1), 1, rtol=1e-5)
    own = [
        [logs[row, note, token] for note, token in enumerate(one)]
        for row, one in enumerate(tokens(line))
    ]
    np.testing.assert_allclose(NET.bits(line), -np.mean(own, axis=1) / np.log(2), rtol=1e-5)


@pytest.mark.parametrize("known", [0, 1, 2, 9])
def test_what_was_heard_counts(known: int) -> None:
    whole = replace(melodies(4, count=1), mode="unk")
    told = NET.predict(whole.notes(known, 20), whole.notes(0, known))
    np.testing.assert_allclose(told, NET.predict(whole)[:, known:], atol=1e-5)


def test_one_melody_is_heard_before_each() -> None:
    heard, after = melodies(5, count=1, notes=6), melodies(6, count=4)
    after = replace(after, starts=after.starts + 300)
    told = NET.bits(after, heard)
    for row in range(4):
        one = replace(
            after,
            **{
                name: getattr(after, name)[row : row + 1]
                for name in ("pitches", "lengths", "starts", "roots", "tones")
            },
        )
        np.testing.assert_allclose(NET.bits(one, heard), told[row : row + 1], rtol=1e-5)


def test_one_line_of_chords_serves_all() -> None:
    line = melodies(7)
    assert line.roots is not None
    assert line.tones is not None
    shared = replace(line, roots=line.roots[:1], tones=line.tones[:1])
    spelled = replace(
        line, roots=np.repeat(line.roots[:1], 3, 0), tones=np.repeat(line.tones[:1], 3, 0)
    )
    np.testing.assert_array_equal(NET.predict(shared), NET.predict(spelled))


@pytest.mark.parametrize(
    ("pitch", "token"), [(30, 0), (95, 65), (29, 11), (96, 54), (0, 6), (127, 61)]
)
def test_pitches_out_of_reach_are_folded_by_octaves(pitch: int, token: int) -> None:
    (told,) = tokens(Melodies(np.array([[pitch]]), np.ones((1, 1), int), np.zeros((1, 1), int)))
    assert told.tolist() == [token]
    assert (token + 30 - pitch) % 12 == 0


def test_rests_lie_between_ends_and_starts() -> None:
    starts, lengths = np.array([[3, 4, 10]]), np.array([[2, 4, 1]])
    assert Melodies(lengths, lengths, starts).rests.tolist() == [[3, 0, 2]]


def test_rhythm_bits_look_at_lengths_and_rests() -> None:
    line = melodies(8)
    later = line.starts.copy()
    later[:, 10:] += 2
    longer = line.lengths.copy()
    longer[:, -1] += 1
    told = NET.rhythm_bits(line)
    assert (told > 0).all()
    assert (NET.rhythm_bits(replace(line, starts=later)) != told).all()
    assert (NET.rhythm_bits(replace(line, lengths=longer)) != told).sum() >= 2


def test_drawn_pitches_are_those_of_the_style() -> None:
    net = MelodyNet(weights("melody-pop"))
    quarters = np.full((60, 32), 4)
    starts = np.cumsum(quarters, axis=1) - 4
    rhythm = Melodies(np.zeros_like(quarters), quarters, starts, 9, "min")
    drawn = net.draw(rhythm, np.random.default_rng(1), span=(57, 76))
    again = net.draw(rhythm, np.random.default_rng(1), span=(57, 76))
    np.testing.assert_array_equal(drawn.pitches, again.pitches)
    assert 57 <= drawn.pitches.min() < 60
    assert 73 < drawn.pitches.max() <= 76
    assert len(np.unique(drawn.pitches, axis=0)) == 60
    minor = np.isin((drawn.pitches - 9) % 12, [0, 2, 3, 5, 7, 8, 10])
    assert minor.mean() > 0.93
    cool = net.draw(rhythm, np.random.default_rng(1), temperature=0.5, span=(57, 76))
    any_old = replace(rhythm, pitches=np.random.default_rng(1).integers(57, 77, quarters.shape))
    assert net.bits(cool).max() < net.bits(drawn).mean() < net.bits(any_old).min()


def test_drawing_goes_on_from_what_was_heard() -> None:
    line = melodies(9, count=1)
    heard, rhythm = line.notes(0, 8), line.notes(8, 20)
    drawn = NET.draw(rhythm, np.random.default_rng(3), heard, temperature=1e-4)
    best = NET.predict(drawn, heard).argmax(axis=-1)
    assert tokens(drawn).tolist() == best.tolist()


def test_a_span_without_pitches_is_refused() -> None:
    with pytest.raises(ValueError, match=r"no pitch from 32 to 97 lies in \(5, 9\)"):
        NET.draw(melodies(1), np.random.default_rng(0), span=(5, 9))


def test_chords_pull_the_melody() -> None:
    net = MelodyNet(weights("melody-pop"))
    line = Melodies(np.full((1, 8), 64), np.full((1, 8), 4), np.arange(8)[None] * 4, 0, "maj")
    tones = np.zeros((2, 1, 8, 12), np.float32)
    tones[0][..., [0, 4, 7]] = 1
    tones[1][..., [10, 2, 5]] = 1
    fits, clashes = (
        net.bits(replace(line, roots=np.full((1, 8), root), tones=one))[0]
        for root, one in zip((0, 10), tones, strict=True)
    )
    assert fits + 1 < clashes
