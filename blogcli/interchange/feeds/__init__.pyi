from . import writer as writer
