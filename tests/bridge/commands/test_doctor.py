from __future__ import annotations

import socket
import sys
from pathlib import Path

import pytest

from bridge.commands import doctor
from bridge.tools import codec


def about(what: str) -> doctor.Finding:
    (found,) = [one for one in doctor.examine() if one.what == what]
    return found


def test_without_ffmpeg_it_says_what_is_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "find", lambda: None)
    found = about("ffmpeg")
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
    found = about("ffmpeg")
    assert (found.state, found.seen) == (state, f"{path}, {words}")


def test_a_port_that_is_taken_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as theirs:
        theirs.bind(("127.0.0.1", 0))
        theirs.listen()
        port = theirs.getsockname()[1]
        assert not doctor.is_free(port, socket.SOCK_STREAM)
    assert doctor.is_free(port, socket.SOCK_STREAM)
    monkeypatch.setattr(doctor, "is_free", lambda port, _: port != 9511)
    assert about("OSC port").state == "good"
    assert (about("HTTP port").state, about("HTTP port").seen[:13]) == ("note", "9511 is taken")


def test_without_the_sdk_of_mcp_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "mcp" in about("assistants").seen
    monkeypatch.setattr("bridge.commands.mcp.is_installed", lambda: False)
    found = about("assistants")
    assert found.state == "note"
    assert "pipx inject bandmate" in found.mend
