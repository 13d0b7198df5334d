"""`dialling`: moves as lines that a hand dials in, and every word of the vocabulary has one."""

from __future__ import annotations

import pytest

from assistant.mixing.dialling import dialled, pan_words
from assistant.moves import PARAMETERS, Move


def lines(*moves: Move) -> list[tuple[str, str, str]]:
    return [(one.target, one.device, one.setting) for one in dialled(moves)]


def move(parameter: str, value: float, group: str = "", target: str = "bass") -> Move:
    mode = "change" if parameter.endswith("gain_db") else "set"
    return Move(target, parameter, value, "because", mode, group)  # type: ignore[arg-type]


def test_a_band_is_one_line() -> None:
    band = (move("eq.freq_hz", 315.0, "a"), move("eq.gain_db", -4.5, "a"), move("eq.q", 2.8, "a"))
    (one,) = dialled(band)
    assert (one.device, one.setting) == ("EQ bell", "315 Hz, \u22124.5 dB, Q 2.80")
    assert (one.what_for, one.why) == ("a", "because")


def test_bands_are_told_apart_by_group_and_go_up() -> None:
    high = (move("eq.freq_hz", 8000.0, "air"), move("eq.gain_db", 2.0, "air"))
    shelf = (move("eq.shape", 2.0, "air"),)
    low = (move("eq.freq_hz", 80.0, "mud"), move("eq.gain_db", -2.0, "mud"))
    assert lines(*high, *shelf, *low) == [
        ("bass", "EQ bell", "80 Hz, \u22122.0 dB, Q 0.71"),
        ("bass", "EQ high shelf", "8 kHz, +2.0 dB, Q 0.71"),
    ]


def test_a_compressor_is_told_with_all_its_knobs() -> None:
    told = lines(move("comp.threshold_db", -28.0), move("comp.ratio", 2.5))
    setting = "threshold \u221228.0 dB, ratio 2.5:1, attack 10 ms, release 100 ms, make-up 0.0 dB"
    assert told == [("bass", "compressor", setting)]
    keyed = lines(move("comp.threshold_db", -28.0, "side-chain kick"))
    assert keyed[0][1] == "compressor, keyed by kick"
    (plain,) = dialled([move("comp.threshold_db", -28.0, "compressor")])
    assert (plain.device, plain.what_for) == ("compressor", "")


@pytest.mark.parametrize(
    ("one", "device", "setting"),
    [
        (move("polarity", -1.0), "polarity", "flipped"),
        (move("polarity", 1.0), "polarity", "as recorded"),
        (move("polarity", -1.0, "right"), "polarity, right channel", "flipped"),
        (move("mute", 1.0), "mute", "on"),
        (move("delay_ms", -1.25), "delay", "1.25 ms earlier"),
        (move("delay_ms", 0.5), "delay", "0.50 ms later"),
        (move("hpf_hz", 80.0), "high pass", "80 Hz, 12 dB an octave"),
        (move("width", 0.6), "width", "60 %"),
        (move("send_db", -12.0, "room"), "send to room", "\u221212.0 dB"),
        (move("pan", -0.3), "pan", "L30"),
        (move("gate.threshold_db", -50.0), "gate", "threshold \u221250.0 dB"),
        (move("gain_db", 3.0, "centred"), "fader", "+3.0 dB"),
    ],
)
def test_each_has_its_words(one: Move, device: str, setting: str) -> None:
    assert lines(one) == [("bass", device, setting)]


@pytest.mark.parametrize("parameter", PARAMETERS)
def test_every_parameter_can_be_told(parameter: str) -> None:
    known = PARAMETERS[parameter]
    (one,) = dialled([move(parameter, max(min(1.0, known.high), known.low), "room")])
    assert one.device
    assert one.setting


def test_knobs_that_are_turned_twice_stand_where_that_leaves_them() -> None:
    assert lines(move("gain_db", 2.0), move("gain_db", -0.5, "again"))[0][2] == "+1.5 dB"
    assert lines(move("pan", 0.5), move("pan", -0.2))[0][2] == "L20"
    flip = Move("bass", "polarity", -1.0, "x", "change")
    assert lines(flip)[0][2] == "flipped"
    assert lines(flip, flip)[0][2] == "as recorded"
    twice = dialled([Move("bass", "gain_db", 1.0, why, "change") for why in ("a", "b", "a")])
    assert twice[0].why == "a b"


def test_targets_keep_their_order_and_a_strip_goes_from_top_to_bottom() -> None:
    told = lines(
        move("gain_db", 1.0),
        move("pan", 0.0),
        move("hpf_hz", 40.0),
        move("gain_db", 1.0, target="a"),
    )
    assert [one[:2] for one in told] == [
        ("bass", "high pass"), ("bass", "fader"), ("bass", "pan"), ("a", "fader"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("pan", "said"),
    [(0.0, "C"), (0.004, "C"), (-1.0, "L100"), (0.337, "R34"), (-0.005, "L0"), (-0.006, "L1")],
)
def test_pan_is_said_as_a_daw_does(pan: float, said: str) -> None:
    assert pan_words(pan) == said
