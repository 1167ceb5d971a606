// Lets the browser work while a form is filled in: people do not notice, machines that fill in thousands do.
const ticket = document.querySelector("input[name='ticket'][data-bits]");
const form = ticket?.closest("form");
const proof = form?.querySelector("[name='proof']");
let [isAtWork, isSent] = [false, false];

function start() {
  if (isAtWork || proof.value) return;
  isAtWork = true;
  try {
    const worker = new Worker(ticket.dataset.worker);
    worker.addEventListener("message", ({ data }) => finish(data));
    worker.addEventListener("error", () => finish(""));
    worker.postMessage([ticket.dataset.salt, Number(ticket.dataset.bits)]);
  } catch {
    finish("");
  }
}

function finish(number) {
  proof.value = number;
  isAtWork = false;
  if (isSent) form.submit();
}

if (form) {
  form.addEventListener("focusin", start);
  form.addEventListener("input", start);
  form.addEventListener("submit", (event) => {
    if (proof.value) return;
    event.preventDefault();
    const status = form.querySelector("[data-working]");
    status.textContent = status.dataset.working;
    isSent = true;
    start();
  });
}
