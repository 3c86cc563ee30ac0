// What a client of a model file needs beside ONNX Runtime: the file's metadata, and code points of texts as the file
// reads them. No dependencies; the tables below serve any language (docs/model-file.md says how they are used).

const CODE_POINTS_MAX = 65536;
const PIECE = 1024;

// What lower-casing leaves different from full case folding, as code points in hex: `from:to+to`. Two ranges of Cherokee
// letters follow a rule instead: U+AB70–ABBF become U+13A0–13EF, U+13F8–13FD become U+13F0–13F5.
const FOLDS = `
  df:73+73 130:69+307 1f0:6a+30c 345:3b9 390:3b9+308+301 3b0:3c5+308+301 3c2:3c3 1c80:432 1c81:434 1c82:43e 1c83:441
  1c84:442 1c85:442 1c86:44a 1c87:463 1c88:a64b 1e96:68+331 1e97:74+308 1e98:77+30a 1e99:79+30a 1f50:3c5+313
  1f52:3c5+313+300 1f54:3c5+313+301 1f56:3c5+313+342 1f80:1f00+3b9 1f81:1f01+3b9 1f82:1f02+3b9 1f83:1f03+3b9
  1f84:1f04+3b9 1f85:1f05+3b9 1f86:1f06+3b9 1f87:1f07+3b9 1f90:1f20+3b9 1f91:1f21+3b9 1f92:1f22+3b9 1f93:1f23+3b9
  1f94:1f24+3b9 1f95:1f25+3b9 1f96:1f26+3b9 1f97:1f27+3b9 1fa0:1f60+3b9 1fa1:1f61+3b9 1fa2:1f62+3b9 1fa3:1f63+3b9
  1fa4:1f64+3b9 1fa5:1f65+3b9 1fa6:1f66+3b9 1fa7:1f67+3b9 1fb2:1f70+3b9 1fb3:3b1+3b9 1fb4:3ac+3b9 1fb6:3b1+342
  1fb7:3b1+342+3b9 1fc2:1f74+3b9 1fc3:3b7+3b9 1fc4:3ae+3b9 1fc6:3b7+342 1fc7:3b7+342+3b9 1fd2:3b9+308+300 1fd6:3b9+342
  1fd7:3b9+308+342 1fe2:3c5+308+300 1fe4:3c1+313 1fe6:3c5+342 1fe7:3c5+308+342 1ff2:1f7c+3b9 1ff3:3c9+3b9 1ff4:3ce+3b9
  1ff6:3c9+342 1ff7:3c9+342+3b9`;

// Texts are read by Unicode 14.0. Characters of these ranges were assigned later, by 15.0 to 17.0, and stand for themselves.
const LATER = `
  897-897 1acf-1aeb 1c89-1c8a a7cb-a7cf a7d2-a7d2 a7d4-a7d4 a7da-a7f1 105c9-105e4 10d40-10d85 10efa-10eff 11382-113d0
  116d0-116e3 11bf0-11bf9 11de0-11de9 11f41-11f59 1611e-16139 16d63-16d79 16ea0-16ed3 1ccd6-1ccf9 1e030-1e08f 1e4ec-1e6f5`;

const folded = new Map();
for (const entry of FOLDS.trim().split(/\s+/)) {
  const [from, to] = entry.split(":");
  folded.set(character(from), to.split("+").map(character).join(""));
}
for (let point = 0xab70; point <= 0xabbf; point++) folded.set(String.fromCodePoint(point), String.fromCodePoint(point - 0x97d0));
for (let point = 0x13f8; point <= 0x13fd; point++) folded.set(String.fromCodePoint(point), String.fromCodePoint(point - 8));
const later = LATER.trim().split(/\s+/).map((range) => range.split("-").map(character).join("-")).join("");
const toFold = new RegExp(`[${[...folded.keys()].join("")}]`, "gu");
const stable = new RegExp(`[^${later}]+`, "gu");
const digits = new RegExp(`(?:(?![${later}])\\p{Nd})+`, "gu");

/** The input `text` of a model: code points of all texts, each ended by 0. `steps`: `normalization` of the metadata. */
export function encode(texts, steps = []) {
  const points = [];
  for (const text of texts) {
    for (const each of normalize(text, steps)) points.push(each.codePointAt(0));
    points.push(0);
  }
  return Int32Array.from(points);
}

/** A text as a model reads it. */
export function normalize(text, steps = []) {
  const points = Array.from(text).slice(0, CODE_POINTS_MAX);
  let read = "";
  for (let begin = 0; begin < points.length; begin += PIECE) {
    read += points.slice(begin, begin + PIECE).join("").replace(stable, fold);
  }
  read = read.replace(/[\x00-\x1f\x7f-\x9f]/g, " ").replace(/[\ud800-\udfff]/gu, "\ufffd");
  read = Array.from(read).slice(0, CODE_POINTS_MAX).join("");
  if (steps.includes("fold_urls")) read = read.replace(/(?<![0-9a-z_])(?:https?:\/\/|www\.)[!-~]+/g, "_url_");
  if (steps.includes("fold_numbers")) read = read.replace(digits, "0");
  return read;
}

/** Metadata of a model file, values of JSON parsed; ONNX Runtime's JavaScript interface does not give them. */
export function readMetadata(file) {
  const found = {};
  for (const [number, value] of fields(file)) {
    if (number !== 14) continue; // ModelProto.metadata_props
    const [key, text] = Array.from(fields(value), ([, bytes]) => new TextDecoder().decode(bytes));
    found[key.replace("pinfold.", "")] = /^[[{"\d]/.test(text) ? JSON.parse(text) : text;
  }
  return found;
}

function fold(text) {
  return text.normalize("NFKC").toLowerCase().replace(toFold, (each) => folded.get(each));
}

function character(hex) {
  return String.fromCodePoint(parseInt(hex, 16));
}

/** Numbers and values of the length-delimited fields of a protobuf message; varints are stepped over. */
function* fields(message) {
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const size = varint();
    if (tag % 8 !== 2) continue;
    yield [Math.floor(tag / 8), message.subarray(at, at + size)];
    at += size;
  }
}
