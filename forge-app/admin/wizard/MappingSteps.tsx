// Steps three to eight of the wizard, with the sections of the editor; what is typed is kept as a draft as one goes.

import { Button, Form, Inline, LoadingButton, Stack } from '@forge/react';
import { type ReactNode, useState } from 'react';
import type { ProfileDetail } from '../../contract.ts';
import { texts } from '../../texts.ts';
import { Failure } from '../../ui/Failure.tsx';
import { tell } from '../../ui/flag.ts';
import { LoadFailure } from '../../ui/LoadFailure.tsx';
import { useAction } from '../../ui/use-action.ts';
import { callAdmin } from '../call.ts';
import { ProblemList } from '../editor/ProblemList.tsx';
import { Section, sectionOf } from '../editor/sections.tsx';
import { useEditor } from '../editor/use-editor.ts';
import { PreviewStep } from './PreviewStep.tsx';
import { type MappingStep, stepAfter, stepBefore } from './steps.ts';
import { useKeptDraft } from './use-kept-draft.ts';
import type { Begun } from './Wizard.tsx';
import { WizardProgress } from './WizardProgress.tsx';

interface MappingStepsProps {
  readonly begun: Begun;
  /** Back to the choice of projects; null for a draft that was gone on with, whose projects are chosen. */
  readonly onBack: (() => void) | null;
  readonly onDone: () => void;
}

const t = texts.wizard;

export function MappingSteps({ begun, onBack, onDone }: MappingStepsProps): ReactNode {
  const { settings, problems, section, catalogs, check } = useEditor(begun);
  const [profile, setProfile] = useState<ProfileDetail | null>(begun.profile);
  const [step, setStep] = useState<MappingStep>(begun.step);
  const [leaving, setLeaving] = useState(false);
  const action = useAction();
  const kept = useKeptDraft({ id: profile?.id ?? null, savedAt: begun.savedAt, settings, step });

  /** A profile that could not be stored before, now that its filter keeps it apart from others. */
  const store = async (): Promise<boolean> => {
    if (profile !== null) return true;
    const input = { azureConnectionId: begun.connectionId, settings };
    const made = await action.run('store', () => callAdmin('createProfile', { profile: input }));
    if (made) setProfile(made.value);
    return made !== null;
  };
  const go = async (to: MappingStep): Promise<void> => {
    if (!(await store())) return;
    // What kept it from being stored is said no longer.
    if (profile === null) await check(action);
    if (to === 'preview') {
      const found = await check(action);
      if (found === 'unknown') return;
      if (found !== null) return setStep(sectionOf(found));
    }
    action.fail(null);
    setStep(to);
  };
  const leave = async (): Promise<void> => {
    setLeaving(true);
    const safe = await kept.keep();
    setLeaving(false);
    if (!safe) return;
    tell(t.kept);
    onDone();
  };
  const before = stepBefore(step);
  /** Other projects are another profile: the one that was made for these has nothing yet. */
  const chooseAgain = async (): Promise<void> => {
    if (profile !== null && !(await action.run('back', () => callAdmin('deleteProfile', { id: profile.id })))) return;
    onBack?.();
  };
  const buttons = (
    <>
      {(before !== null || onBack !== null) && (
        <Button onClick={() => (before === null ? void chooseAgain() : setStep(before))}>{t.back}</Button>
      )}
      {profile === null ? (
        <Button appearance="subtle" onClick={onDone}>
          {texts.common.cancel}
        </Button>
      ) : (
        <LoadingButton appearance="subtle" isLoading={leaving} onClick={leave}>
          {t.leave}
        </LoadingButton>
      )}
    </>
  );
  const failures = (
    <>
      <Failure error={action.error} />
      <Failure error={kept.error} title={t.notKept} retry={() => void kept.keep()} retrying={kept.saving} />
    </>
  );
  const title = t.titleOf(settings.jira.project, settings.azure.project);

  if (step === 'preview' && profile !== null) {
    return (
      <Stack space="space.300">
        <WizardProgress title={title} at={step} />
        <PreviewStep profile={profile} settings={settings} onSaved={setProfile} onDone={onDone}>
          {buttons}
        </PreviewStep>
        {failures}
      </Stack>
    );
  }
  const here = problems.filter((problem) => sectionOf(problem) === step);
  return (
    <Form onSubmit={() => go(stepAfter(step))}>
      <Stack space="space.300">
        <WizardProgress title={title} at={step} />
        <LoadFailure of={catalogs} title={texts.editor.catalogFailed} />
        {step !== 'preview' && <Section name={step} {...section} />}
        <ProblemList problems={here} settings={settings} />
        {failures}
        <Inline space="space.100">
          <LoadingButton appearance="primary" type="submit" isLoading={action.busy !== null}>
            {t.next}
          </LoadingButton>
          {buttons}
        </Inline>
      </Stack>
    </Form>
  );
}
