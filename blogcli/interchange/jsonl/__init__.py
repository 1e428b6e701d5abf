"""Read and write JSON Lines files in the format of blogcli. The format preserves all fields of records."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
