from . import changes as changes
from . import operations as operations
