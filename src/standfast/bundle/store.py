"""Where a bundle lies: a folder, or a bucket of S3, Google or Azure; http(s) to read only.

Everything goes through obstore, with limits of time, and every failure becomes one sentence.
Credentials and endpoints of the clouds come from their usual environment variables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from standfast.bundle.errors import Missing, StoreError
from standfast.bundle.words import gettext_noop

if TYPE_CHECKING:
    from obstore.store import ObjectStore

CLOUDS = {"s3", "s3a", "gs", "az", "azure", "abfs", "abfss", "adl"}
AT_ONCE = 16
REQUEST_SECONDS = 20
CONNECT_SECONDS = 5
RETRIES = 2
PIECE_BYTES = 262_144
TYPES = {
    "html": "text/html; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "atom": "application/atom+xml; charset=utf-8",
    "rss": "application/rss+xml; charset=utf-8",
    "ics": "text/calendar; charset=utf-8",
    "txt": "text/plain; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "svg": "image/svg+xml",
    "zip": "application/zip",
    "br": "application/octet-stream",
    "gz": "application/octet-stream",
}
# What a CDN or a browser may keep: a status page that is half a minute old is still of use.
CACHE = "public, max-age=30, stale-if-error=86400"
FOREVER = "public, max-age=31536000, immutable"


def type_of(path: str) -> str:
    """The media type of a file of the bundle."""
    return TYPES.get(path.rsplit(".", 1)[-1], "application/octet-stream")


def is_folder(address: str) -> bool:
    """Whether the address is a folder of this machine."""
    return "://" not in address or address.startswith("file://")


def without_secrets(address: str) -> str:
    """The address as it may be shown and logged: no password, no query."""
    if is_folder(address):
        return address
    parts = urlsplit(address)
    host = parts.netloc.rsplit("@", 1)[-1]
    return f"{parts.scheme}://{host}{parts.path}"


class Store:
    """One place that holds a bundle. Paths are relative to it."""

    def __init__(self, address: str, *, make: bool = False) -> None:
        """Open it; a folder is made when `make`. Raises StoreError for an address of no use."""
        self.address = without_secrets(address)
        self._is_cloud = False
        with self._in_words(""):
            self._store = self._open(address, make)

    def _open(self, address: str, make: bool) -> ObjectStore:
        from obstore.store import HTTPStore, LocalStore, from_url

        if is_folder(address):
            folder = Path(urlsplit(address).path if "://" in address else address)
            if not make and not folder.is_dir():
                raise StoreError(f"There is no folder {folder}.")
            return LocalStore(folder.absolute(), mkdir=make)
        scheme = urlsplit(address).scheme
        limits: dict[str, Any] = {
            "client_options": {
                # The clouds' own endpoints are https; http only where the operator names one.
                "allow_http": True,
                "timeout": timedelta(seconds=REQUEST_SECONDS),
                "connect_timeout": timedelta(seconds=CONNECT_SECONDS),
            },
            "retry_config": {
                "max_retries": RETRIES,
                "retry_timeout": timedelta(seconds=REQUEST_SECONDS),
            },
        }
        if scheme in {"http", "https"}:
            return HTTPStore.from_url(address, **limits)
        if scheme not in CLOUDS:
            raise StoreError(
                f"{self.address}: give a folder, or an address that begins with s3://, gs:// or "
                "az:// (http:// and https:// can only be read)."
            )
        self._is_cloud = True
        return from_url(address, **limits)

    def get(self, path: str) -> bytes:
        """The content of one file. Raises Missing or StoreError."""
        with self._in_words(path):
            return bytes(self._store.get(path).bytes())

    def pieces(self, path: str) -> Iterator[bytes]:
        """The content of one file, piece by piece. Raises Missing or StoreError."""
        with self._in_words(path):
            for piece in self._store.get(path).stream(min_chunk_size=PIECE_BYTES):
                yield bytes(piece)

    def stamp(self, path: str) -> str:
        """What changes whenever the file does. Raises Missing or StoreError."""
        with self._in_words(path):
            meta = self._store.head(path)
            return f"{meta['e_tag']} {meta['last_modified'].isoformat()} {meta['size']}"

    def put(self, path: str, content: bytes) -> None:
        """Write one file, whole or not at all. Raises StoreError."""
        attributes: dict[str, str] = {}
        if self._is_cloud:
            lasting = "/_bundle/" in f"/{path}"
            attributes = {
                "Content-Type": type_of(path),
                "Cache-Control": FOREVER if lasting else CACHE,
            }
        with self._in_words(path):
            self._store.put(path, content, attributes=attributes or None)

    def put_all(self, files: Mapping[str, bytes]) -> None:
        """Write files, several at once where a network lies between. Raises the first StoreError.

        All of them are there when this returns.
        """
        self._together(lambda item: self.put(*item), files.items())

    def get_all(self, paths: Iterable[str]) -> dict[str, bytes | StoreError]:
        """Files by path; in place of one that cannot be read stands why."""
        found: dict[str, bytes | StoreError] = {}

        def fetch(path: str) -> None:
            try:
                found[path] = self.get(path)
            except StoreError as error:
                found[path] = error

        self._together(fetch, paths)
        return found

    def list(self, prefix: str) -> list[str]:
        """Paths that begin with the prefix (which ends with a slash, or is empty)."""
        with self._in_words(prefix):
            pages = self._store.list(prefix or None)
            return [meta["path"] for page in pages for meta in page]

    def delete(self, path: str) -> None:
        """Remove a file; one that is not there is as good as removed. Raises StoreError."""
        try:
            with self._in_words(path):
                self._store.delete(path)
        except Missing:
            pass

    def _together(self, work: Any, items: Iterable[Any]) -> None:
        if not self._is_cloud:
            for item in items:
                work(item)
            return
        with ThreadPoolExecutor(AT_ONCE) as pool:
            futures = [pool.submit(work, item) for item in items]
            try:
                for future in futures:
                    future.result()
            finally:
                pool.shutdown(wait=True, cancel_futures=True)

    @contextmanager
    def _in_words(self, path: str) -> Iterator[None]:
        from obstore import exceptions

        try:
            yield
        except StoreError:
            raise
        except FileNotFoundError as error:
            raise self._missing(path, str(error)) from error
        except (exceptions.BaseError, OSError, ValueError, NotImplementedError) as error:
            where = f"{self.address.rstrip('/')}/{path}" if path else self.address
            raise StoreError(f"{where}: {explained(error)}") from error

    def _missing(self, path: str, said: str) -> StoreError:
        if "NoSuchBucket" in said or "ContainerNotFound" in said:
            return StoreError(f"{self.address}: there is no such bucket.")
        return Missing(f"{self.address.rstrip('/')}/{path} is not there.")


# What obstore and the clouds say, and what it means; the first that fits counts.
_MEANINGS = (
    (
        ("os error 28", "no space left", "os error 122"),
        gettext_noop("The disk is full; make room there."),
    ),
    (
        ("os error 13", "permission denied"),
        gettext_noop("This account may not write there; check the rights."),
    ),
    (("os error 30", "read-only"), gettext_noop("The disk is mounted read-only.")),
    (("nosuchbucket", "containernotfound"), gettext_noop("There is no such bucket.")),
    (
        ("accessdenied", "403 forbidden", "invalidaccesskeyid", "signaturedoesnotmatch", "401 "),
        gettext_noop("Access is denied; check the credentials and the bucket's policy."),
    ),
    (
        ("invalidcertificate", "certificate"),
        gettext_noop(
            "Its certificate is not trusted here; SSL_CERT_FILE names an authority of your own."
        ),
    ),
    (("timed out", "timedout", "kind: timeout"), gettext_noop("It did not answer in time.")),
    (("dns error", "failed to lookup"), gettext_noop("Its name cannot be resolved.")),
    (("connection refused", "tcp connect error"), gettext_noop("The connection was refused.")),
    (
        ("169.254.169.254", "metadata"),
        gettext_noop("No credentials were given (AWS_ACCESS_KEY_ID and the like)."),
    ),
)


def explained(error: BaseException) -> str:
    """What went wrong, in one sentence; unknown errors by their own first line, shortened."""
    said = str(error)
    lower = said.lower()
    for marks, meaning in _MEANINGS:
        if any(mark in lower for mark in marks):
            return meaning
    first = said.strip().splitlines()[0] if said.strip() else type(error).__name__
    return first[:300]
