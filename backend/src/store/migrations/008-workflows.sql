-- What was learned of a workflow holds for its project and type, whichever profile met it: profiles of one installation that
-- share a project share it. Taken over from what each profile had learned; where two disagree, the one that was saved last
-- stands, and the next look at the item's own transitions corrects it.

create table tandem.workflows (
  installation_id text not null,
  connection_id text not null,
  -- Jira's key, Azure DevOps' name.
  project text not null,
  item_type text not null,
  from_status text not null,
  to_statuses text[] not null,
  primary key (installation_id, connection_id, project, item_type, from_status),
  foreign key (installation_id, connection_id) references tandem.connections on delete cascade
);
alter table tandem.workflows enable row level security;
create policy tenant on tandem.workflows using (
  installation_id = current_setting('tandem.installation', true)
  or current_setting('tandem.installation', true) = '*');

-- Jira's are learned, as its items tell only the next step; a type that the profile maps from Jira is Jira's.
insert into tandem.workflows
select distinct on (learned.installation_id, place.connection_id, place.project, item_type, from_status)
  learned.installation_id, place.connection_id, place.project, item_type, from_status, to_statuses
from tandem.learned_transitions learned
join tandem.profiles profile using (installation_id, profile_id)
cross join lateral (
  select jira_connection_id as connection_id, jira_project as project
  where profile.settings -> 'types' @> jsonb_build_array(jsonb_build_object('jira', item_type))
  union all
  select azure_connection_id, azure_project
  where not profile.settings -> 'types' @> jsonb_build_array(jsonb_build_object('jira', item_type))
) place
order by learned.installation_id, place.connection_id, place.project, item_type, from_status, profile.updated_at desc;

drop table tandem.learned_transitions;
