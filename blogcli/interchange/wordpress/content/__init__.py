"""Convert the content of WordPress posts to Markdown."""
