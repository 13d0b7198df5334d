"""Who leads."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from assistant.mixing.lead import lead_of, leading
from assistant.mixing.role_names import NameGuess, Role
from tests.assistant.mixing.covering import RATE, guitar, named, strokes, vocal, voice


def test_a_singer_leads_and_so_do_two() -> None:
    tune, one, other = named("tune", Role.OTHER, voice()), vocal(), vocal()
    assert lead_of([tune, one, guitar()]) == (one,)
    assert lead_of([one, tune, other]) == (one, other)


def test_where_nobody_sings_the_loudest_melody_leads() -> None:
    soft, loud = (named("tune", Role.OTHER, gain * voice()) for gain in (0.5, 1.0))
    assert lead_of([soft, guitar(), loud]) == (loud,)


def test_a_melody_of_which_nobody_knows_what_plays_it_may_lead() -> None:
    known, unknown = (named("3", Role.KEYS, voice(), sure=sure) for sure in (0.9, 0.3))
    assert lead_of([known, guitar()]) == ()
    assert lead_of([unknown, known]) == (unknown,)
    assert lead_of([named("3", Role.BASS, voice(), sure=0.3), guitar()]) == ()
    by_name = replace(unknown.guess, by_name=NameGuess(Role.KEYS, "synth", 0.95))
    assert lead_of([replace(unknown, guess=by_name), guitar()]) == ()


def test_where_nobody_sings_what_is_called_the_lead_leads() -> None:
    loud = named("strings", Role.OTHER, voice(-10.0))
    lead, solo = (named(name, Role.GUITAR, voice()) for name in ("Lead_Gtr 2", "guitar solo"))
    assert lead_of([loud, lead, solo]) == (lead, solo)
    assert lead_of([loud, lead, vocal()]) == (vocal(),)
    assert lead_of([loud, named("leader", Role.GUITAR, voice())]) == (loud,)
    assert lead_of([loud, named("lead kick", Role.KICK, voice())]) == (loud,)


def test_a_word_that_all_tracks_share_does_not_tell_who_leads() -> None:
    loud, soft = (named(f"solo album {db}", Role.OTHER, voice(db)) for db in (-10.0, -20.0))
    assert lead_of([soft, loud]) == (loud,)


def test_what_plays_no_melody_or_hardly_ever_does_not_lead() -> None:
    seldom = voice()
    seldom[seldom.size // 10 :] = 0.0
    dice = np.random.default_rng(1)
    noise = 0.1 * dice.standard_normal(2 * RATE)
    assert lead_of([guitar(), named("drum", Role.KICK, strokes())]) == ()
    assert lead_of([named("seldom", Role.OTHER, seldom), named("wind", Role.OTHER, noise)]) == ()
    assert lead_of([]) == ()


def test_who_leads_is_taken_for_the_singer_and_hardly_doubted() -> None:
    flute, singer = (
        named("flute", Role.OTHER, voice(), sure=0.1),
        named("3", Role.LEAD_VOCAL, voice(), sure=0.3),
    )
    guess = leading(flute).guess
    assert guess.role is Role.LEAD_VOCAL
    assert 0.5 < guess.confidence < 1.0
    assert leading(singer) is singer
