"""What the daemon says of one request, put together; nothing in it is believed unchecked."""

from __future__ import annotations

from typing import Any, Tuple

MAX_SUGGESTIONS = 32
MAX_NOTES = 20000
MAX_TITLE = 120
SOUND = (".wav", ".flac", ".aif", ".aiff", ".mp3", ".ogg")

PlayedNote = Tuple[str, int, float, float, int]
"""Part, pitch, start and length in beats, velocity."""


class Suggestion:
    """One proposal: what to call it, why, and its notes or its sound."""

    def __init__(self, n: int, title: str, why: str, path: str) -> None:
        self.n = n
        self.title = " ".join(title.split())[:MAX_TITLE] or f"suggestion {n}"
        self.why = " ".join(why.split())
        self.path = path
        self.promised = 0
        self.notes: list[PlayedNote] = []
        self.chords: tuple[float, float] | None = None
        """Where its chords begin and end, in beats."""

    def hear_chord(self, start: float, length: float) -> None:
        """Take note of a chord."""
        if not (0.0 <= start <= 1e6 and 0.0 <= length <= 1e6):
            raise ValueError("a chord is out of range")
        begin, end = self.chords or (start, start)
        self.chords = min(begin, start), max(end, start + length)

    @property
    def is_sound(self) -> bool:
        """Whether it is to be heard rather than played."""
        return self.path.lower().endswith(SOUND)

    @property
    def is_whole(self) -> bool:
        """Whether all its notes came; of a datagram that was lost nobody hears."""
        return len(self.notes) >= self.promised


class Answer:
    """All that was said so far."""

    def __init__(self) -> None:
        self.suggestions: dict[int, Suggestion] = {}
        self.fraction = 0.0
        self.doing = ""
        self.ended = ""
        self.error = ""

    def hear(self, word: str, values: list[Any]) -> None:
        """Take a message, its id left out; ValueError where it is not as the table says."""
        if word == "progress":
            self.fraction, self.doing = min(1.0, max(0.0, float(values[0]))), str(values[1])[:100]
        elif word == "suggestion":
            self._begin(values)
        elif word in ("notes", "note"):
            self._add(word, values)
        elif word == "chord" and int(values[0]) in self.suggestions:
            self.suggestions[int(values[0])].hear_chord(float(values[1]), float(values[2]))
        elif word == "error":
            self.ended, self.error = "error", str(values[1])[:500]
        elif word in ("done", "cancelled"):
            self.ended = word

    @property
    def lost(self) -> list[int]:
        """The suggestions of which notes are missing."""
        return [n for n, one in sorted(self.suggestions.items()) if not one.is_whole]

    def _begin(self, values: list[Any]) -> None:
        n, title, why, path = int(values[0]), str(values[1]), str(values[2]), str(values[3])
        if not 1 <= n <= MAX_SUGGESTIONS:
            raise ValueError(f"suggestion {n}")
        self.suggestions[n] = Suggestion(n, title, why, path)

    def _add(self, word: str, values: list[Any]) -> None:
        suggestion = self.suggestions.get(int(values[0]))
        if suggestion is None:
            return
        if word == "notes":
            suggestion.promised = min(MAX_NOTES, max(0, int(values[1])))
            suggestion.notes = []
        elif len(suggestion.notes) < min(MAX_NOTES, suggestion.promised):
            suggestion.notes.append(_note(values))


def _note(values: list[Any]) -> PlayedNote:
    """Read part, pitch, start, length, velocity; Live has no pitches between the keys."""
    part, pitch, start, length, velocity = values[1:6]
    key, start, length = round(float(pitch)), max(0.0, float(start)), float(length)
    if not 0 <= key <= 127 or not 0.0 < length <= 1e5 or start > 1e6:
        raise ValueError("a note is out of range")
    return str(part)[:MAX_TITLE], key, start, length, min(127, max(1, int(velocity)))
