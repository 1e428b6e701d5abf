"""WXR, the XML in which WordPress exports a site."""

from .reader import read, recognises
from .site import survey_site as survey
from .writer import write

__all__ = ["read", "recognises", "survey", "write"]
