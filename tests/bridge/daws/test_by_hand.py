from __future__ import annotations

import pytest

from assistant.moves import PARAMETERS, Move
from bridge.daws.by_hand import MAX_TEXT, by_hand


def test_knobs_of_one_effect_are_one_line() -> None:
    group = "side-chain kick"
    said = {"threshold_db": -22.7, "ratio": 4.0, "attack_ms": 5.0, "makeup_db": 0.5}
    keyed = [Move("bass", f"comp.{name}", value, "w", group=group) for name, value in said.items()]
    own = Move("bass", "comp.threshold_db", -14.8, "w", group="compressor")
    assert by_hand([keyed[0], own, *keyed[1:]]) == (
        "By hand: bass: compressor (side-chain kick): threshold -22.7 dB, ratio 4 :1, "
        "attack 5 ms, make-up +0.5 dB; bass: compressor (compressor): threshold -14.8 dB."
    )


@pytest.mark.parametrize(
    ("move", "line"),
    [
        (Move("a", "gain_db", 3.64, "w", "change"), "a: fader: by +3.64 dB"),
        (Move("a", "gain_db", -3.0, "w"), "a: fader: -3 dB"),
        (Move("a", "eq.gain_db", -7.945691440027073, "w"), "a: EQ: -7.95 dB"),
        (Move("a", "eq.freq_hz", 14063.7466930385917, "w"), "a: EQ: 14100 Hz"),
        (Move("a", "delay_ms", 12.3456, "w"), "a: delay: 12.346 ms"),
        (Move("a", "polarity", -1.0, "w", "change", "right"), "a: polarity (right): flip it"),
        (Move("a", "polarity", 1.0, "w"), "a: polarity: as recorded"),
        (Move("a", "hpf_hz", 70.0, "w"), "a: high-pass: 70 Hz"),
        (Move("a", "eq.q", 1.6, "w", group="body"), "a: EQ (body): Q 1.6"),
        (Move("a", "eq.shape", 2.0, "w"), "a: EQ: high shelf"),
        (Move("a", "send_db", -20.0, "w", group="room"), "a: send (room): -20 dB"),
        (Move("a", "mute", 1.0, "w"), "a: mute: on"),
        (Move("a", "gate.threshold_db", -50.0, "w"), "a: gate: threshold -50 dB"),
    ],
)
def test_each_knob_has_its_words(move: Move, line: str) -> None:
    assert by_hand([move]) == f"By hand: {line}."


def test_every_parameter_is_said() -> None:
    for name, known in PARAMETERS.items():
        assert by_hand([Move("a", name, known.low, "w")]).startswith("By hand: a: "), name
    assert by_hand([]) == ""


def test_it_fits_a_datagram() -> None:
    told = by_hand([Move(f"{n} {'ü' * 300}", "gain_db", 1.0, "w") for n in range(500)])
    assert len(told.encode()) < MAX_TEXT + 100
    assert told.endswith(" more.")
