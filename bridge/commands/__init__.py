"""One file, one command: each has a ``main(words)`` that returns the exit code."""
