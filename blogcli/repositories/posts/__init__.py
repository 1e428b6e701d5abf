"""SQL of posts."""
