/** What an XML document of AWS is made of; `undefined` leaves the element out. */
export type XmlValue = string | number | boolean | Date | undefined | readonly XmlValue[] | XmlObject;

export interface XmlObject {
  readonly [name: string]: XmlValue;
}

export interface XmlOptions {
  /** The element around each item of a list, as the query protocol has it; without one the list's own is repeated. */
  readonly itemName?: string;
}

/** Renders the members of an object as elements, one after the other. */
export function renderXml(object: XmlObject, options: XmlOptions = {}): string {
  return Object.entries(object)
    .map(([name, value]) => renderElement(name, value, options))
    .join('');
}

function renderElement(name: string, value: XmlValue, options: XmlOptions): string {
  if (value === undefined) return '';
  if (isList(value)) {
    const { itemName } = options;
    if (itemName === undefined) return value.map((item) => renderElement(name, item, options)).join('');
    return wrap(name, value.map((item) => renderElement(itemName, item, options)).join(''));
  }
  if (value instanceof Date) return wrap(name, value.toISOString());
  return wrap(name, typeof value === 'object' ? renderXml(value, options) : escapeXml(String(value)));
}

// `Array.isArray` does not narrow a readonly list.
const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value);

const wrap = (name: string, content: string) => `<${name}>${content}</${name}>`;

/** Control characters cannot stand in XML 1.0 at all. https://www.w3.org/TR/xml/#charsets */
const escapeXml = (text: string) =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '&#xD;');
