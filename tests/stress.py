"""Whether tests with the marker `stress` run in their long form.

CI runs the short form. `BLOGCLI_STRESS=full python -m pytest -n 0 -m stress` runs the long form.
"""

import os

IS_FULL = os.environ.get("BLOGCLI_STRESS") == "full"
