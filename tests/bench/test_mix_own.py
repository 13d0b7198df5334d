from __future__ import annotations

import numpy as np

from assistant.material import Audio, Session, Stem
from assistant.mixing.fault import Fault, FaultKind
from assistant.mixing.heard import Heard
from assistant.mixing.listening import recognised
from assistant.moves import Move
from assistant.steps import result
from bench.mix_judging import Finding
from bench.mix_own import finding_of, remembering, role_names


def fault(kind: FaultKind, *moves: Move, targets: tuple[str, ...] = ("keys",)) -> Fault:
    return Fault(kind, targets, 0.5, 2.0, "dB", 0.9, "why", "listen", moves=moves)


def band(target: str, freq_hz: float, gain_db: float, group: str) -> list[Move]:
    knobs = {"eq.freq_hz": freq_hz, "eq.gain_db": gain_db, "eq.q": 4.0}
    return [Move(target, name, value, "why", group=group) for name, value in knobs.items()]


def test_each_band_is_a_finding_of_its_track() -> None:
    moves = [*band("pad", 300.0, -4.0, "a"), *band("pad", 2_000.0, -3.0, "b")]
    found = list(finding_of(fault("masking", *moves, targets=("vox", "pad"))))
    assert found == [
        Finding("masking", "pad", 2.0, "dB", 300.0, -4.0),
        Finding("masking", "pad", 2.0, "dB", 2_000.0, -3.0),
    ]


def test_faders_of_the_track_are_its_gain_and_those_of_others_are_not() -> None:
    moves = [Move(name, "gain_db", -4.5, "why", "change") for name in ("keys", "keys", "vox")]
    assert list(finding_of(fault("gain", *moves))) == [
        Finding("gain", "keys", 2.0, "dB", gain_db=-9.0)
    ]


def test_what_no_move_cures_is_a_finding_without_a_gain() -> None:
    moved = fault("dc", Move("keys", "hpf_hz", 20.0, "why"))
    for one in (fault("dc"), moved):
        assert list(finding_of(one)) == [Finding("dc", "keys", 2.0, "dB")]


def heard(session: Session) -> list[Heard]:
    return [track.heard for track in result(recognised(session, role_names(), {}))]


def test_a_stem_that_stays_is_heard_once_and_as_it_is_heard_without() -> None:
    dice = np.random.default_rng(1)
    stays, was, now = (
        Audio(dice.normal(0.0, 0.1, (1, 22_050)).astype(np.float32), 22_050) for _ in range(3)
    )
    first, second = (Session((Stem("keys", stays), Stem("pad", one))) for one in (was, now))
    alone = heard(second)
    with remembering():
        before, after = heard(first), heard(second)
    assert after[0] is before[0]
    assert after[1] is not before[1]
    for one, other in zip(after, alone, strict=True):
        assert one.loudness == other.loudness
        assert np.array_equal(one.moments.powers, other.moments.powers)
