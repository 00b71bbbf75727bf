"""The names of rows in links: unique on a board, and found again."""

from hypothesis import given
from hypothesis import strategies as st

from catalog.reading.boards import anchors
from tests.catalog.reading.boards.boards import claim, ranked

VARIANTS = st.lists(
    st.tuples(st.sampled_from(["a", "a-b", "b"]), st.sampled_from(["", "7B", "7b", "7 B", "b", "b-7B", "七", "十"])),
    unique=True,
    max_size=12,
)


@given(VARIANTS)
def test_no_two_rows_have_the_same_name_and_each_is_found_by_its_own(variants: list[tuple[str, str]]) -> None:
    claims = [claim(model, str(n), variant=variant, slug=f"r{n}") for n, (model, variant) in enumerate(variants)]
    rows = ranked(*claims).ranked
    slugs = {one.slug: str(one.model) for one in claims}

    names = anchors.names(rows, slugs)

    assert len(set(names)) == len(rows) == len(variants)
    assert [anchors.index_of(name, rows, slugs) for name in names] == list(range(len(rows)))
    assert [anchors.name_of(row, rows, slugs[row.claim.slug]) for row in rows] == names


def test_the_name_is_of_model_and_variant_alone() -> None:
    assert anchors.checkpoint("qwen2-5-vl", "Qwen2.5-VL-72B (AWQ)") == "qwen2-5-vl.qwen2-5-vl-72b-awq"
    assert anchors.checkpoint("clip", "") == "clip"
