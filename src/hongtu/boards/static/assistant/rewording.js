/* The language model's rewording of an answer, sentence by sentence as the server has checked it.
   The plain answer stands on the page before and whatever happens; a rewording that fails is taken back. */
(function () {
  "use strict";

  /* read(address, body, hear): POST, then hear(event, data) for each server-sent event. */
  function read(address, body, hear) {
    return fetch(address, {
      method: "POST",
      credentials: body.conversation ? "omit" : "same-origin",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body)
    }).then(function (response) {
      if (!response.ok || !response.body) throw new Error(String(response.status));
      var reader = response.body.getReader();
      var decoder = new TextDecoder();
      var waiting = "";
      function next() {
        return reader.read().then(function (part) {
          waiting += decoder.decode(part.value || new Uint8Array(0), { stream: !part.done });
          var events = waiting.split("\n\n");
          waiting = events.pop();
          events.forEach(function (event) {
            var found = /^event: (\w+)\ndata: (.*)$/.exec(event);
            if (found) hear(found[1], JSON.parse(found[2]));
          });
          if (!part.done) return next();
        });
      }
      return next();
    });
  }

  function line(sentence) {
    var found = document.createElement("p");
    found.textContent = sentence.text;
    sentence.sources.forEach(function (source) {
      var link = document.createElement("a");
      link.className = "source";
      link.href = source.url;
      link.textContent = source.label;
      found.append(" ", link);
    });
    return found;
  }

  /* fill(section, address, body): show the section as soon as a sentence has come, remove it on a fault. */
  function fill(section, address, body) {
    var ended = false;
    return read(address, body, function (event, data) {
      if (event === "sentence") {
        section.querySelector("div").appendChild(line(data));
        section.hidden = false;
      } else if (event === "end") {
        ended = true;
      }
    }).catch(function () { ended = false; }).then(function () {
      if (!ended) section.remove();
    });
  }

  window.hongtuRewording = { fill: fill };
  document.querySelectorAll("[data-rewording]").forEach(function (section) {
    fill(section, section.dataset.rewording, { turn: Number(section.dataset.turn) });
  });
})();
