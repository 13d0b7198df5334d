from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.signal import resample

from assistant import engine
from assistant.contract import Codec, Context, Progress, Request, Suggestion
from assistant.dsp.dither import on_grid
from assistant.dsp.drive import follow
from assistant.dsp.equaliser import Band, equalise
from assistant.dsp.loudness import measure
from assistant.dsp.stereo import picture
from assistant.errors import MaterialError, SettingError, TargetError
from assistant.material import Audio, Samples, Session, Stem
from assistant.steps import result
from bridge import presets
from tests.assistant.mastering.songs import RATE, Hot, peak_16, record, rounded, song, zeros

OFF: dict[str, Any] = {"balance": 0.0, "width": 0.0, "dynamics": 0.0}
ALL = 4
FINISHED = ("karissa_hobbs-lets_go_fishin.ogg", "kevin_macleod-vibe_ace.ogg")


def ask(
    material: Audio | Session,
    count: int = 3,
    codec: Codec | None = None,
    seed: int = 0,
    *,
    report: bool = False,
    **asked: Any,  # settings
) -> list[Suggestion]:
    context = Context(seed, count, presets.data, codec=codec, report=report)
    return [
        one
        for one in engine.run(Request("master", material, asked, context))
        if isinstance(one, Suggestion)
    ]


def main(suggestion: Suggestion, role: str = "main") -> Audio:
    audio = suggestion.material[role]
    assert isinstance(audio, Audio)
    return audio


def after(suggestion: Suggestion, name: str) -> float:
    value = suggestion.measured[name].after
    assert value is not None
    return value


@pytest.fixture(scope="module")
def mixes() -> Callable[[Path, str], Audio]:
    """Read half a minute of a mix: whole ones are mastered in test_end_to_end.py."""

    @lru_cache
    def read(data: Path, name: str) -> Audio:
        if name != "stems":
            with soundfile.SoundFile(data / "music" / name) as file:
                samples = file.read(30 * file.samplerate, dtype="float32")
                return Audio(np.ascontiguousarray(samples.T), file.samplerate)
        stems = sorted((data / "stems" / "potassium").glob("*.flac"))
        both = [soundfile.read(stem, dtype="float32") for stem in stems]
        total = np.sum([samples for samples, _ in both], axis=0)
        return Audio(np.ascontiguousarray(total.T), both[0][1])

    return read


def test_a_gain_is_enough_where_the_peaks_stay_under_the_ceiling() -> None:
    audio = song(level=0.3)
    (only,) = ask(audio, ALL, loudness=-30.0, **OFF)
    gain = np.float32(10.0 ** (after(only, "gain") / 20.0))
    np.testing.assert_allclose(main(only).samples, audio.samples * gain, rtol=1e-6)
    assert "nothing is limited" in only.why
    assert after(only, "limiting") == 0.0
    assert [(move.parameter, move.mode) for move in only.moves] == [("gain_db", "change")]


def test_limiting_is_told_in_numbers_and_has_an_answer_without() -> None:
    target, *_, kept = ask(song(), ALL, loudness=-12.0)
    assert target.title == "Transparent, -12.0 LUFS"
    assert f"up to {after(target, 'limiting'):.1f} dB" in target.why
    assert 0.0 < after(target, "limiting") <= 8.0
    assert [(move.parameter, move.group) for move in target.moves[-2:]] == [
        ("limiter.gain_db", "limiter"),
        ("limiter.ceiling_db", "limiter"),
    ]
    assert kept.title == f"Dynamics kept, {after(kept, 'integrated'):.1f} LUFS"
    assert after(kept, "limiting") == 0.0
    assert after(kept, "integrated") < after(target, "integrated")
    assert "gets no nearer to -12.0 LUFS" in kept.why


def test_where_dynamics_are_kept_nothing_moves_them() -> None:
    *_, kept = ask(song(), ALL, loudness=-10.0, balance=0.0, width=0.0)
    assert after(kept, "peak_to_loudness") == pytest.approx(
        kept.measured["peak_to_loudness"].before
    )
    gain = np.float32(10.0 ** (after(kept, "gain") / 20.0))
    np.testing.assert_allclose(main(kept).samples, song().samples * gain, rtol=1e-6)


def test_over_8_db_warns_with_the_nearest_sensible_target() -> None:
    target = ask(song(), 1, loudness=-8.0)[0]
    assert after(target, "limiting") > 8.0
    assert after(target, "integrated") == pytest.approx(-8.0, abs=0.05)
    assert target.confidence < 0.6
    nearest = float(target.why.partition("nearest sensible target is ")[2].partition(" LUFS")[0])
    (less,) = ask(song(), 1, loudness=nearest)
    assert after(less, "integrated") == pytest.approx(nearest, abs=0.05)
    assert 7.5 < after(less, "limiting") <= 8.0


def test_what_is_out_of_reach_is_refused_with_what_is_not() -> None:
    dice = np.random.default_rng(0)
    hum = np.sin(2.0 * np.pi * 25.0 * np.arange(3 * RATE) / RATE)
    audio = Audio((0.5 * hum + dice.normal(0.0, 0.01, (2, hum.size))).astype(np.float32), RATE)
    with pytest.raises(TargetError) as refused:
        ask(audio, loudness=-9.0)
    told = str(refused.value)
    assert "100 % of its energy lies below 100 Hz" in told
    assert "3.0 s" in told
    nearest = float(told.rpartition("nearest sensible target is ")[2].removesuffix(" LUFS."))
    (first, *_) = ask(audio, loudness=nearest)
    assert after(first, "limiting") <= 8.0
    assert after(first, "integrated") == pytest.approx(nearest, abs=0.05)


@pytest.mark.parametrize("channels", [1, 2, 6, 8])
@pytest.mark.parametrize("rate", [8_000, 48_000, 192_000])
def test_every_rate_and_channel_count_comes_to_the_target(channels: int, rate: int) -> None:
    (first, *_) = ask(song(2.0, channels, rate), loudness=-16.0)
    assert main(first).samples.shape == (channels, 2 * rate)
    assert measure(main(first)).integrated == pytest.approx(-16.0, abs=0.05)
    assert peak_16(main(first).samples) <= -1.0


def test_a_limited_master_can_be_mastered_again() -> None:
    (first, *_) = ask(song(), loudness=-11.0)
    (again, *_) = ask(main(first), loudness=-10.0)
    assert after(again, "integrated") == pytest.approx(-10.0, abs=0.05)
    assert peak_16(main(again).samples) <= -1.0


def test_the_target_it_already_has_leaves_a_mix_as_it_is() -> None:
    audio = song()
    (first, *_) = ask(audio, loudness=measure(audio).integrated, ceiling=0.0)
    np.testing.assert_allclose(main(first).samples, audio.samples, rtol=1e-5)


@pytest.mark.parametrize("by", [0.05, 0.4])
def test_an_offset_is_taken_out_and_costs_no_loudness(by: float) -> None:
    off = Audio(song().samples + np.float32(by), RATE)
    one, plain = (ask(mix, 1, loudness=-14.0)[0] for mix in (off, song()))
    assert after(one, "integrated") == pytest.approx(-14.0, abs=0.05)
    assert after(one, "limiting") == pytest.approx(after(plain, "limiting"), abs=0.1)
    assert "A constant offset" in one.why
    assert "offset" not in plain.why
    assert abs(float(main(one).samples.mean())) < 1e-3


def test_an_offset_can_be_left_as_it_is() -> None:
    off = Audio(song().samples + np.float32(0.05), RATE)
    (one, *_) = ask(off, 1, loudness=-24.0, offset=False)
    assert float(main(one).samples.mean()) > 0.01
    assert "offset" not in one.why


def test_nothing_but_an_offset_is_silence() -> None:
    with pytest.raises(MaterialError, match="the same offset"):
        ask(Audio(np.full((2, RATE), 0.3, np.float32), RATE))


@settings(max_examples=15)
@given(st.floats(-30.0, -10.0), st.floats(-6.0, 0.0), st.floats(1.0, 100.0))
def test_the_amount_is_the_way_in_lu_and_the_ceiling_always_holds(
    loudness: float, ceiling: float, amount: float
) -> None:
    audio = song(3.0)
    (first,) = ask(audio, 1, loudness=loudness, ceiling=ceiling, amount=amount)
    before = measure(audio).integrated
    wanted = before + amount / 100.0 * (loudness - before)
    assert measure(main(first)).integrated == pytest.approx(wanted, abs=0.05)
    assert peak_16(main(first).samples) <= ceiling


def test_amount_0_is_the_mix() -> None:
    audio = song()
    (only,) = ask(audio, amount=0.0)
    assert main(only).samples.tobytes() == audio.samples.tobytes()
    assert only.moves == ()


def test_amount_0_says_that_rate_and_depth_stay_too() -> None:
    (only,) = ask(song(), amount=0.0, rate="96000", bits="16")
    assert only.why.endswith("its rate and its bits too, whatever was asked for.")
    assert only.bits is None
    assert ask(song(), amount=0.0)[0].why.endswith("sample for sample.")


@pytest.mark.parametrize(
    ("samples", "told"),
    [
        (np.zeros((2, RATE)), "silent"),
        (np.full((1, 17_000), 0.1), "lasts 0.385 s"),
        (np.random.default_rng(0).normal(0.0, 1e-6, (2, RATE)), "nowhere louder than -70 LUFS"),
    ],
)
def test_what_has_no_loudness_is_refused_by_name(samples: Samples, told: str) -> None:
    with pytest.raises(MaterialError, match=told):
        ask(Audio(samples.astype(np.float32), RATE))


def test_a_very_quiet_mix_is_brought_up_and_its_moves_stay_in_range() -> None:
    (first, *_) = ask(song(level=1e-3), loudness=-12.0)
    assert after(first, "gain") > 36.0
    gains = [move.value for move in first.moves if move.parameter.endswith("gain_db")]
    assert sum(gains) == pytest.approx(after(first, "gain"), abs=0.02)


def test_progress_is_told_often_and_rises() -> None:
    request = Request("master", song(), {"loudness": -8.0}, Context(count=9, shelf=presets.data))
    told = [answer for answer in engine.run(request) if isinstance(answer, Progress)]
    doing = list(dict.fromkeys(answer.doing for answer in told))
    ways = [f"mastering: {name}" for name in ("Transparent", "Dense", "Bright", "Dynamics kept")]
    assert doing == ["listening to the mix", *ways, "done"]
    steps = [later.fraction - one.fraction for one, later in pairwise(told)]
    assert min(steps) >= 0.0
    assert max(steps) < 0.15


def test_three_ways_come_to_one_loudness_and_differ() -> None:
    ways = ask(song(), loudness=-14.0)
    assert [way.title for way in ways] == [
        "Transparent, -14.0 LUFS",
        "Dense, -14.0 LUFS",
        "Bright, -14.0 LUFS",
    ]
    for way in ways:
        assert measure(main(way)).integrated == pytest.approx(-14.0, abs=0.05)
    assert len({main(way).samples.tobytes() for way in ways}) == 3
    assert len({way.why for way in ways}) == 3
    assert ways[0].confidence == max(way.confidence for way in ways)


def test_a_dense_way_is_denser_and_a_bright_one_brighter() -> None:
    transparent, dense, bright = (main(way).samples[0] for way in ask(song(), loudness=-24.0))
    crests = [float(np.abs(each).max() / np.std(each)) for each in (transparent, dense)]
    assert crests[1] < crests[0]
    lines = [np.abs(np.fft.rfft(each)) ** 2 for each in (transparent, bright)]
    above = round(7000.0 * transparent.size / RATE)
    shares = [float(each[above:].sum() / each.sum()) for each in lines]
    assert 10.0 * np.log10(shares[1] / shares[0]) > 0.4


@pytest.mark.parametrize(
    ("off", "titles"),
    [
        ({"dynamics": 0.0}, ["Transparent", "Bright", "Dynamics kept"]),
        ({"balance": 0.0}, ["Transparent", "Dense", "Dynamics kept"]),
        ({"limiter": False}, ["Transparent", "Dense", "Bright"]),
        (OFF, ["Transparent", "Dynamics kept"]),
        ({**OFF, "limiter": False}, ["Transparent"]),
    ],
)
def test_a_way_whose_step_is_switched_off_is_not_proposed(
    off: dict[str, Any], titles: list[str]
) -> None:
    ways = ask(song(), ALL, loudness=-11.0, **off)
    assert [way.title.partition(",")[0] for way in ways] == titles
    assert len({main(way).samples.tobytes() for way in ways}) == len(ways)


def test_a_rate_without_a_top_has_nothing_to_brighten() -> None:
    titles = [way.title.partition(",")[0] for way in ask(song(rate=8000), loudness=-20.0)]
    assert titles == ["Transparent", "Dense"]


def test_what_is_too_short_to_hold_is_not_called_dense() -> None:
    titles = [way.title.partition(",")[0] for way in ask(song(0.45), loudness=-24.0)]
    assert titles == ["Transparent", "Bright"]


def test_with_every_step_off_and_its_own_loudness_the_mix_is_multiplied_by_one_number() -> None:
    audio = song(level=0.2)
    own = measure(audio).integrated
    (only,) = ask(audio, ALL, loudness=own, ceiling=0.0, limiter=False, **OFF)
    gain = (
        main(only).samples[np.abs(audio.samples) > 0.01]
        / audio.samples[np.abs(audio.samples) > 0.01]
    )
    assert gain == pytest.approx(gain[0], rel=1e-6)
    assert gain[0] == pytest.approx(1.0, abs=0.001)
    assert "Nothing but the loudness changes." in only.why
    assert "Already at" in only.why


def test_without_a_limiter_nothing_is_limited_and_all_are_as_loud_as_each_other() -> None:
    ways = ask(song(), ALL, loudness=-9.0, limiter=False)
    reached = [measure(main(way)).integrated for way in ways]
    assert max(reached) - min(reached) < 0.05
    holds = [way for way in ways if "Without a limiter it gets no nearer to -9.0 LUFS." in way.why]
    (name,) = {way.title.partition(",")[0] for way in holds}
    for way in ways:
        assert after(way, "limiting") == 0.0
        assert peak_16(main(way).samples) <= -1.0
        assert way in holds or f"Without a limiter {name} gets no nearer to -9.0 LUFS" in way.why
        assert way.confidence < 0.8
    assert peak_16(main(holds[0]).samples) > -1.2
    (alone,) = ask(song(), 1, loudness=-9.0, limiter=False)
    assert main(alone).samples.tobytes() == main(ways[0]).samples.tobytes()


def unbalanced(seconds: float = 8.0) -> Audio:
    """Make a record with too much top, and a bass that is wider than mono can hold."""
    samples = record(seconds).samples.copy()
    samples[1] -= 0.12 * np.sin(2.0 * np.pi * 55.0 * np.arange(samples.shape[1]) / RATE)
    shelf = Band("high shelf", 4000.0, 9.0, 0.6)
    return result(equalise(Audio(samples.astype(np.float32), RATE), [shelf], zeros))


@pytest.mark.parametrize("name", ["balance", "width", "dynamics"])
def test_a_step_that_is_switched_off_is_not_told_of(name: str) -> None:
    ways = ask(unbalanced(), loudness=-24.0, **{**OFF, name: 100.0})
    words = {"balance": "over the neutral curve", "width": "sides go into", "dynamics": "held at"}
    for other, word in words.items():
        assert any(word in way.why for way in ways) == (other == name)


def test_half_the_amount_does_half() -> None:
    mix = unbalanced()
    whole, half = (ask(mix, 1, loudness=-20.0, amount=amount)[0] for amount in (100.0, 50.0))
    gains = [
        [move.value for move in one.moves if move.parameter == "eq.gain_db"]
        for one in (whole, half)
    ]
    assert gains[0]
    assert gains[1] == pytest.approx([0.5 * gain for gain in gains[0]], abs=0.02)
    ways = [after(one, "integrated") - measure(mix).integrated for one in (whole, half)]
    assert ways[1] == pytest.approx(0.5 * ways[0], abs=0.05)


def test_the_same_seed_gives_the_same_bits_and_another_only_other_dither() -> None:
    audio = rounded(song(4.0), 16)
    one, again, other = (main(ask(audio, 1, seed=seed)[0]).samples for seed in (1, 1, 2))
    assert one.tobytes() == again.tobytes()
    assert one.tobytes() != other.tobytes()
    np.testing.assert_allclose(one, other, atol=2e-3)


@pytest.mark.parametrize("bits", ["16", "24"])
@pytest.mark.parametrize(("rate", "to"), [(44_100, 48_000), (48_000, 44_100), (96_000, 44_100)])
def test_the_ceiling_holds_at_the_rate_of_the_file_after_dither(
    rate: int, to: int, bits: str
) -> None:
    (one,) = ask(song(4.0, rate=rate), 1, loudness=-10.0, rate=str(to), bits=bits)
    made = main(one)
    assert made.rate == to
    assert made.frames == pytest.approx(4.0 * to, abs=1)
    assert after(one, "limiting") > 3.0
    assert on_grid(made, int(bits))
    assert peak_16(made.samples) <= -1.0
    assert measure(made).integrated == pytest.approx(-10.0, abs=0.05)


@pytest.mark.parametrize("dither", ["tpdf", "shaped", "none"])
def test_dither_is_what_was_asked_for_and_lies_on_the_grid(dither: str) -> None:
    (one,) = ask(song(2.0), 1, bits="16", dither=dither)
    (exact,) = ask(song(2.0), 1, bits="float")
    assert (one.bits, exact.bits) == (16, 32)
    noise = (main(one).samples - main(exact).samples) * 32_768.0
    assert float(np.std(noise)) > (0.45 if dither != "none" else 0.25)
    assert float(np.abs(noise).max()) < {"none": 0.51, "tpdf": 1.6, "shaped": 16.0}[dither]


def test_a_mix_of_16_bits_comes_out_on_their_grid_and_a_float_one_on_none() -> None:
    assert on_grid(main(ask(rounded(song(2.0), 16), 1)[0]), 16)
    assert on_grid(main(ask(rounded(song(2.0), 24), 1)[0]), 24)
    assert not on_grid(main(ask(song(2.0), 1)[0]), 24)


@pytest.mark.parametrize("loudness", [-23.0, -20.0, -17.0, -14.0, -12.0, -11.0])
def test_the_loudness_is_reached_wherever_that_takes_no_more_than_8_db(loudness: float) -> None:
    for way in ask(song(5.0), loudness=loudness):
        assert after(way, "limiting") <= 8.0
        assert measure(main(way)).integrated == pytest.approx(loudness, abs=0.05)
        assert "sensible" not in way.why


def test_codecs_are_checked_and_what_that_cost_is_said() -> None:
    tool = Hot()
    (one,) = ask(song(), 1, tool, loudness=-12.0, ceiling=-1.0, codecs="aac 128, opus 96")
    assert tool.heard[-1].samples.tobytes() == main(one).samples.tobytes()
    for name in ("aac_128_true_peak", "opus_96_true_peak"):
        before = one.measured[name].before
        assert before is not None
        assert before > 0.0
        assert after(one, name) <= 0.0
    assert "AAC 128 would have gone to" in one.why
    decoded = result(tool(main(one), "aac", 128, Context().scratch))
    assert decoded is not None
    assert peak_16(decoded.samples) <= 0.0
    assert measure(main(one)).integrated == pytest.approx(-12.0, abs=0.2)


def test_without_a_tool_the_check_is_said_not_to_have_been_made() -> None:
    (one,) = ask(song(2.0), 1, codecs="aac")
    assert "codec check was not made for AAC 256: there is no ffmpeg" in one.why
    assert "true_peak" in one.measured
    assert "aac_256_true_peak" not in one.measured


def test_a_codec_that_is_none_is_refused_before_the_work() -> None:
    with pytest.raises(SettingError, match="Did you mean 'opus'"):
        ask(song(2.0), codecs="opsu 96")


def near_mono(seconds: float = 6.0) -> Audio:
    mono = song(seconds, 1).samples
    return Audio(np.concatenate([mono, np.float32(0.999) * mono]), RATE)


def test_a_reference_without_sides_cannot_collapse_the_image() -> None:
    mix = song()
    for reference in (near_mono(), Audio(near_mono().samples[:1].copy(), RATE)):
        for way in ask(mix, loudness=-16.0, reference=reference):
            before, now = (result(picture(one)).whole.side_db for one in (mix, main(way)))
            assert now > before - 4.0


def test_a_reference_can_give_its_loudness() -> None:
    quiet = Audio(0.2 * song(6.0).samples[::-1].copy(), RATE)
    (one,) = ask(song(), 1, reference=quiet, match_loudness=True, loudness=-9.0)
    assert one.title.startswith("Matched")
    assert after(one, "integrated") == pytest.approx(measure(quiet).integrated, abs=0.05)


def test_a_reference_can_make_it_denser() -> None:
    time = np.arange(24 * RATE) / RATE
    swing = np.where(time % 8.0 < 4.0, 1.0, 0.3).astype(np.float32)
    ranging = Audio(song(24.0).samples * swing, RATE)
    loose, tight = (
        ask(ranging, 1, reference=song(6.0, 1), loudness=-12.0, match_dynamics=asked)[0]
        for asked in (False, True)
    )
    assert "held at" in tight.why
    assert after(tight, "limiting") < after(loose, "limiting")


def test_the_mix_itself_is_no_reference() -> None:
    with pytest.raises(MaterialError, match="the mix itself"):
        ask(song(4.0), reference=Audio(song(4.0).samples.copy(), RATE))


def test_the_comparison_is_as_loud_as_the_mix() -> None:
    mix = song(level=0.2)
    (one,) = ask(mix, 1, loudness=-12.0, compare=True)
    compared = main(one, "compare")
    assert measure(compared).integrated == pytest.approx(measure(mix).integrated, abs=0.01)
    gain = np.float32(10.0 ** (after(one, "compare_gain") / 20.0))
    np.testing.assert_allclose(compared.samples, main(one).samples * gain, rtol=1e-5)


def test_the_comparison_never_clips() -> None:
    loud = Audio(np.clip(4.0 * song().samples, -1.0, 1.0), RATE)
    (one,) = ask(loud, 1, loudness=-24.0, compare=True)
    assert peak_16(main(one, "compare").samples) <= 0.01


@pytest.mark.parametrize("gain", [8.0, 30.0])
def test_a_clipped_mix_is_told_to_be_one_and_is_less_sure(gain: float) -> None:
    clipped = Audio(np.clip(gain * song().samples, -1.0, 1.0), RATE)
    whole, cut = ask(song(), 1, loudness=-20.0)[0], ask(clipped, 1, loudness=-20.0)[0]
    assert "It came clipped, cut off flat in" in cut.why
    assert "clipped" not in whole.why
    assert cut.confidence <= whole.confidence - 0.1


def test_a_limited_master_is_told_to_leave_little_room() -> None:
    (first,) = ask(song(), 1, loudness=-8.0)
    (again,) = ask(main(first), 1, loudness=-7.0)
    assert "little room: its peaks stand only" in again.why
    assert "more limiting adds to that" in again.why
    (down,) = ask(main(first), 1, loudness=-14.0, **OFF)
    assert "little room" in down.why
    assert "adds to that" not in down.why


def test_an_odd_mix_is_mastered_like_any_other() -> None:
    time = np.arange(6 * RATE) / RATE
    for samples in (
        0.1 * np.sign(np.sin(2.0 * np.pi * 110.0 * time))[None],
        song(6.0).samples * [[1.0], [0.0]],
        song(6.0).samples * [[1.0], [-1.0]],
        song(6.0, 6).samples * (np.arange(6) != 3)[:, None],
    ):
        for way in ask(Audio(samples.astype(np.float32), RATE), loudness=-18.0):
            assert measure(main(way)).integrated == pytest.approx(-18.0, abs=0.05)
            assert peak_16(main(way).samples) <= -1.0


def test_a_report_is_drawn_of_each() -> None:
    for way in ask(song(4.0), report=True):
        page = way.material["report"]
        assert isinstance(page, str)
        assert way.title in page


def album(*levels: float) -> Session:
    return Session(
        tuple(
            Stem(f"{number} song", song(3.0 + number, 2, level=level))
            for number, level in enumerate(levels, 1)
        )
    )


def stems(suggestion: Suggestion) -> dict[str, Audio]:
    return {
        role.removeprefix("stem."): one
        for role, one in suggestion.material.items()
        if isinstance(one, Audio)
    }


def whole(tracks: list[Audio]) -> float:
    return measure(Audio(np.concatenate([one.samples for one in tracks], axis=1), RATE)).integrated


@pytest.mark.parametrize("loudness", [-20.0, -13.0])
def test_an_album_comes_to_the_loudness_as_a_whole(loudness: float) -> None:
    for way in ask(album(0.3, 0.1, 0.2), loudness=loudness, **OFF):
        made = stems(way)
        assert list(made) == ["1 song", "2 song", "3 song"]
        assert whole(list(made.values())) == pytest.approx(loudness, abs=0.05)
        assert after(way, "album") == pytest.approx(loudness, abs=0.05)


@pytest.mark.parametrize("loudness", [-20.0, -12.0])
def test_the_loudest_track_of_an_album_can_have_the_loudness(loudness: float) -> None:
    (way, *_) = ask(album(0.3, 0.1, 0.2), loudness=loudness, album="loudest")
    reached = [measure(one).integrated for one in stems(way).values()]
    assert max(reached) == pytest.approx(loudness, abs=0.05)
    assert all(peak_16(one.samples) <= -1.0 for one in stems(way).values())


def test_tracks_of_an_album_stay_as_far_apart_as_they_were() -> None:
    tracks = album(0.3, 0.1, 0.2)
    (way, *_) = ask(tracks, loudness=-22.0)
    before = [measure(stem.audio).integrated for stem in tracks.stems]
    reached = [measure(one).integrated for one in stems(way).values()]
    assert np.diff(reached) == pytest.approx(np.diff(before), abs=0.1)
    (louder, *_) = ask(tracks, loudness=-12.0)
    reached = [measure(one).integrated for one in stems(louder).values()]
    assert reached[0] > reached[2] > reached[1]


def test_half_the_amount_takes_an_album_half_of_the_way() -> None:
    tracks = album(0.3, 0.1, 0.2)
    before = whole([stem.audio for stem in tracks.stems])
    (way, *_) = ask(tracks, 1, loudness=before + 6.0, amount=50.0)
    assert whole(list(stems(way).values())) == pytest.approx(before + 3.0, abs=0.05)


def test_an_offset_of_one_track_is_told_by_its_name() -> None:
    first, second = album(0.3, 0.1).stems
    off = Stem(first.name, Audio(first.audio.samples + np.float32(0.1), RATE))
    (way, *_) = ask(Session((off, second)), 1, loudness=-20.0)
    assert "1 song: A constant offset" in way.why
    assert "2 song: A constant" not in way.why


def test_without_a_limiter_an_album_is_as_loud_in_every_way() -> None:
    ways = ask(album(0.3, 0.1), loudness=-9.0, limiter=False)
    reached = [whole(list(stems(way).values())) for way in ways]
    assert len(ways) == 2
    assert max(reached) - min(reached) < 0.05
    assert all(
        "Without a limiter" in way.why and "The nearest target is" in way.why for way in ways
    )


def test_each_move_carries_its_own_sentence() -> None:
    (one,) = ask(unbalanced(), 1, loudness=-12.0)
    whys = {move.group: move.why for move in one.moves}
    assert len(set(whys.values())) == len(whys) > 2
    assert "dB over the neutral curve" in whys["eq 1"] or "the curve for" in whys["eq 1"]
    assert all(len(why) < 200 for why in whys.values())


def test_one_silent_track_is_refused_by_its_name() -> None:
    tracks = album(0.3, 0.0, 0.2)
    with pytest.raises(MaterialError, match="Track '2 song': The audio is silent"):
        ask(tracks)


def test_an_album_out_of_reach_is_refused_with_what_is_not() -> None:
    hum = np.sin(2.0 * np.pi * 25.0 * np.arange(3 * RATE) / RATE)[None].astype(np.float32)
    tracks = Session((Stem("hum", Audio(0.5 * hum, RATE)), Stem("low", Audio(0.2 * hum, RATE))))
    with pytest.raises(TargetError) as refused:
        ask(tracks, loudness=-9.0)
    nearest = float(str(refused.value).rpartition("target is ")[2].removesuffix(" LUFS."))
    (first, *_) = ask(tracks, loudness=nearest)
    assert after(first, "album") == pytest.approx(nearest, abs=0.05)


def test_an_album_of_the_amount_0_is_the_tracks() -> None:
    tracks = album(0.3, 0.1)
    (only,) = ask(tracks, amount=0.0)
    for stem in tracks.stems:
        assert stems(only)[stem.name].samples.tobytes() == stem.audio.samples.tobytes()


def test_an_album_is_as_deep_as_the_deepest_of_its_tracks() -> None:
    tracks = Session(
        (Stem("cd", rounded(song(2.0), 16)), Stem("studio", rounded(song(2.5, level=0.2), 24)))
    )
    made = stems(ask(tracks, 1)[0])
    for one in made.values():
        assert on_grid(one, 24)
        assert not on_grid(one, 16)


@pytest.mark.data
@pytest.mark.parametrize("loudness", [-14.0, -9.0])
@pytest.mark.parametrize("name", [*FINISHED, "stems"])
def test_real_mixes_come_to_the_target_under_the_ceiling(
    data: Path, mixes: Callable[[Path, str], Audio], name: str, loudness: float
) -> None:
    (first,) = ask(mixes(data, name), 1, loudness=loudness, ceiling=-1.0)
    assert measure(main(first)).integrated == pytest.approx(loudness, abs=0.05)
    assert peak_16(main(first).samples) <= -1.0


@pytest.mark.data
@pytest.mark.parametrize("ceiling", [-1.0, -6.0])
def test_rounding_to_16_bits_does_not_take_it_over_the_ceiling(
    data: Path, mixes: Callable[[Path, str], Audio], ceiling: float
) -> None:
    (first,) = ask(mixes(data, "stems"), 1, loudness=-13.0 + ceiling, ceiling=ceiling)
    assert after(first, "limiting") > 0.0
    step = np.float32(1.0 / 32_768.0)
    rounded = np.round(main(first).samples / step) * step
    assert peak_16(rounded) <= ceiling


@pytest.mark.data
def test_hard_limiting_stays_under_the_ceiling_for_an_fft_too(data: Path) -> None:
    with soundfile.SoundFile(data / "music" / FINISHED[1]) as file:
        file.seek(30 * file.samplerate)  # drums that the interpolators of meters disagree on
        mix = Audio(np.ascontiguousarray(file.read(32_768, "float32").T), file.samplerate)
    drive = result(follow(mix, -1.0, Context().scratch))
    made = result(drive.master(drive.headroom_db + 16.6)).audio
    padded = np.pad(made.samples.astype(np.float64), ((0, 0), (1024, 1024)))
    peak = np.abs(resample(padded, 16 * padded.shape[1], axis=1)).max()
    assert -1.05 < 20.0 * np.log10(peak) <= -1.0


@pytest.mark.data
@pytest.mark.parametrize("name", [*FINISHED, "stems"])
def test_what_8_db_can_do_is_never_refused_nor_warned_of(
    data: Path, mixes: Callable[[Path, str], Audio], name: str
) -> None:
    mix = mixes(data, name)
    drive = result(follow(mix, -1.0, Context().scratch))
    (first,) = ask(mix, 1, loudness=result(drive.loudness_at(drive.headroom_db + 7.9)), **OFF)
    assert after(first, "limiting") == pytest.approx(7.9, abs=0.1)
    assert "sensible" not in first.why


def test_the_platforms_that_may_be_told_of_are_those_on_the_shelf() -> None:
    knob = next(knob for knob in engine.stage("master").knobs if knob.name == "playback")
    assert knob.choices == tuple(presets.data("platforms/playback"))
