/* Sorting and paging swap the rows in place; without scripts the links load the page. */
(function () {
  "use strict";
  document.addEventListener("click", function (event) {
    var target = event.target instanceof Element ? event.target.closest("#ledger-rows thead a, #ledger-rows .pagination a") : null;
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) return;
    event.preventDefault();
    window.htmx.ajax("GET", target.href, { target: "#ledger-rows", swap: "outerHTML" });
  });
  window.addEventListener("popstate", function () { window.location.reload(); });
})();
