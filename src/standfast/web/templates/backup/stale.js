(function () {
  var note = document.getElementById("stale"), due = Date.parse(note.getAttribute("data-stale-after"));
  function look() { note.hidden = Date.now() <= due; }
  look();
  setInterval(look, 15000);
})();
