from __future__ import annotations

import struct
from io import FileIO
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from assistant.material import Audio
from assistant.steps import result
from bridge import files
from bridge.scratch import Scratch
from bridge.sound import encoding
from bridge.sound.encoding import encode, room_for
from bridge.sound.form import DEFAULT_FORM, Form, common_form, form_like

WAYS = [
    Form("WAV", "PCM_16"),
    Form("WAV", "PCM_24"),
    Form("WAV", "PCM_32"),
    Form("WAV", "FLOAT"),
    Form("WAV", "DOUBLE"),
    Form("FLAC", "PCM_16"),
    Form("FLAC", "PCM_24"),
]
WHOLE = [form for form in WAYS if not form.floating]


def written(path: Path, audio: Audio, form: Form) -> Path:
    with FileIO(path, "w") as file:
        result(encode(audio, form, file))
    return path


def read(path: Path) -> Audio:
    with Scratch() as scratch:
        audio = files.read(path, (Audio,), scratch).material
    assert isinstance(audio, Audio)
    return audio


@pytest.mark.parametrize("form", WHOLE)
@given(data=st.data())
def test_integers_come_back_bit_for_bit(
    tmp_path_factory: pytest.TempPathFactory, form: Form, data: st.DataObject
) -> None:
    bits = min(form.bits, 24)  # float32 says no more
    shape = st.tuples(st.integers(1, 3), st.integers(1, 50))
    top = 2 ** (bits - 1)
    whole = data.draw(hnp.arrays(np.int64, shape, elements=st.integers(-top, top - 1)))
    audio = Audio((whole / top).astype(np.float32), 44_100)
    path = written(tmp_path_factory.mktemp("made") / "a", audio, form)
    stored, rate = soundfile.read(path, dtype="int32", always_2d=True)
    assert rate == 44_100
    assert np.array_equal(stored.T, whole << (32 - bits))
    assert np.array_equal(read(path).samples, audio.samples)


@pytest.mark.parametrize("form", [form for form in WAYS if form.floating])
@given(
    samples=hnp.arrays(
        np.float32,
        st.tuples(st.integers(1, 8), st.integers(1, 50)),
        elements=st.floats(width=32, allow_nan=False, allow_infinity=False),
    )
)
def test_floats_come_back_bit_for_bit_also_over_full_scale(
    tmp_path_factory: pytest.TempPathFactory,
    form: Form,
    samples: np.ndarray[tuple[int, int], np.dtype[np.float32]],
) -> None:
    path = written(tmp_path_factory.mktemp("made") / "a", Audio(samples, 48_000), form)
    assert read(path).samples.tobytes() == samples.tobytes()


@pytest.mark.parametrize("form", WAYS)
@pytest.mark.parametrize("channels", [1, 2, 3, 8])
@pytest.mark.parametrize("rate", [8_000, 37_537, 192_000])
def test_channels_rate_and_depth_are_kept(
    tmp_path: Path, form: Form, channels: int, rate: int
) -> None:
    samples = np.zeros((channels, 1001), dtype=np.float32)
    path = written(tmp_path / "a", Audio(samples, rate), form)
    seen = soundfile.info(path)
    assert (seen.channels, seen.samplerate, seen.frames) == (channels, rate, 1001)
    assert (seen.format, seen.subtype) == (form.container, form.subtype)
    if form.container == "WAV":
        assert path.stat().st_size % 2 == 0
        assert room_for(Audio(samples, rate), form) == channels * 1001 * form.bits // 8


@pytest.mark.parametrize("form", WHOLE)
def test_integers_are_clipped_at_full_scale_and_rounded_to_the_nearest(
    tmp_path: Path, form: Form
) -> None:
    top = 2 ** (form.bits - 1)
    asked = np.array([[2.0, -2.0, 1.0, -1.0, 0.6 / 2**15, -0.6 / 2**15]], dtype=np.float32)
    stored, _ = soundfile.read(written(tmp_path / "a", Audio(asked, 44_100), form), dtype="int32")
    expected = np.clip(np.rint(asked[0].astype(np.float64) * top), -top, top - 1)
    assert np.array_equal(stored >> (32 - form.bits), expected.astype(np.int64))


@pytest.mark.parametrize("form", WAYS)
def test_no_sound_at_all_makes_no_file(tmp_path: Path, form: Form) -> None:
    nothing = Audio(np.zeros((2, 0), dtype=np.float32), 44_100)
    with pytest.raises(ValueError, match="no samples to write"):
        written(tmp_path / "a", nothing, form)


@pytest.mark.parametrize("form", WAYS)
@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_what_is_not_finite_is_never_written(tmp_path: Path, form: Form, bad: float) -> None:
    samples = np.zeros((1, 100), dtype=np.float32)
    samples[0, 50] = bad
    with pytest.raises(ValueError, match="is not finite"):
        written(tmp_path / "a", Audio(samples, 44_100), form)


@pytest.mark.parametrize("form", WAYS)
def test_the_same_sound_makes_the_same_bytes(tmp_path: Path, form: Form, noise: Audio) -> None:
    first, second = (written(tmp_path / name, noise, form) for name in "ab")
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("form", [form for form in WAYS if form.container == "WAV"])
def test_a_wav_too_large_to_count_becomes_an_rf64(
    tmp_path: Path, form: Form, noise: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = read(written(tmp_path / "small", noise, form)).samples
    monkeypatch.setattr(encoding, "MAX_WHOLE", 100_000)
    path = written(tmp_path / "large", noise, form)
    head = path.read_bytes()[:64]
    assert head[:4] == b"RF64"
    assert struct.unpack_from("<QQQ", head, 20) == (
        path.stat().st_size - 8,
        room_for(noise, form),
        noise.frames,
    )
    assert soundfile.info(path).frames == noise.frames
    assert np.array_equal(read(path).samples, expected)


@pytest.mark.slow
def test_a_file_of_over_4_gb_is_written_and_read(tmp_path: Path) -> None:
    with Scratch(tmp_path) as scratch:
        samples = scratch((2, 280_000_000))
        samples[:, -1] = (0.5, -0.5)
        path = written(tmp_path / "a", Audio(samples, 192_000), Form("WAV", "DOUBLE"))
        del samples
        assert path.stat().st_size > 2**32
        audio = files.read(path, (Audio,), scratch).material
        assert isinstance(audio, Audio)
        assert audio.samples.shape == (2, 280_000_000)
        assert audio.samples[:, -1].tolist() == [0.5, -0.5]


@pytest.mark.parametrize(
    ("container", "subtype", "expected"),
    [
        ("WAV", "PCM_16", Form("WAV", "PCM_16")),
        ("WAVEX", "PCM_24", Form("WAV", "PCM_24")),
        ("WAV", "PCM_U8", Form("WAV", "PCM_16")),
        ("WAV", "ULAW", Form("WAV", "PCM_24")),
        ("WAV", "IMA_ADPCM", Form("WAV", "PCM_24")),
        ("RF64", "FLOAT", Form("WAV", "FLOAT")),
        ("AIFF", "PCM_24", Form("WAV", "PCM_24")),
        ("AIFF", "DOUBLE", Form("WAV", "DOUBLE")),
        ("FLAC", "PCM_16", Form("FLAC", "PCM_16")),
        ("FLAC", "PCM_S8", Form("FLAC", "PCM_16")),
        ("OGG", "VORBIS", Form("WAV", "PCM_24")),
        ("OGG", "OPUS", Form("WAV", "PCM_24")),
        ("MP3", "MPEG_LAYER_III", Form("WAV", "PCM_24")),
    ],
)
def test_the_form_keeps_what_a_file_holds(container: str, subtype: str, expected: Form) -> None:
    assert form_like(container, subtype) == expected


def test_the_form_of_several_is_the_deepest_and_flac_where_all_are() -> None:
    flac16, flac24 = Form("FLAC", "PCM_16"), Form("FLAC", "PCM_24")
    assert common_form([flac16, flac24, flac16]) == flac24
    assert common_form([flac16, Form("WAV", "FLOAT")]) == Form("WAV", "FLOAT")
    assert common_form([Form("WAV", "PCM_32"), DEFAULT_FORM]) == Form("WAV", "PCM_32")
