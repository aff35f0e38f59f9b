// A track that is under way must not stand still. What happened between drawing the page and opening the event stream is
// read once the stream is open, and that something has not come yet is no event at all: the clock asks for that.
(() => {
  const moving = () => document.querySelectorAll("[data-moving]");
  document.addEventListener("htmx:sse:after:connection", e => {
    if (e.detail.connection.status !== 200 || !moving().length) return;
    document.dispatchEvent(new CustomEvent("htmx:sse:before:message", {detail: {message: {event: "all"}}}));
  });

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
    for (const mark of moving()) {
      const el = mark.closest("[data-live-source]");
      if (el) read(el);
    }
  }, 10000);
})();
