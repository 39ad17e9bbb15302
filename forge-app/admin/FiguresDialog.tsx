// How a running profile keeps up: what it carried over and how long after the change, as charts.

import { Box, LineChart, Stack, StackBarChart, Text, xcss } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { ProfileSummary } from '../contract.ts';
import type { FigurePoint, FigureRange } from '../contract-watch.ts';
import { texts } from '../texts.ts';
import { Choice } from '../ui/Choice.tsx';
import { Field } from '../ui/Field.tsx';
import { Loading } from '../ui/Loading.tsx';
import { ReadDialog } from '../ui/ReadDialog.tsx';
import { useLoad } from '../ui/use-load.ts';
import { useSteps } from '../ui/use-steps.ts';
import { callAdmin } from './call.ts';
import { lagRows, sumsOf, throughputRows } from './figures.ts';

interface FiguresDialogProps {
  readonly profile: ProfileSummary;
  readonly onClose: () => void;
}

const t = texts.figures;
const narrow = xcss({ width: '220px' });
const chartHeight = 260;

export function FiguresDialog({ profile: { id, name }, onClose }: FiguresDialogProps): ReactNode {
  const [range, setRange] = useState<FigureRange>('day');
  const figures = useLoad(`${id} ${range}`, () => callAdmin('figures', { id, range }));
  return (
    <ReadDialog title={t.title(name)} width="large" onClose={onClose}>
      <Stack space="space.200">
        <Box xcss={narrow}>
          <Field id="figures-range" label={t.range}>
            <Choice id="figures-range" value={range} labels={t.ranges} onChange={setRange} />
          </Field>
        </Box>
        <Loading of={figures}>
          {({ points }: { readonly points: readonly FigurePoint[] }) => <Charts of={points} range={range} />}
        </Loading>
      </Stack>
    </ReadDialog>
  );
}

function Charts({ of, range }: { readonly of: readonly FigurePoint[]; readonly range: FigureRange }): ReactNode {
  const time = useSteps(range === 'week');
  const sums = sumsOf(of);
  const lags = lagRows(of, time, t.series);
  return (
    <Stack space="space.200">
      {/* What the charts show, in words. */}
      <Text>{t.summary(sums.changes, sums.failed)}</Text>
      <StackBarChart
        data={throughputRows(of, time, t.series)}
        xAccessor="at"
        yAccessor="value"
        colorAccessor="series"
        title={t.throughput}
        subtitle={t.throughputWhy}
        height={chartHeight}
      />
      {lags.length === 0 ? (
        <Text color="color.text.subtle">{t.noLag}</Text>
      ) : (
        <LineChart
          data={lags}
          xAccessor="at"
          yAccessor="value"
          colorAccessor="series"
          title={t.lag}
          subtitle={t.lagWhy(sums.averageLagMs, sums.longestLagMs)}
          height={chartHeight}
        />
      )}
    </Stack>
  );
}
