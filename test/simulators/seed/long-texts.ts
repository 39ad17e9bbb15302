// Texts close to the services' limit of 32,767 characters. They are put together from many small pieces that differ in kind.

const STREETS = [
  'Rua do Almada',
  'Karmelicka',
  'Quai Perrache',
  'Altonaer Straße',
  'شارع الرقة',
  '御堂筋',
  'Ponsonby Road',
  'Ulica Długa',
  'Väinö Auerin katu',
  'Đường Nguyễn Huệ',
  'Rothenburger Weg',
  'Avenida da Boavista',
  'Cours Lafayette',
  'Dominion Road',
] as const;

const EVENTS = [
  ['planner', 'relaxed promise of stop {s} by {n} s, van {v} full'],
  ['planner', 'insertion of {s} into van {v} costs {n} m, kept'],
  ['router', 'no edge within {n} m of the door in {street}, snapped to the yard'],
  ['router', 'turn restriction ignored for van {v}: vehicle profile says < 3.5 t'],
  ['gateway', 'position of van {v} is {n} s old, still used'],
  ['gateway', 'reconnect of van {v} after {n} s, {m} points sent again'],
  ['cold', 'probe {p} of van {v}: {t} °C, limit 8.0 °C, door open'],
  ['cold', 'probe {p} of van {v} silent for {n} s, last {t} °C'],
  ['depot', 'bay {m} free {n} s earlier than planned'],
  ['planner', 'van {v}: break of {m} min moved behind stop {s} in {street}'],
  ['eta', 'stop {s}: window shrank to {m} min, sure in {n} of 1000'],
  ['store', 'plan written, {n} rows, {m} unchanged'],
] as const;

/** A planner's log of one bad night: about `length` characters, always the same ones. */
export function plannerLog(length: number, seed = 20_261_017): string {
  const lines: string[] = [];
  let size = 0;
  let state = seed;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((state / 0x8000_0000) * limit);
  };
  let second = 2 * 3600;
  for (;;) {
    second += 1 + next(40);
    const [source, text] = EVENTS[next(EVENTS.length)] ?? EVENTS[0];
    const time = [Math.floor(second / 3600), Math.floor(second / 60) % 60, second % 60].map((part) =>
      String(part).padStart(2, '0'),
    );
    const message = text
      .replace('{s}', `${70_000 + next(9_000)}-${1 + next(19)}`)
      .replace('{v}', `HH-TN ${100 + next(80)}`)
      .replace('{n}', String(1 + next(900)))
      .replace('{m}', String(1 + next(59)))
      .replace('{p}', 'ABCD'.charAt(next(4)))
      .replace('{t}', (2 + next(90) / 10).toFixed(1))
      .replace('{street}', STREETS[next(STREETS.length)] ?? '');
    const line = `${time.join(':')}.${String(next(1000)).padStart(3, '0')} ${source.padEnd(8)}${message}`;
    if (size + line.length + 1 > length) return lines.join('\n');
    lines.push(line);
    size += line.length + 1;
  }
}
