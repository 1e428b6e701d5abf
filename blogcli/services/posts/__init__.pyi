from . import create as create
from . import documents as documents
from . import edit as edit
from . import publish as publish
from . import query as query
from . import search as search
from . import trash as trash
from . import update as update
