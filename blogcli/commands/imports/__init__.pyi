from . import run_import as run_import
