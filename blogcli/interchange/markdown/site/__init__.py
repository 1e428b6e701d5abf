"""Find the Markdown files of a site, and the facts about posts that their paths and folders state."""
