// Choosing components for a form. What is saved is the field of keys: a button with data-toggle-key
// writes its key there or takes it out, and the picker is asked anew because the field has changed.
(function () {
  "use strict";
  var field = document.querySelector("[data-keys]");
  if (!field) return;

  // The picker does its work; whoever would rather type unfolds the field.
  var fold = field.closest("details");
  if (!fold.classList.contains("has-error")) fold.open = false;

  function write(text) {
    field.value = text;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function toggle(key) {
    var keys = field.value.split(/[\s,;、，；]+/).filter(Boolean);
    var rest = keys.filter(function (each) { return each !== key; });
    if (rest.length === keys.length) rest.push(key);
    write(rest.join("\n"));
  }

  // Captured: the words are gone before the button that opens a component asks for it.
  var pressed = null;
  document.addEventListener("click", function (event) {
    var button = event.target.closest(".parts button");
    if (!button) return;
    pressed = button;
    if (button.hasAttribute("data-drop-words")) document.getElementById("parts-q").value = "";
    if (button.hasAttribute("data-toggle-key")) toggle(button.getAttribute("data-toggle-key"));
    if (button.hasAttribute("data-drop-keys")) write("");
  }, true);

  // A chip that was pressed is gone: the keyboard goes on from where it stood.
  document.body.addEventListener("htmx:afterSettle", function () {
    if (!pressed || pressed.isConnected) return;
    if (document.activeElement === document.body) document.getElementById("parts-chosen").focus({ preventScroll: true });
    pressed = null;
  });
})();
