"""How like a sound is to another, whatever its level."""

from __future__ import annotations

import numpy as np

from assistant.material import Samples


def si_sdr_db(made: Samples, clean: Samples) -> float:
    """Return what is of the clean sound over what is not (Le Roux et al., ICASSP 2019)."""
    one, other = made.ravel().astype(np.float64), clean.ravel().astype(np.float64)
    wanted = (one @ other) / (other @ other) * other
    return float(10.0 * np.log10((wanted @ wanted) / np.square(one - wanted).sum()))
