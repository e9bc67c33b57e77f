"""The project as an application of Hydra's: `python -m hydra_plugins.border_sim`.

It takes Hydra's own flags and the same overrides as `python -m sim`, which it runs. Hydra composes the configuration
first, by its stricter rules: keys that no file mentions need a ``+``, and ``experiment=`` takes a name and no file.
"""

from __future__ import annotations

import sys
from typing import Any

import hydra
from hydra.core.hydra_config import HydraConfig

from sim.config_folder import config_folder

OWN = ("hydra.run.dir=.", "hydra.output_subdir=null", "hydra/job_logging=disabled", "hydra/hydra_logging=disabled")
"""So that Hydra writes nothing of its own."""


@hydra.main(config_path=str(config_folder()), config_name="config", version_base="1.3")
def task(_config: Any) -> None:
    """Run what the overrides ask for."""
    from sim.__main__ import main

    sys.exit(main(list(HydraConfig.get().overrides.task)))


if __name__ == "__main__":
    if not any(word.startswith("hydra/sweeper=") for word in sys.argv):
        sys.argv.append("hydra/sweeper=border_sim")
    sys.argv += OWN
    task()
