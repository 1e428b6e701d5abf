from . import erase as erase
from . import query as query
