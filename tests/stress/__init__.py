"""Settings of the tests with the marker `stress`, and the programs that disturb commands in `test_faults.py`.

CI runs a short form. `BLOGCLI_STRESS=full python -m pytest -n 0 -m stress` runs the long form.
"""

import os

IS_FULL = os.environ.get("BLOGCLI_STRESS") == "full"
# The seed of the random choices.
SEED = int(os.environ.get("BLOGCLI_STRESS_SEED", "7"))
# The number of minutes that `test_faults.py` runs in the long form on each database.
MINUTES = float(os.environ.get("BLOGCLI_STRESS_MINUTES", "10"))
