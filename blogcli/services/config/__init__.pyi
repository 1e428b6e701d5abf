from . import check as check
from . import edit as edit
from . import keys as keys
from . import query as query
