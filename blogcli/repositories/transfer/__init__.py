"""Read and write all rows of a blog in a form that does not depend on the database system."""
