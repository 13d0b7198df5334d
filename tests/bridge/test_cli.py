"""The command line as a script sees it: words in; one object, files and an exit code out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from assistant import engine
from bridge.cli import COMMANDS, main
from tests.bridge.daw import daemon


@pytest.fixture
def take(tmp_path: Path) -> Path:
    path = tmp_path / "take.wav"
    noise = np.random.default_rng(2).normal(0.0, 0.05, (88_200, 2))
    soundfile.write(path, noise, 44_100, subtype="PCM_24")
    return path


def say(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:
    """Run a command; return its code, its one object, and stderr."""
    code = main([*words, "--json"])
    out, err = capsys.readouterr()
    assert out.count("\n") == 1
    return code, json.loads(out), err


def test_master_says_one_object_and_writes_beside_the_input(
    capsys: pytest.CaptureFixture[str], take: Path
) -> None:
    kept = take.read_bytes()
    code, said, _ = say(capsys, "master", str(take), "--preset", "spotify", "--count", "1")
    assert code == 0
    assert (said["stage"], said["input"]) == ("master", str(take))
    assert said["seconds"] > 0
    (one,) = said["suggestions"]
    assert one["file"] == str(take.with_name("take.master-1.wav"))
    assert one["measured"]["integrated"]["after"] == pytest.approx(-14.0, abs=0.1)
    assert one["measured"]["integrated"]["unit"] == "LUFS"
    made = soundfile.info(one["file"])
    assert (made.samplerate, made.channels, made.subtype) == (44_100, 2, "PCM_24")
    assert take.read_bytes() == kept


def test_a_taken_name_gets_the_next_number(
    capsys: pytest.CaptureFixture[str], take: Path, tmp_path: Path
) -> None:
    for number in (1, 2):
        out = tmp_path / "out"
        _, said, _ = say(capsys, "master", str(take), "--count", "1", "--out", str(out))
        assert said["suggestions"][0]["file"] == str(out / f"take.master-{number}.wav")


def test_a_stage_shows_as_many_as_it_declares_unless_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _, said, _ = say(capsys, "chords", "--key", "D", "--out", str(tmp_path))
    assert len(said["suggestions"]) == engine.stage("chords").shows == 8


def test_a_report_is_drawn_by_stages_that_draw_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("chords", "--key", "D", "--count", "1", "--out", str(tmp_path))
    code, said, _ = say(capsys, *words, "--report")
    assert (code, said["error"]["code"]) == (2, "setting")
    assert said["error"]["text"].startswith("chords draws no report")
    code, said, _ = say(capsys, *words, "--report", "no")
    assert code == 0
    assert "report" not in said["suggestions"][0]["files"]


@pytest.mark.parametrize("name", ["tune.mid", "a folder"])
def test_a_file_behind_a_switch_is_no_answer_to_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    (tmp_path / "a folder").mkdir()
    for words in (["--render", str(tmp_path / name)], ["--report", str(tmp_path / name)]):
        _, said, _ = say(capsys, "chords", *words)
        assert "yes or no" not in said["error"]["text"]
    _, said, _ = say(capsys, "chords", "--render", "perhaps")
    assert "it takes yes or no" in said["error"]["text"]


def test_chords_need_no_file(capsys: pytest.CaptureFixture[str], home: Path) -> None:
    code, said, _ = say(capsys, "chords", "--prompt", "hopeful", "--key", "D", "--count", "2")
    assert code == 0
    assert len(said["suggestions"]) == 2
    for one in said["suggestions"]:
        assert Path(one["file"]).parent == home / "music"
        assert Path(one["file"]).suffix == ".mid"
        assert one["chords"]
        assert one["notes"]


def test_meter_measures_files(capsys: pytest.CaptureFixture[str], take: Path) -> None:
    code, said, _ = say(capsys, "meter", str(take), str(take))
    assert code == 0
    assert len(said["files"]) == 2
    names = ("integrated", "short_term_max", "momentary_max", "loudness_range", "true_peak")
    assert set(said["files"][0]) == {"file", *names, "sample_peak"}
    assert said["files"][0]["integrated"] == pytest.approx(-19.9, abs=0.3)


def test_tables_for_a_pipe_are_not_folded(
    capsys: pytest.CaptureFixture[str], take: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    whole = take.rename(take.with_name("a song [live] of quite a long name, take 12.wav"))
    assert main(["meter", str(whole)]) == 0
    assert main(["presets", "master"]) == 0
    said = capsys.readouterr().out
    assert f"  {whole.name}  " in said
    assert "  netflix-little-dialogue  " in said


def test_a_name_that_no_encoding_can_say_is_printed(take: Path) -> None:
    odd = take.rename(take.with_name("m\xfcll.wav"))
    told = {**os.environ, "PYTHONIOENCODING": "ascii:strict"}
    words = [sys.executable, "-m", "bridge", "meter", str(odd)]
    done = subprocess.run(words, capture_output=True, env=told, check=True)
    assert rb"m\xfcll.wav" in done.stdout


def test_several_presets_at_once_give_one_master_each(
    capsys: pytest.CaptureFixture[str], take: Path
) -> None:
    code, said, _ = say(capsys, "master", str(take), "--preset", "spotify,ebu-r128")
    assert code == 0
    titles = [one["title"] for one in said["suggestions"]]
    assert [title.partition(":")[0] for title in titles] == ["Spotify", "EBU R 128"]
    reached = [one["measured"]["integrated"]["after"] for one in said["suggestions"]]
    assert reached == pytest.approx([-14.0, -23.0], abs=0.1)
    code, said, _ = say(capsys, "master", "nothing.wav", "--preset", "spotify,ebur128")
    assert (code, said["error"]["code"]) == (2, "file")
    code, said, _ = say(capsys, "master", str(take), "--preset", "spotify,ebur128")
    assert (code, said["error"]["code"]) == (2, "unknown")
    assert "ebu-r128" in said["error"]["text"]


def put_album(folder: Path, rates: tuple[int, ...] = (44_100, 44_100)) -> Path:
    folder.mkdir()
    for number, rate in enumerate(rates, 1):
        noise = np.random.default_rng(number).normal(0.0, 0.1 / number, (2 * rate, 2))
        soundfile.write(folder / f"{number:02} song.wav", noise, rate, subtype="PCM_16")
    return folder


def test_a_folder_is_mastered_as_an_album_for_several_platforms(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = put_album(tmp_path / "album")
    _, said, _ = say(capsys, "master", str(folder), "--preset", "spotify,ebu-r128")
    reached = [one["measured"]["album"]["after"] for one in said["suggestions"]]
    assert reached == pytest.approx([-14.0, -23.0], abs=0.05)
    for one in said["suggestions"]:
        files = [Path(one["files"][f"stem.{name}"]) for name in ("01 song", "02 song")]
        assert all(soundfile.info(file).subtype == "PCM_16" for file in files)
        _, heard, _ = say(capsys, "meter", *map(str, files))
        for name, row in zip(("01 song", "02 song"), heard["files"], strict=True):
            told = one["measured"][f"{name} integrated"]["after"]
            assert row["integrated"] == pytest.approx(told, abs=0.02)


def test_tracks_of_different_rates_are_no_album(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    folder = put_album(tmp_path / "album", (44_100, 48_000, 44_100))
    code, said, _ = say(capsys, "master", str(folder))
    assert (code, said["error"]["code"]) == (2, "file")
    for words in ("most are at 44100 Hz", "'02 song' at 48000 Hz", "Export them again at 44100 Hz"):
        assert words in said["error"]["text"]


def test_what_a_file_says_of_its_loudness_is_read_back(
    capsys: pytest.CaptureFixture[str], take: Path
) -> None:
    _, said, _ = say(capsys, "master", str(take), "--preset", "spotify", "--count", "1")
    (one,) = said["suggestions"]
    _, said, _ = say(capsys, "meter", one["file"])
    (row,) = said["files"]
    for name, value in row["bext"].items():
        assert value == pytest.approx(one["measured"][name]["after"], abs=0.0051)
        assert value == pytest.approx(row[name], abs=0.02)
    assert row["bext"]["integrated"] == pytest.approx(-14.0, abs=0.1)
    assert main(["meter", one["file"]]) == 0
    assert "says of itself (bext): integrated -14.0" in capsys.readouterr().out


def test_meter_of_silence_is_null(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    soundfile.write(tmp_path / "silence.wav", np.zeros((44_100, 2)), 44_100)
    _, said, _ = say(capsys, "meter", str(tmp_path / "silence.wav"))
    assert said["files"][0]["integrated"] is None
    assert said["files"][0]["true_peak"] is None


def test_stages_and_presets_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    _, said, _ = say(capsys, "stages")
    assert said["stages"]["master"]["settings"]["loudness"]["takes"] == "-36 to -5 LUFS"
    assert said["stages"]["master"]["draws"] is True
    assert said["stages"]["chords"]["draws"] is False
    _, said, _ = say(capsys, "presets", "master")
    assert {"spotify"} <= {preset["name"] for preset in said["presets"]}


@pytest.mark.parametrize(
    ("words", "code", "hint"),
    [
        (["maser"], "unknown", "Did you mean 'master'"),
        (["master"], "file", "name a file"),
        (["mix"], "file", "mix takes a folder of stems: name a folder."),
        (["master", "{folder}/tak.wav"], "file", "Did you mean 'take.wav'"),
        (["melody", "{folder}"], "file", "folder"),
        (["master", "{folder}/none"], "file", "none"),
        (["master", "{take}", "--loudness", "3"], "setting", "-36 to -5 LUFS"),
        (["master", "{take}", "--loudnes", "-9"], "setting", "Did you mean '--loudness'"),
        (["master", "{take}", "--preset", "spotfy"], "unknown", "Did you mean 'spotify'"),
        (["master", "{take}", "{take}"], "setting", "has no"),
        (["chords", "{folder}"], "file", "score"),
        (["meter"], "setting", "file"),
        (["presets", "maser"], "unknown", "Did you mean 'master'"),
        (["allow", "{folder}/none"], "file", "no folder"),
        (["serve", "--osc-port", "loud"], "setting", "--osc-port"),
    ],
)
def test_a_mistake_is_one_line_and_exit_code_2(
    capsys: pytest.CaptureFixture[str], take: Path, words: list[str], code: str, hint: str
) -> None:
    filled = [word.format(folder=take.parent, take=take) for word in words]
    assert main(filled) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert hint in err
    assert main([*filled, "--json"]) == 2
    out, _ = capsys.readouterr()
    assert json.loads(out)["error"]["code"] in {code, "setting"}


@pytest.mark.parametrize("name", [*COMMANDS, "ask", "chords", "master"])
def test_every_command_has_help(capsys: pytest.CaptureFixture[str], name: str) -> None:
    try:
        code = main([name, "--help"])
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 0
    assert f"bandmate {name}" in capsys.readouterr().out


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    shown = capsys.readouterr().out
    assert all(f"bandmate {name}" in shown for name in (*COMMANDS, "ask"))


def test_allow_is_remembered(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["allow", str(tmp_path)]) == 0
    capsys.readouterr()
    assert main(["allow"]) == 0
    assert str(tmp_path) in capsys.readouterr().out.splitlines()


def test_doctor_looks_at_everything(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = say(capsys, "doctor")
    found = {finding["what"]: finding for finding in said["findings"]}
    assert {"Python", "libraries", "OSC port", "MIDI", "journal", "ffmpeg", "speech"} <= set(found)
    assert all(one["mend"] for one in found.values() if one["state"] != "good")
    assert code == (2 if any(one["state"] == "bad" for one in found.values()) else 0)


def test_ask_starts_in_under_100_ms_and_says_the_same_object(tmp_path: Path) -> None:
    with daemon(root=tmp_path) as running:
        words = ["ask", "dummy", "--do", "moves", "--count", "1", "--json"]
        command = [sys.executable, "-m", "bridge", *words, "--port", str(running.port)]
        environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
        said = [
            json.loads(
                subprocess.run(command, capture_output=True, check=True, env=environment).stdout
            )
            for _ in range(2)
        ]
    assert [one["title"] for one in said[0]["suggestions"]] == ["less bass"]
    assert [move["group"] for move in said[1]["suggestions"][0]["moves"]] == ["eq1", "eq1", ""]


def test_ask_loads_the_standard_library_alone() -> None:
    code = (
        "import sys; from bridge import cli; cli.main(['ask', '--help']);"
        "own = {name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names);"
        "print(sorted(own))"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    last = told.stdout.strip().splitlines()[-1]
    assert "numpy" not in last
    assert "pythonosc" not in last
    assert "mido" not in last


def test_a_master_said_as_json_loads_neither_scipy_nor_what_draws(take: Path) -> None:
    code = (
        "import sys; from bridge import cli;"
        "cli.main(['master', sys.argv[1], '--count', '1', '--json']);"
        "print({'scipy', 'rich', 'soxr'} & set(sys.modules), file=sys.stderr)"
    )
    command = [sys.executable, "-c", code, str(take)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stderr.strip() == "set()"


def test_two_at_once_never_take_the_same_name(take: Path) -> None:
    command = [sys.executable, "-m", "bridge", "master", str(take), "--count", "1", "--json"]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, env=environment) for _ in range(2)]
    made = {json.loads(one.communicate()[0])["suggestions"][0]["file"] for one in both}
    assert len(made) == 2
    assert all(Path(path).exists() for path in made)


def test_a_stopped_command_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", 44_100, 2, "PCM_16") as file:
        for block in range(60):
            file.write(np.random.default_rng(block).normal(0, 0.1, (44_100 * 5, 2)))
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "bridge", "master", str(path), "--loudness", "-12"]
    for moment in (0.8, 2.0):
        started = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
        time.sleep(moment)
        started.kill()
        started.wait()
        left = {one.name for one in tmp_path.iterdir()}
        assert left <= {"long.wav", "long.master-1.wav", "long.master-2.wav"}
        for one in left - {"long.wav"}:
            assert soundfile.info(tmp_path / one).frames == 44_100 * 300
