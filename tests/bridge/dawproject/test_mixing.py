from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.material import Samples, Session
from assistant.steps import result
from bridge.dawproject import mixing
from bridge.dawproject.archive import Archive
from bridge.dawproject.reading import Project
from bridge.dawproject.tree import grown
from bridge.sound.flaws import Flaw
from tests.bridge.dawproject.packing import RATE, audio, packed, project, sound, wav

NOISE = np.random.default_rng(7).uniform(-0.5, 0.5, RATE)
FLOATS = NOISE.astype(np.float32)


def zeros(shape: tuple[int, ...]) -> Samples:
    return np.zeros(shape, np.float32)


def mixed(folder: Path, xml: str, members: Mapping[str, bytes] | None = None) -> Session:
    path = packed(folder / "song.dawproject", xml, members or {"take.wav": wav(NOISE)})
    with io.FileIO(path) as file:
        archive = Archive(file)
        session, _ = result(mixing.stems(Project(grown(archive.project())), archive, zeros))
    return session


def only(session: Session) -> tuple[str, int, NDArray[np.float32]]:
    (stem,) = session.stems
    return stem.name, stem.start, np.asarray(stem.audio.samples)


def clip(said: str, held: str = "") -> str:
    return f'<Clip contentTimeUnit="seconds" {said}>{held or audio()}</Clip>'


def test_a_range_of_a_file_is_laid_where_its_clip_lies(tmp_path: Path) -> None:
    part = clip('time="3" duration="1" playStart="0.25"')
    name, start, samples = only(mixed(tmp_path, project(sound(part), tempo="100")))
    assert (name, start) == ("Vocal", round(1.8 * RATE))
    assert np.array_equal(samples, [FLOATS[RATE // 4 : RATE // 4 + round(0.6 * RATE)]])


def test_a_clip_ends_with_its_file(tmp_path: Path) -> None:
    part = clip('time="0" duration="100"')
    _, start, samples = only(mixed(tmp_path, project(sound(part))))
    assert (start, samples.shape) == (0, (1, RATE))


def test_clips_of_a_track_sound_together_and_loop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mixing, "BLOCK_FRAMES", 1000)
    parts = clip('time="0" duration="2"') + clip('time="1" duration="2" loopEnd="0.25"')
    _, _, samples = only(mixed(tmp_path, project(sound(parts))))
    half, quarter = RATE // 2, RATE // 4
    expected = np.zeros(half + RATE, np.float32)
    expected[:RATE] = FLOATS
    for at in range(4):
        expected[half + at * quarter : half + (at + 1) * quarter] += FLOATS[:quarter]
    assert np.array_equal(samples, [expected])


def test_mono_sounds_on_all_channels_of_its_track(tmp_path: Path) -> None:
    stereo = np.stack([NOISE, -NOISE], axis=1)
    parts = clip('time="0" duration="2"') + clip(
        'time="2" duration="2"', audio("two.wav", channels=2)
    )
    members = {"take.wav": wav(NOISE), "two.wav": wav(stereo)}
    _, _, samples = only(mixed(tmp_path, project(sound(parts)), members))
    assert np.array_equal(samples[:, :RATE], [FLOATS, FLOATS])
    assert np.array_equal(samples[:, RATE:], [FLOATS, -FLOATS])


def test_fades_are_straight_lines(tmp_path: Path) -> None:
    ones = {"take.wav": wav(np.full(RATE, 0.5))}
    part = clip('time="0" duration="2" fadeTimeUnit="seconds" fadeInTime="0.5" fadeOutTime="0.25"')
    _, _, samples = only(mixed(tmp_path, project(sound(part)), ones))
    line = samples[0]
    assert line[0] == 0.0
    assert line[RATE // 4] == pytest.approx(0.25)
    assert line[RATE // 2 + 10] == 0.5
    assert line[-RATE // 8] == pytest.approx(0.25, abs=1e-4)


def test_a_crossfade_begins_before_the_clip(tmp_path: Path) -> None:
    said = 'time="2" duration="1" playStart="0.5" fadeTimeUnit="seconds" fadeInTime="-0.1"'
    _, start, samples = only(mixed(tmp_path, project(sound(clip(said)))))
    assert start == RATE - RATE // 10
    there = samples[0, RATE // 10 :]
    assert np.array_equal(there, FLOATS[RATE // 2 :][: len(there)])
    assert np.abs(samples[0, :10]).max() < 0.01


def test_muted_tracks_and_clips_are_left_out(tmp_path: Path) -> None:
    drums = sound(clip('time="0" duration="1"'), "t3")
    off = sound(clip('time="0" duration="1" enable="false"') + clip('time="4" duration="1"'))
    both = mixed(tmp_path, project(off + drums))
    assert [(one.name, one.start) for one in both.stems] == [("Vocal", 2 * RATE), ("Drums", 0)]
    assert only(mixed(tmp_path, project(off + drums, mute="true")))[0] == "Vocal"
    with pytest.raises(Flaw, match="no sound in its arrangement"):
        mixed(tmp_path, project(drums, mute="true"))


def warped(end: float) -> str:
    held = f'<Warps timeUnit="beats" contentTimeUnit="seconds">{audio()}'
    held += f'<Warp time="0" contentTime="0"/><Warp time="2" contentTime="{end}"/></Warps>'
    return sound(f'<Clip time="4" duration="2" name="Take">{held}</Clip>')


def test_a_clip_that_is_warped_to_its_own_speed_is_only_moved(tmp_path: Path) -> None:
    _, start, samples = only(mixed(tmp_path, project(warped(1.0))))
    assert start == 2 * RATE
    assert np.array_equal(samples, [FLOATS])


def test_a_stretched_clip_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(Flaw, match=r"stretches the clip 'Take' of the track 'Vocal'.*bounce it"):
        mixed(tmp_path, project(warped(1.1)))


def test_bitwig_s_clips_in_clips_are_read(tmp_path: Path) -> None:
    inner = f'<Clip time="0" duration="2" contentTimeUnit="seconds">{audio()}</Clip>'
    outer = f'<Clip time="4" duration="1" playStart="0.5"><Clips>{inner}</Clips></Clip>'
    _, start, samples = only(mixed(tmp_path, project(sound(outer))))
    assert start == 2 * RATE
    assert np.array_equal(samples, [FLOATS[RATE // 4 : RATE // 4 + RATE // 2]])


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (audio("../secret.wav"), "names the sound '../secret.wav', which is not in it"),
        (audio().replace("path=", 'external="true" path='), "leaves the sound of the clip"),
        (audio("song.mid"), "'song.mid' that holds notes"),
        (audio("text.wav"), "'text.wav' that is no file of sound"),
        (audio(channels=2), "has 2 channels at 48000 Hz; it has 1 at 48000 Hz"),
        (audio(rate=44_100), "has 1 channels at 44100 Hz; it has 1 at 48000 Hz"),
        (audio(channels=99), "channels is 99"),
        (audio(seconds=1e6), "over 24 hours"),
    ],
)
def test_what_is_not_as_it_says_is_refused(tmp_path: Path, held: str, said: str) -> None:
    members = {"take.wav": wav(NOISE), "song.mid": b"MThd", "text.wav": b"some words"}
    members["song.mid"] += bytes(60)
    with pytest.raises(Flaw, match=said):
        mixed(tmp_path, project(sound(clip('time="0" duration="1e7"', held))), members)


def test_rates_that_differ_are_told_by_name(tmp_path: Path) -> None:
    other = sound(clip('time="0"', audio("b.wav", rate=44_100)), "t3")
    members = {"take.wav": wav(NOISE), "b.wav": wav(NOISE, 44_100)}
    with pytest.raises(Flaw, match=r"at 48000 Hz, but .Drums. at 44100 Hz\. Bounce"):
        mixed(tmp_path, project(sound(clip('time="0"') * 2) + other), members)
