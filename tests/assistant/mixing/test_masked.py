"""What tracks lose to each other, over chosen windows of a song."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.dsp.equaliser import Band
from assistant.dsp.excitation import EARS
from assistant.mixing.console import StripSettings
from assistant.mixing.masked import MixMasking, clarity, measure_masking, strip_powers
from assistant.mixing.role_names import Role
from assistant.mixing.track import Track
from assistant.steps import result
from tests.assistant.mixing.covering import RATE, cymbals, guitar, hiss, named, vocal, voice


def measured(*tracks: Track) -> MixMasking:
    return result(measure_masking(tracks))


def starts_of(*tracks: Track) -> Sequence[float]:
    return [float(start) / RATE for start in measured(*tracks).starts]


def test_who_plays_in_its_place_takes_most() -> None:
    found = measured(vocal(), guitar(), cymbals())
    assert found.names == ("vocal", "guitar", "cymbals")
    taken = found.taken_shares
    assert taken[0, 1] > 5.0 * taken[0, 2] > 0.0
    assert found.lost_share["vocal"] == pytest.approx(taken[0].sum(), rel=1e-3)
    middle = (found.bands_hz > 600.0) & (found.bands_hz < 1_800.0)
    high = found.bands_hz > 6_000.0
    shares = found.taken_band_shares[0, 1]
    assert shares[middle].min() > 0.2 > shares[high].max()


def test_progress_rises_to_the_end() -> None:
    told = list(measure_masking([vocal(), guitar()]))
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_more_there_is_of_one_the_less_is_heard_of_another() -> None:
    lost = [measured(vocal(), guitar(db)).lost_share["vocal"] for db in (-40.0, -30.0, -20.0)]
    assert lost == sorted(lost)
    assert lost[2] > lost[0] + 0.2


def test_the_gain_of_a_session_does_not_matter() -> None:
    soft = measured(vocal(-40.0), guitar(-40.0)).lost_share
    loud = measured(vocal(-20.0), guitar(-20.0)).lost_share
    assert soft["vocal"] == pytest.approx(loud["vocal"], abs=0.01)


def test_silence_and_sums_are_left_out() -> None:
    silent = named("nothing", Role.KEYS, np.zeros(RATE))
    bus = replace(vocal(), sum_of=("vocal", "guitar"))
    found = measured(vocal(), silent, bus, guitar())
    assert found.names == ("vocal", "guitar")
    assert measured(silent).names == ()


@pytest.mark.parametrize("count", [0, 1])
def test_who_plays_alone_loses_nothing(count: int) -> None:
    found = measured(*[vocal()][:count])
    assert len(found.starts) == 0
    assert found.taken_shares.shape == (count, count)
    assert not found.alone_bands.any()
    assert clarity(found) == dict.fromkeys(found.names, 1.0)


def test_who_never_plays_together_is_not_listened_to() -> None:
    late = named("guitar", Role.GUITAR, hiss(500.0, 2_000.0, -20.0, 1), start=5 * RATE)
    assert len(measured(vocal(), late).starts) == 0


def test_a_start_is_as_much_silence_before() -> None:
    sound, start = hiss(500.0, 2_000.0, -20.0, 1, 2.0), RATE
    late = measured(vocal(), named("guitar", Role.GUITAR, sound, start))
    padded = np.concatenate([np.zeros(start), sound])
    same = measured(vocal(), named("guitar", Role.GUITAR, padded))
    assert late.lost_share["vocal"] == pytest.approx(same.lost_share["vocal"], abs=0.05)
    assert late.seconds.min() > 0.8


def test_what_lies_before_the_song_is_not_heard() -> None:
    early = named("guitar", Role.GUITAR, hiss(500.0, 2_000.0, -20.0, 1, 2.0), start=-RATE)
    assert max(starts_of(vocal(), early)) < 1.0


def test_a_mono_track_comes_from_both_sides() -> None:
    once = measured(vocal(), guitar())
    both = named("guitar", Role.GUITAR, np.stack([hiss(500.0, 2_000.0, -20.0, 1)] * 2))
    twice = measured(vocal(), both)
    assert once.lost_share["vocal"] == pytest.approx(twice.lost_share["vocal"], abs=1e-3)
    assert once.mix_lufs == pytest.approx(twice.mix_lufs, abs=0.01)


def test_windows_lie_closer_where_more_plays() -> None:
    long, short = named("long", Role.KEYS, voice(-20.0, 60.0)), named("short", Role.KEYS, voice())
    late = replace(short, stem=replace(short.stem, start=57 * RATE))
    starts = np.array(starts_of(*[long] * 2, *[late] * 38))
    at_the_end = np.sum(starts > 57.0) / 3.0
    assert at_the_end > 3.0 * np.sum(starts < 57.0) / 57.0 > 0.0


def test_windows_do_not_fall_into_step_with_a_beat() -> None:
    starts = np.array(starts_of(*[named("keys", Role.KEYS, voice(-20.0, 120.0))] * 2))
    assert len(starts) < 600
    in_the_beat, _ = np.histogram(starts % 0.5, bins=5, range=(0.0, 0.5))
    assert in_the_beat.min() > 0.5 * in_the_beat.mean()


def test_the_same_twice() -> None:
    one, other = (measured(vocal(), guitar()) for _ in range(2))
    assert np.array_equal(one.found.heard, other.found.heard)
    assert np.array_equal(one.starts, other.starts)


def test_clarity_is_what_is_not_lost() -> None:
    found = measured(vocal(), guitar())
    heard = clarity(found)
    for name, lost in found.lost_share.items():
        assert heard[name] == pytest.approx(1.0 - lost, abs=0.05)


@pytest.mark.parametrize(
    "made",
    [
        StripSettings(gain_db=-12.0),
        StripSettings(bands=(Band("bell", 1_000.0, -12.0, 0.7),)),
        StripSettings(hpf_hz=1_500.0),
        StripSettings(lpf_hz=600.0),
    ],
)
def test_room_makes_a_track_clearer(made: StripSettings) -> None:
    found = measured(vocal(), guitar())
    assert clarity(found, {"guitar": made})["vocal"] > clarity(found)["vocal"] + 0.05


def test_nothing_is_lost_to_who_is_muted() -> None:
    heard = clarity(measured(vocal(), guitar()), {"guitar": StripSettings(mute=True)})
    assert heard["vocal"] == pytest.approx(1.0, abs=1e-3)


def test_two_that_stand_apart_are_clearer() -> None:
    found = measured(vocal(), guitar())
    sides = {"vocal": StripSettings(pan=-0.8), "guitar": StripSettings(pan=0.8)}
    assert clarity(found, sides)["vocal"] > clarity(found)["vocal"] + 0.1


def test_a_strip_that_is_set_to_nothing_does_nothing() -> None:
    np.testing.assert_array_equal(strip_powers(StripSettings(), RATE), 1.0)


def test_a_strip_reaches_both_ears_as_its_pan_has_it() -> None:
    made = strip_powers(StripSettings(gain_db=6.0, pan=1.0), RATE)
    assert len(made) == EARS
    np.testing.assert_allclose(made[0], 0.0, atol=1e-6)
    np.testing.assert_allclose(made[1], 2.0 * 10.0**0.6, rtol=1e-5)


def test_a_band_over_half_the_rate_changes_nothing() -> None:
    made = strip_powers(StripSettings(bands=(Band("bell", 6_000.0, 12.0),)), 8_000)
    np.testing.assert_array_equal(made, 1.0)
