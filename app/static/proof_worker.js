// Finds the number that proves the work: its SHA-256, together with a salt, begins with so many zero bits.
const [roots, first] = [new Uint32Array(64), new Uint32Array(8)];
const words = new Uint32Array(64);

for (let [number, found] = [2, 0]; found < 64; number += 1) {
  let divisor = 2;
  while (number % divisor) divisor += 1;
  if (divisor === number) {
    roots[found] = (Math.cbrt(number) % 1) * 0x100000000;
    if (found < 8) first[found] = (Math.sqrt(number) % 1) * 0x100000000;
    found += 1;
  }
}

function turned(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

// The first word of the hash of a text of at most 55 letters.
function firstWord(text) {
  words.fill(0, 0, 16);
  for (let at = 0; at < text.length; at += 1) words[at >> 2] |= text.charCodeAt(at) << (24 - 8 * (at & 3));
  words[text.length >> 2] |= 0x80 << (24 - 8 * (text.length & 3));
  words[15] = 8 * text.length;
  for (let at = 16; at < 64; at += 1) {
    const low = words[at - 15];
    const high = words[at - 2];
    const lower = turned(low, 7) ^ turned(low, 18) ^ (low >>> 3);
    const higher = turned(high, 17) ^ turned(high, 19) ^ (high >>> 10);
    words[at] = words[at - 16] + lower + words[at - 7] + higher;
  }
  // One by one: taking an array apart would cost more than all the rest.
  let a = first[0];
  let b = first[1];
  let c = first[2];
  let d = first[3];
  let e = first[4];
  let f = first[5];
  let g = first[6];
  let h = first[7];
  for (let at = 0; at < 64; at += 1) {
    const one = (h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + roots[at] + words[at]) | 0;
    const two = ((turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + one) | 0;
    d = c;
    c = b;
    b = a;
    a = (one + two) | 0;
  }
  return (first[0] + a) >>> 0;
}

addEventListener("message", ({ data: [salt, bits] }) => {
  let number = 0;
  while (firstWord(`${salt}:${number}`) >>> (32 - bits)) number += 1;
  postMessage(String(number));
});
