"""What was learned from open corpora: running the weights, in plain numpy."""
