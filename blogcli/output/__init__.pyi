from . import differences as differences
from . import markdown as markdown
from . import operations as operations
from . import pager as pager
from . import progress as progress
from . import tables as tables
from . import values as values
from . import yaml as yaml
