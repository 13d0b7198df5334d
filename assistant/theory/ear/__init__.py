"""What is heard in a score or a sound."""
