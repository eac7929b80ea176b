"""Which stores were opened on this computer, and at which schema: a program below it could not open them again."""

from __future__ import annotations

import json


def read_schemas(text: str) -> dict[str, int]:
    """Schema by path of store, as the settings keep it; empty where it can't be read."""
    try:
        return {str(path): int(schema) for path, schema in json.loads(text or "{}").items()}
    except (ValueError, TypeError, AttributeError):
        return {}


def with_store(text: str, path: str) -> str:
    """The same with a store that was opened by the program at work."""
    from db.ledger.schema import CURRENT

    return json.dumps({**read_schemas(text), path: CURRENT}, ensure_ascii=False, sort_keys=True)
