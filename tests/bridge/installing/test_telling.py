from __future__ import annotations

import sys
from pathlib import Path

from bridge.installing.at_login import Command
from bridge.installing.telling import here, tell


def says(code: str, *, may_fail: bool = False) -> Command:
    return Command((sys.executable, "-c", code), may_fail)


def test_commands_run_in_order(tmp_path: Path) -> None:
    log = tmp_path / "log"
    add = "open({!r}, 'a').write({!r})"
    assert tell([says(add.format(str(log), one)) for one in "ab"]) == []
    assert log.read_text() == "ab"


def test_what_may_fail_may() -> None:
    assert tell([says("raise SystemExit(3)", may_fail=True)]) == []


def test_what_fails_and_what_comes_after_is_left_to_the_musician() -> None:
    left = tell(
        [says("pass"), says("print('no bus.'); raise SystemExit(1)"), Command(("a", "b c"))]
    )
    assert "no bus. Still to be said" in left[0]
    assert len(left) == 3
    assert left[2] == "  a 'b c'"


def test_a_command_that_is_not_there_is_left_too() -> None:
    left = tell([Command(("no-such-systemctl", "--user"))])
    assert left == [
        "no-such-systemctl: it is not on this machine. Still to be said in a terminal:",
        "  no-such-systemctl --user",
    ]


def test_here_the_daemon_is_named_with_its_whole_path() -> None:
    content = here(["--log", "info"]).content.replace(b"\0", b"")
    assert b"serve" in content
    assert b"info" in content
