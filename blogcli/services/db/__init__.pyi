from . import backup as backup
from . import backups as backups
from . import check as check
from . import copy as copy
from . import migrations as migrations
from . import reindex as reindex
from . import restore as restore
from . import seed as seed
