"""Whether the process lives and reaches its database: one word for the service manager, nothing for anybody else."""

from __future__ import annotations

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from lianxin.ui.screen import open_door


@open_door("health")
@never_cache
@require_safe
def health(request: HttpRequest) -> HttpResponse:
    del request
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except Error:
        return HttpResponse("no database", status=503, content_type="text/plain")
    return HttpResponse("ok", content_type="text/plain")
