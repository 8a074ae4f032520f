import type { Decoded, Problem } from '../../src/core/decode.ts';
import { renderProblems } from '../../src/core/decode.ts';

/** The decoded value; throws with the problems when there is none. */
export function valueIn<T>(decoded: Decoded<T>): T {
  if (decoded.ok) return decoded.value;
  throw new Error(renderProblems(decoded.problems, 'the input'));
}

/** What is wrong with the input; throws when nothing is. */
export function problemsIn(decoded: Decoded<unknown>): readonly Problem[] {
  if (!decoded.ok) return decoded.problems;
  throw new Error('the input was decoded');
}
