"""The read part of the REST API. Proposals are in submissions.api; vlmportal.api combines the two."""
