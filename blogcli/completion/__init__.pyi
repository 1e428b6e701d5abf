from . import cache as cache
from . import known as known
from . import shells as shells
