from __future__ import annotations

import errno
import os
import re
import signal
import struct
import subprocess
import sys
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from types import NoneType

import numpy as np
import pytest
import soundfile

from assistant.errors import FileError
from assistant.material import Audio, Material, Note, Samples, Score, Session, Temperament, Track
from bridge import disk, files, placing
from bridge.files import DEFAULT_FORM, Form, Source, read, write_all
from bridge.midi.score import bytes_from_score
from bridge.scratch import Scratch
from bridge.sound import decoding

RATE = 44_100
SCORE = Score((Track("lead", (Note(60.0, 0.0, 1.0), Note(64.0, 1.0, 0.5))),))
NOISE = np.random.default_rng(3).normal(0.0, 0.1, (RATE // 2, 2))


def source(path: Path, *takes: type) -> Source:
    with Scratch() as scratch:
        return read(path, takes or (Audio,), scratch)


def sound(path: Path) -> Audio:
    material = source(path).material
    assert isinstance(material, Audio)
    return material


def listed(folder: Path) -> list[str]:
    return sorted(entry.name for entry in folder.iterdir())


@pytest.mark.parametrize(
    ("name", "container", "subtype", "bits"),
    [
        ("a.wav", "WAV", "PCM_U8", 8),
        ("a.wav", "WAV", "PCM_16", 16),
        ("a.wav", "WAV", "PCM_24", 24),
        ("a.wav", "WAVEX", "PCM_24", 24),
        ("a.rf64", "RF64", "PCM_16", 16),
        ("a.w64", "W64", "PCM_24", 24),
        ("a.aiff", "AIFF", "PCM_S8", 8),
        ("a.aif", "AIFF", "PCM_16", 16),
        ("a.aiff", "AIFF", "PCM_24", 24),
        ("a.caf", "CAF", "PCM_24", 24),
        ("a.flac", "FLAC", "PCM_S8", 8),
        ("a.flac", "FLAC", "PCM_16", 16),
        ("a.flac", "FLAC", "PCM_24", 24),
    ],
)
def test_integers_are_read_exactly_and_written_back_as_they_were(
    tmp_path: Path, name: str, container: str, subtype: str, bits: int
) -> None:
    rng = np.random.default_rng(4)
    top = 2 ** (bits - 1)
    whole = rng.integers(-top, top, (5000, 2), dtype=np.int32)
    whole[:4, 0] = (-top, top - 1, 0, -1)
    soundfile.write(tmp_path / name, whole << (32 - bits), RATE, subtype, format=container)
    taken = source(tmp_path / name)
    assert isinstance(taken.material, Audio)
    assert np.array_equal(taken.material.samples, (whole.T / top).astype(np.float32))
    assert taken.form.bits == max(bits, 16)
    made = write_all({"main": taken.material}, tmp_path / "out", "a.mix", 1, taken.form)
    stored, rate = soundfile.read(made["main"], dtype="int32")
    assert rate == RATE
    assert np.array_equal(stored, whole << (32 - bits))


@pytest.mark.parametrize(("container", "subtype"), [("WAV", "FLOAT"), ("AIFF", "DOUBLE")])
def test_floats_over_full_scale_are_kept(tmp_path: Path, container: str, subtype: str) -> None:
    loud = (NOISE * 30.0).astype(np.float32)
    soundfile.write(tmp_path / "a", loud, RATE, subtype, format=container)
    taken = source(tmp_path / "a")
    assert isinstance(taken.material, Audio)
    assert np.array_equal(taken.material.samples, loud.T)
    assert taken.form == Form("WAV", "FLOAT" if subtype == "FLOAT" else "DOUBLE")


def test_32_bit_integers_are_read_to_the_nearest_float(tmp_path: Path) -> None:
    whole = np.array([2**31 - 1, -(2**31), 2**24 + 1, 1, 0], dtype=np.int32)
    soundfile.write(tmp_path / "a.wav", whole, RATE, "PCM_32")
    assert np.array_equal(
        sound(tmp_path / "a.wav").samples[0], (whole / 2.0**31).astype(np.float32)
    )


@pytest.mark.parametrize(
    ("container", "subtype"), [("OGG", "VORBIS"), ("OGG", "OPUS"), ("MP3", None), ("WAV", "ULAW")]
)
def test_what_was_lossy_is_read_whole_and_becomes_24_bit_wav(
    tmp_path: Path, container: str, subtype: str | None
) -> None:
    beats = np.arange(48_000)[:, np.newaxis] / 48_000 * np.array([440.0, 660.0])
    tones = 0.25 * np.sin(2 * np.pi * beats)
    soundfile.write(tmp_path / "a", tones, 48_000, subtype, format=container)
    taken = source(tmp_path / "a")
    assert isinstance(taken.material, Audio)
    assert taken.material.samples.shape == tones.T.shape
    assert taken.form == DEFAULT_FORM == Form("WAV", "PCM_24")
    error = taken.material.samples - tones.T
    assert np.sqrt(np.mean(error**2)) < 0.1 * np.sqrt(np.mean(tones**2))


def test_a_sound_file_is_known_by_what_it_holds(tmp_path: Path) -> None:
    soundfile.write(tmp_path / "a.wav", NOISE, RATE, "PCM_16", format="FLAC")
    assert source(tmp_path / "a.wav").form == Form("FLAC", "PCM_16")


def test_blocks_join_without_a_seam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for container in ("WAV", "FLAC", "OGG", "MP3"):
        soundfile.write(tmp_path / "a", NOISE, RATE, format=container)
        once = sound(tmp_path / "a").samples
        with monkeypatch.context() as small:
            small.setattr(decoding, "BLOCK_FRAMES", 1000)
            assert np.array_equal(sound(tmp_path / "a").samples, once)


@pytest.mark.data
def test_all_real_material_is_read(data: Path) -> None:
    found = [path for path in sorted(data.rglob("*")) if path.suffix in {".wav", ".flac", ".ogg"}]
    assert len(found) > 10
    for path in found:
        expected, rate = soundfile.read(path, dtype="float32", always_2d=True)
        audio = sound(path)
        assert audio.rate == rate
        assert np.array_equal(audio.samples.T, expected), path


def test_a_score_is_read_and_written(tmp_path: Path) -> None:
    made = write_all({"main": SCORE}, tmp_path, "song.chords", 1, DEFAULT_FORM)
    assert made == {"main": tmp_path / "song.chords-1.mid"}
    taken = source(made["main"], Score)
    assert isinstance(taken.material, Score)
    assert taken.material.tracks == SCORE.tracks
    assert taken.form == DEFAULT_FORM


@pytest.mark.parametrize("kept", [1, 4, 13, 20, -1])
def test_a_score_that_was_cut_is_said_with_its_name(tmp_path: Path, kept: int) -> None:
    (tmp_path / "song.mid").write_bytes(bytes_from_score(SCORE)[:kept])
    with pytest.raises(FileError, match=r"'.*song\.mid' "):
        source(tmp_path / "song.mid", Score)


def test_a_score_of_over_16_mb_is_refused(tmp_path: Path) -> None:
    with (tmp_path / "song.mid").open("wb") as file:
        file.write(b"MThd" + struct.pack(">IHHH", 6, 1, 1, 480))
        file.truncate(1 << 40)
    with pytest.raises(FileError, match=r"song\.mid' cannot be read: .* 16 MB"):
        source(tmp_path / "song.mid", Score)


def test_a_tuning_is_read_where_one_is_wanted(tmp_path: Path) -> None:
    path = tmp_path / "just.scl"
    path.write_text("! just.scl\na pure fifth\n 2\n3/2\n2/1\n")
    tuning = source(path, Temperament).material
    assert isinstance(tuning, Temperament)
    assert (tuning.name, tuning.period_cents) == ("a pure fifth", 1200.0)
    assert source(path, Score, Temperament).material == tuning
    with pytest.raises(FileError, match=r"just\.scl' is no file of sound or notes: .*! just"):
        source(path, Audio, Score)
    path.write_text("one\n2\n2/1\n")
    with pytest.raises(FileError, match=r"just\.scl' cannot be read: it claims 2 steps"):
        source(path, Temperament)
    soundfile.write(tmp_path / "mix.wav", NOISE, RATE)
    with pytest.raises(FileError, match=r"holds sound \(WAV\); what is wanted is a tuning \(\.scl"):
        source(tmp_path / "mix.wav", Temperament)
    with pytest.raises(FileError, match=r"Did you mean 'just\.scl'"):
        source(tmp_path / "jus.scl", Temperament)


def test_a_tuning_of_a_terabyte_is_refused_at_once(tmp_path: Path) -> None:
    with (tmp_path / "huge.scl").open("wb") as file:
        file.write(b"x\n1\n2/1\n")
        file.truncate(1 << 40)
    with pytest.raises(FileError, match=r"huge\.scl' cannot be read: it is over 256 kB"):
        source(tmp_path / "huge.scl", Temperament)


def test_what_is_not_wanted_is_said_with_what_is(tmp_path: Path) -> None:
    (tmp_path / "song.mid").write_bytes(bytes_from_score(SCORE))
    soundfile.write(tmp_path / "mix.wav", NOISE, RATE)
    with pytest.raises(FileError, match=r"song\.mid' holds notes \(MIDI\); .* a sound file \(WAV"):
        source(tmp_path / "song.mid", Audio)
    with pytest.raises(
        FileError, match=r"mix\.wav' holds sound \(WAV\); .* is a score \(\.mid, \.dawproject\)\."
    ):
        source(tmp_path / "mix.wav", Score, NoneType)
    with pytest.raises(
        FileError, match=r"mix\.wav' is a file; what is wanted is a folder of stems"
    ):
        source(tmp_path / "mix.wav", Session)
    with pytest.raises(
        FileError, match=r"is a folder; what is wanted is a sound file .* or a score"
    ):
        source(tmp_path, Score, Audio)
    with pytest.raises(FileError, match="is a file; what is wanted is no file"):
        source(tmp_path / "mix.wav", NoneType)


def test_a_file_cut_while_it_is_read_is_said(tmp_path: Path) -> None:
    path = tmp_path / "mix.wav"
    soundfile.write(path, NOISE, RATE)

    def cut(shape: tuple[int, ...]) -> Samples:
        os.truncate(path, 1000)
        return np.zeros(shape, dtype=np.float32)

    with pytest.raises(FileError, match="changed while it was read"):
        read(path, (Audio,), cut)


def test_a_disk_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    soundfile.write(tmp_path / "mix.wav", NOISE, RATE)
    real = FileIO.readinto

    class Worn(FileIO):
        def readinto(self, buffer: object) -> int:
            if self.tell() > 10_000:
                raise OSError(errno.EIO, "worn out")
            return real(self, buffer)  # type: ignore[arg-type]

    monkeypatch.setattr("bridge.opening.FileIO", Worn)
    with pytest.raises(FileError, match=r"mix\.wav' cannot be read: the disk reports an error"):
        source(tmp_path / "mix.wav")


@pytest.fixture
def stems(tmp_path: Path) -> Path:
    folder = tmp_path / "Song"
    folder.mkdir()
    for name, subtype in (("bass.flac", "PCM_16"), ("Drums.wav", "PCM_24"), ("aux.ogg", "VORBIS")):
        soundfile.write(folder / name, NOISE, RATE, subtype)
    return folder


def test_a_folder_is_read_as_stems_in_order_of_name(stems: Path) -> None:
    (stems / "notes.txt").write_text("tune the bass", encoding="utf-8")
    (stems / "song.mid").write_bytes(bytes_from_score(SCORE))
    (stems / "._bass.wav").write_bytes(b"what macOS leaves behind")
    (stems / "bounces.wav").mkdir()
    taken = source(stems, Session)
    assert isinstance(taken.material, Session)
    assert [stem.name for stem in taken.material.stems] == ["aux", "bass", "Drums"]
    assert {stem.audio.frames for stem in taken.material.stems} == {len(NOISE)}
    assert taken.form == Form("WAV", "PCM_24")


def test_stems_of_one_name_keep_their_endings(stems: Path) -> None:
    soundfile.write(stems / "bass.wav", NOISE, RATE)
    taken = source(stems, Session)
    assert isinstance(taken.material, Session)
    assert [stem.name for stem in taken.material.stems] == ["aux", "bass", "bass.wav", "Drums"]


def test_stems_at_two_rates_are_refused_by_name(stems: Path) -> None:
    soundfile.write(stems / "vox.wav", NOISE, 48_000)
    with pytest.raises(FileError, match=r"most are at 44100 Hz, but 'vox' at 48000 Hz"):
        source(stems, Session)


def test_stems_at_two_rates_that_sound_together_are_converted(stems: Path) -> None:
    soundfile.write(stems / "vox.wav", NOISE, 48_000)
    with Scratch() as scratch:
        taken = read(stems, (Session,), scratch, sums=True)
    assert isinstance(taken.material, Session)
    assert {stem.audio.rate for stem in taken.material.stems} == {RATE}
    assert taken.remarks == ("Converted to 44,100 Hz, the rate of most stems: vox (48,000 Hz).",)


@pytest.mark.parametrize("sums", [False, True])
def test_a_stem_without_samples_is_named(stems: Path, sums: bool) -> None:
    soundfile.write(stems / "vox.wav", NOISE[:0], RATE)
    with Scratch() as scratch, pytest.raises(FileError, match=r"vox\.wav' holds no samples, it"):
        read(stems, (Session,), scratch, sums=sums)
    (stems / "vox.wav").write_bytes(b"")
    with Scratch() as scratch, pytest.raises(FileError, match=r"vox\.wav' is empty: 0 bytes"):
        read(stems, (Session,), scratch, sums=sums)


def test_stems_of_too_many_channels_are_named(stems: Path) -> None:
    soundfile.write(stems / "vox.wav", np.tile(NOISE, 5)[:, :9], RATE)
    with (
        Scratch() as scratch,
        pytest.raises(FileError, match=r"vox\.wav' claims 9 channels; .* 1 to 8"),
    ):
        read(stems, (Session,), scratch, sums=True)


def test_what_is_no_sound_file_whatever_its_name_is_named(stems: Path) -> None:
    (stems / "vox.wav").write_text("no sound at all, sorry")
    with Scratch() as scratch, pytest.raises(FileError, match=r"vox\.wav' is .*bandmate reads"):
        read(stems, (Session,), scratch, sums=True)


def test_a_broken_stem_is_named(stems: Path) -> None:
    (stems / "vox.wav").write_bytes((stems / "Drums.wav").read_bytes()[:-100])
    with pytest.raises(FileError, match=r"vox\.wav' is cut off"):
        source(stems, Session)


@pytest.mark.parametrize(
    ("channels", "said", "kept"),
    [(6, 0x60F, 0x60F), (3, 0xB, 0xB), (2, 0x3, 0x3), (6, 0, 0x3F), (4, 0x3F, 0x33)],
)
def test_a_wav_keeps_its_loudspeakers(tmp_path: Path, channels: int, said: int, kept: int) -> None:
    """The mask of an extensible WAV is at byte 40."""
    take = tmp_path / "take.wav"
    soundfile.write(take, np.tile(NOISE, 3)[:, :channels], RATE, "PCM_24", format="WAVEX")
    data = bytearray(take.read_bytes())
    data[40:44] = struct.pack("<I", said)
    take.write_bytes(data)
    before = source(take)
    for bits in (None, 16, 32):
        form = before.form.of_depth(bits)
        made = write_all({"main": before.material}, tmp_path, "take.master", 1, form)["main"]
        assert struct.unpack("<I", made.read_bytes()[40:44]) == (kept,)
        assert soundfile.info(made).format == "WAVEX"
        if bits is None:
            np.testing.assert_array_equal(sound(made).samples, sound(take).samples)


def test_what_the_stage_made_of_stems_is_no_stem(stems: Path) -> None:
    for name in ("bass.master-1.wav", "Bass.master-2.compare.wav", "Song.master-1.stem.aux.wav"):
        soundfile.write(stems / name, NOISE, RATE)
    for name in ("vox.master-1.wav", "bass.pitch-1.wav"):  # of nothing here; of another stage
        soundfile.write(stems / name, NOISE, RATE)
    with Scratch() as scratch:
        taken = read(stems, (Session,), scratch, "master")
        assert len(read(stems, (Session,), scratch).left_out) == 0
    assert isinstance(taken.material, Session)
    kept = [stem.name for stem in taken.material.stems]
    assert kept == ["aux", "bass", "bass.pitch-1", "Drums", "vox.master-1"]
    assert len(taken.left_out) == 3


def test_a_folder_without_sound_is_said(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").touch()
    with pytest.raises(FileError, match="holds no sound files; export the stems into it"):
        source(tmp_path, Session)


@pytest.mark.parametrize("sums", [False, True])
def test_what_looks_like_a_stem_and_is_not_read_is_said(stems: Path, sums: bool) -> None:
    (stems / "VOX.M4A").write_bytes(b"from a telephone")
    for folder in ("drums", "notes", "bandmate-mix", ".hidden"):
        (stems / folder).mkdir()
    for folder in ("drums", "bandmate-mix", ".hidden"):
        soundfile.write(stems / folder / "kick.wav", NOISE, RATE)
    with Scratch() as scratch:
        taken = read(stems, (Session,), scratch, sums=sums)
    assert isinstance(taken.material, Session)
    assert len(taken.material.stems) == 3
    assert taken.remarks == (
        "Not read: VOX.M4A, the folder drums; put those stems beside the others, as WAV or FLAC.",
    )


def test_of_a_folder_of_folders_it_is_said_where_the_sound_is(stems: Path) -> None:
    said = f"export the stems into it. There is the folder {stems.name}, which is not read."
    with pytest.raises(FileError, match=re.escape(said)):
        source(stems.parent, Session)


def test_too_many_stems_are_refused(stems: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_STEMS", 2)
    with pytest.raises(FileError, match="holds 3 sound files; 2 at most"):
        source(stems, Session)


def test_a_stem_that_leads_out_of_its_folder_is_refused(stems: Path) -> None:
    soundfile.write(stems.parent / "secret.wav", NOISE, RATE)
    (stems / "vox.wav").symlink_to(stems.parent / "secret.wav")
    with pytest.raises(FileError, match=r"vox\.wav' leads out of its folder"):
        source(stems, Session)


def test_each_role_has_its_file(tmp_path: Path, noise: Audio) -> None:
    material: dict[str, Material | str] = {
        "report": "<p>Grüße</p>",
        "stem.Lead / Vox": noise,
        "notes": SCORE,
        "main": noise,
    }
    made = write_all(material, tmp_path / "new" / "folder", "mix.master", 3, Form("FLAC", "PCM_16"))
    assert {role: path.name for role, path in made.items()} == {
        "main": "mix.master-3.flac",
        "report": "mix.master-3.report.html",
        "stem.Lead / Vox": "mix.master-3.stem.Lead _ Vox.flac",
        "notes": "mix.master-3.notes.mid",
    }
    assert listed(tmp_path / "new" / "folder") == sorted(path.name for path in made.values())
    assert made["report"].read_text(encoding="utf-8") == "<p>Grüße</p>"
    assert sound(made["main"]).frames == noise.frames


def test_a_lead_sheet_stands_beside_the_notes(tmp_path: Path) -> None:
    sheet = '<?xml version="1.0" encoding="UTF-8"?>\n<score-partwise version="4.0"/>\n'
    made = write_all({"leadsheet": sheet, "main": SCORE}, tmp_path, "a.chords", 2, DEFAULT_FORM)
    assert {role: path.name for role, path in made.items()} == {
        "main": "a.chords-2.mid",
        "leadsheet": "a.chords-2.musicxml",
    }
    assert made["leadsheet"].read_text(encoding="utf-8") == sheet
    again = write_all({"leadsheet": sheet, "main": SCORE}, tmp_path, "a.chords", 2, DEFAULT_FORM)
    assert again["leadsheet"].name == "a.chords-3.musicxml"


def test_roles_that_are_written_alike_have_a_file_each(tmp_path: Path) -> None:
    made = write_all({"a/b": "1", "a:b": "2", "A_B": "3"}, tmp_path, "x.mix", 1, DEFAULT_FORM)
    assert [made[role].read_text(encoding="utf-8") for role in ("a/b", "a:b", "A_B")] == list("123")
    assert len({path.name.casefold() for path in made.values()}) == 3


def test_nothing_to_write_is_nothing_written(tmp_path: Path) -> None:
    assert write_all({}, tmp_path, "x.mix", 1, DEFAULT_FORM) == {}
    assert listed(tmp_path) == []


def test_no_role_of_a_suggestion_is_written_where_one_cannot_be(
    tmp_path: Path, noise: Audio
) -> None:
    bad = np.full((1, 10), np.nan, dtype=np.float32)
    with pytest.raises(ValueError, match="not finite"):
        write_all({"main": noise, "residual": Audio(bad, RATE)}, tmp_path, "x", 1, DEFAULT_FORM)
    assert listed(tmp_path) == []


def test_a_file_in_place_of_the_folder_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(FileError, match="out' is a file, not a folder to write in"):
        write_all({"main": "text"}, tmp_path / "out", "x.mix", 1, DEFAULT_FORM)
    with pytest.raises(FileError, match=r"Nothing can be written in .*: a part of the path is a f"):
        write_all({"main": "text"}, tmp_path / "out" / "deep", "x.mix", 1, DEFAULT_FORM)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps rights elsewhere")
def test_a_folder_that_may_not_be_written_is_said(tmp_path: Path) -> None:
    code = (
        "import os, sys; from pathlib import Path; from bridge import files\n"
        "if os.geteuid() == 0: os.setuid(65534)\n"
        "try: files.write_all({'main': 'x'}, Path(sys.argv[1]), 'x', 1, files.DEFAULT_FORM)\n"
        "except files.FileError as error: print(error)"
    )
    folder = tmp_path / "locked"
    folder.mkdir()
    folder.chmod(0o555)
    assert "bandmate has no permission; change it or name another folder" in run(code, folder)


def run(code: str, *words: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, words)], capture_output=True, text=True, check=True
    )
    return done.stdout


def test_room_is_asked_for_before_anything_is_written(
    tmp_path: Path, noise: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "KEEP_FREE", 1 << 60)
    with pytest.raises(FileError, match=r"is full: 529,200 bytes|is full: 0\.5 MB"):
        write_all({"main": noise}, tmp_path, "x.mix", 1, DEFAULT_FORM)
    assert listed(tmp_path) == []


def test_a_folder_that_takes_no_files_is_not_called_full(
    tmp_path: Path, noise: Audio, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(folder: Path) -> placing.Draft:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(disk, "KEEP_FREE", 1 << 60)
    monkeypatch.setattr(placing, "draft", refuse)
    with pytest.raises(FileError, match="the disk is read-only; name another folder"):
        write_all({"main": noise}, tmp_path, "x.mix", 1, DEFAULT_FORM)


LIMITED = """
import resource, sys
from pathlib import Path
import numpy as np
from assistant.material import Audio
from bridge import files

resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
noise = np.random.default_rng(0).normal(0, 0.1, (2, 100_000)).astype("f4")
for container in ("WAV", "FLAC"):
    form, folder = files.Form(container, "PCM_16"), Path(sys.argv[1])
    try:
        files.write_all({"main": Audio(noise, 44_100), "report": "x"}, folder, "x", 1, form)
    except files.FileError as error:
        print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no RLIMIT_FSIZE")
def test_a_write_that_fails_in_the_middle_leaves_nothing(tmp_path: Path) -> None:
    said = run(LIMITED, tmp_path).splitlines()
    assert len(said) == 2
    assert all("the file is larger than this system allows" in line for line in said)
    assert listed(tmp_path) == []


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(folder)]
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root on Linux can mount a tiny disk")
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine lets nobody mount a tiny disk")
    return folder


@pytest.fixture
def full_disk(tiny_disk: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setattr(disk, "KEEP_FREE", -(1 << 40))  # nobody looked first
    yield tiny_disk
    subprocess.run(["umount", str(tiny_disk)], check=True)


@pytest.mark.parametrize("container", ["WAV", "FLAC"])
def test_a_full_disk_is_said_and_nothing_is_left(full_disk: Path, container: str) -> None:
    form = Form("FLAC", "PCM_24") if container == "FLAC" else Form("WAV", "PCM_24")
    audio = Audio(np.tile(NOISE.T, 3).astype(np.float32), RATE)
    write_all({"main": "fits"}, full_disk, "x.mix", 1, form)
    with pytest.raises(FileError, match=r"Nothing can be written in .*: the disk is full"):
        write_all({"report": "fits", "main": audio}, full_disk, "x.mix", 1, form)
    assert listed(full_disk) == ["x.mix-1.html"]
    free = os.statvfs(full_disk)
    assert free.f_bavail * free.f_frsize > 200_000


KILLED = """
import sys, time
from pathlib import Path
import numpy as np
from assistant.material import Audio
from bridge import files
from bridge.sound import encoding

real, count = encoding._frames, 0

def frames(audio):
    for number, block in enumerate(real(audio)):
        yield block
        if number == 2:
            print("writing", flush=True)
            time.sleep(60)

encoding._frames = frames
noise = np.zeros((2, 1_000_000), dtype=np.float32)
form = files.Form(sys.argv[2], "PCM_16")
files.write_all({"report": "x", "main": Audio(noise, 44_100)}, Path(sys.argv[1]), "x", 1, form)
"""


@pytest.mark.skipif(not hasattr(os, "O_TMPFILE"), reason="only Linux has files without a name")
@pytest.mark.parametrize("container", ["WAV", "FLAC"])
def test_a_kill_in_the_middle_of_writing_leaves_nothing(tmp_path: Path, container: str) -> None:
    words = [sys.executable, "-c", KILLED, str(tmp_path), container]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline() == "writing\n"
        writer.send_signal(signal.SIGKILL)
    assert writer.returncode == -signal.SIGKILL
    assert listed(tmp_path) == []


MANY = """
import sys
from pathlib import Path
from bridge import files

sys.stdin.readline()
for turn in range(50):
    mine = f"{sys.argv[2]} {turn}"
    made = files.write_all(
        {"main": mine, "report": mine}, Path(sys.argv[1]), "mix.master", 1, files.DEFAULT_FORM
    )
    for path in made.values():
        print(path.name)
"""


def test_processes_that_write_at_once_never_meet(tmp_path: Path) -> None:
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", MANY, str(tmp_path), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(3)
    ]
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("go\n")
        writer.stdin.flush()
    told = [writer.communicate()[0].split() for writer in writers]
    names = [name for one in told for name in one]
    assert len(names) == 300
    assert sorted(names) == listed(tmp_path)
    for number, mine in enumerate(told):
        expected = [f"{number} {turn}" for turn in range(50) for _ in range(2)]
        assert [(tmp_path / name).read_text(encoding="utf-8") for name in mine] == expected
    for number in range(1, 151):
        main, report = (
            (tmp_path / f"mix.master-{number}{ending}").read_text(encoding="utf-8")
            for ending in (".html", ".report.html")
        )
        assert main == report


HOUR = """
import sys
from pathlib import Path
from assistant.material import Audio
from bridge import files
from bridge.midi.score import bytes_from_score
from bridge.scratch import Scratch

def most():
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) >> 10

folder = Path(sys.argv[1])
with Scratch(folder / "cache") as scratch:
    source = files.read(folder / "hour.wav", (Audio,), scratch)
    made = scratch(source.material.samples.shape)
    for start, block in source.material.blocks(1 << 16):
        made[:, start : start + block.shape[1]] = block * 0.5
    audio = Audio(made, source.material.rate)
    print(files.write_all({"main": audio}, folder / "out", "hour.mix", 1, source.form)["main"])
print(most())
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says what is resident")
def test_an_hour_of_stereo_stays_under_300_mb(tmp_path: Path) -> None:
    frames = 3600 * RATE
    head = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, RATE, 4 * RATE, 4, 16)
    size = 4 * frames
    with (tmp_path / "hour.wav").open("wb") as file:
        file.write(b"RIFF" + struct.pack("<I", 36 + size) + b"WAVE" + head)
        file.write(b"data" + struct.pack("<I", size))
        file.write(struct.pack("<hh", 1000, -1000))
        file.truncate(44 + size)
    made, most = run(HOUR, tmp_path).split()
    assert int(most) < 300
    assert soundfile.info(made).frames == frames
    first, _ = soundfile.read(made, frames=1, dtype="int16")
    assert first.tolist() == [[500, -500]]


def test_a_residual_is_written_as_floats_beside_what_is_kept(tmp_path: Path) -> None:
    rng = np.random.default_rng(1)
    take = (rng.integers(-(2**15), 2**15, (1, 500)) / 2**15).astype(np.float32)
    kept = (rng.integers(-(2**15), 2**15, (1, 500)) / 2**15).astype(np.float32)
    made = {"main": Audio(kept, 48_000), "residual": Audio(take - kept, 48_000)}
    paths = write_all(made, tmp_path, "take.denoise", 1, Form("FLAC", "PCM_16"))
    assert paths["main"].name == "take.denoise-1.flac"
    assert paths["residual"].name == "take.denoise-1.residual.wav"
    whole = sum(soundfile.read(path, dtype="float32")[0] for path in paths.values())
    assert np.array_equal(whole, take[0])
