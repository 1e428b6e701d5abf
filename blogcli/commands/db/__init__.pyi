from . import backup as backup
from . import check as check
from . import copy as copy
from . import migrate as migrate
from . import restore as restore
from . import seed as seed
