"""Proxies between the program and a PostgreSQL server, which run in a separate thread.

A test determines with a proxy what happens on the network: a connection that breaks at the commit, a connection pooler,
or TLS.
"""

import asyncio
import ssl
import struct
import threading
from collections import deque
from collections.abc import AsyncIterator, Coroutine
from contextlib import suppress
from enum import Enum
from pathlib import Path
from typing import Any, NamedTuple, Self
from urllib.parse import parse_qs, urlsplit

# The codes in the first messages of a connection, which ask for TLS or for GSSAPI.
_SSL_REQUEST = 80877103
_GSS_REQUEST = 80877104
_READY, _IDLE = b"Z", b"I"
# The kinds of requests that a server answers at once: a simple query, the end of an extended query, and a flush.
_AWAITED = frozenset({b"Q", b"S", b"H"})


class Message(NamedTuple):
    """A message of the PostgreSQL protocol. The kind of the first message of a client is empty."""

    kind: bytes
    body: bytes

    def encode(self) -> bytes:
        return self.kind + struct.pack("!I", len(self.body) + 4) + self.body


async def read_message(reader: asyncio.StreamReader, *, is_first: bool = False) -> Message:
    """Read a message. Raises IncompleteReadError at the end of the connection."""
    kind = b"" if is_first else await reader.readexactly(1)
    (length,) = struct.unpack("!I", await reader.readexactly(4))
    return Message(kind, await reader.readexactly(length - 4))


class Cut(Enum):
    """What a proxy does at a request: break the connection before or after the server executes it, or never answer."""

    BEFORE = "before"
    AFTER = "after"
    SILENCE = "silence"


class Proxy:
    """Forwards connections on a port of 127.0.0.1 to the PostgreSQL server with the given URL."""

    def __init__(self, server_url: str) -> None:
        parts = urlsplit(server_url)
        (self._folder,) = parse_qs(parts.query).get("host", [""])
        self._parts = parts
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        # The number of connections that clients have opened, and the number of requests that clients wait for.
        self.connections = 0
        self.round_trips = 0

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._call(asyncio.start_server(self._accept, "127.0.0.1", 0))
        self.port: int = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        self._call(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def url(self, query: str = "sslmode=disable", *, host: str = "127.0.0.1") -> str:
        """Return the URL of the database through this proxy."""
        login = self._parts.netloc.rpartition("@")[0]
        return f"postgresql://{login}@{host}:{self.port}{self._parts.path}?{query}"

    def _call(self, coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _stop(self) -> None:
        self._server.close()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.add(writer)
        self.connections += 1
        try:
            with suppress(asyncio.IncompleteReadError, ConnectionError):
                await self.serve(reader, writer)
        finally:
            writer.transport.abort()
            self._tasks.discard(task)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection of a client until it ends."""
        first = await self.read_startup(reader, writer)
        server_reader, server_writer = await self.connect()
        server_writer.write(first.encode())
        cut = asyncio.get_running_loop().create_future()
        tasks = [
            asyncio.ensure_future(self._forward_requests(reader, server_writer, cut)),
            asyncio.ensure_future(self._forward_answers(server_reader, writer, cut)),
        ]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in tasks:
            task.cancel()
        server_writer.transport.abort()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def read_startup(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Message:
        """Return the message with the parameters of a new connection, after requests for encryption were answered."""
        while True:
            first = await read_message(reader, is_first=True)
            (code,) = struct.unpack("!I", first.body[:4])
            if code not in {_SSL_REQUEST, _GSS_REQUEST}:
                return first
            await self.answer_encryption(code, writer)

    async def answer_encryption(self, code: int, writer: asyncio.StreamWriter) -> None:  # noqa: ARG002 - subclasses use it
        """Refuse to encrypt the connection."""
        writer.write(b"N")

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Open a connection to the server."""
        port = self._parts.port or 5432
        if self._folder:
            reader, writer = await asyncio.open_unix_connection(f"{self._folder}/.s.PGSQL.{port}")
        else:
            reader, writer = await asyncio.open_connection(self._parts.hostname, port)
        self._writers.add(writer)
        return reader, writer

    def choose_cut(self, request: Message) -> Cut | None:  # noqa: ARG002 - subclasses use it
        """Return when the connection breaks at a request, or None to forward the request."""
        return None

    async def _forward_requests(
        self, reader: asyncio.StreamReader, server_writer: asyncio.StreamWriter, cut: "asyncio.Future[Cut]"
    ) -> None:
        while True:
            request = await read_message(reader)
            self.round_trips += request.kind in _AWAITED
            chosen = self.choose_cut(request)
            if chosen is Cut.BEFORE:
                return
            if chosen is not None:
                cut.set_result(chosen)
            server_writer.write(request.encode())

    async def _forward_answers(
        self, server_reader: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: "asyncio.Future[Cut]"
    ) -> None:
        while True:
            answer = await read_message(server_reader)
            if not cut.done():
                writer.write(answer.encode())
            elif answer.kind == _READY and cut.result() is Cut.AFTER:
                return


class CuttingProxy(Proxy):
    """Breaks the first connection with a request that contains a word, such as COMMIT."""

    def __init__(self, server_url: str, word: bytes, cut: Cut) -> None:
        super().__init__(server_url)
        self._word = word
        self._cut = cut
        self.has_cut = False

    def choose_cut(self, request: Message) -> Cut | None:
        """Break the connection at the first statement that contains the word."""
        if self.has_cut or request.kind not in {b"Q", b"P"} or self._word not in request.body:
            return None
        self.has_cut = True
        return self._cut


class PoolingProxy(Proxy):
    """Behaves like PgBouncer in transaction mode.

    Each transaction of a client uses the server connection that was not used for the longest time. Settings in the
    first message of a client are refused.
    """

    _SIZE = 2
    _KNOWN_PARAMETERS = frozenset(
        {
            "user",
            "database",
            "client_encoding",
            "DateStyle",
            "TimeZone",
            "standard_conforming_strings",
            "application_name",
        }
    )

    def __init__(self, server_url: str) -> None:
        super().__init__(server_url)
        self._idle: deque[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = deque()
        self._welcome: list[Message] = []
        self.transactions = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first message of a client like a server, and run its transactions until it disconnects."""
        first = await self.read_startup(reader, writer)
        names = first.body[4:].decode().split("\0")[:-2:2]
        if unknown := sorted({*names} - self._KNOWN_PARAMETERS):
            writer.write(make_error("08P01", f"unsupported startup parameter: {unknown[0]}").encode())
            await writer.drain()
            return
        while len(self._idle) < self._SIZE:
            self._idle.append(await self._log_in(first))
        writer.writelines(message.encode() for message in self._welcome)
        request = await read_message(reader)
        while request.kind != b"X":
            request = await self._run_transaction(request, reader, writer)
            self.transactions += 1

    async def _log_in(self, first: Message) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await self.connect()
        writer.write(first.encode())
        self._welcome = [message async for message in _read_answers(reader)]
        return reader, writer

    async def _run_transaction(
        self, request: Message, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> Message:
        """Run the transaction that begins with a request, and return the first request after the transaction."""
        server_reader, server_writer = self._idle.popleft()
        answers = asyncio.ensure_future(_forward_until_idle(server_reader, writer))
        try:
            while True:
                server_writer.write(request.encode())
                next_request = asyncio.ensure_future(read_message(reader))
                await asyncio.wait((answers, next_request), return_when=asyncio.FIRST_COMPLETED)
                if answers.done():
                    self._idle.append((server_reader, server_writer))
                    return await next_request
                request = await next_request
        finally:
            answers.cancel()

    def session_state(self) -> list[bytes]:
        """Return what the sessions of the server connections keep: changed settings, statements, and advisory locks."""
        return list(self._call(self._fetch_session_state()))

    async def _fetch_session_state(self) -> list[bytes]:
        query = b"""
            SELECT name FROM pg_settings WHERE source = 'session' AND setting <> reset_val
            UNION ALL SELECT name FROM pg_prepared_statements
            UNION ALL SELECT locktype FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()
        """
        rows = []
        for reader, writer in self._idle:
            writer.write(Message(b"Q", query + b"\0").encode())
            rows += [answer.body async for answer in _read_answers(reader) if answer.kind == b"D"]
        return rows


async def _forward_until_idle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Forward the answers of a server until it is not in a transaction."""
    status = b""
    while status != _IDLE:
        async for answer in _read_answers(reader):
            writer.write(answer.encode())
            status = answer.body


async def _read_answers(reader: asyncio.StreamReader) -> AsyncIterator[Message]:
    """Yield the answers to a request. The body of the last one is the status of the transaction."""
    while True:
        answer = await read_message(reader)
        yield answer
        if answer.kind == _READY:
            return


class TlsProxy(Proxy):
    """Accepts only connections with TLS, for a server that does not support TLS."""

    def __init__(self, server_url: str, certificate: Path) -> None:
        super().__init__(server_url)
        self._context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        self._context.load_cert_chain(certificate, certificate.with_suffix(".key"))

    async def read_startup(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Message:
        """Return the first message of an encrypted connection. A connection without encryption is refused."""
        first = await super().read_startup(reader, writer)
        if writer.get_extra_info("ssl_object") is None:
            writer.write(make_error("28000", "no pg_hba.conf entry for this host, no encryption").encode())
            await writer.drain()
            raise ConnectionAbortedError
        return first

    async def answer_encryption(self, code: int, writer: asyncio.StreamWriter) -> None:
        """Accept a request for TLS."""
        if code == _SSL_REQUEST:
            writer.write(b"S")
            await writer.start_tls(self._context)
        else:
            await super().answer_encryption(code, writer)


def make_error(sqlstate: str, message: str) -> Message:
    """Return the message with which a server refuses a connection."""
    fields = ("SFATAL", "VFATAL", f"C{sqlstate}", f"M{message}", "")
    return Message(b"E", b"".join(f"{field}\0".encode() for field in fields))
