from __future__ import annotations

import os
import tomllib
from dataclasses import replace
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from safetensors.numpy import load_file, save_file

from assistant.models.next_chord import NextChord
from assistant.models.vocabulary import Vocabulary
from training import next_chord, next_chord_net, salami
from training.corpora import Corpus, Song, load
from training.next_chord_score import changes, evaluate, measure, new_contexts

torch = pytest.importorskip("torch")
CORPORA = Path(os.environ.get("BANDMATE_TEST_DATA", "")) / "corpora"
needs_corpora = pytest.mark.skipif(
    not os.environ.get("BANDMATE_TEST_DATA"), reason="BANDMATE_TEST_DATA does not name the data"
)
WORDS = Vocabulary(next_chord.QUALITIES)


def song(name: str, chords: tuple[str, ...], beats: float = 4.0) -> Song:
    spans = tuple((chord, beats) for chord in chords)
    return Song(name, 0, "maj", chords, spans, (), {})


LOOPS = [
    song(str(at), (("I:maj", "V:maj", "VI:min", "IV:maj"), ("I:maj", "IV:maj", "V:7"))[at % 2] * 5)
    for at in range(8)
]
CORPUS = Corpus({one.name: one for one in LOOPS}, {"train": tuple("012345"), "valid": tuple("67")})


def test_the_runtime_says_what_was_learned() -> None:
    lessons = [
        next_chord_net.lesson(WORDS, one.chords, changes(one) if at % 2 else [], 1)
        for at, one in enumerate(LOOPS)
    ]
    net = next_chord_net.fit(WORDS, lessons, untimed=0.5, seed=3, epochs=1)
    with torch.no_grad():
        for value in net.parameters():
            value.copy_(value.half().float())
        rng = np.random.default_rng(6)  # hides the lengths of some
        batch = next_chord_net._batch(lessons, net.size, 0.5, rng)
        _, whole, lengths = net(batch)
    model = NextChord(next_chord._read(next_chord._written(net)), {"qualities": WORDS.qualities})
    modes = ("", "maj", "min")
    for at, one in enumerate(LOOPS):
        timed = bool(batch["timed"][at])
        mode = modes[int(batch["before"][at, 0]) - net.size]
        hearing = model.listen(beats=[] if timed else None, mode=mode)
        for step, chord in enumerate(one.chords):
            np.testing.assert_allclose(
                np.log(hearing.odds()), whole[at, step].log_softmax(-1), atol=5e-3
            )
            np.testing.assert_allclose(
                np.log(hearing.beats_odds(chord)), lengths[at, step].log_softmax(-1), atol=5e-3
            )
            hearing.push(chord, 4.0 if timed else None)
    assert 0 < float(batch["timed"].sum()) < 4


def test_training_writes_a_model_and_its_card(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    style = next_chord.Style("A title", "x", "a source", "MIT")
    monkeypatch.setattr(next_chord_net, "EPOCHS", 2)
    for folder in ("one", "other"):
        (tmp_path / folder).mkdir()
        next_chord._train(style, CORPUS, tmp_path / folder / "chords-x")
    card = tomllib.loads((tmp_path / "one" / "chords-x.toml").read_text())
    assert card["songs"] == 6
    assert card["licence"] == "MIT"
    assert card["date"] == date(2026, 11, 22)
    assert card["qualities"] == list(next_chord.QUALITIES)
    assert card["valid"]["memory"]["all"]["scored"] == 19 + 14
    files = [tmp_path / folder / "chords-x.safetensors" for folder in ("one", "other")]
    assert files[0].read_bytes() == files[1].read_bytes()
    assert files[0].stat().st_size < 2e6
    model = NextChord(next_chord._read(load_file(files[0])), card)
    assert model.followers("I:maj")["V:maj"].songs == pytest.approx(0.5)
    step = model.step("V:7", "I:maj7", "maj")
    assert step is not None
    assert step.cases == 27
    assert step.times == pytest.approx(12 / 27)


def test_counts_are_made_anew_and_networks_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(next_chord, "STYLES", {"x": next_chord.Style("A title", "x", "", "MIT")})
    monkeypatch.setattr(next_chord, "load", lambda _: CORPUS)
    place = tmp_path / "chords-x.safetensors"
    before = untaught()
    save_file({name: value for name, value in before.items() if name != "counts.steps"}, place)
    next_chord.recount(tmp_path, tmp_path)
    after = load_file(place)
    assert set(after) == set(before)
    for name, value in after.items():
        if not name.startswith("counts."):
            np.testing.assert_array_equal(value, before[name])
    assert after["counts.steps"].sum() == 3 * 19 + 3 * 14


def test_contexts_are_new_once() -> None:
    assert [*new_contexts("abababc")] == [True, True, True, False, False, False]
    assert [*new_contexts("a")] == []


def test_lengths_are_of_the_changes() -> None:
    told = (("N", 8.0), ("I:maj", 2.0), ("I:maj", 2.0), ("N", 1.0), ("V:7", 4.0), ("I:maj", 4.0))
    one = replace(song("x", ("I:maj", "V:7", "I:maj")), spans=told)
    assert changes(one) == [5, 4, 4]
    assert changes(replace(one, spans=())) == []


def test_a_chord_without_a_name_is_a_miss_that_costs() -> None:
    model = NextChord(next_chord._read(untaught()), {"qualities": WORDS.qualities})
    told = measure(model, [song("x", ("I:maj", "V:13", "I:maj", "V:13"))])["memory"]["all"]
    known = measure(model, [song("x", ("I:maj", "V:maj", "I:maj", "V:maj"))])["memory"]["all"]
    assert told["scored"] == known["scored"] == 3
    assert told["top5"] <= 1 / 3
    assert told["perplexity"] > known["perplexity"] > 1


def untaught() -> dict[str, NDArray[Any]]:
    torch.manual_seed(0)
    counts = next_chord._counts(WORDS, LOOPS)
    return {**next_chord._written(next_chord_net.Net(WORDS).eval()), **counts}


BILLBOARD = """# title: A song
# tonic: C
# metre: 6/8

0.1	silence
0.5	A, verse, | C:maj | F:maj7/3 G:9 |, (voice
4.5	| A:min . | (3/4) C:1 | x2
9.9	B, | N | Db:aug(b7) |, voice)
12.1	end
"""


def test_a_transcription_tells_lengths() -> None:
    told = [*salami.spans(BILLBOARD)]
    turn = [("A:min", 1.0), ("A:min", 1.0), ("C:1", 3.0)]
    assert told == [
        ("C:maj", 2.0), ("F:maj7/3", 1.0), ("G:9", 1.0), *turn, *turn,
        ("N", 2.0), ("Db:aug(b7)", 2.0),
    ]  # fmt: skip
    labels = [salami.label(symbol, 7) for symbol, _ in told]
    assert labels[:5] == ["IV:maj", "bVII:maj7", "I:7", "II:min", "II:min"]
    assert labels[-2:] == ["N", "#IV:aug"]


@needs_corpora
@pytest.mark.data
def test_transcriptions_tell_the_chords_of_the_corpus() -> None:
    corpus = load(CORPORA / "billboard-train-valid.json.gz")
    timed = salami.with_spans(corpus, CORPORA / "billboard-salami-train-valid.tar.gz")
    told = [one for one in timed.songs.values() if one.spans]
    assert len(told) > 0.85 * len(timed.songs)
    for one in told:
        assert len(changes(one)) == len(one.chords)
        assert all(before != after for before, after in pairwise(one.chords))


@needs_corpora
@pytest.mark.data
@pytest.mark.parametrize(
    ("corpus", "style", "overall", "new"),
    [("pop909", "pop", 0.62, 0.42), ("billboard", "rock", 0.79, 0.37)],
)
def test_the_models_on_the_shelf_reach_their_goals(
    corpus: str, style: str, overall: float, new: float
) -> None:
    songs = [*load(CORPORA / f"{corpus}-train-valid.json.gz").part("valid")]
    told = evaluate(songs)
    assert told["style"] == style
    assert told["memory"]["all"]["top1"] > overall
    assert told["memory"]["new"]["top1"] > new
    assert told["memory"]["all"]["perplexity"] < told["style_alone"]["all"]["perplexity"]
