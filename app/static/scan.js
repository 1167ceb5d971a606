// Reads the barcodes of books through the camera: in the browser where that can, else on the server, twice a second.
const PAUSE = 500; // ms
const WIDTH = 960; // pixels of a picture that is sent
const place = document.querySelector("[data-scan]");
const [button, video, status, list] = place.querySelectorAll("button, video, [role=status], ol");
const words = place.dataset;
const form = document.querySelector("form.form");
const total = document.querySelector("[data-basket] .count");
const canvas = document.createElement("canvas");
const start = button.textContent;
const [sent, seen] = [new Set(), new Set()];
let [stream, detector] = [null, null];

place.hidden = !navigator.mediaDevices;
button.addEventListener("click", () => (stream ? stop() : begin()));
window.addEventListener("pagehide", stop);

async function begin() {
  button.disabled = true;
  try {
    const size = { facingMode: "environment", width: { ideal: 1280 } };
    stream = await navigator.mediaDevices.getUserMedia({ video: size });
    video.srcObject = stream;
    video.hidden = false;
    await video.play();
    detector = await find();
    button.textContent = words.stop;
    status.textContent = words.ready;
    look();
  } catch {
    stop();
    status.textContent = words.denied;
  }
  button.disabled = false;
}

function stop() {
  stream?.getTracks().forEach((track) => track.stop());
  stream = null;
  video.hidden = true;
  button.textContent = start;
}

async function find() {
  const formats = (await window.BarcodeDetector?.getSupportedFormats()) || [];
  return formats.includes("ean_13") ? new window.BarcodeDetector({ formats: ["ean_13"] }) : null;
}

async function look() {
  let pause = PAUSE;
  try {
    if (detector) await read();
    else pause = await send("photo", await picture());
  } catch {
    // A picture that was lost: the next one comes in a moment.
  }
  if (stream) setTimeout(look, pause);
}

async function read() {
  for (const { rawValue } of await detector.detect(video)) {
    if (!/^97[89]/.test(rawValue) || sent.has(rawValue)) continue;
    sent.add(rawValue);
    if ((await send("text", rawValue)) > PAUSE) sent.delete(rawValue);
  }
}

function picture() {
  canvas.width = Math.min(WIDTH, video.videoWidth);
  canvas.height = (canvas.width * video.videoHeight) / video.videoWidth;
  canvas.getContext("2d").drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
}

async function send(name, value) {
  const body = new FormData();
  body.set("csrf_token", form.elements.csrf_token.value);
  body.set(name, value);
  const answer = await fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  const told = await answer.json();
  if (answer.status === 429) {
    status.textContent = words.fast;
    return 1000 * (answer.headers.get("Retry-After") || 5);
  }
  if (!answer.ok) {
    stop();
    status.textContent = `${told.error.title} ${told.error.advice}`;
    return PAUSE;
  }
  told.books.filter(({ key }) => !seen.has(key)).forEach(tick);
  if (told.owned) status.textContent = words.owned;
  total.textContent = told.lines;
  return PAUSE;
}

function tick({ key, words: title }) {
  const item = document.createElement("li");
  item.textContent = title;
  seen.add(key);
  list.prepend(item);
  status.textContent = `${words.counted.replace("#", seen.size)} · ${title}`;
  video.classList.add("seen");
  setTimeout(() => video.classList.remove("seen"), PAUSE);
}
