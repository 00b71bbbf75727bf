"""A proxy on loopback in front of a server, which can refuse, hang and cut on command."""

import contextlib
import socket
import struct
import threading
import time
from types import TracebackType

RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Proxy:
    """Passes connections on to a port of this machine: at first all of them, untouched.

    `refuse`: nobody listens, and open connections are reset. `hang` and `cut`: everything is accepted, but after
    `after` more bytes of answers none follows, or the connection is reset. `restore` ends each of these; what was held
    back follows then. `drop` only resets what is open.
    """

    def __init__(self, target: int) -> None:
        self.target = target
        self.left: int | None = None  # bytes of answers before the trouble; None without trouble
        self.cuts = False
        self.flowing = threading.Event()
        self.lock = threading.Lock()
        self.connections: list[socket.socket] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self.server.getsockname()[1])
        self._listen()

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.refuse()

    def refuse(self) -> None:
        """Stop listening and reset what is open."""
        with contextlib.suppress(OSError):
            self.server.shutdown(socket.SHUT_RDWR)
        self.server.close()
        self.drop()
        self.flowing.set()

    def hang(self, after: int = 0) -> None:
        self._limit(after, cuts=False)

    def cut(self, after: int = 0) -> None:
        self._limit(after, cuts=True)

    def restore(self) -> None:
        """Pass everything on again."""
        with self.lock:
            self.left = None
        self.flowing.set()
        if self.server.fileno() == -1:
            self.server = socket.create_server(("127.0.0.1", self.port))
            self._listen()

    def _limit(self, after: int, *, cuts: bool) -> None:
        with self.lock:
            self.left, self.cuts = after, cuts
        self.flowing.clear()

    def drop(self) -> None:
        """Reset what is open."""
        with self.lock:
            ended, self.connections = self.connections, []
        for connection in ended:
            reset(connection)

    def _listen(self) -> None:
        self.flowing.set()
        threading.Thread(target=self._accept, args=(self.server,), daemon=True).start()

    def _accept(self, server: socket.socket) -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                client, _ = server.accept()
                upstream = socket.create_connection(("127.0.0.1", self.target))
                with self.lock:
                    self.connections += [client, upstream]
                threading.Thread(target=self._ask, args=(client, upstream), daemon=True).start()
                threading.Thread(target=self._answer, args=(upstream, client), daemon=True).start()

    def _ask(self, client: socket.socket, upstream: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(65536):
                upstream.sendall(data)
        reset(upstream)

    def _answer(self, upstream: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := upstream.recv(65536):
                passed = self._passed(len(data))
                client.sendall(data[:passed])
                if passed < len(data):
                    if self.cuts:
                        break
                    self.flowing.wait()
                    client.sendall(data[passed:])
        reset(client)

    def _passed(self, size: int) -> int:
        """How many bytes of an answer may pass."""
        with self.lock:
            if self.left is None:
                return size
            passed = min(size, self.left)
            self.left -= passed
            return passed


def reset(connection: socket.socket) -> None:
    """Close a connection by a reset, which also wakes a thread that reads from it."""
    with contextlib.suppress(OSError):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_ON_CLOSE)
        connection.shutdown(socket.SHUT_RD)
    connection.close()


def wait_for_port(port: int, seconds: float = 30) -> None:
    """Until a server of this machine takes connections. Raises OSError if it does not in time."""
    end = time.monotonic() + seconds
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
        else:
            return
