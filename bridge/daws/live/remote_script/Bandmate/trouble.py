"""What cannot be done, in one line that Live's status bar can show."""

from __future__ import annotations


class Trouble(Exception):
    """Said to the musician as it is."""
