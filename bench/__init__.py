"""Each stage beside its peers, in one run."""
