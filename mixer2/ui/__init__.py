"""The status page: static files that ask `/api/status`, and nothing from elsewhere."""

from pathlib import Path

STATIC = Path(__file__).parent / "static"
"""The folder of `index.html`, `status.css` and `status.js`."""
