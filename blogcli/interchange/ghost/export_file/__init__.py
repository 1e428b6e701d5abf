"""Read the rows of Ghost export files, and join each post with its rows in other tables."""
