"""Melodies: thousands written, checked and ranked."""
