"""The REST API of the way in: what the pages under /contribute/ and the review offer, by the same workflow."""
