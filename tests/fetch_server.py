"""An HTTPS server on the loopback interface for test_fetch.bats.

usage: fetch_server.py CERTIFICATE KEY FILES PORT_FILE [LOG]

The first part of a path says what becomes of the file that the rest names.
"""
import http.server
import os
import ssl
import sys
import threading
import time

certificate, key, files, port_file = sys.argv[1:5]
log = sys.argv[5] if len(sys.argv) > 5 else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def headers_of(self, status, length=None, **headers):
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.close_connection = True

    def content(self, name):
        path = os.path.join(files, os.path.basename(name))
        if not os.path.isfile(path):
            return b"\x1f\x8b" + b"\0" * 98
        with open(path, "rb") as file:
            return file.read()

    def do_GET(self):
        if log:
            with open(log, "a") as file:
                file.write(self.path + "\n")
        _, how, name = (self.path + "//").split("/")[:3]
        body = self.content(name)
        port = self.server.server_address[1]
        if how.isdigit():
            self.headers_of(int(how), 0)
        elif how == "loop":
            self.headers_of(302, 0, Location=self.path)
        elif how == "http":
            self.headers_of(302, 0, Location=f"http://127.0.0.1:{port}/good/{name}")
        elif how == "file":
            self.headers_of(302, 0, Location="file:///etc/passwd")
        elif how == "moved":
            self.headers_of(302, 0, Location=f"/good/{name}")
        elif how == "short":  # less than was announced
            self.headers_of(200, len(body))
            self.wfile.write(body[: len(body) // 2])
        elif how == "cut":  # less, and no length was announced
            self.headers_of(200)
            self.wfile.write(body[: len(body) // 2])
        elif how == "long":
            self.headers_of(200)
            self.wfile.write(body + b"more")
        elif how == "endless":
            self.headers_of(200)
            while True:
                self.wfile.write(b"\0" * 65536)
        elif how == "wrong":
            self.headers_of(200, len(body))
            self.wfile.write(body[:-1] + bytes([body[-1] ^ 1]))
        elif how == "html":
            self.headers_of(200, 27)
            self.wfile.write(b"<html>please log in</html>\n")
        elif how == "stall":
            self.headers_of(200, len(body))
            self.wfile.write(body[:50])
            self.wfile.flush()
            time.sleep(120)
        elif how == "slow":
            self.headers_of(200, len(body))
            for i in range(0, len(body), 16384):
                self.wfile.write(body[i : i + 16384])
                self.wfile.flush()
                time.sleep(0.05)
        else:
            self.headers_of(200, len(body))
            self.wfile.write(body)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, address):
        pass


context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(certificate, key)
server = Server(("127.0.0.1", 0), Handler)
server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(port_file + ".new", "w") as file:
    file.write(str(server.server_address[1]))
os.rename(port_file + ".new", port_file)
threading.Timer(300, lambda: os._exit(1)).start()  # never outlives the tests for long
server.serve_forever()
