// Push to this device: asks for permission only when somebody clicks, and shows the true state.
(function () {
  "use strict";
  var part = document.querySelector("[data-push]");
  if (!part) return;
  var known = part.getAttribute("data-known").split(" ");
  // A visitor has no account that knows the device, so the browser remembers it.
  var remember = part.getAttribute("data-remember");
  if (remember) { try { known = [localStorage.getItem(remember)]; } catch (error) { known = []; } }
  function keepInMind() {
    if (remember) { try { localStorage.setItem(remember, known[known.length - 1] || ""); } catch (error) { /* not kept: asked again */ } }
  }
  var problem = part.querySelector("[data-push-problem]");

  function show(state) {
    part.querySelectorAll("[data-state]").forEach(function (each) {
      each.hidden = each.getAttribute("data-state") !== state;
    });
  }
  function fail(words) {
    problem.hidden = false;
    problem.querySelector("span").textContent = words || "";
    problem.querySelector("[data-general]").hidden = Boolean(words);
    refresh();
  }

  var apple = /iPad|iPhone|iPod/.test(navigator.userAgent) || (navigator.platform === "MacIntel" && navigator.maxTouchPoints > 1);
  var installed = window.matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
  if (!("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) {
    show(apple && !installed ? "install" : "unsupported");
    return;
  }

  function registration() { return navigator.serviceWorker.ready; }
  function subscription() {
    return registration().then(function (found) { return found.pushManager.getSubscription(); });
  }
  function hash(text) {
    return crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)).then(function (bytes) {
      return Array.from(new Uint8Array(bytes), function (byte) { return byte.toString(16).padStart(2, "0"); }).join("");
    });
  }
  function refresh() {
    if (Notification.permission === "denied") return show("denied");
    return subscription().then(function (found) {
      if (!found) return show("off");
      return hash(found.endpoint).then(function (mine) { show(known.indexOf(mine) < 0 ? "off" : "on"); });
    }).catch(function () { show("unsupported"); });
  }
  function send(address, body) {
    return fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRFToken": JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "" },
      body: JSON.stringify(body)
    }).then(function (answer) {
      if (answer.ok) return;
      return answer.json().then(function (told) { throw new Refused(told.error.message); }, function () { throw new Error("no answer"); });
    });
  }
  function Refused(words) { this.words = words; }

  part.querySelector("[data-push-on]").addEventListener("click", function () {
    problem.hidden = true;
    Notification.requestPermission().then(function (answer) {
      if (answer !== "granted") return refresh();
      show("working");
      return registration().then(function (found) {
        return found.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: part.getAttribute("data-vapid") });
      }).then(function (made) {
        return send(part.getAttribute("data-keep"), { device: made.toJSON() }).then(function () { return hash(made.endpoint); });
      }).then(function (mine) { known.push(mine); keepInMind(); refresh(); });
    }).catch(function (error) { fail(error.words); });
  });

  part.querySelector("[data-push-off]").addEventListener("click", function () {
    problem.hidden = true;
    show("working");
    subscription().then(function (found) {
      return found && send(part.getAttribute("data-forget"), { address: found.endpoint }).then(function () { return hash(found.endpoint); });
    }).then(function (mine) {
      known = known.filter(function (each) { return each !== mine; });
      keepInMind();
      refresh();
    }).catch(function (error) { fail(error.words); });
  });

  show("working");
  refresh();
})();
