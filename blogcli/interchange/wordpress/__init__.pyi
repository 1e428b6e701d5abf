from . import reader as reader
from . import writer as writer
