// Runs before the page is drawn, so that a dark page never flashes white.
(function () {
  "use strict";
  var key = "standfast-theme";
  var root = document.documentElement;
  function wanted() {
    try {
      var kept = localStorage.getItem(key);
      if (kept === "light" || kept === "dark") return kept;
    } catch (error) { /* storage is off: follow the system */ }
    return window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  }
  root.setAttribute("data-bs-theme", wanted());
  root.classList.add("has-script");
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) return;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    root.setAttribute("data-bs-theme", next);
    try { localStorage.setItem(key, next); } catch (error) { /* not kept: fine */ }
  });
})();
