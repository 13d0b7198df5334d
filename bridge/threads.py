"""One thread for the libraries: jobs share the machine, and sums must keep their order."""

from __future__ import annotations

__all__ = ["ONE_THREAD"]

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
"""What the environment must say before numpy is loaded."""
