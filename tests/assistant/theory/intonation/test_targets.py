from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.harmony.key import read_key
from assistant.theory.intonation.chord_spans import ChordSpan
from assistant.theory.intonation.scale_reading import read_scale
from assistant.theory.intonation.scales import scale_from_cents, scale_of_key
from assistant.theory.intonation.take import TakeNote
from assistant.theory.intonation.targets import choose_targets, decide
from bridge.presets import weights
from tests.assistant.theory.intonation.misses import nearest, notes, tune, wandering

STEPS = weights("melody-steps-pop")["steps"]
C_MAJOR = scale_of_key(read_key("C"))


def aims(targets: object) -> np.ndarray:
    return np.array([target.pitch for target in targets])  # type: ignore[attr-defined]


def test_nothing_is_decided_of_no_notes() -> None:
    assert choose_targets([], C_MAJOR) == ()
    assert decide([]).targets == ()


def test_one_note_is_decided() -> None:
    (target,) = choose_targets([TakeNote(0.0, 1.0, 60.2)], C_MAJOR)
    assert target.pitch == 60.0
    assert "C4 in C major" in target.why


def test_a_take_in_tune_stays_where_it_is() -> None:
    pitches = tune(1, 30)
    targets = choose_targets(notes(pitches), C_MAJOR)
    assert aims(targets).tolist() == pitches.tolist()
    assert all(target.moves for target in targets)


def test_a_wandering_voice_is_brought_back_where_the_nearest_note_is_wrong() -> None:
    right, near, moved, moved_right = [], [], [], []
    for seed in range(12):
        pitches, off = tune(seed, 48), wandering(seed, 48, 12.0, 18.0)
        targets = choose_targets(notes(pitches, off), C_MAJOR, habits=STEPS)
        hits = aims(targets) == pitches
        moves = np.array([target.moves for target in targets])
        right.append(hits.mean())
        near.append((nearest(pitches + off / 100.0) == pitches).mean())
        moved.append(moves.mean())
        moved_right.append(hits[moves].sum())
    assert np.mean(right) > np.mean(near) + 0.1
    assert np.mean(moved) > 0.75
    assert sum(moved_right) > 0.96 * 48 * sum(moved)


def test_confidence_is_what_it_says() -> None:
    sure, right = [], []
    for seed in range(16):
        pitches = tune(100 + seed, 48)
        off = wandering(seed, 48, 12.0, 35.0)
        targets = choose_targets(notes(pitches, off), C_MAJOR, habits=STEPS)
        sure += [target.confidence for target in targets]
        right += (aims(targets) == pitches).tolist()
    assert np.mean(sure) == pytest.approx(np.mean(right), abs=0.05)
    doubtful = np.array(sure) < 0.7
    assert np.array(right)[doubtful].mean() < np.array(right)[~doubtful].mean() - 0.15


def test_what_is_unsure_is_left_alone_and_says_why() -> None:
    pitches = np.array([60.0, 64.0, 67.0, 65.5, 62.0, 60.0, 64.0, 65.0])
    half = choose_targets(notes(pitches), C_MAJOR, threshold=0.9)[3]
    assert not half.moves
    assert half.why.startswith("left alone: ")
    assert {half.pitch, half.other} <= {64.0, 65.0, 66.0, 67.0}
    assert half.other is not None
    assert half.other != half.pitch
    assert half.confidence < 0.9
    assert choose_targets(notes(pitches), C_MAJOR, threshold=0.0)[3].moves


def test_a_note_that_is_in_tune_already_has_to_be_surer() -> None:
    pitches, off = tune(14, 60), np.random.default_rng(14).normal(0.0, 40.0, 60)
    sung = notes(pitches, off)
    for note, target in zip(sung, choose_targets(sung, C_MAJOR, threshold=0.8), strict=True):
        near = abs(note.centre - target.pitch) <= 0.25
        assert target.moves == (target.confidence >= (0.8**0.5 if near else 0.8))


def test_a_tune_sung_again_and_again_tells_what_a_note_halfway_was() -> None:
    pitches = np.tile([60.0, 64.0, 62.0, 67.0, 65.0, 64.0, 62.0, 60.0], 5)
    off = np.random.default_rng(15).normal(0.0, 15.0, 40)
    off[19] = -130.0
    target = choose_targets(notes(pitches, off), C_MAJOR)[19]
    assert target.pitch == 67.0
    assert target.moves


def test_a_note_that_lies_low_with_its_neighbours_says_so() -> None:
    pitches = tune(3, 40)
    targets = choose_targets(notes(pitches, np.full(40, -58.0)), C_MAJOR)
    assert any("the voice lies" in target.why and "low here" in target.why for target in targets)


def test_a_note_without_a_steady_pitch_is_less_sure() -> None:
    sung = notes(tune(4, 20), np.full(20, 30.0))
    vague = [TakeNote(each.start, each.end, each.centre, confidence=0.1, spread_cents=40.0)
             for each in sung]  # fmt: skip
    plain, less = choose_targets(sung, C_MAJOR), choose_targets(vague, C_MAJOR)
    assert sum(each.confidence for each in less) < sum(each.confidence for each in plain)


def test_the_octave_does_not_matter() -> None:
    pitches, off = tune(5, 40), wandering(5, 40)
    high = choose_targets(notes(pitches + 12.0, off), C_MAJOR)
    low = choose_targets(notes(pitches - 12.0, off), C_MAJOR)
    assert np.allclose(aims(high) - 24.0, aims(low))


def test_another_concert_pitch_moves_every_target() -> None:
    pitches = tune(6, 30)
    targets = choose_targets(notes(pitches, np.full(30, -32.0)), C_MAJOR, a4_hz=432.0)
    assert np.allclose(aims(targets), pitches - 0.3177, atol=1e-3)


def test_a_take_tuned_low_goes_to_concert_pitch_or_keeps_its_own() -> None:
    pitches = tune(7, 60)
    off = -30.0 + np.random.default_rng(7).normal(0.0, 15.0, 60)
    decision = decide(notes(pitches, off), C_MAJOR)
    assert (aims(decision.targets) == pitches).mean() > 0.95
    assert np.median(decision.tuning) == pytest.approx(-30.0, abs=8.0)
    kept = choose_targets(notes(pitches, off), C_MAJOR, keep_tuning=True)
    assert np.median(aims(kept) - pitches) == pytest.approx(-0.30, abs=0.08)


def test_a_take_in_another_key_than_said_is_left_alone() -> None:
    pitches = tune(8, 60, 61)
    decision = decide(notes(pitches, wandering(8, 60, 2.0, 12.0)), C_MAJOR, habits=STEPS)
    assert "does not fit C major" in decision.warning
    assert decision.confidence < 0.2
    assert not any(target.moves for target in decision.targets)
    assert all("does not fit" in target.why for target in decision.targets)


def test_the_key_is_found_where_none_is_said() -> None:
    pitches = tune(9, 64, 63)
    decision = decide(notes(pitches, wandering(9, 64, 3.0, 12.0)), habits=STEPS)
    assert decision.scale.key is not None
    assert decision.scale.key.pitch_classes == read_key("Eb").pitch_classes
    assert (aims(decision.targets) == pitches).mean() > 0.95


def test_chords_settle_what_the_scale_leaves_open() -> None:
    pitches = np.array([60.0, 62.0, 64.5, 62.0, 60.0, 62.0, 59.0, 67.0])
    sung = notes(pitches)
    f_major = ChordSpan(sung[2].start - 0.1, sung[2].end + 0.1, frozenset({5, 9, 0}))
    c_major = ChordSpan(sung[2].start - 0.1, sung[2].end + 0.1, frozenset({0, 4, 7}))
    odds = [
        {each.pitch: each.confidence for each in
         choose_targets(sung, C_MAJOR, chords=[chord])[2:3]}
        for chord in (f_major, c_major)
    ]  # fmt: skip
    assert odds[0].get(65.0, 0.0) > 1.0 - odds[1].get(64.0, 0.0)


def test_a_mask_has_no_other_notes() -> None:
    scale = read_scale("notes A C D E G")
    off = np.random.default_rng(10).normal(0.0, 60.0, 60)
    targets = choose_targets(notes(tune(10, 60), off), scale)
    assert all(scale.holds(target.pitch) for target in targets)


def test_notes_between_the_semitones_are_aimed_at() -> None:
    rast = scale_from_cents("rast", (200.0, 350.0, 500.0, 700.0, 900.0, 1050.0, 1200.0), 0.0)
    pitches = np.array([60.0, 62.0, 63.5, 65.0, 63.5, 62.0, 60.0, 62.0, 63.5, 67.0, 70.5, 72.0])
    off = np.random.default_rng(11).normal(0.0, 10.0, pitches.size)
    targets = choose_targets(notes(pitches, off), rast)
    assert np.allclose(aims(targets), pitches)
    assert "E4 -50" in targets[2].why


def test_a_long_take_is_decided_as_its_parts_are() -> None:
    pitches, off = tune(12, 500), 20.0 * np.sin(np.arange(500) / 40.0)
    decision = decide(notes(pitches, off), C_MAJOR)
    assert len(decision.targets) == 500
    assert decision.tuning.shape == (500,)
    assert (aims(decision.targets) == pitches).mean() > 0.99
    assert np.abs(decision.tuning - off).max() < 25.0


def test_wild_notes_and_odd_takes_are_decided_too() -> None:
    wild = [TakeNote(0.0, 0.0, 3.0), TakeNote(0.0, 0.01, 126.9), TakeNote(5.0, 9.0, 60.0, 400.0)]
    for target in choose_targets(wild, C_MAJOR) + choose_targets(wild):
        assert 0.0 <= target.confidence <= 1.0
        assert np.isfinite(target.pitch)


def test_the_same_take_is_decided_the_same() -> None:
    sung = notes(tune(13, 40), wandering(13, 40))
    assert decide(sung, habits=STEPS).targets == decide(sung, habits=STEPS).targets


def test_where_a_key_is_hardly_heard_hardly_a_note_moves() -> None:
    few = tuple(TakeNote(0.6 * at, 0.6 * at + 0.5, pitch) for at, pitch in enumerate((63.6, 66.5)))
    decision = decide(few)
    assert decision.confidence < 0.5
    assert not any(target.moves for target in decision.targets)


def test_in_a_chromatic_scale_notes_go_where_they_nearly_are_whatever_their_key() -> None:
    for tonic in (61, 66):
        pitches, off = tune(16, 60, tonic), np.random.default_rng(16).normal(0.0, 18.0, 60)
        targets = choose_targets(notes(pitches, off), read_scale("chromatic"), habits=STEPS)
        assert (aims(targets) == pitches).mean() > 0.95
        assert np.mean([target.moves for target in targets]) > 0.9


def test_a_take_between_two_semitones_is_not_sure_which_where_no_key_is_said() -> None:
    pitches, off = tune(17, 60, 62), np.random.default_rng(17).normal(0.0, 12.0, 60)
    near, between = (notes(pitches, off + each) for each in (0.0, 46.0))
    sure, unsure = decide(near, habits=STEPS), decide(between, habits=STEPS)
    assert np.mean([target.moves for target in sure.targets]) > 0.9
    assert unsure.confidence < 0.7 * sure.confidence
    assert np.mean([target.moves for target in unsure.targets]) < 0.2
    kept = decide(between, habits=STEPS, keep_tuning=True)  # both readings sound the same
    assert np.mean([target.moves for target in kept.targets]) > 0.8


def test_leaps_that_come_out_short_and_are_found_again_are_understood() -> None:
    right, near = [], []
    for seed in range(6):
        pitches, rng = tune(300 + seed, 48), np.random.default_rng(300 + seed)
        off = rng.normal(0.0, 14.0, 48)
        for at, leap in enumerate(np.diff(pitches), start=1):
            short = -12.0 * leap if abs(leap) > 2.0 else 0.0
            off[at] += 0.55 * off[at - 1] + np.clip(short, -60.0, 60.0)
        targets = choose_targets(notes(pitches, off), C_MAJOR, habits=STEPS)
        right.append((aims(targets) == pitches).mean())
        near.append((nearest(pitches + off / 100.0) == pitches).mean())
    assert np.mean(right) > np.mean(near) + 0.05
    assert np.mean(right) > 0.97
