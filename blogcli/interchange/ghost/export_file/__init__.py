"""Read the rows of Ghost export files."""
