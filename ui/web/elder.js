"use strict";
// What is remembered stays on this device: the size of type, that this page is preferred, the session's own number.
const words = JSON.parse(document.getElementById("words").textContent);
const at = (id) => document.getElementById(id);
const sizes = [24, 30, 36];
const speeds = [0.7, 1, 1.2];
let spoken = "";

function keep(name, value) { try { localStorage.setItem("kepu-" + name, value); } catch { /* private mode keeps nothing */ } }
function kept(name) { try { return localStorage.getItem("kepu-" + name); } catch { return null; } }

function fresh() { return Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join(""); }

function session() {
  if (!kept("session")) keep("session", fresh());
  return kept("session") || "";
}

function showSize() { document.documentElement.style.setProperty("--size", (kept("size") || sizes[0]) + "px"); }

function choose(labels, pick) {
  at("choices").replaceChildren(...labels.map((label, n) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = label;
    if (n === 0) button.className = "first";
    button.onclick = () => pick(label);
    return button;
  }));
}

function offer(all) {
  const most = 4;
  if (all.length <= most) return choose(all, pick);
  const shown = all.slice(0, most - 1);
  choose([...shown, words.others], (label) => label === words.others ? offer([...all.slice(most - 1), words.home]) : pick(label));
}

function pick(label) { return label === words.home ? home() : ask(label); }

function paragraphs(text) {
  at("said").replaceChildren(...text.split("\n").map((line) => {
    const p = document.createElement("p");
    p.textContent = line;
    return p;
  }));
}

function clear() {
  at("progress").hidden = at("listen").hidden = true;
  at("sources").replaceChildren();
  at("calls").replaceChildren();
}

// What must be done is on this page already: it is there at once, and without a network.
function cheated() {
  hush();
  at("asked").textContent = words.cheated;
  clear();
  paragraphs(words.cheated_steps);
  spoken = words.cheated_steps;
  at("listen").hidden = !voice();
  at("calls").replaceChildren(...Object.entries(words.calls).map(([number, label]) => {
    const link = document.createElement("a");
    link.className = "button";
    link.href = "tel:" + number;
    link.textContent = label;
    return link;
  }));
  choose([words.more_help, words.home], (label) => label === words.home ? home() : ask(words.help));
  toTop();
}

async function remove() {
  if (!confirm(words.ask_delete)) return;
  try {
    const reply = await fetch("/elder/session/" + session(), { method: "DELETE" });
    if (!reply.ok) throw new Error(reply.status);
    keep("session", fresh());
    home();
    paragraphs(words.deleted);
  } catch { paragraphs(words.failed); }
  toTop();
}

function toTop() { at("main").focus({ preventScroll: true }); scrollTo(0, 0); }

function home() {
  hush();
  at("asked").textContent = "";
  clear();
  paragraphs(words.welcome);
  choose(Object.keys(words.topics), (topic) => { paragraphs(topic); choose(words.topics[topic], ask); });
}

async function ask(question) {
  hush();
  at("asked").textContent = question;
  clear();
  paragraphs(words.waiting);
  at("choices").replaceChildren();
  try {
    const reply = await fetch("/elder/ask", {
      method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ question, session: session() }),
    });
    const answer = await reply.json();
    reply.ok ? show(answer) : paragraphs(String(answer.detail || words.failed));
    if (!reply.ok) choose([words.home], home);
  } catch {
    paragraphs(words.failed);
    choose([words.again, words.home], (label) => label === words.home ? home() : ask(question));
  }
  toTop();
}

function show(answer) {
  paragraphs(answer.text);
  spoken = answer.text;
  offer([...answer.suggestions, words.home]);
  if (answer.step) {
    at("progress").hidden = false;
    at("bar").max = answer.steps.length;
    at("bar").value = answer.step;
    at("place").textContent = answer.step + " / " + answer.steps.length;
  }
  at("listen").hidden = !voice();
  at("sources").replaceChildren(...sources(answer), ...handout(answer));
}

function sources(answer) {
  return answer.citations.slice(0, 4).map((citation) => {
    const details = document.createElement("details"), summary = document.createElement("summary"), quote = document.createElement("p");
    summary.textContent = words.source + "：" + citation.source;
    quote.textContent = citation.quote;
    details.append(summary, quote);
    return details;
  });
}

function handout(answer) {
  const card = answer.steps.length && answer.citations.find((citation) => citation.tier === "card");
  if (!card) return [];
  const link = document.createElement("a");
  link.className = "button";
  link.href = "/elder/handout/" + encodeURIComponent(card.locator) + ".pdf";
  link.textContent = words.print;
  return [link];
}

function voice() {
  if (!("speechSynthesis" in window)) return null;
  const chinese = speechSynthesis.getVoices().filter((v) => v.lang.toLowerCase().startsWith("zh"));
  return chinese.find((v) => v.localService) || chinese[0] || null;
}

function hush() { if ("speechSynthesis" in window) speechSynthesis.cancel(); at("read").textContent = words.read; }

function read() {
  if (speechSynthesis.speaking) return hush();
  const parts = spoken.split(/(?<=[。！？\n])/).filter((part) => part.trim());
  at("read").textContent = words.stop;
  parts.forEach((part, n) => {
    const said = new SpeechSynthesisUtterance(part);
    said.voice = voice();
    said.rate = Number(kept("speed") || 1);
    if (n === parts.length - 1) said.onend = () => { at("read").textContent = words.read; };
    speechSynthesis.speak(said);
  });
}

at("read").onclick = read;
at("speed").onclick = () => {
  const next = speeds[(speeds.indexOf(Number(kept("speed") || 1)) + 1) % speeds.length];
  keep("speed", next);
  at("speed").textContent = words.speeds[speeds.indexOf(next)];
};
at("size").onclick = () => {
  keep("size", sizes[(sizes.indexOf(Number(kept("size") || sizes[0])) + 1) % sizes.length]);
  showSize();
};
at("normal").onclick = () => keep("mode", "normal");
at("cheated").onclick = cheated;
at("remove").onclick = remove;
at("form").onsubmit = (event) => {
  event.preventDefault();
  const question = at("question").value.trim();
  at("question").value = "";
  if (question) ask(question);
};
keep("mode", "elder");
showSize();
const asked = new URLSearchParams(location.search).get("q");
asked ? ask(asked) : home();
