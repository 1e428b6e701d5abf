"""Read and write foreign formats, converted from and to records, which depend on neither a format nor a database."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
