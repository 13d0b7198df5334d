"""The daemon started with the session: what each system wants to be told; texts only."""

from __future__ import annotations

import plistlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from subprocess import list2cmdline
from typing import NamedTuple
from xml.sax.saxutils import escape

__all__ = ["Command", "Service", "service"]

_UNIT = """\
[Unit]
Description=bandmate, a local assistant beside the DAW

[Service]
ExecStart={command}
Restart=on-failure
RestartSec=5
# Something else has its port: to start it again and again would not help.
RestartPreventExitStatus=2

[Install]
WantedBy=default.target
"""
_ON = ("enable", "restart")
"""What already runs is started anew: it may have other options now."""
_LABEL = "bandmate.serve"
_TASK = """\
<?xml version="1.0" encoding="UTF-16"?>
<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">
  <RegistrationInfo><Description>bandmate, beside the DAW</Description></RegistrationInfo>
  <Triggers>
    <LogonTrigger><Enabled>true</Enabled><UserId>{user}</UserId></LogonTrigger>
  </Triggers>
  <Principals>
    <Principal id="Author">
      <UserId>{user}</UserId>
      <LogonType>InteractiveToken</LogonType>
      <RunLevel>LeastPrivilege</RunLevel>
    </Principal>
  </Principals>
  <Settings>
    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>
    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>
    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>
    <Enabled>true</Enabled>
    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>
  </Settings>
  <Actions Context="Author">
    <Exec><Command>{program}</Command><Arguments>{words}</Arguments></Exec>
  </Actions>
</Task>
"""


class Command(NamedTuple):
    """A command of the system; `may_fail` where there may be nothing for it to do."""

    words: tuple[str, ...]
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class Service:
    """How one system starts the daemon with the session.

    Parameters
    ----------
    title : str
        What the system calls such a thing.
    path : Path
        The file that tells it.
    content : bytes
        Of the file.
    on : tuple of Command
        What is said to the system when the file is there.
    before_off, after_off : tuple of Command
        What is said to it before the file is removed, and after.
    """

    title: str
    path: Path
    content: bytes
    on: tuple[Command, ...]
    before_off: tuple[Command, ...]
    after_off: tuple[Command, ...] = ()


def service(
    system: str, env: Mapping[str, str], home: Path, program: Sequence[str], uid: int = 0
) -> Service:
    """Say how a system starts the daemon with the session.

    Parameters
    ----------
    system : str
        As `platform.system` says.
    env : mapping of str to str
        The environment.
    home : Path
        The user's folder.
    program : sequence of str
        What to start, with its whole path, and its words.
    uid : int
        The user's number, where users have numbers.
    """
    if system == "Darwin":
        return _launchd(home, program, uid)
    if system == "Windows":
        return _windows_task(env, home, program)
    return _systemd(env, home, program)


def _systemd(env: Mapping[str, str], home: Path, program: Sequence[str]) -> Service:
    folder = Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "systemd" / "user"
    unit = "bandmate.service"
    reload_ = Command(("systemctl", "--user", "daemon-reload"))
    return Service(
        "systemd user unit",
        folder / unit,
        _UNIT.format(command=_command_line(program)).encode(),
        (reload_, *(Command(("systemctl", "--user", doing, unit)) for doing in _ON)),
        (Command(("systemctl", "--user", "disable", "--now", unit)),),
        (reload_,),
    )


def _command_line(program: Sequence[str]) -> str:
    """Write a command so that systemd takes every sign of it as it is."""
    path, *words = map(_quoted, program)  # a variable can stand in the words only
    return " ".join((path, *(word.replace("$", "$$") for word in words)))


def _quoted(word: str) -> str:
    for sign, said in (("\\", "\\\\"), ('"', '\\"'), ("%", "%%"), ("\n", "\\n")):
        word = word.replace(sign, said)
    return f'"{word}"'


def _launchd(home: Path, program: Sequence[str], uid: int) -> Service:
    path = home / "Library" / "LaunchAgents" / f"{_LABEL}.plist"
    log = str(home / "Library" / "Logs" / "bandmate.log")
    told = {
        "Label": _LABEL,
        "ProgramArguments": list(program),
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 30,
        "ProcessType": "Interactive",  # what runs in the background is slowed down
        "StandardOutPath": log,
        "StandardErrorPath": log,
    }
    off = ("launchctl", "bootout", f"gui/{uid}/{_LABEL}")
    on = ("launchctl", "bootstrap", f"gui/{uid}", str(path))
    return Service(
        "launchd agent",
        path,
        plistlib.dumps(told),
        (Command(off, may_fail=True), Command(on)),  # what is on cannot be turned on
        (Command(off),),
    )


def _windows_task(env: Mapping[str, str], home: Path, program: Sequence[str]) -> Service:
    local = Path(env.get("LOCALAPPDATA") or home / "AppData" / "Local")
    path = local / "bandmate" / "at-login.xml"
    user = "\\".join(env[name] for name in ("USERDOMAIN", "USERNAME") if env.get(name))
    task = _TASK.format(
        user=escape(user),
        program=escape(program[0]),
        words=escape(list2cmdline(program[1:])),
    )
    task_name = ("/TN", "bandmate")
    return Service(
        "scheduled task",
        path,
        task.replace("\n", "\r\n").encode("utf-16"),  # with the mark that Windows looks for
        (
            Command(("schtasks", "/Create", *task_name, "/XML", str(path), "/F")),
            Command(("schtasks", "/End", *task_name), may_fail=True),
            Command(("schtasks", "/Run", *task_name)),
        ),
        (
            Command(("schtasks", "/End", *task_name), may_fail=True),
            Command(("schtasks", "/Delete", *task_name, "/F")),
        ),
    )
