/* Sorting and paging swap the rows in place; without scripts the links load the page. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var target = event.target instanceof Element ? event.target.closest("#ledger-rows thead a, #ledger-rows .pagination a") : null;
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
    event.preventDefault();
    window.htmx.ajax("GET", target.href, { target: "#ledger-rows", swap: "outerHTML" });
  });
  /* Back and forward show other rows; a jump inside the page (the skip link) changes the fragment only. */
  function address() { return window.location.pathname + window.location.search; }
  var shown = address();
  function remember() { shown = address(); }
  document.addEventListener("htmx:pushedIntoHistory", remember);
  document.addEventListener("htmx:replacedInHistory", remember);
  window.addEventListener("popstate", function () { if (address() !== shown) window.location.reload(); });
})();
