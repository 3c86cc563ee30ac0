// npm install onnxruntime-node, then: node node.mjs model.onnx "Where is my refund?"
import { readFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import * as ort from "onnxruntime-node";
import { encode, readMetadata } from "./pinfold.mjs";

export async function open(path, options = {}) {
  const file = readFileSync(path);
  const { labels, normalization } = readMetadata(file);
  const session = await ort.InferenceSession.create(file, options);
  return async (texts) => {
    const points = encode(texts, normalization);
    const { probabilities } = await session.run({ text: new ort.Tensor("int32", points, [points.length]) });
    const row = (place) => probabilities.data.subarray(place * labels.length, (place + 1) * labels.length);
    return texts.map((_, place) => labels.map((name, column) => ({ name, probability: row(place)[column] })));
  };
}

if (process.argv[2] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const predict = await open(process.argv[2]);
  console.log((await predict(process.argv.slice(3))).map((all) => all.filter(({ probability }) => probability >= 0.25)));
}
