-- What a run was asked for, and how fast it goes; it may be paused, and page through the pairs as well.

alter table tandem.initial_syncs
  drop constraint initial_syncs_status_check,
  drop constraint initial_syncs_phase_check,
  add constraint initial_syncs_status_check check (status in ('running', 'paused', 'done', 'stopped', 'failed')),
  add constraint initial_syncs_phase_check check (phase in ('linking', 'pairs', 'jira', 'azure', 'draining')),
  add column mode text not null default 'unpaired' check (mode in ('unpaired', 're-sync')),
  -- The fields of both sides by which items that exist are paired.
  add column link_jira text,
  add column link_azure text,
  -- Days in the profile's zone.
  add column range_from text,
  add column range_to text,
  add column linked int not null default 0,
  add column ambiguous int not null default 0,
  -- A run before went through every item.
  add column took_all_before boolean not null default false,
  -- How many items had ended, by time.
  add column samples jsonb not null default '[]',
  add constraint initial_syncs_link_check check ((link_jira is null) = (link_azure is null));
