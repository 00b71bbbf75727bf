"""The picture of an entry that other sites show where somebody shares its address."""

from catalog.exchange.preview.drawing import HEIGHT, WIDTH, Card, drawn

__all__ = ["HEIGHT", "WIDTH", "Card", "drawn"]
