"""Who leads."""

from __future__ import annotations

import numpy as np

from assistant.mixing.lead import lead_of
from assistant.mixing.role_names import Role
from tests.assistant.mixing.covering import RATE, guitar, named, strokes, vocal, voice


def test_a_singer_leads_and_so_do_two() -> None:
    tune, one, other = named("tune", Role.OTHER, voice()), vocal(), vocal()
    assert lead_of([tune, one, guitar()]) == (one,)
    assert lead_of([one, tune, other]) == (one, other)


def test_where_nobody_sings_the_loudest_melody_leads() -> None:
    soft, loud = (named("tune", Role.OTHER, gain * voice()) for gain in (0.5, 1.0))
    assert lead_of([soft, guitar(), loud]) == (loud,)


def test_what_plays_no_melody_or_hardly_ever_does_not_lead() -> None:
    seldom = voice()
    seldom[seldom.size // 10 :] = 0.0
    dice = np.random.default_rng(1)
    noise = 0.1 * dice.standard_normal(2 * RATE)
    assert lead_of([guitar(), named("drum", Role.KICK, strokes())]) == ()
    assert lead_of([named("seldom", Role.OTHER, seldom), named("wind", Role.OTHER, noise)]) == ()
    assert lead_of([]) == ()
