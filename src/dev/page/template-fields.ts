import { isObject, parseJson } from '../../core/decode.ts';
import { requestTypes } from '../../core/request-type.ts';

/** A text of a language file that can be edited by itself. */
export interface TemplateField {
  readonly path: readonly string[];
  readonly text: string;
}

/** The texts of a language file in the order of their places; none where the file is no JSON. */
export function fieldsOf(file: string): readonly TemplateField[] {
  const json = parseJson(file);
  const paths = [
    ['sms', 'text'],
    ...requestTypes.map((type) => ['sms', 'variants', type]),
    ['voice', 'ssml'],
    ...requestTypes.map((type) => ['voice', 'variants', type]),
  ];
  return paths.flatMap((path) => {
    const text = json.ok ? path.reduce(at, json.value) : undefined;
    return typeof text === 'string' ? [{ path, text }] : [];
  });
}

const at = (value: unknown, key: string): unknown => (isObject(value) ? value[key] : undefined);

/** The file with another value in one place, written as the shipped files are; as it was where it is no JSON. */
export function withValue(file: string, path: readonly string[], value: unknown): string {
  const json = parseJson(file);
  return json.ok ? `${JSON.stringify(put(json.value, path, value), null, 2)}\n` : file;
}

function put(into: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const object = isObject(into) ? into : {};
  return { ...object, [key]: put(object[key], rest, value) };
}
