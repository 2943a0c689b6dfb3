"""Checking a whole bundle: every file against the manifest, the manifest against the key."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from standfast.bundle.envelope import SignedManifest, read_manifest
from standfast.bundle.errors import BadBundle, Missing, StoreError
from standfast.bundle.manifest import BESIDE, CLOCK_SKEW, MANIFEST, PROVIDERS, TENANTS
from standfast.bundle.packing import VARIANTS, entry_of, unpack
from standfast.bundle.store import Store


@dataclass(frozen=True, slots=True)
class Finding:
    """`level` is fail (do not trust it), warn (know it) or ok; `kind` names it for programs."""

    level: str
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class Report:
    """All that was found, with the manifest where one could be read."""

    findings: list[Finding]
    signed: SignedManifest | None

    @property
    def is_good(self) -> bool:
        """Whether nothing failed."""
        return not any(finding.level == "fail" for finding in self.findings)


def check_site(
    store: Store, *, prefix: str = "", trusted: Collection[str] | None, now: datetime
) -> Report:
    """Look at everything that the manifest names. Nothing is raised: all is in the report."""
    try:
        content = store.get(prefix + MANIFEST)
        signed = read_manifest(content, prefix=prefix, trusted=trusted)
    except Missing:
        said = f"There is no {prefix}{MANIFEST}: no bundle was written here."
        return Report([Finding("fail", "missing", said)], None)
    except StoreError as error:
        return Report([Finding("fail", "unreachable", str(error))], None)
    except BadBundle as error:
        kind = "wrong key" if "trusted here" in str(error) else "tampered"
        return Report([Finding("fail", kind, str(error))], None)
    findings = [
        _key_finding(signed, trusted),
        *_files_findings(store, signed, prefix),
        *_strangers_findings(store, signed, prefix),
        _pack_finding(store, signed, prefix),
        *_age_findings(signed, now),
    ]
    return Report(findings, signed)


def check_places(store: Store, *, trusted: Collection[str] | None, now: datetime) -> list[Finding]:
    """What is wrong with the sites below the root, where the store can be listed.

    They have no names here: a tenant's address is a secret, and reports are passed on.
    """
    try:
        paths = [path for folder in (PROVIDERS, TENANTS) for path in store.list(folder)]
    except StoreError:
        return []
    pages = [path for path in paths if path.endswith((f"/{MANIFEST}", "/index.html"))]
    prefixes = sorted({"/".join(path.split("/")[:2]) + "/" for path in pages})
    findings = []
    for number, prefix in enumerate(prefixes, start=1):
        report = check_site(store, prefix=prefix, trusted=trusted, now=now)
        name = prefix if prefix.startswith(PROVIDERS) else f"tenant's site {number}"
        findings += [
            Finding(each.level, each.kind, f"{name}: {each.said.replace(prefix, '')}")
            for each in report.findings
            if each.level == "fail"
        ]
    if prefixes and not findings:
        said = f"All {len(prefixes)} sites below the first are whole, genuine and fresh."
        findings.append(Finding("ok", "other sites", said))
    return findings


def _key_finding(signed: SignedManifest, trusted: Collection[str] | None) -> Finding:
    if signed.by_emergency:
        said = (
            f"An emergency key signed it last ({signed.envelope['public_key']}), allowed by "
            f"{signed.public}."
        )
        return Finding("warn", "emergency", said)
    if trusted is None:
        said = (
            f"Signed by {signed.public}; no key was given to compare it with (--public-key), so "
            "this says only that nothing was changed since."
        )
        return Finding("warn", "key not compared", said)
    return Finding("ok", "signature", f"Signed by the trusted key {signed.public}.")


def _files_findings(store: Store, signed: SignedManifest, prefix: str) -> list[Finding]:
    files = signed.manifest.files
    findings = []
    for path, found in store.get_all(prefix + path for path in files).items():
        name = path.removeprefix(prefix)
        if isinstance(found, Missing):
            # Web servers decode a variant, or hide it; the file itself is what counts.
            level = "warn" if name.endswith(VARIANTS) else "fail"
            findings.append(Finding(level, "missing", f"{name} is not there."))
        elif isinstance(found, StoreError):
            findings.append(Finding("fail", "unreachable", str(found)))
        elif entry_of(found) != files[name]:
            said = f"{name} is not what was signed: it was changed, or a write was interrupted."
            findings.append(Finding("fail", "tampered", said))
    if not findings:
        said = f"All {len(files)} files are what was signed."
        findings.append(Finding("ok", "files", said))
    return findings


def _strangers_findings(store: Store, signed: SignedManifest, prefix: str) -> list[Finding]:
    """Files that nobody signed, where the store can be listed: static servers serve them, too."""
    try:
        paths = store.list(prefix)
    except StoreError:
        return []
    signed_ones = signed.manifest.files.keys() | {MANIFEST}
    names = {path.removeprefix(prefix) for path in paths} - signed_ones
    strangers = sorted(name for name in names if not name.startswith(BESIDE))
    findings = []
    for name in [each for each in strangers if each.endswith(VARIANTS)]:
        of = name.rpartition(".")[0]
        if of in signed_ones:
            said = f"{name} was not signed, and web servers send it in place of {of}."
            findings.append(Finding("fail", "tampered", said))
            strangers.remove(name)
    if strangers:
        some = ", ".join(strangers[:5]) + (", …" if len(strangers) > 5 else "")
        said = f"{len(strangers)} files here are no part of what was signed: {some}."
        findings.append(Finding("warn", "not signed", said))
    return findings


def _pack_finding(store: Store, signed: SignedManifest, prefix: str) -> Finding:
    manifest = signed.manifest
    try:
        content = store.get(prefix + manifest.pack_path)
        if entry_of(content) != manifest.pack:
            raise BadBundle("The pack is not what was signed: it was changed.")
        unpack(content, manifest.files)
    except Missing:
        return Finding("fail", "missing", "The pack for `standfast edge serve` is not there.")
    except StoreError as error:
        return Finding("fail", "unreachable", str(error))
    except BadBundle as error:
        return Finding("fail", "tampered", str(error))
    return Finding("ok", "pack", "The pack holds the same files.")


def _age_findings(signed: SignedManifest, now: datetime) -> list[Finding]:
    manifest = signed.manifest
    age = now - manifest.generated_at
    if age < -CLOCK_SKEW:
        said = (
            f"It was made {spoken(-age)} in the future: the clock of this machine or of the "
            "publishing one is wrong."
        )
        return [Finding("fail", "clock skew", said)]
    at = f"{manifest.generated_at:%Y-%m-%d %H:%M:%S} UTC"
    made = f"made {spoken(age)} ago, at {at}"
    if manifest.is_stale(now):
        late = spoken(now - manifest.stale_after)
        return [Finding("fail", "stale", f"It is out of date since {late}: {made}.")]
    return [Finding("ok", "age", f"It is fresh: {made}.")]


def spoken(length: timedelta) -> str:
    """A length of time in its two largest units: 2 h 5 min."""
    seconds = max(0, int(length.total_seconds()))
    days, seconds = divmod(seconds, 86_400)
    hours, seconds = divmod(seconds, 3_600)
    minutes, seconds = divmod(seconds, 60)
    parts = [(days, "d"), (hours, "h"), (minutes, "min"), (seconds, "s")]
    shown = [f"{count} {unit}" for count, unit in parts if count]
    return " ".join(shown[:2]) or "0 s"
