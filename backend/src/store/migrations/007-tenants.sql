-- Row-level security: the role tandem_app, which the stores work as (tenancy.ts), sees the rows of the installation that its
-- connection names and, without one, none. '*' is for what goes over all installations. The owner of the tables, who migrates
-- them and runs the queue, is not bound by it; nor are pending_items, taken_items, schedules and metrics, which hold ids and
-- counts and belong to the queue.

do $$
declare
  name text;
begin
  foreach name in array array[
    'installations', 'data_keys', 'connections', 'profiles', 'profile_history', 'profile_drafts', 'hook_registrations', 'people',
    'catalogs', 'learned_transitions', 'watermarks', 'highest_known', 'budget_takes', 'deliveries',
    'pairs', 'claims', 'children', 'item_errors', 'initial_syncs', 'waiters', 'decisions'
  ] loop
    execute format('alter table tandem.%I enable row level security', name);
    execute format(
      $policy$create policy tenant on tandem.%I using (
        installation_id = current_setting('tandem.installation', true)
        or current_setting('tandem.installation', true) = '*')$policy$,
      name);
  end loop;
end $$;
