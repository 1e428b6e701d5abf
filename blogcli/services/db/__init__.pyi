from . import check as check
from . import migrations as migrations
from . import reindex as reindex
from . import seed as seed
