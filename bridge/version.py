"""The version that is installed."""

from __future__ import annotations

from functools import lru_cache
from importlib import metadata

__all__ = ["version"]


@lru_cache(maxsize=1)
def version() -> str:
    """Return the version of the installed distribution, or that this is an unpacked checkout."""
    try:
        return metadata.version("bandmate")
    except metadata.PackageNotFoundError:
        return "unpacked"
