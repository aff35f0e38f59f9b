// A track that is under way is also read anew by the clock: that something has not come yet is no event.
(() => {
  async function read(el) {
    try {
      const answer = await fetch(el.dataset.liveSource, {headers: {"HX-Request": "true", "Tischlein-Live": "1"}, credentials: "same-origin"});
      if (!answer.ok || answer.redirected) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(el.id);
      if (fresh && el.isConnected && el.outerHTML !== fresh.outerHTML) await htmx.swap({target: el, text: fresh.outerHTML, swap: "outerMorph"});
    } catch { /* the notice of a lost connection is the event stream's */ }
  }
  setInterval(() => {
    if (document.hidden) return;
    for (const mark of document.querySelectorAll("[data-moving]")) {
      const el = mark.closest("[data-live-source]");
      if (el) read(el);
    }
  }, 10000);
})();
