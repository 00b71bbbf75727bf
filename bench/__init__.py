"""The benchmark: the portal and a plain Django + DRF site, measured alternately in one run."""
