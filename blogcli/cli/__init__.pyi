from . import completers as completers
from . import hooks as hooks
