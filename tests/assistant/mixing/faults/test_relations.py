"""Faults between tracks, and what their moves make of them."""

from __future__ import annotations

import numpy as np
import pytest

from assistant.material import Audio, Samples, Session, Stem
from assistant.mixing.fault import Fault
from assistant.mixing.faults.relations import find_relations
from assistant.mixing.heard import hear
from assistant.mixing.rendering import render
from assistant.steps import result
from tests.assistant.dsp.test_alignment import RATE, Row, hits, room


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def session(**tracks: Row) -> Session:
    return Session(
        tuple(
            Stem(name, Audio(np.atleast_2d(row).astype(np.float32), RATE))
            for name, row in tracks.items()
        )
    )


def find(of: Session) -> tuple[Fault, ...]:
    heard = [result(hear(stem.audio)) for stem in of.stems]
    return result(find_relations(of.stems, heard))


def cured(of: Session, *faults: Fault) -> Session:
    moves = [move for fault in faults for move in fault.moves]
    made = result(render(of, moves, zeros, tracks=True))
    return Session(made.tracks)


def power(of: Session) -> float:
    return float(np.square(result(render(of, [], zeros)).plain.audio.samples).mean())


def test_a_flipped_microphone_is_found_and_flipped_back() -> None:
    dry = hits(1)
    bad = session(top=room(dry, 2), under=-0.5 * room(dry, 3))
    (fault,) = find(bad)
    assert (fault.kind, fault.targets, fault.is_taste) == ("polarity", ("under", "top"), False)
    assert fault.confidence > 0.9
    good = cured(bad, fault)
    assert find(good) == ()
    assert power(good) > 4.0 * power(bad)


def test_of_three_the_one_that_opposes_is_flipped() -> None:
    dry = hits(1)
    bad = session(near=-1.0 * room(dry, 2), mid=0.5 * room(dry, 3), far=0.4 * room(dry, 4))
    (fault,) = find(bad)
    assert fault.targets[0] == "near"
    assert find(cured(bad, fault)) == ()


@pytest.mark.parametrize("frames", [2, 40, 320])
def test_a_late_microphone_is_found_and_brought_into_line(frames: int) -> None:
    dry = hits(1)
    bad = session(close=room(dry, 2), distant=0.7 * room(dry, 3, frames))
    (fault,) = find(bad)
    assert (fault.kind, fault.targets) == ("delay", ("close", "distant"))
    assert fault.value == pytest.approx(1000.0 * frames / RATE)
    assert not fault.is_taste
    assert find(cured(bad, fault)) == ()


def test_a_family_is_brought_into_line_as_one() -> None:
    dry = hits(1)
    bad = session(a=room(dry, 2, 30), b=-0.8 * room(dry, 3), c=0.7 * room(dry, 4, 100))
    faults = find(bad)
    assert sorted(fault.kind for fault in faults) == ["delay", "polarity"]
    assert find(cured(bad, *faults)) == ()


def test_the_room_behind_a_soft_direct_sound_is_a_taste() -> None:
    dry = hits(1)
    (fault,) = find(session(close=room(dry, 2), hall=0.05 * room(dry, 3, 150)))
    assert (fault.kind, fault.is_taste) == ("delay", True)


def test_a_room_further_off_moves_a_family_that_is_in_line_as_one() -> None:
    dry = hits(1)
    bad = session(a=room(dry, 2), b=room(dry, 3, 40), hall=0.05 * room(dry, 4, 120))
    fault, taste = find(bad)
    assert (fault.is_taste, taste.is_taste) == (False, True)
    waits = {move.target: move.value for move in taste.moves}
    assert waits["a"] == pytest.approx(waits["b"], abs=0.1)
    assert find(cured(bad, fault, taste)) == ()


def test_a_copy_is_muted() -> None:
    sound = hits(1)
    bad = session(vocal=sound, copy=0.5 * sound)
    (fault,) = find(bad)
    assert (fault.kind, fault.targets, fault.is_taste) == ("duplicate", ("copy", "vocal"), False)
    assert fault.value == pytest.approx(-6.0, abs=0.1)
    assert find(cured(bad, fault)) == ()


def test_a_copy_that_echoes_is_a_taste() -> None:
    dice = np.random.default_rng(4)
    sound = hits(1) * np.repeat(dice.uniform(0.1, 1.0, 60), RATE // 10)
    echo = np.concatenate([np.zeros(4000), 0.4 * sound])[: sound.size]
    (fault,) = find(session(vocal=sound, throw=echo))
    assert (fault.kind, fault.is_taste) == ("duplicate", True)


def test_a_flipped_copy_is_told_as_both() -> None:
    sound = hits(1)
    kinds = {fault.kind for fault in find(session(vocal=sound, copy=-sound))}
    assert kinds == {"duplicate", "polarity"}


def test_kick_and_bass_on_one_beat_are_left_alone() -> None:
    seconds = np.arange(RATE // 2) / RATE
    fading = np.exp(-6.0 * seconds)
    kick = np.sin(2.0 * np.pi * (50.0 * seconds - 8.0 * np.exp(-30.0 * seconds))) * fading
    bass = [
        -sum(np.sin(2.0 * np.pi * n * hz * seconds) / n for n in range(1, 30)) * fading
        for hz in (55.0, 65.4, 49.0, 73.4)
    ]
    assert find(session(kick=np.tile(kick, 12), bass=np.tile(np.concatenate(bass), 3))) == ()


def test_the_same_part_played_twice_is_left_alone() -> None:
    one, other = hits(1), np.roll(hits(2), 60)
    assert find(session(left=np.stack([one, 0 * one]), right=np.stack([0 * one, other]))) == ()


def test_silent_tracks_and_single_ones_are_left_alone() -> None:
    sound = hits(1)
    assert find(session(one=sound)) == ()
    assert find(session(one=sound, other=0.0 * sound, third=0.0 * sound)) == ()
    assert find(Session()) == ()


def test_of_many_copies_each_is_told_once() -> None:
    dry = hits(1)
    found = find(session(a=dry, b=0.5 * dry, c=dry, d=0.25 * dry, e=0.5 * dry))
    assert sorted(fault.targets for fault in found) == [
        ("b", "a"),
        ("c", "a"),
        ("d", "a"),
        ("e", "a"),
    ]
