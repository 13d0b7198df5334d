"""A sound seen."""

from __future__ import annotations

import base64
import re
import struct
import zlib

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.material import Audio
from assistant.reports.spectrogram import COLUMNS, ROWS, SHADES, levels_db, picture
from assistant.steps import result


def tone(hertz: float, rate: int, seconds: float = 2.0, height: float = 0.5) -> Audio:
    at = np.arange(round(rate * seconds)) / rate
    wave = height * np.sin(2.0 * np.pi * hertz * at)
    return Audio(wave.astype(np.float32)[None], rate)


def shades(drawn: str) -> NDArray[np.uint8]:
    found = re.fullmatch(r'<img class="seen" alt="" src="data:image/png;base64,(.*)">', drawn)
    assert found
    png = base64.b64decode(found[1])
    width, height = struct.unpack(">II", png[16:24])
    begun = png.index(b"IDAT")
    (size,) = struct.unpack(">I", png[begun - 4 : begun])
    data = png[begun + 4 : begun + 4 + size]
    lines = np.frombuffer(zlib.decompress(data), np.uint8).reshape(height, width + 1)
    assert not lines[:, 0].any()
    return lines[:, 1:]


@pytest.mark.parametrize("rate", [8000, 44_100, 192_000])
def test_a_tone_is_a_line_at_its_height(rate: int) -> None:
    seen = result(levels_db(tone(1000.0, rate)))
    assert seen.shape == (ROWS, COLUMNS)
    middle = seen[:, COLUMNS // 2]
    row = ROWS - 1 - int(ROWS * np.log(1000.0 / 30.0) / np.log(rate / 2.0 / 30.0))
    assert abs(int(middle.argmax()) - row) <= 2
    assert middle.max() == pytest.approx(-6.0, abs=1.5)


def test_a_click_is_seen_where_it_is() -> None:
    samples = np.zeros((2, 480_000), np.float32)
    samples[1, 240_000] = 1.0
    strength = result(levels_db(Audio(samples, 48_000))).max(axis=0)
    assert abs(int(strength.argmax()) - COLUMNS // 2) <= 5


def test_silence_and_what_is_short_are_seen_too() -> None:
    for frames in (1, 100, 48_000):
        seen = result(levels_db(Audio(np.zeros((1, frames), np.float32), 48_000)))
        assert not shades(picture(seen)).any()


def test_the_picture_is_a_png_with_its_marks() -> None:
    seen = result(levels_db(tone(500.0, 48_000)))
    plain, marked = shades(picture(seen)), shades(picture(seen, [(0.5, 0.6), (1.0, 1.0)]))
    assert plain.shape == (ROWS, COLUMNS)
    assert plain.max() < SHADES
    columns = np.flatnonzero((marked == SHADES).any(axis=0))
    assert columns.tolist() == [*range(COLUMNS // 2, round(0.6 * COLUMNS)), COLUMNS - 1]
    assert np.array_equal(plain[4:], marked[4:])


def test_progress_rises() -> None:
    shares = list(levels_db(tone(500.0, 48_000)))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
