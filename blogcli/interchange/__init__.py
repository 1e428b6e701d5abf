"""Read and write posts, users and tags in the formats of other programs.

Readers create records, and writers write them. Records depend neither on a format nor on a database.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
