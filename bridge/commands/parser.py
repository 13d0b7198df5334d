"""The argument parser of all commands: a mistake is one line that says what would be right."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import NoReturn

from assistant.errors import SettingError, did_you_mean

__all__ = ["Parser"]


class Parser(argparse.ArgumentParser):
    """An `argparse.ArgumentParser` that raises `SettingError`.

    Parameters
    ----------
    command : str
        The word after ``bandmate``.
    about : str
        Shown by ``--help``.
    """

    def __init__(self, command: str, about: str | None) -> None:
        super().__init__(prog=f"bandmate {command}", description=about, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        """Raise instead of printing the whole usage."""
        raise SettingError(f"{message} (see `{self.prog} --help`)")

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse words; an unknown option is refused with the one probably meant.

        Parameters
        ----------
        words : sequence of str
            What follows the command.

        Returns
        -------
        argparse.Namespace
            As argparse makes it.
        """
        told, unknown = self.parse_known_args(list(words))
        if unknown:
            options = [option for action in self._actions for option in action.option_strings]
            near = did_you_mean(unknown[0].partition("=")[0], options)
            raise SettingError(f"`{self.prog}` has no {unknown[0]!r}.{near}")
        return told
