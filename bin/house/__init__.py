"""House-keeping of the portal with nothing but the standard library: it runs before anything is installed."""
