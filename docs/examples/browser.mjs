// <script type="importmap">{"imports": {"onnxruntime-web": "/onnxruntime-web/ort.wasm.bundle.min.mjs"}}</script>
// <script type="module">
//   import { open } from "./browser.mjs";
//   const predict = await open("model.onnx");
//   console.log(await predict(["Where is my refund?"]));
// </script>
import * as ort from "onnxruntime-web";
import { encode, readMetadata } from "./pinfold.mjs";

export async function open(url, options = {}) {
  const file = new Uint8Array(await (await fetch(url)).arrayBuffer());
  const { labels, normalization } = readMetadata(file);
  const session = await ort.InferenceSession.create(file, { executionProviders: ["wasm"], ...options });
  return async (texts) => {
    const points = encode(texts, normalization);
    const { probabilities } = await session.run({ text: new ort.Tensor("int32", points, [points.length]) });
    const row = (place) => probabilities.data.subarray(place * labels.length, (place + 1) * labels.length);
    return texts.map((_, place) => labels.map((name, column) => ({ name, probability: row(place)[column] })));
  };
}
