from . import changes as changes
from . import erasure as erasure
from . import operations as operations
