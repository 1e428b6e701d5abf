"""blogcli: manage the content of a blog from the shell."""

__version__ = "0.1.0.dev0"
