"""One request on many files: found, handed to workers, placed, written down, and reported."""
