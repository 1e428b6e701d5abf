"""Read and write foreign formats, by way of records that know neither a format nor a database."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
