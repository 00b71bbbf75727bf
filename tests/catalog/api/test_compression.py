"""The choice of a content coding, and compressed streams."""

import pytest

from catalog.api.compression import CODINGS, FASTEST_FIRST, SMALLEST_FIRST, coding_of, compressed
from tests.catalog.api.reading import unpacked, zstd


@pytest.mark.parametrize(
    ("header", "coding"),
    [
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip,br", "br"),
        ("gzip;q=1.0, br;q=0.9", "gzip"),
        ("GZIP", "gzip"),
        ("br ; q=0.001, gzip;q=0", "br"),
        ("*", "zstd"),
        ("zstd;q=0, *", "br"),
        ("*;q=0", ""),
        ("gzip;q=0.0, br;q=0", ""),
        ("gzip;q=0.5, identity", ""),
        ("gzip, identity", "gzip"),
        ("gzip;q=much", ""),
        ("gzip;level=9", ""),
        ("deflate, identity;q=0", ""),
        (",;,q=1", ""),
        ("", ""),
    ],
)
def test_the_coding_of_the_greatest_weight_is_taken(header: str, coding: str) -> None:
    assert coding_of(header, FASTEST_FIRST) == coding


def test_among_equals_the_server_chooses() -> None:
    assert coding_of("gzip, br, zstd", SMALLEST_FIRST) == "br"


@pytest.mark.parametrize("coding", CODINGS)
def test_each_coding_can_be_undone(coding: str) -> None:
    body = b"VQA " * 500

    assert len(CODINGS[coding](body)) < len(body) / 10
    assert unpacked(CODINGS[coding](body), coding) == body


def test_each_piece_of_a_stream_can_be_read_when_it_arrives() -> None:
    reader = zstd.ZstdDecompressor()
    stream = compressed(iter([b"one\n", b"two\n"]))

    assert [reader.decompress(piece) for piece in stream] == [b"one\n", b"two\n", b""]
