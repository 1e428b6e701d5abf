from . import arguments as arguments
from . import create as create
from . import delete as delete
from . import list as list
from . import password as password
from . import show as show
from . import update as update
