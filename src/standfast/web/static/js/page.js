// What every page does: time zone cookie, menus, keyboard, countdowns, relative times.
(function () {
  "use strict";

  // The server shows times in the person's zone; a visitor's browser tells it once.
  var zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && document.cookie.indexOf("standfast_zone=" + zone) < 0) {
    document.cookie = "standfast_zone=" + zone + "; path=/; max-age=31536000; samesite=lax";
  }

  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.removeAttribute("open");
    });
    var copy = event.target.closest("[data-copy]");
    if (copy) navigator.clipboard.writeText(copy.getAttribute("data-copy"));
    var opener = event.target.closest("[data-open-dialog]");
    if (opener) document.getElementById(opener.getAttribute("data-open-dialog")).showModal();
  });

  document.addEventListener("submit", function (event) {
    if (event.submitter && event.submitter.hasAttribute("data-no-confirm")) return;
    var question = event.target.getAttribute("data-confirm");
    if (question && !window.confirm(question)) event.preventDefault();
  });

  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });

  var waitingForGo = false;
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      document.querySelectorAll("details.menu[open]").forEach(function (menu) {
        menu.removeAttribute("open");
        menu.querySelector("summary").focus();
      });
    }
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      var search = document.querySelector("[data-search], input[type=search]");
      if (search) { event.preventDefault(); search.focus(); }
    } else if (event.key === "?") {
      document.getElementById("keyboard-help").showModal();
    } else if (event.key === "h" && waitingForGo) {
      location.href = "/";
    }
    waitingForGo = event.key === "g";
  });

  // The page's language as browsers name it.
  var language = document.documentElement.lang === "zh-hant" ? "zh-Hant" : document.documentElement.lang;

  // <span data-countdown="ISO">: how long until a promise. With units, because a clock time stands beside it.
  var UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  function amount(number, unit, digits) {
    return new Intl.NumberFormat(language, { style: "unit", unit: unit, unitDisplay: "narrow", minimumIntegerDigits: digits }).format(number);
  }
  function span(seconds) {
    var largest = UNITS.findIndex(function (unit) { return seconds >= unit[1]; });
    if (largest < 0 || largest > 2) return amount(Math.max(seconds, 0), "second", 1);
    var unit = UNITS[largest], next = UNITS[largest + 1];
    return amount(Math.floor(seconds / unit[1]), unit[0], 1) + " " + amount(Math.floor(seconds % unit[1] / next[1]), next[0], 2);
  }
  function tick() {
    document.querySelectorAll("[data-countdown]").forEach(function (mark) {
      var left = Math.round((Date.parse(mark.getAttribute("data-countdown")) - Date.now()) / 1000);
      var late = left < 0;
      mark.textContent = (late ? "−" : "") + span(Math.abs(left));
      mark.classList.toggle("is-overdue", late);
      mark.classList.toggle("is-due-soon", !late && left < 60 * Number(mark.getAttribute("data-soon-minutes") || 15));
    });
    setTimeout(tick, 1000);
  }
  tick();

  // On a narrow screen the place where one is may lie beyond the edge of the bar.
  document.querySelectorAll(".tabs").forEach(function (bar) {
    var here = bar.querySelector("[aria-current]");
    if (here && here.offsetLeft + here.offsetWidth > bar.clientWidth) bar.scrollLeft = here.offsetLeft - (bar.clientWidth - here.offsetWidth) / 2;
  });

  // Relative times grow old while a page stays open.
  function refreshMoments() {
    var words = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
    document.querySelectorAll("time[data-moment=relative]").forEach(function (mark) {
      var seconds = (Date.parse(mark.dateTime) - Date.now()) / 1000;
      var steps = [["day", 86400], ["hour", 3600], ["minute", 60]];
      for (var i = 0; i < steps.length; i += 1) {
        if (Math.abs(seconds) >= steps[i][1]) {
          mark.textContent = words.format(Math.trunc(seconds / steps[i][1]), steps[i][0]);
          return;
        }
      }
    });
  }
  setInterval(refreshMoments, 30000);

  // A page that follows events is fetched anew, a little later for each reader, when told so.
  function later(what) { return setTimeout(what, 1500 + Math.random() * 8000); }
  function refresh() {
    document.querySelectorAll("[data-refresh-after-event]").forEach(function (part) {
      clearTimeout(part.refreshTimer);
      part.refreshTimer = later(function () { window.htmx.trigger(part, "standfast:refresh"); });
    });
  }
  // Its ticket is over, hours after it was opened: the whole page, with a new one.
  var renewing;
  function renew() {
    var typed = Array.from(document.querySelectorAll("textarea, input[type=text], input[type=search]"));
    if (typed.every(function (field) { return field.value === field.defaultValue; })) location.reload();
    else renewing = later(renew);
  }
  document.body.addEventListener("htmx:sseMessage", function (event) {
    if (event.detail.type !== "renew") refresh();
    else renewing = renewing || later(renew);
  });
  // A browser that comes back by itself says what it heard last; one that was refused for a while,
  // as while the server starts anew, begins afresh and knows of nothing that it missed.
  var refused = false;
  document.body.addEventListener("htmx:sseError", function (event) {
    refused = refused || event.detail.source.readyState === EventSource.CLOSED;
  });
  document.body.addEventListener("htmx:sseOpen", function () {
    if (refused) refresh();
    refused = false;
  });
})();
