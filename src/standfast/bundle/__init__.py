"""The backup site's bundle: static files that any server can serve, signed, and saying their age.

A bundle is one or more *sites* in an object store, each below a prefix: the provider's public site
at the root, a tenant's pages below an address that nobody can guess. A site is

- its files at the addresses that readers use (`index.html`, `api/v2/summary.json`, …), each with
  `.br` and `.gz` beside it, so that any static server can serve it;
- the same files in one pack named after its content (`_bundle/<sha256>.zip`);
- `manifest.json`, written last and signed with Ed25519: times, files with their hashes, the pack.

So a reader that checks (`standfast edge serve`) never sees half of a new generation: an
interrupted write leaves the last manifest with the pack that it names.
"""
