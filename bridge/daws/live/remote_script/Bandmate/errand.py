"""One request, from the name of a clip to its last suggestion; told the time, it never waits."""

from __future__ import annotations

from typing import Any, Callable

from .answer import Answer

FIRST_ANSWER_SECONDS = 3.0
AGAIN_SECONDS = 5.0
GONE_SECONDS = 60.0
NOTES_SECONDS = 2.0
MAX_AGAIN = 3
CLIENT = "bandmate in Live"
"""By this name the daemon knows its jobs again after Live was restarted."""
WORKING = "\u2026 "
"""How the name of a clip begins while its request is worked on."""


class Errand:
    """A request that is under way.

    `say` sends a word to the daemon; `words` is what asks: stage, path, names and values.
    """

    def __init__(
        self, ident: str, stage: str, words: list[str], say: Callable[..., None], now: float
    ) -> None:
        self.ident = ident
        self.stage = stage
        self.answer = Answer()
        self.failure = ""
        self._words = words
        self._say = say
        self._began = self._heard_at = self._asked_at = now
        self._heard = False
        self._recounts = 0
        self._ask()

    @property
    def is_over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return bool(self.failure or self.answer.ended in ("error", "cancelled") or self._is_whole)

    @property
    def is_heard(self) -> bool:
        """Whether the daemon knows of it."""
        return self._heard

    @property
    def _is_whole(self) -> bool:
        given_up = self._recounts > MAX_AGAIN
        return self.answer.ended == "done" and (given_up or not self.answer.lost)

    def hear(self, word: str, values: list[Any], now: float) -> None:
        """Take a message of this request; what is garbage changes nothing."""
        try:
            self.answer.hear(word, values)
        except (ValueError, TypeError, IndexError, OverflowError):
            return
        self._heard, self._heard_at = True, now

    def tick(self, now: float, refused: bool) -> None:
        """Ask again where it fell silent, since a daemon that was restarted begins anew."""
        silent = now - self._heard_at
        if not self._heard and (refused or silent > FIRST_ANSWER_SECONDS):
            self.failure = "silent"
        elif refused and silent > GONE_SECONDS:
            self.failure = "gone"
        elif self.answer.ended == "done":
            self._recount(now)
        elif silent > AGAIN_SECONDS and now - self._asked_at > AGAIN_SECONDS:
            self._asked_at = now
            self._ask()

    def cancel(self) -> None:
        """Say that nobody wants it any more."""
        self._say("cancel", self.ident)
        self.failure = "cancelled"

    def title(self) -> str:
        """Return the name of the clip while it is worked on, in steps of a fifth."""
        return f"{WORKING}{20 * int(self.answer.fraction * 5.0)} % {self.stage}"

    def _ask(self) -> None:
        self._say("hello", "live", 0, CLIENT)
        self._say(self._words[0], self.ident, *self._words[1:])

    def _recount(self, now: float) -> None:
        """Have suggestions said again whose notes were lost on the way."""
        if not self.answer.lost or (self._recounts and now - self._asked_at < NOTES_SECONDS):
            return
        self._recounts += 1
        self._asked_at = now
        for n in self.answer.lost:
            self._say("again", self.ident, n)
