"""The genres that there are curves for; names only, so that a stage can offer them at no cost."""

from __future__ import annotations

__all__ = ["GENRES", "NEUTRAL"]

NEUTRAL = "neutral"
GENRES = (
    "ambient", "classical", "country", "edm", "folk", "hip-hop", "jazz", "latin", "metal", "pop",
    "r-and-b", "reggae", "rock", "singer-songwriter", "speech",
)  # fmt: skip
