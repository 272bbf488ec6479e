/* Behaviour every page shares: menus, dialogs, toasts, unfolding, upload lists, HTMX failures.
   Everything here is an improvement; the pages work without it. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("scripted");

  function words() {
    var holder = document.getElementById("ui-words");
    return holder ? JSON.parse(holder.textContent) : {};
  }
  var say = words();
  function fill(text, values) {
    return String(text).replace(/\{(\w+)\}/g, function (whole, name) {
      return name in values ? values[name] : whole;
    });
  }
  function icon(paths) {
    var svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    var path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    path.setAttribute("d", paths);
    path.setAttribute("fill", "none");
    path.setAttribute("stroke", "currentColor");
    path.setAttribute("stroke-width", "1.5");
    svg.appendChild(path);
    return svg;
  }

  /* toasts: announced politely, stay until dismissed when they report a fault */
  function toast(text, kind) {
    var box = document.getElementById("toasts");
    if (!box) return;
    var item = document.createElement("div");
    item.className = "message message-" + (kind || "info");
    var body = document.createElement("div");
    body.textContent = text;
    var close = document.createElement("button");
    close.type = "button";
    close.className = "button button-quiet button-icon";
    close.setAttribute("aria-label", say.dismiss || "");
    close.appendChild(icon("M3.5 3.5L12.5 12.5M12.5 3.5L3.5 12.5"));
    close.addEventListener("click", function () { item.remove(); });
    item.append(body, close);
    box.appendChild(item);
    if (kind !== "error") window.setTimeout(function () { item.remove(); }, 8000);
  }
  window.hongtu = { say: say, fill: fill, toast: toast };

  /* menus: one open at a time, Escape and a click outside close */
  function closeMenus(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) {
      if (menu !== except && !menu.contains(except)) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) {
    var target = event.target instanceof Element ? event.target : root;
    closeMenus(target.closest("details.menu"));
    var toggle = target.closest("[data-toggle]");
    if (toggle) {
      var open = document.getElementById(toggle.dataset.toggle).classList.toggle("open");
      toggle.setAttribute("aria-expanded", String(open));
    }
    var opener = target.closest("[data-opens]");
    if (opener) document.getElementById(opener.dataset.opens).showModal();
    var closer = target.closest("[data-closes]");
    if (closer) closer.closest("dialog").close();
    var bar = target.closest("svg [data-url]");
    if (bar && bar.dataset.url) window.location.assign(bar.dataset.url);
    var unfold = target.closest(".clamp-toggle");
    if (unfold) {
      var now = unfold.previousElementSibling.classList.toggle("open");
      unfold.textContent = now ? say.fold : say.unfold;
      unfold.setAttribute("aria-expanded", String(now));
    }
  });
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Escape") return;
    var menu = document.querySelector("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });

  /* long text in a cell: offer to unfold only where something is cut off */
  function offerUnfolding(within) {
    within.querySelectorAll(".clamp").forEach(function (text) {
      if (text.scrollHeight <= text.clientHeight + 1 || text.nextElementSibling) return;
      var button = document.createElement("button");
      button.type = "button";
      button.className = "clamp-toggle";
      button.textContent = say.unfold;
      button.setAttribute("aria-expanded", "false");
      text.after(button);
    });
  }

  /* uploads: list the files, refuse early what the server would refuse */
  function size(bytes) {
    return bytes < 1048576 ? Math.ceil(bytes / 1024) + " KB" : (bytes / 1048576).toFixed(1) + " MB";
  }
  function listFiles(input) {
    var list = input.closest("[data-upload]").querySelector(".upload-files");
    var limit = Number(input.dataset.maxBytes || 0);
    list.textContent = "";
    Array.prototype.forEach.call(input.files, function (file) {
      var item = document.createElement("li");
      var tooLarge = limit && file.size > limit;
      item.textContent = file.name + " · " + size(file.size);
      if (tooLarge) {
        item.className = "field-error";
        item.textContent = file.name + " · " + fill(say.tooLarge, { size: size(file.size), limit: size(limit) });
      }
      input.setCustomValidity(tooLarge ? item.textContent : "");
      list.appendChild(item);
    });
  }
  function bindUploads(within) {
    within.querySelectorAll("[data-upload]").forEach(function (box) {
      if (box.dataset.bound) return;
      box.dataset.bound = "1";
      var input = box.querySelector("input[type=file]");
      input.addEventListener("change", function () { listFiles(input); });
      ["dragenter", "dragover"].forEach(function (name) {
        box.addEventListener(name, function (event) {
          event.preventDefault();
          box.classList.add("dragging");
        });
      });
      ["dragleave", "drop"].forEach(function (name) {
        box.addEventListener(name, function (event) {
          event.preventDefault();
          box.classList.remove("dragging");
          if (name === "drop" && event.dataTransfer.files.length) {
            input.files = event.dataTransfer.files;
            listFiles(input);
          }
        });
      });
    });
  }

  function enliven(within) {
    offerUnfolding(within);
    bindUploads(within);
    var summary = within.querySelector("[data-focus]");
    if (summary) summary.focus();
    document.dispatchEvent(new CustomEvent("hongtu:load", { detail: within }));
  }
  document.addEventListener("DOMContentLoaded", function () { enliven(document); });
  document.addEventListener("htmx:load", function (event) {
    if (event.target !== document.body) enliven(event.target);
  });
  document.addEventListener("htmx:responseError", function () { toast(say.failed, "error"); });
  document.addEventListener("htmx:sendError", function () { toast(say.offline, "error"); });
  document.addEventListener("hongtu:toast", function (event) {
    toast(event.detail.text || event.detail.value, event.detail.kind);
  });
})();
