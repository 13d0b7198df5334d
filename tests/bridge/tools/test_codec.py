from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from assistant.material import Audio, Samples
from assistant.steps import result
from bridge.tools import codec
from bridge.tools.codec import CODECS, Ffmpeg, find

WAYS = (
    *(("aac", 128), ("aac", 256), ("mp3", 192), ("mp3", 320)),
    *(("opus", 96), ("opus", 128), ("vorbis", 192)),
)
ENCODERS = (
    " A..... aac  AAC\n A....D libmp3lame  MP3\n A..... libopus  Opus\n A..... libvorbis  V\n"
)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, dtype=np.float32)


def dull_noise(channels: int = 2, rate: int = 44_100, seconds: float = 0.5) -> Audio:
    """Make noise that codecs leave much of."""
    noise = np.random.default_rng(channels).normal(0.0, 0.3, (channels, int(rate * seconds)))
    dull = np.stack([np.convolve(row, np.hanning(24) / 12.0, mode="same") for row in noise])
    return Audio(dull.astype(np.float32), rate)


def lag(sent: Samples, heard: Samples) -> int:
    size = 4 * len(sent)
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(sent, size))
    at = int(np.argmax(np.fft.irfft(spectrum, size)))
    return at - size if at > size // 2 else at


@pytest.fixture
def ffmpeg() -> Ffmpeg:
    """Return ffmpeg, fresh, or skip with the reason."""
    found = find()
    if found is None:
        pytest.skip("ffmpeg is not installed")
    return Ffmpeg(found.path)


@pytest.fixture(autouse=True)
def looked_for_again() -> Iterator[None]:
    find.cache_clear()
    yield
    find.cache_clear()


def program(folder: Path, text: str) -> Ffmpeg:
    """Make a program that stands in for ffmpeg: it has all encoders, and does as told."""
    path = folder / "ffmpeg"
    head = f"#!{sys.executable}\nimport sys, os, time\nif '-encoders' in sys.argv:\n"
    path.write_text(f"{head}    print({ENCODERS!r})\n    sys.exit()\n{text}\n")
    path.chmod(0o755)
    return Ffmpeg(str(path))


def needs(ffmpeg: Ffmpeg, name: str) -> None:
    if not ffmpeg.encoder(name):
        pytest.skip(f"this ffmpeg has no encoder for {name}")


@pytest.mark.parametrize("rate", [44_100, 48_000])
@pytest.mark.parametrize(("name", "kbps"), WAYS)
def test_what_comes_back_is_aligned_to_the_frame(
    ffmpeg: Ffmpeg, name: str, kbps: int, rate: int
) -> None:
    needs(ffmpeg, name)
    sent = dull_noise(2, rate)
    heard = result(ffmpeg(sent, name, kbps, zeros))
    assert heard is not None
    assert heard.rate == rate
    assert heard.samples.shape == sent.samples.shape
    for before, after in zip(sent.samples, heard.samples, strict=True):
        assert lag(before, after) == 0
        assert np.corrcoef(before, after)[0, 1] > 0.95
        assert np.corrcoef(before[-2000:], after[-2000:])[0, 1] > 0.9  # to the very end


@pytest.mark.parametrize("rate", [8000, 22_050, 32_000, 88_200, 96_000, 192_000])
@pytest.mark.parametrize("name", CODECS)
def test_other_rates_are_converted_there_and_back(ffmpeg: Ffmpeg, name: str, rate: int) -> None:
    needs(ffmpeg, name)
    sent = dull_noise(1, rate)
    heard = result(ffmpeg(sent, name, 128, zeros))
    assert heard is not None
    assert (heard.rate, heard.frames) == (rate, sent.frames)
    assert lag(sent.samples[0], heard.samples[0]) == 0


@pytest.mark.parametrize("name", CODECS)
def test_channels_stay_where_they_are(ffmpeg: Ffmpeg, name: str) -> None:
    needs(ffmpeg, name)
    for channels in CODECS[name].channels:
        sent = dull_noise(channels, 48_000)
        heard = result(ffmpeg(sent, name, 128, zeros))
        assert heard is not None
        alike = np.corrcoef(sent.samples, heard.samples)[:channels, channels:]
        full = [one for one in range(channels) if channels < 6 or one != 3]  # not what is low
        assert np.array_equal(alike[full].argmax(axis=1), full)


@pytest.mark.parametrize(("name", "channels"), [("mp3", 6), ("aac", 3), ("vorbis", 5)])
def test_more_channels_than_mean_the_same_are_refused(
    ffmpeg: Ffmpeg, name: str, channels: int
) -> None:
    needs(ffmpeg, name)
    assert result(ffmpeg(dull_noise(channels), name, 128, zeros)) is None


def test_samples_over_full_scale_are_kept(ffmpeg: Ffmpeg) -> None:
    loud = Audio(dull_noise(2).samples * np.float32(6.0), 44_100)
    for name in CODECS:
        needs(ffmpeg, name)
        heard = result(ffmpeg(loud, name, 256, zeros))
        assert heard is not None
        assert np.abs(heard.samples).max() > 1.2  # the encoder of AAC takes back a part


def test_the_same_sound_comes_back_the_same(ffmpeg: Ffmpeg) -> None:
    sent = dull_noise(2)
    for name in CODECS:
        needs(ffmpeg, name)
        first, again = (result(ffmpeg(sent, name, 128, zeros)) for _ in range(2))
        assert first is not None
        assert again is not None
        assert np.array_equal(first.samples, again.samples)


@pytest.mark.parametrize("frames", [1, 7, 900])
def test_the_shortest_sounds_are_as_long_as_they_were(ffmpeg: Ffmpeg, frames: int) -> None:
    for name in CODECS:
        needs(ffmpeg, name)
        heard = result(
            ffmpeg(Audio(zeros((1, frames)) + np.float32(0.1), 48_000), name, 128, zeros)
        )
        assert heard is not None
        assert heard.frames == frames


def test_it_says_its_version_and_encoders(ffmpeg: Ffmpeg) -> None:
    assert ffmpeg.name == "ffmpeg"
    assert ffmpeg.version
    assert ffmpeg.encoder("aac") == "aac"
    assert ffmpeg.encoder("wma") == ""


def test_a_missing_encoder_is_said(tmp_path: Path) -> None:
    path = tmp_path / "ffmpeg"
    path.write_text(f"#!{sys.executable}\nprint(' A..... aac                  AAC')\n")
    path.chmod(0o755)
    poor = Ffmpeg(str(path))
    assert poor.encoder("aac") == "aac"
    assert poor.encoder("mp3") == ""
    assert result(poor(dull_noise(), "mp3", 320, zeros)) is None


@pytest.mark.parametrize(
    "text",
    [
        "sys.exit(1)",
        "pass",
        "sys.stdin.buffer.read(10); sys.exit(3)",
        "sys.stdin.buffer.read(); sys.stdout.buffer.write(b'noise' * 7)",
        "sys.stderr.write('x' * 10_000_000); sys.exit(1)",
    ],
)
def test_a_program_that_fails_has_nothing_to_say(tmp_path: Path, text: str) -> None:
    assert result(program(tmp_path, text)(dull_noise(seconds=3.0), "mp3", 320, zeros)) is None


def test_a_program_that_is_not_there_has_nothing_to_say(tmp_path: Path) -> None:
    gone = Ffmpeg(str(tmp_path / "nothing"))
    assert gone.version == ""
    assert result(gone(dull_noise(), "aac", 256, zeros)) is None


def test_a_program_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "START_SECONDS", 1.0)
    said = tmp_path / "pids"
    text = f"open({str(said)!r}, 'a').write(f'{{os.getpid()}}\\n'); time.sleep(600)"
    assert result(program(tmp_path, text)(dull_noise(), "aac", 256, zeros)) is None
    pids = [int(pid) for pid in said.read_text().split()]
    assert pids
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)


def test_it_ends_with_the_process_that_feeds_it(ffmpeg: Ffmpeg, tmp_path: Path) -> None:
    """A worker is killed, not asked: what it started must not outlive it."""
    if not Path("/proc").is_dir():
        pytest.skip("there is no /proc to look into")
    import subprocess

    text = (
        "import numpy as np; from assistant.material import Audio;"
        f"from bridge.tools.codec import Ffmpeg; tool = Ffmpeg({ffmpeg.path!r});"
        "noise = np.random.default_rng(1).normal(0, .1, (2, 1 << 24)).astype('f4');"
        "print('ready', flush=True);"
        "list(tool(Audio(noise, 44_100), 'aac', 256, lambda s: np.zeros(s, 'f4')))"
    )
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == b"ready\n"
        children = _wait_for(lambda: _children(parent.pid))
        parent.kill()
    assert children
    assert _wait_for(lambda: not any(_alive(pid) for pid in children))


def _wait_for(what: object) -> list[int]:
    assert callable(what)
    for _ in range(2000):
        if found := what():
            return found if isinstance(found, list) else [1]
        time.sleep(0.01)
    return []


def _children(pid: int) -> list[int]:
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == pid:
            found.append(int(stat.parent.name))
    return found if len(found) == 2 else []


def _alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
