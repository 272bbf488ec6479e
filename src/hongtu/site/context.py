"""What every template knows."""

from typing import Any

from django.http import HttpRequest

import hongtu


def house(request: HttpRequest) -> dict[str, Any]:
    """The district and the version; the navigation is added by `site.navigation`."""
    return {"district": getattr(request, "district", None), "hongtu_version": hongtu.__version__}
