"""The benchmark: the portal beside the Django + DRF that everybody writes first, in one interleaved run."""
