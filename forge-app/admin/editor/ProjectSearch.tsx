// Chooses a project of one side; the backend searches, so that a site with thousands of projects works too.

import type { ReactNode } from 'react';
import { useEffect, useState } from 'react';
import type { Answer, Project, ProjectPage } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Field } from '../../ui/Field.tsx';
import { LoadFailure } from '../../ui/LoadFailure.tsx';
import { Search } from '../../ui/Search.tsx';
import { useLoad } from '../../ui/use-load.ts';

interface ProjectSearchProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  /** What of a project is chosen: its key in Jira, its name in Azure DevOps. */
  readonly pick: (project: Project) => string;
  readonly search: (query: string) => Promise<Answer<ProjectPage>>;
  readonly error?: string | undefined;
  readonly onChange: (value: string) => void;
}

const t = texts.projects;
const pauseMs = 300;

export function ProjectSearch({ id, label, value, pick, search, error, onChange }: ProjectSearchProps): ReactNode {
  const [typed, setTyped] = useState('');
  const [query, setQuery] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setQuery(typed), pauseMs);
    return () => clearTimeout(timer);
  }, [typed]);
  const page = useLoad(query, () => search(query));
  const projects = page.value?.projects ?? [];
  return (
    <Field
      id={id}
      label={label}
      required
      error={error}
      hint={page.value !== null && page.value.next !== null ? t.more : undefined}
    >
      <Search
        id={id}
        value={value}
        options={projects.map((project) => ({ value: pick(project), label: labelOf(project) }))}
        placeholder={t.search}
        loading={page.loading}
        invalid={error !== undefined}
        onChange={onChange}
        onType={setTyped}
      />
      <LoadFailure of={page} title={t.failed} />
    </Field>
  );
}

const labelOf = ({ key, name }: Project): string => (key === '' || key === name ? name : `${name} (${key})`);
