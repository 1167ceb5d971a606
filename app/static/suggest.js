// Suggests books and authors, or areas, below a box while a reader types (a combobox of ARIA).
const WAIT = 120; // ms after the last letter
const OUTLIVED = 400; // ms after a change of the text
const PAUSE = 30; // s after a failure
const KEPT = 100;
const LONGEST = 200; // characters

document.querySelectorAll("[data-suggest]").forEach(combobox);

function combobox(input) {
  const words = input.dataset;
  const kept = new Map();
  const [list, model, status] = input.closest(".suggesting").querySelectorAll("[role=listbox], template, [role=status]");
  const typed = () => input.value.trim().slice(0, LONGEST);
  let [active, timer, outlived, resume, request] = [-1, 0, 0, 0];

  set("role", "combobox");
  set("aria-autocomplete", "list");
  set("aria-controls", list.id);
  show([]);
  input.addEventListener("input", (event) => event.isComposing || later());
  input.addEventListener("compositionstart", stop);
  input.addEventListener("compositionend", later);
  input.addEventListener("blur", stop);
  input.addEventListener("keydown", press);
  list.addEventListener("mousedown", (event) => event.preventDefault()); // the cursor stays in the box
  window.addEventListener("pagehide", stop);

  function later() {
    cancel();
    choose(-1);
    outlived = outlived || setTimeout(show, OUTLIVED, []);
    timer = setTimeout(ask, kept.has(typed()) ? 0 : WAIT);
  }

  function stop() {
    cancel();
    show([]);
  }

  function cancel() {
    clearTimeout(timer);
    request?.abort();
  }

  async function ask() {
    const text = typed();
    cancel();
    if (kept.has(text)) return show(kept.get(text));
    if ((text.length < 2 && text < "\u2e80") || Date.now() < resume) return show([]);
    const { signal } = (request = new AbortController());
    let [found, pause] = [[], PAUSE];
    try {
      const answer = await fetch(`${words.suggest}?q=${encodeURIComponent(text)}`, { signal });
      if (!answer.ok) pause = answer.headers.get("Retry-After") || PAUSE;
      found = (await answer.json()).suggestions.map(option);
      if (kept.size > KEPT) kept.clear();
      kept.set(text, found);
    } catch {
      if (!signal.aborted) resume = Date.now() + 1000 * pause;
    }
    if (!signal.aborted) show(found);
  }

  function show(found) {
    clearTimeout(outlived);
    outlived = 0;
    list.replaceChildren(...found);
    list.hidden = !found.length;
    set("aria-expanded", !list.hidden);
    status.textContent = list.hidden ? "" : words.count.replace("#", found.length);
    choose(-1);
  }

  function option({ kind, text, detail, url, available }, at) {
    const link = model.content.firstElementChild.cloneNode(true);
    const [name, more, copies] = link.children;
    link.id = `${list.id}-${at}`;
    name.textContent = text;
    if (!url) {
      link.addEventListener("click", () => ((input.value = text), stop()));
      return link;
    }
    link.href = url;
    more.textContent = kind === "author" ? `${more.textContent} · ${detail}` : detail;
    copies.textContent = available ? copies.textContent.replace("#", available) : "";
    return link;
  }

  function choose(index) {
    active = index;
    const links = [...list.children];
    links.forEach((link, at) => link.setAttribute("aria-selected", at === active));
    set("aria-activedescendant", links[active]?.id || "");
    links[active]?.scrollIntoView({ block: "nearest" });
  }

  function press(event) {
    const { key, keyCode, ctrlKey, metaKey, shiftKey } = event;
    if (keyCode === 229 || ctrlKey || metaKey || shiftKey) return; // 229: for the input method
    const all = list.children.length;
    const ring = all + 1; // with none
    const ends = active < 0 ? {} : { Home: 0, End: all - 1 };
    const to = { ArrowDown: ((active + 2) % ring) - 1, ArrowUp: ((active + ring) % ring) - 1, ...ends }[key];
    if (key === "Enter" && active >= 0) list.children[active].click();
    else if (key === "Escape" && all) stop();
    else if (key === "Escape" && input.value) input.value = "";
    else if (key === "ArrowDown" && !all) ask();
    else if (all && to >= -1) choose(to);
    else return;
    event.preventDefault();
  }

  function set(name, value) {
    input.setAttribute(name, value);
  }
}
