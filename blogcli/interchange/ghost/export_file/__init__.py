"""Read the rows of Ghost export files, and join each post with the related rows in other tables."""
