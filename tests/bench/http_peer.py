"""A peer for the tests: JSON over HTTP, by the server of the standard library."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer

from bench.peer_servers import scoring

SCORE = scoring.load()


class Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        body = json.dumps({"labels": SCORE(asked["texts"]).labels}).encode()
        self.send_response(200 if self.path == "/predict" else 404)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    HTTPServer((scoring.HOST, scoring.port()), Handler).serve_forever()
