"""What is asked of a cleaning, apart from how it is said."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from assistant.material import Audio

__all__ = ["Asked"]


@dataclass(frozen=True, eq=False)
class Asked:
    """What is asked.

    Parameters
    ----------
    amount : float
        How much of everything is done, 0.0 to 1.0.
    reduction_db : float, optional
        How far noise goes down in the balanced way; as far as is usual where it is not said.
    material : str
        What is on the take; ``"auto"`` is to be heard.
    print : Audio, optional
        The noise alone.
    pause_seconds : tuple of (float, float), optional
        Where in the take there is noise alone.
    keep_print : str
        Name under which its print is kept; ``""`` where it is not.
    residual : bool
        Whether what was taken away is wanted.
    shares : mapping of str to float
        Of each repair, how much is wanted, 0.0 to 1.0.
    """

    amount: float
    reduction_db: float | None
    material: str
    print: Audio | None
    pause_seconds: tuple[float, float] | None
    keep_print: str
    residual: bool
    shares: Mapping[str, float]

    def down_db(self, usual_db: float) -> float:
        """Tell how far noise goes down."""
        return usual_db if self.reduction_db is None else self.reduction_db
