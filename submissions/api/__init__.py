"""The REST API of proposals: what the pages under /contribute/ and the review pages offer, by the same workflow."""
