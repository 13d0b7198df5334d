"""How likely each role is by sound alone: for each, a few ranges that say where it belongs.

The ranges are set by hand from how the instruments sound, wide, and round; none comes from a fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.mixing.role_names import Role

__all__ = ["RULES", "Rule", "likelihoods", "misfits"]

LEAST = 0.03  # of one rule: none alone rules a role out
SHARPNESS = 6.0  # how far the best role stands out


@dataclass(frozen=True, slots=True)
class Rule:
    """Where one number lies for a role: fully between `low` and `high`, and less outside.

    Parameters
    ----------
    what : str
        A number of `role_sounds.sounds_of`.
    low, high : float
        Where it fits.
    slope : float
        How far outside it no longer does.
    weight : float, optional
        How much the rule says, against others.
    """

    what: str
    low: float
    high: float
    slope: float
    weight: float = 1.0

    def fit(self, sounds: Mapping[str, float]) -> float:
        """Return how well it fits, 0.03 to 1.0."""
        value = sounds[self.what]
        outside = max(self.low - value, value - self.high, 0.0)
        return max(LEAST, 1.0 - outside / self.slope)


ANY = 1e9
STROKES = Rule("noise", 0.42, 1.0, 0.15, 2.0)
TONES = Rule("noise", 0.0, 0.3, 0.12, 2.0)
RULES: dict[Role, tuple[Rule, ...]] = {
    Role.KICK: (
        STROKES,
        Rule("low", 0.6, 1.0, 0.3, 2.0),
        Rule("hit_low", 0.3, 1.0, 0.2, 1.5),
        Rule("hit_high", 0.0, 0.12, 0.15),
        Rule("hit_variety", 0.0, 0.6, 0.8),
        Rule("hit_bottom", 0.5, 1.0, 0.4),
        Rule("left", -ANY, -10.0, 10.0),
        Rule("wide", -ANY, -10.0, 8.0),
        Rule("high", 0.0, 0.05, 0.15),
    ),
    Role.SNARE: (
        STROKES,
        Rule("hit_low", 0.02, 0.55, 0.15, 1.5),
        Rule("hit_high", 0.01, 0.6, 0.2),
        Rule("hit_centre", 3.3, 5.0, 0.5, 1.5),
        Rule("hit_variety", 0.0, 0.75, 0.6, 1.5),
        Rule("left", -ANY, -6.0, 4.0),
        Rule("bottom", 0.0, 0.3, 0.1, 1.5),
        Rule("low", 0.0, 0.55, 0.2),
        Rule("attack", 0.4, 1.0, 0.3),
    ),
    Role.HATS: (
        Rule("noise", 0.4, 1.0, 0.15, 2.0),
        Rule("air", 0.22, 1.0, 0.15, 1.5),
        Rule("hit_high", 0.4, 1.0, 0.3, 1.5),
        Rule("hit_low", 0.0, 0.08, 0.15, 1.5),
        Rule("hit_centre", 4.8, 9.0, 0.6, 1.5),
        Rule("hit_variety", 0.0, 0.9, 0.5),
        Rule("bottom", 0.0, 0.12, 0.1),
        Rule("attack", 0.5, 1.0, 0.3),
    ),
    Role.TOMS: (
        STROKES,
        Rule("hit_low", 0.6, 1.0, 0.25, 2.0),
        Rule("hit_high", 0.0, 0.06, 0.1),
        Rule("hit_variety", 0.0, 0.9, 0.6),
        Rule("left", -10.0, ANY, 6.0, 1.5),
        Rule("hit_centre", 0.0, 3.5, 0.6),
        Rule("wide", -10.0, ANY, 15.0),
        Rule("high", 0.0, 0.08, 0.15),
    ),
    Role.DRUMS: (
        STROKES,
        Rule("hit_variety", 0.7, ANY, 0.5, 1.5),
        Rule("spread", 2.25, ANY, 0.4, 1.5),
        Rule("hit_centre", 3.2, 4.9, 0.6),
        Rule("hit_high", 0.03, 0.7, 0.1),
        Rule("bottom", 0.1, 0.45, 0.1),
        Rule("air", 0.1, 0.35, 0.08, 1.5),
        Rule("attack", 0.4, 1.0, 0.3),
        Rule("density", 3.0, ANY, 2.0),
    ),
    Role.BASS: (
        Rule("noise", 0.03, 0.4, 0.15, 1.5),
        Rule("low", 0.25, 1.0, 0.2, 2.0),
        Rule("bottom", 0.15, 1.0, 0.1, 1.5),
        Rule("centre", 0.0, 3.6, 0.6),
        Rule("air", 0.0, 0.14, 0.08),
        Rule("left", -9.0, ANY, 6.0),
        Rule("pitch", -1.0, 1.5, 1.0, 1.5),
        Rule("moving", 0.0, 2.5, 2.5),
        Rule("hit_low", 0.35, 1.0, 0.3, 1.5),
        Rule("turning", 0.0, 9.0, 5.0),
        Rule("wide", -ANY, -8.0, 10.0),
    ),
    Role.GUITAR: (
        TONES,
        Rule("centre", 3.2, 5.0, 0.6),
        Rule("body", 0.1, 0.4, 0.1),
        Rule("bottom", 0.01, 0.25, 0.1),
        Rule("moving", 0.0, 1.5, 2.0),
        Rule("attack", 0.22, 0.5, 0.2),
        Rule("low", 0.0, 0.3, 0.2),
        Rule("turning", 3.0, 11.0, 4.0),
    ),
    Role.KEYS: (
        Rule("noise", 0.0, 0.18, 0.12, 2.0),
        Rule("centre", 3.4, 5.2, 0.6),
        Rule("body", 0.06, 0.35, 0.1),
        Rule("moving", 0.0, 0.8, 2.0, 1.5),
        Rule("attack", 0.2, 1.0, 0.1, 1.5),
        Rule("low", 0.0, 0.2, 0.2),
        Rule("span", 0.8, 4.0, 1.0),
        Rule("voiced", 0.05, 0.8, 0.2),
    ),
    Role.PAD: (
        Rule("noise", 0.0, 0.2, 0.15, 2.0),
        Rule("attack", 0.0, 0.17, 0.1, 1.5),
        Rule("swing", 0.0, 1.8, 1.5, 1.5),
        Rule("active", 0.95, 1.0, 0.15),
        Rule("bottom", 0.0, 0.12, 0.1),
        Rule("moving", 0.0, 2.0, 2.0),
        Rule("air", 0.1, 0.6, 0.08),
    ),
    Role.LEAD_VOCAL: (
        Rule("noise", 0.03, 0.36, 0.15),
        Rule("moving", 3.0, 30.0, 2.0, 2.5),
        Rule("voiced", 0.5, 1.0, 0.3, 1.5),
        Rule("pitch", 0.6, 3.5, 0.6),
        Rule("attack", 0.0, 0.5, 0.2),
        Rule("span", 0.1, 2.0, 1.0),
        Rule("low", 0.0, 0.35, 0.3),
        Rule("wide", -ANY, -12.0, 6.0, 1.5),
    ),
    Role.BACKING_VOCAL: (
        Rule("noise", 0.05, 0.36, 0.15),
        Rule("moving", 1.5, 12.0, 2.0, 1.5),
        Rule("voiced", 0.02, 0.8, 0.3),
        Rule("centre", 3.6, 4.7, 0.4, 1.5),
        Rule("attack", 0.0, 0.2, 0.15),
        Rule("high", 0.0, 0.05, 0.1),
        Rule("middle", 0.38, 0.85, 0.15),
        Rule("wide", -13.0, ANY, 20.0, 1.5),
    ),
    Role.OTHER: (
        TONES,
        Rule("voiced", 0.6, 1.0, 0.2, 1.5),
        Rule("moving", 0.05, 3.0, 1.5, 1.5),
        Rule("attack", 0.25, 0.75, 0.15),
        Rule("pitch", 1.6, 5.0, 0.6),
        Rule("low", 0.0, 0.15, 0.2),
        Rule("bottom", 0.0, 0.2, 0.1),
    ),
    Role.FX: (
        Rule("noise", 0.5, 1.0, 0.15, 1.5),
        Rule("attack", 0.0, 0.25, 0.2, 2.0),
        Rule("left", -4.0, ANY, 5.0, 1.5),
        Rule("turning", 0.0, 3.0, 6.0),
    ),
    Role.BUS: (
        Rule("noise", 0.1, 0.42, 0.12),
        Rule("spread", 1.95, ANY, 0.3, 1.5),
        Rule("bottom", 0.04, 0.35, 0.06),
        Rule("air", 0.1, 0.4, 0.06, 1.5),
        Rule("hit_variety", 0.7, ANY, 0.4),
        Rule("density", 3.5, ANY, 1.5),
        Rule("voiced", 0.0, 0.2, 0.2, 1.5),
        Rule("active", 0.95, 1.0, 0.2),
        Rule("wide", -20.0, 0.0, 12.0),
        Rule("attack", 0.0, 0.45, 0.2),
    ),
}


def likelihoods(sounds: Mapping[str, float]) -> dict[Role, float]:
    """Tell how likely each role is by sound.

    Parameters
    ----------
    sounds : mapping of str to float
        From `role_sounds.sounds_of`.

    Returns
    -------
    dict of Role to float
        Together 1.0.
    """
    fits = {role: _fit(rules, sounds) ** SHARPNESS for role, rules in RULES.items()}
    total = sum(fits.values())
    return {role: fit / total for role, fit in fits.items()}


def misfits(role: Role, sounds: Mapping[str, float]) -> list[Rule]:
    """Return what does not fit a role at all, what weighs most first."""
    broken = [rule for rule in RULES[role] if rule.fit(sounds) <= LEAST]
    return sorted(broken, key=lambda rule: -rule.weight)


def _fit(rules: tuple[Rule, ...], sounds: Mapping[str, float]) -> float:
    """Return the weighted geometric mean of how well rules fit."""
    product, weights = 1.0, 0.0
    for rule in rules:
        product *= rule.fit(sounds) ** rule.weight
        weights += rule.weight
    return float(product ** (1.0 / weights))
