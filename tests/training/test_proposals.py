"""The tables of what comes next, counted in songs made up here."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assistant.theory.tune.proposals import TURNS, Proposals
from bridge.presets import weights
from training.corpora import Song, load
from training.proposals import (
    bits,
    count_cells,
    count_degrees,
    count_roles,
    count_turns,
    make,
    onward,
    read_line,
    usual,
    windows,
)

UP = (60, 62, 64, 65, 67, 65, 64, 62)


def song(mode: str = "maj", tonic: int = 0, rest: int = 0) -> Song:
    melody = [(pitch + tonic, 2) for pitch in UP] * 8
    head = [(0, rest)] if rest else []
    spans = (("I:maj", 4.0), ("V:7", 4.0)) * 8
    return Song("made", tonic, mode, (), spans, (*head, *melody), {})


def test_a_melody_is_laid_out() -> None:
    line = read_line(song(rest=16))
    assert line.start[:3].tolist() == [16, 18, 20]
    assert line.step[:5].tolist() == [35, 36, 37, 38, 39]
    assert line.fits[:8].tolist() == [False, True, False, True, True, True, False, True]  # over V7
    assert line.role[:2].tolist() == [3, 4]
    assert not line.joined[0]
    assert line.joined[1:].all()


def test_tables_do_not_depend_on_the_key() -> None:
    here, there = (read_line(song(tonic=tonic)) for tonic in (0, 7))
    assert np.array_equal(count_turns([here]), count_turns([there]))
    assert np.array_equal(count_degrees([here]), count_degrees([there]))
    assert np.array_equal(count_roles([here]), count_roles([there]))


def test_minor_is_counted_apart() -> None:
    table = count_degrees([read_line(song("min"))])
    assert table[0].sum() == 0.0
    assert table[1].sum() == 63.0


def test_turns_of_a_line_up_and_down() -> None:
    table = count_turns([read_line(song())]).sum(axis=0)
    middle = TURNS // 2
    assert table.sum() == 62.0
    assert table[middle + 1, middle + 1] == 24.0
    assert table[middle + 1, middle - 1] == 8.0


def test_the_rhythm_of_eighths() -> None:
    table = count_cells([read_line(song())])
    assert table[:, 10, 10].sum() == table.sum()  # x.x. after x.x.


def test_a_note_lasts_until_the_next_but_for_a_breath() -> None:
    broken = Song("made", 0, "maj", (), (("I:maj", 16.0),), ((60, 2), (0, 1), (62, 2), (0, 8),
                  (64, 3)), {})  # fmt: skip
    assert onward(read_line(broken)).tolist() == [3, 2, 3]


def test_tables_foresee_what_they_counted() -> None:
    lines = [read_line(song()), read_line(song("min", 2))]
    tables, cost = make(lines, lines)
    assert cost < 0.7 * np.log2(TURNS)
    assert bits(lines, Proposals.read(tables)) == pytest.approx(cost)
    assert usual(lines).shape == (2, 10)
    assert len(list(windows(lines))) == 2


@pytest.mark.data
def test_what_ships_foresees_the_songs_to_choose_on(data: Path) -> None:
    corpus = load(data / "corpora" / "pop909-train-valid.json.gz")
    lines = [read_line(one) for one in corpus.part("valid")]
    assert bits(lines, Proposals.read(weights("proposals-pop"))) < 2.62
