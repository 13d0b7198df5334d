"""`report_balance`: each track in a row, drawn where its numbers say."""

from __future__ import annotations

import math
import re
from dataclasses import replace

import pytest

from assistant.mixing.report_balance import balance_table
from assistant.mixing.report_told import TrackTold
from tests.assistant.mixing.told import GUITAR, KICK, SILENT, many

MINUS = "\u2212"


def rows(tracks: list[TrackTold]) -> list[str]:
    """Return the rows under that of the ticks."""
    return re.findall(r"<tr>.*?</tr>", balance_table(tracks).split("<tbody>")[1])[1:]


def ticks(tracks: list[TrackTold]) -> dict[str, float]:
    ruler = re.findall(r"<tr>.*?</tr>", balance_table(tracks).split("<tbody>")[1])[0]
    found = re.findall(r'<text x="([\d.]+)"[^>]*>([^<]+)<', ruler)
    return {words: float(x) for x, words in found}


def test_a_bar_ends_at_its_loudness_and_a_dot_stands_where_it_comes_to_lie() -> None:
    track = replace(KICK, loudness=-24.0, gain_db=6.0, place=-30.0)
    at = ticks([track])
    (row,) = rows([track])
    bar = re.findall(r'class="bar" x="([\d.]+)" y="8" width="([\d.]+)"', row)[0]
    assert float(bar[0]) + float(bar[1]) == pytest.approx(at[MINUS + "24"], abs=0.2)
    assert f'class="then" cx="{at[MINUS + "18"]:.1f}"' in row
    assert f'class="place" x1="{at[MINUS + "30"]:.1f}"' in row


def test_what_stays_has_no_dot_of_its_own() -> None:
    (row,) = rows([replace(KICK, gain_db=0.0, place=None)])
    assert 'class="then"' not in row
    assert 'class="place"' not in row
    assert 'class="now alone"' in row
    assert "<td>\u2013</td>" in row


def test_pan_is_drawn_and_said() -> None:
    at = ticks([GUITAR])
    (row,) = rows([GUITAR])
    middle, side = at["C"], at["R"] - at["C"]
    assert f'class="now" cx="{middle - 0.3 * side:.1f}"' in row
    assert f'class="then" cx="{middle + 0.3 * side:.1f}"' in row
    assert "L30\u00a0\u2192\u00a0R30" in row


def test_numbers_stand_beside_the_picture() -> None:
    (row,) = rows([GUITAR])
    assert "<td>\u221224.0</td><td>\u221224.0</td><td>\u2013</td>" in row
    assert '<td class="warn">0.4</td><td>38\u00a0\u2192\u00a021</td>' in row
    assert 'title="kick"><bdi>kick</bdi>' in row


def test_silence_has_no_bar() -> None:
    (row,) = rows([SILENT])
    assert 'class="bar"' not in row
    assert "inf" not in row
    assert "nan" not in row
    assert "bar" in rows([SILENT, KICK])[1]


def test_everything_drawn_stays_on_its_paper() -> None:
    tracks = [replace(KICK, loudness=-24.0), replace(KICK, loudness=-120.0, gain_db=24.0, pan=3.0)]
    for row in rows([*tracks, *many(40)]):
        width = [float(one) for one in re.findall(r'viewBox="0 0 (\d+) ', row)]
        places = [float(one) for one in re.findall(r'(?:cx|x1|x2|x)="(-?[\d.]+)"', row)]
        assert min(places) >= 0.0
        assert max(places) <= max(width)
        assert all(math.isfinite(one) for one in places)


def test_forty_rows_are_low() -> None:
    assert len(rows(many(40))) == 40
    assert balance_table(many(40)).count('class="short"') == 80 - 4  # four have no name to show
