"""What lives outside Python or needs files: programs and libraries that may or may not be there."""
