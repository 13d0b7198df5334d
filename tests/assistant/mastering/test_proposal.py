from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from assistant.contract import Suggestion
from assistant.dsp.loudness import measure
from assistant.mastering.finishing import Delivery
from assistant.mastering.genres import NEUTRAL
from assistant.mastering.heard import hear
from assistant.mastering.lossy import read
from assistant.mastering.mastered import Goal, master
from assistant.mastering.playback import load_platforms
from assistant.mastering.proposal import Ground, propose
from assistant.mastering.reach import Mix
from assistant.mastering.ways import Way
from assistant.material import Audio
from assistant.steps import result
from bridge import presets
from tests.assistant.mastering.songs import RATE, Hot, song, zeros
from tests.assistant.mastering.spectra import CURVES

PLAIN = Way("Plain", "plainly done", cleaned="1 dB less of it: too much")
GOAL = Goal(-14.0, -1.0, RATE, Delivery(32, "none"))
PLATFORMS = load_platforms(presets.data)


def proposed(
    audio: Audio,
    goal: Goal = GOAL,
    way: Way = PLAIN,
    tool: Hot | None = None,
    **wanted: Any,
) -> Suggestion:
    heard = result(hear(audio))
    made = result(master(audio, heard, way, goal, tool, zeros))
    whole: dict[str, Any] = {"told_of": (), "compare": False, "report": False} | wanted
    ground = Ground(Mix(audio, heard, tool, zeros), CURVES[NEUTRAL], PLATFORMS, **whole)
    return result(propose(ground, made, goal))


def test_the_title_is_the_way_and_the_loudness_and_the_why_has_the_evidence() -> None:
    one = proposed(song())
    assert one.title == "Plain, -14.0 LUFS"
    assert one.why.startswith("Plainly done. 1 dB less of it: too much.")
    assert "LU up to -14.0 LUFS" in one.why
    assert set(one.material) == {"main"}
    assert one.bits is None


def test_where_nothing_is_done_nothing_is_claimed() -> None:
    assert proposed(song(), way=Way("Plain", "plainly done")).why.startswith(
        "Nothing but the loudness changes."
    )


def test_platforms_are_told_of_by_name() -> None:
    told = proposed(song(), told_of=("spotify",)).measured
    assert told["spotify_gain"].after == pytest.approx(0.0, abs=0.05)
    assert not any(name.startswith("youtube") for name in told)


def test_a_comparison_and_a_report_come_where_they_are_wanted() -> None:
    one = proposed(song(), compare=True, report=True)
    assert set(one.material) == {"main", "compare", "report"}
    compared = one.material["compare"]
    assert isinstance(compared, Audio)
    assert measure(compared).integrated == pytest.approx(measure(song()).integrated, abs=0.01)


def test_the_more_it_takes_and_the_less_it_reaches_the_less_sure_it_is() -> None:
    easy = proposed(song(), replace(GOAL, loudness=-24.0)).confidence
    limited = proposed(song(), replace(GOAL, loudness=-11.0)).confidence
    missed = proposed(song(), replace(GOAL, loudness=-9.0, limits=False)).confidence
    tasted = proposed(song(), replace(GOAL, loudness=-24.0), replace(PLAIN, tasted=True)).confidence
    cut = Audio(np.clip(8.0 * song().samples, -1.0, 1.0), RATE)
    clipped = proposed(cut, replace(GOAL, loudness=-24.0)).confidence
    assert max(limited, missed, tasted, clipped) < easy


def test_only_without_a_limiter_is_it_to_blame() -> None:
    missed = proposed(song(), replace(GOAL, loudness=-9.0, limits=False)).why
    assert "Without a limiter it gets no nearer to -9.0 LUFS." in missed
    held = replace(GOAL, loudness=-9.0, limits=False, held_at=-22.0, held_by="Bright")
    told = proposed(song(), held).why
    assert "Without a limiter Bright gets no nearer to -9.0 LUFS than this" in told
    assert "Without a limiter it gets" not in told
    codecs = Delivery(32, "none", read("aac 128"))
    kept = proposed(song(), replace(GOAL, loudness=-10.0, delivery=codecs), tool=Hot(6.0))
    assert "Without a limiter" not in kept.why
    assert kept.measured["aac_128_true_peak"].unit == "dBTP"


def test_a_depth_that_was_asked_for_is_said() -> None:
    asked = replace(GOAL, delivery=Delivery(16, "tpdf", said=True))
    assert proposed(song(), asked).bits == 16


def test_what_cancels_in_mono_is_told_of() -> None:
    sides = song().samples * np.array([[1.0], [-0.9]], np.float32)
    assert "mono" in proposed(Audio(sides, RATE)).why
    assert "mono" not in proposed(song(channels=1)).why
