from __future__ import annotations

import sys
from pathlib import Path

import pytest

from bridge.commands import doctor
from bridge.tools import codec


def about_ffmpeg() -> doctor.Finding:
    (found,) = [one for one in doctor.examine() if one.what == "ffmpeg"]
    return found


def test_without_ffmpeg_it_says_what_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "find", lambda: None)
    found = about_ffmpeg()
    assert (found.state, found.mend) == ("note", "install ffmpeg")
    assert "not checked behind lossy codecs" in found.seen


@pytest.mark.parametrize(
    ("encoders", "state", "words"),
    [
        ("aac libmp3lame libopus libvorbis", "good", "7.1, aac, mp3, opus, vorbis"),
        ("aac libopus", "note", "7.1, without an encoder for mp3, vorbis"),
    ],
)
def test_it_says_which_encoders_ffmpeg_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, encoders: str, state: str, words: str
) -> None:
    path = tmp_path / "ffmpeg"
    path.write_text(
        f"#!{sys.executable}\nimport sys\n"
        "if '-version' in sys.argv:\n    print('ffmpeg version 7.1 and more')\n"
        f"else:\n    print('\\n'.join(f' A..... {{one}}  ' for one in {encoders.split()}))\n"
    )
    path.chmod(0o755)
    monkeypatch.setattr(codec, "find", lambda: codec.Ffmpeg(str(path)))
    found = about_ffmpeg()
    assert (found.state, found.seen) == (state, f"{path}, {words}")
