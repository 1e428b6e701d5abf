"""Read Ghost exports of every version from 0.x to 6.x, and write exports for Ghost 5 and 6."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
