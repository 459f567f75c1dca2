// The page of `make app`: what it says while Python starts or is gone, and how Python ends with it.
const SLOW = "Python has not started yet. Wait a little longer, or reload the page.";
const FAILED =
  "Python started, but this page did not. The window in which you started the server says why.";
const GONE = "Python has stopped, because this page was left for a while. Reload it to go on.";
const PATIENCE = 20_000;  // milliseconds until slow starts are admitted

window.voila_heartbeat = () => {};
window.voila_finish = () => { window.cellLoaded = true; };

function say(sentence) {
  document.getElementById("notice").textContent = sentence;
}

function watchStart() {
  const slow = setTimeout(() => say(SLOW), PATIENCE);
  const observer = new MutationObserver(() => {
    if (!document.querySelector("main .jupyter-widgets")) return;
    clearTimeout(slow);
    observer.disconnect();
    say("");
  });
  observer.observe(document, { childList: true, subtree: true });
}

function watchKernel(baseUrl, kernelId) {
  // Voilà sends the same at `beforeunload`, but only once its widgets are there; phones only know
  // `pagehide`.
  window.addEventListener("pagehide", () => {
    const form = new FormData();
    form.append("_xsrf", document.cookie.match(/\b_xsrf=([^;]*)/)?.[1] ?? "");
    navigator.sendBeacon(`${baseUrl}voila/api/shutdown/${kernelId}`, form);
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) location.reload();  // back, to a page whose Python has ended
  });
  document.addEventListener("visibilitychange", async () => {
    if (document.hidden) return;
    const answer = await fetch(`${baseUrl}api/kernels/${kernelId}`).catch(() => ({ ok: false }));
    if (!answer.ok) say(GONE);
  });
}

watchStart();
