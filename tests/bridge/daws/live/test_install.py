"""What is installed for Live, and where."""

from __future__ import annotations

import ast
from pathlib import Path

from bridge.daws.installer import installer
from bridge.daws.live import install

HOME = Path("/home/me")


def test_it_keeps_the_contract() -> None:
    live = installer("live")
    assert live.TITLE == "Ableton Live"
    assert live.merges("bandmate") == {}
    assert all(len(line) <= 100 for line in live.NEXT)


def test_the_user_library_of_each_system() -> None:
    assert install.folders("Darwin", {}, HOME) == (HOME / "Music/Ableton/User Library",)
    cloud = {"OneDrive": "/home/me/OneDrive", "OneDriveConsumer": "/home/me/OneDrive"}
    assert install.folders("Windows", cloud, HOME) == (
        HOME / "Documents/Ableton/User Library",
        HOME / "OneDrive/Documents/Ableton/User Library",
    )
    assert install.folders("Linux", {}, HOME) == ()


def test_the_whole_script_goes_there() -> None:
    files = install.files("/opt/bandmate")
    names = {path.name for path in install._SCRIPT.glob("*.py")}
    assert set(files) == {f"Remote Scripts/Bandmate/{name}" for name in names}
    for name, data in files.items():
        compile(data, name, "exec", flags=ast.PyCF_ONLY_AST)


def test_it_says_how_bandmate_is_started_here() -> None:
    for command, said in (
        ("/opt/bandmate", "/opt/bandmate serve"),
        (r"C:\Program Files\b\bandmate.exe", r'"C:\Program Files\b\bandmate.exe" serve'),
        ("/Users/J\u00f8rn/'x'/bandmate", "/Users/J\u00f8rn/'x'/bandmate serve"),
    ):
        source = install.files(command)["Remote Scripts/Bandmate/start.py"]
        told: dict[str, object] = {}
        exec(compile(source, "start.py", "exec"), told)  # noqa: S102  our own file
        assert (told["COMMAND"], told["PORT"]) == (said, 9510)
