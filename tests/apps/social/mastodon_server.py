"""A small Mastodon: takes posts (each idempotency key once), gives mentions, refuses when told."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

TOKEN = "mastodon-token-8841"


@dataclass
class MastodonServer:
    """`status` is what every request is answered with while it is not 200."""

    port: int = 0
    status: int = 200
    posts: list[dict[str, Any]] = field(default_factory=list)
    mentions: list[dict[str, Any]] = field(default_factory=list)
    looks: int = 0

    @property
    def account(self) -> str:
        """The account's address."""
        return f"http://127.0.0.1:{self.port}/@status"

    def mention(self, number: int, text: str, *, at: str, author: str = "ana@m.example") -> None:
        """Somebody writes to the account."""
        self.mentions.append(
            {
                "id": str(number),
                "type": "mention",
                "account": {"acct": author},
                "status": {
                    "id": f"77{number}",
                    "content": text,
                    "url": f"https://m.example/@ana/77{number}",
                    "created_at": at,
                    "language": "en",
                },
            }
        )


@contextmanager
def mastodon_server() -> Iterator[MastodonServer]:
    """Serve on loopback while the block runs."""
    found = MastodonServer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            query = parse_qs(url.query)
            if url.path == "/api/v2/instance":
                return self._answer({"configuration": {"statuses": {"max_characters": 300}}})
            found.looks += 1
            since = int(query.get("min_id", ["0"])[0])
            return self._answer([each for each in found.mentions if int(each["id"]) > since][:40])

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            key = self.headers["Idempotency-Key"]
            known = {post["key"]: post for post in found.posts}
            if found.status == 200 and self._allowed() and key not in known:
                known[key] = {**body, "key": key, "id": str(900 + len(found.posts))}
                found.posts.append(known[key])
            self._answer({"id": known[key]["id"]} if key in known else {})

        def _answer(self, document: object) -> None:
            self.send_response(found.status if self._allowed() else 401)
            body = json.dumps(document).encode()
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _allowed(self) -> bool:
            return self.headers.get("Authorization", f"Bearer {TOKEN}") == f"Bearer {TOKEN}"

        def log_message(self, *_: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
