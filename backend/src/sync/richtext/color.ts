// CSS colours as ADF writes them: `#rrggbb`, lower case. Names, hex, rgb() and hsl() come in.
import colorNames from 'color-name';

const names: ReadonlyMap<string, readonly [number, number, number]> = new Map(Object.entries(colorNames));

/** `#rrggbb`, or undefined for what names no visible colour of its own (transparent, inherit, windowtext, var()…). */
export function parseColor(input: string): string | undefined {
  const text = input.trim().toLowerCase();
  const named = names.get(text);
  if (named) return toHex(named);
  const hex = /^#([0-9a-f]{3,8})$/.exec(text)?.[1];
  if (hex !== undefined) return fromHex(hex);
  const call = /^(rgb|hsl)a?\(([^()]*)\)$/.exec(text);
  if (call === null) return undefined;
  const parts = (call[2] ?? '').split(/[\s,/]+/).filter((part) => part !== '');
  if (parts.length < 3) return undefined;
  if (parts[3] !== undefined && scaled(parts[3], 1) === 0) return undefined;
  return call[1] === 'rgb' ? fromRgb(parts) : fromHsl(parts);
}

function fromHex(hex: string): string | undefined {
  if (hex.length === 3 || hex.length === 4) {
    if (hex[3] === '0') return undefined;
    return `#${[...hex.slice(0, 3)].map((digit) => digit + digit).join('')}`;
  }
  if (hex.length === 8 && hex.endsWith('00')) return undefined;
  return hex.length === 6 || hex.length === 8 ? `#${hex.slice(0, 6)}` : undefined;
}

function fromRgb(parts: readonly string[]): string | undefined {
  const channels = parts.slice(0, 3).map((part) => scaled(part, 255));
  return channels.some(Number.isNaN) ? undefined : toHex(channels);
}

function fromHsl(parts: readonly string[]): string | undefined {
  const hue = Number.parseFloat(parts[0] ?? '');
  const [saturation, lightness] = [scaled(parts[1] ?? '', 1), scaled(parts[2] ?? '', 1)];
  if ([hue, saturation, lightness].some(Number.isNaN)) return undefined;
  const reach = saturation * Math.min(lightness, 1 - lightness);
  const channel = (offset: number) => {
    const k = (((offset + hue / 30) % 12) + 12) % 12;
    return 255 * (lightness - reach * Math.max(-1, Math.min(k - 3, 9 - k, 1)));
  };
  return toHex([channel(0), channel(8), channel(4)]);
}

function scaled(part: string, full: number): number {
  const value = Number.parseFloat(part);
  return part.endsWith('%') ? (value / 100) * full : value;
}

function toHex(channels: readonly number[]): string {
  const hex = channels.map((channel) =>
    Math.max(0, Math.min(255, Math.round(channel)))
      .toString(16)
      .padStart(2, '0'),
  );
  return `#${hex.join('')}`;
}

/** The default text colour of editors: black. Pasted content sets it everywhere, so it says nothing. */
export function isPlainTextColor(color: string): boolean {
  return color === '#000000';
}

/** White behind text says nothing. */
export function isPlainBackground(color: string): boolean {
  return color === '#ffffff';
}
