// The sections of a profile's settings, in the order of the wizard; the editor of a running profile has the same as tabs.

import type { ReactNode } from 'react';
import type { SettingsProblem } from '../../contract.ts';
import { FieldsSection } from './FieldsSection.tsx';
import { PeopleSection } from './PeopleSection.tsx';
import { PoliciesSection } from './PoliciesSection.tsx';
import { ScopeSection } from './ScopeSection.tsx';
import { StatesSection } from './StatesSection.tsx';
import type { SectionProps } from './section-props.ts';
import { TypesSection } from './TypesSection.tsx';

export const sections = ['scope', 'types', 'states', 'fields', 'people', 'policies'] as const;
export type SectionName = (typeof sections)[number];

/** Where the thing that a problem is about is edited. */
export function sectionOf({ path }: SettingsProblem): SectionName {
  const [first = '', , part = ''] = path.split('.');
  if (first === 'types') return part === 'states' ? 'states' : 'types';
  if (first === 'states' || first === 'fields') return first;
  if (first === 'users' || path.startsWith('policies.unmappedUser')) return 'people';
  return first === 'policies' || first === 'timeZone' ? 'policies' : 'scope';
}

const components = {
  scope: ScopeSection,
  types: TypesSection,
  states: StatesSection,
  fields: FieldsSection,
  people: PeopleSection,
  policies: PoliciesSection,
} satisfies Record<SectionName, (props: SectionProps) => ReactNode>;

export function Section({ name, ...props }: SectionProps & { readonly name: SectionName }): ReactNode {
  const Named = components[name];
  return <Named {...props} />;
}
