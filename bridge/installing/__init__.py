"""Puts bandmate's files where other programs look for them, and takes exactly those out again."""
