"""Orders carried out: several presets on one material, depth, tags."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pytest
import soundfile

from assistant import engine
from assistant import stages as rooms
from assistant.contract import Progress, Quantity, Request, Suggestion
from assistant.dsp.loudness import measure
from assistant.errors import MusicianError, TargetError
from assistant.material import Audio
from bridge import disk, files, work
from bridge.order import Order
from bridge.scratch import Scratch
from bridge.sound.bext import Bext, pack
from tests.bridge.sound.made import chunk, wav, wav_format

RATE = 44_100


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    noise = np.random.default_rng(2).normal(0.0, 0.05, (4000, 2))
    soundfile.write(path, noise, RATE, subtype="PCM_16")
    return path


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Request]:
    """Stand in for the engine: two suggestions a request, none above -5 LUFS."""
    heard: list[Request] = []

    def run(request: Request) -> Iterator[Progress | Suggestion]:
        heard.append(request)
        yield Progress(0.0, "measuring")
        loudness = float(str(request.settings["loudness"]))
        if loudness > -5.0:
            raise TargetError(f"{loudness:g} LUFS is out of reach.")
        measured = {"integrated": Quantity(-30.0, loudness, "LUFS")}
        assert isinstance(request.material, Audio)
        for n in range(request.context.count):
            made = {"main": request.material}
            yield Suggestion(f"way {n + 1}", "because", made, measured=measured)
            yield Progress((n + 1) / request.context.count, "working")

    monkeypatch.setattr(engine, "run", run)
    return heard


def several(take: Path, *loudness: float, count: int = 1) -> Order:
    wanted = {f"At {one:g}": {"loudness": one} for one in loudness}
    return Order("master", str(take), wanted[f"At {loudness[0]:g}"], count=count, presets=wanted)


def told(order: Order) -> tuple[list[dict[str, Any]], list[float], str]:
    """Carry an order out: its suggestions, its progress, and what went wrong."""
    suggestions, reached, wrong = [], [], ""
    try:
        for event in work.carry_out(order):
            if "suggestion" in event:
                suggestions.append(event["suggestion"])
            else:
                reached.append(event["progress"][0])
    except MusicianError as error:
        wrong = f"{error.code}: {error}"
    return suggestions, reached, wrong


def test_each_preset_gives_its_suggestions_on_material_read_once(
    take: Path, asked: list[Request]
) -> None:
    suggestions, reached, wrong = told(several(take, -14.0, -16.0, -23.0, count=2))
    assert [one["n"] for one in suggestions] == [1, 2, 3, 4, 5, 6]
    titles = [f"At {loudness}: way {n}" for loudness in (-14, -16, -23) for n in (1, 2)]
    assert [one["title"] for one in suggestions] == titles
    assert [Path(one["file"]).name for one in suggestions] == [
        f"take.master-{n}.wav" for n in range(1, 7)
    ]
    assert len({id(request.material) for request in asked}) == 1
    assert reached == sorted(reached)
    assert reached[-1] == 1.0
    assert wrong == ""


def test_one_preset_that_cannot_be_done_keeps_none_from_it(
    take: Path, asked: list[Request]
) -> None:
    suggestions, reached, wrong = told(several(take, -14.0, -2.0, -16.0, -1.0))
    assert [one["title"] for one in suggestions] == ["At -14: way 1", "At -16: way 1"]
    assert wrong == ("target: At -2: -2 LUFS is out of reach. At -1: -1 LUFS is out of reach.")
    assert reached == sorted(reached)


def test_without_several_presets_titles_and_errors_stay_as_they_are(
    take: Path, asked: list[Request]
) -> None:
    (one,), _, _ = told(Order("master", str(take), {"loudness": -14.0}, count=1))
    assert one["title"] == "way 1"
    _, _, wrong = told(Order("master", str(take), {"loudness": -1.0}))
    assert wrong == "target: -1 LUFS is out of reach."


def test_a_file_that_several_presets_share_is_read_once(
    take: Path, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[Path] = []
    real = files.reading

    def counted(
        path: Path, takes: tuple[type, ...], scratch: Scratch, *more: Any, sums: bool
    ) -> Generator[float, None, files.Source]:
        read.append(path)
        return (yield from real(path, takes, scratch, *more, sums=sums))

    stage = engine.stage("master")
    knob = replace(stage.knobs[0], name="reference", kind="material", accepts=(Audio,))
    declared = {"knobs": (knob,), "takes": (Audio,), "copies": 1, "sums": False}
    found = type("Found", (), declared)()
    monkeypatch.setattr(engine, "stage", lambda name: found)
    monkeypatch.setattr(files, "reading", counted)
    order = several(take, -14.0, -16.0)
    wanted = {
        title: {**settings, "reference": str(take)} for title, settings in order.presets.items()
    }
    told(replace(order, presets=wanted))
    assert len(read) == 2  # the take, and the reference
    first, second = (request.settings["reference"] for request in asked)
    assert first is second


def test_what_was_measured_is_said_in_the_file(take: Path, asked: list[Request]) -> None:
    (one,), _, _ = told(Order("master", str(take), {"loudness": -14.0}, count=1))
    with Scratch() as scratch:
        said = files.read(Path(one["file"]), (Audio,), scratch).tags.bext
    assert said is not None
    assert said.loudness.integrated == -14.0
    assert said.loudness.true_peak is None


def test_each_track_of_an_album_says_how_loud_it_is_itself(tmp_path: Path) -> None:
    album = tmp_path / "album"
    album.mkdir()
    beat = 0.2 + np.exp(-(np.arange(6 * RATE) / RATE % 0.5) / 0.1)
    noise = np.random.default_rng(3).normal(0.0, 0.05, (6 * RATE, 2)) * beat[:, None]
    soundfile.write(album / "loud.wav", noise, RATE, "PCM_24")
    soundfile.write(album / "quiet.wav", 0.3 * noise, RATE, "PCM_24")
    (one,), _, wrong = told(Order("master", str(album), {"loudness": -22.0}, count=1))
    assert wrong == ""
    said: dict[str, float] = {}
    for name in ("loud", "quiet"):
        with Scratch() as scratch:
            source = files.read(Path(one["files"][f"stem.{name}"]), (Audio,), scratch)
            assert isinstance(source.material, Audio)
            heard = measure(source.material)
        assert source.tags.bext is not None
        loudness = source.tags.bext.loudness
        for field in fields(loudness):
            value = getattr(loudness, field.name)
            assert value == pytest.approx(getattr(heard, field.name), abs=0.006)
        said[name] = loudness.integrated or 0.0
    assert said["loud"] - said["quiet"] == pytest.approx(10.5, abs=0.5)


def test_results_in_an_album_are_left_out_and_said(tmp_path: Path) -> None:
    noise = np.random.default_rng(3).normal(0.0, 0.05, (RATE, 2))
    for name in ("01", "02", "01.master-1"):
        soundfile.write(tmp_path / f"{name}.wav", noise, RATE)
    order = Order("master", str(tmp_path), {"amount": 0.0}, out=str(tmp_path / "out"))
    (made,) = [event["suggestion"] for event in work.carry_out(order) if "suggestion" in event]
    assert set(made["files"]) == {"stem.01", "stem.02"}
    assert made["why"].endswith("Results of bandmate left out of the folder: 01.master-1.wav.")


SUMMED = """
\"\"\"Put the stems on top of each other.\"\"\"
from dataclasses import dataclass
import numpy as np
from assistant.contract import Suggestion
from assistant.material import Audio, Session

takes = (Session,)
sums = True

@dataclass(frozen=True)
class Settings:
    pass

def suggest(session, settings, context, /):
    ends = [stem.start + stem.audio.frames for stem in session.stems]
    made = context.scratch((2, max(ends)))
    for stem, end in zip(session.stems, ends, strict=True):
        made[:, stem.start : end] += stem.audio.samples[:2]
    yield Suggestion("sum", "Summed.", {"main": Audio(made, session.stems[0].audio.rate)})
"""


@pytest.fixture
def summed(tmp_path: Path) -> Iterator[str]:
    """Lend the house a stage that sums the stems of a folder."""
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "summed.py").write_text(SUMMED)
    engine.add_stages(str(tmp_path / "stages"))
    yield "summed"
    rooms.__path__.remove(str(tmp_path / "stages"))
    engine.stage_names.cache_clear()
    sys.modules.pop("assistant.stages.summed", None)


def broadcast(path: Path, samples: np.ndarray, frame: int) -> None:
    said = chunk(b"bext", pack(Bext(frame=frame)))
    body = np.round(samples * 2**15).astype("<i2").tobytes()
    path.write_bytes(wav(body, form=wav_format(1, RATE), after=said))


def test_what_is_made_of_the_folder_one_stands_in_is_called_after_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    album = tmp_path / "My Album"
    (album / "inside").mkdir(parents=True)
    take = np.random.default_rng(2).normal(0.0, 0.05, (40_000, 2))
    soundfile.write(album / "one.wav", take, RATE, subtype="PCM_16")
    for here, path in ((album, "."), (album / "inside", "..")):
        monkeypatch.chdir(here)
        order = Order("master", path, {"amount": 0.0}, count=1)
        events = list(work.carry_out(order))
        (told,) = [event["suggestion"] for event in events if "suggestion" in event]
        (made,) = map(Path, told["files"].values())
        assert (made.parent, made.name[:8]) == (tmp_path, "My Album")


def test_stems_that_are_summed_lie_where_they_belong_and_the_sum_says_when_it_begins(
    tmp_path: Path, summed: str
) -> None:
    folder = tmp_path / "song"
    folder.mkdir()
    first, second = np.full(500, 0.25), np.full(300, 0.5)
    broadcast(folder / "kick.wav", first, 90_000)
    broadcast(folder / "vox.wav", second, 90_400)
    (made,), _, wrong = told(Order(summed, str(folder), {}, out=str(tmp_path / "out")))
    assert wrong == ""
    assert made["why"] == (
        "Summed. Stems lie where their time references say: vox starts 0.01 s in."
    )
    samples, rate = soundfile.read(made["file"], dtype="float32")
    expected = np.zeros(700, np.float32)
    expected[:500] += 0.25
    expected[400:] += 0.5
    assert rate == RATE
    assert np.array_equal(samples, np.array([expected, expected]).T)
    with Scratch() as scratch:
        said = files.read(Path(made["file"]), (Audio,), scratch).tags.bext
    assert said is not None
    assert said.frame == 90_000


def test_forty_stems_of_all_sorts_are_summed_at_the_rate_of_most(
    tmp_path: Path, summed: str
) -> None:
    folder = tmp_path / "song"
    folder.mkdir()
    dice = np.random.default_rng(5)
    for n in range(40):
        rate = 48_000 if n == 7 else RATE
        noise = dice.normal(0.0, 0.001, (rate // 10 + 10 * n, 1 + n % 3)) * (n != 9)
        soundfile.write(folder / f"{n:02}.wav", noise, rate, "PCM_24")
    (made,), _, wrong = told(Order(summed, str(folder), {}, out=str(tmp_path / "out")))
    assert wrong == ""
    assert made["why"] == (
        "Summed. Converted to 44,100 Hz, the rate of most stems: 07 (48,000 Hz)."
    )
    info = soundfile.info(made["file"])
    assert (info.samplerate, info.channels, info.frames) == (RATE, 2, RATE // 10 + 390)


def test_what_is_summed_at_several_rates_is_refused_by_who_does_not_sum(tmp_path: Path) -> None:
    noise = np.random.default_rng(3).normal(0.0, 0.05, (RATE, 2))
    for name, rate in (("01", RATE), ("02", RATE), ("03", 48_000)):
        soundfile.write(tmp_path / f"{name}.wav", noise, rate)
    made, _, wrong = told(Order("master", str(tmp_path), {"amount": 0.0}))
    assert made == []
    assert "most are at 44100 Hz, but '03' at 48000 Hz" in wrong


@pytest.mark.parametrize(
    ("suffix", "bits", "made"),
    [
        (".wav", None, (".wav", "PCM_16")),
        (".wav", 24, (".wav", "PCM_24")),
        (".wav", 32, (".wav", "FLOAT")),
        (".flac", 16, (".flac", "PCM_16")),
        (".flac", 24, (".flac", "PCM_24")),
        (".flac", 32, (".wav", "FLOAT")),
    ],
)
def test_a_suggestion_says_the_depth_that_it_was_made_for(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    suffix: str,
    bits: Literal[16, 24, 32] | None,
    made: tuple[str, str],
) -> None:
    path = tmp_path / f"take{suffix}"
    soundfile.write(path, np.random.default_rng(2).normal(0.0, 0.05, 4000), RATE, "PCM_16")

    def run(request: Request) -> Iterator[Suggestion]:
        assert isinstance(request.material, Audio)
        plain = Suggestion("as asked", "because", {"main": request.material})
        yield replace(plain, bits=bits)

    monkeypatch.setattr(engine, "run", run)
    (one,), _, _ = told(Order("master", str(path)))
    info = soundfile.info(one["file"])
    assert (Path(one["file"]).suffix, info.subtype) == made


def test_reading_and_writing_say_how_far_they_are(
    tmp_path: Path, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "long.wav"
    soundfile.write(path, np.zeros(300_000, np.float32), RATE, "PCM_16")
    told_all: dict[str, set[float]] = {}
    for seconds in (1000.0, 0.0):
        monkeypatch.setattr(work, "_TELL_SECONDS", seconds)
        told_all = {}
        for event in work.carry_out(several(path, -14.0)):
            if "progress" in event:
                fraction, doing = event["progress"]
                told_all.setdefault(doing, set()).add(fraction)
        if seconds:
            assert max(len(fractions) for fractions in told_all.values()) <= 2
    assert min(len(told_all["reading"]), len(told_all["writing"])) >= 5
    assert max(told_all["reading"]) < min(told_all["writing"]) < max(told_all["writing"]) <= 1.0


def test_a_disk_without_room_for_what_is_made_is_told_of_before_the_work(
    take: Path, asked: list[Request], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(disk, "KEEP_FREE", 1 << 60)
    suggestions, _, wrong = told(several(take, -14.0))
    assert (suggestions, asked) == ([], [])
    assert "is full" in wrong
    assert repr(str(take.parent)) in wrong


HOURS = """
import sys
from pathlib import Path
from bridge import order, work

asked = {"codecs": "none", "count": 1, "out": sys.argv[2]}
made = [one for one in work.carry_out(order.place("master", sys.argv[1], asked)) if "n" in str(one)]
peak = next(line for line in Path("/proc/self/status").open() if line.startswith("VmHWM"))
print(int(peak.split()[1]) / 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="only Linux says the peak")
def test_an_hour_is_mastered_in_the_memory_of_ten_minutes(tmp_path: Path) -> None:
    rate, dice, peaks = 8000, np.random.default_rng(1), []
    minute = np.concatenate(
        [level * dice.standard_normal(rate * 5) for level in dice.uniform(0.005, 0.2, 12)]
    )
    for minutes in (10, 60):
        path = tmp_path / f"{minutes}.wav"
        soundfile.write(path, np.tile(minute.clip(-1.0, 1.0), minutes), rate, "PCM_16")
        command = [sys.executable, "-c", HOURS, str(path), str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        peaks.append(float(done.stdout))
    assert peaks[1] - peaks[0] < 20.0
