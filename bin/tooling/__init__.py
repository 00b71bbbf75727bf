"""The scripts behind `make`, using only the standard library, since they run before anything is installed."""
