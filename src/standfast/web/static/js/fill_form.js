// A button with data-fill-form="ID" writes its data-fill-NAME values into that form's fields.
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-fill-form]");
    if (!button) return;
    var form = document.getElementById(button.getAttribute("data-fill-form"));
    Array.prototype.forEach.call(button.attributes, function (attribute) {
      var name = attribute.name.replace("data-fill-", "");
      if (name !== attribute.name && form.elements[name]) form.elements[name].value = attribute.value;
    });
    form.querySelector("[type=submit]").focus();
  });
})();
