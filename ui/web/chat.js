"use strict";
// What is remembered stays on this device: the conversation's own number. Sources open over the chat, not beside it.
const kepu = (() => {
  const words = $words;
  const get = (name) => { try { return localStorage.getItem("kepu-" + name); } catch { return null; } };
  const put = (name, value) => { try { localStorage.setItem("kepu-" + name, value); } catch { /* private mode keeps nothing */ } };
  const fresh = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (b) => b.toString(16).padStart(2, "0")).join("");

  if (get("mode") === "elder") location.replace("/elder" + location.search);

  // Gradio words its own small buttons in English whatever the page's language, and calls buttons a list.
  new MutationObserver(() => {
    for (const list of document.querySelectorAll(".examples[role=list]")) list.removeAttribute("role");
    for (const button of document.querySelectorAll(".gradio-container button[aria-label]")) {
      const said = words.buttons[button.ariaLabel];
      if (said) { button.ariaLabel = said; button.title = said; }
    }
  }).observe(document, { childList: true, subtree: true, attributeFilter: ["aria-label"] });

  function session() {
    if (!get("session")) put("session", fresh());
    return get("session") || "";
  }

  function over(title) {
    const dialog = document.createElement("dialog"), foot = document.createElement("p"), shut = document.createElement("button"), body = document.createElement("div");
    dialog.className = "kepu-register kepu-over";
    dialog.setAttribute("aria-label", title);
    shut.textContent = words.close;
    shut.className = "kepu-button";
    shut.onclick = () => dialog.close();
    dialog.onclose = () => dialog.remove();
    dialog.onclick = (event) => { if (event.target === dialog) dialog.close(); };
    foot.className = "kepu-shut";
    foot.append(shut);
    dialog.append(body, foot);
    document.body.append(dialog);
    dialog.showModal();
    return body;
  }

  async function open(link) {
    const body = link.closest(".kepu-over > div") || over(link.textContent);
    body.textContent = words.opening;
    try {
      const address = new URL(link.href);
      address.searchParams.set("part", "1");
      const reply = await fetch(address);
      if (!reply.ok) throw new Error(reply.status);
      body.innerHTML = await reply.text();
      body.parentElement.scrollTop = 0;
    } catch { body.textContent = words.failed_to_open; }
  }

  function last() {
    const asked = document.querySelectorAll(".message.user");
    return asked.length ? asked[asked.length - 1] : null;
  }

  async function share() {
    const asked = last();
    const body = over(words.share), said = document.createElement("p"), field = document.createElement("input");
    if (!asked) { body.textContent = words.share_nothing; return; }
    const link = (words.address || location.origin) + "/?q=" + encodeURIComponent(asked.innerText.trim());
    field.value = link;
    field.readOnly = true;
    field.setAttribute("aria-label", words.share);
    said.textContent = words.link_here;
    body.append(said, field);
    field.select();
    // The clipboard is closed to pages without HTTPS: the old way works there, and the link stands to be copied anyway.
    try { await navigator.clipboard.writeText(link); said.textContent = words.link_copied; } catch {
      if (document.execCommand("copy")) said.textContent = words.link_copied;
    }
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href*='/source?']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    open(link);
  }, true);

  return {
    share, session,
    begin: () => {
      const asked = new URLSearchParams(location.search).get("q"), field = document.querySelector("#kepu-typed textarea");
      if (asked && field) {
        field.value = asked;
        field.dispatchEvent(new Event("input", { bubbles: true }));
        setTimeout(() => document.getElementById("kepu-send").click(), 100);
      }
      return session();
    },
    reveal: () => setTimeout(() => {
      const row = last() && last().closest(".message-row"), box = row && row.closest(".panel-wrap");
      if (box) box.scrollTop += row.getBoundingClientRect().top - box.getBoundingClientRect().top;
    }, 60),
    remove: (old) => {
      if (!confirm(words.ask_delete)) return "";
      put("session", fresh());
      return old;
    },
  };
})();
