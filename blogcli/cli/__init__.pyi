from . import completers as completers
from . import hooks as hooks
from . import man_pages as man_pages
