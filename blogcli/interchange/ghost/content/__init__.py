"""Convert the content of Ghost posts to Markdown."""
