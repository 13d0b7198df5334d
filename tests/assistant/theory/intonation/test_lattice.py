from __future__ import annotations

import numpy as np
import pytest

from assistant.theory.intonation import lattice
from assistant.theory.intonation.lattice import Clock, find_way
from assistant.theory.intonation.take import TakeNote
from tests.assistant.theory.intonation.sung_lines import badly, sung, tune, written_line

LINE = written_line()


def test_tuning_is_learned_on_the_way() -> None:
    way = find_way(sung(LINE, off=0.5), LINE)
    assert way.places.tolist() == list(range(len(LINE)))
    assert way.tuning[-1] == pytest.approx(0.5, abs=0.05)
    assert way.score > find_way(sung(LINE, off=0.9), LINE).score


def test_transposition_is_left_out_of_the_tuning() -> None:
    assert np.array_equal(find_way(sung(LINE, off=5.0), LINE, 5.0).places, np.arange(len(LINE)))


def test_a_clock_holds_what_pitch_cannot_tell() -> None:
    line = written_line((60, 62) * 8, (1,) * 16)
    take = sung(line[5:9])
    assert find_way(take, line, 0.0, Clock()).places.tolist() == [5, 6, 7, 8]
    later = sung(line[5:9], late=0.5)
    assert find_way(later, line, 0.0, Clock(0.5)).places.tolist() == [5, 6, 7, 8]


def test_notes_of_another_world_are_extra() -> None:
    way = find_way([TakeNote(0.0, 0.1, 40.5), TakeNote(0.1, 0.15, 41.5)], LINE)
    assert way.places.tolist() == [-1, -1]


def test_no_notes() -> None:
    assert find_way((), LINE).places.size == 0


def test_a_long_score_is_followed_page_by_page(monkeypatch: pytest.MonkeyPatch) -> None:
    line = tune(6, 300)
    whole = find_way(badly(line, 6), line)
    monkeypatch.setattr(lattice, "_PAGE", 90)
    paged = find_way(badly(line, 6), line)
    assert np.mean(paged.places == np.arange(300)) > 0.97
    assert np.mean(paged.places == whole.places) > 0.97


def test_a_part_late_in_a_long_score_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lattice, "_PAGE", 90)
    line = tune(7, 300)
    places = find_way(sung(line[180:290]), line).places
    assert places.tolist() == list(range(180, 290))


def test_notes_of_no_length_are_taken() -> None:
    take = sung(LINE)
    take[3] = TakeNote(take[3].start, take[3].start, take[3].centre)
    assert find_way(take, LINE).places.tolist() == list(range(len(LINE)))
