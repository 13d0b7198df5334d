"""Chord ideas: progressions for a mood, a style or a song, voice-led and explained."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from types import NoneType

import numpy as np

from assistant.contract import (
    Context,
    Progress,
    Quantity,
    Suggestion,
    setting,
)
from assistant.errors import SettingError, UnknownName
from assistant.material import Audio, Material, Meter, Samples, Score
from assistant.theory import arrange as arranging
from assistant.theory.arrange import Arrangement, Playing, arrange
from assistant.theory.choice import Choice, Wish, choose
from assistant.theory.colour import Colour, dress
from assistant.theory.form import Ending, end, ending_of, fit
from assistant.theory.hearing import Heard, hear
from assistant.theory.key import Key, read_key
from assistant.theory.library import Library, Style, open_library
from assistant.theory.progression import Bar, flat
from assistant.theory.rhythm import pattern_for
from assistant.theory.substitution import substitute
from assistant.theory.voicing import MIN_SPAN
from assistant.theory.words import Reading, read_prompt

__all__ = ["Settings", "suggest", "takes"]

takes = (NoneType, Score)
