// Run by __main__.py in a folder that holds the examples of docs/, models and texts; writes answers beside them.
//   node run.mjs points FROM TO            code points of texts made of every code point → points.i32
//   node run.mjs RUNTIME THREADS LEVEL     probabilities of all models for all texts → MODEL.answers.f32
import { createReadStream, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";

const BATCHES = [1, 64, 2, 7, 1, 33];

const [what, ...rest] = process.argv.slice(2);
if (what === "points") await writePoints(...rest.map(Number));
else await writeAnswers(what, Number(rest[0]), rest[1]);
process.exit(0); // threads of WebAssembly would keep the process

async function writePoints(from, to) {
  const { encode } = await import("./pinfold.mjs");
  const parts = [];
  for (let begin = from; begin < to; begin += 4096) {
    const characters = Array.from({ length: Math.min(4096, to - begin) }, (_, place) => String.fromCodePoint(begin + place));
    const texts = characters.flatMap((each) => [each, `A\u03A3${each}\u0301${each}\u0334 7`]);
    parts.push(encode(texts, ["fold_urls", "fold_numbers"]));
  }
  writeFileSync("points.i32", Buffer.concat(parts.map((part) => Buffer.from(part.buffer))));
}

async function writeAnswers(runtime, threads, level) {
  const { models, texts } = JSON.parse(readFileSync("task.json", "utf-8"));
  const options = { graphOptimizationLevel: level };
  const open = runtime === "onnxruntime-node" ? await native(threads, options) : await browser(threads, options);
  for (const model of models) {
    const predict = await open(`${model}.onnx`);
    const rows = [];
    for (let begin = 0, turn = 0; begin < texts.length; turn++) {
      const batch = texts.slice(begin, (begin += BATCHES[turn % BATCHES.length]));
      for (const labels of await predict(batch)) rows.push(labels.map(({ probability }) => probability));
    }
    if (threads !== (await used(runtime, threads))) throw new Error(`${threads} threads were asked for`);
    writeFileSync(`${model}.answers.f32`, Buffer.from(Float32Array.from(rows.flat()).buffer));
  }
}

// WebAssembly falls back to one thread with no more than a warning.
async function used(runtime, threads) {
  return runtime === "onnxruntime-node" ? threads : (await import("onnxruntime-web")).env.wasm.numThreads;
}

async function native(threads, options) {
  const { open } = await import("./node.mjs");
  return (path) => open(path, { ...options, intraOpNumThreads: threads });
}

async function browser(threads, options) {
  const ort = await import("onnxruntime-web");
  ort.env.wasm.numThreads = threads;
  ort.env.logLevel = "error";
  const { open } = await import("./browser.mjs");
  const server = createServer((request, response) => {
    response.setHeader("connection", "close"); // or the next request may meet a connection that idled too long
    createReadStream(`.${request.url}`).pipe(response);
  });
  await new Promise((listening) => server.listen(0, "127.0.0.1", listening));
  return (path) => open(`http://127.0.0.1:${server.address().port}/${path}`, options);
}
