from __future__ import annotations

from collections.abc import Generator

import numpy as np
import pytest

from assistant.dsp.dither import on_grid
from assistant.dsp.drive import Drive, Master, follow
from assistant.errors import SettingError
from assistant.mastering.finishing import Delivery, Finished, bits_of, delivery_of, finish
from assistant.mastering.lossy import read
from assistant.material import Audio
from assistant.steps import result
from tests.assistant.mastering.songs import RATE, Hot, peak_16, rounded, song, zeros


def finished(delivery: Delivery, tool: Hot | None = None, over_db: float = 3.0) -> Finished:
    drive: Drive = result(follow(song(4.0), -1.0, zeros))

    def make() -> Generator[float, None, Master]:
        return drive.master(drive.headroom_db + over_db)

    return result(finish(drive, make, delivery, tool, zeros))


@pytest.mark.parametrize("bits", [16, 24])
def test_the_depth_is_told_by_the_grid(bits: int) -> None:
    assert bits_of(rounded(song(1.0), bits)) == bits
    assert bits_of(song(1.0)) == 32
    assert bits_of(Audio(zeros((1, 100)), RATE)) == 16


def test_a_delivery_is_read_from_words() -> None:
    mixes = [rounded(song(1.0), 16), rounded(song(1.0), 24)]
    assert delivery_of("input", "auto", "", mixes, 3) == Delivery(24, "tpdf", (), 3)
    assert delivery_of("input", "auto", "", mixes[:1], 3) == Delivery(16, "shaped", (), 3)
    asked = Delivery(16, "none", read("aac 128"), 3, said=True)
    assert delivery_of("16", "none", "aac 128", mixes, 3) == asked
    assert delivery_of("float", "auto", "", mixes, 3).bits == 32
    with pytest.raises(SettingError, match="codecs names"):
        delivery_of("16", "none", "ac 128", mixes, 3)


def test_floats_are_left_as_the_limiter_made_them() -> None:
    made = finished(Delivery(32, "tpdf"))
    np.testing.assert_array_equal(made.master.audio.samples, made.kept.audio.samples)
    assert not on_grid(made.kept.audio, 24)


@pytest.mark.parametrize("bits", [16, 24])
@pytest.mark.parametrize("dither", ["tpdf", "shaped", "none"])
def test_the_ceiling_holds_on_the_grid(bits: int, dither: str) -> None:
    made = finished(Delivery(bits, dither))  # type: ignore[arg-type]
    assert on_grid(made.kept.audio, bits)
    assert peak_16(made.kept.audio.samples) <= -1.0
    assert made.master.limiting_db == pytest.approx(3.0)


def test_the_codecs_hear_what_is_written_and_it_is_kept_under() -> None:
    tool = Hot(2.5)
    made = finished(Delivery(16, "shaped", read("aac 128")), tool)
    assert made.kept.rounds > 0
    assert made.kept.worst <= 0.0
    assert on_grid(made.kept.audio, 16)
    assert tool.heard[-1].samples.tobytes() == made.kept.audio.samples.tobytes()
    assert made.master.audio.samples.tobytes() == made.kept.audio.samples.tobytes()


def test_the_seed_is_that_of_the_noise() -> None:
    one, again, other = (
        finished(Delivery(16, "tpdf", seed=seed)).kept.audio.samples.tobytes() for seed in (1, 1, 2)
    )
    assert one == again
    assert one != other
