from . import completion as completion
from . import db as db
from . import exports as exports
from . import imports as imports
from . import posts as posts
from . import stats as stats
from . import tags as tags
from . import users as users
