import { UsageError } from '../core/error.ts';
import type { Expectation, FactName } from '../core/expectation.ts';
import { parseExpectation } from '../core/expectation.ts';

/** Reads every `--expect`; one that the target cannot know is refused before anything is sent. */
export function readExpectations(
  written: readonly string[],
  tells: readonly FactName[],
  target: string,
): readonly Expectation[] {
  return written.map((one) => {
    const parsed = parseExpectation(one);
    if (!parsed.ok) {
      const [problem] = parsed.problems;
      const name = problem?.path === '' ? '"--expect"' : `"--expect": ${problem?.path}`;
      throw new UsageError('expect-invalid', `${name} ${problem?.message ?? 'is not valid'}`, {
        hint: `--expect name=value, with one of ${tells.join(', ')}`,
      });
    }
    if (!tells.includes(parsed.value.name)) {
      throw new UsageError('expect-unknowable', `"--expect": the target "${target}" cannot tell ${parsed.value.name}`, {
        hint: `it tells ${tells.join(', ')}`,
      });
    }
    return parsed.value;
  });
}
