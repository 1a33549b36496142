"""Serves the specimen from a thread, static files included, without a database."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from django.contrib.staticfiles.handlers import StaticFilesHandler
from django.contrib.staticfiles.views import serve as serve_file
from django.core.handlers.wsgi import WSGIHandler


class _Files(StaticFilesHandler):
    def serve(self, request: Any) -> Any:
        return serve_file(request, self.file_path(request.path), insecure=True)


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 — the name it overrides
        pass


@contextmanager
def served() -> Iterator[str]:
    """The address of the running specimen; the settings must be the specimen's by now."""
    server = make_server("127.0.0.1", 0, _Files(WSGIHandler()), server_class=_Server, handler_class=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
