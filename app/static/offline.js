// Lets the site be opened without a network, and says of a page that was kept when that was.
const link = document.querySelector("link[rel=manifest]");
const { lang, dataset } = document.documentElement;

navigator.serviceWorker?.register(new URL("sw.js", link.href)).catch(() => {}); // a browser may refuse to keep anything

const note = document.getElementById("kept-note");
if (note && dataset.kept) {
  note.querySelector("span").textContent = new Date(Number(dataset.kept)).toLocaleString(lang);
  note.hidden = false;
}

const list = document.getElementById("kept-pages");
if (list) listKept();

async function listKept() {
  for (const name of await caches.keys()) {
    const own = await caches.open(name);
    for (const request of name.startsWith("own-") ? await own.keys() : []) {
      const kept = await own.match(request);
      const page = new DOMParser().parseFromString(await kept.text(), "text/html");
      const [item, entry] = [document.createElement("li"), document.createElement("a")];
      entry.href = request.url;
      entry.className = "button quiet";
      entry.textContent = page.title.split(" · ")[0].trim();
      item.append(entry);
      list.append(item);
    }
  }
  list.parentElement.hidden = !list.children.length;
}
