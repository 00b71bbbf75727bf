"""What identifies a publication, weights, data or code, read from whatever it is written as.

The one place that knows how arXiv ids, DOIs and the addresses of OpenReview, the ACL Anthology, the CVF, PMLR, Hugging
Face and GitHub look: forms, pasted texts, lists, BibTeX, search and duplicate keys all ask here. `…_of` reads one
address, `…_in` a text that somebody pasted, and both give "" if there is nothing of the kind.
"""

from catalog.text.identifiers.arxiv import (
    ARXIV_DOI_PREFIX,
    OLD_ARCHIVES,
    arxiv_error,
    arxiv_id_of,
    arxiv_id_of_doi,
    arxiv_ids_in,
    arxiv_in,
    normalised_arxiv_id,
    without_arxiv_versions,
)
from catalog.text.identifiers.doi import (
    MAX_LENGTH,
    doi_address,
    doi_error,
    doi_in,
    doi_in_words,
    doi_key,
    doi_of,
    dois_in,
    normalised_doi,
)
from catalog.text.identifiers.places import (
    acl_id_of,
    address_of_acl_doi,
    canonical_address,
    hub_of,
    paper_address_of,
    repository_of,
)
from catalog.text.identifiers.web import addresses_in

__all__ = (
    "ARXIV_DOI_PREFIX",
    "MAX_LENGTH",
    "OLD_ARCHIVES",
    "acl_id_of",
    "address_of_acl_doi",
    "addresses_in",
    "arxiv_error",
    "arxiv_id_of",
    "arxiv_id_of_doi",
    "arxiv_ids_in",
    "arxiv_in",
    "canonical_address",
    "doi_address",
    "doi_error",
    "doi_in",
    "doi_in_words",
    "doi_key",
    "doi_of",
    "dois_in",
    "hub_of",
    "normalised_arxiv_id",
    "normalised_doi",
    "paper_address_of",
    "repository_of",
    "without_arxiv_versions",
)
