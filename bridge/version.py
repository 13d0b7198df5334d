"""The version of bandmate; the distribution takes it from here."""

__all__ = ["VERSION"]

VERSION = "0.1.0"
