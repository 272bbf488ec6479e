/* Maps: sites as shapes with colour, a light clustering by cells, outline of the district, popups.
   Data stand in the page as JSON; window.hongtuMap offers the parts to mappicker.js. */
(function () {
  "use strict";
  /* Marks grow with the text: large type, and the big screen, where a rem is wider. */
  var SCALE = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;
  var APART = 44 * SCALE;
  var WORST = ["late", "warning", "normal", "not_due", "excused", "done"];

  function shapeIcon(looks, status, count) {
    var look = looks[status];
    var label = count ? '<span class="map-count">' + count + "</span>" : "";
    return window.L.divIcon({
      className: "map-mark" + (count ? " map-cluster" : ""),
      iconSize: count ? [34 * SCALE, 34 * SCALE] : [24 * SCALE, 24 * SCALE],
      html:
        '<svg viewBox="-3 -3 16 16" aria-hidden="true"><path fill="#fff" stroke="#fff" stroke-width="4" ' +
        'stroke-linejoin="round" d="' + look.path + '"></path><path fill-rule="evenodd" fill="' + look.colour +
        '" d="' + look.path + '"></path></svg>' + label,
    });
  }

  function popup(feature, looks) {
    var box = document.createElement("div");
    box.className = "map-popup";
    var name = document.createElement(feature.url ? "a" : "strong");
    name.textContent = feature.label;
    if (feature.url) name.href = feature.url;
    var state = document.createElement("div");
    state.className = "status status-" + feature.status;
    state.textContent = looks[feature.status].word;
    box.append(name, state);
    if (feature.detail) {
      var detail = document.createElement("div");
      detail.textContent = feature.detail;
      box.appendChild(detail);
    }
    return box;
  }

  function middle(geometry) {
    var layer = window.L.geoJSON({ type: "Feature", geometry: geometry });
    return layer.getBounds().getCenter();
  }

  function create(element, data) {
    var L = window.L;
    var map = L.map(element, {
      zoomControl: false,
      attributionControl: Boolean(data.tiles),
      preferCanvas: false,
      zoomSnap: 0.25,
      wheelPxPerZoomLevel: 120,
      fadeAnimation: false,
      zoomAnimation: !window.matchMedia("(prefers-reduced-motion: reduce)").matches,
    });
    L.control.zoom({ zoomInTitle: window.hongtu.say.zoomIn, zoomOutTitle: window.hongtu.say.zoomOut }).addTo(map);
    if (data.tiles) L.tileLayer(data.tiles, { maxZoom: 18 }).addTo(map);
    var extent = L.latLngBounds([]);
    if (data.outline) {
      var outline = L.geoJSON(data.outline, {
        interactive: false,
        style: { color: "#7d9cc0", weight: 1.25, fillColor: "#d9e7f5", fillOpacity: data.tiles ? 0.15 : 0.8 },
      }).addTo(map);
      if (!data.numbered) extent.extend(outline.getBounds());
    }
    return { map: map, extent: extent };
  }

  function addShape(view, feature, looks) {
    var colour = looks[feature.status].colour;
    window.L.geoJSON({ type: "Feature", geometry: feature.geometry }, {
      style: { color: colour, weight: 3, fillOpacity: 0.15, dashArray: feature.status === "normal" ? null : "6 4" },
    }).bindPopup(popup(feature, looks)).addTo(view.map);
  }

  function labelled(marker, text) {
    marker.on("add", function () {
      var element = marker.getElement();
      element.setAttribute("aria-label", text);
      element.setAttribute("role", "button");
    });
    return marker;
  }

  /* Each point joins the first group within APART pixels; a grid of cells keeps that search short. */
  function groups(points, cells) {
    var found = [];
    points.forEach(function (point) {
      var column = Math.floor(point.pixel.x / APART);
      var row = Math.floor(point.pixel.y / APART);
      var home = null;
      for (var dx = -1; dx <= 1 && !home; dx += 1) {
        for (var dy = -1; dy <= 1 && !home; dy += 1) {
          home = (cells[column + dx + ":" + (row + dy)] || []).filter(near)[0];
        }
      }
      function near(group) {
        return group[0].pixel.distanceTo(point.pixel) < APART;
      }
      if (home) {
        home.push(point);
        return;
      }
      home = [point];
      found.push(home);
      (cells[column + ":" + row] = cells[column + ":" + row] || []).push(home);
    });
    return found;
  }

  function cluster(view, points, looks) {
    var L = window.L;
    var layer = L.layerGroup().addTo(view.map);
    function single(point) {
      var text = point.feature.label + "，" + looks[point.feature.status].word;
      return labelled(L.marker(point.at, { icon: shapeIcon(looks, point.feature.status), title: text }), text)
        .bindPopup(popup(point.feature, looks));
    }
    /* At the place of its first member, so that two marks are never nearer than APART pixels. */
    function bundle(points) {
      var worst = WORST.filter(function (key) {
        return points.some(function (point) { return point.feature.status === key; });
      })[0];
      var box = L.latLngBounds(points.map(function (point) { return point.at; }));
      var text = window.hongtu.fill(window.hongtu.say.cluster, { n: points.length });
      return labelled(
        L.marker(points[0].at, { icon: shapeIcon(looks, worst, points.length), title: text }),
        text
      ).on("click keypress", function (event) {
        if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
        view.map.fitBounds(box.pad(0.2), { maxZoom: Math.max(view.map.getZoom() + 2, 15) });
      });
    }
    function redraw() {
      layer.clearLayers();
      var zoom = view.map.getZoom();
      var cells = {};
      groups(points.map(function (point) {
        return { feature: point.feature, at: point.at, pixel: view.map.project(point.at, zoom) };
      }), cells).forEach(function (inside) {
        if (inside.length === 1 || zoom >= 17) inside.forEach(function (point) { layer.addLayer(single(point)); });
        else layer.addLayer(bundle(inside));
      });
    }
    view.map.on("zoomend", redraw);
    redraw();
  }

  /* A mark that another one is in the way of stands beside it, so that each can be read and tapped. */
  function number(view, points, looks) {
    var layer = window.L.layerGroup().addTo(view.map);
    function redraw() {
      var zoom = view.map.getZoom();
      var taken = [];
      layer.clearLayers();
      points.forEach(function (point) {
        var feature = point.feature, text = feature.label + "，" + looks[feature.status].word;
        var icon = shapeIcon(looks, feature.status, feature.key);
        var pixel = view.map.project(point.at, zoom);
        function inTheWay(other) {
          return other.distanceTo(pixel) < APART;
        }
        while (taken.some(inTheWay)) pixel = pixel.add([APART, 0]);
        taken.push(pixel);
        labelled(window.L.marker(view.map.unproject(pixel, zoom), { icon: icon, title: text }), text)
          .bindPopup(popup(feature, looks)).addTo(layer);
      });
    }
    view.map.on("zoomend", redraw);
    redraw();
  }

  function draw(box) {
    if (box.dataset.drawn) return;
    box.dataset.drawn = "1";
    var element = box.querySelector(".map");
    var data = JSON.parse(document.getElementById(box.dataset.map).textContent);
    element.hidden = false;
    var seen = { map: null };
    bindTable(box, element, seen);
    var view = create(element, data);
    seen.map = view.map;
    var points = [];
    var shapes = [];
    data.features.forEach(function (feature) {
      if (feature.geometry.type === "Point") {
        var at = window.L.latLng(feature.geometry.coordinates[1], feature.geometry.coordinates[0]);
        points.push({ at: at, feature: feature });
        if (!data.outline || data.numbered) view.extent.extend(at);
      } else {
        shapes.push(feature);
        if (!data.outline || data.numbered) view.extent.extend(middle(feature.geometry));
      }
    });
    if (view.extent.isValid()) view.map.fitBounds(view.extent, { padding: data.numbered ? [40, 40] : [8, 8], maxZoom: 15 });
    else view.map.setView([28.68, 115.86], 11);
    shapes.forEach(function (feature) { addShape(view, feature, data.looks); });
    if (data.numbered) number(view, points, data.looks);
    else cluster(view, points, data.looks);
    if (window.ResizeObserver) {
      new ResizeObserver(function () { view.map.invalidateSize({ animate: false }); }).observe(element);
    }
  }

  /* Before the map is made: with its table folded away the box has the height it will keep. */
  function bindTable(box, element, seen) {
    var button = box.querySelector("[data-table-toggle]");
    var table = box.querySelector(".chart-table");
    if (!button || !table) return;
    table.hidden = true;
    button.hidden = false;
    button.addEventListener("click", function () {
      var showTable = table.hidden;
      table.hidden = !showTable;
      element.hidden = showTable;
      button.setAttribute("aria-pressed", String(showTable));
      button.querySelector("span").textContent = showTable ? window.hongtu.say.showChart : window.hongtu.say.showTable;
      if (!showTable) seen.map.invalidateSize();
    });
  }

  window.hongtuMap = { create: create, shapeIcon: shapeIcon, middle: middle };
  document.addEventListener("hongtu:load", function (event) {
    if (window.L) event.detail.querySelectorAll("[data-map]").forEach(draw);
  });
})();
