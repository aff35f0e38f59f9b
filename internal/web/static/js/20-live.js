// Live state: one event stream per page says what changed; the places that show it are read anew and morphed in place,
// so that focus, scroll and typed text stay. Without this script the page is simply as old as it is.
(() => {
  const quiet = 40000; // ms without a sign of life after which the stream counts as lost
  let connection, watch, lost = false, waiting = new Set(), timer;
  const notice = () => document.getElementById("stale");

  function alive() {
    clearTimeout(watch);
    watch = setTimeout(() => { stale(); connection?.reader?.cancel(); }, quiet);
  }
  function stale() {
    lost = true;
    const n = notice();
    if (n) n.hidden = false;
  }
  function recovered() {
    alive();
    if (!lost) return;
    lost = false;
    const n = notice();
    if (n) n.hidden = true;
    read(new Set(document.querySelectorAll("[data-live]")));
  }

  document.addEventListener("htmx:sse:after:connection", e => {
    connection = e.detail.connection;
    if (connection.status === 200) recovered(); else stale();
  });
  document.addEventListener("htmx:sse:error", stale);
  document.addEventListener("htmx:sse:before:connection", e => { if (e.detail.connection.attempt > 0) stale(); });
  document.addEventListener("htmx:sse:close", stale);
  addEventListener("offline", () => { stale(); connection?.reader?.cancel(); });
  addEventListener("pagehide", () => clearTimeout(watch));

  document.addEventListener("htmx:sse:before:message", e => {
    alive();
    const name = e.detail.message.event;
    if (name === "beat" || !name) return;
    const places = name === "all" ? "[data-live]" : `[data-live~="${CSS.escape(name)}"]`;
    for (const el of document.querySelectorAll(places)) waiting.add(el);
    if (waiting.size && !timer) timer = setTimeout(() => { timer = 0; const w = waiting; waiting = new Set(); read(w); }, 40);
  });

  // read fetches each source once, however many places show a part of it.
  function read(places) {
    const sources = new Map();
    for (const el of places) {
      if (!el.isConnected) continue;
      const url = el.dataset.liveSource || location.pathname + location.search;
      if (!sources.has(url)) sources.set(url, []);
      sources.get(url).push(el);
    }
    for (const [url, list] of sources) refresh(url, list);
  }
  async function refresh(url, list) {
    try {
      const answer = await fetch(url, {headers: {"HX-Request": "true", "Tischlein-Live": "1"}, credentials: "same-origin"});
      if (!answer.ok || answer.redirected) return stale();
      const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const el of list) {
        const fresh = doc.getElementById(el.id);
        if (!fresh) { if (el.dataset.liveGone !== undefined) el.remove(); continue; }
        if (el.outerHTML === fresh.outerHTML) continue;
        await htmx.swap({target: el, text: fresh.outerHTML, swap: "outerMorph"});
        document.getElementById(fresh.id)?.classList.add("changed");
      }
    } catch { stale(); }
  }
  document.addEventListener("animationend", e => { if (e.animationName === "changed") e.target.classList.remove("changed"); });
})();
