from __future__ import annotations

import math
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.moves import PARAMETERS, Move
from bridge.dawproject.devices import left_out, strip


def channel(*moves: Move) -> Element:
    made = Element("Channel", id="c")
    strip(made, moves)
    return made


def value(made: Element, path: str) -> float:
    return float(made.findall(path)[0].attrib["value"])


def eq(freq: float, gain: float, shape: float, group: str) -> list[Move]:
    said = {"eq.freq_hz": freq, "eq.gain_db": gain, "eq.q": 1.4, "eq.shape": shape}
    return [Move("Vox", name, one, "why", group=group) for name, one in said.items()]


@given(st.floats(-60.0, 6.0), st.floats(-1.0, 1.0))
def test_the_fader_is_linear_and_pan_goes_from_0_to_1(gain: float, pan: float) -> None:
    made = channel(Move("Vox", "gain_db", gain, ""), Move("Vox", "pan", pan, ""))
    assert 20.0 * math.log10(value(made, "Volume")) == pytest.approx(gain)
    assert value(made, "Pan") == pytest.approx(0.5 + pan / 2.0)
    assert [one.tag for one in made] == ["Mute", "Pan", "Volume"]


def test_a_band_is_four_words_of_one_group() -> None:
    moves = [*eq(300.0, -3.0, 0.0, "a"), *eq(8000.0, 2.0, 2.0, "b")]
    made = channel(Move("Vox", "hpf_hz", 80.0, ""), *moves)
    bands = made.findall("Devices/Equalizer/Band")
    assert [band.get("type") for band in bands] == ["highPass", "bell", "highShelf"]
    assert [[one.tag for one in band] for band in bands[1:]] == [
        ["Freq", "Gain", "Q", "Enabled"]
    ] * 2
    assert value(made, "Devices/Equalizer/Band/Freq") == 80.0
    assert value(bands[2], "Freq") == 8000.0
    assert value(bands[1], "Gain") == -3.0


def test_a_compressor_is_in_the_units_and_the_order_that_were_published() -> None:
    said = {"threshold_db": -20.0, "ratio": 4.0, "release_ms": 120.0, "attack_ms": 10.0}
    moves = [Move("Vox", f"comp.{name}", one, "") for name, one in said.items()]
    made = channel(*moves, Move("Vox", "gate.threshold_db", -50.0, ""))
    compressor = made.findall("Devices/Compressor")[0]
    assert [one.tag for one in compressor] == [
        "Enabled",
        "Attack",
        "Ratio",
        "Release",
        "Threshold",
    ]
    assert value(compressor, "Attack") == 0.01
    assert value(compressor, "Ratio") == 75.0
    assert value(made, "Devices/NoiseGate/Threshold") == -50.0


def test_two_compressors_are_two_and_one_that_another_track_keys_is_told() -> None:
    keyed = Move("Bass", "comp.threshold_db", -22.0, "", group="side-chain kick")
    two = [Move("Bass", "comp.threshold_db", -16.8, "", group="compressor")]
    two += [Move("Bass", "comp.ratio", 4.0, "", group="compressor"), keyed]
    two += [Move("Bass", "comp.threshold_db", -30.0, "", group="second")]
    made = channel(*two, Move("Bass", "gate.threshold_db", -60.0, ""))
    assert [one.tag for one in made.findall("Devices/*")] == [
        "NoiseGate",
        "Compressor",
        "Compressor",
    ]
    thresholds = [one.get("value") for one in made.findall("Devices/Compressor/Threshold")]
    assert thresholds == ["-16.8", "-30.0"]
    assert list(left_out(two)) == ["Bass: comp.threshold_db (side-chain kick) -22 dB"]


def test_changes_add_up_from_what_a_new_channel_has() -> None:
    moves = [Move("Vox", "gain_db", gain, "", "change") for gain in (5.0, 4.0, -12.0)]
    assert 20.0 * math.log10(value(channel(*moves), "Volume")) == pytest.approx(-3.0)
    assert list(left_out(moves)) == []
    assert list(left_out(moves[:2])) == ["Vox: gain_db 9 dB, over the end of the fader"]


def test_what_has_no_word_is_told() -> None:
    moves = [Move("Vox", "deess.freq_hz", 6000.0, ""), Move("mix", "gain_db", 12.0, "")]
    assert list(left_out([*moves, Move("Vox", "pan", 0.5, "")])) == [
        "Vox: deess.freq_hz 6000 Hz",
        "mix: gain_db 12 dB, over the end of the fader",
    ]
    assert value(channel(moves[1]), "Volume") == 2.0


def test_every_parameter_is_written_or_told() -> None:
    plain = channel()
    for name, parameter in PARAMETERS.items():
        move = Move("Vox", name, parameter.low, "", group="g")
        alone = name in {"eq.gain_db", "eq.q", "eq.shape"}  # a band needs a frequency, too
        moves = [Move("Vox", "eq.freq_hz", 100.0, "", group="g"), move] if alone else [move]
        written = [one.tag for one in channel(*moves).iter()] != [one.tag for one in plain.iter()]
        written = written or name in {"gain_db", "pan", "mute"}
        assert written is not bool(list(left_out([move]))), name
