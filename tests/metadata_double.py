"""A double of the services that metadata is read from, on loopback: it answers what a test puts under a path."""

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom">
<title>ArXiv Query</title>
<entry><id>http://arxiv.org/abs/2301.12597v3</id><published>2023-01-30T00:56:51Z</published>
<title>BLIP-2: Bootstrapping Language-Image Pre-training
  with Frozen Image Encoders</title>
<summary>The cost of pre-training.</summary>
<author><name>Junnan Li</name></author><author><name>Dongxu Li</name></author>
<arxiv:doi>10.1000/blip2</arxiv:doi></entry></feed>"""


class MetadataDouble:
    """`replies` gives by path (without its query) a body, or (status, headers, body); `pause` seconds before each
    reply, or each under `slow_paths`, and `drip` seconds before each byte of one; `requested` holds the paths that were
    requested, and `headers` those of the last request."""

    def __init__(self) -> None:
        self.replies: dict[str, Any] = {}
        self.requested: list[str] = []
        self.headers: dict[str, str] = {}
        self.pause = self.drip = 0.0
        self.slow_paths: set[str] = set()

    def __enter__(self) -> "MetadataDouble":
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                double.requested.append(self.path)
                double.headers = dict(self.headers.items())
                path = self.path.partition("?")[0]
                time.sleep(double.pause if not double.slow_paths or path in double.slow_paths else 0)
                reply = double.replies.get(path, (404, {}, ""))
                status, headers, body = reply if isinstance(reply, tuple) else (200, {}, reply)
                if isinstance(body, dict | list):
                    headers = {"Content-Type": "application/json; charset=utf-8", **headers}
                data = (
                    body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
                )
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                try:
                    step = 1 if double.drip else len(data) or 1
                    for start in range(0, len(data), step):
                        time.sleep(double.drip)
                        self.wfile.write(data[start : start + step])
                except OSError:
                    return  # nobody waits for it any more

            def log_message(self, *args: Any) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"127.0.0.1:{self.server.server_port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
