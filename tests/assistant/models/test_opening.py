from __future__ import annotations

import pytest

from assistant.contract import Context
from assistant.errors import MaterialError
from assistant.models import opening
from bridge.presets import data, weights


def test_a_model_is_opened_once() -> None:
    context = Context(shelf=data, weights=weights)
    assert opening.next_chord(context, "pop") is opening.next_chord(context, "pop")
    assert opening.next_chord(context, "pop") is not opening.next_chord(context, "rock")
    assert opening.harmoniser(context) is opening.harmoniser(context)


def test_without_weights_it_is_said() -> None:
    with pytest.raises(MaterialError, match="'chords-pop' is not there"):
        opening.next_chord(Context(shelf=data), "pop")
