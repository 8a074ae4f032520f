/**
 * A value that cannot be printed by accident: it renders as `[secret]` as a string, as JSON and under `util.inspect`.
 *
 * Only `reveal()` gives the value, and belongs at its one use.
 */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return '[secret]';
  }

  toJSON(): string {
    return '[secret]';
  }

  // The well-known name that node's util.inspect (and so console.log) looks for.
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return '[secret]';
  }
}
