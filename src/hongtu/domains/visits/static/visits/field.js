/* Entries written at the spot. Each is kept on the phone first and sent then; what the network does not take
   stays there and is sent again when it is back, under the same key, so that nothing is lost or kept twice.
   What is half written comes back after a reload. Without IndexedDB the forms are ordinary ones. */
(function () {
  "use strict";
  var box = document.getElementById("field-queue");
  if (!box || !window.indexedDB || !window.FormData) return;
  var say = box.dataset, busy = false;

  function open() {
    return new Promise(function (resolve, reject) {
      var asked = indexedDB.open("hongtu-visits", 1);
      asked.onupgradeneeded = function () { asked.result.createObjectStore("entries", { keyPath: "key" }); };
      asked.onsuccess = function () { resolve(asked.result); };
      asked.onerror = function () { reject(asked.error); };
    });
  }
  function inStore(mode, work) {
    return open().then(function (base) {
      return new Promise(function (resolve, reject) {
        var change = base.transaction("entries", mode), asked = work(change.objectStore("entries"));
        change.oncomplete = function () { base.close(); resolve(asked.result); };
        change.onabort = change.onerror = function () { base.close(); reject(change.error); };
      });
    });
  }
  function entries() {
    return inStore("readonly", function (store) { return store.getAll(); }).then(function (all) {
      return all.filter(function (entry) { return entry.person === say.person; });
    });
  }
  function keep(entry) { return inStore("readwrite", function (store) { return store.put(entry); }); }
  function drop(key) { return inStore("readwrite", function (store) { return store.delete(key); }); }

  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (_all, name) { return values[name]; });
  }
  function show(all, problem) {
    box.hidden = !all.length && !problem;
    box.textContent = "";
    var words = document.createElement("p");
    words.textContent = problem || fill(say.kept, { count: all.length });
    box.appendChild(words);
    var list = document.createElement("ul");
    all.forEach(function (entry) {
      var item = document.createElement("li");
      item.textContent = entry.title + (entry.fault ? " · " + entry.fault + " " : "");
      if (entry.fault) item.appendChild(button(say.back, function () { putBack(entry); }));
      list.appendChild(item);
    });
    if (all.length) box.appendChild(list);
    if (all.length) box.appendChild(button(say.again, function () { flush(true); }));
  }
  function button(words, what) {
    var made = document.createElement("button");
    made.type = "button";
    made.className = "button";
    made.textContent = words;
    made.addEventListener("click", what);
    return made;
  }
  /* what the server refused later goes back into its form, to be put right there (photos are chosen anew) */
  function putBack(entry) {
    var texts = {};
    entry.fields.forEach(function (field) { if (typeof field[1] === "string") texts[field[0]] = field[1]; });
    window.localStorage.setItem("hongtu:visit:" + say.person + ":" + entry.form, JSON.stringify(texts));
    drop(entry.key).then(function () { window.location.assign(entry.page); window.location.reload(); });
  }

  function token() { return document.querySelector("[name=csrfmiddlewaretoken]").value; }
  /* "sent", "refused" (the server found something wrong), "login", or a rejection when there is no network */
  function send(entry) {
    var body = new FormData();
    entry.fields.forEach(function (field) { body.append(field[0], field[1]); });
    var wait = new AbortController();
    var clock = window.setTimeout(function () { wait.abort(); }, 60000);
    return fetch(entry.url, {
      method: "POST", body: body, credentials: "same-origin", redirect: "manual", signal: wait.signal,
      headers: { "X-CSRFToken": token(), "X-Requested-With": "XMLHttpRequest" }
    }).then(function (answer) {
      window.clearTimeout(clock);
      if (answer.status === 204) return "sent";
      if (answer.type === "opaqueredirect" || answer.status === 401 || answer.status === 403) return "login";
      if (answer.status >= 400 && answer.status < 500) return "refused";
      throw new Error(String(answer.status));
    }, function (fault) { window.clearTimeout(clock); throw fault; });
  }
  function flush(asked) {
    if (busy) return Promise.resolve(0);
    busy = true;
    var sent = 0, problem = "";
    return entries().then(function (all) {
      return all.reduce(function (before, entry) {
        return before.then(function () {
          if (problem) return null;
          return send(entry).then(function (outcome) {
            if (outcome === "sent") { sent += 1; return drop(entry.key); }
            if (outcome === "login") { problem = say.login; return null; }
            entry.fault = say.refused;
            return keep(entry);
          }, function () { problem = say.offline; });
        });
      }, Promise.resolve());
    }).then(entries).then(function (left) {
      busy = false;
      if (sent) { window.location.reload(); return sent; }
      show(left, left.length && (asked || problem) ? problem : "");
      return sent;
    });
  }

  function fields(form) {
    var found = [];
    new FormData(form).forEach(function (value, name) {
      if (name === "csrfmiddlewaretoken" || (value instanceof File && !value.size)) return;
      found.push([name, value]);
    });
    return found;
  }
  function draft(form) { return "hongtu:visit:" + say.person + ":" + form.dataset.field; }
  function each(form, what) {
    Array.prototype.forEach.call(form.elements, function (input) {
      if (input.name && ["hidden", "file", "submit", "button"].indexOf(input.type) < 0) what(input);
    });
  }
  function bind(form) {
    var kept = JSON.parse(window.localStorage.getItem(draft(form)) || "null");
    if (kept) {
      each(form, function (input) {
        if (!(input.name in kept)) return;
        if (input.type === "radio" || input.type === "checkbox") input.checked = kept[input.name] === input.value;
        else if (!input.value) input.value = kept[input.name];
      });
    }
    form.addEventListener("input", function () {
      var now = {};
      each(form, function (input) {
        if ((input.type === "radio" || input.type === "checkbox") && !input.checked) return;
        now[input.name] = input.value;
      });
      window.localStorage.setItem(draft(form), JSON.stringify(now));
    });
    form.addEventListener("submit", function (event) {
      if (form.dataset.plain) return;
      event.preventDefault();
      var title = form.querySelector("[name=name]") || form.querySelector("textarea");
      var key = form.querySelector("[name=client_key]");
      var entry = {
        key: key ? key.value : form.dataset.field, url: form.action.split("#")[0], person: say.person,
        form: form.dataset.field, page: window.location.pathname + "#" + form.id,
        title: title.value.slice(0, 60), fields: fields(form), fault: ""
      };
      keep(entry).then(function () { return send(entry); }).then(function (outcome) {
        if (outcome === "login") { show([entry], say.login); return null; }
        return drop(entry.key).then(function () {
          if (outcome === "sent") {
            window.localStorage.removeItem(draft(form));
            window.location.assign(form.dataset.next);
            if (form.dataset.next.split("#")[0] === window.location.pathname) window.location.reload();
          } else {
            form.dataset.plain = "1"; /* let the server say on the page what is wrong */
            form.submit();
          }
        });
      }, function () {
        window.localStorage.removeItem(draft(form));
        form.reset();
        if (key) key.value = newKey();
        entries().then(function (all) { show(all, ""); box.focus(); });
      });
    });
  }
  function newKey() {
    var bytes = window.crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    var hex = Array.prototype.map.call(bytes, function (b) { return ("0" + b.toString(16)).slice(-2); }).join("");
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
  }

  /* Quick entry: only what the chosen way of dealing with it needs. */
  function narrow(form) {
    var chosen = form.querySelector("[name=disposal]:checked");
    if (!chosen) return;
    var wanted = { solution: "solved", confirmed_by: "solved", unit: "listed" };
    Object.keys(wanted).forEach(function (name) {
      var field = form.querySelector("[name=" + name + "]").closest(".field");
      if (field) field.hidden = wanted[name] !== chosen.value;
    });
  }
  document.querySelectorAll("form[data-field]").forEach(function (form) {
    bind(form);
    narrow(form);
    form.addEventListener("change", function () { narrow(form); });
  });
  window.addEventListener("online", function () { flush(false); });
  window.addEventListener("offline", function () {
    entries().then(function (all) { show(all, fill(say.gone, { count: all.length })); });
  });
  window.setInterval(function () { if (!box.hidden && navigator.onLine) flush(false); }, 30000);
  flush(false);
})();
