"""A signed document in one file: the document, who signed it, and the signature over it."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from standfast.bundle import keys
from standfast.bundle.errors import BadBundle
from standfast.bundle.manifest import Manifest

LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class SignedManifest:
    """A manifest whose signature holds.

    `public` is the publishing key, also where an emergency key signed: then `base` is the manifest
    of the publishing key that allows it.
    """

    manifest: Manifest
    public: str
    base: SignedManifest | None
    envelope: dict[str, Any]

    @property
    def by_emergency(self) -> bool:
        """Whether the newest signature is an emergency key's."""
        return self.base is not None

    @property
    def origin(self) -> Manifest:
        """The manifest that the application itself signed."""
        return self.base.manifest if self.base else self.manifest


def without_documents(found: SignedManifest) -> SignedManifest:
    """The same for keeping: without what was read from the file, but for who signed it."""
    base = without_documents(found.base) if found.base else None
    return replace(found, base=base, envelope={"public_key": found.envelope["public_key"]})


def canonical(document: Any) -> bytes:
    """The bytes that are signed: sorted keys, no spaces, UTF-8."""
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def seal(document: dict[str, Any], key: Ed25519PrivateKey, **beside: Any) -> bytes:
    """The file for a document, signed. What is `beside` it is not signed by this key."""
    public = keys.public_text(key)
    envelope = {
        "signed": document,
        "public_key": public,
        "signature": keys.sign(key, canonical(document)),
        **beside,
    }
    return json.dumps(envelope, indent=1, ensure_ascii=False).encode() + b"\n"


def read(content: bytes, what: str) -> dict[str, Any]:
    """The envelope in a file, its signature checked against the key that it names.

    Whether that key is to be trusted is the caller's question. Raises BadBundle.
    """
    if len(content) > LARGEST:
        raise BadBundle(f"{what} is larger than anything that Standfast writes.")
    try:
        envelope = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadBundle(f"{what} is no JSON: it is damaged.") from error
    _check(envelope, what)
    assert isinstance(envelope, dict)
    return envelope


def read_manifest(
    content: bytes, *, prefix: str, trusted: Collection[str] | None
) -> SignedManifest:
    """A manifest signed by a trusted publishing key, or by an emergency key that one allows.

    `trusted` None trusts whatever key has signed: for tools that are asked to look only. Raises
    BadBundle.
    """
    envelope = read(content, "The manifest")
    base = None
    if envelope.get("base") is not None:
        base = _signed(envelope["base"], None)
        if envelope["public_key"] not in base.manifest.emergency_keys:
            raise BadBundle(
                "The manifest is signed by a key that is no emergency key of this site: "
                f"{envelope['public_key']}."
            )
    found = _signed(envelope, base)
    if trusted is not None and found.public not in trusted:
        raise BadBundle(
            f"The manifest is signed by {found.public}, which is not the key that is trusted here."
        )
    for manifest in (found.manifest, found.origin):
        if manifest.prefix != prefix:
            raise BadBundle("The manifest belongs to another place of the bundle: it was moved.")
    return found


def _signed(envelope: Any, base: SignedManifest | None) -> SignedManifest:
    if base is None:
        _check(envelope, "The manifest")
    manifest = Manifest.from_json(envelope["signed"])
    if base and manifest.sequence <= base.manifest.sequence:
        raise BadBundle("The emergency manifest is older than what it changes.")
    public = base.public if base else envelope["public_key"]
    return SignedManifest(manifest, public, base, envelope)


def _check(envelope: Any, what: str) -> None:
    try:
        document, public = envelope["signed"], envelope["public_key"]
        signature = envelope["signature"]
        genuine = isinstance(document, dict) and keys.is_signed(
            canonical(document), public=public, signature=signature
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise BadBundle(f"{what} carries no signature.") from error
    except (UnicodeEncodeError, RecursionError) as error:
        raise BadBundle(f"{what} is damaged: nobody can have signed this.") from error
    if not genuine:
        raise BadBundle(f"{what} was changed after it was signed: the signature does not fit.")
