"""Read and write Ghost exports of every version from 0.x to 6.x."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
