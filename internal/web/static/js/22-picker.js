// The picker: turns select[data-picker] into a search field with a list (ARIA combobox). The select stays the truth: it is
// what is sent, and every choice is a change event on it.
(() => {
  const sprite = document.querySelector("link[rel=icon]").href.replace(/icon\.svg$/, "sprite.svg");
  const most = 200; // entries drawn at once
  const fold = s => s.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").replace(/ß/g, "ss").toLowerCase();
  const make = (tag, props, ...children) => {
    const el = document.createElement(tag);
    for (const [k, v] of Object.entries(props)) if (k in el && k !== "role") el[k] = v; else el.setAttribute(k, v);
    el.append(...children);
    return el;
  };
  function icon(name) {
    const ns = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(ns, "svg"), use = document.createElementNS(ns, "use");
    svg.setAttribute("class", "icon"); svg.setAttribute("aria-hidden", "true");
    use.setAttribute("href", sprite + "#" + name);
    svg.append(use);
    return svg;
  }

  function picker(root) {
    if (root.classList.contains("live")) return;
    const select = root.querySelector("select"), words = root.dataset, several = Number(words.most) > 1, id = select.id;
    const empty = select.options[0];
    const input = make("input", {type: "text", id: id + "-find", role: "combobox", autocomplete: "off", spellcheck: false,
      "aria-expanded": "false", "aria-controls": id + "-list", "aria-autocomplete": "list"});
    for (const a of ["aria-describedby", "aria-invalid"]) if (select.hasAttribute(a)) input.setAttribute(a, select.getAttribute(a));
    const box = make("div", {className: "picker-box"}, input);
    const opener = make("button", {type: "button", className: "picker-open", tabIndex: -1, "aria-label": words.open}, icon("chevron-down"));
    const list = make("ul", {id: id + "-list", className: "picker-list", role: "listbox", hidden: true});
    if (several) list.setAttribute("aria-multiselectable", "true");
    const said = make("span", {className: "picker-said", role: "status"});
    const label = root.parentElement.querySelector(`label[for="${CSS.escape(id)}"]`);
    if (label) { // live state must not give it back to the select, which nobody sees any more
      label.htmlFor = input.id; label.setAttribute("hx-morph-skip", "");
      for (const el of [input, list]) el.setAttribute("aria-label", label.textContent.trim());
    }
    root.append(box, opener, list, said);
    root.classList.add("live");
    root.setAttribute("hx-morph-skip", "");
    if (select.autofocus) input.focus();

    let active = -1, shown = [], typed = false, timer, asked = "";
    const chosen = () => [...select.options].filter(o => o.selected && o.value);
    const name = o => o.dataset.label || o.textContent;

    function say(text, refusal) { said.textContent = text; said.classList.toggle("refusal", !!refusal); }
    function count() {
      const n = chosen().length;
      say(!several || n === 0 ? "" : n === 1 ? words.second : words.both);
    }
    function show() {
      for (const c of box.querySelectorAll(".chip")) c.remove();
      const picked = chosen();
      if (several) {
        for (const o of picked) {
          const remove = make("button", {type: "button", "aria-label": words.remove + ": " + name(o)}, icon("close"));
          remove.addEventListener("click", e => { e.stopPropagation(); choose(o, false); input.focus(); });
          box.insertBefore(make("span", {className: "chip"}, name(o), remove), input);
        }
        input.placeholder = picked.length ? "" : empty.textContent;
      } else {
        input.placeholder = empty.textContent;
        if (!typed) input.value = picked.length ? name(picked[0]) : "";
      }
    }

    function choose(o, on) {
      if (o === empty) {
        for (const x of select.options) x.selected = x === empty;
      } else if (on && o.dataset.refused && !o.selected) {
        say(name(o) + ": " + o.dataset.refused, true);
        return false;
      } else if (several) {
        if (on && !o.selected && chosen().length >= Number(words.most)) { say(words.full, true); return false; }
        o.selected = on;
        empty.selected = chosen().length === 0;
      } else {
        o.selected = true;
      }
      typed = false;
      if (several) input.value = "";
      show(); count();
      select.dispatchEvent(new Event("change", {bubbles: true}));
      return true;
    }

    function draw() {
      const terms = typed ? fold(input.value).split(/\s+/).filter(Boolean) : [];
      shown = [...select.options].filter(o => o === empty ? terms.length === 0 : terms.every(t => fold(name(o) + " " + (o.dataset.detail || "")).includes(t)));
      list.replaceChildren(...shown.slice(0, most).map((o, i) => {
        const li = make("li", {id: `${id}-o${i}`, role: "option", "aria-selected": String(o.selected && (o !== empty || chosen().length === 0))}, make("span", {}, name(o)));
        if (o === empty) li.className = "empty-choice";
        for (const x of [o.dataset.detail, o.dataset.refused]) if (x) li.append(make("small", {}, x));
        if (o.dataset.refused && !o.selected) li.setAttribute("aria-disabled", "true");
        li.addEventListener("pointerdown", e => e.preventDefault()); // the field keeps the focus
        li.addEventListener("click", () => pick(i));
        return li;
      }));
      if (shown.length === 0) list.append(make("li", {className: "said", role: "option", "aria-disabled": "true", "aria-selected": "false"}, words.nothing));
      else if (shown.length > most || words.source && !typed) list.append(make("li", {className: "said", role: "option", "aria-disabled": "true", "aria-selected": "false"}, words.more));
      move(Math.min(active, shown.length - 1));
    }
    function open() {
      if (!list.hidden) return;
      list.hidden = false;
      input.setAttribute("aria-expanded", "true");
      active = -1;
      draw();
      const first = shown.findIndex(o => o.selected && o.value);
      if (first >= 0) move(first);
    }
    function close() {
      list.hidden = true;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
      typed = false;
      if (several) input.value = "";
      show();
    }
    function move(i) {
      list.children[active]?.classList.remove("active");
      active = i;
      const li = i >= 0 && i < Math.min(shown.length, most) ? list.children[i] : null;
      if (!li) { input.removeAttribute("aria-activedescendant"); return; }
      li.classList.add("active");
      li.scrollIntoView({block: "nearest"});
      input.setAttribute("aria-activedescendant", li.id);
    }
    function pick(i) {
      const o = shown[i];
      if (!o) return;
      const done = choose(o, several ? !o.selected || o === empty : true);
      if (done && !several) close(); else if (!list.hidden) draw();
    }

    async function ask() {
      const q = input.value.trim();
      if (q === asked) return;
      asked = q;
      const url = new URL(words.source, location.href);
      url.searchParams.set("q", q);
      try {
        const answer = await fetch(url, {headers: {"HX-Request": "true"}});
        if (!answer.ok || asked !== q) return;
        const doc = new DOMParser().parseFromString("<select>" + await answer.text() + "</select>", "text/html");
        const keep = new Set(chosen().map(o => o.value));
        for (const o of [...select.options]) if (o.value && !keep.has(o.value)) o.remove();
        for (const o of [...doc.querySelectorAll("option")]) if (o.value && !keep.has(o.value)) { o.selected = false; select.append(document.adoptNode(o)); }
        if (!list.hidden) draw();
      } catch { /* what is there stays */ }
    }

    input.addEventListener("input", () => {
      typed = true;
      open(); active = -1; draw();
      if (shown.length && input.value) move(shown[0] === empty ? 1 : 0);
      if (words.source) { clearTimeout(timer); timer = setTimeout(ask, 150); }
    });
    input.addEventListener("focus", () => { if (!several) input.select(); });
    input.addEventListener("click", open);
    box.addEventListener("click", e => { if (e.target === box) { input.focus(); open(); } });
    opener.addEventListener("pointerdown", e => e.preventDefault());
    opener.addEventListener("click", () => { input.focus(); if (list.hidden) open(); else close(); });
    root.addEventListener("focusout", e => { if (!root.contains(e.relatedTarget)) close(); });
    input.addEventListener("keydown", e => {
      const last = Math.min(shown.length, most) - 1;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        if (list.hidden) { open(); if (active < 0) move(0); return; }
        move(e.key === "ArrowDown" ? (active >= last ? 0 : active + 1) : (active <= 0 ? last : active - 1));
      } else if (e.key === "Enter" && !list.hidden) {
        e.preventDefault();
        if (active >= 0) pick(active);
      } else if (e.key === " " && several && !input.value && !list.hidden && active >= 0) {
        e.preventDefault();
        pick(active);
      } else if (e.key === "Escape" && !list.hidden) {
        e.preventDefault(); e.stopPropagation();
        close();
      } else if (e.key === "Backspace" && several && !input.value) {
        const c = chosen();
        if (c.length) { choose(c[c.length - 1], false); if (!list.hidden) draw(); }
      }
    });
    select.form?.addEventListener("reset", () => setTimeout(() => { typed = false; show(); count(); }));
    show(); count();
  }

  const all = root => root.querySelectorAll("[data-picker]").forEach(picker);
  all(document);
  document.addEventListener("htmx:after:swap", () => all(document));
})();
