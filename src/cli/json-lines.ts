import type { JSONPath, Node } from 'jsonc-parser';
import { findNodeAtLocation, parseTree } from 'jsonc-parser';

/** Finds the line (from 1) of a place such as `sms.variants.password-reset` or `US.sms[0]`; of what is not there, its parent's. */
export type LineFinder = (path: string) => number;

/** Reads a JSON text once, even one that is broken, to find places in it. */
export function createLineFinder(text: string): LineFinder {
  const root = parseTree(text);
  return (path) => {
    const node = root === undefined ? undefined : deepest(root, segmentsOf(path));
    // A value's line is that of its key, should somebody have broken the line between them.
    const { offset } = node?.parent?.type === 'property' ? node.parent : (node ?? { offset: 0 });
    return text.slice(0, offset).split('\n').length;
  };
}

function deepest(root: Node, segments: JSONPath): Node {
  for (let length = segments.length; length > 0; length -= 1) {
    const node = findNodeAtLocation(root, segments.slice(0, length));
    if (node !== undefined) return node;
  }
  return root;
}

const segmentsOf = (path: string): JSONPath =>
  [...path.matchAll(/\[(\d+)\]|[^.[\]]+/g)].map(([key, index]) => (index === undefined ? key : Number(index)));
