"""The role of a track, by what it sounds like and by what it is called, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.mixing.heard import Heard
from assistant.mixing.role_names import NameGuess, Role
from assistant.mixing.role_rules import likelihoods, misfits
from assistant.mixing.role_sounds import sounds_of

__all__ = ["Role", "RoleGuess", "guess_role"]

UNLIKELY = 0.02  # by sound at least, so that a name outweighs a sound that is new to the rules
FULL_DOUBT = 0.4  # of the confidence that is left where the sound is another role's
LIKELY_ANYWAY = 0.25  # share of the likeliest role, from which a sound speaks for a name

# What a number of `sounds_of` says, where it does not fit.
WORDS = {
    "hit_low": "{:.0%} of the power of its strokes lies under 200 Hz",
    "hit_high": "{:.0%} of the power of its strokes lies over 3.2 kHz",
    "hit_centre": "its strokes lie {:.1f} octaves over 50 Hz",
    "hit_variety": "its strokes differ by {:.1f} octaves",
    "noise": "its spectrum is {:.0%} as flat as noise",
    "low": "{:.0%} of its power lies under 140 Hz",
    "high": "{:.0%} of its power lies over 3.5 kHz",
    "bottom": "{:.0%} of its loudness lies under 140 Hz",
    "air": "{:.0%} of its loudness lies over 5.6 kHz",
    "voiced": "one pitch is heard in {:.0%} of it",
    "moving": "its pitch moves by {:.1f} cents in 20 ms",
    "attack": "an onset is {:.0%} new",
    "left": "150 ms after an onset {:.0f} dB are left",
    "wide": "its sides lie {:+.0f} dB against the middle",
    "density": "{:.1f} onsets a second",
    "active": "it sounds {:.0%} of the time",
}


@dataclass(frozen=True, slots=True)
class RoleGuess:
    """What a track probably is.

    Parameters
    ----------
    role : Role
        The likeliest.
    confidence : float
        0.0 to 1.0.
    why : str
        In words with numbers.
    by_name : NameGuess or None
        What its name says.
    by_sound : Role or None
        What it sounds most like; None in silence.
    agrees : bool
        False where name and sound say different things.
    """

    role: Role
    confidence: float
    why: str
    by_name: NameGuess | None
    by_sound: Role | None
    agrees: bool


def guess_role(heard: Heard, named: NameGuess | None = None, parts: int = 0) -> RoleGuess:
    """Tell the role of a track.

    Parameters
    ----------
    heard : Heard
        What was heard of it.
    named : NameGuess, optional
        From `RoleNames.read`.
    parts : int, optional
        Of how many other tracks it is the sum, from `sums_of`: from two on it is a bus.

    Returns
    -------
    RoleGuess
        Without a name, a track that is silent or holds nothing but an offset is `Role.OTHER` at
        confidence 0.0.
    """
    if heard.only_offset:
        return _empty(named, "it holds nothing but an offset (DC)")
    if heard.silent:
        return _empty(named, "it is silent")
    sounds = sounds_of(heard)
    odds = likelihoods(sounds)
    if parts > 1:
        odds = _bus_odds(odds)
    by_sound = max(odds, key=odds.__getitem__)
    if named is None:
        why = f"no name tells; sounds like {by_sound.words} ({_sound_words(sounds)})"
        return RoleGuess(by_sound, odds[by_sound], why, None, by_sound, True)
    weights = {role: _by_name(role, named) * max(odd, UNLIKELY) for role, odd in odds.items()}
    role = max(weights, key=weights.__getitem__)
    support = min(1.0, odds[named.role] / (LIKELY_ANYWAY * odds[by_sound]))
    doubt = FULL_DOUBT + (1.0 - FULL_DOUBT) * support
    confidence = weights[role] / sum(weights.values()) * doubt
    agrees = support >= 1.0
    why = _why(named, by_sound, sounds, agrees)
    return RoleGuess(role, confidence, why, named, by_sound, agrees)


def _empty(named: NameGuess | None, what: str) -> RoleGuess:
    if named is None:
        return RoleGuess(Role.OTHER, 0.0, f"{what}, and no name tells", None, None, True)
    why = f"its name says {named.role.words} ({named.word!r}); {what}"
    return RoleGuess(named.role, named.confidence, why, named, None, True)


def _bus_odds(odds: Mapping[Role, float]) -> dict[Role, float]:
    """Make a bus as likely as what is heard to be the sum of others."""
    fewer = {role: 0.1 * odd for role, odd in odds.items()}
    fewer[Role.BUS] += 0.9
    return fewer


def _by_name(role: Role, named: NameGuess) -> float:
    if role is named.role:
        return named.confidence
    return (1.0 - named.confidence) / (len(Role) - 1)


def _why(named: NameGuess, by_sound: Role, sounds: Mapping[str, float], agrees: bool) -> str:
    said = f"its name says {named.role.words} ({named.word!r})"
    if agrees:
        return f"{said}, and it sounds like it ({_sound_words(sounds)})"
    told = [rule.what for rule in misfits(named.role, sounds) if rule.what in WORDS]
    against = ", ".join(WORDS[what].format(sounds[what]) for what in told[:2])
    return f"{said}, but it sounds like {by_sound.words}" + (f": {against}" if against else "")


def _sound_words(sounds: Mapping[str, float]) -> str:
    """Say the few numbers that tell most."""
    names = ("low", "high", "density")
    return ", ".join(WORDS[what].format(sounds[what]) for what in names)
