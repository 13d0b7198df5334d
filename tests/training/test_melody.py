"""The melody model is measured as it is told, and made the same again from the same seed."""

from __future__ import annotations

import gzip
import json
import os
import tomllib
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.models.copying import Runs
from assistant.models.echoes import echoes, recall
from assistant.models.melody import MelodyNet
from bridge.presets import weights
from training import evaluate as entry
from training import melody
from training.corpora import Song, load

MODELS = Path(__file__).parents[2] / "presets" / "models"
CORPUS = Path(os.environ.get("BANDMATE_TEST_DATA", "")) / "corpora" / "pop909-train-valid.json.gz"
needs_corpus = pytest.mark.skipif(not CORPUS.exists(), reason="BANDMATE_TEST_DATA is not set")


def song(seed: int, notes: int = 120, *, spans: bool = True) -> Song:
    """Make a song of a phrase and its repeats, over four chords."""
    random = np.random.default_rng(seed)
    phrase = [
        (int(pitch), int(length))
        for pitch, length in zip(
            62 + random.choice([-12, 0, 2, 4, 5, 7, 9], 30),
            random.choice([1, 2, 4], 30), strict=True,
        )
    ]  # fmt: skip
    line = [(0, 6), *phrase * (notes // 30)]
    chords = [("I:maj", 4.0), ("VI:min7", 4.0), ("N", 2.0), ("bVII:sus4", 6.0)]
    beats = sum(length for _, length in line) // 16 + 1
    told = tuple(chords * (beats // 4 + 1)) if spans else ()
    return Song(f"song {seed}", 2, "maj", tuple(name for name, _ in chords), told, tuple(line), {})


def file_of(songs: list[Song], folder: Path, split: dict[str, list[str]]) -> Path:
    told: dict[str, Any] = {
        one.name: {
            "tonic": one.tonic, "mode": one.mode, "chords": one.chords,
            "seg": one.spans, "melody": one.melody,
        }
        for one in songs
    }  # fmt: skip
    path = folder / "pop909-train-valid.json.gz"
    with gzip.open(path, "wt") as file:
        json.dump({"songs": told, "split": split}, file)
    return path


def test_a_song_is_read_with_the_chords_that_sound() -> None:
    line = melody.read(
        Song(
            "x", 9, "min", (), (("I:min", 1.0), ("bIII:maj7", 0.5), ("N", 1.0), ("#IV:hdim7", 1.0)),
            ((0, 2), (69, 2), (0, 1), (72, 1), (60, 3), (64, 4), (65, 8), (67, 1)), {},
        )
    )  # fmt: skip
    assert line is not None
    assert line.pitches.tolist() == [[69, 72, 60, 64, 65, 67]]
    assert line.starts.tolist() == [[2, 5, 6, 9, 13, 21]]
    assert line.lengths.tolist() == [[2, 1, 3, 4, 8, 1]]
    assert line.roots is not None
    assert line.tones is not None
    assert line.roots.tolist() == [[9, 0, -1, -1, 3, -1]]
    classes = [np.flatnonzero(tones).tolist() for tones in line.tones[0]]
    assert classes == [[0, 4, 9], [0, 4, 7, 11], [], [], [1, 3, 6, 9], []]


def test_a_song_in_which_nothing_sounds_is_left_out() -> None:
    silent = Song("x", 0, "maj", (), (), ((0, 64),), {})
    assert melody.read(silent) is None
    assert melody.evaluate([silent])["notes"] == 0


def test_songs_without_spans_are_measured_without_chords() -> None:
    told = melody.evaluate([song(1, spans=False)])
    assert "with_chords" not in told
    both = melody.evaluate([song(1)])
    assert told.items() < both.items()
    assert both["with_chords"]["bits"] != both["bits"]


def test_what_is_told_is_what_the_runtime_says() -> None:
    one = song(4)
    line = melody.read(one)
    assert line is not None
    plain, shipped = line.without_chords(), weights("melody-pop")
    pitch = np.array([note - 2 - 30 for note, _ in one.melody[1:]])
    told = melody.evaluate([one])

    def bits(logs: np.ndarray, chosen: np.ndarray) -> float:
        return float(-np.mean(logs[np.arange(len(pitch)), pitch][chosen]) / np.log(2))

    every, fresh = np.ones(len(pitch), bool), echoes(line).fresh
    logs = recall(plain, shipped)
    assert told["notes"] == len(pitch)
    assert told["bits"] == pytest.approx(bits(logs, every), abs=1e-4)
    assert told["new_contexts"]["bits"] == pytest.approx(bits(logs, fresh), abs=1e-4)
    assert told["new_contexts"]["share"] == pytest.approx(fresh.mean(), abs=1e-4)
    assert told["with_chords"]["bits"] == pytest.approx(
        bits(recall(line, shipped), every), abs=1e-4
    )
    alone = MelodyNet(shipped).predict(plain)[0]
    assert told["without_memory"]["bits"] == pytest.approx(bits(alone, every), abs=1e-4)
    top3 = [own in np.argsort(-row)[:3] for own, row in zip(pitch, logs, strict=True)]
    assert told["top3"] == pytest.approx(np.mean(top3), abs=1e-4)


def test_the_entry_point_prints_one_object(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_of([song(1), song(2)], tmp_path, {"train": ["song 1"], "valid": ["song 2"]})
    entry.main(["--task", "melody", "--songs", str(path), "--part", "valid"])
    told = json.loads(capsys.readouterr().out)
    assert told["songs"] == 1
    assert told["bits"] < told["without_memory"]["bits"]
    assert told["top1"] <= told["top3"] <= told["top5"] <= 1


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    fit = pytest.importorskip("training.melody_fit")
    for name in ("_FIRST_EPOCHS", "_EPOCHS", "_MEMORY_EPOCHS"):
        monkeypatch.setattr(fit, name, 2)


@pytest.mark.usefixtures("quick")
def test_the_same_seed_makes_the_same_files(tmp_path: Path) -> None:
    songs = [song(seed) for seed in range(12)]
    names = [one.name for one in songs]
    file_of(songs, tmp_path, {"train": names[:9], "valid": names[9:]})
    for folder in ("one", "two"):
        melody.train(tmp_path, tmp_path / folder)
    for name in ("melody-pop.safetensors", "melody-runs-pop.safetensors", "melody-runs-pop.toml"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()
    card = tomllib.loads((tmp_path / "one" / "melody-pop.toml").read_text())
    assert card["split"] == {"train": 9, "valid": 3}
    assert card["valid"]["notes"] == 3 * 120
    assert card["valid"]["without_memory"]["bits"] < np.log2(66)


def test_what_was_fitted_runs_in_numpy_as_in_torch() -> None:
    fit = pytest.importorskip("training.melody_fit")
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    net, memory = fit.Net().eval(), fit.Memory()
    arrays = net.arrays() | {
        name: value.detach().numpy() for name, value in memory.named_parameters()
    }
    line = melody.read(song(8))
    assert line is not None
    logs = fit._logs(net, line)
    np.testing.assert_allclose(MelodyNet(arrays).predict(line)[0], logs.numpy(), atol=1e-4)
    with torch.no_grad():
        blended = torch.log_softmax(memory(echoes(line), logs), dim=-1).numpy()
    np.testing.assert_allclose(recall(line, arrays), blended, atol=1e-4)


@pytest.mark.parametrize(("name", "most"), [("melody-pop", 2e6), ("melody-runs-pop", 1.5e6)])
def test_what_ships_is_small_and_has_a_card(name: str, most: float) -> None:
    assert (MODELS / f"{name}.safetensors").stat().st_size <= most
    card = tomllib.loads((MODELS / f"{name}.toml").read_text())
    assert card["data"]["licence"] == "MIT"
    assert {"title", "data", "date"} <= card.keys()


def test_the_hashes_are_those_of_the_card_and_seldom_wrong() -> None:
    card = tomllib.loads((MODELS / "melody-runs-pop.toml").read_text())
    arrays = weights("melody-runs-pop")
    assert {name: len(known) for name, known in arrays.items()} == card["hashes"]
    assert card["false_positives_a_run"] < 1e-4
    random = np.random.default_rng(0)
    pitches, lengths = random.integers(40, 90, (8000, 64)), random.integers(1, 30, (8000, 64))
    told = Runs(arrays).found(pitches, lengths)
    assert told.mean() == pytest.approx(card["false_positives_a_run"], rel=0.6)


@pytest.mark.data
@needs_corpus
def test_every_melody_of_the_corpus_is_known_as_a_copy() -> None:
    runs = Runs(weights("melody-runs-pop"))
    for one in load(CORPUS).songs.values():
        line = melody.read(one)
        assert line is not None
        notes = line.pitches.size
        assert runs.longest(line.pitches + 5, line.lengths, line.starts).tolist() == [notes]


@pytest.mark.data
@needs_corpus
def test_the_card_tells_what_ships() -> None:
    told = melody.evaluate(load(CORPUS).part("valid"))
    card = tomllib.loads((MODELS / "melody-pop.toml").read_text())
    for part in ("without_memory", "with_chords", "new_contexts"):
        assert told.pop(part)["bits"] == pytest.approx(card["valid"].pop(part)["bits"], abs=1e-3)
    assert told.pop("definition") == card["valid"].pop("definition")
    assert told.pop("style") == "pop"
    assert told == pytest.approx(card["valid"], abs=1e-3)
    assert told["bits"] < 0.9
