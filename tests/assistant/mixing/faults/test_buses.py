"""A bus beside its parts is told of, and muted."""

from __future__ import annotations

import numpy as np

from assistant.material import Audio, Samples, Session, Stem
from assistant.mixing.faults.buses import find_buses
from assistant.mixing.listening import recognised
from assistant.mixing.role_names import RoleNames
from assistant.steps import result

RATE = 8000


def played(seed: int, seconds: float = 6.0) -> Samples:
    """Make notes of noise that come and go, in a band of their own."""
    dice = np.random.default_rng(seed)
    frames = int(RATE * seconds)
    gates = np.repeat(dice.random(int(seconds * 4)) > 0.4, RATE // 4)[:frames]
    tone = np.sin(2.0 * np.pi * 110.0 * 2.0**seed * np.arange(frames) / RATE)
    made = 0.2 * gates * tone + dice.normal(0.0, 1e-4, frames)
    return np.asarray(made[None], np.float32)


def session(*extra: Stem) -> Session:
    stems = [Stem(f"track {n}", Audio(played(n), RATE)) for n in range(4)]
    return Session((*stems, *extra))


def test_tracks_that_are_no_sums_are_left_alone() -> None:
    assert find_buses(result(recognised(session(), RoleNames({}), {}))) == ()


def test_steady_sounds_are_not_muted_for_being_alike() -> None:
    dice = np.random.default_rng(1)
    noises = [np.asarray(dice.normal(0.0, 0.1, (1, 6 * RATE)), np.float32) for _ in range(3)]
    names = ["kick", "vox", "bass"]
    stems = (Stem(name, Audio(one, RATE)) for name, one in zip(names, noises, strict=True))
    tracks = result(recognised(Session(tuple(stems)), RoleNames({}), {}))
    assert find_buses(tracks) == ()
    assert all(one.sounds for one in tracks)


def test_a_sum_is_found_wherever_tracks_start() -> None:
    late = RATE
    both = np.pad(played(0), ((0, 0), (0, late)))
    both[:, late:] += played(1)
    parts = Stem("early", Audio(played(0), RATE)), Stem("late", Audio(played(1), RATE), late)
    whole = Session((*parts, Stem("print", Audio(both, RATE))))
    (found,) = find_buses(result(recognised(whole, RoleNames({}), {})))
    assert found.targets == ("print", "early", "late")


def test_a_sum_beside_its_parts_is_muted() -> None:
    both = np.asarray(played(0) + played(1), np.float32)
    tracks = result(recognised(session(Stem("print", Audio(both, RATE))), RoleNames({}), {}))
    (found,) = find_buses(tracks)
    assert found.targets == ("print", "track 0", "track 1")
    assert [(one.target, one.parameter) for one in found.moves] == [("print", "mute")]
    assert "track 0 and track 1" in found.why
    assert not tracks[-1].sounds


def test_a_sum_of_many_names_a_few() -> None:
    total = np.asarray(sum(played(n) for n in range(6)), np.float32)
    stems = [Stem(f"track {n}", Audio(played(n), RATE)) for n in range(6)]
    whole = Session((*stems, Stem("mixdown", Audio(total, RATE))))
    (found,) = find_buses(result(recognised(whole, RoleNames({}), {})))
    assert "track 0, track 1, track 2, track 3 and 2 more" in found.why
