// What is there without a network: the site's own files, a page that says so, and what a reader has last seen of
// their own books and codes. Before this file, the server writes `site`: its root, its files and the offline pages.
//
// What was kept of a reader is in a cache named after the header that all pages of that reader have. Any whole page
// without it, or with another one, ends it, and so does a log-out: nobody ever finds what another reader has seen.
const FILES = "files-" + site.version;
const OWN = "own-";
const MOST = 6; // pages
const OLDEST = 7 * 24 * 60 * 60 * 1000; // ms
const TIME = "Kept-At";

let turn = Promise.resolve();

self.addEventListener("install", (event) => event.waitUntil(install()));
self.addEventListener("activate", (event) => event.waitUntil(activate()));
self.addEventListener("fetch", (event) => {
  const { pathname, origin, search } = new URL(event.request.url);
  if (origin !== location.origin) return;
  if (event.request.mode === "navigate") event.respondWith(visit(event, search ? "" : pathname));
  else if (event.request.method === "GET" && pathname.startsWith(site.root + "/static/"))
    event.respondWith(file(event.request));
});

async function install() {
  const files = await caches.open(FILES);
  // Without cookies: what everybody finds here names nobody.
  const keep = async (path) => files.put(path, await fetch(path, { credentials: "omit", cache: "no-cache" }));
  await Promise.all([...site.files, ...Object.values(site.offline)].map(keep));
  await self.skipWaiting();
}

async function activate() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("files-") && name !== FILES).map((name) => caches.delete(name)));
  await self.clients.claim();
}

async function file(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const answer = await fetch(request);
  if (answer.status === 200) (await caches.open(FILES)).put(request, answer.clone());
  return answer;
}

async function visit(event, path) {
  if (event.request.method === "POST" && path === site.root + "/logout") await inTurn(() => forgetBut(""));
  let answer;
  try {
    answer = await fetch(event.request);
  } catch {
    return inTurn(() => find(event.request, path));
  }
  const copy = answer.clone();
  event.waitUntil(inTurn(() => note(path, copy)));
  return answer;
}

function isOwn(path) {
  return path.startsWith(site.root) && /^\/my\/(books|gifts)$|^\/drift\/\d+\/code$/.test(path.slice(site.root.length));
}

// One after the other, so that nothing is kept after it was to be forgotten.
function inTurn(step) {
  turn = turn.then(step, step);
  return turn;
}

async function forgetBut(name) {
  const names = await caches.keys();
  await Promise.all(names.filter((kept) => kept.startsWith(OWN) && kept !== name).map((kept) => caches.delete(kept)));
}

async function note(path, answer) {
  const isPage = (answer.headers.get("Content-Type") || "").startsWith("text/html");
  if (!isPage || answer.redirected) return;
  const reader = answer.headers.get("Fisher-Reader");
  if (answer.status === 200) await forgetBut(reader ? OWN + reader : "");
  if (!isOwn(path) || !reader) return;
  const own = await caches.open(OWN + reader);
  await own.delete(path);
  if (answer.status !== 200) return;
  const headers = new Headers(answer.headers);
  for (const name of ["Content-Encoding", "Content-Length"]) headers.delete(name);
  headers.set(TIME, Date.now());
  const text = (await answer.text()).replace("<html ", '<html data-kept="' + Date.now() + '" ');
  await own.put(path, new Response(text, { headers }));
  const paths = await own.keys();
  await Promise.all(paths.slice(0, -MOST).map((old) => own.delete(old)));
}

// A language of the browser as the site names it: zh-TW and the like are zh_Hant.
function spoken(tag) {
  return /^zh\b(?!.*hans).*-(hant|tw|hk|mo)\b/i.test(tag) ? "zh_Hant" : tag.split("-")[0];
}

async function find(request, path) {
  const [own] = (await caches.keys()).filter((name) => name.startsWith(OWN));
  if (own && request.method === "GET") {
    const kept = await (await caches.open(own)).match(path);
    if (kept && Date.now() - kept.headers.get(TIME) < OLDEST) return kept;
  }
  const language = own ? own.slice(OWN.length).split("-")[0] : spoken(navigator.language);
  const pages = await caches.open(FILES);
  return pages.match(site.offline[language] || Object.values(site.offline)[0]);
}
