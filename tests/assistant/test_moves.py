from __future__ import annotations

import pytest

from assistant.errors import MaterialError, UnknownName
from assistant.moves import PARAMETERS, Move


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_word_takes_the_ends_of_its_range(name: str) -> None:
    word = PARAMETERS[name]
    assert Move("bass", name, word.low, "why").unit == word.unit
    assert Move("bass", name, word.high, "why").value == word.high


@pytest.mark.parametrize("name", PARAMETERS)
def test_every_word_refuses_what_is_outside(name: str) -> None:
    with pytest.raises(MaterialError, match=name.replace(".", r"\.")):
        Move("bass", name, PARAMETERS[name].high + 1.0, "why")


def test_an_unknown_word_says_the_one_meant() -> None:
    with pytest.raises(UnknownName, match="Did you mean 'gain_db'"):
        Move("bass", "gain", 0.0, "why")
