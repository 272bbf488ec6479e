/* Draws the charts whose options stand in the page as JSON. Without this script the table shows. */
(function () {
  "use strict";
  var FONT = getComputedStyle(document.documentElement).getPropertyValue("--font").trim();

  function group(number, digits) {
    if (number === null || number === undefined || number === "" || isNaN(number)) return "—";
    return Number(number).toLocaleString("en-US", { maximumFractionDigits: digits });
  }
  function plain(given) {
    if (given && typeof given === "object") {
      var value = given.value !== undefined ? given.value : given;
      return Array.isArray(value) ? value[value.length - 1] : value;
    }
    return given;
  }
  function two(number) {
    return (number < 10 ? "0" : "") + number;
  }
  /* The formatters an option may name; nothing else is ever run. */
  var FORMATTERS = {
    "@grouped": function (given) { return group(plain(given), 2); },
    "@percent": function (given) { return group(plain(given) * 100, 1) + "%"; },
    "@signed": function (given) {
      var value = plain(given);
      return (value > 0 ? "+" : "") + group(value, 1);
    },
    "@day": function (given) {
      var day = new Date(plain(given));
      return day.getFullYear() + "-" + two(day.getMonth() + 1) + "-" + two(day.getDate());
    },
  };
  function resolve(node) {
    if (Array.isArray(node)) return node.map(resolve);
    if (node && typeof node === "object") {
      Object.keys(node).forEach(function (key) { node[key] = resolve(node[key]); });
      return node;
    }
    return typeof node === "string" && FORMATTERS[node] ? FORMATTERS[node] : node;
  }

  /* One size of text for the whole chart: 12 px beside text of 14, more in large type and on big screens. */
  function sized(option, pixels) {
    function each(node, apply) {
      (Array.isArray(node) ? node : node ? [node] : []).forEach(apply);
    }
    ["xAxis", "yAxis"].forEach(function (name) {
      each(option[name], function (axis) {
        axis.axisLabel = Object.assign({}, axis.axisLabel, { fontSize: pixels });
      });
    });
    each(option.legend, function (legend) { legend.textStyle = { fontSize: pixels }; });
    each(option.title, function (title) { title.textStyle = Object.assign({}, title.textStyle, { fontSize: pixels }); });
    each(option.series, function (series) {
      if (series.label) series.label.fontSize = pixels;
      if (series.markLine) series.markLine.label.fontSize = pixels;
    });
    each(option.grid, function (grid) { grid.top = (grid.top || 20) * pixels / 12; });
    return option;
  }

  function bindTable(box, drawing, chart) {
    var button = box.querySelector("[data-table-toggle]");
    var table = box.querySelector(".chart-table");
    if (!button || !table) return;
    table.hidden = true;
    button.hidden = false;
    button.addEventListener("click", function () {
      var showTable = table.hidden;
      table.hidden = !showTable;
      drawing.hidden = showTable;
      button.setAttribute("aria-pressed", String(showTable));
      button.querySelector("span").textContent = showTable ? window.hongtu.say.showChart : window.hongtu.say.showTable;
      if (!showTable && chart) chart.resize();
    });
  }

  function draw(box) {
    if (box.dataset.drawn) return;
    box.dataset.drawn = "1";
    var drawing = box.querySelector(".chart");
    var option = resolve(JSON.parse(document.getElementById(box.dataset.option).textContent));
    var screen = document.body.classList.contains("screen");
    var text = parseFloat(getComputedStyle(document.body).fontSize);
    var pixels = screen ? text : Math.max(12, Math.round(text * 12 / 14));
    option = sized(option, pixels);
    option.textStyle = Object.assign({}, option.textStyle, { fontFamily: FONT, fontSize: pixels });
    var chart = window.echarts.init(drawing, null, { renderer: "svg" });
    chart.setOption(option);
    chart.on("click", function (event) {
      if (event.data && event.data.url) window.location.assign(event.data.url);
    });
    if (window.ResizeObserver) {
      new ResizeObserver(function () {
        if (drawing.clientWidth) chart.resize();
      }).observe(drawing);
    }
    bindTable(box, drawing, chart);
  }

  document.addEventListener("hongtu:load", function (event) {
    var within = event.detail;
    if (window.echarts) within.querySelectorAll("[data-option]").forEach(draw);
    within.querySelectorAll(".chain-box").forEach(function (box) {
      if (box.dataset.drawn) return;
      box.dataset.drawn = "1";
      bindTable(box, box.querySelector(".table-wrap"), null);
    });
  });
})();
