-- How far each installation's turns in the queue reach, by the priority of its jobs: see jobs/turns.ts.

create table tandem.turns (
  installation_id text not null,
  priority smallint not null,
  -- The turn that the next job gets, unless the present moment is further on.
  next_at timestamptz not null,
  primary key (installation_id, priority)
);
