// Tabs: https://developer.atlassian.com/platform/forge/ui-kit/components/tabs/

import Tabs, { Tab, TabList, TabPanel } from '@atlaskit/tabs';
import type { Renderers } from '../render.tsx';

export const tabs: Renderers = {
  Tabs: ({ props, children }, render) => (
    <Tabs
      id={String(props.id)}
      {...(typeof props.selected === 'number' ? { selected: props.selected } : {})}
      onChange={(index) => (props.onChange as ((index: number) => void) | undefined)?.(index)}
    >
      {render(children)}
    </Tabs>
  ),
  TabList: ({ children }, render) => <TabList>{render(children)}</TabList>,
  Tab: ({ children }, render) => <Tab>{render(children)}</Tab>,
  TabPanel: ({ children }, render) => (
    <TabPanel>
      <div style={{ width: '100%', paddingTop: 24 }}>{render(children)}</div>
    </TabPanel>
  ),
};
