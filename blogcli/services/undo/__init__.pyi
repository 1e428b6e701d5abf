from . import plan as plan
from . import revert as revert
