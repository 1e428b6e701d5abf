from . import change as change
from . import check as check
from . import show as show
