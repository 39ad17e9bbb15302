// Makes elements. What users wrote goes in as text, never as HTML.

export type Child = Node | string | null | false;

interface Attributes {
  readonly [name: string]: string | number | boolean | null | undefined | ((event: never) => void);
}

/** `on…` attributes are listeners; false, null and undefined leave an attribute out. */
export function h<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as EventListener);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== false));
  return element;
}

/** An icon from a path in a box of 16 by 16. */
export function icon(path: string, className = 'icon'): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const shape = document.createElementNS(svg.namespaceURI, 'path');
  shape.setAttribute('d', path);
  svg.append(shape);
  return svg as SVGSVGElement;
}

export function byId<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (!found) throw new Error(`the page has no #${id}`);
  return found as T;
}

const messageMs = 6_000;

export function say(text: string, bad = false): void {
  const line = h('p', { class: bad ? 'bad' : '' }, text);
  byId('messages').append(line);
  setTimeout(() => line.remove(), messageMs);
}

export const fail = (error: unknown): void => say(error instanceof Error ? error.message : String(error), true);
