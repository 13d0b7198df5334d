"""What a mix measures before and after its moves, at the levels that the moves give it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from assistant.contract import Quantity
from assistant.dsp.moments import Moments
from assistant.dsp.third_octaves import Levels
from assistant.mixing.console import strip_settings
from assistant.mixing.faults.channels import mono_loss_db
from assistant.mixing.finding import Ground
from assistant.mixing.masked import clarity
from assistant.mixing.rendering import Rendering
from assistant.mixing.role_names import Role
from assistant.mixing.sends import SENDS
from assistant.moves import Move

__all__ = ["Sides", "measured_of", "sides_of"]


@dataclass(frozen=True, eq=False)
class Sides:
    """A mix before and after.

    Parameters
    ----------
    bands : tuple of Moments
        Of the plain sum, and of the mix.
    heard : tuple of mapping
        Which part of its loudness is heard of each track, 0.0 to 1.0 by name.
    """

    bands: tuple[Moments, Moments]
    heard: tuple[Mapping[str, float], Mapping[str, float]]

    @property
    def spectra(self) -> tuple[Levels, Levels]:
        """Third octaves of both sums, in dB."""
        return self.bands[0].levels_db, self.bands[1].levels_db


def sides_of(ground: Ground, after: Moments, moves: Sequence[Move]) -> Sides:
    """Put together what a mix is before and after.

    Parameters
    ----------
    ground : Ground
        The mix as it came.
    after : Moments
        Of the mix with the moves.
    moves : sequence of Move
        These.

    Returns
    -------
    Sides
        What is heard of each track is told by the model of the ear, from what strips do all the
        time: dynamics and sends do not count.
    """
    names = [one.name for one in ground.tracks]
    strips = strip_settings(moves, names, SENDS)
    heard = ground.clarity, clarity(ground.masking, strips)
    return Sides((ground.mix.moments, after), heard)


def measured_of(ground: Ground, made: Rendering, sides: Sides) -> dict[str, Quantity]:
    """Say in numbers what the moves did.

    Parameters
    ----------
    ground : Ground
        The mix as it came.
    made : Rendering
        With the moves.
    sides : Sides
        What else was measured.

    Returns
    -------
    mapping of str to Quantity
        Levels are those in the DAW, before the preview was turned down or matched.
    """
    plain, mix = made.plain, made.mix
    losses = mono_loss_db(sides.bands[0]), mono_loss_db(sides.bands[1])
    down = plain.gain_db, mix.gain_db
    found = {
        "integrated": _quantity((plain.integrated - down[0], mix.integrated - down[1]), "LUFS"),
        "true_peak": _quantity((plain.true_peak - down[0], mix.true_peak - down[1]), "dBTP"),
        "peak_to_loudness": _quantity(
            (plain.true_peak - plain.integrated, mix.true_peak - mix.integrated), "LU"
        ),
        "mono_loss": _quantity(losses, "LU"),
        "balance": _quantity([_balance_db(one) for one in sides.bands], "dB"),
        "preview_gain": Quantity(None, down[1], "dB"),
        "compare_gain": Quantity(None, down[0] + made.matching_db[1], "dB"),
    }
    return {name: one for name, one in found.items() if one is not None} | dict(
        _leads(ground, sides)
    )


def _leads(ground: Ground, sides: Sides) -> Iterator[tuple[str, Quantity]]:
    """Say how much is heard of the vocals that lead, on the whole."""
    leads = [one.name for one in ground.tracks if one.sounds and one.role is Role.LEAD_VOCAL]
    known = [name for name in leads if name in sides.heard[0]]
    if known:
        before, after = (sum(side[name] for name in known) / len(known) for side in sides.heard)
        yield "lead_heard", Quantity(100.0 * before, 100.0 * after, "%")


def _quantity(sides: Sequence[float], unit: str) -> Quantity | None:
    if not all(map(math.isfinite, sides)):
        return None
    return Quantity(sides[0], sides[1], unit)


def _balance_db(bands: Moments) -> float:
    left, right = float(bands.left.sum()), float(bands.right.sum())
    return 10.0 * math.log10((right + 1e-16) / (left + 1e-16))
