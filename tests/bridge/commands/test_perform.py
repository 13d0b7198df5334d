"""What a person sees of a stage's answer."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge import cli


def test_moves_are_shown_as_a_hand_dials_them_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = np.random.default_rng(1)
    for name, level in (("bass", 0.2), ("[b]keys", 0.02)):
        made = level * dice.standard_normal((16_000, 2)).cumsum(axis=0) / 100.0 + 0.1
        soundfile.write(tmp_path / f"{name}.wav", made, 8000)
    assert cli.main(["mix", str(tmp_path), "--count", "1", "--out", str(tmp_path / "out")]) == 0
    lines = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["[b]keys", "high", "pass", "20", "Hz,", "12", "dB", "an", "octave"] in lines
    assert any("fader -" in " ".join(line) for line in lines)
    assert not any("\u2212" in word for line in lines for word in line)
