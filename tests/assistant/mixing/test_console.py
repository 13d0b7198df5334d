"""Moves read as a console."""

from __future__ import annotations

from typing import Literal

import pytest

from assistant.dsp.compressor import Compressor
from assistant.dsp.equaliser import Band
from assistant.errors import MaterialError, UnknownName
from assistant.mixing.console import MIX, START, Keyed, StripSettings, strip_settings
from assistant.mixing.sends import SENDS
from assistant.moves import PARAMETERS, Move

TRACKS = ("kick", "bass", "lead vocal")


def move(
    parameter: str,
    value: float,
    target: str = "bass",
    *,
    group: str = "",
    mode: Literal["set", "change"] = "set",
) -> Move:
    return Move(target, parameter, value, "because", mode, group)


def read(*moves: Move, target: str = "bass") -> StripSettings:
    return strip_settings(moves, TRACKS, SENDS)[target]


def test_no_moves_are_no_strips() -> None:
    assert strip_settings((), TRACKS, SENDS) == {}


def test_every_start_is_in_range_and_is_what_a_strip_does_anyway() -> None:
    for name, value in START.items():
        assert PARAMETERS[name].low <= value <= PARAMETERS[name].high
        if not name.startswith(("eq.", "comp.")):
            assert read(move(name, value)) == StripSettings()
    band = [
        move(f"eq.{name}", START[f"eq.{name}"], group="a") for name in ("gain_db", "q", "shape")
    ]
    assert read(*band, move("eq.freq_hz", 500.0, group="a")).bands == (Band("bell", 500.0),)
    rest = [move(name, START[name]) for name in START if name.startswith("comp.")]
    assert read(*rest, move("comp.threshold_db", -20.0)).compressors == (Keyed(Compressor(-20.0)),)


def test_of_two_that_set_the_last_counts_and_changes_add_up() -> None:
    assert read(move("gain_db", 3.0), move("gain_db", -2.0)).gain_db == -2.0
    changes = [move("gain_db", value, mode="change", group=str(value)) for value in (1.5, 2.0)]
    assert read(*changes).gain_db == 3.5
    assert read(move("gain_db", -4.0), *changes).gain_db == -0.5
    assert read(*changes, move("gain_db", -4.0)).gain_db == -4.0


def test_polarity_is_flipped_back_by_a_second_change() -> None:
    flip = move("polarity", -1.0, mode="change")
    assert read(flip).polarity == (-1.0, -1.0)
    assert read(flip, flip) == StripSettings()
    assert read(move("polarity", -1.0), move("polarity", -1.0)).polarity == (-1.0, -1.0)


def test_one_channel_may_be_flipped() -> None:
    assert read(move("polarity", -1.0, group="right")).polarity == (1.0, -1.0)
    both = move("polarity", -1.0, group="with the room mic")
    assert read(both, move("polarity", -1.0, group="left")).polarity == (1.0, -1.0)


def test_words_of_one_group_are_one_band() -> None:
    strip = read(
        move("eq.freq_hz", 300.0, group="mud"),
        move("eq.freq_hz", 8000.0, group="air"),
        move("eq.gain_db", -4.0, group="mud"),
        move("eq.q", 2.0, group="mud"),
        move("eq.shape", 2.0, group="air"),
        move("eq.gain_db", 2.0, group="air"),
    )
    assert strip.bands == (Band("bell", 300.0, -4.0, 2.0), Band("high shelf", 8000.0, 2.0))


def test_a_compressor_may_go_by_another_track() -> None:
    strip = read(
        move("comp.threshold_db", -24.0, group="side-chain kick"),
        move("comp.ratio", 6.0, group="side-chain kick"),
        move("comp.threshold_db", -18.0),
    )
    keyed = Keyed(Compressor(-24.0, 6.0), "kick")
    assert strip.compressors == (keyed, Keyed(Compressor(-18.0)))


def test_all_else_is_found_in_its_place() -> None:
    strip = read(
        move("hpf_hz", 40.0, group="cleaning"),
        move("lpf_hz", 9000.0),
        move("gate.threshold_db", -50.0),
        move("deess.freq_hz", 6500.0),
        move("deess.threshold_db", -30.0),
        move("send_db", -12.0, group="hall"),
        move("mute", 1.0),
        move("delay_ms", -3.0),
        move("pan", 0.2),
        move("width", 0.5),
    )
    assert strip == StripSettings(
        delay_ms=-3.0,
        hpf_hz=40.0,
        lpf_hz=9000.0,
        gate_db=-50.0,
        deesser=(6500.0, -30.0),
        mute=True,
        pan=0.2,
        width=0.5,
        sends=(("hall", -12.0),),
    )


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        (move("gain_db", 1.0, "lead vocals"), "no track 'lead vocals'. Did you mean 'lead vocal'"),
        (move("comp.ratio", 2.0, group="side-chain kik"), "no track 'kik'. Did you mean 'kick'"),
        (move("send_db", -6.0, group="hal"), "no send 'hal'. Did you mean 'hall'"),
    ],
)
def test_unknown_names_are_refused_with_what_was_meant(wrong: Move, text: str) -> None:
    with pytest.raises(UnknownName) as refused:
        read(wrong)
    assert text in str(refused.value)


@pytest.mark.parametrize(
    ("wrong", "text"),
    [
        ([move("eq.gain_db", 3.0, group="air")], "EQ band 'air' of 'bass' has no freq_hz"),
        ([move("comp.ratio", 3.0)], "compressor of 'bass' has no threshold_db"),
        ([move("deess.freq_hz", 6000.0)], "de-esser of 'bass' has no threshold_db"),
        ([move("hpf_hz", 10.0, mode="change")], "must be set first"),
        ([move("gain_db", 20.0), move("gain_db", 5.0, mode="change")], "24 dB, not to 25"),
        ([move("pan", float("nan"), mode="change")], "pan of 'bass' goes from -1 to 1"),
        ([move("limiter.gain_db", 5.0)], "no limiter.gain_db on 'bass'"),
        ([move("delay_ms", 5.0, MIX)], "no delay_ms on 'mix'"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name(wrong: list[Move], text: str) -> None:
    with pytest.raises(MaterialError) as refused:
        read(*wrong)
    assert text in str(refused.value)


def test_a_name_of_two_tracks_is_refused_where_it_matters() -> None:
    twice = ("kick", "kick", "bass")
    with pytest.raises(MaterialError, match="2 tracks called 'kick'"):
        strip_settings([move("gain_db", 1.0, "kick")], twice, SENDS)
    assert strip_settings([move("gain_db", 1.0)], twice, SENDS)["bass"].gain_db == 1.0
