"use strict";
// One script tag puts the chat into any page: <script src="…/widget.js" data-position="left" data-color="#0b4f3a"
// data-label="问一问" data-greeting="您好" data-size="large" async></script>. The chat itself is a frame from our address.
(() => {
  const script = document.currentScript;
  const origin = new URL(script.src).origin;
  const set = script.dataset;
  const side = set.position === "left" ? "left" : "right";
  const color = /^#[0-9a-fA-F]{3,8}$/.test(set.color || "") ? set.color : "#0b4f3a";
  const query = new URLSearchParams({ embedded: "1", color });
  if (set.greeting) query.set("greeting", set.greeting);
  if (set.size === "large") query.set("size", "large");

  const host = document.createElement("div");
  const root = host.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent = `
    button { position: fixed; ${side}: 16px; bottom: 16px; z-index: 2147483646; min-width: 60px; min-height: 60px; padding: 8px 18px;
      border: 3px solid #fff; border-radius: 30px; background: ${color}; color: #fff; font: bold 18px/1.3 sans-serif; cursor: pointer;
      box-shadow: 0 2px 10px rgba(0, 0, 0, .4); }
    button:focus-visible { outline: 4px solid #ffb000; outline-offset: 2px; }
    iframe { position: fixed; ${side}: 16px; bottom: 16px; z-index: 2147483647; width: 400px; height: min(640px, calc(100% - 32px));
      border: 0; border-radius: 14px; background: #fff; box-shadow: 0 4px 24px rgba(0, 0, 0, .4); }
    @media (max-width: 480px) { iframe { left: 0; right: 0; bottom: 0; width: 100%; height: 100%; border-radius: 0; } }
    [hidden] { display: none; }`;
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = set.label || "问一问";
  button.setAttribute("aria-haspopup", "dialog");
  const frame = document.createElement("iframe");
  frame.hidden = true;
  frame.title = button.textContent;
  frame.allow = "microphone";
  root.append(style, button, frame);

  function open() {
    if (!frame.src) frame.src = origin + "/widget?" + query;
    frame.hidden = false;
    button.hidden = true;
    frame.focus();
  }
  function close() {
    frame.hidden = true;
    button.hidden = false;
    button.focus();
  }
  button.onclick = open;
  window.addEventListener("message", (event) => {
    if (event.origin !== origin || event.source !== frame.contentWindow || typeof event.data !== "object") return;
    if (event.data.kepu === "ready") frame.contentWindow.postMessage({ kepu: "open" }, origin);
    if (event.data.kepu === "close") close();
    if (event.data.kepu === "resize") frame.style.width = Math.min(Number(event.data.width) || 400, window.innerWidth) + "px";
  });
  (document.body || document.documentElement).append(host);
})();
