// Live state: one event stream per page says what changed; the places that show it are read anew and morphed in place,
// so that focus, scroll and typed text stay. Without this script the page is simply as old as it is.
(() => {
  const quiet = 40000; // ms without a sign of life after which the stream counts as lost
  const patience = 1000; // ms that a stream may be away before anybody is told
  let connection, watch, told, lost = false, over = false, waiting = new Set(), timer;
  const show = (id, on) => { const n = document.getElementById(id); if (n && n.hidden === on) n.hidden = !on; };

  function alive() {
    clearTimeout(watch);
    watch = setTimeout(() => { stale(); connection?.reader?.cancel(); }, quiet);
  }
  function stale() {
    if (lost || over) return;
    lost = true;
    told = setTimeout(() => show("stale", true), patience);
  }
  // end shows for good what the page has become: gone or its session ended.
  function end(id) {
    over = true;
    clearTimeout(told);
    show("stale", false);
    show(id, true);
  }
  function recovered() {
    alive();
    if (!lost) return;
    lost = false;
    clearTimeout(told);
    show("stale", false);
    read(new Set(document.querySelectorAll("[data-live]")));
  }

  document.addEventListener("htmx:sse:after:connection", e => {
    connection = e.detail.connection;
    if (connection.status === 200) recovered(); else stale();
  });
  document.addEventListener("htmx:sse:error", e => {
    if (e.detail.status === 401) end("ended");
    else if (e.detail.status === 404) end("gone");
    else stale();
  });
  document.addEventListener("htmx:sse:before:connection", e => {
    if (over) e.preventDefault();
    else if (e.detail.connection.attempt > 0) stale();
  });
  document.addEventListener("htmx:sse:close", stale);
  addEventListener("offline", () => { stale(); connection?.reader?.cancel(); });
  addEventListener("pagehide", () => { clearTimeout(watch); clearTimeout(told); over = true; });
  addEventListener("pageshow", () => { over = false; });

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
      const url = el.dataset.liveSource || el.closest("[data-live-page]")?.dataset.livePage || location.pathname + location.search;
      if (!sources.has(url)) sources.set(url, []);
      sources.get(url).push(el);
    }
    for (const [url, list] of sources) refresh(url, list);
  }
  const flights = new Map(); // by source: what is asked for, and what to ask for after that
  async function refresh(url, list) {
    if (flights.has(url)) { for (const el of list) flights.get(url).add(el); return; }
    flights.set(url, new Set());
    try {
      const answer = await fetch(url, {headers: {"HX-Request": "true", "HX-Current-URL": location.href, "Tischlein-Live": "1"}, credentials: "same-origin"});
      if (answer.status === 401) return end("ended");
      if (answer.status === 404) return end("gone");
      if (!answer.ok || answer.redirected) return stale();
      const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const el of list) {
        const fresh = doc.getElementById(el.id);
        if (!fresh) { if (el.dataset.liveGone !== undefined) el.remove(); continue; }
        if (!el.isConnected || el.outerHTML === fresh.outerHTML) continue;
        await htmx.swap({target: el, text: fresh.outerHTML, swap: "outerMorph"});
        document.getElementById(fresh.id)?.classList.add("changed");
      }
    } catch { stale(); } finally {
      const next = flights.get(url);
      flights.delete(url);
      if (next.size && !over) read(next);
    }
  }
  document.addEventListener("animationend", e => { if (e.animationName === "changed") e.target.classList.remove("changed"); });
})();
