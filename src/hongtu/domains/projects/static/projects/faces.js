/* The conflict map: ground of every face on the day of the slider, for the plan and each alternative.
   Two parties on the same ground on one day are drawn in red and said in words beside the map. */
(function () {
  "use strict";
  var LOOKS = [
    { colour: "#0b5cad", dash: null },
    { colour: "#7a3e9d", dash: "8 5" },
    { colour: "#1e7d45", dash: "2 4" },
    { colour: "#9a5200", dash: "12 3 2 3" },
  ];
  var LATE = "#c4281c";
  var DAY = 86400000;

  function ordinal(text) { return Math.round(Date.parse(text + "T00:00:00Z") / DAY); }
  function isodate(number) { return new Date(number * DAY).toISOString().slice(0, 10); }

  function layerOf(part, face, style) {
    var L = window.L;
    if (!part.ground) return null;
    return L.geoJSON({ type: "Feature", geometry: part.ground }, {
      style: style,
      pointToLayer: function (_feature, at) { return L.circle(at, Object.assign({ radius: face.radius || 5 }, style)); },
    });
  }

  function start(box) {
    var data = JSON.parse(document.getElementById(box.dataset.faces).textContent);
    var say = box.querySelector("[data-say]").dataset;
    var slider = box.querySelector("input[type=range]");
    var faces = {};
    data.faces.forEach(function (face) { faces[face.code] = face; });
    data.plans.forEach(function (plan) {
      plan.parts.forEach(function (part) { part.from = ordinal(part.start); part.to = ordinal(part.finish); });
      plan.conflicts.forEach(function (row) { row.from = ordinal(row.start); row.to = ordinal(row.finish); });
    });
    box.hidden = false;
    var view = window.hongtuMap.create(box.querySelector(".map"), { tiles: "", outline: null });
    var shown = window.L.layerGroup().addTo(view.map);
    var plan = data.plans[0];
    var timer = null;

    /* Work faces are metres wide and a district is not: begin at those in conflict, else at all of them. */
    function fit() {
      var all = window.L.featureGroup();
      var wanted = {};
      data.plans.forEach(function (each) {
        each.conflicts.forEach(function (row) { row.spaces.forEach(function (code) { wanted[code] = true; }); });
      });
      var some = Object.keys(wanted).length > 0;
      data.plans.forEach(function (each) {
        each.parts.forEach(function (part) {
          if (!part.ground || (some && !wanted[part.code])) return;
          all.addLayer(window.L.geoJSON({ type: "Feature", geometry: part.ground }));
        });
      });
      view.map.fitBounds(all.getBounds().pad(some ? 0.35 : 0.15), { maxZoom: 20 });
    }

    function clashing(day) {
      return plan.conflicts.filter(function (row) { return row.from <= day && day <= row.to; });
    }

    function show() {
      var day = ordinal(data.first) + Number(slider.value);
      var clashes = clashing(day);
      var hit = {};
      clashes.forEach(function (row) { row.spaces.forEach(function (code) { hit[code] = true; }); });
      var active = plan.parts.filter(function (part) { return part.from <= day && day <= part.to && part.ground; });
      box.querySelector("[data-day-words]").textContent = isodate(day);
      slider.setAttribute("aria-valuetext", isodate(day) + (clashes.length ? " " + say.conflict : ""));
      shown.clearLayers();
      active.forEach(function (part) {
        var face = faces[part.code];
        var look = LOOKS[face.party % LOOKS.length];
        var layer = layerOf(part, face, {
          color: hit[part.code] ? LATE : look.colour,
          weight: hit[part.code] ? 4 : face.width ? 5 : 2.5,
          dashArray: hit[part.code] ? null : look.dash,
          fillColor: look.colour,
          fillOpacity: face.radius ? 0.06 : 0.22,
        });
        layer.bindTooltip((hit[part.code] ? say.conflict + " · " : "") + (part.place || face.name), {
          sticky: true, className: "face-label",
        });
        shown.addLayer(layer);
      });
      list(active, clashes, hit);
    }

    function list(active, clashes, hit) {
      var words = box.querySelector("[data-conflict-words]");
      words.textContent = clashes.length ? say.clashes.replace("{n}", clashes.length) : say.clear;
      words.className = clashes.length ? "faces-conflict" : "";
      var target = box.querySelector("[data-active]");
      target.textContent = "";
      active.forEach(function (part) {
        var face = faces[part.code];
        var item = document.createElement("li");
        var key = document.createElement("span");
        key.className = "faces-key faces-key-" + (face.party % LOOKS.length);
        key.setAttribute("aria-hidden", "true");
        var text = document.createElement("div");
        text.textContent = face.project + "：" + (part.place || face.name) + "（" + face.kind + "）";
        if (hit[part.code]) {
          var mark = document.createElement("span");
          mark.className = "faces-conflict";
          mark.textContent = " ■ " + say.conflict;
          text.appendChild(mark);
        }
        item.append(key, text);
        target.appendChild(item);
      });
    }

    function choices() {
      var holder = box.querySelector("[data-plans]");
      data.plans.forEach(function (each, number) {
        var label = document.createElement("label");
        var radio = document.createElement("input");
        radio.type = "radio";
        radio.name = "faces-plan";
        radio.value = String(number);
        radio.checked = number === 0;
        radio.addEventListener("change", function () { plan = each; show(); });
        label.append(radio, document.createTextNode(each.label));
        holder.appendChild(label);
      });
    }

    function step(by) {
      slider.value = String(Number(slider.value) + by);
      show();
    }
    function pause() {
      window.clearInterval(timer);
      timer = null;
      play.setAttribute("aria-pressed", "false");
      play.textContent = say.play;
    }
    var play = box.querySelector("button[data-play]");
    play.addEventListener("click", function () {
      if (timer) { pause(); return; }
      if (slider.value === slider.max) slider.value = "0";
      play.setAttribute("aria-pressed", "true");
      play.textContent = say.pause;
      timer = window.setInterval(function () {
        step(1);
        if (slider.value === slider.max) pause();
      }, 350);
    });
    box.querySelector("[data-back]").addEventListener("click", function () { step(-1); });
    box.querySelector("[data-next]").addEventListener("click", function () { step(1); });
    slider.addEventListener("input", show);
    slider.max = String(Math.max(1, ordinal(data.last) - ordinal(data.first)));
    choices();
    fit();
    show();
    if (window.ResizeObserver) {
      new ResizeObserver(function () { view.map.invalidateSize({ animate: false }); }).observe(box.querySelector(".map"));
    }
  }

  document.addEventListener("hongtu:load", function (event) {
    if (!window.L || !window.hongtuMap) return;
    event.detail.querySelectorAll("[data-faces]").forEach(function (box) {
      if (box.dataset.drawn) return;
      box.dataset.drawn = "1";
      start(box);
    });
  });
})();
