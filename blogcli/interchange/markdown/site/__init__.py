"""Find the Markdown files of a site, and derive facts about posts from the paths and folders of the files."""
