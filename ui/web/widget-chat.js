"use strict";
// The chat by itself or in a frame of another page. The session's number lives as long as the page; no cookie is set.
const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const query = new URLSearchParams(location.search);
const embedded = query.get("embedded") === "1" && window.parent !== window;
const session = "widget-" + Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");
let parentOrigin = "";

function tell(kind) { if (embedded) window.parent.postMessage({ kepu: kind }, parentOrigin || "*"); }

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text || "";
  if (className) made.className = className;
  return made;
}

function say(text, className) {
  const said = element("div", text, className);
  at("log").append(said);
  said.scrollIntoView({ block: "nearest" });
  return said;
}

function options(labels) {
  const all = element("div", "", "options");
  all.append(...labels.map((label) => {
    const button = element("button", label);
    button.type = "button";
    button.onclick = () => ask(label);
    return button;
  }));
  return all;
}

function sources(answer) {
  return answer.citations.slice(0, 4).map((citation) => {
    const details = element("details");
    details.append(element("summary", words.source + "：" + citation.source + " " + citation.locator), element("p", citation.quote));
    return details;
  });
}

function whole(said, answer) {
  said.replaceChildren(element("div", answer.text));
  const plan = answer.generated_by === "composer" && (answer.duties.length || answer.kind === "fact");
  const origin = answer.label || (plan ? words.plan : "");
  if (origin) said.append(element("div", "（" + origin + "）", "origin"));
  said.append(...sources(answer));
  if (answer.suggestions.length) said.append(options(answer.suggestions));
  said.scrollIntoView({ block: "nearest" });
}

async function* events(reply) {
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const parts = (held + value).split("\n\n");
    held = parts.pop();
    for (const part of parts) {
      const [name, data] = part.split("\n");
      yield [name.slice("event: ".length), JSON.parse(data.slice("data: ".length))];
    }
  }
}

async function ask(question) {
  say(question, "mine");
  const said = say(words.waiting);
  try {
    const reply = await fetch("/widget/ask", {
      method: "POST", headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
      body: JSON.stringify({ question, session }),
    });
    if (!reply.ok) { said.textContent = String((await reply.json()).detail || words.failed); return; }
    let shown = "";
    for await (const [name, data] of events(reply)) {
      if (name === "answer") whole(said, data);
      else said.textContent = shown += (shown && "\n") + data.text;
    }
  } catch {
    said.textContent = words.failed;
    said.append(options([question]));
  }
}

function listen() {
  const Recognition = window.SpeechRecognition || window.webkitSpeechRecognition;
  if (!Recognition || /MicroMessenger/i.test(navigator.userAgent)) return; // inside WeChat it is there and does not work
  at("speak").hidden = false;
  at("speak").onclick = () => {
    const heard = new Recognition();
    heard.lang = "zh-CN";
    heard.onresult = (event) => { at("question").value = event.results[0][0].transcript; at("question").focus(); };
    heard.start();
  };
}

at("form").onsubmit = (event) => {
  event.preventDefault();
  const question = at("question").value.trim();
  at("question").value = "";
  if (question) ask(question);
};
at("close").onclick = () => tell("close");
document.addEventListener("keydown", (event) => { if (event.key === "Escape") tell("close"); });
window.addEventListener("message", (event) => {
  if (!embedded || event.source !== window.parent || !event.data || event.data.kepu !== "open") return;
  parentOrigin = event.origin;
  at("close").hidden = false;
  at("question").focus();
});
if (/^#[0-9a-fA-F]{3,8}$/.test(query.get("color") || "")) document.documentElement.style.setProperty("--main", query.get("color"));
if (query.get("size") === "large") document.documentElement.style.setProperty("--size", "24px");
say(query.get("greeting") || words.greeting).append(options(words.examples));
listen();
tell("ready");
