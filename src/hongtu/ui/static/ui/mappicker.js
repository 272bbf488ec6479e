/* Sets a position on the map: a point, or the corners of a line or an area. The two number fields (or
   the text field of corners) stay the source of truth, so that the form works by keyboard and without
   this script. The map shows WGS84; while another coordinate system is chosen the fields are typed. */
(function () {
  "use strict";

  function corners(text) {
    return text.split(/[;；\n]+/).map(function (pair) {
      return pair.split(/[,，\s]+/).filter(Boolean).map(Number);
    }).filter(function (pair) {
      return pair.length === 2 && isFinite(pair[0]) && isFinite(pair[1]);
    });
  }
  function written(latlng) {
    return latlng.lng.toFixed(6) + "," + latlng.lat.toFixed(6);
  }

  function bind(box) {
    if (box.dataset.drawn) return;
    box.dataset.drawn = "1";
    var L = window.L;
    var data = JSON.parse(document.getElementById(box.dataset.picker).textContent);
    var element = box.querySelector(".map");
    element.hidden = false;
    var view = window.hongtuMap.create(element, data);
    var input = box.querySelector("[data-corners]");
    var system = box.querySelector("[data-system]");
    var kind = box.querySelector("[data-kind]");
    var undo = box.querySelector("[data-undo]");
    var said = box.querySelector("[aria-live]");
    var drawn = L.layerGroup().addTo(view.map);
    if (view.extent.isValid()) view.map.fitBounds(view.extent, { padding: [8, 8] });
    else view.map.setView([28.68, 115.86], 11);

    function shape() {
      return kind ? kind.value : "point";
    }
    function redraw(move) {
      drawn.clearLayers();
      var typed = system && system.value !== "wgs84";
      element.classList.toggle("map-typed", Boolean(typed));
      if (typed) return;
      var at = corners(input.value).map(function (pair) { return L.latLng(pair[1], pair[0]); });
      if (shape() === "area" && at.length > 2) drawn.addLayer(L.polygon(at, { color: "#0b5cad", weight: 2 }));
      else if (shape() !== "point" && at.length > 1) drawn.addLayer(L.polyline(at, { color: "#0b5cad", weight: 3 }));
      at.forEach(function (latlng, index) {
        var pin = L.marker(latlng, {
          draggable: true,
          keyboard: true,
          icon: L.divIcon({
            className: "map-pin",
            iconSize: [24, 24],
            iconAnchor: shape() === "point" ? [12, 23] : [12, 12],
            html: shape() === "point"
              ? '<svg viewBox="0 0 24 24"><path fill="#0b5cad" stroke="#fff" stroke-width="1.5" d="M12 23C7 17 4 13 4 9A8 8 0 1 1 20 9C20 13 17 17 12 23Z"></path><circle cx="12" cy="9" r="3" fill="#fff"></circle></svg>'
              : '<svg viewBox="0 0 24 24"><circle cx="12" cy="12" r="6" fill="#fff" stroke="#0b5cad" stroke-width="3"></circle></svg>',
          }),
        });
        pin.on("add", function () {
          pin.getElement().setAttribute("aria-label", window.hongtu.fill(window.hongtu.say.pin, { n: index + 1 }));
        });
        pin.on("dragend", function () {
          at[index] = pin.getLatLng();
          store(at);
        });
        drawn.addLayer(pin);
      });
      if (move && at.length) view.map.panTo(at[at.length - 1]);
    }
    function store(at) {
      input.value = at.map(written).join("; ");
      input.dispatchEvent(new Event("change", { bubbles: true }));
      redraw(false);
      if (said && at.length) said.textContent = window.hongtu.fill(window.hongtu.say.moved, { place: written(at[at.length - 1]) });
    }
    function add(latlng) {
      if (system && system.value !== "wgs84") return;
      var at = shape() === "point" ? [] : corners(input.value).map(function (pair) { return L.latLng(pair[1], pair[0]); });
      at.push(latlng);
      store(at);
    }
    view.map.on("click", function (event) { add(event.latlng); });
    element.addEventListener("keydown", function (event) {
      /* Enter on the map itself sets the position at its middle; arrows move the map. */
      if (event.key !== "Enter" || event.target !== element) return;
      event.preventDefault();
      add(view.map.getCenter());
    });
    input.addEventListener("input", function () { redraw(true); });
    if (system) system.addEventListener("change", function () { redraw(true); });
    if (kind) kind.addEventListener("change", function () { redraw(false); });
    if (undo) {
      undo.hidden = false;
      undo.addEventListener("click", function () {
        store(corners(input.value).slice(0, -1).map(function (pair) { return L.latLng(pair[1], pair[0]); }));
      });
    }
    var here = box.querySelector("[data-here]");
    if (here && navigator.geolocation) {
      here.hidden = false;
      here.addEventListener("click", function () {
        said.textContent = here.dataset.asking;
        navigator.geolocation.getCurrentPosition(function (found) {
          if (system && system.value !== "wgs84") system.value = "wgs84"; // what satellites give
          add(L.latLng(found.coords.latitude, found.coords.longitude));
          view.map.setView([found.coords.latitude, found.coords.longitude], Math.max(view.map.getZoom(), 15));
        }, function () {
          said.textContent = here.dataset.refused;
        }, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
      });
    }
    redraw(true);
    var given = corners(input.value).map(function (pair) { return L.latLng(pair[1], pair[0]); });
    if (given.length > 1 && !(system && system.value !== "wgs84")) {
      view.map.fitBounds(L.latLngBounds(given).pad(0.6), { maxZoom: 19 });
    }
  }

  document.addEventListener("hongtu:load", function (event) {
    if (window.L && window.hongtuMap) event.detail.querySelectorAll("[data-picker]").forEach(bind);
  });
})();
