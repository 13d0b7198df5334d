"""What an engineer knows: loudness, true peak, limiting, simple voices.

Only workers load these modules: they need numba.
"""

import sys


def _load_numba() -> None:
    """Load numba without scipy's BLAS, which takes as long to load as all our kernels together.

    Numba looks for it when the first function is made, and does without where there is no scipy;
    no kernel of ours calls it. Who needs scipy imports it afterwards as ever.
    """
    if "scipy" in sys.modules or "numba.np.arraymath" in sys.modules:
        return
    sys.modules["scipy"] = None  # type: ignore[assignment]
    try:
        import numba.np.arraymath  # noqa: F401
    finally:
        del sys.modules["scipy"]


_load_numba()
