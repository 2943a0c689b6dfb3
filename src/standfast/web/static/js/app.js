// The installed app: registers the worker, forgets on signing out, tells the age of what is kept.
(function () {
  "use strict";
  if (!("serviceWorker" in navigator)) return;

  navigator.serviceWorker.register("/service-worker.js").catch(function () { /* pages work without it */ });

  function tell(message) {
    navigator.serviceWorker.ready.then(function (registration) { registration.active.postMessage(message); });
  }

  // Before the form is on its way: a page that is left cannot be relied on any more.
  document.addEventListener("submit", function (event) {
    if (/\/accounts\/logout\/$/.test(event.target.action || "")) tell({ forget: true });
  });

  var banner = document.querySelector("[data-kept-at]");
  if (banner) {
    // A moment later, if it is still there: a page that is just being left must not fetch itself
    // over where its reader goes, and a network comes back by fits and starts.
    var again;
    var wait = function () { clearTimeout(again); };
    window.addEventListener("online", function () { wait(); again = setTimeout(function () { location.reload(); }, 1000); });
    window.addEventListener("offline", wait);
    window.addEventListener("beforeunload", wait);
    setInterval(function () { tell({ age: banner.getAttribute("data-kept-at"), language: document.documentElement.lang }); }, 30000);
  }
  navigator.serviceWorker.addEventListener("message", function (event) {
    if (event.data.age && banner) banner.querySelector("[data-age]").textContent = event.data.age;
    if (event.data.pages) list(event.data.pages);
    if (event.data.go) location.href = event.data.go;
  });

  // The offline page lists what there is to read.
  var kept = document.querySelector("[data-kept-pages]");
  if (kept) tell({ pages: true, language: document.documentElement.lang });
  function list(pages) {
    if (!kept) return;
    kept.replaceChildren.apply(kept, pages.map(function (page) {
      var line = document.createElement("li");
      line.className = "issue-line";
      var link = document.createElement("a");
      link.className = "issue-title";
      link.href = page.url;
      link.textContent = page.title;
      var age = document.createElement("p");
      age.className = "issue-meta";
      age.textContent = page.age;
      line.append(link, age);
      return line;
    }));
  }
})();
