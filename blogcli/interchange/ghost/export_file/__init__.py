"""Read the rows of Ghost export files, and join the rows that belong together."""
