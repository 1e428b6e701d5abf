"""Read and write Markdown files with front matter: the folders of site generators, and single documents."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
