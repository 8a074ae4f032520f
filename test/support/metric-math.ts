/** The data points of one period by the ids of an alarm's metrics; a metric without data is left out. */
export type Period = Readonly<Record<string, number>>;

/**
 * What arithmetic makes of missing data. CloudWatch's guide says zero, and people report that it is missing then as well:
 * an alarm must not depend on it.
 */
export const missingMeans = ['zero', 'missing'] as const;

/**
 * Evaluates a CloudWatch expression for one period: numbers, ids, `+ - * /`, `>=`, `IF` and `FILL`, as far as the guide
 * tells. No data gives undefined; it throws at anything else.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
 */
export function evaluateMetricMath(
  expression: string,
  period: Period,
  missing: (typeof missingMeans)[number],
): number | undefined {
  const tokens = [...expression.matchAll(/\s*(>=|[-+*/(),]|\d+(?:\.\d+)?|[A-Za-z_]\w*|\S)/g)].map(([, token]) => token);
  const take = () => tokens.shift();
  const expect = (wanted: string) => {
    const found = take();
    if (found !== wanted) throw new Error(`expected ${wanted} instead of ${found ?? 'the end'}`);
  };
  const argument = (end: ',' | ')') => {
    const value = comparison();
    expect(end);
    return value;
  };

  function combine(left: number | undefined, right: number | undefined, operate: (a: number, b: number) => number) {
    if (left === undefined && right === undefined) return undefined;
    if (missing === 'missing' && (left === undefined || right === undefined)) return undefined;
    const result = operate(left ?? 0, right ?? 0);
    // A division by zero drops the data point.
    return Number.isFinite(result) ? result : undefined;
  }

  function comparison(): number | undefined {
    const left = sum();
    if (tokens[0] !== '>=') return left;
    take();
    const right = sum();
    // A metric without data is none that is compared: IF drops what its condition has no data for.
    return left === undefined || right === undefined ? undefined : Number(left >= right);
  }

  function sum(): number | undefined {
    let value = product();
    while (tokens[0] === '+' || tokens[0] === '-') {
      const sign = take() === '+' ? 1 : -1;
      value = combine(value, product(), (a, b) => a + sign * b);
    }
    return value;
  }

  function product(): number | undefined {
    let value = atom();
    while (tokens[0] === '*' || tokens[0] === '/') {
      const isTimes = take() === '*';
      value = combine(value, atom(), (a, b) => (isTimes ? a * b : a / b));
    }
    return value;
  }

  function atom(): number | undefined {
    const token = take() ?? '';
    if (token === '(') return argument(')');
    if (/^\d/.test(token)) return Number(token);
    if (token === 'FILL') {
      expect('(');
      const value = argument(',');
      const filler = argument(')');
      return value ?? filler;
    }
    if (token === 'IF') {
      expect('(');
      const condition = argument(',');
      const whenTrue = argument(',');
      const whenFalse = argument(')');
      if (condition === undefined) return undefined;
      // The guide: 0 where the condition is true and the value has no data.
      return condition === 0 ? whenFalse : (whenTrue ?? 0);
    }
    if (/^[a-z]\w*$/.test(token)) return period[token];
    throw new Error(`unknown: ${token}`);
  }

  const value = comparison();
  if (tokens.length > 0) throw new Error(`left over: ${tokens.join(' ')}`);
  return value;
}
