"use strict";
// Shows how much of a file has been sent; without a script the form works all the same.
document.getElementById("upload").addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target, bar = form.querySelector("progress"), sent = new XMLHttpRequest();
  bar.hidden = false;
  sent.upload.onprogress = (part) => { if (part.lengthComputable) bar.value = part.loaded / part.total; };
  sent.upload.onload = () => bar.removeAttribute("value");
  sent.onload = () => {
    if (sent.status === 200) { document.open(); document.write(sent.responseText); document.close(); return; }
    bar.hidden = true;
    let said = sent.statusText;
    try { said = JSON.parse(sent.responseText).detail; } catch { /* not one of our sentences */ }
    alert(said);
  };
  sent.onerror = () => form.submit();
  sent.open("POST", form.action);
  sent.send(new FormData(form));
});
