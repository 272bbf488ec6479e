/* The conversation inside the widget's frame. Its key lives in this page only; no request carries a cookie. */
(function () {
  "use strict";
  var root = document.body.dataset.api.replace(/ask$/, "");
  var words = document.getElementById("words").dataset;
  var talk = document.getElementById("talk");
  var handover = document.getElementById("handover");
  var conversation = "";
  var shown = 0;

  function post(operation, body) {
    return fetch(root + operation, {
      method: "POST",
      credentials: "omit",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body)
    }).then(function (response) {
      return response.json().then(function (data) {
        if (!response.ok) throw new Error(data.message || words.failed);
        return data;
      });
    });
  }
  function element(name, text, kind) {
    var found = document.createElement(name);
    if (text) found.textContent = text;
    if (kind) found.className = kind;
    return found;
  }
  function outward(text, address) {
    var link = element("a", text, "source");
    link.href = address;
    link.target = "_blank";
    link.rel = "noopener";
    return link;
  }
  function turn(speaker) {
    var item = element("li", "", "turn turn-" + speaker);
    item.appendChild(element("p", words[speaker], "who"));
    talk.appendChild(item);
    return item;
  }
  function say(speaker, text) {
    turn(speaker).appendChild(element("p", text));
  }
  function failed(fault) {
    talk.appendChild(element("li", fault instanceof TypeError ? words.failed : fault.message, "message message-error"));
  }

  function choices(item, answer) {
    if (!answer.choices.length) return;
    var row = element("p", "", "choices");
    answer.choices.forEach(function (choice) {
      var button = element("button", choice.name, "button");
      button.addEventListener("click", function () { ask(choice.name, choice.matter); });
      row.appendChild(button);
    });
    item.appendChild(row);
  }
  function lines(item, answer) {
    if (!answer.sentences.length) return;
    var list = element("ul", "", "answer-lines");
    answer.sentences.forEach(function (sentence) {
      var line = element("li", "", sentence.asked ? "asked" : "");
      line.appendChild(element("strong", sentence.label));
      line.append("：" + sentence.text + " ");
      line.appendChild(outward(words.source + " v" + sentence.version + " " + sentence.effective_from, sentence.url));
      list.appendChild(line);
    });
    item.appendChild(list);
  }
  function feedback(item, number) {
    var form = document.getElementById("feedback").content.firstElementChild.cloneNode(true);
    form.addEventListener("submit", function (event) {
      event.preventDefault();
      var body = { conversation: conversation, turn: number, reason: form.querySelector("select").value };
      post("feedback", body).then(function () {
        form.replaceWith(element("p", words.thanks, "note"));
      }).catch(failed);
    });
    item.appendChild(form);
  }
  function show(answer) {
    var item = turn("assistant");
    if (answer.notice) item.appendChild(element("p", answer.notice));
    answer.links.forEach(function (link) { item.appendChild(outward(link.label, link.url)); });
    if (answer.name) item.appendChild(element("h2", answer.name));
    if (answer.reworded) {
      var section = document.getElementById("rewording").content.firstElementChild.cloneNode(true);
      item.appendChild(section);
      window.hongtuRewording.fill(section, root + "rewording", { conversation: conversation, turn: answer.turn });
    }
    lines(item, answer);
    if (answer.missing_labels.length) {
      item.appendChild(element("p", words.missing + "：" + answer.missing_labels.join("、"), "message message-warning"));
    }
    choices(item, answer);
    feedback(item, answer.turn);
    shown = answer.turn;
    handover.hidden = false;
    item.scrollIntoView({ block: "start" });
  }
  function ask(question, choice) {
    say("asker", question);
    var body = { question: choice ? "" : question, conversation: conversation, choice: choice || "" };
    post("ask", body).then(function (answer) {
      conversation = answer.conversation;
      show(answer);
    }).catch(failed);
  }
  function look() {
    return post("conversation", { conversation: conversation }).then(function (found) {
      found.turns.forEach(function (said) {
        if (said.number > shown && said.speaker === "helper") say("helper", said.text);
        shown = Math.max(shown, said.number);
      });
    }).catch(failed);
  }

  document.getElementById("ask").addEventListener("submit", function (event) {
    event.preventDefault();
    var box = document.getElementById("question");
    if (box.value.trim()) ask(box.value.trim(), "");
    box.value = "";
  });
  handover.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    var contact = document.getElementById("contact").value;
    post("handover", { conversation: conversation, contact: contact }).then(function (made) {
      var item = element("li", words.handed + made.due_at.slice(0, 16).replace("T", " "), "message message-info");
      var button = element("button", words.refresh, "button");
      button.addEventListener("click", look);
      item.append(" ", button);
      talk.appendChild(item);
      handover.open = false;
    }).catch(failed);
  });
})();
