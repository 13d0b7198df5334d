import itertools
import json
import shlex
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from bridge.daws.reaper import install
from tests.bridge.daws.lua_run import RUNTIMES
from tests.bridge.daws.reaper.stand_in import Reaper
from tests.bridge.daws.reaper.window import Window

STAGES = ("chords", "melody", "pitch", "denoise", "mix", "master")
PRESETS = {"spotify": "Spotify", "ebu-r128": "EBU R 128"}
Answer = Mapping[str, Any] | str | None
MAX_TICKS = 300


def offered(*stages: str) -> dict[str, Any]:
    return {"stages": [{"stage": name, "takes": "", "about": ""} for name in stages]}


class Script:
    """The installed script, a session, and a bandmate that answers as it is told to."""

    def __init__(self, version: str, folder: Path) -> None:
        self.folder = folder
        self.command = folder / "bin" / "band mate's"
        self.command.parent.mkdir()
        self.command.write_text("")
        self.reaper, self.window = Reaper(str(folder / "project")), Window()
        self.answers: dict[str, Answer | Callable[[list[str]], Answer]] = {
            "stages": offered(*STAGES),
            "presets": {"presets": [{"preset": name, "title": PRESETS[name]} for name in PRESETS]},
        }
        self.progress = ""
        self.is_real = False  # whether processes are started
        self.asked: list[list[str]] = []
        self.after: Callable[[], None] = lambda: None
        self.lua = RUNTIMES[version](unpack_returned_tuples=True, register_eval=False)
        # Where Lua 5.3 gathers up, lupa 2.8 now and then hands over another Python object.
        self.lua.execute('collectgarbage("stop")')

    def run(self) -> None:
        """Click on the script and let it run until it ends."""
        main = self._install()
        api = self.reaper.functions()
        api["get_action_context"] = lambda: (True, str(main), 0, 0, 0, 0, 0)
        made, names = self.lua, self.lua.globals()
        names.python, names.reaper = None, made.table_from(api)
        names.gfx = made.table_from(self.window.functions())
        if not self.is_real:
            names.os.execute = self._execute
        made.execute(main.read_bytes().decode())
        self._tick()
        for call in self.reaper.at_exit:
            call()

    def _tick(self) -> None:
        """Call what was deferred; a process takes as long as it takes, all else is at once."""
        ticks: Iterable[int] = itertools.count() if self.is_real else range(MAX_TICKS)
        for _ in ticks:
            if not self.reaper.later:
                return
            self.reaper.later.pop(0)()
            time.sleep(0.01 if self.is_real else 0)

    def _install(self) -> Path:
        for path, content in install.files(str(self.command)).items():
            place = self.folder / "resources" / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
        return self.folder / "resources" / "Scripts" / "bandmate" / "bandmate.lua"

    def _execute(self, line: str) -> bool:
        words = shlex.split(line)
        assert words[-4:] == ["</dev/null", ">/dev/null", "2>&1", "&"]
        assert words[:2] == [str(self.command), "ask"]
        self.asked.append(words[2:-4])
        if "--answer" in words:
            self._answer(words[2], words, Path(words[words.index("--answer") + 1]))
        return True

    def _answer(self, word: str, words: list[str], place: Path) -> None:
        answer = self.answers.get(word)
        said = answer(words) if callable(answer) else answer
        if word in STAGES:
            Path(f"{place}.progress").write_text(self.progress)
            self.after()
        if said is not None:
            place.write_text(said if isinstance(said, str) else json.dumps(said))

    def move_mouse(self, x: int, y: int, *, down: bool) -> None:
        gfx = self.lua.globals().gfx
        gfx.mouse_x, gfx.mouse_y, gfx.mouse_cap = x, y, int(down)

    # ------------------------------------------------------------------ what tests look at

    def question(self, stage: str) -> list[str]:
        return next(words for words in self.asked if words[0] == stage)

    def settings(self, stage: str) -> dict[str, str]:
        words = [word[2:].partition("=") for word in self.question(stage) if "=" in word]
        return {name: value for name, _, value in words}

    @property
    def taken(self) -> list[list[str]]:
        return [words[1:] for words in self.asked if words[0] == "taken"]

    @property
    def steps(self) -> list[str]:
        return [title for title, _ in self.reaper.undo]


@pytest.fixture(params=sorted(RUNTIMES))
def script(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Script]:
    """Run with Lua 5.3 and 5.4; whatever happened, nothing may stay open."""
    made = Script(request.param, tmp_path)
    yield made
    assert made.reaper.open_blocks == 0
    assert made.reaper.refresh == 0
    assert not made.window.is_open
    assert not made.reaper.later
