/* The assistant on another site:

     <script src="https://HONGTU/static/assistant/widget.js" async></script>
     <hongtu-assistant language="zh-hans" height="560"></hongtu-assistant>

   A custom element with a frame inside. It reads nothing of the page it stands on and sets no cookie. The
   site must be named in HONGTU_WIDGET_SITES, and must allow this host in its own script-src and frame-src. */
(function () {
  "use strict";
  var script = document.currentScript;
  if (!script || !window.customElements || customElements.get("hongtu-assistant")) return;
  var home = new URL(script.src).origin;

  class HongtuAssistant extends HTMLElement {
    connectedCallback() {
      if (this.shadowRoot) return;
      var language = this.getAttribute("language") || "";
      var frame = document.createElement("iframe");
      frame.src = home + "/assistant/widget/" + (language ? "?language=" + encodeURIComponent(language) : "");
      frame.title = this.getAttribute("label") || (language === "en" ? "Assistant" : "\u667a\u80fd\u52a9\u624b");
      frame.width = "100%";
      frame.height = this.getAttribute("height") || "560";
      frame.referrerPolicy = "no-referrer";
      frame.setAttribute("loading", "lazy");
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-forms allow-popups");
      frame.setAttribute("frameborder", "0");
      this.attachShadow({ mode: "open" }).appendChild(frame);
    }
  }
  customElements.define("hongtu-assistant", HongtuAssistant);
})();
