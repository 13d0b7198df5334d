from __future__ import annotations

import pytest

from assistant.errors import SettingError
from assistant.theory.verse.lyrics import read_lyrics
from assistant.theory.verse.pacing import FASTEST, SIXTEENTH_S, Pace, room_of, share_out
from tests.assistant.theory.verse.sung_words import LINES, RULES

ENGLISH = read_lyrics(LINES["en"], RULES, "en").lines


@pytest.mark.parametrize("bpm", [40.0, 82.5, 100.0, 165.0, 240.0])
def test_no_pace_is_faster_than_a_singer(bpm: float) -> None:
    pace = Pace(bpm, 1.0)
    assert bpm / SIXTEENTH_S / pace.shortest <= FASTEST + 1e-9
    assert pace.usual >= pace.shortest


def test_density_shortens() -> None:
    assert Pace(100, 0.9).usual < Pace(100, 0.1).usual


def test_lines_have_as_many_bars_as_phrases_have() -> None:
    assert set(share_out(ENGLISH, 16, Pace(100), 0)) <= {1, 2, 4, 8}
    assert share_out(ENGLISH, 16, Pace(100), 8) == [4, 4]
    assert share_out(ENGLISH, 16, Pace(100), 5) == [2, 2]
    assert sum(share_out(ENGLISH, 16, Pace(160), 7)) == 6


def test_words_do_not_drag_through_bars_that_they_cannot_fill() -> None:
    assert sum(share_out(ENGLISH, 16, Pace(100), 64)) < 20


def test_too_few_bars_are_refused_with_the_number_that_is_needed() -> None:
    with pytest.raises(SettingError, match="the words need 4 at 160 bpm"):
        share_out(ENGLISH, 16, Pace(160), 3)


def test_a_line_reaches_back_only_to_where_the_one_before_ended() -> None:
    first, second = ENGLISH
    pace = Pace(100)
    assert room_of(first, 0, 32, None, second, pace).before == 0
    assert room_of(second, 32, 32, 20, None, pace).before == 32 - 20 - 2 * pace.shortest
    assert room_of(second, 32, 32, 31, None, pace).before == 0
