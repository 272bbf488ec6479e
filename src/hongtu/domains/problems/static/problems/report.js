/* The report in three steps. Without this script the same form is one page with three headed parts. */
(function () {
  "use strict";
  var form = document.querySelector("[data-steps]");
  if (!form) return;
  var steps = Array.prototype.slice.call(form.querySelectorAll(".report-step"));
  var progress = form.querySelector(".report-progress");
  var marks = Array.prototype.slice.call(progress.children);
  var at = Math.max(0, steps.findIndex(function (step) { return step.hasAttribute("data-faulty"); }));

  function show(index, focus) {
    at = index;
    steps.forEach(function (step, number) { step.hidden = number !== at; });
    marks.forEach(function (mark, number) {
      mark.classList.toggle("done", number < at);
      if (number === at) mark.setAttribute("aria-current", "step");
      else mark.removeAttribute("aria-current");
    });
    if (focus) {
      steps[at].querySelector("legend").focus();
      window.scrollTo(0, 0);
    }
    window.dispatchEvent(new Event("resize")); // a map that was hidden has no size yet
  }
  function whole(step) {
    return Array.prototype.slice.call(step.querySelectorAll("input, select, textarea")).every(function (field) {
      return field.checkValidity() || (field.reportValidity(), false);
    });
  }
  steps.forEach(function (step, index) {
    var back = step.querySelector("[data-back]");
    var next = step.querySelector("[data-next]");
    back.hidden = index === 0;
    next.hidden = index === steps.length - 1;
    back.addEventListener("click", function () { show(index - 1, true); });
    next.addEventListener("click", function () { if (whole(step)) show(index + 1, true); });
  });
  form.addEventListener("submit", function (event) {
    var faulty = steps.findIndex(function (step) { return step.querySelector(":invalid"); });
    if (faulty >= 0) {
      event.preventDefault();
      show(faulty, false);
      whole(steps[faulty]);
    }
  });
  progress.hidden = false;
  show(at, false);
})();
