"""A whole SaaS V2.0 seller for KooGallery in Python, standard library alone: `python3 seller.py`.

Reads from the environment
  KOOGALLERY_BASE_KEY               the access key of the base interface (密钥管理)
  KOOGALLERY_AK, KOOGALLERY_SK      what the order query is signed with
  KOOGALLERY_OPEN_API               where the order query is; the marketplace's own by default
  PORT                              where to listen; 0: any free one (default 5000)
  SELLER_DATABASE                   an SQLite file (default: in memory)
  SELLER_MAKING                     seconds that an instance takes to make (default 1)
"""

import argparse
import json
import os
import signal
import sys
import threading
import time
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from door import Refusal
from instances import Instances
from mistakes import MISTAKES, Seller
from order_query import query_order

LARGEST = 256 * 1024  # bytes; 101 ids are below 7,000
DRAINED = 64 * 1024 * 1024


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30
    wbufsize = -1  # headers and body in one packet: apart, they cost 40 ms
    seller: Seller

    def answer(self):
        """Always HTTP 200 and JSON: anything else is a failed call, whatever it says."""
        try:
            raw = self.read()
            query = {}
            for name, value in parse_qsl(urlsplit(self.path).query, keep_blank_values=True, errors="surrogateescape"):
                query.setdefault(name, value)
            answer = self.seller.verbs.answer(self.seller.door.admit(query, raw))
        except Refusal as refusal:
            answer = {"resultCode": refusal.code, "resultMsg": refusal.message}
        except Exception:  # noqa: BLE001: whatever is wrong with us must not become an HTTP 500
            traceback.print_exc()
            answer = {"resultCode": "000005", "resultMsg": "internal error"}
        self.seller.write(self, answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = answer

    def read(self):
        if self.headers.get("Transfer-Encoding", "identity").lower() != "identity":
            self.close_connection = True
            raise Refusal("000002", "give the length of the body")
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            self.close_connection = True
            raise Refusal("000002", "Content-Length is no number")
        if int(length) <= LARGEST:
            return self.rfile.read(int(length))
        # Who is still sending hears no answer, so what is too much is read to its end and thrown away.
        left = min(int(length), DRAINED)
        while left > 0 and (piece := self.rfile.read(min(left, 65536))):
            left -= len(piece)
        self.close_connection = True
        raise Refusal("000002", "the body is too large")

    def reply(self, status, content_type, text):
        body = text.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Quiet: the address of a request holds its signature."""


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, request, client_address):
        """A caller that hangs up is no fault of ours."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    arguments = argparse.ArgumentParser(description="A SaaS V2.0 seller, or one with a usual mistake.")
    arguments.add_argument("--mistake", choices=sorted(MISTAKES))
    chosen = arguments.parse_args().mistake
    env = os.environ
    base = env.get("KOOGALLERY_OPEN_API") or "https://mkt.myhuaweicloud.com"

    def order(order_id, line_id):
        return query_order(base, env["KOOGALLERY_AK"], env["KOOGALLERY_SK"], order_id, line_id, timeout=3)

    def clock():
        return time.time_ns() // 1_000_000

    kind = Seller if chosen is None else MISTAKES[chosen]
    Handler.seller = kind(env["KOOGALLERY_BASE_KEY"], Instances(env.get("SELLER_DATABASE") or ":memory:"), order, clock, float(env.get("SELLER_MAKING") or 1))
    Handler.seller.resume()
    server = Server(("127.0.0.1", int(env.get("PORT") or 5000)), Handler)
    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"production address http://127.0.0.1:{server.server_port}/saas", flush=True)
    server.serve_forever(poll_interval=0.1)


if __name__ == "__main__":
    sys.exit(main())
