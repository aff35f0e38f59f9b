// Small things of every page: the search key, dialogs, toasts, copying, the first wrong field.
(() => {
  const typing = el => el.matches?.("input, textarea, select, [contenteditable]");
  document.addEventListener("keydown", e => {
    if (e.key === "/" && !e.ctrlKey && !e.metaKey && !e.altKey && !typing(e.target)) {
      const field = document.querySelector("[data-search]");
      if (field) { e.preventDefault(); field.focus(); field.select(); }
    }
  });

  document.addEventListener("click", e => {
    const opener = e.target.closest("[data-dialog]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.dialog);
      if (dialog?.showModal && !e.ctrlKey && !e.metaKey) { e.preventDefault(); dialog.showModal(); }
      return;
    }
    const closer = e.target.closest("[data-close]");
    if (closer) {
      const box = closer.closest("dialog, .toast");
      if (box instanceof HTMLDialogElement) box.close(); else box?.remove();
      return;
    }
    const copy = e.target.closest("[data-copy]");
    if (copy) {
      const from = document.getElementById(copy.dataset.copy);
      navigator.clipboard?.writeText(from.value ?? from.textContent.trim()).then(() => {
        const said = copy.querySelector("[data-copied]");
        if (!said) return;
        said.textContent = said.dataset.copied;
        setTimeout(() => { said.textContent = said.dataset.idle; }, 2000);
      });
    }
  });

  // Times outside of a customer's pages are shown by this clock; the server learns which it is with the next page.
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone && !document.cookie.includes("zone=" + zone)) document.cookie = `zone=${zone}; path=/; max-age=31536000; samesite=lax` + (location.protocol === "https:" ? "; secure" : "");

  function settle(root) {
    for (const t of root.querySelectorAll(".toast[data-brief]")) {
      let left;
      const go = () => { left = setTimeout(() => { t.classList.add("leaving"); setTimeout(() => t.remove(), 250); }, 8000); };
      t.addEventListener("pointerenter", () => clearTimeout(left));
      t.addEventListener("focusin", () => clearTimeout(left));
      t.addEventListener("pointerleave", go);
      go();
    }
  }
  settle(document);
  document.querySelector("[aria-invalid=true]")?.focus();

  // A changed choice of theme or language is seen at once where the server says so; here only the two buttons of a form
  // that may be sent once.
  document.addEventListener("submit", e => {
    if (e.defaultPrevented || e.target.hasAttribute("data-again")) return;
    const b = e.submitter;
    if (b) setTimeout(() => { b.setAttribute("aria-disabled", "true"); }, 0);
    if (e.target.dataset.sent) e.preventDefault();
    e.target.dataset.sent = "1";
    setTimeout(() => { delete e.target.dataset.sent; b?.removeAttribute("aria-disabled"); }, 4000);
  });
  addEventListener("pageshow", e => { if (e.persisted) for (const f of document.forms) delete f.dataset.sent; });
})();
