// The service worker. `ABOUT` stands in front of it: version, files, words (web/phone/worker.py).
// Network first: what is kept is shown only when the network fails or is silent, with its age.
// Pages are kept apart for each session and forgotten when another person or nobody is signed in.
"use strict";

const SHELL = `standfast-shell-${ABOUT.version}`;
const STATE = "standfast-state";
const PAGES = "standfast-pages-";
const PUBLIC = `${PAGES}public`;
const READER = "/__standfast_reader";
const MOST_PAGES = 40;
const PATIENCE = 8000;
// Counts the changes of reader. What was asked for before the last one is too late to be kept: else
// a slow answer to somebody who signed out meanwhile would bring its pages back.
let turn = 0;
const PORTAL = /^\/portal\/[^/]+\/$/;
const HOME = /^\/(portal|console)\/[^/]+\/$/;
const STARTS = { "/": HOME, "/go/health": HOME, "/go/maintenance": /^\/portal\/[^/]+\/maintenance\/$/ };
// Pages that are read: nobody loses what was typed when another one takes their place.
const READ = [HOME, /^\/portal\/[^/]+\/(issues|maintenance)\/([^/]+\/)?$/, /^\/portal\/[^/]+\/history\/$/];
const KEPT = [...READ, /^\/status\/[^/]+\/(([a-z]+)\/([^/]+\/)?)?$/];

self.addEventListener("install", (event) => {
  const files = [...ABOUT.shell, ...Object.values(ABOUT.offline)];
  event.waitUntil(caches.open(SHELL).then((cache) => cache.addAll(files.map((file) => new Request(file, { cache: "reload" })))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("standfast-shell-") && name !== SHELL) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

// ---- Pages and files ------------------------------------------------------------------------
self.addEventListener("fetch", (event) => {
  const request = event.request;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(event, request, url));
  else if (url.pathname.startsWith(ABOUT.files)) event.respondWith(file(event, request));
});

async function file(event, request) {
  const kept = await caches.match(request, { cacheName: SHELL });
  if (!kept) return fetch(request);
  // Shown at once, and fresh the next time.
  event.waitUntil(fetch(request).then((answer) => answer.ok && caches.open(SHELL).then((cache) => cache.put(request, answer))).catch(() => {}));
  return kept;
}

async function page(event, request, url) {
  const began = turn;
  const answered = fetch(request);
  const kept = await keptPage(url);
  try {
    const answer = kept ? await inTime(answered) : await answered;
    if (kept && answer.status >= 500) return withAge(kept);
    // Both copies are made now: a stream that was read cannot be copied.
    event.waitUntil(keep(url, answer.clone(), began));
    return answer;
  } catch (error) {
    if (kept) {
      event.waitUntil(answered.then((answer) => keep(url, answer, began)).catch(() => {}));
      return withAge(kept);
    }
    return (await elsewhere(url)) || offlinePage();
  }
}

function inTime(answered) {
  return Promise.race([answered, new Promise((_, late) => setTimeout(() => late(new Error("silent")), PATIENCE))]);
}

// What the app starts with leads on to a page; offline, to the one that was kept.
async function elsewhere(url) {
  const form = STARTS[url.pathname];
  const cacheName = PAGES + (await readerNow());
  if (!form || !(await caches.has(cacheName))) return undefined;
  const kept = (await (await caches.open(cacheName)).keys()).reverse().find((request) => form.test(new URL(request.url).pathname));
  return kept && Response.redirect(kept.url, 302);
}

async function keep(url, answer, began) {
  if (began !== turn) return;
  const reader = answer.headers.get("X-Standfast-Reader");
  const mine = reader ? await becomes(reader) : turn;
  if (!answer.ok || answer.redirected || answer.type === "opaqueredirect") return;
  if (!KEPT.some((form) => form.test(url.pathname))) return;
  if ((answer.headers.get("Cache-Control") || "").includes("no-store")) return;  // holds a secret
  const isPublic = url.pathname.startsWith("/status/");
  if (isPublic ? !(answer.headers.get("Cache-Control") || "").includes("public") : !reader || reader === "none") return;
  const body = await answer.blob();
  if (mine !== turn) return;
  const cache = await caches.open(isPublic ? PUBLIC : PAGES + reader);
  const headers = new Headers(answer.headers);
  headers.set("X-Kept-At", new Date().toISOString());
  const address = new Request(url.pathname);
  await cache.delete(address);
  await cache.put(address, new Response(body, { status: 200, headers }));
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_PAGES))) await cache.delete(old);
  if (PORTAL.test(url.pathname)) await keepToo(`${url.pathname}maintenance/`, cache);
}

// Whoever looks at the dashboard has the maintenance at hand as well, at most an hour older.
async function keepToo(path, cache) {
  const kept = await cache.match(new Request(path));
  if (kept && Date.now() - Date.parse(kept.headers.get("X-Kept-At")) < 3600000) return;
  const began = turn;
  await keep(new URL(path, self.location.origin), await fetch(path), began);
}

// The reader is whoever the last page was for; the pages of all others are forgotten. Gives the turn.
async function becomes(reader) {
  if ((await readerNow()) !== reader) turn += 1;
  const mine = turn;
  for (const name of await caches.keys()) {
    if (name.startsWith(PAGES) && name !== PUBLIC && name !== PAGES + reader) await caches.delete(name);
  }
  const state = await caches.open(STATE);
  await state.put(READER, new Response(reader));
  return mine;
}

async function readerNow() {
  const stored = await caches.match(READER, { cacheName: STATE });
  return stored ? stored.text() : "none";
}

async function keptPage(url) {
  const isPublic = url.pathname.startsWith("/status/");
  const cacheName = isPublic ? PUBLIC : PAGES + (await readerNow());
  return (await caches.has(cacheName)) ? caches.match(new Request(url.pathname), { cacheName }) : undefined;
}

async function withAge(kept) {
  const html = await kept.text();
  const language = languageOf(html);
  const at = kept.headers.get("X-Kept-At");
  const line = lastKnown(at, language).replace(/[<>&"]/g, "");
  const banner = `<div class="banner-offline" role="status" data-kept-at="${at}"><div class="container-xl"><span data-age>${line}</span></div></div>`;
  const shown = html.replace(/<body([^>]*)>/, (body) => `${body}${banner}`);
  return new Response(shown, { status: 200, headers: withoutLength(kept.headers) });
}

function withoutLength(headers) {
  const copy = new Headers(headers);
  copy.delete("Content-Length");
  copy.delete("Content-Encoding");
  return copy;
}

async function offlinePage() {
  const languages = self.navigator.languages || [];
  const language = (languages[0] || "en").toLowerCase().startsWith("zh") ? "zh-hant" : "en";
  const found = await caches.match(ABOUT.offline[language], { cacheName: SHELL });
  return found || Response.error();
}

// ---- Words ----------------------------------------------------------------------------------
function words(language) { return ABOUT.words[language] || ABOUT.words.en; }

function languageOf(html) {
  const found = /<html[^>]* lang="([^"]+)"/.exec(html);
  return found ? found[1].toLowerCase() : "en";
}

function age(at, language) {
  const minutes = Math.max(0, Math.floor((Date.now() - Date.parse(at)) / 60000));
  const [value, unit] = minutes < 90 ? [minutes, "minute"] : minutes < 2880 ? [Math.round(minutes / 60), "hour"] : [Math.round(minutes / 1440), "day"];
  const tag = language.startsWith("zh") ? "zh-Hant" : language;
  return new Intl.NumberFormat(tag, { style: "unit", unit, unitDisplay: "long" }).format(value);
}

function old(at, language) {
  const fresh = Date.now() - Date.parse(at) < 60000;
  return fresh ? words(language).fresh : words(language).old.replace("{age}", age(at, language));
}

function lastKnown(at, language) {
  const why = self.navigator.onLine ? words(language).silent : words(language).offline;
  return `${why} ${old(at, language)}`;
}

// ---- Messages from pages --------------------------------------------------------------------
self.addEventListener("message", (event) => {
  const asked = event.data || {};
  if (asked.forget) event.waitUntil(forget());
  if (asked.age) {
    event.source.postMessage({ age: lastKnown(asked.age, asked.language) });
  }
  if (asked.pages) event.waitUntil(keptPages(asked.language).then((pages) => event.source.postMessage({ pages })));
});

async function forget() {
  turn += 1;
  await becomes("none");
  const subscription = await self.registration.pushManager.getSubscription();
  if (subscription) await subscription.unsubscribe();
}

async function keptPages(language) {
  const pages = [];
  for (const name of [PAGES + (await readerNow()), PUBLIC]) {
    if (!(await caches.has(name))) continue;
    const cache = await caches.open(name);
    for (const request of (await cache.keys()).reverse()) {
      const kept = await cache.match(request);
      const title = /<title>([^<]*)<\/title>/.exec(await kept.text());
      const path = new URL(request.url).pathname;
      pages.push({
        url: path,
        title: title ? title[1].replace(/&(amp|lt|gt|quot|#x27);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: "\"", "#x27": "'" })[name]) : path,
        age: old(kept.headers.get("X-Kept-At"), language),
      });
    }
  }
  return pages.slice(0, 12);
}

// ---- Push -----------------------------------------------------------------------------------
self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data.json(); } catch (error) { told = { body: event.data ? event.data.text() : "" }; }
  event.waitUntil(self.registration.showNotification(told.title || "Standfast", {
    body: told.body || "",
    tag: told.tag || undefined,
    renotify: Boolean(told.tag),
    lang: told.language || "en",
    icon: ABOUT.icon,
    badge: ABOUT.badge,
    requireInteraction: told.urgency === "critical",
    data: { url: ours(told.url) },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.url));
});

// The page itself if it is open, else a window of ours with a page that is only read, else a new one.
async function show(url) {
  const windows = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = windows.find((client) => client.url === url);
  if (there) return there.focus();
  for (const client of windows.filter(({ url: at }) => READ.some((form) => form.test(new URL(at).pathname)))) {
    try {
      const arrived = await client.navigate(url);
      return (arrived || client).focus();
    } catch (error) { client.postMessage({ go: url }); }
  }
  return self.clients.openWindow(url);
}

function ours(address) {
  try {
    const url = new URL(address || "/", self.location.origin);
    return url.origin === self.location.origin ? url.href : self.location.origin + "/";
  } catch (error) { return self.location.origin + "/"; }
}

self.addEventListener("pushsubscriptionchange", (event) => {
  event.waitUntil((async () => {
    const before = event.oldSubscription;
    const now = event.newSubscription || await self.registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: ABOUT.vapid });
    if (!before) return;
    await fetch(ABOUT.renew, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ before: before.endpoint, now: now.toJSON() }) });
  })());
});
