from . import check as check
from . import migrate as migrate
from . import seed as seed
