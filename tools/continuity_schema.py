"""Write docs/continuity.schema.json anew: the JSON Schema of continuity models, for editors."""

from __future__ import annotations

import json
from pathlib import Path

from standfast.engine.continuity.document import json_schema

FILE = Path(__file__).parents[1] / "docs/continuity.schema.json"


def main() -> None:
    """Write the schema."""
    FILE.write_text(json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n", "utf-8")


if __name__ == "__main__":
    main()
