"""blogcli: the content of a blog, managed from the shell."""

__version__ = "0.1.0.dev0"
