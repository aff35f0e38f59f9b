// Counts of a customer change with everything that happens there: they are read anew, at most every two seconds. A question
// that was fetched is asked over the page.
(() => {
  const pause = 2000;
  let timer;
  async function read() {
    timer = 0;
    const places = [...document.querySelectorAll("[data-health]")];
    if (!places.length || document.hidden) return;
    try {
      const source = places[0].dataset.health || location.pathname + location.search; // of a large customer the counts alone
      const answer = await fetch(source, {headers: {"HX-Request": "true", "Tischlein-Live": "1"}, credentials: "same-origin"});
      if (!answer.ok || answer.redirected) return;
      const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const el of places) {
        const fresh = doc.getElementById(el.id);
        if (fresh && el.isConnected && el.outerHTML !== fresh.outerHTML) await htmx.swap({target: el, text: fresh.outerHTML, swap: "outerMorph"});
      }
    } catch { /* the notice of a lost connection is the event stream's */ }
  }
  document.addEventListener("htmx:sse:before:message", e => {
    const name = e.detail.message.event;
    if (name && name !== "beat" && !timer && document.querySelector("[data-health]")) timer = setTimeout(read, pause);
  });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) read(); });

  document.addEventListener("htmx:after:swap", () => {
    const dialog = document.querySelector("#ask > dialog:not([open])");
    if (!dialog || dialog.dataset.asked) return;
    dialog.dataset.asked = "1";
    dialog.showModal();
    dialog.addEventListener("close", () => dialog.remove());
  });
})();
