"""Who leads a mix: the track that the others make room for, and that stands in front."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.mixing.role_names import Role
from assistant.mixing.track import Track

__all__ = ["lead_of", "leading"]

MELODY = 0.5  # of the windows have one pitch
PITCHED = 0.2  # of them, of what is called the lead
LEAD_LEAST = 0.2  # of the song: what sounds less is no lead
UNSURE = 0.5  # of the confidence: under it a track may as well play a tune as what it is taken for
SURE = 0.8  # that who is found to lead does
CALLED_SO = frozenset({"lead", "solo", "melody", "hook"})
_WORD = re.compile(r"[^\W\d_]+")
_TUNES = {Role.OTHER, Role.LEAD_VOCAL}
_NEVER = {Role.KICK, Role.SNARE, Role.HATS, Role.TOMS, Role.DRUMS, Role.BASS, Role.FX, Role.BUS}


def lead_of(tracks: Sequence[Track]) -> tuple[Track, ...]:
    """Find who leads.

    Parameters
    ----------
    tracks : sequence of Track
        That sound.

    Returns
    -------
    tuple of Track
        The lead vocals; without any, what is called the lead, where the others are not; without
        that, of what plays one melody for long enough and is no sure part of the band, the loudest;
        nobody where there is none.
    """
    vocals = tuple(one for one in tracks if one.role is Role.LEAD_VOCAL)
    if vocals:
        return vocals
    long = [one for one in tracks if one.heard.active.mean() > LEAD_LEAST]
    called = tuple(one for one in long if _is_called_so(one) and one.heard.pitch.voiced > PITCHED)
    if called and len(called) < len(tracks):
        return called
    melodies = [one for one in long if _may_play_a_tune(one) and one.heard.pitch.voiced > MELODY]
    return tuple(sorted(melodies, key=lambda one: -one.heard.loudness)[:1])


def leading(lead: Track) -> Track:
    """Give the melody that leads, where nobody sings, the role of the singer.

    Parameters
    ----------
    lead : Track
        One of `lead_of`.

    Returns
    -------
    Track
        The same for a balance: however little is known of what plays it, it leads. A singer stays
        as sure as he is, for several may be taken for one.
    """
    if lead.role is Role.LEAD_VOCAL:
        return lead
    sure = max(lead.guess.confidence, SURE)
    return replace(lead, guess=replace(lead.guess, role=Role.LEAD_VOCAL, confidence=sure))


def _is_called_so(one: Track) -> bool:
    words = _WORD.findall(one.name.casefold())
    return one.role not in _NEVER and not CALLED_SO.isdisjoint(words)


def _may_play_a_tune(one: Track) -> bool:
    """Tell whether it is of no usual role, or hardly known by sound and not at all by name."""
    guess = one.guess
    named = guess.by_name is not None and guess.by_name.role not in _TUNES
    unsure = one.role not in _NEVER and guess.confidence < UNSURE
    return one.role is Role.OTHER or (unsure and not named)
