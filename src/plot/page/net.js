// The two-layer net of section 4.5.1 and its gradient, as in src/ch04/s5_1_two_layer_net.rs.
//
//   x ──W1,b1──▶ a1 ──h──▶ z1 ──W2,b2──▶ a2 ──softmax──▶ y ──cross-entropy──▶ L
//   784          hidden               10               10
//
// A matrix is one Float64Array, row after row: W1[i * hidden + j] leads from pixel i to unit j, and
// W2[j * 10 + k] from unit j to digit k. Nothing in this file uses the document, so that a test can
// run it without a browser.

const SIDE = 28, PIXELS = SIDE * SIDE, CLASSES = 10;

// ---- From the text in the page to numbers

const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));

// W1, b1, W2 and b2. Each part begins with its step, an f64. Its numbers follow as 16-bit integers,
// and have to be multiplied by the step.
function netOf(base64, hidden, activation) {
  const view = new DataView(bytesOf(base64).buffer);
  let at = 0;
  const part = (length) => {
    const step = view.getFloat64(at, true);
    const numbers = Float64Array.from({ length }, (_, i) => step * view.getInt16(at + 8 + 2 * i, true));
    at += 8 + 2 * length;
    return numbers;
  };
  return { hidden, activation, W1: part(PIXELS * hidden), b1: part(hidden), W2: part(hidden * CLASSES), b2: part(CLASSES) };
}

// An image: its index in the data, its label, what the program's net answered, and its pixels, from
// 0 (no ink) to 1. Each byte is a grey level, but a 0 is followed by the number of zeros.
function imageOf([index, label, answer, base64]) {
  const bytes = bytesOf(base64), x = new Float64Array(PIXELS);
  for (let at = 0, i = 0; at < bytes.length; at++) {
    if (bytes[at] === 0) i += bytes[++at];
    else x[i++] = Math.fround(bytes[at] / 255); // the program also divides in 32 bits
  }
  return { index, label, answer, x };
}

// ---- Forward

// The activations h, and their derivatives as functions of z1 = h(a1).
const ACTIVATIONS = {
  sigmoid: { h: (a) => 1 / (1 + Math.exp(-a)), slope: (z) => z * (1 - z) },
  relu: { h: (a) => Math.max(0, a), slope: (z) => (z > 0 ? 1 : 0) },
  step: { h: (a) => (a > 0 ? 1 : 0), slope: () => 0 },
};

function forward({ hidden, activation, W1, b1, W2, b2 }, x) {
  // a1 = x W1 + b1
  const a1 = Float64Array.from(b1);
  for (let i = 0; i < PIXELS; i++) {
    if (x[i] === 0) continue;
    for (let j = 0; j < hidden; j++) a1[j] += x[i] * W1[i * hidden + j];
  }
  // z1 = h(a1)
  const z1 = a1.map(ACTIVATIONS[activation].h);
  // a2 = z1 W2 + b2
  const a2 = Float64Array.from(b2);
  for (let j = 0; j < hidden; j++) {
    for (let k = 0; k < CLASSES; k++) a2[k] += z1[j] * W2[j * CLASSES + k];
  }
  return { a1, z1, a2, y: softmax(a2) };
}

// y_k = exp(a_k − max) / Σ exp(a_i − max)
function softmax(a) {
  const max = Math.max(...a);
  const e = a.map((v) => Math.exp(v - max));
  const sum = e.reduce((s, v) => s + v, 0);
  return e.map((v) => v / sum);
}

// −ln y for the label: ln Σ exp(a_i) − a_label
function crossEntropy(a, label) {
  const max = Math.max(...a);
  return Math.log(a.reduce((s, v) => s + Math.exp(v - max), 0)) + max - a[label];
}

const bestOf = (y) => y.indexOf(Math.max(...y));

// Whether the probabilities are numbers. They are not if the weights are too large.
const areNumbers = (y) => y.every(Number.isFinite);

// The mean loss of some images.
function loss(net, images) {
  let sum = 0;
  for (const { x, label } of images) sum += crossEntropy(forward(net, x).a2, label);
  return sum / images.length;
}

// How many images are read rightly.
const countRight = (net, images) => images.filter(({ x, label }) => bestOf(forward(net, x).y) === label).length;

// ---- Backward

// ∂L/∂W1, ∂L/∂b1, ∂L/∂W2 and ∂L/∂b2 by backpropagation, for the mean loss L of some images.
function gradient(net, images) {
  const { hidden, activation, W2 } = net;
  const dW1 = new Float64Array(PIXELS * hidden), db1 = new Float64Array(hidden);
  const dW2 = new Float64Array(hidden * CLASSES), db2 = new Float64Array(CLASSES);
  const da1 = new Float64Array(hidden);
  for (const { x, label } of images) {
    const { z1, y } = forward(net, x);
    // dy = (y − t) / N is the derivative by a2
    const dy = y.map((v, k) => (v - (k === label ? 1 : 0)) / images.length);
    for (let k = 0; k < CLASSES; k++) db2[k] += dy[k];
    for (let j = 0; j < hidden; j++) {
      let dz1 = 0;
      for (let k = 0; k < CLASSES; k++) {
        dW2[j * CLASSES + k] += z1[j] * dy[k];
        dz1 += dy[k] * W2[j * CLASSES + k];
      }
      da1[j] = dz1 * ACTIVATIONS[activation].slope(z1[j]);
      db1[j] += da1[j];
    }
    for (let i = 0; i < PIXELS; i++) {
      if (x[i] === 0) continue;
      for (let j = 0; j < hidden; j++) dW1[i * hidden + j] += x[i] * da1[j];
    }
  }
  return { W1: dW1, b1: db1, W2: dW2, b2: db2 };
}

// One step of gradient descent, formula 4.7: W ← W − η ∂L/∂W.
function descend(net, gradient, rate) {
  for (const part of ['W1', 'b1', 'W2', 'b2']) {
    for (let i = 0; i < net[part].length; i++) net[part][i] -= rate * gradient[part][i];
  }
}

// A copy that can learn, with another activation.
const copyOf = (net, activation) => ({
  ...net, activation, W1: net.W1.slice(), b1: net.b1.slice(), W2: net.W2.slice(), b2: net.b2.slice(),
});

// ---- One weight: part is 'W1' or 'W2', and index its place in the part

function lossWith(net, { part, index }, value, images) {
  const before = net[part][index];
  net[part][index] = value;
  const result = loss(net, images);
  net[part][index] = before; // what is changed is put back
  return result;
}

// (L(w + h) − L(w − h)) / 2h, with both losses.
function centralDifference(net, weight, h, images) {
  const w = net[weight.part][weight.index];
  const above = lossWith(net, weight, w + h, images), below = lossWith(net, weight, w - h, images);
  return { above, below, quotient: (above - below) / (2 * h) };
}

// The loss as a function of how far one weight is moved. A weight changes one hidden unit or one
// score, so the rest of each image's forward pass is kept. This is for curves with many points.
function lossAlong(net, { part, index }, images) {
  const { h } = ACTIVATIONS[net.activation];
  const width = part === 'W1' ? net.hidden : CLASSES;
  const from = Math.floor(index / width), to = index % width;
  const kept = images.map(({ x, label }) => ({ x, label, ...forward(net, x) }));
  return (by) => {
    let sum = 0;
    for (const { x, label, a1, z1, a2 } of kept) {
      const moved = a2.slice();
      if (part === 'W2') moved[to] += by * z1[from];
      else {
        const change = h(a1[to] + by * x[from]) - z1[to];
        for (let k = 0; k < CLASSES; k++) moved[k] += change * net.W2[to * CLASSES + k];
      }
      sum += crossEntropy(moved, label);
    }
    return sum / images.length;
  };
}

// ---- Random numbers that are the same each time

// From 0 to 1. Source: T. Ettinger, "mulberry32" (2017).
function random(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// A net that has not learned: weights from N(0, 0.01²) by the Box–Muller method, biases 0.
function randomNet(hidden, activation, uniform) {
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const weights = (length) => Float64Array.from({ length }, () => 0.01 * normal());
  const W1 = weights(PIXELS * hidden), W2 = weights(hidden * CLASSES);
  return { hidden, activation, W1, b1: new Float64Array(hidden), W2, b2: new Float64Array(CLASSES) };
}
