from . import importer as importer
