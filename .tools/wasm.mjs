// The little that the build changes in a WebAssembly module: the names of what it imports.

/** The module with every imported function called what `rename` makes of its name. */
export function renameImports(bytes, rename) {
  const parts = [bytes.subarray(0, 8)];
  for (let at = 8; at < bytes.length; ) {
    const [size, start] = number(bytes, at + 1);
    const section = bytes.subarray(start, start + size);
    if (bytes[at] === IMPORTS) {
      const renamed = imports(section, rename);
      parts.push(Buffer.of(IMPORTS), packed(renamed.length), renamed);
    } else {
      parts.push(bytes.subarray(at, start + size));
    }
    at = start + size;
  }
  return Buffer.concat(parts);
}

const IMPORTS = 2;
const FUNCTION = 0;

function imports(section, rename) {
  let [count, at] = number(section, 0);
  const parts = [packed(count)];
  for (; count > 0; count--) {
    const [, afterModule] = text(section, at);
    const [name, afterName] = text(section, afterModule);
    if (section[afterName] !== FUNCTION) throw new Error(`${name}: only functions are expected among the imports`);
    const renamed = Buffer.from(rename(name));
    parts.push(section.subarray(at, afterModule), packed(renamed.length), renamed);
    at = number(section, afterName + 1)[1];
    parts.push(section.subarray(afterName, at));
  }
  return Buffer.concat(parts);
}

/** The LEB128 number at `at`, and where it ends. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++];
    value |= (byte & 0x7f) << shift;
    if (byte < 0x80) return [value >>> 0, at];
  }
}

function text(bytes, at) {
  const [length, start] = number(bytes, at);
  return [bytes.toString("utf8", start, start + length), start + length];
}

function packed(value) {
  const bytes = [];
  do {
    const rest = value >>> 7;
    bytes.push((value & 0x7f) | (rest ? 0x80 : 0));
    value = rest;
  } while (value);
  return Buffer.from(bytes);
}
