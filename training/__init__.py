"""Learned models from open corpora: made and measured here, never imported at run time."""
