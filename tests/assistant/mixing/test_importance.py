"""Who goes before whom."""

from __future__ import annotations

import pytest

from assistant.mixing.importance import IMPORTANCE, importances
from assistant.mixing.role_names import Role
from tests.assistant.mixing.covering import guitar, named, vocal, voice


def test_every_role_has_its_place_and_nobody_goes_before_the_voice() -> None:
    assert set(IMPORTANCE) == set(Role)
    assert all(0.0 < one <= IMPORTANCE[Role.LEAD_VOCAL] for one in IMPORTANCE.values())


def test_what_is_not_sure_matters_as_anything_does() -> None:
    sure, unsure = (named("pad", Role.PAD, voice(), sure=sure) for sure in (1.0, 0.0))
    known, unknown = importances([vocal(), sure, unsure])[1:]
    assert known == pytest.approx(IMPORTANCE[Role.PAD])
    assert known < unknown < 0.5


def test_a_melody_leads_only_where_nobody_sings() -> None:
    flute = named("flute", Role.OTHER, voice(), sure=0.2)
    leading, beside = importances([flute, guitar()])
    assert leading > 1.5 * beside
    sung, accompanying = importances([vocal(), flute])
    assert sung > 1.5 * accompanying
