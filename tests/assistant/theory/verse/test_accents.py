from __future__ import annotations

import pytest

from assistant.errors import MaterialError
from assistant.material import Meter
from assistant.theory.verse.accents import accents, groups, weight_at


@pytest.mark.parametrize(
    ("numerator", "denominator", "weights"),
    [
        (4, 4, "4010201030102010"),
        (3, 4, "401020102010"),
        (2, 4, "40102010"),
        (5, 4, "40102010201030102010"),
        (6, 8, "401010301010"),
        (9, 8, "401010201010201010"),
        (12, 8, "401010201010301010201010"),
        (7, 8, "40102010201010"),
        (5, 8, "4010103010"),
        (2, 2, "4010201030102010"),
    ],
)
def test_places_of_a_bar(numerator: int, denominator: int, weights: str) -> None:
    found = accents(Meter(0.0, numerator, denominator))
    assert len(found) == 16 * numerator // denominator
    assert found[0] == 4
    assert max(found[1:]) < 4
    assert "".join(map(str, found)) == weights


def test_groups_of_odd_bars() -> None:
    assert groups(Meter(0.0, 7, 8)) == (2, 2, 3)
    assert groups(Meter(0.0, 5, 4)) == (3, 2)


def test_a_place_in_beats_is_weighed() -> None:
    meter = Meter(0.0, 3, 4)
    assert [weight_at(meter, beat) for beat in (0.0, 1.0, 1.5, 3.0, 3.02, 0.125)] == [
        *(4, 2, 1, 4, 4, 0),
    ]


def test_bars_of_thirty_seconds_are_refused() -> None:
    with pytest.raises(MaterialError, match="3/32"):
        accents(Meter(0.0, 3, 32))
