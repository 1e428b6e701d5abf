from . import database as database
from . import environment as environment
