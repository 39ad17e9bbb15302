// Charts, drawn as plain SVG: https://developer.atlassian.com/platform/forge/ui-kit/components/line-chart/ and …/stack-bar-chart/.
// Rows are arrays or objects; the accessors are their indexes or names.

import Heading from '@atlaskit/heading';
import { Text } from '@atlaskit/primitives';
import type { ReactNode } from 'react';
import type { Renderers } from '../render.tsx';

interface Point {
  readonly x: string;
  readonly y: number;
  readonly series: string;
}

const colors = ['var(--ds-chart-categorical-1, #357DE8)', 'var(--ds-chart-categorical-3, #964AC0)', '#E06C00'];
const frame = { width: 720, left: 48, right: 8, top: 8, bottom: 28 };
const defaultHeight = 400;
const shownLabels = 8;

function pointsOf(props: Readonly<Record<string, unknown>>): readonly Point[] {
  const { data, xAccessor, yAccessor, colorAccessor } = props;
  if (!Array.isArray(data)) throw new Error('data must be an array');
  const at = (row: unknown, accessor: unknown): unknown => (row as Record<string, unknown>)[String(accessor)];
  return data.map((row) => {
    const y = at(row, yAccessor);
    if (typeof y !== 'number') throw new Error(`yAccessor ${String(yAccessor)} must name a number`);
    return {
      x: String(at(row, xAccessor)),
      y,
      series: colorAccessor === undefined ? '' : String(at(row, colorAccessor)),
    };
  });
}

type Draw = (plot: {
  readonly points: readonly Point[];
  readonly xs: readonly string[];
  readonly names: readonly string[];
  readonly step: number;
  /** Of a value, from the top. */
  readonly y: (value: number) => number;
  readonly floor: number;
}) => ReactNode;

function chart(props: Readonly<Record<string, unknown>>, stacked: boolean, draw: Draw): ReactNode {
  const points = pointsOf(props);
  const height = typeof props.height === 'number' ? props.height : defaultHeight;
  const title = String(props.title ?? '');
  const xs = [...new Set(points.map(({ x }) => x))];
  const names = [...new Set(points.map(({ series }) => series))];
  const sums = xs.map((x) =>
    points.filter((point) => point.x === x).reduce((all, { y }) => (stacked ? all + y : Math.max(all, y)), 0),
  );
  const top = Math.max(1, ...sums);
  const floor = height - frame.bottom;
  const step = (frame.width - frame.left - frame.right) / Math.max(1, xs.length);
  const y = (value: number): number => floor - (value / top) * (floor - frame.top);
  const every = Math.ceil(xs.length / shownLabels);
  return (
    <div>
      {title !== '' && (
        <Heading size="xsmall" as="h3">
          {title}
        </Heading>
      )}
      {props.subtitle !== undefined && <Text size="small">{String(props.subtitle)}</Text>}
      <svg viewBox={`0 0 ${frame.width} ${height}`} width="100%" role="img" aria-label={title} style={{ fontSize: 11 }}>
        {[0, top / 2, top].map((value) => (
          <g key={value}>
            <line
              x1={frame.left}
              x2={frame.width - frame.right}
              y1={y(value)}
              y2={y(value)}
              stroke="var(--ds-border, #ddd)"
            />
            <text x={frame.left - 6} y={y(value) + 4} textAnchor="end">
              {Math.round(value * 10) / 10}
            </text>
          </g>
        ))}
        {xs.map((x, index) =>
          index % every === 0 ? (
            <text key={x} x={frame.left + (index + 0.5) * step} y={height - 8} textAnchor="middle">
              {x}
            </text>
          ) : null,
        )}
        {draw({ points, xs, names, step, y, floor })}
      </svg>
      {names.length > 1 && (
        <div style={{ display: 'flex', gap: 16, fontSize: 12 }}>
          {names.map((name, index) => (
            <span key={name}>
              <span style={{ color: colors[index % colors.length] }}>■</span> {name}
            </span>
          ))}
        </div>
      )}
    </div>
  );
}

const centre = (index: number, step: number): number => frame.left + (index + 0.5) * step;

export const charts: Renderers = {
  StackBarChart: ({ props }) =>
    chart(props, true, ({ points, xs, names, step, y, floor }) =>
      xs.flatMap((x, column) => {
        let below = 0;
        return names.map((name, index) => {
          const value = points.filter((one) => one.x === x && one.series === name).reduce((sum, one) => sum + one.y, 0);
          const high = floor - y(value);
          below += high;
          return (
            <rect
              key={`${x} ${name}`}
              x={centre(column, step) - step * 0.35}
              y={floor - below}
              width={step * 0.7}
              height={high}
              fill={colors[index % colors.length]}
            />
          );
        });
      }),
    ),
  LineChart: ({ props }) =>
    chart(props, false, ({ points, xs, names, step, y }) =>
      names.map((name, index) => {
        const line = points.filter(({ series }) => series === name);
        const place = (point: Point) => `${centre(xs.indexOf(point.x), step)},${y(point.y)}`;
        const color = colors[index % colors.length];
        return (
          <g key={name}>
            <polyline points={line.map(place).join(' ')} fill="none" stroke={color} strokeWidth={2} />
            {line.map((point) => (
              <circle key={point.x} cx={centre(xs.indexOf(point.x), step)} cy={y(point.y)} r={3} fill={color} />
            ))}
          </g>
        );
      }),
    ),
};
