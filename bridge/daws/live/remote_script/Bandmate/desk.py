"""Where names become requests and suggestions become clips; tended a few times a second."""

from __future__ import annotations

import os
from collections import OrderedDict
from typing import Any, Callable

from . import asking, clips, landing, wish
from .answer import Suggestion
from .daemon import Line
from .errand import WORKING, Errand
from .note_file import Note
from .trouble import Trouble

MAX_ERRANDS = 8
MAX_REMEMBERED = 512
VERDICTS = {"ok": "taken", "no": "reject"}
"""A suggestion's clip that is named so tells the daemon what the musician thinks of it."""


class Task:
    """An errand, the clip that asked, its name before and notes, and what is still to land."""

    def __init__(self, errand: Errand, clip: Any, name: str, told: list[Note] | None) -> None:
        self.errand = errand
        self.clip = clip
        self.name = name
        self.told = told
        self.shown = ""
        self.was_seen = False
        self.waiting: list[Suggestion] | None = None


class Desk:
    """Watches the clips in view, asks, and puts what comes back into the set.

    `get_song` returns Live's song, `show` writes into the status bar, `now` tells seconds.
    """

    def __init__(
        self,
        get_song: Callable[[], Any],
        live: Any,
        line: Line,
        show: Callable[[str], None],
        now: Callable[[], float],
        folder: str,
        start: str,
    ) -> None:
        self._get_song = get_song
        self._live = live
        self._line = line
        self._show = show
        self._now = now
        self._folder = folder
        self._start = start
        self._tasks: OrderedDict[str, Task] = OrderedDict()
        self._names: OrderedDict[Any, str] = OrderedDict()
        self._landed: OrderedDict[Any, tuple[str, int, str]] = OrderedDict()
        self._asked: OrderedDict[Any, int] = OrderedDict()
        self._heeded: OrderedDict[Any, str] = OrderedDict()
        self._count = 0
        self._said = ""
        self._session = f"live-{os.urandom(6).hex()}"

    def tick(self) -> None:
        """Hear, land at most one suggestion a request, look, ask."""
        for word, values in self._line.poll():
            self._hear(word, values)
        for ident, task in list(self._tasks.items()):
            self._tend_or_drop(ident, task)
        for clip in self._in_view():
            self._look(clip)

    def close(self) -> None:
        """Let go of everything; the names of clips that wait are put back, where Live lets us."""
        for task in self._tasks.values():
            task.errand.cancel()
        try:
            for task in self._tasks.values():
                _rename_back(task)
        finally:
            self._tasks.clear()
            self._line.close()

    # What came from the daemon

    def _hear(self, word: str, values: list[Any]) -> None:
        ident = values[0] if values else ""
        task = self._tasks.get(ident) if isinstance(ident, str) else None
        if task is not None:
            task.errand.hear(word, values[1:], self._now())
        elif word == "error" and ident != "live" and len(values) > 2:
            self._tell(str(values[2])[:300])

    # What the musician named

    def _in_view(self) -> list[Any]:
        """Return the clips that the musician can be naming: a name is typed where one looks."""
        view = self._get_song().view
        slot = getattr(view, "highlighted_clip_slot", None)
        inside = None if slot is None or clips.is_gone(slot) else slot.clip
        found: list[Any] = []
        for clip in (getattr(view, "detail_clip", None), inside):
            if not clips.is_gone(clip) and clip not in found:
                found.append(clip)
        return found

    def _look(self, clip: Any) -> None:
        """Read the name of a clip: a verdict, a wish, or just a name."""
        mark, name = clips.mark(clip), str(clip.name)
        if any(clips.mark(task.clip) == mark for task in self._tasks.values()):
            return
        if self._heeded.pop(mark, None) == name:
            self._heeded[mark] = name  # a name that we wrote may show a turn later
            return
        if mark in self._landed and self._is_verdict(clip, mark, name):
            return
        asked = wish.read(name)
        if asked is None:
            if not name.startswith(WORKING):
                _remember(self._names, mark, name)
        elif not getattr(self._get_song(), "can_redo", False):
            # While something can be redone, the name came from Undo, not from the musician.
            self._begin(clip, mark, name, asked)

    def _is_verdict(self, clip: Any, mark: Any, name: str) -> bool:
        ident, n, title = self._landed[mark]
        word = VERDICTS.get(name.strip().lower())
        if word is None:
            return False
        self._line.say(word, ident, n)
        _remember(self._heeded, mark, name)
        clip.name = title
        self._tell("{}: {}".format("taken" if word == "taken" else "not wanted", title))
        return True

    def _begin(self, clip: Any, mark: Any, name: str, asked: wish.Wish) -> None:
        old = self._names.get(mark, name.strip().lstrip("? "))
        _remember(self._heeded, mark, name)
        try:
            _check_room(len(self._tasks))
            asked = self._reseeded(mark, asked)
            words = asking.words(self._get_song(), clip, old, asked, self._folder)
            told = asking.told(self._get_song(), clip)
        except Trouble as trouble:
            clip.name = old
            self._tell(str(trouble))
            return
        self._count += 1
        self._line.refused = False  # of what was then; it may have been started since
        ident = f"{self._session}-{self._count}"
        errand = Errand(ident, asked.stage, words, self._line.say, self._now())
        self._tasks[ident] = Task(errand, clip, old, told)

    def _reseeded(self, mark: Any, asked: wish.Wish) -> wish.Wish:
        """Throw other dice where the same clip asks the same again: the same would come."""
        same = (mark, asked.stage, tuple(sorted(asked.settings.items())))
        times = self._asked.get(same, 0)
        _remember(self._asked, same, times + 1)
        settings = dict({"seed": str(times)} if times else {}, **asked.settings)
        return wish.Wish(asked.stage, settings)

    # What is under way

    def _tend_or_drop(self, ident: str, task: Task) -> None:
        """Tend a task; one that is broken goes, the others go on at the next turn."""
        try:
            self._tend(ident, task)
        except Exception:
            self._tasks.pop(ident, None)
            task.errand.cancel()
            raise

    def _tend(self, ident: str, task: Task) -> None:
        if clips.is_gone(task.clip) or self._was_renamed(task):
            task.errand.cancel()
            del self._tasks[ident]
            return
        if not task.errand.is_over:
            task.errand.tick(self._now(), self._line.refused)
            self._show_progress(task)
        if task.errand.is_over:
            self._finish(ident, task)

    def _was_renamed(self, task: Task) -> bool:
        """Tell whether the musician took the name back, by typing or by Undo: a change of mind.

        A name that was just written is read back only at Live's next turn.
        """
        name = str(task.clip.name)
        if name.startswith(WORKING):
            task.was_seen = True
            return False
        return task.was_seen

    def _show_progress(self, task: Task) -> None:
        """Name the clip after how far it is; seldom, since each name is a step of Undo."""
        answer, title = task.errand.answer, task.errand.title()
        if task.errand.is_heard and title != task.shown:
            task.clip.name = task.shown = title
        if answer.doing:
            percent = int(100 * answer.fraction)
            self._tell(f"{task.errand.stage}: {percent} % {answer.doing}")
        if self._line.refused and task.errand.is_heard:
            self._tell(f"bandmate went away; waiting for it. Start it with: {self._start}")

    def _finish(self, ident: str, task: Task) -> None:
        """Land what came, one suggestion a turn so that Live never stutters; then say the end."""
        if task.waiting is None:
            every = sorted(task.errand.answer.suggestions.items())
            task.waiting = [one for _, one in every]
        if task.waiting:
            self._land(ident, task, task.waiting.pop(0))
        if task.waiting:
            return
        del self._tasks[ident]
        _rename_back(task)
        text = self._trouble(task)
        if text:
            self._tell(text)

    def _land(self, ident: str, task: Task, suggestion: Suggestion) -> None:
        asked = landing.Asked(task.errand.stage, task.told)
        try:
            made = landing.land(self._get_song(), self._live, task.clip, suggestion, asked)
        except Trouble as trouble:
            task.errand.failure = str(trouble)
        except Exception as error:  # Live says no in many ways
            task.errand.failure = f"Live refused '{suggestion.title}': {error}"
        else:
            for clip in made:
                landed = (ident, suggestion.n, str(clip.name))
                _remember(self._landed, clips.mark(clip), landed)
            self._tell(f"{suggestion.title}: {suggestion.why}")

    def _trouble(self, task: Task) -> str:
        """Say what went wrong, in one line; empty where nothing did."""
        errand = task.errand
        if errand.failure == "silent":
            return f"bandmate is not running. Start it with: {self._start}"
        if errand.failure == "gone":
            return f"bandmate went away. Start it with: {self._start}, then name the clip again."
        if errand.failure:
            return errand.failure
        if errand.answer.error:
            return errand.answer.error
        return "" if errand.answer.suggestions else f"{errand.stage} had nothing to suggest."

    def _tell(self, text: str) -> None:
        """Show a line, once."""
        if text != self._said:
            self._said = text
            self._show(f"bandmate: {text}")


def _check_room(tasks: int) -> None:
    """Refuse more requests than anyone can follow."""
    if tasks >= MAX_ERRANDS:
        raise Trouble(f"{tasks} requests are under way; wait for one of them.")


def _rename_back(task: Task) -> None:
    """Give the clip its name back, unless it has another by now or is gone."""
    if clips.is_gone(task.clip):
        return
    name = str(task.clip.name)
    if name.startswith(WORKING) or wish.read(name) is not None:
        task.clip.name = task.name


def _remember(known: OrderedDict[Any, Any], key: Any, value: Any) -> None:
    """Keep what is newest, and forget the rest."""
    known.pop(key, None)
    known[key] = value
    while len(known) > MAX_REMEMBERED:
        known.popitem(last=False)
