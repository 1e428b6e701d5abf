"""A proxy between clients and a PostgreSQL server that cuts connections at chosen moments."""

import asyncio
import random
import threading
from collections import Counter
from enum import StrEnum
from pathlib import Path
from typing import Self

from tests.subprocesses import TIMEOUT

# asyncpg sends COMMIT as a simple query, whose text ends with a null byte.
COMMIT = b"COMMIT;\0"
MAX_BYTES = 20_000


class Cut(StrEnum):
    """The moment at which the proxy cuts a connection."""

    NEVER = "never"
    AT_BYTE = "after a random number of bytes"
    BEFORE_COMMIT = "before COMMIT reaches the server"
    IN_COMMIT = "after a part of COMMIT"
    AFTER_COMMIT = "after COMMIT was sent"
    BEFORE_ANSWER = "after the answer to COMMIT was received"


class Proxy:
    """Forwards connections on a socket in `folder` to the socket of a server, in a thread.

    Each new connection is cut as `cut` says at the time, with the probability `probability`. `cuts` counts the
    connections that were cut.
    """

    def __init__(self, folder: Path, server: Path, *, seed: int) -> None:
        self.cut = Cut.NEVER
        self.probability = 1.0
        self.cuts: Counter[Cut] = Counter()
        self._generator = random.Random(seed)  # noqa: S311 - the test needs a seed
        self.address = folder / server.name
        self._server = server
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_until_complete, args=(self._serve(),), daemon=True)
        self._is_listening = threading.Event()
        self._end = asyncio.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._is_listening.wait(TIMEOUT), "The proxy does not listen"
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._end.set)
        self._thread.join()
        self._loop.close()

    async def _serve(self) -> None:
        connections: set[asyncio.Task[None]] = set()

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            cut = self.cut if self._generator.random() < self.probability else Cut.NEVER
            limit = self._generator.randrange(MAX_BYTES)
            task = asyncio.ensure_future(_Connection(self, cut, limit).forward(reader, writer))
            connections.add(task)
            task.add_done_callback(connections.discard)

        server = await asyncio.start_unix_server(accept, self.address)
        self._is_listening.set()
        await self._end.wait()
        server.close()
        for task in [*connections]:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Connect to the server."""
        return await asyncio.open_unix_connection(self._server)


class _Connection:
    """A connection that is forwarded, and cut when `cut` says."""

    def __init__(self, proxy: Proxy, cut: Cut, limit: int) -> None:
        self._proxy = proxy
        self._cut = cut
        self._limit = limit
        self._is_committing = False

    async def forward(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward both directions until one of them ends, and close both connections."""
        try:
            server_reader, server_writer = await self._proxy.connect()
        except OSError:
            writer.transport.abort()
            return
        directions = [
            asyncio.ensure_future(self._copy(reader, server_writer, is_request=True)),
            asyncio.ensure_future(self._copy(server_reader, writer, is_request=False)),
        ]
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)
            # Closing the transports still sends what was written to them.
            for transport in (writer.transport, server_writer.transport):
                transport.close()

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, *, is_request: bool) -> None:
        while data := await source.read(65_536):
            forwarded = self._choose_part(data, is_request=is_request)
            target.write(forwarded)
            await target.drain()
            if forwarded != data or (self._cut is Cut.AFTER_COMMIT and self._is_committing):
                self._proxy.cuts[self._cut] += 1
                return

    def _choose_part(self, data: bytes, *, is_request: bool) -> bytes:
        """Return the part of the data that is forwarded. The connection is cut if it is not all of the data."""
        if self._cut is Cut.AT_BYTE:
            part = data[: self._limit]
            self._limit -= len(part)
            return part
        if is_request and COMMIT in data:
            self._is_committing = True
            if self._cut is Cut.BEFORE_COMMIT:
                return b""
            if self._cut is Cut.IN_COMMIT:
                return data[: data.index(COMMIT) + 3]
        if not is_request and self._is_committing and self._cut is Cut.BEFORE_ANSWER:
            return b""
        return data
