/* Moving a step on a chain chart: dragging a bar moves both dates, dragging its right end the finish.
   Nothing is saved by dragging: the dialog named by data-dialog opens with the new dates filled in, so
   that a reason is given and the server decides. The dialog's fields are marked data-chain-field=
   "key", "start", "finish". By keyboard the same dates are edited in the table. */
(function () {
  "use strict";
  var EDGE = 7;
  var DAY = 86400000;

  function shifted(iso, days) {
    return new Date(Date.parse(iso + "T00:00:00Z") + days * DAY).toISOString().slice(0, 10);
  }
  function fill(dialog, values) {
    dialog.querySelectorAll("[data-chain-field]").forEach(function (field) {
      field.value = values[field.dataset.chainField];
    });
    /* A script that shows what the dates would do listens to the dialog's fields. */
    var first = dialog.querySelector("[data-chain-field]");
    if (first) first.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function bind(box) {
    if (box.dataset.draggable) return;
    box.dataset.draggable = "1";
    var days = Number(box.dataset.days);
    var move = null;

    box.addEventListener("pointerdown", function (event) {
      var bar = event.target.closest("g[data-start]");
      if (!bar || event.button !== 0) return;
      var svg = bar.closest("svg.chain-row");
      move = {
        bar: bar,
        from: event.clientX,
        perDay: svg.getBoundingClientRect().width / days,
        finishOnly: bar.getBoundingClientRect().right - event.clientX < EDGE,
        days: 0,
      };
    });
    box.addEventListener("pointermove", function (event) {
      if (!move) return;
      var least = move.finishOnly ? (Date.parse(move.bar.dataset.start) - Date.parse(move.bar.dataset.finish)) / DAY : -Infinity;
      move.days = Math.max(least, Math.round((event.clientX - move.from) / move.perDay));
      /* Captured only now: a mere click must still reach the bar and follow its address. */
      if (move.days) box.setPointerCapture(event.pointerId);
      var pixels = move.days * move.perDay;
      if (move.finishOnly) {
        move.bar.classList.toggle("stretching", move.days !== 0);
      } else {
        move.bar.setAttribute("transform", "translate(" + pixels + " 0)");
      }
    });
    function done(commit) {
      if (!move) return;
      var bar = move.bar;
      var by = move.days;
      var finishOnly = move.finishOnly;
      bar.removeAttribute("transform");
      bar.classList.remove("stretching");
      move = null;
      if (!commit || !by) return;
      var values = {
        key: bar.dataset.step,
        start: finishOnly ? bar.dataset.start : shifted(bar.dataset.start, by),
        finish: shifted(bar.dataset.finish, by),
      };
      bar.dispatchEvent(new CustomEvent("hongtu:chain-move", { bubbles: true, detail: values }));
      var dialog = document.getElementById(box.dataset.dialog);
      if (dialog) {
        fill(dialog, values);
        dialog.showModal();
      }
    }
    box.addEventListener("pointerup", function () { done(true); });
    box.addEventListener("pointercancel", function () { done(false); });
    document.addEventListener("keydown", function (event) {
      if (event.key === "Escape") done(false);
    });
  }

  document.addEventListener("hongtu:load", function (event) {
    event.detail.querySelectorAll(".chain-box[data-dialog]").forEach(bind);
  });
})();
