"""Rhythms, and how they are played."""
