from . import documents as documents
from . import owned_files as owned_files
from . import reader as reader
from . import writer as writer
